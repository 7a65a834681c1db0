/** One file of a person's, read by its plugin: as it is recorded, or not at all. */

import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { Rendering } from '../model/rendering.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import { MOST_READ, type TypePlugin } from '../plugin/api.ts';
import { askFile, type FileAnswer } from '../plugin/ask-file.ts';
import { NotAsRecorded, OpenFiles } from '../scan/byte-source.ts';
import { quietly } from '../store/errors.ts';
import { inTime } from './in-time.ts';

/** A file to be read. Plain data: it goes from one thread to another. */
export interface FileTask {
  /** The name of the type. */
  readonly type: string;
  /** As the plugin is to see it: relative to the entity, or to the top folder. */
  readonly path: string;
  /** Absolute, as the volume calls it. */
  readonly place: string;
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly mtime: bigint;
  /** What the volume keeps. */
  readonly rendering: Rendering;
  /** Only the media ids are asked for. */
  readonly only?: 'ids';
}

/** A plugin and what it declares. */
export interface Reading {
  readonly plugin: TypePlugin;
  readonly declared: TypeDeclaration;
}

/** What came of it; `unstable` is a file that is not what is recorded, so that nothing can be said of it. */
export type FileRead = { readonly kind: 'read'; readonly answer: FileAnswer } | { readonly kind: 'unstable' };

/** Where links stand that libraries read files by: an absolute folder, made when the first link is. */
export interface LinkFolder {
  readonly path: string;
  /** A name that no other link there has. */
  readonly nextName: () => string;
}

const SUFFIX = /\.[0-9A-Za-z]{1,20}$/;

/** Asks a plugin about a file; media ids may read all of it. */
export async function readFileBy(
  disk: Disk,
  { plugin, declared }: Reading,
  task: FileTask,
  links: LinkFolder,
): Promise<FileRead> {
  const { place, size, mtime, path, rendering, only } = task;
  const read = new OpenFiles(disk, MOST_READ, rendering);
  const whole = new OpenFiles(disk, Infinity, rendering);
  let link: string | undefined;
  const localPath = async (): Promise<string> => {
    if (link !== undefined) return link;
    read.holdPath(place, { size, mtime });
    link = linkTo(disk, place, links);
    return link;
  };
  const view = (open: OpenFiles): Parameters<typeof askFile>[2]['file'] => ({
    path,
    bytes: open.source(place, { size, mtime }),
    localPath,
  });
  try {
    const answer = await askFile(plugin, declared, {
      file: view(read),
      whole: view(whole),
      isForIds: only === 'ids',
      inTime,
      isOfDisk: (error) => error instanceof NotAsRecorded,
    });
    read.close();
    whole.close();
    return read.areAsRecorded && whole.areAsRecorded ? { kind: 'read', answer } : { kind: 'unstable' };
  } finally {
    read.close();
    whole.close();
    if (link !== undefined) quietly(() => disk.unlink(link!));
  }
}

/** A path without anything in it that a program could take for something else. */
function linkTo(disk: Disk, place: string, { path, nextName }: LinkFolder): string {
  if (disk.lstat(path) === undefined) disk.mkdir(path, 0o700);
  const link = join(path, nextName() + (SUFFIX.exec(place)?.[0] ?? ''));
  disk.symlink(place, link);
  return link;
}
