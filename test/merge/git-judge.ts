/** What `git merge-tree` (merge-ort, `merge.directoryRenames=true`) makes of random trees. */

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { carried, directoryRenames, type DirectoryRenames } from '../../src/merge/directory-renames.ts';
import { entryAt, otherSide, SIDES, type MergeQuestion, type SideName } from '../../src/merge/state.ts';
import type { Entry } from '../../src/model/manifest.ts';
import type { Name } from '../../src/model/name.ts';
import { childOf, parentOf, ROOT, type RepositoryPath } from '../../src/model/path.ts';
import type { Literal, ThreeTrees } from './trees.ts';

/** The merged tree where git merges without a conflict; undefined where it does not. */
export function judgeByGit(folder: string, merges: readonly ThreeTrees[]): (Literal | undefined)[] {
  const git = (args: readonly string[], input?: string): Buffer =>
    execFileSync('git', ['-C', folder, ...args], { input, maxBuffer: 1 << 30, env: GIT_ENV });
  git(['init', '-q', '--bare', '.']);
  git(['config', 'merge.directoryRenames', 'true']);
  const contents = new Map<string, string>();
  git(['fast-import', '--quiet', '--force'], fastImport(merges, contents));
  const roots = mergedRoots(
    folder,
    merges.map((_, i) => `ours-${i} theirs-${i}\n`),
  );
  const trees = readTrees(
    roots.filter((id) => id !== undefined),
    git,
  );
  return roots.map((id) => (id === undefined ? undefined : literalOfTree(id, trees, contents)));
}

/** Fails an assertion of git's own on some merges that it takes at once; those it cannot judge. */
function mergedRoots(folder: string, pairs: readonly string[]): (string | undefined)[] {
  const result = spawnSync(
    'git',
    ['-C', folder, 'merge-tree', '--write-tree', '--stdin', '-z', '--no-messages'],
    { input: pairs.join(''), maxBuffer: 1 << 30, env: GIT_ENV },
  );
  if (result.status === 0) return cleanTrees(result.stdout.toString(), pairs.length);
  if (result.signal !== 'SIGABRT') throw new Error(`git merge-tree: ${result.stderr.toString()}`);
  if (pairs.length === 1) return [undefined];
  const half = Math.ceil(pairs.length / 2);
  return [pairs.slice(0, half), pairs.slice(half)].flatMap((some) => mergedRoots(folder, some));
}

/** Of each merge: '1' if it is clean, its tree, and where it is not the files in conflict; NUL NUL ends it. */
function cleanTrees(answers: string, count: number): (string | undefined)[] {
  let at = 0;
  return Array.from({ length: count }, () => {
    const isClean = answers[at] === '1';
    const [, tree = ''] = answers.slice(at, at + 100).split('\0');
    at = answers.indexOf('\0\0', at + 2) + 2;
    return isClean ? tree : undefined;
  });
}

type Tree = readonly { readonly name: string; readonly id: string; readonly isFolder: boolean }[];

/** These trees and all below them, level by level: git is asked once for each. */
function readTrees(
  roots: readonly string[],
  git: (args: readonly string[], input: string) => Buffer,
): ReadonlyMap<string, Tree> {
  const trees = new Map<string, Tree>();
  for (let wanted = new Set(roots); wanted.size > 0;) {
    const answer = git(['cat-file', '--batch'], [...wanted].map((id) => `${id}\n`).join(''));
    let at = 0;
    for (const id of wanted) {
      const end = answer.indexOf('\n', at);
      const size = Number(answer.toString('latin1', at, end).split(' ')[2]);
      trees.set(id, parseTree(answer.subarray(end + 1, end + 1 + size)));
      at = end + 2 + size;
    }
    const below = [...wanted].flatMap((id) =>
      trees
        .get(id)!
        .filter((it) => it.isFolder)
        .map((it) => it.id),
    );
    wanted = new Set(below.filter((id) => !trees.has(id)));
  }
  return trees;
}

/** `MODE NAME`, NUL, and the twenty bytes of the id. */
function parseTree(bytes: Buffer): Tree {
  const entries: { name: string; id: string; isFolder: boolean }[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    const [mode = '', name = ''] = bytes.toString('utf8', at, end).split(' ');
    const id = bytes.toString('hex', end + 1, end + 21);
    entries.push({ name, id, isFolder: mode === '40000' });
    at = end + 21;
  }
  return entries;
}

/** undefined where git made a content that no side has, line by line: of that it is no judge. */
function literalOfTree(
  root: string,
  trees: ReadonlyMap<string, Tree>,
  contents: ReadonlyMap<string, string>,
): Literal | undefined {
  const found: Record<string, string | undefined> = {};
  const add = (id: string, above: string): void => {
    for (const { name, id: below, isFolder } of trees.get(id)!) {
      if (isFolder) add(below, `${above}${name}/`);
      else found[above + name] = contents.get(below);
    }
  };
  add(root, '');
  return Object.values(found).includes(undefined) ? undefined : (found as Literal);
}

/** Whether there is a git that can be asked. */
export function canJudge(): boolean {
  const { stdout } = spawnSync('git', ['version'], { encoding: 'utf8' });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 39);
}

