/** A tree of files as a literal, made in a temporary folder, and what stands in a folder, as lines to compare. */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path/posix';
import type { TestContext } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { instantOf } from '../../src/model/instant.ts';
import { compareBytes, nameOfBytes } from '../../src/model/name.ts';

/** What stands at a path; a text or bytes alone are a file of mode 644. */
export type Thing =
  | string
  | Uint8Array
  | { readonly kind: 'file'; readonly content: string | Uint8Array; readonly mode: number }
  | { readonly kind: 'directory'; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string }
  /** A hard link to something that stands before it in the literal. */
  | { readonly kind: 'same'; readonly as: string }
  | { readonly kind: 'hole'; readonly size: number };

/** Paths below the folder to what stands there; folders above are made. Bytes that are not UTF-8 are as in a Name. */
export type Literal = Readonly<Record<string, Thing>>;

export const directory = (mode = 0o755): Thing => ({ kind: 'directory', mode });
export const file = (content: string | Uint8Array, mode: number): Thing => ({ kind: 'file', content, mode });
export const link = (target: string): Thing => ({ kind: 'link', target });
export const sameAs = (as: string): Thing => ({ kind: 'same', as });
export const hole = (size: number): Thing => ({ kind: 'hole', size });

/** A name of these bytes (numbers), or of the bytes of a text. */
export function named(...parts: readonly (string | number)[]): string {
  return nameOfBytes(
    Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part)))),
  );
}

/** In memory where that can be had: thousands of files are made. */
export const IN_MEMORY = fs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder that is gone after the test. */
export function temporary(t: TestContext, place = IN_MEMORY): string {
  const path = fs.realpathSync(fs.mkdtempSync(join(place, 'dbk-test-')));
  // Node's rm knows no path longer than PATH_MAX, and nothing of folders that may not be entered.
  t.after(() => {
    if (process.getuid?.() !== 0) spawnSync('chmod', ['-R', 'u+rwx', '--', path], { stdio: 'ignore' });
    spawnSync('rm', ['-rf', '--', path]);
  });
  return path;
}

/** A temporary folder with this tree. */
export function tree(t: TestContext, literal: Literal, place = IN_MEMORY): string {
  const root = temporary(t, place);
  plant(root, literal);
  return root;
}

/** Makes what a literal says in a folder; files that stand there already are replaced (by another inode). */
export function plant(root: string, literal: Literal): void {
  for (const [path, thing] of Object.entries(literal)) {
    const absolute = `${root}/${path}`;
    makeFolders(dirname(absolute));
    make(root, absolute, thing);
  }
}

function make(root: string, path: string, thing: Thing): void {
  if (typeof thing === 'string' || thing instanceof Uint8Array) return writeFile(path, thing, 0o644);
  switch (thing.kind) {
    case 'file':
      return writeFile(path, thing.content, thing.mode);
    case 'directory':
      makeFolders(path);
      return nodeDisk.chmod(path, thing.mode);
    case 'link':
      return nodeDisk.symlink(thing.target, path);
    case 'same':
      return nodeDisk.link(`${root}/${thing.as}`, path);
    case 'hole':
      writeFile(path, '', 0o644);
      return fs.truncateSync(path, thing.size);
  }
}

function writeFile(path: string, content: string | Uint8Array, mode: number): void {
  if (nodeDisk.lstat(path) !== undefined) nodeDisk.unlink(path);
  const fd = nodeDisk.openNew(path, 0o600);
  nodeDisk.write(fd, Buffer.from(content as string));
  nodeDisk.close(fd);
  nodeDisk.chmod(path, mode);
}

function makeFolders(path: string): void {
  const missing: string[] = [];
  for (let at = path; nodeDisk.lstat(at) === undefined; at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    nodeDisk.mkdir(folder);
    nodeDisk.chmod(folder, 0o755);
  }
}

/** What is recorded of a thing as one line; a test compares such lines. */
export function line(
  thing:
    | { kind: 'file'; mode: number; size: number; mtime: string; blake3?: string }
    | { kind: 'link'; target: string }
    | { kind: 'directory'; mode: number },
): string {
  if (thing.kind === 'link') return `-> ${thing.target}`;
  const mode = thing.mode.toString(8);
  if (thing.kind === 'directory') return `directory ${mode}`;
  return `file ${mode} ${thing.size} ${thing.mtime} ${thing.blake3?.slice(0, 16)}`;
}

/** Each path below a folder with its line, less everything called `.dbk`, sorted by bytes; the folder is ''. */
export function linesIn(root: string, modes: 'shown' | 'usual' = 'shown'): [string, string][] {
  const lines: [string, string][] = [];
  const waiting = [''];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const absolute = path === '' ? root : `${root}/${path}`;
    const stats = nodeDisk.lstatExact(absolute)!;
    const usual = stats.isDirectory() ? 0o755 : 0o644;
    const mode = modes === 'usual' ? usual : Number(stats.mode & 0o7777n);
    if (stats.isDirectory()) {
      lines.push([path, line({ kind: 'directory', mode })]);
      for (const name of nodeDisk.readdir(absolute)) {
        if (name !== '.dbk') waiting.push(path === '' ? name : `${path}/${name}`);
      }
    } else if (stats.isSymbolicLink()) {
      lines.push([path, line({ kind: 'link', target: nodeDisk.readlink(absolute) })]);
    } else if (stats.isFile()) {
      const blake3 = digest(nodeDisk.readFile(absolute));
      const mtime = instantOf(stats.mtimeNs);
      lines.push([path, line({ kind: 'file', mode, size: Number(stats.size), mtime, blake3 })]);
    }
  }
  return lines.sort(([a], [b]) => compareBytes(a, b));
}

/** Everything that a program could have changed about the things in a folder, path by path, less times of reading. */
export function statsIn(root: string, isLookedAt: (path: string) => boolean): [string, string][] {
  const found: [string, string][] = [];
  const waiting = [''];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const s = nodeDisk.lstatExact(`${root}/${path}`)!;
    if (path !== '' && !isLookedAt(path)) continue;
    found.push([path, `${s.ino} ${s.mode} ${s.nlink} ${s.uid} ${s.gid} ${s.size} ${s.mtimeNs} ${s.ctimeNs}`]);
    if (!s.isDirectory()) continue;
    for (const name of nodeDisk.readdir(`${root}/${path}`))
      waiting.push(path === '' ? name : `${path}/${name}`);
  }
  return found.sort(([a], [b]) => compareBytes(a, b));
}
