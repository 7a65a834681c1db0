import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { MoveFacts } from '../../src/diff/move-facts.ts';
import { findMoves } from '../../src/diff/moves.ts';
import type { MoveAnswer, MoveQuestion } from '../../src/diff/moves.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { MemoryDisk, holds, questionOf, type Lists, type State } from './moves-disk.ts';

const SEED = 3;
const NAMES = ['a', 'b', 'c', '__proto__'] as const;
const CONTENTS = ['', 'x', 'y', '1', '2', '3', '4', '5', '6'];

const names = fc.constantFrom(...NAMES);
const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const contents = fc.constantFrom(...CONTENTS);
const filesToBegin = fc.array(fc.tuple(paths, contents), { minLength: 1, maxLength: 12 });
/** What is done, to which of the things that are there, and where to: a path, or beside another thing. */
const acts = fc.array(
  fc.record({
    word: fc.constantFrom('mv', 'mv', 'mv', 'swap', 'swap', 'backup', 'cp', 'put', 'write', 'rm', 'anew'),
    which: fc.nat(99),
    other: fc.nat(99),
    path: fc.oneof(paths, fc.constant(undefined)),
    content: contents,
  }),
  { maxLength: 8 },
);

interface Story {
  readonly before: State;
  readonly now: State;
}

const stories: fc.Arbitrary<Story> = fc.tuple(filesToBegin, acts).map(([begin, list]) => {
  const disk = new MemoryDisk([]);
  for (const [path, content] of begin) if (canStand(disk, path)) disk.do(`put ${path} ${content}`);
  const before = disk.state;
  for (const act of list) perform(disk, act);
  return { before, now: disk.state };
});

/** Whether a file may be put at a path: no folder is there, and no file is in the way. */
function canStand(disk: MemoryDisk, path: string): boolean {
  if (disk.isFolder(path)) return false;
  const parts = path.split('/');
  return parts.slice(1).every((_, i) => {
    const above = parts.slice(0, i + 1).join('/');
    return !disk.has(above) || disk.isFolder(above);
  });
}

function perform(disk: MemoryDisk, act: Act): void {
  const there = [...disk.state.keys()].sort();
  if (there.length === 0) return;
  const one = there[act.which % there.length]!;
  const other = act.path ?? there[act.other % there.length]!;
  const isApart = one !== other && !one.startsWith(`${other}/`) && !other.startsWith(`${one}/`);
  const isFile = !disk.isFolder(one);
  if (act.word === 'rm') disk.do(`rm ${one}`);
  else if (act.word === 'put' && canStand(disk, other)) disk.do(`put ${other} ${act.content}`);
  else if (act.word === 'write' && isFile) disk.do(`write ${one} ${act.content}`);
  else if (act.word === 'backup' && isFile && !disk.has(`${one}~`)) {
    disk.do(`mv ${one} ${one}~`);
    disk.do(`put ${one} ${act.content}`);
  } else if (act.word === 'anew' && !isFile) {
    disk.do(`mv ${one} t`);
    disk.do(`mkdir ${one}`);
    disk.do(`mv t ${one}/${act.content === '' ? 'a' : NAMES[act.other % NAMES.length]!}`);
  } else if (!isApart) return;
  else if (act.word === 'mv' && canStand(disk, other)) disk.do(`mv ${one} ${other}`);
  else if (act.word === 'cp' && isFile && canStand(disk, other)) disk.do(`cp ${one} ${other}`);
  else if (act.word === 'swap' && disk.has(other)) {
    for (const step of [`mv ${one} t`, `mv ${other} ${one}`, `mv t ${other}`]) disk.do(step);
  }
}

type Act = typeof acts extends fc.Arbitrary<readonly (infer A)[]> ? A : never;

function check(law: (story: Story, question: Lists, answer: MoveAnswer) => void, runs = 4000): void {
  const property = fc.property(stories, fc.boolean(), (story, keepsInodes) => {
    const question = questionOf(story.before, story.now, keepsInodes);
    law(story, question, findMoves(question));
  });
  fc.assert(property, { seed: SEED, numRuns: runs });
}

