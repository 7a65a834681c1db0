/**
 * Takes commits from another repository, each checked before it stands in `commits/`: section 8 of
 * ../text/README.md, "A commit from elsewhere".
 */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { Interrupted } from '../model/problem.ts';
import type { Progress } from '../model/progress.ts';
import { compareBytes } from '../model/name.ts';
import { parseCommit } from '../text/commit.ts';
import type { Commits } from './commits.ts';
import { discardTree, makeScratch } from './directories.ts';
import { createFile, decode, openWriter } from './files.ts';
import { hashers } from './hashers.ts';
import { digestOf } from './index-digest.ts';
import { readChunks } from './patch-chunks.ts';
import * as say from './incoming-problems.ts';
import { recordedIds, textsAt } from './texts.ts';
import { applyOf, patchOf } from './trace.ts';

/** Where commits come from. */
export interface CommitSource {
  readonly place: string;
  readCommit(id: CommitId, limit: number): Promise<Uint8Array | undefined>;
  readPatch(id: CommitId): AsyncIterable<Uint8Array>;
}

export interface Taking {
  readonly interrupted: () => boolean;
  readonly progress: Progress;
}

/** A commit that moves a million files one by one says so in about 200 MB. */
const LONGEST_COMMIT = 1 << 30;
/** What `git apply` takes, and dbk writes, stays below. */
const LONGEST_PATCH = 1 << 30;
/** Nobody merges more at once. */
const MOST_PARENTS = 64;
/** Texts of so many stanzas are asked for together. */
const BATCH = 1024;

/**
 * Takes a commit and all that it came from and is missing here, parents first; each is durable before the next one.
 *
 * Refuses ('damage') what is not what it says it is: nothing of such a commit stays, what was taken before it does.
 */
export async function takeCommits(
  commits: Commits,
  source: CommitSource,
  head: CommitId,
  { interrupted, progress }: Taking,
): Promise<{ readonly taken: readonly CommitId[] }> {
  const missing = await missingFrom(commits, source, head);
  const taken: CommitId[] = [];
  const state = new KnownState(commits);
  for (const id of missing) {
    if (interrupted()) throw new Interrupted();
    progress.tell({
      phase: 'Fetching',
      path: '',
      files: taken.length,
      bytes: 0,
      totalFiles: missing.length,
    });
    await takeCommit(commits, source, id, state);
    taken.push(id);
  }
  return { taken };
}

/** Every commit that is not here, a parent before what follows it. */
async function missingFrom(commits: Commits, source: CommitSource, head: CommitId): Promise<CommitId[]> {
  const parentsOf = new Map<CommitId, readonly CommitId[]>();
  const waiting: CommitId[] = [head];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (parentsOf.has(id) || commits.has(id)) continue;
    const { parents } = await readFrom(source, id);
    parentsOf.set(id, parents);
    waiting.push(...parents);
  }
  return inOrder(parentsOf, head);
}

/** No id can be among those it came from, since it is made of theirs: so this ends. */
function inOrder(parentsOf: ReadonlyMap<CommitId, readonly CommitId[]>, head: CommitId): CommitId[] {
  const ordered = new Set<CommitId>();
  const waiting: CommitId[] = [head];
  while (waiting.length > 0) {
    const id = waiting.at(-1)!;
    const before = (parentsOf.get(id) ?? []).filter((each) => parentsOf.has(each) && !ordered.has(each));
    if (before.length > 0) waiting.push(...before);
    else {
      waiting.pop();
      if (parentsOf.has(id)) ordered.add(id);
    }
  }
  return [...ordered];
}

async function readFrom(source: CommitSource, id: CommitId): Promise<Commit & { readonly text: string }> {
  const bytes = await source.readCommit(id, LONGEST_COMMIT);
  if (bytes === undefined) throw say.notThere(id, source.place);
  if ((digest(bytes) as string) !== id) throw say.foreignDamaged(id, source.place, `it is ${digest(bytes)}`);
  try {
    const text = decode(bytes, 'commit.yaml');
    const commit = parseCommit(text);
    if (commit.parents.length > MOST_PARENTS)
      throw say.foreignDamaged(id, source.place, `it has ${commit.parents.length} parents`);
    return { ...commit, text };
  } catch (error) {
    throw say.foreignUnreadable(id, source.place, error);
  }
}

