/** Where things go aside that wait for one another's places, and how each gets from there to a place of its own. */

import { dirname, join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { flushDirectory, isDirectory } from '../store/directories.ts';
import { codeOf } from '../store/errors.ts';
import { upwards, type Moving } from './relocation.ts';
import { besideName, OF_ONE_PATH } from './stage.ts';
import { placeIn, wrongAbove } from './stand.ts';

const PRIVATE = 0o600;

export class Aside {
  private readonly disk: Disk;
  private readonly root: string;
  /** The folder of the journal's own names. */
  private readonly folder: string;
  private readonly name: string;

  constructor(disk: Disk, root: string, scratch: string, name: string) {
    this.disk = disk;
    this.root = root;
    this.folder = join(scratch, name);
    this.name = name;
  }

  /**
   * The name that something gets for a while, on its own volume: below `.dbk`, else in the uppermost folder of that
   * volume, which moves nowhere without all of it.
   */
  placeOf({ from }: Moving, number: number): string {
    const { disk, root, folder } = this;
    const device = disk.lstatExact(dirname(placeIn(root, from)))?.dev;
    if (device === undefined || device === disk.lstatExact(folder)?.dev) return join(folder, String(number));
    return join(placeIn(root, this.topOf(from)), besideName(this.name, number));
  }

  /** The uppermost folder of the volume that something is on. */
  topOf(path: RepositoryPath): RepositoryPath {
    const { disk, root } = this;
    const deviceOf = (at: RepositoryPath): bigint | undefined => disk.lstatExact(placeIn(root, at))?.dev;
    let top = parentOf(path);
    const device = deviceOf(top);
    while (top !== ROOT && deviceOf(parentOf(top)) === device) top = parentOf(top);
    return top;
  }

  isOfDbk(place: string): boolean {
    return dirname(place) === this.folder;
  }

  /** Where something is that went aside and has not come back. */
  find({ from }: Moving, number: number): string | undefined {
    const { disk, root, folder, name } = this;
    const above = [...upwards(parentOf(from)), ROOT].map((at) =>
      join(placeIn(root, at), besideName(name, number)),
    );
    return [join(folder, String(number)), ...above].find((place) => disk.lstat(place) !== undefined);
  }

  /** Notes that all of a group are aside, before the first comes to its place; durable when it returns. */
  mark(group: number): void {
    const { disk, folder } = this;
    disk.close(disk.openNew(this.markOf(group), PRIVATE));
    flushDirectory(disk, folder);
  }

  isMarked(group: number): boolean {
    return this.disk.lstat(this.markOf(group)) !== undefined;
  }

  private markOf(group: number): string {
    return join(this.folder, `aside-${group}`);
  }

  /** Gives it a name where nothing stands, in a folder that is there; false where that cannot be. */
  place(hop: string, path: RepositoryPath): boolean {
    const { disk, root } = this;
    const place = placeIn(root, path);
    if (wrongAbove(disk, root, path) !== undefined || !isDirectory(disk, dirname(place))) return false;
    if (disk.lstat(place) !== undefined) return false;
    try {
      disk.rename(hop, place);
    } catch (error) {
      if (!OF_ONE_PATH.has(codeOf(error))) throw error;
      return false;
    }
    return true;
  }

  /** Back to where it was, else as near to it as can be: gives where. It never stays aside. */
  bringHome({ from }: Moving, hop: string): RepositoryPath {
    if (this.place(hop, from)) return from;
    for (const folder of [...upwards(parentOf(from)), ROOT]) {
      for (const name of [nameOf(from), 'from-dbk']) {
        const path = this.freeName(folder, `${name}.moved`);
        if (path !== undefined && this.place(hop, path)) return path;
      }
    }
    // Nothing else may go on: the journal stays, and says where it is.
    this.disk.rename(hop, placeIn(this.root, from));
    return from;
  }

  private freeName(folder: RepositoryPath, name: string): RepositoryPath | undefined {
    if (!isDirectory(this.disk, placeIn(this.root, folder))) return undefined;
    for (let number = 1; ; number++) {
      const last = number === 1 ? name : `${name}-${number}`;
      const path = (folder === ROOT ? last : `${folder}/${last}`) as RepositoryPath;
      if (this.disk.lstat(placeIn(this.root, path)) === undefined) return path;
    }
  }
}
