/** What one dbk tells another of a merge that it makes for it, as JSON Lines; what is read is checked, whoever wrote it. */

import type { Change, ChangeKind, MoveEvidence, Summary } from '../model/change.ts';
import { isCommitId, isContentId, type CommitId, type ContentId } from '../model/id.ts';
import { isInstant } from '../model/instant.ts';
import type { Entry } from '../model/manifest.ts';
import { parsePath, type RepositoryPath } from '../model/path.ts';
import { Refusal, type Problem, type RefusalKind, type Severity } from '../model/problem.ts';
import type { Needs } from '../sync/plan.ts';
import { parseConflict, writeConflict, type Conflict } from '../text/conflict.ts';
import { TextError } from '../text/problems.ts';
import {
  countOf,
  countsOf,
  listOf,
  mapOf,
  oneOf,
  optional,
  parsed,
  textOf,
  wrong,
  type Json,
} from './json-checks.ts';
import type { ToldMerge } from './told-merge.ts';

/** One line. */
export type ToldLine =
  | { readonly type: 'change'; readonly change: Change }
  | { readonly type: 'merged'; readonly merged: ToldMerge }
  /** Nothing was done, or not all. */
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'interrupted' };

const KINDS: Readonly<Record<ChangeKind, true>> = {
  added: true,
  changed: true,
  removed: true,
  missing: true,
  older: true,
  moved: true,
  copied: true,
  retyped: true,
  mode: true,
  metadata: true,
  suspect: true,
  unreadable: true,
  unstable: true,
};
const EVIDENCE: Readonly<Record<MoveEvidence, true>> = {
  content: true,
  inode: true,
  media: true,
  name: true,
  hand: true,
};
const WHAT = { file: true, link: true, directory: true, text: true } as const;
const ABOUT = { file: true, directory: true } as const;
const ENTRIES = { file: true, link: true } as const;
const HOW = { same: true, forward: true, merged: true } as const;
const SEVERITIES: Readonly<Record<Severity, true>> = { error: true, warning: true, note: true };
const REFUSALS: Readonly<Record<RefusalKind, true>> = {
  usage: true,
  damage: true,
  safety: true,
  'no-repository': true,
  locked: true,
  remote: true,
  failed: true,
};
const SUMMARY: Readonly<Record<keyof Omit<Summary, 'more'>, true>> = {
  added: true,
  changed: true,
  moved: true,
  removed: true,
  metadata: true,
};
const NEEDS: Readonly<Record<keyof Needs, true>> = {
  bytes: true,
  written: true,
  kept: true,
  keptBytes: true,
  moved: true,
  removed: true,
  folders: true,
  links: true,
  set: true,
};
/** A text of the index is told by where it stands. */
const INDEX = '.dbk/index/';

/** A line with its line end. */
export function lineOfTold(line: ToldLine): string {
  return `${JSON.stringify(jsonOfTold(line))}\n`;
}

function jsonOfTold(line: ToldLine): Json {
  switch (line.type) {
    case 'change':
      return { type: 'change', ...jsonOfChange(line.change) };
    case 'merged':
      return { type: 'merged', ...line.merged, conflicts: line.merged.conflicts.map(writeConflict) };
    case 'refused': {
      const { kind, problem } = line.refusal;
      return { type: 'refused', kind, problem };
    }
    case 'interrupted':
      return line;
  }
}

/** What is shown of it: no hashes that nobody asks for, and no texts. */
function jsonOfChange({ sidecar: _, metadata: __, before, after, ...change }: Change): Json {
  return { ...change, before: before && jsonOfEntry(before), after: after && jsonOfEntry(after) };
}

function jsonOfEntry(entry: Entry): Json {
  if (entry.kind === 'link') return { kind: 'link', target: entry.target };
  const { kind, size, mtime, mode, blake3 } = entry;
  return { kind, size, mtime, mode, blake3 };
}

