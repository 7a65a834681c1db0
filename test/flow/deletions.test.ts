/** What is gone: missing until a person confirms it, and what may stand in its place meanwhile. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { CommitOptions } from '../../src/flow/commit.ts';
import type { Gone } from '../../src/flow/deletions.ts';
import type { Repository } from '../../src/flow/repository.ts';
import {
  codesOf,
  commitAll,
  newRepository,
  put,
  remove,
  reopened,
  statusOf,
  textsIn,
  treeAt,
} from './fixture.ts';

before(() => loadBlake3());

const TREE = {
  a: 'a',
  b: 'b',
  c: 'c',
  d: 'd',
  'Music/one': '1',
  'Music/two': '2',
  'Music/three': '3',
  'Music/deep/four': '4',
  'Music/deep/er/five': '5',
  'Other/six': '6',
  'Other/seven': '7',
  'Other/eight': '8',
  empty: null,
};

async function prepared(
  t: TestContext,
  tree: Readonly<Record<string, string | null>> = TREE,
): Promise<Repository> {
  const repository = await newRepository(t);
  put(repository.root, tree);
  await commitAll(repository);
  return repository;
}

interface Outcome {
  /** What was asked about; undefined: nobody was asked. */
  readonly asked: readonly string[] | undefined;
  readonly changes: readonly string[];
  readonly unconfirmed: number;
  readonly missing: readonly string[];
}

/** A commit at which a person is asked, and answers. */
async function commitAsking(
  repository: Repository,
  answer: boolean,
  options: Partial<CommitOptions> = {},
): Promise<Outcome> {
  let asked: string[] | undefined;
  const ask = (gone: Gone): Promise<boolean> => {
    asked = [...gone.files, ...gone.directories.map(({ path, files }) => `${path}/ ${files}`)];
    return Promise.resolve(answer);
  };
  const result = await commitAll(reopened(repository), { confirmDeletions: false, ask, ...options });
  const changes = result.changes.map(({ kind, path }) => `${kind} ${path}`).sort();
  return { asked, changes, unconfirmed: result.unconfirmed, missing: missingIn(repository) };
}

/** What the repository says of itself to others. */
function missingIn({ layout }: Repository): string[] {
  const text = fs.readFileSync(join(layout.repositories, 'laptop.yaml'), 'utf8');
  const list = /^missing:\n((?: {2}- .*\n)*)/m.exec(text)?.[1] ?? '';
  return [...list.matchAll(/^ {2}- (.*)$/gm)].map(([, path]) => path!);
}

function headOf({ layout }: Repository): string {
  return fs.readFileSync(layout.head, 'utf8');
}

const QUIET: Outcome = { asked: undefined, changes: [], unconfirmed: 0, missing: [] };

test('what is gone is missing, and asked about at every commit, until a person says yes', async (t) => {
  const repository = await prepared(t);
  const head = headOf(repository);
  remove(repository.root, 'a', 'Music/deep', 'empty');
  const gone = ['a', 'Music/deep/ 1', 'Music/deep/er/ 1', 'empty/ 0'];
  const missing = ['Music/deep/', 'a', 'empty/'];
  const seen = ['missing directory Music/deep', 'missing directory Music/deep/er', 'missing directory empty'];
  seen.push('missing file Music/deep/er/five', 'missing file Music/deep/four', 'missing file a');
  for (let i = 0; i < 3; i++) {
    assert.deepEqual((await statusOf(reopened(repository))).changes, seen);
    const refused = await commitAsking(repository, false);
    assert.deepEqual(refused, { asked: gone, changes: [], unconfirmed: 3, missing });
    assert.equal(headOf(repository), head, 'nothing to commit, no commit');
    // Who knows nothing of the last look is asked about the same.
    if (i === 1) fs.rmSync(repository.layout.local, { recursive: true });
  }
  // Nobody is there to be asked.
  const alone = await commitAll(reopened(repository), { confirmDeletions: false });
  assert.deepEqual([alone.commit, alone.unconfirmed, headOf(repository)], [undefined, 3, head]);

  const confirmed = await commitAsking(repository, true);
  assert.deepEqual(confirmed, {
    asked: gone,
    changes: [
      'removed Music/deep',
      'removed Music/deep/er',
      'removed Music/deep/er/five',
      'removed Music/deep/four',
      'removed a',
      'removed empty',
    ],
    unconfirmed: 0,
    missing: [],
  });
  assert.deepEqual((await statusOf(reopened(repository))).changes, []);
  assert.deepEqual(await commitAsking(repository, false), QUIET);
});

