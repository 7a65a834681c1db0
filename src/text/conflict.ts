/** An open conflict of the tree, as a text (README.md, section 11). */

import type { CommitId, ContentId, Digest } from '../model/id.ts';
import { ROOT, type RepositoryPath } from '../model/path.ts';
import type { Value } from '../model/value.ts';
import { escapePath, escapeText, unescapeText } from './names.ts';
import { wrongValue } from './problems.ts';
import { commitId, contentId, listOf, oneOf, parsePeoplesText, path, text } from './reader.ts';
import type { Check, Fields, More } from './reader.ts';
import type { Reader } from './yaml-read.ts';
import { byBytes, writeText } from './yaml-write.ts';

export type ConflictKind = 'content' | 'rename' | 'delete' | 'metadata' | 'entity' | 'directory';

export interface Conflict extends More {
  readonly kind: ConflictKind;
  readonly paths: readonly RepositoryPath[];
  readonly ids: readonly ContentId[];
  /** Of a metadata conflict; otherwise ''. */
  readonly field: string;
  /** The parents it arose between. */
  readonly commits: readonly CommitId[];
  /** The text that gave way, if one did. */
  readonly kept?: string;
}

const KINDS: readonly ConflictKind[] = ['content', 'rename', 'delete', 'metadata', 'entity', 'directory'];
const ID_LENGTH = 16;
/** The repository's own folder. */
const ITSELF = '.';

const pathOrItself: Check<RepositoryPath> = (value, at) => (value === ITSELF ? ROOT : path(value, at));

export function writeConflict(conflict: Conflict): string {
  const entries: [string, Value][] = [...identity(conflict), ['commits', conflict.commits]];
  if (conflict.kept !== undefined) entries.push(['kept', byLines(conflict.kept, escapeText)]);
  return writeText('conflict', [...entries, ...byBytes(conflict.more)]);
}

/** The conflict that a text says; throws a TextError. For `people` see reader.ts, `parsePeoplesText`. */
export function parseConflict(text: string, people?: Reader): Conflict {
  return parsePeoplesText(text, 'conflict', readConflict, people);
}

/** What its text is called, less `.yaml`: it follows from the lines before `commits:`, so that equal conflicts meet. */
export function conflictId(conflict: Conflict, digest: Digest): string {
  return digest(writeText('conflict', identity(conflict))).slice(0, ID_LENGTH);
}

function identity(conflict: Conflict): [string, Value][] {
  return [
    ['kind', conflict.kind],
    ['paths', conflict.paths.map((each) => (each === ROOT ? ITSELF : escapePath(each)))],
    ['ids', conflict.ids],
    ['field', conflict.field],
  ];
}

function readConflict(fields: Fields): Conflict {
  return {
    kind: fields.required('kind', oneOf(...KINDS)),
    paths: fields.required('paths', listOf(pathOrItself)),
    ids: fields.required('ids', listOf(contentId)),
    field: fields.otherwise('field', text, ''),
    commits: fields.required('commits', listOf(commitId)),
    ...fields.optional('kept', kept),
    ...fields.more(),
  };
}

/** A sidecar may hold what no text may; line by line it is escaped as names are, so that it comes back whole. */
function byLines(text: string, of: (line: string) => string): string {
  return text.split('\n').map(of).join('\n');
}

const kept: Check<string> = (value, at) =>
  byLines(text(value, at), (line) => {
    const bytes = line === '' ? '' : unescapeText(line);
    if (bytes === undefined) throw wrongValue(at.line, at.key, 'escaped as names are');
    return bytes;
  });
