/** Trees of files to measure on: the same every time, made as fast as the disk takes them. */

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const FILES_PER_DIRECTORY = 100;
const DIRECTORIES_PER_DIRECTORY = 100;
const POOL = 4 * 1024 * 1024;

/** The n-th file's place: so many files a directory, a hundred directories a directory. */
export function pathOf(index: number, perDirectory = FILES_PER_DIRECTORY): string {
  const directory = Math.floor(index / perDirectory);
  const top = Math.floor(directory / DIRECTORIES_PER_DIRECTORY);
  const number = (value: number): string => String(value).padStart(3, '0');
  return `top ${number(top)}/folder ${number(directory % DIRECTORIES_PER_DIRECTORY)}/file ${number(index % perDirectory)}.txt`;
}

/**
 * Small files of about twenty bytes.
 *
 * `distinct` contents are what a person has; without it they repeat, which spares a peer that stores contents the
 * writing where that is not what is measured.
 */
export function makeSmallFiles(
  folder: string,
  count: number,
  distinct: boolean,
  perDirectory = FILES_PER_DIRECTORY,
): void {
  const contents = (index: number): Buffer =>
    Buffer.from(`content ${distinct ? index : index % 251} of a file\n`);
  makeFiles(folder, count, contents, perDirectory);
}

/** Files of 20 to 400 kB, 100 kB in the mean, the small ones most. */
export function makeMediumFiles(folder: string, count: number): void {
  const pool = noise(POOL);
  const random = numbers(2);
  makeFiles(folder, count, (index) => {
    const size = 20_000 + Math.floor(380_000 * (random() / 2 ** 32) ** 3.75);
    const start = random() % (POOL - size);
    const bytes = Buffer.from(pool.subarray(start, start + size));
    bytes.writeUInt32LE(index); // distinct, whatever the place
    return bytes;
  });
}

export function makeHugeFiles(folder: string, count: number, size: number): void {
  const pool = noise(POOL);
  for (let index = 0; index < count; index++) {
    const file = openSync(join(folder, `movie ${index}.bin`), 'wx');
    for (let at = 0; at < size; at += POOL) {
      pool.writeUInt32LE(index, 0);
      pool.writeUInt32LE(at / POOL, 4);
      writeSync(file, pool, 0, Math.min(POOL, size - at));
    }
    closeSync(file);
  }
}

function makeFiles(
  folder: string,
  count: number,
  contents: (index: number) => Buffer,
  perDirectory = FILES_PER_DIRECTORY,
): void {
  for (let index = 0; index < count; index++) {
    const path = join(folder, pathOf(index, perDirectory));
    if (index % perDirectory === 0) mkdirSync(join(path, '..'), { recursive: true });
    const file = openSync(path, 'wx');
    writeSync(file, contents(index));
    closeSync(file);
  }
}

/** Bytes that no compressor makes shorter. */
function noise(length: number): Buffer {
  const random = numbers(1);
  return Buffer.from(Uint32Array.from({ length: length / 4 }, random).buffer);
}

/** Numbers of 32 bits that look random and are always the same (Marsaglia's xorshift). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}
