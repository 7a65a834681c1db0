/** Guards every file of a benchmark's tree with two threads: `guard-all TREE GUARD FILES`. Its hashes are made up. */

import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { nodeDisk } from '../../src/disk/disk.ts';
import { GUARDED, Protector } from '../../src/scan/protect.ts';
import { pathOf } from './tree.ts';

/** As many files at a time as a scan hands to a thread. */
const BATCH = 128;
const THREADS = 2;

interface Share {
  readonly tree: string;
  readonly folder: string;
  readonly files: number;
  readonly thread: number;
}

function guard({ tree, folder, files, thread }: Share): void {
  const protector = new Protector(nodeDisk, { folder, way: 'links' });
  for (let index = 0; index < files; index++) {
    if (Math.floor(index / BATCH) % THREADS !== thread) continue;
    const path = join(tree, pathOf(index));
    const stats = lstatSync(path, { bigint: true });
    const look = (): ReturnType<typeof nodeDisk.lstat> => nodeDisk.lstatOrdinary(path);
    const attempt = protector.protect({ path, hash: hashFor(index), stats, previous: undefined, look });
    if (attempt?.guarding !== GUARDED) throw new Error(`'${path}' was not guarded`);
  }
}

/** Spread like a hash, and made in no time. */
function hashFor(index: number): Uint8Array {
  const words = new Uint32Array(8);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(index + 1 + i * 7919, 2654435761 + 2 * i);
  return new Uint8Array(words.buffer).reverse();
}

if (isMainThread) {
  const [tree = '', folder = '', files = '0'] = process.argv.slice(2);
  const share = { tree: resolve(tree), folder: resolve(folder), files: Number(files) };
  new Worker(new URL(import.meta.url), { workerData: { ...share, thread: 1 } });
  guard({ ...share, thread: 0 });
} else guard(workerData as Share);
