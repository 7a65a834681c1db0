/** Files anywhere on this machine, found by what is in them: their names and places say nothing. */

import { join } from 'node:path/posix';
import type { ContentId } from '../model/id.ts';
import { wordsOfCode } from '../disk/error-words.ts';
import { OWN_FOLDER } from '../model/path.ts';
import { Interrupted, type Problem } from '../model/problem.ts';
import { codeOf } from '../store/errors.ts';
import { namesIn } from '../store/directories.ts';
import { contentOf } from '../sync/stand.ts';
import type { Context } from './context.ts';

/** Reads a file only when something of its size is asked for, and each once. */
export class FolderContents {
  readonly problems: Problem[] = [];
  private readonly context: Context;
  /** Those that nobody has read yet. */
  private readonly unread = new Map<number, string[]>();
  private readonly found = new Map<ContentId, string[]>();
  private files = 0;
  private bytes = 0;

  /** Links are not followed, and what is in a `.dbk` is nobody's file. */
  constructor(context: Context, folders: readonly string[]) {
    this.context = context;
    for (const folder of folders) this.walk(folder);
  }

  /** Where a content is; every file of its size has been read then. */
  placesOf(blake3: ContentId, size: number): readonly string[] {
    const unread = this.unread.get(size);
    this.unread.delete(size);
    for (const path of unread ?? []) this.read(path, size);
    return this.found.get(blake3) ?? [];
  }

  private walk(folder: string): void {
    const waiting = [folder];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (this.context.interrupted()) throw new Interrupted();
      for (const name of this.namesIn(at)) {
        const path = join(at, name);
        const stats = this.readable(path, () => this.context.disk.lstat(path));
        if (stats?.isDirectory() === true && name !== OWN_FOLDER) waiting.push(path);
        if (stats?.isFile() === true) this.note(path, stats.size);
      }
    }
  }

  private note(path: string, size: number): void {
    const same = this.unread.get(size);
    if (same === undefined) this.unread.set(size, [path]);
    else same.push(path);
  }

  private read(path: string, size: number): void {
    const { interrupted, progress, disk } = this.context;
    if (interrupted()) throw new Interrupted();
    progress.tell({ phase: 'Checking', path, files: this.files++, bytes: this.bytes });
    this.bytes += size;
    const blake3 = this.readable(path, () => contentOf(disk, path));
    if (blake3 === undefined) return;
    const places = this.found.get(blake3);
    if (places === undefined) this.found.set(blake3, [path]);
    else places.push(path);
  }

  private namesIn(folder: string): readonly string[] {
    return this.readable(folder, () => namesIn(this.context.disk, folder)) ?? [];
  }

  /** What cannot be read is told, and holds nothing. */
  private readable<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      const code = codeOf(error);
      if (typeof code !== 'string') throw error;
      this.problems.push(cannotRead(path, code));
      return undefined;
    }
  }
}

function cannotRead(path: string, code: string): Problem {
  return {
    code: 'flow/cannot-read',
    severity: 'warning',
    place: { path },
    reason: `cannot read '${path}': ${wordsOfCode(code)}`,
    hint: 'make it readable, and run this again',
  };
}
