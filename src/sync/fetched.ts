/**
 * Contents that came from another machine, each a file that is called by its id. What a run that was broken off had
 * brought is used again, once it was read.
 */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import type { ContentId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import { makeDirectories, namesIn } from '../store/directories.ts';
import { quietly } from '../store/errors.ts';
import { removeFile } from '../store/files.ts';
import { badAnswer, type Part } from './conversation.ts';
import * as say from './problems.ts';
import { textOf } from './questions.ts';
import type { Source } from './stage.ts';
import { contentOf } from './stand.ts';
import type { Prepared } from './transport.ts';
import { LONGEST_FRAME } from './wire.ts';

const PRIVATE = 0o600;
/** What is not whole yet. */
const PART = 'part';
/** Nobody has so many files that say they are one content and are not. */
const MOST_ATTEMPTS = 64;

export class Fetched {
  private readonly disk: Disk;
  private readonly place: string;
  private readonly checked = new Map<ContentId, string>();
  private folder = '';

  constructor(disk: Disk, place: string) {
    this.disk = disk;
    this.place = place;
  }

  /** Makes the folder, and gives what is still to be asked for, each content once. */
  begin(wanted: Iterable<Prepared>, folder: string): readonly Prepared[] {
    this.folder = folder;
    makeDirectories(this.disk, folder);
    const there = new Set<string>(namesIn(this.disk, folder));
    const missing = new Map<ContentId, Prepared>();
    for (const each of wanted) {
      if (this.checked.has(each.blake3) || missing.has(each.blake3)) continue;
      if (there.has(each.blake3) && this.isGood(each)) this.learn(each.blake3);
      else missing.set(each.blake3, each);
    }
    return [...missing.values()];
  }

  /** Takes one answer; says what is wrong with it. What is not there at all is told where the file is to stand. */
  async take(wanted: Prepared, parts: AsyncIterable<Part>): Promise<Problem | undefined> {
    const receiver = new Receiver(this.disk, join(this.folder, PART), wanted.size);
    try {
      for await (const { kind, bytes } of parts) {
        if (kind === 'data') receiver.write(bytes);
        else if (kind === 'again') receiver.begin();
        else if (kind === 'nothing') return undefined;
        else if (kind === 'problem') return say.notSent(wanted.path, this.place, textOf(bytes));
        else if (kind !== 'end') throw badAnswer('it has what was not asked for');
      }
      const path = join(this.folder, wanted.blake3);
      if (receiver.end() !== wanted.blake3) return say.notAsRecorded(wanted.path, this.place);
      this.disk.rename(receiver.path, path);
      this.learn(wanted.blake3);
      return undefined;
    } finally {
      receiver.discard();
    }
  }

  /** Checked, and nobody's yet: so it is linked and not copied, by the first path that wants it. */
  *sourcesOf(blake3: ContentId): Generator<Source> {
    const path = this.checked.get(blake3);
    if (path !== undefined) yield { path, isGuarded: true, isChecked: true };
  }

  private learn(blake3: ContentId): void {
    this.checked.set(blake3, join(this.folder, blake3));
  }

  private isGood({ blake3, size }: Prepared): boolean {
    const path = join(this.folder, blake3);
    const stats = this.disk.lstatExact(path);
    if (stats?.isFile() === true && stats.size === BigInt(size) && contentOf(this.disk, path) === blake3)
      return true;
    removeFile(this.disk, path);
    return false;
  }
}

/** Writes one content aside. Small ones wait in memory, so that each is written, and hashed, at once. */
class Receiver {
  readonly path: string;
  private readonly disk: Disk;
  private readonly size: number;
  private fd: number | undefined;
  private held: Uint8Array | undefined;
  private length = 0;
  private attempts = 0;

  constructor(disk: Disk, path: string, size: number) {
    this.disk = disk;
    this.path = path;
    this.size = size;
    this.begin();
  }

  begin(): void {
    if (++this.attempts > MOST_ATTEMPTS) throw badAnswer('it begins anew too often');
    this.discard();
    this.held = undefined;
    this.length = 0;
  }

  write(bytes: Uint8Array): void {
    this.length += bytes.length;
    if (this.length > this.size) throw badAnswer('a content is longer than it is recorded');
    if (this.size <= LONGEST_FRAME && this.length === bytes.length && this.length === this.size) {
      this.held = bytes;
      return;
    }
    this.disk.write(this.open(), bytes);
  }

  /** The id of what is there now. */
  end(): ContentId {
    const fd = this.open();
    if (this.held !== undefined) this.disk.write(fd, this.held);
    this.close();
    // A hasher of its own would be one more than there may be without the native library.
    return this.held === undefined ? contentOf(this.disk, this.path) : digest(this.held);
  }

  /** Never throws: what is left here is nobody's. */
  discard(): void {
    quietly(() => this.close());
    quietly(() => removeFile(this.disk, this.path));
  }

  private open(): number {
    return (this.fd ??= this.disk.openNew(this.path, PRIVATE));
  }

  private close(): void {
    const { fd } = this;
    this.fd = undefined;
    if (fd !== undefined) this.disk.close(fd);
  }
}
