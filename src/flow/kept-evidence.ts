/**
 * Remembers by which inodes things were known that are gone or replaced and still recorded.
 *
 * The stat cache holds what stands at a path now: a `status` between a move and its commit would else forget the
 * one thing that tells a file that was moved and edited from another file.
 */

import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { Refusal } from '../model/problem.ts';
import { readText, removeFile, replaceFile } from '../store/files.ts';
import type { Repository } from './repository.ts';

/** From paths, of folders with a `/` at the end, to `INODE:BIRTH`. */
export type KeptEvidence = ReadonlyMap<string, string>;

const LONGEST = 1 << 28;
const NOTHING: KeptEvidence = new Map();

/** Empty where nothing was kept for this head, or it cannot be read: then contents alone tell moves. */
export function readKeptEvidence({ context, layout }: Repository, head: CommitId | undefined): KeptEvidence {
  try {
    const text = readText(context.disk, layout.moving, LONGEST);
    const [first, ...lines] = text?.split('\n') ?? [];
    if (first !== headLine(head)) return NOTHING;
    return new Map(lines.filter((line) => line !== '').map(pairOf));
  } catch (error) {
    const isExpected = error instanceof SyntaxError || error instanceof Refusal;
    if (!isExpected && (error as NodeJS.ErrnoException).code === undefined) throw error;
    return NOTHING;
  }
}

function pairOf(line: string): [string, string] {
  const pair: unknown = JSON.parse(line);
  if (Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string')
    return [pair[0], pair[1]];
  throw new SyntaxError('no pair of texts');
}

/** Best effort, as for every cache. */
export function keepEvidence(
  { context, layout }: Repository,
  head: CommitId | undefined,
  evidence: KeptEvidence,
): void {
  const { disk } = context;
  try {
    if (evidence.size === 0) {
      if (disk.lstat(layout.moving) !== undefined) removeFile(disk, layout.moving);
      return;
    }
    const lines = [...evidence].sort(([a], [b]) => compareBytes(a, b)).map((pair) => JSON.stringify(pair));
    const text = `${[headLine(head), ...lines].join('\n')}\n`;
    if (readText(disk, layout.moving, LONGEST) !== text) replaceFile(disk, layout.moving, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

function headLine(head: CommitId | undefined): string {
  return `dbk: moving 1 ${head ?? ''}`;
}
