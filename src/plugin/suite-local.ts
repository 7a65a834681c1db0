/** Part of the contract suite: a file of a plugin's, where a library that needs a path can read it. */

import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

/** A suffix that is safe in the path that `FileView` promises. */
const SUFFIX = /^\.[0-9A-Za-z]{1,20}$/;

/** Runs something with a folder that is gone afterwards. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'dbk-plugin-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Writes bytes, and so many more zeros as a hole, to the one file of that kind in a folder; its path.
 *
 * Throws what the disk says where it does not take a file that large.
 */
export function placeLocally(folder: string, path: string, bytes: Uint8Array, behind: number): string {
  const suffix = extname(path);
  const place = join(folder, `file${SUFFIX.test(suffix) ? suffix : ''}`);
  const file = openSync(place, 'w');
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    if (behind > 0) ftruncateSync(file, bytes.length + behind);
  } finally {
    closeSync(file);
  }
  return place;
}