async function takeCommit(
  commits: Commits,
  source: CommitSource,
  id: CommitId,
  state: KnownState,
): Promise<void> {
  const { disk, layout } = commits;
  const { text, ...commit } = await readFrom(source, id);
  const scratch = makeScratch(disk, layout.scratch);
  try {
    const patch = join(scratch, 'changes.patch');
    await copyPatch(commits, source, id, commit, patch);
    const candidate: Commits = {
      ...commits,
      readCommit: (each) => (each === id ? commit : commits.readCommit(each)),
      patchChunks: (each, check) =>
        each === id ? readChunks(disk, patch, idle, undefined) : commits.patchChunks(each, check),
    };
    const after = check(candidate, id, commit, state.idsAt(commit.parents[0]));
    const found = indexOf(after);
    if (found !== commit.index)
      throw say.foreignDamaged(id, source.place, `its texts are ${found}, not ${commit.index}`);
    createFile(disk, join(scratch, 'commit.yaml'), text, { durable: true });
    commits.placeCommit(scratch, text, commit);
    state.learn(id, after);
  } catch (error) {
    discardTree(disk, scratch);
    throw error;
  }
}

const idle = hashers();

async function copyPatch(
  { disk }: Commits,
  source: CommitSource,
  id: CommitId,
  commit: Commit,
  path: string,
): Promise<void> {
  const writer = openWriter(disk, path);
  const hasher = idle.take();
  let length = 0;
  let found: ContentId | undefined;
  try {
    for await (const chunk of source.readPatch(id)) {
      length += chunk.length;
      if (length > LONGEST_PATCH)
        throw say.foreignDamaged(id, source.place, 'its patch is longer than 1 GiB');
      hasher.update(chunk);
      writer.write(chunk);
    }
    writer.close({ durable: true });
  } catch (error) {
    writer.abandon();
    throw error;
  } finally {
    found = idle.giveBack(hasher);
  }
  if (found !== commit.changes)
    throw say.foreignDamaged(id, source.place, `its patch is ${found}, not ${commit.changes}`);
}

type Ids = ReadonlyMap<string, ContentId>;

/** Applies every stanza to the text it begins with; gives the ids of all texts afterwards. */
function check(candidate: Commits, id: CommitId, commit: Commit, before: Ids): Ids {
  const after = new Map(before);
  const [parent] = commit.parents;
  let batch: Parameters<typeof applyOf>[2][] = [];
  const settle = (): void => {
    const needed = batch.filter(({ kind }) => kind !== 'new').map(({ path, from = path }) => from);
    const texts =
      needed.length === 0 ? new Map<string, string>() : textsAt(candidate, parent, new Set(needed));
    for (const stanza of batch) {
      const { kind, path, from = path, oldId } = stanza;
      const known = before.get(kind === 'new' ? path : from);
      const fits = kind === 'new' ? known === undefined : known !== undefined && (oldId ?? known) === known;
      if (!fits || (kind === 'renamed' && before.has(path))) throw say.foreignContradicts(id, path);
      const text = applyOf(candidate, id, stanza, kind === 'new' ? undefined : texts.get(from));
      if (from !== path || kind === 'deleted') after.delete(from);
      if (text !== undefined && kind !== 'deleted') after.set(path, digest(text));
    }
    batch = [];
  };
  for (const stanza of patchOf(candidate, id, false)) {
    batch.push(stanza);
    if (batch.length === BATCH) settle();
  }
  settle();
  return after;
}

/** The ids of the texts of the commit that was looked at last: what follows begins with them. */
class KnownState {
  private readonly commits: Commits;
  private last: { readonly id: CommitId; readonly ids: Ids } | undefined;

  constructor(commits: Commits) {
    this.commits = commits;
  }

  idsAt(id: CommitId | undefined): Ids {
    if (id === undefined) return new Map();
    return this.last?.id === id ? this.last.ids : recordedIds(this.commits, id);
  }

  learn(id: CommitId, ids: Ids): void {
    this.last = { id, ids };
  }
}

function indexOf(ids: Ids): ContentId {
  const sorted = [...ids].sort(([a], [b]) => compareBytes(a, b));
  return digestOf(sorted.map(([path, id]) => ({ path, id })));
}