test('a path is the source of at most one move and the target of at most one', () => {
  check((_story, question, { things }) => {
    const edits = question.replaced.filter(
      ({ before, after }) => before.inode && before.inode === after.inode,
    );
    const edited = new Set(edits.map(({ before }) => before.path));
    const may = (list: readonly { path: string }[], side: 'before' | 'after'): Set<string> =>
      new Set([...list, ...question.replaced.map((it) => it[side])].map(({ path }) => path));
    const [sources, targets] = [may(question.vanished, 'before'), may(question.appeared, 'after')];
    for (const { from, to } of things) {
      assert.ok(sources.delete(from.path) && targets.delete(to.path), `${from.path} > ${to.path}`);
      assert.ok(!edited.has(from.path) && !edited.has(to.path) && from.path !== to.path);
    }
  });
});

test('what is still there moved only if what stands there now moved there', () => {
  check((_story, question, { things }) => {
    const targets = new Set(things.map(({ to }) => to.path));
    const replaced = new Set(question.replaced.map(({ before }) => before.path));
    for (const { from } of things) assert.ok(!replaced.has(from.path) || targets.has(from.path), from.path);
  });
});

test('moves, removals, additions and changes applied to the old tree give the new one', () => {
  check(({ before, now }, question, { things }) => {
    const tree = contentsOf(before);
    const lifted = things.map(({ from, to }) => {
      const content = tree.get(from.path)!;
      return { to: to.path, content: from.content === to.content ? content : to.content! };
    });
    const targets = new Set(lifted.map(({ to }) => to));
    for (const { from } of things) tree.delete(from.path);
    for (const { path } of question.vanished) tree.delete(path);
    for (const { to, content } of lifted) tree.set(to, content);
    for (const { path, content } of question.appeared) if (!targets.has(path)) tree.set(path, content!);
    for (const { after } of question.replaced)
      if (!targets.has(after.path)) tree.set(after.path, after.content!);
    assert.deepEqual(new Map([...tree].sort()), new Map([...contentsOf(now)].sort()));
  });
});

function contentsOf(state: State): Map<string, string> {
  const files = new Map<string, string>();
  for (const [path, { content }] of state) if (content !== undefined) files.set(path, content);
  return files;
}

test('the lines say exactly the moves, forwards and backwards', () => {
  check((story, _question, { moved, things }) => expand(story, moved, things), 20_000);
});

test('so they do where a person told some of the moves', () => {
  const told = fc.array(fc.record({ from: paths, to: paths }), { maxLength: 4 });
  const property = fc.property(stories, fc.boolean(), told, (story, keepsInodes, facts) => {
    const question = {
      ...questionOf(story.before, story.now, keepsInodes),
      told: facts as { from: RepositoryPath; to: RepositoryPath }[],
    };
    const { moved, things } = findMoves(question);
    expand(story, moved, things);
  });
  fc.assert(property, { seed: SEED, numRuns: 10_000 });
});

function expand({ before, now }: Story, moved: MoveAnswer['moved'], things: MoveAnswer['things']): void {
  const facts = new MoveFacts(moved, {
    wasThere: (path) => holds(before, path),
    isThere: (path) => holds(now, path),
  });
  const lines = moved.map(({ from, to }) => `${from} > ${to}`);
  const there = thingsOf(before).flatMap((path) => pairText(path, facts.forwards(path)));
  const back = thingsOf(now).flatMap((path) => pairText(facts.backwards(path), path));
  const expected = things.map(({ from, to }) => `${from.path} > ${to.path}`).sort();
  assert.deepEqual({ lines, there: there.sort() }, { lines, there: expected });
  assert.deepEqual({ lines, back: back.sort() }, { lines, back: expected });
}

function thingsOf(state: State): RepositoryPath[] {
  return [...state.keys()].filter((path) => holds(state, path)) as RepositoryPath[];
}

function pairText(from: string | undefined, to: string | undefined): string[] {
  return from === undefined || to === undefined ? [] : [`${from} > ${to}`];
}

