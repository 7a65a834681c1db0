/** Repositories for tests of flows: a folder in memory, a clock that ticks once a second, and what is recorded. */

import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import type { TestContext } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { commit, type CommitOptions, type CommitResult } from '../../src/flow/commit.ts';
import type { Context } from '../../src/flow/context.ts';
import { init } from '../../src/flow/init.ts';
import { list } from '../../src/flow/ls.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { status } from '../../src/flow/status.ts';
import type { Change } from '../../src/model/change.ts';
import type { CommitId } from '../../src/model/id.ts';
import { instantOf } from '../../src/model/instant.ts';
import type { Entry } from '../../src/model/manifest.ts';
import { bytesOfName, nameOfBytes } from '../../src/model/name.ts';
import { parentOf, type RepositoryPath } from '../../src/model/path.ts';
import type { Problem } from '../../src/model/problem.ts';
import { SILENT } from '../../src/model/progress.ts';
import { roomy } from '../tools/roomy.ts';
import { temporary } from '../tools/tree.ts';

/** Flushing costs a hundred times what the rest does, and a test cannot see it. */
export const quick: Disk = roomy({ ...nodeDisk, fsync: () => undefined, flushVolume: () => undefined });

export function contextOf(disk: Disk = quick): Context {
  let seconds = Date.UTC(2026, 10, 22) / 1000;
  let drawn = 0;
  return {
    disk,
    clock: { now: () => seconds++ * 1000, offset: () => 60 },
    random: (length) => Buffer.from(digest(`random ${drawn++}`), 'hex').subarray(0, length),
    identity: { host: 'machine', user: 'ada', author: 'Ada <ada@example.org>', pid: process.pid },
    progress: SILENT,
    threads: 1,
    interrupted: () => false,
  };
}

/** A new repository in a folder of its own. */
export async function newRepository(t: TestContext, context = contextOf()): Promise<Repository> {
  return init(context, { folder: join(temporary(t), 'root'), name: 'laptop' });
}

/** The same repository as another process finds it. */
export function reopened({ context, root }: Repository, disk: Disk = context.disk): Repository {
  return openRepository({ ...context, disk }, root);
}

export interface Committed extends CommitResult {
  readonly changes: readonly Change[];
}

/** Commits with every deletion confirmed, unless told otherwise. */
export async function commitAll(
  repository: Repository,
  options: Partial<CommitOptions> = {},
): Promise<Committed> {
  const changes: Change[] = [];
  const result = await commit(repository, {
    message: '',
    confirmDeletions: true,
    checkEverything: false,
    dryRun: false,
    report: (change) => changes.push(change),
    ...options,
  });
  return { ...result, changes };
}

export interface Seen {
  /** `added file a`, sorted. */
  readonly changes: readonly string[];
  readonly problems: readonly Problem[];
  /** The changes themselves. */
  readonly all: readonly Change[];
}

export async function statusOf(repository: Repository, checkEverything = false): Promise<Seen> {
  const changes: Change[] = [];
  const { problems } = await status(repository, {
    checkEverything,
    report: (change) => changes.push(change),
  });
  const seen = { changes: changes.map(wordsOf).sort(), problems };
  // Not part of what tests compare whole.
  return Object.defineProperty(seen, 'all', { value: changes, enumerable: false }) as unknown as Seen;
}

export function wordsOf({ kind, what, path }: Change): string {
  return `${kind} ${what} ${path}`;
}

export function codesOf(problems: readonly Problem[]): string[] {
  return problems.map(({ code, place }) => (place === undefined ? code : `${code} ${place.path}`)).sort();
}

/** Each path (as a Name, '' the root) and what stands there; everything a commit records but the ids it makes. */
export type Tree = ReadonlyMap<string, Thing>;

export type Thing =
  | { readonly kind: 'directory'; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string }
  | {
      readonly kind: 'file';
      readonly mode: number;
      readonly id: string;
      readonly size: number;
      readonly mtime: string;
    };

/** The bytes of a path below a folder. */
export function at(folder: string, path: string): Buffer {
  return Buffer.from(bytesOfName(path === '' ? folder : `${folder}/${path}`));
}

