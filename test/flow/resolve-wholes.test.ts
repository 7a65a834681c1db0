/** Conflicts about wholes, and of a file with a folder: one goes, or they change their names. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { countOpenConflicts } from '../../src/flow/conflict-names.ts';
import type { Choice } from '../../src/flow/conflict-deeds.ts';
import { conflicts } from '../../src/flow/conflicts.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { resolve, type Resolved } from '../../src/flow/resolve.ts';
import { undo } from '../../src/flow/undo.ts';
import { ROOT } from '../../src/model/path.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import { temporary } from '../tools/tree.ts';
import {
  codesOf,
  commitAll,
  put,
  quick,
  remove,
  reopened,
  statusOf,
  textsIn,
  treeOnDisk,
} from './fixture.ts';
import { judge, lacksTools } from './judges.ts';
import { mergeFrom, repositories, type Files } from './two-repositories.ts';

before(() => loadBlake3());

const OURS: Choice = { kind: 'ours' };
const THEIRS: Choice = { kind: 'theirs' };
const CHOICES = [OURS, THEIRS] as const;

type Sided = Readonly<Record<string, string | null | undefined>>;

interface Story {
  readonly base: Files;
  readonly ours: Sided;
  readonly theirs: Sided;
}

const GIT: Story = {
  base: { 'P/.git/HEAD': 'main', 'P/.git/refs/heads/main': '1', 'P/.git/objects/aa': 'aa', 'P/code': 'code' },
  ours: { 'P/.git/HEAD': 'main', 'P/.git/refs/heads/main': '2', 'P/.git/objects/bb': 'bb' },
  theirs: { 'P/.git/refs/heads/main': '3', 'P/.git/objects/aa': undefined, 'P/.git/refs/tags/v1/x': '3' },
};
/** The other one has the lower digest. */
const GIT_AGAIN: Story = { base: GIT.base, ours: GIT.theirs, theirs: GIT.ours };
const FOLDER_AND_FILE: Story = {
  base: { 'photos/a.jpg': 'a', 'photos/b/c.jpg': 'c' },
  ours: { 'P/x': 'x', 'P/y/z': 'z' },
  theirs: { P: 'a file' },
};
const FILE_AND_FOLDER: Story = {
  base: FOLDER_AND_FILE.base,
  ours: FOLDER_AND_FILE.theirs,
  theirs: FOLDER_AND_FILE.ours,
};

function change(root: string, side: Sided): void {
  for (const [path, content] of Object.entries(side))
    if (content === undefined) remove(root, path);
    else put(root, { [path]: content });
}

async function sides(t: TestContext, { base, ours, theirs }: Story): Promise<[Repository, Repository]> {
  const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], base)) as [Repository, Repository];
  change(laptop.root, ours);
  change(nas.root, theirs);
  put(nas.root, { 'of nas': 'nas' });
  await commitAll(reopened(laptop));
  await commitAll(reopened(nas));
  return [laptop, nas];
}

/** After the merge, as it is on laptop. */
async function merged(t: TestContext, story: Story): Promise<Repository> {
  const [laptop, nas] = await sides(t, story);
  await mergeFrom(laptop, nas);
  assert.equal(countOpenConflicts(reopened(laptop)), 1);
  return reopened(laptop);
}

function settle(repository: Repository, choice: Choice, dryRun = false): Promise<Resolved> {
  return resolve(repository, { paths: [ROOT], choice, dryRun });
}

/** Files below the folder in question, each with its text. */
function standing({ root }: Repository): Record<string, string> {
  const all = [...treeOnDisk(root)].filter(([path, { kind }]) => kind === 'file' && path.startsWith('P'));
  return Object.fromEntries(all.map(([path]) => [path, fs.readFileSync(join(root, path), 'utf8')]).sort());
}

function all({ root, layout }: Repository): unknown {
  const index = [...textsIn(layout.index)].filter(([path]) => !path.startsWith('repositories'));
  return [[...treeOnDisk(root)].map(([path]) => path).sort(), standing({ root } as Repository), index];
}

function after({ base }: Story, side: Sided): Record<string, string> {
  const files = Object.entries({ ...base, ...side }).filter(
    ([path, text]) => path.startsWith('P') && typeof text === 'string',
  );
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1))) as Record<string, string>;
}

async function settledAndBack(repository: Repository, choice: Choice, expected: object): Promise<void> {
  const first = all(repository);
  const dry = await settle(repository, choice, true);
  assert.deepEqual([dry.settled.length, dry.commits, codesOf(dry.problems)], [1, [], []]);
  assert.deepEqual(all(repository), first);
  const made = await settle(reopened(repository), choice);
  assert.deepEqual([made.settled.length, made.commits.length, made.left], [1, 1, 0]);
  assert.deepEqual(codesOf(made.problems), []);
  assert.deepEqual(standing(repository), expected);
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
  const second = all(repository);
  const back = await undo(reopened(repository), { dryRun: false });
  assert.deepEqual(codesOf(back.problems), []);
  assert.deepEqual(all(repository), first);
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
  await undo(reopened(repository), { dryRun: false });
  assert.deepEqual(all(repository), second);
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
}

