/** Part of the contract suite: files for a plugin's code, which note what it asks for. */

import { compareBytes } from '../model/name.ts';
import {
  LONGEST_READ,
  MOST_READ,
  type ByteSource,
  type EntityFiles,
  type FileView,
  type Versions,
} from './api.ts';
import { takes } from './file-patterns.ts';
import type { SuiteCase } from './suite-cases.ts';

/** What a plugin's code did with its files and should not have done. */
export interface Notes {
  faults: string[];
  read: number;
  /** What stands around the bytes in their buffer: another number in another run. */
  readonly around: number;
  /** Gives the path of a file of these bytes, with so many zeros behind them; throws where there cannot be one. */
  readonly place: (path: string, bytes: Uint8Array, behind: number) => string;
}

export function fileOf(given: SuiteCase, notes: Notes): FileView {
  const [path, bytes] = [...given.files][0]!;
  const most = given.of === 'mediaIds' ? Infinity : MOST_READ;
  return {
    path,
    bytes: sourceOf(bytes, given.behind ?? 0, notes, most),
    localPath: async () => placed(path, bytes, given.behind ?? 0, notes),
  };
}

function placed(path: string, bytes: Uint8Array, behind: number, { place }: Notes): string {
  try {
    return place(path, bytes, behind);
  } catch {
    throw new Refused('there is no local path here');
  }
}

export function entityOfCase(given: SuiteCase, patterns: readonly string[], notes: Notes): EntityFiles {
  const [first] = given.files.keys();
  const behind = (path: string): number => (path === first ? (given.behind ?? 0) : 0);
  const sizes = [...given.files].map(([path, bytes]) => [path, bytes.length + behind(path)] as const);
  return {
    files: new Map(sizes.sort(([a], [b]) => compareBytes(a, b))),
    open: (path) => {
      const bytes = given.files.get(path);
      if (bytes === undefined || !takes(patterns, path)) return undefined;
      return sourceOf(bytes, behind(path), notes, MOST_READ);
    },
  };
}

export function versionsOf({ files, behind = 0 }: SuiteCase, notes: Notes): Versions {
  const of = (name: string): ByteSource =>
    sourceOf(files.get(name)!, name === 'ours' ? behind : 0, notes, MOST_READ);
  return { ours: of('ours'), theirs: of('theirs'), ...(files.has('base') && { base: of('base') }) };
}

/** What the files refuse: a plugin lets it pass, and the suite does not blame it twice. */
export class Refused extends Error {}

function sourceOf(bytes: Uint8Array, behind: number, notes: Notes, most: number): ByteSource {
  const size = bytes.length + behind;
  return {
    size,
    read: async (offset, length) => {
      const wrong = wrongRead(offset, length);
      const end = Math.min(offset + length, size);
      notes.read += Math.max(0, end - offset);
      const fault = wrong ?? (notes.read > most ? `reads more than ${most} bytes` : undefined);
      if (fault === undefined) return view(bytes, offset, end, notes.around);
      if (!notes.faults.includes(fault)) notes.faults.push(fault);
      throw new Refused(fault);
    },
  };
}

function wrongRead(offset: number, length: number): string | undefined {
  const isCount = (number: unknown): boolean => Number.isSafeInteger(number) && (number as number) >= 0;
  if (!isCount(offset)) return `reads at ${offset}`;
  if (!isCount(length)) return `reads ${length} bytes`;
  return length > LONGEST_READ ? `reads ${length} bytes at once, more than ${LONGEST_READ}` : undefined;
}

/** Not at the beginning of its buffer: who forgets `byteOffset` reads rubbish, and other rubbish the second time. */
function view(bytes: Uint8Array, offset: number, end: number, around: number): Uint8Array {
  const length = Math.max(0, end - offset);
  const larger = new Uint8Array(length + 16).fill(around);
  const view = larger.subarray(7, 7 + length).fill(0);
  view.set(bytes.subarray(offset, Math.min(end, bytes.length)));
  return view;
}