test('other changes are recorded while something is missing', async (t) => {
  const repository = await prepared(t);
  remove(repository.root, 'a', 'Music/one');
  put(repository.root, { b: 'changed', 'Music/new': 'new' });
  const outcome = await commitAsking(repository, false);
  assert.deepEqual(outcome.changes, ['added Music/new', 'changed b']);
  assert.deepEqual(outcome.missing, ['Music/one', 'a']);
  const recorded = [...treeAt(repository, repository.commits.readHead()!).keys()];
  assert.ok(recorded.includes('a') && recorded.includes('Music/one'));
});

test('what comes back is not missing any more', async (t) => {
  const repository = await prepared(t);
  const kept = `${repository.root}-kept`;
  fs.mkdirSync(kept);
  for (const name of ['a', 'Music']) fs.renameSync(join(repository.root, name), join(kept, name));
  put(repository.root, { Music: null });
  assert.deepEqual((await commitAsking(repository, false)).unconfirmed, 6);
  fs.rmdirSync(join(repository.root, 'Music'));
  for (const name of ['a', 'Music']) fs.renameSync(join(kept, name), join(repository.root, name));
  assert.deepEqual((await statusOf(reopened(repository))).changes, []);
  assert.deepEqual(await commitAsking(repository, false), QUIET);
});

test('much is confirmed by the flag alone', async (t) => {
  const rows: [
    what: string,
    gone: readonly string[],
    settings: { confirm?: number; folders?: string },
    isAsked: boolean,
  ][] = [
    ['some', ['a', 'Music'], {}, true],
    ['half of all', ['Music', 'a'], {}, true],
    ['more than half of all', ['Music', 'a', 'b'], {}, false],
    ['as many as the config says', ['a', 'b'], { confirm: 2 }, true],
    ['one more', ['a', 'b', 'c'], { confirm: 2 }, false],
    ['half of a type', ['Other/six'], { folders: '  Other: music\n' }, true],
    ['more than half of a type', ['Other/six', 'Other/seven'], { folders: '  Other: music\n' }, false],
    ['all of a type', ['Music'], { folders: '  Music: music\n  Other: pictures\n' }, false],
    ['a part of one type in two folders', ['Other'], { folders: '  Music: music\n  Other: music\n' }, true],
    ['an empty folder', ['empty'], { confirm: 0 }, true],
  ];
  for (const [what, gone, { confirm, folders }, isAsked] of rows) {
    const repository = await prepared(t);
    const { root, layout } = repository;
    if (confirm !== undefined) configure(layout.config, confirm);
    if (folders !== undefined)
      fs.writeFileSync(join(layout.index, 'policy.yaml'), `dbk: policy 1\nfolders:\n${folders}`);
    remove(root, ...gone);
    const dry = await commitAsking(repository, false, { dryRun: true });
    assert.equal(dry.asked !== undefined, isAsked, what);
    const { asked, unconfirmed } = await commitAsking(repository, true);
    assert.equal(asked !== undefined, isAsked, what);
    assert.equal(unconfirmed === 0, isAsked, what);
    const flagged = await commitAsking(repository, false, { confirmDeletions: true });
    assert.deepEqual([flagged.asked, flagged.unconfirmed, flagged.missing], [undefined, 0, []], what);
    assert.deepEqual((await statusOf(reopened(repository))).changes, [], what);
  }
});