for (const [what, story] of [
  ['a repository of git', GIT],
  ['a repository of git, the other way round', GIT_AGAIN],
] as const) {
  for (const choice of CHOICES) {
    test(`${what}: ${choice.kind} is there, whole, and nothing of the other`, async (t) => {
      const repository = await merged(t, story);
      const found: string[] = [];
      await conflicts(repository, {
        paths: [],
        limit: 10,
        report: ({ versions }) => found.push(...versions.map(({ has }) => has.kind)),
      });
      assert.deepEqual(found, ['at', 'at']);
      await settledAndBack(repository, choice, after(story, story[choice.kind as 'ours']));
    });
  }
}

test('what is written about a whole goes and stays with it, and the one that is left is the entity', async (t) => {
  const [laptop, nas] = await sides(t, GIT);
  for (const [repository, whose] of [
    [laptop, 'laptop'],
    [nas, 'nas'],
  ] as const) {
    put(repository.layout.index, { 'tree/P/%2Egit/$.metadata': `---\nwhose: ${whose}\n---\n` });
    put(repository.layout.index, { 'tree/P/%2Egit/refs/heads/$main.metadata': `---\nx: ${whose}\n---\n` });
    await commitAll(reopened(repository));
  }
  await mergeFrom(laptop, nas);
  for (const choice of CHOICES) {
    const made = await settle(reopened(laptop), choice);
    assert.deepEqual([made.left, codesOf(made.problems)], [0, []]);
    const index = textsIn(laptop.layout.index);
    const whose: string = choice === OURS ? 'laptop' : 'nas';
    assert.equal(index.get('tree/P/%2Egit/$.metadata'), `---\nwhose: ${whose}\n---\n`);
    assert.equal(index.get('tree/P/%2Egit/refs/heads/$main.metadata'), `---\nx: ${whose}\n---\n`);
    assert.ok(![...index.keys()].some((path) => path.includes('conflict')));
    await undo(reopened(laptop), { dryRun: false });
  }
});

for (const [what, story] of [
  ['a folder here and a file there', FOLDER_AND_FILE],
  ['a file here and a folder there', FILE_AND_FOLDER],
] as const) {
  for (const choice of CHOICES) {
    test(`${what}: ${choice.kind} has the name, and the other stays beside it`, async (t) => {
      const repository = await merged(t, story);
      const beside = fs.readdirSync(repository.root).find((name) => name.startsWith('P (conflict'))!;
      const isFile = story[choice.kind as 'ours'] === FOLDER_AND_FILE.theirs;
      const [file, folder] = isFile ? ['P', beside] : [beside, 'P'];
      const expected = { [`${folder}/x`]: 'x', [`${folder}/y/z`]: 'z', [file]: 'a file' };
      const sorted = Object.fromEntries(Object.entries(expected).sort(([a], [b]) => (a < b ? -1 : 1)));
      if (isFile) await settledAndBack(repository, choice, sorted);
      const made = await settle(reopened(repository), choice);
      assert.deepEqual(
        [codesOf(made.problems), standing(repository)],
        [isFile ? ['conflict/none '] : [], sorted],
      );
      assert.equal(countOpenConflicts(reopened(repository)), 0);
    });
  }
}

test('a folder is not deleted with something in it that no commit has, or that was changed', async (t) => {
  const [laptop, nas] = await sides(t, GIT);
  await mergeFrom(laptop, nas);
  const first = standing(laptop);
  const second = Object.keys(first).find((path) => path.startsWith('P/.git (conflict'))!;
  const beside = second.slice(0, second.indexOf('/', 'P/.git'.length));
  const saved = `${laptop.root}-saved`;
  execFileSync('cp', ['-a', laptop.root, saved]);
  for (const goes of ['P/.git', beside]) {
    const isOurs = first[`${goes}/refs/heads/main`] === '2';
    const choice = isOurs ? THEIRS : OURS;
    const rows: readonly [Sided, RegExp][] = [
      [{ [`${goes}/index.lock`]: 'new' }, /^conflict\/not-recorded-inside /],
      [{ [`${goes}/refs/empty`]: null }, /^conflict\/not-recorded-inside /],
      [{ '.dbkignore': '*.o\n', [`${goes}/refs/x.o`]: 'ignored' }, /^conflict\/not-recorded-inside /],
      [{ [`${goes}/refs/heads/main`]: 'edited' }, /^conflict\/uncommitted /],
      [{ [`${goes}/HEAD`]: undefined, [`${goes}/HEAD/x`]: 'a folder now' }, /^conflict\/uncommitted /],
    ];
    for (const [edits, code] of rows) {
      change(laptop.root, edits);
      const was = all(laptop);
      const refused = await settle(reopened(laptop), choice);
      const what = JSON.stringify([goes, edits, codesOf(refused.problems)]);
      assert.ok(
        codesOf(refused.problems).some((each) => code.test(each)),
        what,
      );
      assert.equal(refused.left, 1, what);
      assert.deepEqual(all(laptop), was, what);
      fs.rmSync(laptop.root, { recursive: true });
      execFileSync('cp', ['-a', saved, laptop.root]);
      fs.rmSync(laptop.layout.here);
    }
  }
});

