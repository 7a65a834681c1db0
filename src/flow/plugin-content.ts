/** What a plugin is made of: its files, and one hash that any change of them changes. */

import { basename } from 'node:path/posix';
import { digest, loadBlake3 } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { OWN_FOLDER } from '../model/path.ts';
import { Refusal } from '../model/problem.ts';
import { escapeText } from '../text/names.ts';
import type { Context } from './context.ts';
import * as problems from './plugin-problems.ts';

export interface PluginFile {
  /** Relative to the plugin's folder; of a plugin that is one file, its name. */
  readonly path: string;
  readonly size: number;
}

export interface PluginContent {
  readonly kind: 'file' | 'folder';
  /** Absolute, without symlinks. */
  readonly path: string;
  /** The module that exports the plugin: absolute. */
  readonly module: string;
  readonly blake3: ContentId;
  /** By the bytes of their paths; links have no size of their own. */
  readonly files: readonly PluginFile[];
  readonly bytes: number;
  /** Of a plugin that is one file. */
  readonly source?: Uint8Array;
}

type PluginDisk = Pick<Context['disk'], 'lstat' | 'readdir' | 'readlink' | 'realpath' | 'readFile'>;

/** The module of a plugin that is a folder. */
export const PLUGIN_MODULE = 'plugin.js';

const MODULE = /\.m?js$/;
const MOST_FILES = 100_000;
const MOST_BYTES = 1024 * 1024 * 1024;

/**
 * Reads all of a plugin, and runs nothing.
 *
 * A file's hash is its BLAKE3. A folder's is that of one line for each file, `BLAKE3  PATH`, sorted by the bytes of
 * the paths, as `b3sum` prints them; a symlink has the line `-> TARGET  PATH`, and leads to something inside.
 * Refuses ('failed') what is no plugin, and what would run bytes that no hash covers.
 */
export async function readPlugin(disk: PluginDisk, typed: string): Promise<PluginContent> {
  await loadBlake3();
  const path = realPath(disk, typed);
  if (path.split('/').includes(OWN_FOLDER)) throw new Refusal('failed', problems.inOwnFolder(typed));
  const stats = disk.lstat(path)!;
  if (stats.isDirectory()) return readFolder(disk, path, typed);
  if (!stats.isFile() || !MODULE.test(path)) throw new Refusal('failed', problems.noPlugin(typed));
  const source = disk.readFile(path, MOST_BYTES);
  const files = [{ path: basename(path), size: source.length }];
  return { kind: 'file', path, module: path, blake3: digest(source), files, bytes: source.length, source };
}

function realPath(disk: PluginDisk, typed: string): string {
  try {
    return disk.realpath(typed);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new Refusal('failed', problems.pluginMissing(typed));
  }
}

function readFolder(disk: PluginDisk, root: string, typed: string): PluginContent {
  const module = `${root}/${PLUGIN_MODULE}`;
  if (disk.lstat(module)?.isFile() !== true) throw new Refusal('failed', problems.noPlugin(typed));
  const files: PluginFile[] = [];
  const lines: { readonly path: string; readonly text: string }[] = [];
  let bytes = 0;
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const name of disk.readdir(`${root}/${folder}`)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const whole = `${root}/${path}`;
      const stats = disk.lstat(whole);
      if (stats?.isDirectory()) waiting.push(path);
      else if (stats?.isFile()) {
        const content = disk.readFile(whole, MOST_BYTES - bytes);
        bytes += content.length;
        files.push({ path, size: content.length });
        lines.push({ path, text: `${digest(content)}  ${escapeText(path)}\n` });
      } else if (stats?.isSymbolicLink()) {
        const target = linkWithin(disk, root, path);
        files.push({ path, size: 0 });
        lines.push({ path, text: `-> ${escapeText(target)}  ${escapeText(path)}\n` });
      } else throw new Refusal('failed', problems.oddInPlugin(typed, path));
      if (files.length > MOST_FILES) throw new Refusal('failed', problems.pluginTooLarge(typed));
    }
  }
  const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
    compareBytes(a.path, b.path);
  const blake3 = digest(
    lines
      .sort(byPath)
      .map(({ text }) => text)
      .join(''),
  );
  return { kind: 'folder', path: root, module, blake3, files: files.sort(byPath), bytes };
}

/** The target of a link; refuses one that leads out: what stands there is in no hash. */
function linkWithin(disk: PluginDisk, root: string, path: string): string {
  const whole = `${root}/${path}`;
  let real: string | undefined;
  try {
    real = disk.realpath(whole);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  if (real?.startsWith(`${root}/`) !== true) throw new Refusal('failed', problems.linkOutOfPlugin(whole));
  return disk.readlink(whole);
}
