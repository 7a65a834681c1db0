/** What one command did, for `undo` (README.md, section 14); the journal has the same steps. */

import type { CommitId, ContentId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import type { RepositoryPath } from '../model/path.ts';
import { line, type LineMap, type Value } from '../model/value.ts';
import { compactDate } from './commit.ts';
import { escapePath } from './names.ts';
import { wrongValue } from './problems.ts';
import {
  commitIdOrNone,
  contentId,
  fields,
  instant,
  listOf,
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

/** One thing that was done to the person's files. */
export type Step =
  | ({ readonly kind: 'move'; readonly from: RepositoryPath; readonly to: RepositoryPath } & More)
  /** What stood there was put into the guard. */
  | ({ readonly kind: 'keep'; readonly path: RepositoryPath; readonly blake3: ContentId } & More)
  /** `was` is absent where nothing stood there. */
  | ({
      readonly kind: 'write';
      readonly path: RepositoryPath;
      readonly blake3: ContentId;
      readonly was?: ContentId;
    } & More);

export interface Operation extends More {
  readonly command: string;
  /** UTC, whole seconds. */
  readonly date: Instant;
  /** Head before and after; '' for none. */
  readonly before: CommitId | '';
  readonly after: CommitId | '';
  readonly steps: readonly Step[];
  /** The operation it takes back, by the name of its file less `.yaml`; '' for none. */
  readonly undoes: string;
}

export function writeOperation(operation: Operation): string {
  const entries: [string, Value][] = [
    ['command', operation.command],
    ['date', operation.date],
    ['before', operation.before],
    ['after', operation.after],
    ['steps', operation.steps.map(stepValue)],
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
  const kind = of.required('do', oneOf('move', 'keep', 'write'));
  switch (kind) {
    case 'move':
      return { kind, from: of.required('from', path), to: of.required('to', path), ...of.more() };
    case 'keep':
      return {
        kind,
        path: of.required('path', path),
        blake3: of.required('blake3', contentId),
        ...of.more(),
      };
    case 'write':
      return {
        kind,
        path: of.required('path', path),
        blake3: of.required('blake3', contentId),
        ...of.optional('was', contentId),
        ...of.more(),
      };
  }
});

function stepKeys(step: Step): [string, Value][] {
  if (step.kind === 'move') {
    return [
      ['from', escapePath(step.from)],
      ['to', escapePath(step.to)],
    ];
  }
  const keys: [string, Value][] = [
    ['path', escapePath(step.path)],
    ['blake3', step.blake3],
  ];
  if (step.kind === 'write' && step.was !== undefined) keys.push(['was', step.was]);
  return keys;
}

function readOperation(fields: Fields): Operation {
  return {
    command: fields.required('command', someText),
    date: fields.required('date', wholeSeconds),
    before: fields.required('before', commitIdOrNone),
    after: fields.required('after', commitIdOrNone),
    steps: fields.required('steps', listOf(step)),
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