/** Why git may differ; each reason stands in src/merge/README.md. */
export function isBeyondGit(question: MergeQuestion): boolean {
  return knowsMore(question) || isShy(question);
}

/**
 * dbk knows of a move that git cannot: by a name in a folder, onto a path where something stood, or away from one
 * where something stands now.
 */
function knowsMore({ base, ours, theirs }: MergeQuestion): boolean {
  return [ours, theirs].some(({ moves, after }) =>
    moves.things.some(
      ({ from, to, by }) =>
        by === 'name' || entryAt(base, to.path) !== undefined || entryAt(after, from.path) !== undefined,
    ),
  );
}

/** git takes nothing along from where a rename would put something of the other side, even if that stays in the end. */
function isShy(question: MergeQuestion): boolean {
  const renames = directoryRenames(question);
  return SIDES.some((side) => {
    const implied = new Set<RepositoryPath>();
    for (const path of addedOn(question, side)) {
      const to = carried(path, renames[otherSide(side)], NO_RENAMES);
      if (to !== undefined) implied.add(to);
    }
    return addedOn(question, otherSide(side)).some(
      (path) => implied.has(path) && carried(path, renames[side], renames[otherSide(side)]) !== undefined,
    );
  });
}

const NO_RENAMES: DirectoryRenames = { to: new Map(), split: new Map() };

function addedOn(question: MergeQuestion, side: SideName): RepositoryPath[] {
  return question[side].changes.flatMap(({ path, before, after }) =>
    [...(after?.files.keys() ?? [])]
      .filter((name) => before?.files.has(name) !== true)
      .map((name) => childOf(path, name)),
  );
}

/** Whether one has renames that the other has not. */
export function isSameRenames(
  a: Record<SideName, DirectoryRenames>,
  b: Record<SideName, DirectoryRenames>,
): boolean {
  return SIDES.every(
    (side) => a[side].to.size === b[side].to.size && a[side].split.size === b[side].split.size,
  );
}

/**
 * The renames as git takes them: it looks where a folder went only if the other side put a file into it directly,
 * so it leaves behind a new folder with files in it. dbk takes that along, and all else is to be the same.
 */
export function asGitLooks(question: MergeQuestion): Record<SideName, DirectoryRenames> {
  const renames = directoryRenames(question);
  const looked = (side: SideName): DirectoryRenames => {
    const { changes } = question[otherSide(side)];
    const isGone = (folder: RepositoryPath): boolean => question[side].after.manifest(folder) === undefined;
    const put = new Set(
      changes.flatMap(({ path, before, after }) =>
        before !== undefined && isGone(path) && isPut(before.files, after?.files) ? [path] : [],
      ),
    );
    return {
      split: new Map([...renames[side].split].filter(([folder]) => isLooked(folder, put))),
      to: new Map([...renames[side].to].filter(([folder]) => isLooked(folder, put))),
    };
  };
  return { ours: looked('ours'), theirs: looked('theirs') };
}

function isPut(before: ReadonlyMap<Name, Entry>, after: ReadonlyMap<Name, Entry> | undefined): boolean {
  return [...(after?.keys() ?? [])].some((name) => !before.has(name));
}

/** A file was put into the folder, or into one above it. */
function isLooked(folder: RepositoryPath, put: ReadonlySet<RepositoryPath>): boolean {
  for (let at = folder; at !== ROOT; at = parentOf(at)) if (put.has(at)) return true;
  return false;
}

const GIT_ENV = {
  PATH: '/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  HOME: '/nonexistent',
  GIT_AUTHOR_DATE: '0 +0000',
  GIT_COMMITTER_DATE: '0 +0000',
};

/** The trees as a stream of commits; `contents` gets what git's ids of the files mean. */
function fastImport(merges: readonly ThreeTrees[], contents: Map<string, string>): string {
  const lines: string[] = [];
  const marks = new Map<string, number>();
  const blob = (content: string): number => {
    const known = marks.get(content);
    if (known !== undefined) return known;
    const mark = marks.size + 1;
    marks.set(content, mark);
    const id = createHash('sha1')
      .update(`blob ${Buffer.byteLength(content)}\0${content}`)
      .digest('hex');
    contents.set(id, content);
    lines.push('blob', `mark :${mark}`, `data ${Buffer.byteLength(content)}`, content);
    return mark;
  };
  const commit = (name: string, from: string | undefined, tree: Literal): void => {
    const files = Object.entries(tree).filter(([path]) => !path.endsWith('/'));
    const entries = files.map(([path, content]) => `M 100644 :${blob(content)} ${path}`);
    lines.push(`commit refs/heads/${name}`, 'committer A <a@b> 0 +0000', 'data 1', 'm');
    if (from !== undefined) lines.push(`from refs/heads/${from}`);
    lines.push('deleteall', ...entries);
  };
  merges.forEach(({ base, ours, theirs }, i) => {
    commit(`base-${i}`, undefined, base);
    commit(`ours-${i}`, `base-${i}`, ours);
    commit(`theirs-${i}`, `base-${i}`, theirs);
  });
  return lines.join('\n') + '\n';
}