/** Refuses ('remote') what is no line. */
export function readToldLine(text: string): ToldLine {
  const line = mapOf(parsed(text));
  switch (line['type']) {
    case 'change':
      return { type: 'change', change: readChange(line) };
    case 'merged':
      return { type: 'merged', merged: readMerged(line) };
    case 'refused': {
      const problem = readProblem(line['problem']);
      return { type: 'refused', refusal: new Refusal(oneOf(REFUSALS, line['kind']), problem) };
    }
    case 'interrupted':
      return { type: 'interrupted' };
    default:
      throw wrong();
  }
}

function readMerged(line: Json): ToldMerge {
  const own = mapOf(line['own']);
  return {
    own: {
      commit: optional(own['commit'], commitIdOf),
      summary: countsOf(SUMMARY, own['summary']),
      unconfirmed: countOf(own['unconfirmed']),
    },
    taken: countOf(line['taken']),
    how: oneOf(HOW, line['how']),
    head: optional(line['head'], commitIdOf),
    conflicts: listOf(line['conflicts'], readConflict),
    needs: optional(line['needs'], (needs) => countsOf(NEEDS, needs)),
    planned: countOf(line['planned']),
    done: optional(line['done'], countOf),
    kept: countOf(line['kept']),
    absent: countOf(line['absent']),
    older: countOf(line['older']),
    operation: optional(line['operation'], textOf),
    problems: listOf(line['problems'], readProblem),
  };
}

function readConflict(value: unknown): Conflict {
  try {
    const conflict = parseConflict(textOf(value));
    // What it is about is its first path, or the text that its field names.
    if (conflict.paths.length > 0 || conflict.field.includes(': ')) return conflict;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
  }
  throw wrong();
}

function readProblem(value: unknown): Problem {
  const { code, severity, place, reason, hint } = mapOf(value);
  return {
    code: textOf(code),
    severity: oneOf(SEVERITIES, severity),
    reason: textOf(reason),
    ...(hint !== undefined && { hint: textOf(hint) }),
    ...(place !== undefined && { place: readPlace(mapOf(place)) }),
  };
}

function readPlace({ path, line }: Json): NonNullable<Problem['place']> {
  return { path: textOf(path), ...(line !== undefined && { line: countOf(line) }) };
}

function readChange(line: Json): Change {
  const { kind, what, path, before, after, from, by, within, files, bytes, about, text } = line;
  return {
    kind: oneOf(KINDS, kind),
    what: oneOf(WHAT, what),
    path: pathOf(path),
    ...(before !== undefined && { before: readEntry(mapOf(before)) }),
    ...(after !== undefined && { after: readEntry(mapOf(after)) }),
    ...(from !== undefined && { from: pathOf(from) }),
    ...(by !== undefined && { by: oneOf(EVIDENCE, by) }),
    ...(within !== undefined && { within: pathOf(within) }),
    ...(files !== undefined && { files: countOf(files) }),
    ...(bytes !== undefined && { bytes: countOf(bytes) }),
    ...(about !== undefined && { about: oneOf(ABOUT, about) }),
    ...(text !== undefined && { text: textOf(text) }),
  };
}

function readEntry({ kind, size, mtime, mode, blake3, target }: Json): Entry {
  if (oneOf(ENTRIES, kind) === 'link') return { kind: 'link', target: textOf(target) };
  const time = textOf(mtime);
  if (!isInstant(time)) throw wrong();
  return {
    kind: 'file',
    size: countOf(size),
    mtime: time,
    mode: countOf(mode),
    ...(blake3 !== undefined && { blake3: contentIdOf(blake3) }),
  };
}

function pathOf(value: unknown): RepositoryPath {
  const text = textOf(value);
  const path = text.startsWith(INDEX) ? (text as RepositoryPath) : parsePath(text);
  if (path === undefined) throw wrong();
  return path;
}

function commitIdOf(value: unknown): CommitId {
  const text = textOf(value);
  if (!isCommitId(text)) throw wrong();
  return text;
}

function contentIdOf(value: unknown): ContentId {
  const text = textOf(value);
  if (!isContentId(text)) throw wrong();
  return text;
}
