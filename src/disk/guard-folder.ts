/**
 * The names in a guard, and how a file of the person's gets one there. It stands below `scan` and `store` because
 * the threads of a scan protect what they have just hashed, and the store does everything else.
 */

import type { ContentId } from '../model/id.ts';
import type { Disk } from './disk.ts';

/** A hard link keeps the inode; a reflink is a file of its own that shares the blocks. */
export type Way = 'links' | 'reflinks';

/** What became of one file. */
export type Protected =
  | { readonly outcome: 'linked' | 'there'; readonly path: string }
  /** The file system will not, or the file is not the person's own: the code says why. */
  | { readonly outcome: 'refused'; readonly code: string }
  /** Nothing stands at the path any more. */
  | { readonly outcome: 'gone' };

/** What the name of a guarded file says. */
export interface GuardName {
  readonly blake3: ContentId;
  /** The number of the inode it was linked from, or the next one that was free. */
  readonly number: bigint;
  /** Whether dbk took it away from the person's files: then it may be the last one of its content. */
  readonly isTaken: boolean;
}

const PRIVATE = 0o700;
const SHARD = 2;
const SHARD_NAME = /^[0-9a-f]{2}$/;
const FILE = /^([0-9a-f]{62})\.(0|[1-9]\d{0,19})(t?)$/;

/** `ab/<the other 62 digits>.<number>`, and `t` at the end of what was taken. */
export function guardName({ blake3, number, isTaken }: GuardName): string {
  return `${blake3.slice(0, SHARD)}/${blake3.slice(SHARD)}.${number}${isTaken ? 't' : ''}`;
}

/** What a file in the folder of a shard (`ab`) is; undefined for what dbk has not put there. */
export function parseGuardName(shard: string, file: string): GuardName | undefined {
  const [, rest, number, mark] = FILE.exec(file) ?? [];
  if (rest === undefined || number === undefined) return undefined;
  return { blake3: (shard + rest) as ContentId, number: BigInt(number), isTaken: mark === 't' };
}

/** One guard, as one thread sees it. */
export class GuardFolder {
  readonly path: string;
  private readonly disk: Disk;
  private readonly made = new Set<string>();

  constructor(disk: Disk, path: string) {
    this.disk = disk;
    this.path = path;
  }

  absolute(name: GuardName): string {
    return `${this.path}/${guardName(name)}`;
  }

  /** The same, for what is not taken; a hundred thousand of them are made at a time. */
  private linkOf(blake3: ContentId, number: bigint): string {
    return `${this.path}/${blake3.slice(0, SHARD)}/${blake3.slice(SHARD)}.${number}`;
  }

  /** Makes the folder that holds the files of a content, once. */
  makeShard(blake3: ContentId): void {
    const shard = blake3.slice(0, SHARD);
    if (this.made.has(shard)) return;
    if (!this.tryDirectory(`${this.path}/${shard}`)) {
      this.tryDirectory(this.path);
      this.tryDirectory(`${this.path}/${shard}`);
    }
    this.made.add(shard);
  }

  /**
   * Gives the inode that stands at `path` a name in the guard, unless it has one.
   *
   * The caller looks afterwards whether it was the inode that it meant: nothing links what a descriptor shows.
   */
  protect(way: Way, path: string, blake3: ContentId, inode: bigint): Protected {
    try {
      this.makeShard(blake3);
      for (let number = inode; ; number++) {
        const target = this.linkOf(blake3, number);
        try {
          if (way === 'links') this.disk.link(path, target);
          else this.disk.cloneFile(path, target);
          return { outcome: 'linked', path: target };
        } catch (error) {
          if (codeOf(error) !== 'EEXIST') throw error;
          // Of a reflink the number is all that tells where it came from.
          if (way === 'reflinks' || this.disk.lstatExact(target)?.ino === inode)
            return { outcome: 'there', path: target };
        }
      }
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      return code === 'ENOENT' ? { outcome: 'gone' } : { outcome: 'refused', code };
    }
  }

  /** Takes back a link that turned out to be of another file. */
  withdraw(path: string): void {
    try {
      this.disk.unlink(path);
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
    }
  }

  /**
   * Gives the guard's link of an inode the name of the content that was written into it; whether it had one.
   *
   * A link follows what is written in place, so the old content is not to be had any more.
   */
  renameWritten(inode: bigint, before: ContentId, now: ContentId): boolean {
    try {
      for (let number = inode; ; number++) {
        const from = this.absolute({ blake3: before, number, isTaken: false });
        const found = this.disk.lstatExact(from);
        if (found === undefined) return false;
        if (found.ino !== inode) continue;
        this.makeShard(now);
        const to = this.absolute({ blake3: now, number, isTaken: false });
        // Renaming one link of an inode to another one does nothing at all.
        if (this.disk.lstatExact(to)?.ino === inode) this.disk.unlink(from);
        else if (this.disk.lstatExact(to) === undefined) this.disk.rename(from, to);
        else return false;
        return true;
      }
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return false;
    }
  }

  /** Whether the guard has a link of an inode under a content. */
  holds(blake3: ContentId, inode: bigint): boolean {
    return this.disk.lstatExact(this.linkOf(blake3, inode))?.ino === inode;
  }

  /** Under which contents the guard has these numbers; reads all its names. */
  contentsOf(numbers: ReadonlySet<bigint>): Map<bigint, ContentId> {
    const found = new Map<bigint, ContentId>();
    for (const shard of this.disk.readdir(this.path)) {
      if (!SHARD_NAME.test(shard)) continue;
      for (const file of this.disk.readdir(`${this.path}/${shard}`)) {
        const name = parseGuardName(shard, file);
        if (name !== undefined && !name.isTaken && numbers.has(name.number))
          found.set(name.number, name.blake3);
      }
    }
    return found;
  }

  /** Whether it is there now; false where the directory above is missing. */
  private tryDirectory(path: string): boolean {
    try {
      this.disk.mkdir(path, PRIVATE);
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EEXIST') return true;
      if (code === 'ENOENT') return false;
      throw error;
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