test('a whole that is not all here is not chosen over one that is', async (t) => {
  const [laptop, nas] = await sides(t, GIT);
  await mergeFrom(laptop, nas);
  remove(laptop.root, standing(laptop)['P/.git/refs/heads/main'] === '2' ? 'P/.git/objects' : 'P/.git/refs');
  const isOurs = standing(laptop)['P/.git/refs/heads/main'] === '2';
  const was = all(laptop);
  const refused = await settle(reopened(laptop), isOurs ? OURS : THEIRS);
  assert.match(codesOf(refused.problems).join(), /conflict\/not-here P\/\.git\//);
  assert.deepEqual(all(laptop), was);
});

test('conflicts about what was in the whole that goes are over, and the others follow', async (t) => {
  const [laptop, nas] = await sides(t, GIT);
  for (const [repository, value] of [
    [laptop, '1'],
    [nas, '2'],
  ] as const) {
    put(repository.layout.index, { 'tree/P/$code.metadata': `---\nrating: ${value}\n---\n` });
    await commitAll(reopened(repository));
  }
  await mergeFrom(laptop, nas);
  assert.equal(countOpenConflicts(reopened(laptop)), 2);
  const about = 'P/.git' as typeof ROOT;
  const made = await resolve(reopened(laptop), { paths: [about], choice: THEIRS, dryRun: false });
  assert.deepEqual([made.left, codesOf(made.problems)], [1, []]);
});

test('ordinary tools apply what is recorded', async (t) => {
  if (lacksTools(t)) return;
  for (const story of [GIT, GIT_AGAIN, FOLDER_AND_FILE]) {
    const [laptop, nas] = await sides(t, story);
    await mergeFrom(laptop, nas);
    await settle(reopened(laptop), THEIRS);
    // They look at first parents alone.
    const { commits } = reopened(laptop);
    const [, second] = commits.readCommit(commits.readCommit(commits.readHead()!).parents[0]!).parents;
    fs.rmSync(commits.directoryOf(second!), { recursive: true });
    judge(reopened(laptop), temporary(t));
  }
});

/** Of a process that is no more: what it locked is nobody's. */
const DEAD = spawnSync('true').pid;
const FAULTS: readonly [what: string, make: (at: number) => Fault][] = [
  ['dies', (at) => ({ kind: 'dies', at })],
  ['fails once', (at) => ({ kind: 'fails', at, code: 'EIO' })],
];

for (const [name, story] of [
  ['of wholes', GIT],
  ['of a file and a folder', FOLDER_AND_FILE],
] as const) {
  for (const [what, make] of FAULTS) {
    test(`a process that settles a conflict ${name} ${what}: nothing is lost, and it is settled again`, async (t) => {
      const repository = await merged(t, story);
      const expected = after(story, story.theirs);
      const choice = standing(repository)['P/.git/refs/heads/main'] === '3' ? OURS : THEIRS;
      const { root } = repository;
      const saved = `${root}-saved`;
      execFileSync('cp', ['-a', root, saved]);
      const had = new Set(Object.values(standing(repository)));
      const opened = (disk = quick, pid = process.pid): Repository => {
        const again = reopened(repository, disk);
        const { context } = again;
        return { ...again, context: { ...context, identity: { ...context.identity, pid } } };
      };
      const counting = faultyDisk(quick);
      await settle(opened(counting), choice);
      const end = standing(repository);
      if (choice === THEIRS && name === 'of wholes') assert.deepEqual(end, expected);
      for (let at = 1; at <= counting.calls.length; at += 7) {
        fs.rmSync(root, { recursive: true });
        execFileSync('cp', ['-a', saved, root]);
        fs.rmSync(join(root, '.dbk/local/here'));
        const disk = faultyDisk(quick, make(at));
        await settle(opened(disk, DEAD), choice).catch((error: unknown) => {
          if (!(error instanceof Killed || disk.happened)) throw error;
        });
        const { problems } = await statusOf(opened());
        assert.deepEqual([at, problems.filter(({ severity }) => severity === 'error')], [at, []]);
        const texts = new Set(
          [...textsIn(root), ...textsIn(repository.layout.guard)].map(([, text]) => text),
        );
        for (const text of had) assert.ok(texts.has(text), `${what} at ${at}: '${text}' is lost`);
        if (countOpenConflicts(opened()) > 0) {
          const again = await settle(opened(), choice);
          assert.deepEqual([at, codesOf(again.problems)], [at, []]);
        }
        assert.deepEqual([at, standing(repository)], [at, end]);
        assert.deepEqual([at, countOpenConflicts(opened())], [at, 0]);
        assert.deepEqual([at, await statusOf(opened())], [at, { changes: [], problems: [] }]);
      }
    });
  }
}
