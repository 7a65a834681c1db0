/** A program for the benchmark of moves: reads two lists of files, pairs them, and writes what that took. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMoves, type Folder, type Thing } from '../../src/diff/moves.ts';
import { parentOf, type RepositoryPath } from '../../src/model/path.ts';

const folder = process.argv[2]!;

function thingsIn(list: string): Thing[] {
  const lines = readFileSync(join(folder, list), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [path, content] = line.split('\t') as [RepositoryPath, string];
    return { path, content, inode: undefined, size: content.length };
  });
}

function foldersOf(things: readonly Thing[]): Folder[] {
  const paths = new Set<RepositoryPath>();
  for (const { path } of things)
    for (let above = parentOf(path); above !== '' && !paths.has(above); above = parentOf(above))
      paths.add(above);
  return [...paths].map((path) => ({ path, inode: undefined }));
}

const [vanished, appeared] = [thingsIn('0'), thingsIn('1')];
const question = {
  vanished,
  appeared,
  replaced: [],
  foldersGone: foldersOf(vanished),
  foldersNew: foldersOf(appeared),
  foldersReplaced: [],
};
(globalThis as { gc?: () => void }).gc?.();
const held = process.memoryUsage.rss();
const start = process.hrtime.bigint();
const { things } = findMoves(question);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const bytes = process.resourceUsage().maxRSS * 1024 - held;
writeFileSync(join(folder, 'found'), JSON.stringify({ moves: things.length, seconds, bytes }));
