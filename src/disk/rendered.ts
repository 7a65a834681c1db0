/** A disk as seen through what a volume keeps: whoever asks need not know. */

import type { Name } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Disk } from './disk.ts';

/** What things in a folder are called on its volume. */
export interface NamesThere {
  placeOf(path: RepositoryPath): string;
  meaningOf(directory: RepositoryPath, found: Name): Name;
}

/** A person's folder, and dbk's own in it, in which names stay. */
export interface Area {
  readonly root: string;
  readonly home: string;
}

/** The same disk, on which setting permission bits does nothing. */
export function withoutModes(disk: Disk): Disk {
  return { ...disk, chmod: () => undefined };
}

/** The same disk, on which what is in a folder has its names. */
export function withNames(disk: Disk, { root, home }: Area, names: NamesThere): Disk {
  const prefix = root === '/' ? root : `${root}/`;
  const pathIn = (path: string): RepositoryPath | undefined => {
    if (path === root) return '' as RepositoryPath;
    const isOwn = path === home || path.startsWith(`${home}/`);
    return isOwn || !path.startsWith(prefix) ? undefined : (path.slice(prefix.length) as RepositoryPath);
  };
  const at = (path: string): string => {
    const within = pathIn(path);
    return within === undefined || within === '' ? path : prefix + names.placeOf(within);
  };
  return {
    ...disk,
    lstat: (path) => disk.lstat(at(path)),
    // The place may be longer, or otherwise out of the ordinary.
    lstatOrdinary: (path) => disk.lstat(at(path)),
    lstatExact: (path) => disk.lstatExact(at(path)),
    statExact: (path) => disk.statExact(at(path)),
    readdir: (path) => {
      const within = pathIn(path);
      const found = disk.readdir(at(path));
      return within === undefined ? found : found.map((name) => names.meaningOf(within, name));
    },
    readlink: (path) => disk.readlink(at(path)),
    readFile: (path, limit) => disk.readFile(at(path), limit),
    openRead: (path, keepAccessTime) => disk.openRead(at(path), keepAccessTime),
    openNew: (path, mode) => disk.openNew(at(path), mode),
    openDirectory: (path) => disk.openDirectory(at(path)),
    mkdir: (path, mode) => disk.mkdir(at(path), mode),
    rename: (from, to) => disk.rename(at(from), at(to)),
    link: (from, to) => disk.link(at(from), at(to)),
    cloneFile: (from, to) => disk.cloneFile(at(from), at(to)),
    symlink: (target, path) => disk.symlink(target, at(path)),
    unlink: (path) => disk.unlink(at(path)),
    rmdir: (path) => disk.rmdir(at(path)),
    chmod: (path, mode) => disk.chmod(at(path), mode),
    utimes: (path, accessed, modified) => disk.utimes(at(path), accessed, modified),
    setTimes: (files) => disk.setTimes(files.map(([path, modified]) => [at(path), modified] as const)),
    statfs: (path) => disk.statfs(at(path)),
    flushVolume: (directory) => disk.flushVolume(at(directory)),
  };
}
