/** Repositories for tests: made in a temporary folder, with commits written from maps of texts. */

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import type { TestContext } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import type { TextChange } from '../../src/model/change.ts';
import type { Commit } from '../../src/model/commit.ts';
import type { CommitId, ContentId } from '../../src/model/id.ts';
import { compareBytes } from '../../src/model/name.ts';
import { Refusal } from '../../src/model/problem.ts';
import { openCommits, type Commits } from '../../src/store/commits.ts';
import { createRepository } from '../../src/store/create.ts';
import type { Layout } from '../../src/store/layout.ts';
import { DEFAULT_CONFIG, type Config } from '../../src/text/config.ts';
import { writeStanza } from '../../src/text/patch-write.ts';

/** Texts by their paths below `index/`. */
export type Texts = ReadonlyMap<string, string>;

export const CONFIG: Config = { ...DEFAULT_CONFIG, name: 'laptop', id: '5e6f7a8b9c0d1e2f' };

/** Flushing costs a hundred times what the rest does, and a test cannot see it. */
export const quick: Disk = { ...nodeDisk, fsync: () => undefined, flushVolume: () => undefined };

/** In memory where that can be had: some of these tests make ten thousand files. */
const PLACE = fs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder that is gone after the test. */
export function temporary(t: TestContext, place = PLACE): string {
  const path = fs.realpathSync(fs.mkdtempSync(join(place, 'dbk-store-')));
  t.after(() => fs.rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A new repository in a folder, without the texts that a new one has: tests begin with an empty index. */
export function emptyRepository(root: string, disk: Disk = nodeDisk): Commits {
  const layout = createRepository(nodeDisk, join(root, '.dbk'), CONFIG);
  for (const name of fs.readdirSync(layout.index)) fs.rmSync(join(layout.index, name));
  return openCommits(disk, layout);
}

/** Texts as a literal; undefined values are left out. */
export function texts(literal: Readonly<Record<string, string | undefined>>): Texts {
  const entries = Object.entries(literal).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return new Map(entries);
}

/** A date that is later for each number. */
export function dateOf(number: number): string {
  return `${new Date(Date.UTC(2026, 10, 22) + number * 1000).toISOString().slice(0, 19)}+00:00`;
}

export interface CommitOptions {
  readonly parents?: readonly CommitId[];
  readonly date?: string;
  readonly message?: string;
  /** New path to old path. */
  readonly renames?: ReadonlyMap<string, string>;
}

/** The fields of a commit of these texts. */
export function fieldsOf(after: Texts, options: CommitOptions = {}): Omit<Commit, 'changes'> {
  return {
    parents: options.parents ?? [],
    index: indexOf(after),
    author: 'Ada <ada@example.org>',
    repository: 'laptop',
    date: options.date ?? dateOf(0),
    moved: [],
    forgotten: [],
    summary: { added: 0, changed: 0, moved: 0, removed: 0, metadata: 0 },
    message: options.message ?? '',
  };
}

/** Writes a commit that makes the texts `after` of `before`. */
export function writeTexts(
  commits: Commits,
  before: Texts,
  after: Texts,
  options: CommitOptions = {},
): CommitId {
  const writer = commits.beginCommit();
  for (const change of differences(before, after, options.renames)) writer.write(writeStanza(change, digest));
  return writer.finish(fieldsOf(after, options));
}

/** Commits without texts; each row names its parents by their place in the list, and its second. */
export function graph(
  commits: Commits,
  rows: readonly (readonly [parents: readonly number[], second: number])[],
): CommitId[] {
  const ids: CommitId[] = [];
  for (const [number, [parents, second]] of rows.entries()) {
    const options = {
      parents: parents.map((parent) => ids[parent]!),
      date: dateOf(second),
      message: `${number}`,
    };
    ids.push(writeTexts(commits, new Map(), new Map(), options));
  }
  return ids;
}

/** The commits of a repository as another process sees them. */
export function again({ layout }: Commits): Commits {
  return openCommits(quick, layout);
}

/** The code that an action is refused with; undefined where it is not. */
export function refusedWith(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
}

/** A copy of a folder; many times faster than cpSync. */
export function copyTree(from: string, to: string): void {
  fs.mkdirSync(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else fs.copyFileSync(source, target);
  }
}

/** What is different, sorted by path; a rename is one change. */
export function differences(
  before: Texts,
  after: Texts,
  renames: ReadonlyMap<string, string> = new Map(),
): TextChange[] {
  const changes: TextChange[] = [];
  const sources = new Set(renames.values());
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const from = renames.get(path);
    if (sources.has(path) && !after.has(path)) continue;
    const change = { path, before: before.get(from ?? path), after: after.get(path) };
    if (from !== undefined) changes.push({ ...change, from });
    else if (change.before !== change.after) changes.push(change);
  }
  return changes.sort((a, b) => compareBytes(a.path, b.path));
}

/** The digest of all texts, as a commit says it. */
export function indexOf(all: Texts): ContentId {
  const lines = [...all]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([path, text]) => `${digest(text)}  ${path}\n`);
  return digest(lines.join(''));
}

/** The files below a folder with their contents; empty folders are named with a final '/'. */
export function readTree(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const read = (path: string): void => {
    const names = fs.readdirSync(join(folder, path)).sort();
    if (names.length === 0 && path !== '') found.set(`${path}/`, '');
    for (const name of names) {
      const below = path === '' ? name : `${path}/${name}`;
      const stats = fs.lstatSync(join(folder, below));
      if (stats.isDirectory()) read(below);
      else found.set(below, stats.isFile() ? fs.readFileSync(join(folder, below), 'utf8') : 'no file');
    }
  };
  if (fs.existsSync(folder)) read('');
  return found;
}

/** Files below `.dbk` that only a process that ended too early leaves. */
export function leftoversIn(layout: Layout): string[] {
  const paths = [...readTree(layout.home).keys()].filter((path) => path !== 'local/new/');
  return paths.filter((path) => path.includes('$new-') || /^local\/(new|journal|lock)/.test(path));
}

export function sorted(map: ReadonlyMap<string, string>): [string, string][] {
  return [...map].sort(([a], [b]) => compareBytes(a, b));
}
