/** The texts of a history that is told forwards, each held only until the last patch that changes it was told. */

import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { ContentId } from '../model/id.ts';
import { createFile, readText, removeFile } from '../store/files.ts';

/** Git refuses patches of 1 GiB, so there are no texts of that size. */
const LONGEST_TEXT = 1 << 30;
/** In characters: what is beyond goes to the disk. */
const HELD = 1 << 25;

/** Who tells a history first counts how often each text is the one before a change. */
export class PassingTexts {
  readonly #uses = new Map<ContentId, number>();
  readonly #held = new Map<ContentId, string>();
  readonly #onDisk = new Set<ContentId>();
  readonly #disk: Disk;
  readonly #folder: () => string;
  readonly #limit: number;
  #size = 0;

  /** `folder` is asked for when the texts are more than `limit` characters. */
  constructor(disk: Disk, folder: () => string, limit = HELD) {
    this.#disk = disk;
    this.#folder = folder;
    this.#limit = limit;
  }

  /** Says that a text will be asked for once more. */
  expect(id: ContentId): void {
    this.#uses.set(id, (this.#uses.get(id) ?? 0) + 1);
  }

  /** Keeps a text, if it will be asked for. */
  keep(id: ContentId, text: string): void {
    if (!this.#uses.has(id) || this.#held.has(id) || this.#onDisk.has(id)) return;
    if (this.#size + text.length <= this.#limit) {
      this.#held.set(id, text);
      this.#size += text.length;
    } else {
      createFile(this.#disk, join(this.#folder(), id), text);
      this.#onDisk.add(id);
    }
  }

  /** A text that was kept; undefined where a history changes one that it never made. */
  use(id: ContentId): string | undefined {
    const text = this.#held.get(id) ?? this.#read(id);
    const left = (this.#uses.get(id) ?? 0) - 1;
    if (left > 0) this.#uses.set(id, left);
    else this.#drop(id);
    return text;
  }

  #read(id: ContentId): string | undefined {
    return this.#onDisk.has(id) ? readText(this.#disk, join(this.#folder(), id), LONGEST_TEXT) : undefined;
  }

  #drop(id: ContentId): void {
    this.#uses.delete(id);
    this.#size -= this.#held.get(id)?.length ?? 0;
    this.#held.delete(id);
    if (this.#onDisk.delete(id)) removeFile(this.#disk, join(this.#folder(), id));
  }
}
