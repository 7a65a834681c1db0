/**
 * How a text came to be what it is at a commit: which commits along first parents touched it, back to the one that
 * made it, and what it was called there. Two readings: the headers back, then the hunks forwards.
 */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { applyStanza, revertStanza } from '../text/patch-apply.ts';
import { readPatch, readStanzaHeaders } from '../text/patch-read.ts';
import type { Stanza, StanzaHeader } from '../text/patch-read.ts';
import type { Commits } from './commits.ts';
import { firstParents } from './history.ts';
import { commitUnreadable } from './problems.ts';

/** The oldest step first. A path that no step touches names no text. */
export type Trace = readonly Step[];

interface Step {
  readonly commit: CommitId;
  /** From what a text is called after this commit to the path that was asked for. */
  readonly touched: ReadonlyMap<string, string>;
}

/** So many patches may be open at once. */
const MANY = 16;

/** Follows texts back from a commit; undefined is the state before the first commit. */
export function traceTexts(commits: Commits, at: CommitId | undefined, paths: Iterable<string>): Trace {
  return traceThrough(commits, idsOf(firstParents(commits, at)), paths).trace;
}

function* idsOf(chain: Iterable<{ readonly id: CommitId }>): Generator<CommitId> {
  for (const { id } of chain) yield id;
}

/** The same through these commits, the newest first; `names` are from what texts were called before them to the paths. */
export function traceThrough(
  commits: Commits,
  chain: Iterable<CommitId>,
  paths: Iterable<string>,
): { readonly trace: Trace; readonly names: ReadonlyMap<string, string> } {
  const steps: Step[] = [];
  let names = new Map<string, string>();
  for (const path of paths) names.set(path, path);
  for (const id of chain) {
    if (names.size === 0) break;
    const touched = new Map<string, string>();
    names = namesBefore(headersOf(commits, id), names, touched);
    if (touched.size > 0) steps.push({ commit: id, touched });
  }
  return { trace: steps.reverse(), names };
}

/** What the texts were called before a commit; those that it made, or took away, are left out. */
function namesBefore(
  headers: Iterable<StanzaHeader>,
  names: Map<string, string>,
  touched: Map<string, string>,
): Map<string, string> {
  const earlier: [name: string, asked: string][] = [];
  for (const { kind, path, from } of headers) {
    const asked = names.get(path);
    if (asked !== undefined && kind !== 'deleted') touched.set(path, asked);
    if (asked !== undefined && kind === 'changed') earlier.push([path, asked]);
    if (asked !== undefined && from !== undefined) earlier.push([from, asked]);
    names.delete(path);
    if (from !== undefined) names.delete(from);
    if (names.size === 0) break;
  }
  for (const [name, asked] of earlier) names.set(name, asked);
  return names;
}

/** The texts of a trace, of the paths in `wanted` alone; each that is there has an entry. */
export function replay(commits: Commits, trace: Trace, wanted: ReadonlySet<string>): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { commit, touched } of trace) {
    for (const [asked, stanza] of stanzasOf(commits, commit, touched, wanted)) {
      const text = applyOf(commits, commit, stanza, stanza.kind === 'new' ? undefined : texts.get(asked));
      if (text !== undefined) texts.set(asked, text);
    }
  }
  return texts;
}

/**
 * The text of each of these paths, in their order; undefined where there is none. Where the paths are sorted and the
 * trace is short, memory is that of a few texts, else of `batch`.
 */
export function* replayEach(
  commits: Commits,
  trace: Trace,
  paths: readonly string[],
  batch: number,
): Generator<string | undefined> {
  if (isInOrder(trace) && isSorted(paths)) return yield* replayInOrder(commits, trace, paths);
  for (let i = 0; i < paths.length; i += batch) {
    const some = paths.slice(i, i + batch);
    const texts = replay(commits, trace, new Set(some));
    for (const path of some) yield texts.get(path);
  }
}

function isSorted(paths: readonly string[]): boolean {
  return paths.every((path, i) => i === 0 || compareBytes(paths[i - 1]!, path) < 0);
}

/** Whether `replayInOrder` can be asked: few steps, and no text had another name in one of them. */
function isInOrder(trace: Trace): boolean {
  const keepsNames = ({ touched }: Step): boolean => [...touched].every(([name, asked]) => name === asked);
  return trace.length <= MANY && trace.every(keepsNames);
}

/** The texts of a trace as a stream, for all its paths and others, sorted by bytes: memory is that of a few texts. */
function* replayInOrder(
  commits: Commits,
  trace: Trace,
  paths: Iterable<string>,
): Generator<string | undefined> {
  const streams = trace.map(({ commit, touched }) => ({
    commit,
    stanzas: stanzasOf(commits, commit, touched),
  }));
  try {
    const heads = streams.map(({ stanzas }) => stanzas.next());
    for (const path of paths) {
      let text: string | undefined;
      for (const [i, { commit, stanzas }] of streams.entries()) {
        const head = heads[i]!;
        if (head.done || head.value[0] !== path) continue;
        const [, stanza] = head.value;
        text = applyOf(commits, commit, stanza, stanza.kind === 'new' ? undefined : text);
        heads[i] = stanzas.next();
      }
      yield text;
    }
  } finally {
    for (const { stanzas } of streams) stanzas.return(undefined);
  }
}

/** The ids of the texts tell what is damaged, so the patches are not hashed as well. */
function* stanzasOf(
  commits: Commits,
  commit: CommitId,
  touched: ReadonlyMap<string, string>,
  wanted?: ReadonlySet<string>,
): Generator<[asked: string, stanza: Stanza]> {
  let rest = 0;
  for (const asked of touched.values()) if (wanted === undefined || wanted.has(asked)) rest++;
  if (rest === 0) return;
  for (const stanza of patchOf(commits, commit, false)) {
    const asked = touched.get(stanza.path);
    if (asked === undefined || (wanted !== undefined && !wanted.has(asked))) continue;
    yield [asked, stanza];
    if (--rest === 0) return;
  }
}

/** What a stanza of a commit's patch makes of a text; what does not fit is a refusal that names the commit. */
export function applyOf(
  commits: Commits,
  id: CommitId,
  stanza: Stanza,
  before: string | undefined,
): string | undefined {
  try {
    return applyStanza(stanza, before, digest);
  } catch (error) {
    throw patchUnreadable(commits, id, error);
  }
}

/** The text before a commit's stanza, from the one after it. */
export function revertOf(
  commits: Commits,
  id: CommitId,
  stanza: Stanza,
  after: string | undefined,
): string | undefined {
  try {
    return revertStanza(stanza, after, digest);
  } catch (error) {
    throw patchUnreadable(commits, id, error);
  }
}

/** The stanzas of a commit's patch; what is wrong with it is a refusal that names the commit. */
export function* patchOf(commits: Commits, id: CommitId, check = true): Generator<Stanza> {
  try {
    yield* readPatch(commits.patchChunks(id, check));
  } catch (error) {
    throw patchUnreadable(commits, id, error);
  }
}

/** The same of the headers alone. */
export function* headersOf(commits: Commits, id: CommitId): Generator<StanzaHeader> {
  try {
    yield* readStanzaHeaders(commits.patchChunks(id));
  } catch (error) {
    throw patchUnreadable(commits, id, error);
  }
}

function patchUnreadable(commits: Commits, id: CommitId, error: unknown): unknown {
  return commitUnreadable(id, join(commits.directoryOf(id), 'changes.patch'), error);
}
