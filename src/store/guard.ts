/** What dbk keeps of files that a person may lose: a second name for each inode, by content, below `.dbk/guard`. */

import type { Disk, ExactStats } from '../disk/disk.ts';
import { GuardFolder, parseGuardName, type Way } from '../disk/guard-folder.ts';
import type { ContentId } from '../model/id.ts';
import type { GuardKind } from '../text/config.ts';
import { namesIn } from './directories.ts';
import type { Layout } from './layout.ts';

export type { GuardKind } from '../text/config.ts';

/** One file in the guard. */
export interface Guarded {
  /** Absolute, in the guard. */
  readonly path: string;
  readonly blake3: ContentId;
  readonly stats: ExactStats;
  /** Whether dbk itself took it away from the person's files. */
  readonly isTaken: boolean;
}

const SHARD_NAME = /^[0-9a-f]{2}$/;
const SHARD = 2;

/** Whoever changes something with it holds the lock. */
export class Guard {
  readonly kind: GuardKind;
  private readonly disk: Disk;
  private readonly folder: GuardFolder;
  /** The sorted names of the shards that were listed; a name that went meanwhile is skipped. */
  private readonly listings = new Map<string, readonly string[]>();

  constructor(disk: Disk, layout: Layout, kind: GuardKind) {
    this.disk = disk;
    this.folder = new GuardFolder(disk, layout.guard);
    this.kind = kind;
  }

  /**
   * Links a file of the person's into the guard under its content, once for each inode.
   *
   * This changes the file's change time, which nobody may take for an edit.
   */
  protect(path: string, blake3: ContentId): 'linked' | 'there' | 'refused' {
    if (this.kind === 'none') return 'refused';
    const stats = this.disk.lstatExact(path);
    if (stats?.isFile() !== true) return 'refused';
    const { outcome } = this.folder.protect(this.kind satisfies Way, path, blake3, stats.ino);
    this.listings.delete(blake3.slice(0, SHARD));
    return outcome === 'gone' ? 'refused' : outcome;
  }

  /**
   * Moves a file of the person's into the guard: what dbk itself replaces or removes. Works with every kind.
   *
   * At every moment one of the two names is there. Throws the disk's errors: EXDEV where the file is on another
   * volume, ENOENT where there is none. Whether its content is `blake3` the caller has looked.
   */
  take(path: string, blake3: ContentId): Guarded {
    const stats = this.disk.lstatExact(path);
    if (stats === undefined) throw Object.assign(new Error(`ENOENT: '${path}'`), { code: 'ENOENT' });
    this.folder.makeShard(blake3);
    this.listings.delete(blake3.slice(0, SHARD));
    for (let number = stats.ino; ; number++) {
      const taken = this.folder.absolute({ blake3, number, isTaken: true });
      const there = this.disk.lstatExact(taken);
      if (there !== undefined && there.ino !== stats.ino) continue;
      const linked = this.folder.absolute({ blake3, number, isTaken: false });
      const isLinked = there === undefined && this.disk.lstatExact(linked)?.ino === stats.ino;
      if (isLinked) this.disk.rename(linked, taken);
      // Renaming one link of an inode to another one does nothing at all.
      if (isLinked || there !== undefined) this.disk.unlink(path);
      else this.disk.rename(path, taken);
      return { path: taken, blake3, stats: this.disk.lstatExact(taken) ?? stats, isTaken: true };
    }
  }

  /** What the guard holds of a content. Not verified: writing in place changes linked files. */
  find(blake3: ContentId): readonly Guarded[] {
    const shard = blake3.slice(0, SHARD);
    let names = this.listings.get(shard);
    if (names === undefined) {
      names = namesIn(this.disk, `${this.folder.path}/${shard}`).sort();
      this.listings.set(shard, names);
    }
    const prefix = blake3.slice(SHARD);
    const found: Guarded[] = [];
    for (let at = firstFrom(names, prefix); names[at]?.startsWith(prefix) === true; at++) {
      const guarded = this.look(shard, names[at]!);
      if (guarded !== undefined) found.push(guarded);
    }
    return found;
  }

  /** Everything in it, sorted by content. */
  *all(): Generator<Guarded> {
    for (const shard of namesIn(this.disk, this.folder.path).sort()) {
      if (!SHARD_NAME.test(shard)) continue;
      for (const name of namesIn(this.disk, `${this.folder.path}/${shard}`).sort()) {
        const guarded = this.look(shard, name);
        if (guarded !== undefined) yield guarded;
      }
    }
  }

  /** Removes one file of the guard for good: only `prune` and what a commit frees do that. */
  free(guarded: Guarded): void {
    this.disk.unlink(guarded.path);
    this.listings.delete(guarded.blake3.slice(0, SHARD));
  }

  private look(shard: string, file: string): Guarded | undefined {
    const name = parseGuardName(shard, file);
    if (name === undefined) return undefined;
    const path = this.folder.absolute(name);
    const stats = this.disk.lstatExact(path);
    if (stats?.isFile() !== true) return undefined;
    return { path, blake3: name.blake3, stats, isTaken: name.isTaken };
  }
}

/** The place of the first name that does not come before a text. */
function firstFrom(names: readonly string[], text: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (names[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