function configure(path: string, confirm: number): void {
  fs.writeFileSync(path, fs.readFileSync(path, 'utf8').replace(/^confirm: .*$/m, `confirm: ${confirm}`));
}

test('what was written about a thing goes with its deletion, and stays while nobody confirmed it', async (t) => {
  const repository = await prepared(t);
  const { root, layout } = repository;
  const about = {
    'tree/$a.metadata': 'about a',
    'tree/$b.metadata': 'about b',
    'tree/Music/$.metadata': 'about Music',
    'tree/Music/$one.metadata': 'about one',
    'tree/Music/deep/er/$five.metadata': 'about five',
    'tree/Other/$.metadata': 'about Other',
    'tree/empty/$.metadata': 'about empty',
  };
  put(layout.index, about);
  put(root, { 'Music/.dbkignore': '#\n', 'Music/deep/.dbkignore': '#\n' });
  await commitAll(reopened(repository));
  remove(root, 'a', 'Music', 'empty');
  const texts = (): string[] =>
    [...textsIn(layout.index).keys()].filter((path) => /metadata$|rules$/.test(path)).sort();
  const all = texts();
  assert.equal(all.length, 9);
  await commitAsking(repository, false);
  assert.deepEqual(texts(), all);
  const { changes } = await commitAsking(repository, false, { confirmDeletions: true });
  assert.deepEqual(texts(), ['tree/$b.metadata', 'tree/Other/$.metadata']);
  assert.ok(changes.every((change) => change.startsWith('removed ')));
  assert.deepEqual((await statusOf(reopened(repository))).changes, []);
});

test('what stands in the place of something missing is said, and recorded once that is confirmed', async (t) => {
  const rows: [what: string, edit: (root: string) => void, blocked: string][] = [
    ['a file where a folder was', (root) => put(root, { Music: 'a file' }), 'Music'],
    ['a link where a folder was', (root) => put(root, { Music: '-> a' }), 'Music'],
    ['a folder where a file was', (root) => put(root, { 'a/in/it': 'x', 'a/.dbkignore': '#\n' }), 'a'],
    ['an empty folder where a file was', (root) => put(root, { 'Other/six': null }), 'Other/six'],
    ['a file where an empty folder was', (root) => put(root, { empty: 'a file' }), 'empty'],
  ];
  for (const [what, edit, path] of rows) {
    const repository = await prepared(t);
    const before = treeAt(repository, repository.commits.readHead()!);
    const texts = textsIn(repository.layout.index);
    if (path === 'Music') remove(repository.root, 'Music');
    edit(repository.root);
    for (let i = 0; i < 2; i++) {
      const result = await commitAll(reopened(repository), { confirmDeletions: false });
      assert.deepEqual(
        [result.commit, codesOf(result.problems)],
        [undefined, [`scan/blocked ${path}`]],
        what,
      );
      assert.deepEqual(textsIn(repository.layout.index), texts, what);
      await statusOf(reopened(repository));
    }
    assert.deepEqual(treeAt(repository, repository.commits.readHead()!), before, what);
    const { problems } = await commitAll(reopened(repository));
    assert.deepEqual(problems, [], what);
    assert.deepEqual((await statusOf(reopened(repository))).changes, [], what);
    const after = treeAt(repository, repository.commits.readHead()!);
    assert.notEqual(after.get(path)!.kind, before.get(path)!.kind, what);
  }
});

test('a dry run records nothing and says the same', async (t) => {
  const repository = await prepared(t);
  remove(repository.root, 'a');
  put(repository.root, { b: 'changed', new: 'new' });
  const head = headOf(repository);
  const before = textsIn(repository.layout.home);
  const dry = await commitAll(reopened(repository), { dryRun: true });
  assert.equal(headOf(repository), head);
  const after = textsIn(repository.layout.home);
  for (const [path, text] of before)
    if (!path.startsWith('local/')) assert.equal(after.get(path), text, path);
  const wet = await commitAll(reopened(repository));
  assert.deepEqual(dry.changes, wet.changes);
  assert.deepEqual(dry.summary, wet.summary);
});
