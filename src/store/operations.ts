/** What commands did, one text each in `operations/`. */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import { instantOf, type Instant } from '../model/instant.ts';
import type { Problem } from '../model/problem.ts';
import { operationName, parseOperation, writeOperation, type Operation } from '../text/operation.ts';
import { makeDirectories, namesIn } from './directories.ts';
import { readText, replaceFile } from './files.ts';
import type { Layout } from './layout.ts';
import { operationUnreadable } from './problems.ts';

export interface RecordedOperation {
  /** What its file is called, less `.yaml`: how `undoes` names it. */
  readonly name: string;
  readonly operation: Operation;
}

const FILE = /^([0-9]{8}T[0-9]{6}Z)-[0-9a-f]{8}\.yaml$/;
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/;
const LONGEST_OPERATION = 1 << 30;

/** Records what a command did, and gives the name of the record; durable when it returns. */
export function appendOperation(disk: Disk, layout: Layout, operation: Operation): string {
  const text = writeOperation(operation);
  const name = operationName(operation, digest(text));
  makeDirectories(disk, layout.operations, { durable: true });
  replaceFile(disk, join(layout.operations, `${name}.yaml`), text, { durable: true });
  return name;
}

/**
 * When an operation is that is recorded now (milliseconds since 1970), in whole seconds: later than all others, so
 * that they have an order also within a second and where a clock was set back.
 */
export function dateOfNext(disk: Disk, layout: Layout, now: number): Instant {
  let seconds = BigInt(Math.floor(now / 1000));
  for (const name of namesIn(disk, layout.operations)) {
    const [, year, month, day, hour, minute, second] = DATE.exec(name) ?? [];
    if (second === undefined || !FILE.test(name)) continue;
    const taken = BigInt(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)) / 1000n;
    if (taken >= seconds) seconds = taken + 1n;
  }
  return instantOf(seconds * 1_000_000_000n);
}

/** The newest first, read as they are asked for; what cannot be read is left out and told. */
export function* operations(
  disk: Disk,
  layout: Layout,
  tell: (problem: Problem) => void,
): Generator<RecordedOperation> {
  const seconds = new Map<string, string[]>();
  for (const name of namesIn(disk, layout.operations).sort().reverse()) {
    const second = FILE.exec(name)?.[1];
    if (second !== undefined) seconds.set(second, [...(seconds.get(second) ?? []), name]);
  }
  for (const names of seconds.values()) {
    const read = names.map((name) => readOperation(disk, join(layout.operations, name), name, tell));
    yield* newestFirst(read.filter((one) => one !== undefined));
  }
}

function readOperation(
  disk: Disk,
  path: string,
  name: string,
  tell: (problem: Problem) => void,
): RecordedOperation | undefined {
  const text = readText(disk, path, LONGEST_OPERATION);
  try {
    return text === undefined
      ? undefined
      : { name: name.replace(/\.yaml$/, ''), operation: parseOperation(text) };
  } catch (error) {
    tell(operationUnreadable(path, error));
    return undefined;
  }
}

/** Of the same second: an operation comes before the one whose result it began with. */
function* newestFirst(operations: readonly RecordedOperation[]): Generator<RecordedOperation> {
  let rest = operations;
  while (rest.length > 0) {
    const isLast = ({ operation }: RecordedOperation): boolean =>
      !rest.some((other) => other.operation !== operation && other.operation.before === operation.after);
    const newest = rest.find(isLast) ?? rest[0]!;
    yield newest;
    rest = rest.filter((one) => one !== newest);
  }
}
