/** How a commit comes to be: written aside, durable, then put into `commits/` whole (section 8 of ../text/README.md). */

import { dirname, join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { commitDirectory, writeCommit } from '../text/commit.ts';
import { discardTree, flushDirectory, makeDirectories, makeScratch, removeTree } from './directories.ts';
import { codeOf } from './errors.ts';
import { createFile, openWriter, readBytes, type FileWriter } from './files.ts';
import type { Hashers } from './hashers.ts';
import type { Layout } from './layout.ts';
import { commitDamaged } from './problems.ts';

export interface CommitWriter {
  /** Adds to the patch. */
  write(chunk: string): void;
  /** The length of the patch so far. */
  readonly bytes: number;
  /** Writes the rest and puts the commit in its place; durable when it returns. A commit that is there already is left. */
  finish(fields: Omit<Commit, 'changes'>): CommitId;
  /** Leaves nothing of it. */
  abandon(): void;
}

const CHUNK = 1 << 20;
const encoder = new TextEncoder();

export function beginCommit(
  disk: Disk,
  layout: Layout,
  hashers: Hashers,
  added: (directory: string) => void,
): CommitWriter {
  const scratch = makeScratch(disk, layout.scratch);
  const patch = openPatch(openWriter(disk, join(scratch, 'changes.patch')), hashers);
  const abandon = (): void => {
    patch.abandon();
    discardTree(disk, scratch);
  };
  return {
    write: patch.write,
    get bytes() {
      return patch.length();
    },
    finish: (fields) => {
      try {
        const commit = { ...fields, changes: patch.end() };
        const text = writeCommit(commit);
        const id = digest(text) as string as CommitId;
        createFile(disk, join(scratch, 'commit.yaml'), text, { durable: true });
        const directory = commitDirectory(commit, id);
        place(disk, scratch, join(layout.commits, directory), text, commit.changes);
        added(directory);
        return id;
      } catch (error) {
        abandon();
        throw error;
      }
    },
    abandon,
  };
}

interface PatchWriter {
  write(chunk: string): void;
  length(): number;
  end(): ContentId;
  abandon(): void;
}

/** Gathers chunks in one buffer; hashes and writes it when it is full. */
function openPatch(writer: FileWriter, hashers: Hashers): PatchWriter {
  const hasher = hashers.take();
  const buffer = new Uint8Array(CHUNK);
  let open = true;
  let length = 0;
  let used = 0;
  const flush = (): void => {
    const bytes = buffer.subarray(0, used);
    used = 0;
    hasher.update(bytes);
    writer.write(bytes);
  };
  const close = (): ContentId => {
    open = false;
    return hashers.giveBack(hasher);
  };
  return {
    write: (chunk) => {
      for (let rest = chunk; rest !== '';) {
        const { read, written } = encoder.encodeInto(rest, buffer.subarray(used));
        used += written;
        length += written;
        rest = rest.slice(read);
        if (rest !== '') flush();
      }
    },
    length: () => length,
    end: () => {
      flush();
      writer.close({ durable: true });
      return close();
    },
    abandon: () => {
      if (open) close();
      writer.abandon();
    },
  };
}

/** Gives a whole commit its place; one that is there already is left, if it is that one. */
export function place(disk: Disk, scratch: string, target: string, text: string, changes: ContentId): void {
  const year = dirname(target);
  makeDirectories(disk, year, { durable: true });
  try {
    disk.rename(scratch, target);
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
    refuseOther(disk, target, text, changes);
    removeTree(disk, scratch);
  }
  flushDirectory(disk, year);
  flushDirectory(disk, dirname(year));
}

/** What has the name of a commit must be that commit. */
function refuseOther(disk: Disk, directory: string, text: string, changes: ContentId): void {
  const id = digest(text);
  for (const [name, expected] of [
    ['commit.yaml', id],
    ['changes.patch', changes],
  ] as const) {
    const path = join(directory, name);
    const bytes = readBytes(disk, path, Number.MAX_SAFE_INTEGER);
    if (bytes === undefined || digest(bytes) !== expected) {
      throw commitDamaged(id as string as CommitId, path, `'${name}' is not ${expected}`);
    }
  }
}