test('the order in which things are given means nothing', () => {
  const property = fc.property(
    stories,
    fc.boolean(),
    fc.infiniteStream(fc.nat()),
    (story, keepsInodes, dice) => {
      const question = questionOf(story.before, story.now, keepsInodes);
      const shuffled: Record<string, unknown[]> = {};
      for (const [key, list] of Object.entries(question) as [keyof MoveQuestion, unknown[]][])
        shuffled[key] = list
          .map((it) => ({ it, at: dice.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ it }) => it);
      assert.deepEqual(findMoves(shuffled as unknown as MoveQuestion), findMoves(question));
    },
  );
  fc.assert(property, { seed: SEED, numRuns: 4000 });
});

test('a folder that moved is named once, and none of its lines says what another one says', () => {
  check((_story, _question, { folders, moved }) => {
    assert.equal(new Set(folders.map(({ from }) => from)).size, folders.length);
    const keys = moved.map(({ to, from }) => `${to}\0${from}`);
    assert.deepEqual(keys, [...new Set(keys)]);
    assert.equal(new Set(moved.map(({ from }) => from)).size, moved.length);
  });
});

// ---- Git as the judge

/** Two trees without a common path, and contents of which each stands at most twice in each. */
const apart = fc
  .array(fc.tuple(paths, paths, fc.nat(30), fc.integer({ min: 1, max: 7 })), { minLength: 1, maxLength: 30 })
  .map((rows) => {
    const before = new Map<string, string>();
    const now = new Map<string, string>();
    for (const [one, other, content, sides] of rows) {
      if ((sides & 1) !== 0) before.set(`${one}/f`, `content ${content}`);
      if ((sides & 2) !== 0) now.set(`${other}/g`, `content ${content}`);
    }
    return { before, now };
  });

test('by content alone, what git finds too wherever its answer is the only one', (t) => {
  if (spawnSync('git', ['--version']).error !== undefined) return t.skip('needs git');
  const folder = mkdtempSync(join(tmpdir(), 'dbk-moves-'));
  try {
    git(folder, ['init', '-q', '--bare', '.']);
    const property = fc.property(apart, ({ before, now }) => {
      assert.deepEqual(uniqueOf(before, now, pairsOfDbk(before, now)), gitPairs(folder, before, now));
    });
    fc.assert(property, { seed: SEED, numRuns: 40 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

type Tree = ReadonlyMap<string, string>;

function git(folder: string, words: readonly string[], input = ''): string {
  const result = spawnSync('git', ['-C', folder, ...words], { input, encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
}

/** One fast-import makes both trees; `git diff` pairs them. */
function gitPairs(folder: string, before: Tree, now: Tree): string[] {
  const commit = (name: string, tree: Tree): string => {
    const files = [...tree].map(([path, text]) => `M 644 inline "${path}"\ndata ${text.length}\n${text}\n`);
    return `commit refs/heads/${name}\ncommitter a <a> 0 +0000\ndata 0\ndeleteall\n${files.join('')}\n`;
  };
  git(folder, ['fast-import', '--quiet', '--force'], commit('before', before) + commit('now', now));
  const raw = git(folder, ['diff', '--raw', '-z', '-M100%', '-l0', 'before', 'now']).split('\0');
  const pairs: string[] = [];
  for (let i = 0; i < raw.length - 1;) {
    const isRename = /^:.* R\d+$/.test(raw[i]!);
    if (isRename) pairs.push(`${raw[i + 1]} > ${raw[i + 2]}`);
    i += isRename ? 3 : 2;
  }
  return uniqueOf(before, now, pairs);
}

function pairsOfDbk(before: Tree, now: Tree): string[] {
  const things = (tree: Tree) =>
    [...tree].map(([path, content]) => ({
      path: path as RepositoryPath,
      content,
      inode: undefined,
      size: content.length,
    }));
  const question = { replaced: [], foldersGone: [], foldersNew: [], foldersReplaced: [] };
  const answer = findMoves({ ...question, vanished: things(before), appeared: things(now) });
  return answer.things.map(({ from, to }) => `${from.path} > ${to.path}`);
}

/** Of the pairs those whose content stands once on each side. */
function uniqueOf(before: Tree, now: Tree, pairs: readonly string[]): string[] {
  const count = (tree: Tree, content: string): number =>
    [...tree.values()].filter((it) => it === content).length;
  return pairs
    .filter((pair) => {
      const content = before.get(pair.split(' > ')[0]!)!;
      return count(before, content) === 1 && count(now, content) === 1;
    })
    .sort();
}
