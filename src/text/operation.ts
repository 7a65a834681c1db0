/** What one command did, for `undo` (README.md, section 14); the journal has the same steps. */

import type { CommitId, ContentId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import type { RepositoryPath } from '../model/path.ts';
import { line, type LineMap, type Value } from '../model/value.ts';
import { compactDate } from './commit.ts';
import { modeValue, mode } from './manifest-line.ts';
import { escapePath, escapeText } from './names.ts';
import { wrongValue } from './problems.ts';
import {
  commitIdOrNone,
  contentId,
  escapedText,
  fields,
  instant,
  listOf,
  number,
  oneOf,
  parseOwnText,
  path,
  someText,
  text,
  type Check,
  type Fields,
  type More,
} from './reader.ts';
import { byBytes, writeText } from './yaml-write.ts';

/** Permission bits and time of a file; of a folder, its bits alone. */
export interface Looks {
  readonly mode: number;
  readonly mtime?: Instant;
}

/** A file; only its content is always said. */
export interface Contents extends Partial<Looks> {
  readonly blake3: ContentId;
  readonly size?: number;
}

/** What stood at `from` before all moves stands at `to` after them; of a folder, all below goes along. */
export interface Moved {
  readonly kind: 'move';
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
  /** In a journal: those of one number go aside together before they come to their places. */
  readonly aside?: number;
}

/** One thing that was done to the person's files. */
export type Step = (
  | Moved
  /** The file that stood there was put into the guard. */
  | ({ readonly kind: 'keep'; readonly path: RepositoryPath } & Contents)
  /** `was` is absent where nothing stood there. */
  | ({ readonly kind: 'write'; readonly path: RepositoryPath; readonly was?: ContentId } & Contents)
  /** A symlink came, or went. */
  | { readonly kind: 'link'; readonly path: RepositoryPath; readonly target: string }
  | { readonly kind: 'unlink'; readonly path: RepositoryPath; readonly target: string }
  /** A folder came, or went when it was empty. */
  | { readonly kind: 'make'; readonly path: RepositoryPath; readonly mode: number }
  | { readonly kind: 'remove'; readonly path: RepositoryPath; readonly mode: number }
  /** What stays got other permission bits and another time. */
  | ({ readonly kind: 'set'; readonly path: RepositoryPath; readonly was: Looks } & Looks)
) &
  More;

/** A move that somebody made by other means, and said so. */
export interface Told extends More {
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
}

export interface Operation extends More {
  readonly command: string;
  /** UTC, whole seconds. */
  readonly date: Instant;
  /** Head before and after; '' for none. */
  readonly before: CommitId | '';
  readonly after: CommitId | '';
  readonly steps: readonly Step[];
  /** What somebody said had moved already: nothing was done for it. */
  readonly told?: readonly Told[];
  /** The operation it takes back, by the name of its file less `.yaml`; '' for none. */
  readonly undoes: string;
}

const STEPS = ['move', 'keep', 'write', 'link', 'unlink', 'make', 'remove', 'set'] as const;

export function writeOperation(operation: Operation): string {
  const entries: [string, Value][] = [
    ['command', operation.command],
    ['date', operation.date],
    ['before', operation.before],
    ['after', operation.after],
    ['steps', operation.steps.map(stepValue)],
    ...(operation.told === undefined ? [] : [['told', operation.told.map(toldValue)] as [string, Value]]),
    ['undoes', operation.undoes],
    ...byBytes(operation.more),
  ];
  return writeText('operation', entries);
}

/** The operation that a canonical text says; throws a TextError for any other text. */
export function parseOperation(text: string): Operation {
  return parseOwnText(text, 'operation', readOperation, writeOperation);
}

/** What the text of an operation is called, less `.yaml`; `id` is the BLAKE3 of its bytes. */
export function operationName(operation: Pick<Operation, 'date'>, id: ContentId): string {
  return `${compactDate(operation.date)}-${id.slice(0, 8)}`;
}

export function stepValue(step: Step): LineMap {
  return line([['do', step.kind], ...stepKeys(step), ...byBytes(step.more)]);
}

export const step = fields<Step>((of) => {
  const kind = of.required('do', oneOf(...STEPS));
  if (kind === 'move') {
    const [from, to] = [of.required('from', path), of.required('to', path)];
    return { kind, from, to, ...of.optional('aside', number), ...of.more() };
  }
  return { ...readAt(kind, of.required('path', path), of), ...of.more() };
});

const told = fields<Told>((of) => ({
  from: of.required('from', path),
  to: of.required('to', path),
  ...of.more(),
}));

function toldValue({ from, to, more }: Told): LineMap {
  return line([['from', escapePath(from)], ['to', escapePath(to)], ...byBytes(more)]);
}

const looks: Check<Looks> = fields((of) => readLooks(of));

/** A step at one path. */
function readAt(kind: Exclude<Step['kind'], 'move'>, path: RepositoryPath, of: Fields): Step {
  switch (kind) {
    case 'keep':
      return { kind, path, ...readContents(of) };
    case 'write':
      return { kind, path, ...readContents(of), ...of.optional('was', contentId) };
    case 'link':
    case 'unlink':
      return { kind, path, target: of.required('target', escapedText) };
    case 'make':
    case 'remove':
      return { kind, path, mode: of.required('mode', mode) };
    case 'set':
      return { kind, path, ...readLooks(of), was: of.required('was', looks) };
  }
}

function readContents(of: Fields): Contents {
  return {
    blake3: of.required('blake3', contentId),
    ...of.optional('size', number),
    ...of.optional('mtime', instant),
    ...of.optional('mode', mode),
  };
}

function readLooks(of: Fields): Looks {
  return { mode: of.required('mode', mode), ...of.optional('mtime', instant) };
}

function contentsKeys({ blake3, size, ...looks }: Contents): [string, Value][] {
  const known: [string, Value][] = size === undefined ? [] : [['size', size]];
  return [['blake3', blake3], ...known, ...looksKeys(looks)];
}

function looksKeys({ mode, mtime }: Partial<Looks>): [string, Value][] {
  const keys: [string, Value][] = mtime === undefined ? [] : [['mtime', mtime]];
  return mode === undefined ? keys : [...keys, ['mode', modeValue(mode)]];
}

function stepKeys(step: Step): [string, Value][] {
  if (step.kind === 'move') {
    return [
      ['from', escapePath(step.from)],
      ['to', escapePath(step.to)],
      ...(step.aside === undefined ? [] : [['aside', step.aside] as [string, Value]]),
    ];
  }
  return [['path', escapePath(step.path)], ...keysAt(step)];
}

function keysAt(step: Exclude<Step, { kind: 'move' }>): [string, Value][] {
  switch (step.kind) {
    case 'keep':
      return contentsKeys(step);
    case 'write':
      return [
        ...contentsKeys(step),
        ...(step.was === undefined ? [] : [['was', step.was] as [string, Value]]),
      ];
    case 'link':
    case 'unlink':
      return [['target', escapeText(step.target)]];
    case 'make':
    case 'remove':
      return looksKeys(step);
    case 'set':
      return [...looksKeys(step), ['was', line(looksKeys(step.was))]];
  }
}

function readOperation(fields: Fields): Operation {
  return {
    command: fields.required('command', someText),
    date: fields.required('date', wholeSeconds),
    before: fields.required('before', commitIdOrNone),
    after: fields.required('after', commitIdOrNone),
    steps: fields.required('steps', listOf(step)),
    ...fields.optional('told', listOf(told)),
    undoes: fields.required('undoes', text),
    ...fields.more(),
  };
}

const wholeSeconds: Check<Instant> = (value, at) => {
  const date = instant(value, at);
  if (date.length !== '2026-11-22T18:20:11Z'.length)
    throw wrongValue(at.line, at.key, 'a time in whole seconds');
  return date;
};