/** What is in a person's folder, `.dbk` left out: read with nothing of dbk's but hashing. */
export function treeOnDisk(folder: string): Map<string, Thing> {
  const tree = new Map<string, Thing>();
  const read = (path: string): void => {
    const place = at(folder, path);
    const stats = fs.lstatSync(place, { bigint: true });
    const mode = Number(stats.mode & 0o7777n);
    if (stats.isSymbolicLink()) {
      tree.set(path, { kind: 'link', target: nameOfBytes(fs.readlinkSync(place, { encoding: 'buffer' })) });
    } else if (stats.isFile()) {
      const mtime = instantOf(stats.mtimeNs);
      tree.set(path, {
        kind: 'file',
        mode,
        id: digest(fs.readFileSync(place)),
        size: Number(stats.size),
        mtime,
      });
    } else if (stats.isDirectory()) {
      tree.set(path, { kind: 'directory', mode });
      for (const name of fs.readdirSync(place, { encoding: 'buffer' }).map(nameOfBytes)) {
        if (name !== '.dbk') read(path === '' ? name : `${path}/${name}`);
      }
    }
  };
  read('');
  return tree;
}

/** What a commit records. */
export function treeAt(repository: Repository, commitId: CommitId): Map<string, Thing> {
  const tree = new Map<string, Thing>();
  for (const { path, entry } of list(repository, {
    path: '' as RepositoryPath,
    at: commitId,
    recursive: true,
  })) {
    tree.set(path, entry.kind === 'directory' ? { kind: 'directory', mode: entry.mode } : thingOf(entry));
  }
  return tree;
}

export function thingOf(entry: Entry): Thing {
  if (entry.kind === 'link') return { kind: 'link', target: entry.target };
  return { kind: 'file', mode: entry.mode, id: entry.blake3 ?? '', size: entry.size, mtime: entry.mtime };
}

/** Less the root itself, which a listing does not name. */
export function withoutRoot(tree: Tree): Map<string, Thing> {
  return new Map([...tree].filter(([path]) => path !== ''));
}

/** Sorted, so that a difference of two trees is easy to read. */
export function lines(tree: Tree): string[] {
  return [...tree].map(([path, thing]) => `${JSON.stringify(path)} ${Object.values(thing).join(' ')}`).sort();
}

/** The files below a folder and their texts; a folder that is empty is named with a final '/'. */
export function textsIn(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const read = (path: string): void => {
    const names = fs.readdirSync(join(folder, path)).sort();
    if (names.length === 0 && path !== '') found.set(`${path}/`, '');
    for (const name of names) {
      const below = path === '' ? name : `${path}/${name}`;
      if (fs.lstatSync(join(folder, below)).isDirectory()) read(below);
      else found.set(below, fs.readFileSync(join(folder, below), 'utf8'));
    }
  };
  if (fs.existsSync(folder)) read('');
  return found;
}

/** A tree as a literal: a text is a file, null a directory, `-> x` a link; what is in the way is replaced. */
export function put(folder: string, literal: Readonly<Record<string, string | null>>): void {
  for (const [path, content] of Object.entries(literal)) {
    if (content === null) {
      makeDirectory(folder, path);
      continue;
    }
    makeDirectory(folder, parentOf(path as RepositoryPath));
    const place = at(folder, path);
    fs.rmSync(place, { recursive: true, force: true });
    if (content.startsWith('-> ')) fs.symlinkSync(content.slice(3), place);
    else fs.writeFileSync(place, content);
  }
}

function makeDirectory(folder: string, path: string): void {
  fs.mkdirSync(folder, { recursive: true });
  const components = path === '' ? [] : path.split('/');
  for (let depth = 1; depth <= components.length; depth++) {
    const place = at(folder, components.slice(0, depth).join('/'));
    if (fs.lstatSync(place, { throwIfNoEntry: false })?.isDirectory()) continue;
    fs.rmSync(place, { force: true });
    fs.mkdirSync(place);
  }
}

export function remove(folder: string, ...paths: readonly string[]): void {
  for (const path of paths) fs.rmSync(at(folder, path), { recursive: true, force: true });
}

export function move(folder: string, from: string, to: string): void {
  makeDirectory(folder, parentOf(to as RepositoryPath));
  fs.renameSync(at(folder, from), at(folder, to));
}

/** Files below `.dbk` that only a process that ended too early leaves. */
export function leftoversIn({ layout }: Repository): string[] {
  const paths = fs
    .readdirSync(layout.home, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== 'local/new');
  return paths.filter((path) => /\$new-|^local\/(new|journal|lock|stamp|cache.*\.)/.test(path));
}
