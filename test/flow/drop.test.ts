/** What is dropped here stays recorded, and goes only while others are seen to hold it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { clone } from '../../src/flow/clone.ts';
import { drop, type DropOptions, type Dropped } from '../../src/flow/drop.ts';
import { get } from '../../src/flow/get.ts';
import { openAddress } from '../../src/flow/merge-source.ts';
import { prune } from '../../src/flow/prune.ts';
import { heldNow } from '../../src/flow/open-held.ts';
import { statsAt, type Repository } from '../../src/flow/repository.ts';
import { undo } from '../../src/flow/undo.ts';
import { parseRule, ruleWords, wantOf } from '../../src/flow/want.ts';
import { whereis } from '../../src/flow/whereis.ts';
import { nameOf, parentOf, type RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { readRepositoryFile } from '../../src/store/repository-file.ts';
import type { Transport } from '../../src/sync/transport.ts';
import { faultyDisk, Killed } from '../disk/faulty.ts';
import { codesOf, commitAll, move, put, quick, remove, reopened, statusOf, treeOnDisk } from './fixture.ts';
import { mergeFrom, otherContext, repositories } from './two-repositories.ts';

before(() => loadBlake3());

const FILES = {
  'Movies/Alien/alien.mkv': 'alien',
  'Movies/Alien/alien.srt': 'words',
  'Movies/link': '-> Alien',
  'Movies/empty': null,
  'Music/a.flac': 'a',
  notes: 'notes',
};
/** Of a process that is no more. */
const DEAD = spawnSync('true').pid;
const CLEAN = { changes: [], problems: [] };
const ALL = ['Movies/Alien/alien.mkv', 'Movies/Alien/alien.srt', 'Movies/link', 'Music/a.flac', 'notes'];
const REST = ['Music/a.flac', 'notes'];

/** As if it were on a disk of its own. */
function seenAt(from: Repository, to: Repository, volume = 99n): Transport {
  return { ...openAddress(reopened(from), to.root), volume: () => volume };
}

async function dropped(
  repository: Repository,
  paths: readonly string[],
  from: readonly Transport[],
  more: Partial<DropOptions> = {},
): Promise<Dropped> {
  return drop(reopened(repository), {
    paths: paths as RepositoryPath[],
    from,
    unwant: true,
    free: false,
    message: '',
    confirmDeletions: false,
    checkEverything: false,
    dryRun: false,
    reportOwn: () => undefined,
    ...more,
  });
}

function filesOf({ root }: Repository): string[] {
  return [...treeOnDisk(root)].flatMap(([path, { kind }]) => (kind === 'directory' ? [] : [path])).sort();
}

function linesOf({ context, layout }: Repository): unknown {
  const { absent, missing, extra, older } = readRepositoryFile(context.disk, layout, 'laptop')!;
  return { absent, missing, extra, older };
}

function bring(repository: Repository, from: Repository, path: string): ReturnType<typeof get> {
  return get(reopened(repository), {
    paths: [path as RepositoryPath],
    from: [openAddress(reopened(repository), from.root)],
    message: '',
    confirmDeletions: false,
    checkEverything: false,
    dryRun: false,
    reportOwn: () => undefined,
  });
}

test('a folder goes, stays recorded, is no deletion for anybody, and comes back', async (t) => {
  const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], FILES)) as [Repository, Repository];
  const dry = await dropped(laptop, ['Movies'], [seenAt(laptop, nas)], { dryRun: true });
  assert.deepEqual([dry.dropped, codesOf(dry.problems)], [{ files: 3, bytes: 10 }, []]);
  assert.deepEqual(filesOf(laptop), ALL);
  assert.deepEqual(await wantOf(laptop), []);

  const made = await dropped(laptop, ['Movies'], [seenAt(laptop, nas)]);
  assert.deepEqual([made.dropped, codesOf(made.problems)], [{ files: 3, bytes: 10 }, []]);
  assert.deepEqual(filesOf(laptop), REST);
  assert.ok(!fs.existsSync(join(laptop.root, 'Movies')));
  assert.deepEqual((await wantOf(laptop)).map(ruleWords), ['not:Movies/']);
  assert.deepEqual(linesOf(laptop), { absent: [], missing: [], extra: [], older: [] });
  assert.deepEqual(await statusOf(reopened(laptop)), CLEAN);
  const { commit } = await commitAll(reopened(laptop));
  assert.equal(commit, undefined);

  // Others keep theirs, and neither a pull nor a push brings or takes anything.
  await mergeFrom(nas, laptop);
  await mergeFrom(laptop, nas);
  assert.deepEqual([filesOf(nas), filesOf(laptop)], [ALL, REST]);

  await bring(laptop, nas, 'Movies/Alien');
  assert.deepEqual(filesOf(laptop), ['Movies/Alien/alien.mkv', 'Movies/Alien/alien.srt', ...REST]);
  assert.deepEqual(await statusOf(reopened(laptop)), CLEAN);
});

test('what is dropped is had back with undo, and freed only on request', async (t) => {
  const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], FILES)) as [Repository, Repository];
  await dropped(laptop, ['Movies'], [seenAt(laptop, nas)]);
  const kept = await prune(reopened(laptop), { free: false, lastCopies: false });
  assert.deepEqual(kept.unconfirmed, { files: 0, bytes: 0 });
  const back = await undo(reopened(laptop), { dryRun: false });
  assert.deepEqual(codesOf(back.problems), []);
  assert.deepEqual(filesOf(laptop), ALL);
  assert.deepEqual(await statusOf(reopened(laptop)), CLEAN);

  const made = await dropped(laptop, ['Movies'], [seenAt(laptop, nas)], { free: true });
  assert.deepEqual(made.freed, { files: 2, bytes: 10 });
  assert.deepEqual([...treeOnDisk(laptop.layout.guard)].filter(([, { kind }]) => kind === 'file').length, 2);
  assert.deepEqual(await statusOf(reopened(laptop)), CLEAN);
});

test('a content that stands here under another name stays in the guard', async (t) => {
  const files = { ...FILES, 'copy of alien': 'alien' };
  const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], files)) as [Repository, Repository];
  const made = await dropped(laptop, ['Movies/Alien'], [seenAt(laptop, nas)], { free: true });
  assert.deepEqual([made.dropped.bytes, made.freed.bytes], [10, 5]);
  assert.equal(fs.readFileSync(join(laptop.root, 'copy of alien'), 'utf8'), 'alien');
});

test('what is wanted here is not dropped', async (t) => {
  const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], FILES)) as [Repository, Repository];
  const from = [seenAt(laptop, nas)];
  const refused = dropped(laptop, ['Movies'], from, { unwant: false });
  await assert.rejects(refused, (error) => error instanceof Refusal && error.kind === 'safety');
  await assert.rejects(refused, /'Movies\/.*' is wanted here/);
  assert.deepEqual(filesOf(laptop), ALL);
  put(laptop.root, { 'odd [1]*': 'odd' });
  await commitAll(reopened(laptop));
  await mergeFrom(nas, laptop);
  await assert.rejects(dropped(laptop, ['odd [1]*'], from), /cannot make a rule/);

  // A part holds what nobody wants there only until it is dropped.
  const folder = join(dirname(laptop.root), 'part');
  const want = ['Music/**'].map(parseRule);
  const options = { source: nas.root, directory: '/', folder, name: 'part', want, report: () => undefined };
  const { repository: part } = await clone(otherContext('part'), options);
  await bring(part, nas, 'notes');
  assert.deepEqual(filesOf(part), REST);
  const made = await dropped(part, ['notes'], [seenAt(part, nas)], { unwant: false });
  assert.deepEqual([made.dropped.files, codesOf(made.problems), filesOf(part)], [1, [], ['Music/a.flac']]);
  assert.deepEqual((await wantOf(part)).map(ruleWords), ['Music/**']);
  assert.deepEqual(await statusOf(reopened(part)), CLEAN);
});

test('nothing goes that nobody else is seen to hold at this moment', async (t) => {
  const rows: readonly [what: string, change: (nas: Repository) => void][] = [
    ['it is gone there', ({ root }) => remove(root, 'Movies/Alien/alien.mkv')],
    ['it rotted there', ({ root }) => put(root, { 'Movies/Alien/alien.mkv': 'aliem' })],
    [
      'a link stands there',
      ({ root }) => {
        move(root, 'Movies/Alien/alien.mkv', 'elsewhere');
        put(root, { 'Movies/Alien/alien.mkv': '-> ../../elsewhere' });
      },
    ],
  ];
  for (const [what, change] of rows) {
    const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], FILES)) as [Repository, Repository];
    change(nas);
    const made = await dropped(laptop, ['Movies'], [seenAt(laptop, nas)]);
    assert.deepEqual([what, codesOf(made.problems)], [what, ['drop/no-copy Movies/Alien/alien.mkv']]);
    assert.deepEqual(filesOf(laptop), ['Movies/Alien/alien.mkv', ...REST]);
    assert.deepEqual(await statusOf(reopened(laptop)), CLEAN);
  }
});

test('what moved there, and is not known here yet, is found', async (t) => {
  const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], FILES)) as [Repository, Repository];
  move(nas.root, 'Movies/Alien', 'Films');
  await commitAll(reopened(nas));
  const made = await dropped(laptop, ['Movies/Alien'], [seenAt(laptop, nas)]);
  assert.deepEqual([made.dropped.files, codesOf(made.problems)], [2, []]);
});

test('who counts as another copy', async (t) => {
  const names = ['laptop', 'nas', 'disk'] as const;
  const one = async (): Promise<[Repository, Repository, Repository]> =>
    (await repositories(t, names, FILES)) as [Repository, Repository, Repository];
  const path = ['Music'];
  {
    const [laptop, nas] = await one();
    const same = await dropped(laptop, path, [openAddress(reopened(laptop), nas.root)]);
    assert.deepEqual(codesOf(same.problems), [`drop/no-copy Music/a.flac`, `drop/same-volume ${nas.root}`]);
    const nobody = await dropped(laptop, path, []);
    assert.deepEqual(codesOf(nobody.problems), ['drop/no-copy Music/a.flac']);
    assert.deepEqual(filesOf(laptop), ALL);
  }
  const [laptop, nas, disk] = await one();
  const policy = { 'policy.yaml': 'dbk: policy 1\ncopies: 2\n' };
  put(laptop.layout.index, policy);
  const twice = [seenAt(laptop, nas), seenAt(laptop, nas, 98n)];
  assert.deepEqual(codesOf((await dropped(laptop, path, twice)).problems), ['drop/no-copy Music/a.flac']);
  const oneVolume = [seenAt(laptop, nas), seenAt(laptop, disk)];
  assert.deepEqual(codesOf((await dropped(laptop, path, oneVolume)).problems), ['drop/no-copy Music/a.flac']);
  const two = [seenAt(laptop, nas), seenAt(laptop, disk, 98n)];
  assert.deepEqual(codesOf((await dropped(laptop, path, two)).problems), []);
  assert.deepEqual(
    filesOf(laptop),
    ALL.filter((each) => !each.startsWith('Music')),
  );
});

test('what is not as it is recorded stays', async (t) => {
  const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], FILES)) as [Repository, Repository];
  remove(laptop.root, 'Movies/Alien/alien.srt');
  put(laptop.root, { 'Movies/Alien/new': 'new' });
  const made = await dropped(laptop, ['Movies'], [seenAt(laptop, nas)]);
  assert.deepEqual(codesOf(made.problems), ['drop/no-copy Movies/Alien/new']);
  assert.deepEqual(filesOf(laptop), ['Movies/Alien/new', ...REST]);
  // What was missing before is so still: a person has to say something about it.
  assert.deepEqual((await statusOf(reopened(laptop))).changes, ['missing file Movies/Alien/alien.srt']);
});

test('everybody is told who holds what, offline too', async (t) => {
  const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], FILES)) as [Repository, Repository];
  await mergeFrom(laptop, nas);
  const who = async (repository: Repository, path: string): Promise<string[]> => {
    const { found, problems } = await whereis(reopened(repository), [
      { kind: 'path', path: path as RepositoryPath },
    ]);
    assert.deepEqual(problems, []);
    return found[0]!.contents.flatMap(({ copies }) =>
      copies.map((copy) => `${copy.repository} ${copy.path}`),
    );
  };
  const movie = 'Movies/Alien/alien.mkv';
  assert.deepEqual(await who(laptop, movie), [`laptop ${movie}`, `nas ${movie}`]);
  await dropped(laptop, ['Movies'], [seenAt(laptop, nas)]);
  assert.deepEqual(await who(laptop, movie), [`nas ${movie}`]);
  // The other one hears of it, as it hears of everything.
  assert.deepEqual(await who(nas, movie), [`nas ${movie}`, `laptop ${movie}`]);
  await mergeFrom(nas, laptop);
  fs.rmSync(laptop.root, { recursive: true });
  assert.deepEqual(await who(nas, movie), [`nas ${movie}`]);
  // Of one that stands elsewhere by now, and of a hash.
  move(nas.root, movie, 'alien.mkv');
  await commitAll(reopened(nas));
  const blake3 = digest('alien');
  const { found } = await whereis(reopened(nas), [{ kind: 'content', blake3 }]);
  assert.deepEqual(
    found[0]!.contents.map(({ paths, copies }) => [paths, copies.map(({ path }) => path)]),
    [[['alien.mkv'], ['alien.mkv']]],
  );
  remove(nas.root, 'alien.mkv');
  await commitAll(reopened(nas), { confirmDeletions: false });
  assert.deepEqual(await who(nas, 'alien.mkv'), []);
});

test('a drop that is broken off has deleted nothing: what went is absent, and what did not is here', async (t) => {
  const [, laptop] = (await repositories(t, ['nas', 'laptop'], FILES)) as [Repository, Repository];
  const saved = `${laptop.root}-saved`;
  assert.equal(spawnSync('cp', ['-a', laptop.root, saved]).status, 0);
  const nas = join(dirname(laptop.root), 'nas');
  const witness = (from: Repository): Transport => ({
    ...openAddress(reopened(from), nas),
    volume: () => 99n,
  });
  const prepare = async (): Promise<void> => {
    fs.rmSync(laptop.root, { recursive: true });
    assert.equal(spawnSync('cp', ['-a', saved, laptop.root]).status, 0);
    fs.rmSync(laptop.layout.here);
    // What is as young as the look that saw it is not believed later.
    await new Promise((resolve) => setTimeout(resolve, 30));
    await statusOf(reopened(laptop));
  };
  const counting = faultyDisk(quick);
  await prepare();
  await dropped(reopened(laptop, counting), ['Movies'], [witness(laptop)]);
  const calls = counting.calls.length;
  assert.ok(calls > 20);
  for (let at = 1; at <= calls; at++) {
    await prepare();
    const context = { ...laptop.context, identity: { ...laptop.context.identity, pid: DEAD } };
    const broken = reopened({ ...laptop, context }, faultyDisk(quick, { kind: 'dies', at }));
    await assert.rejects(dropped(broken, ['Movies'], [witness(laptop)]), Killed);
    const lock = join(laptop.layout.local, 'lock');
    if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
    const { commit } = await commitAll(reopened(laptop));
    assert.equal(commit, undefined, `at call ${at} of ${calls}: ${counting.calls[at - 1]}`);
    assert.deepEqual((await statusOf(reopened(laptop))).changes, []);
    const held = await heldNow(reopened(laptop));
    for (const path of ALL as RepositoryPath[]) {
      const isTold = held.standing(parentOf(path), nameOf(path)) === undefined;
      assert.equal(isTold, statsAt(laptop, path) !== undefined, `'${path}' at call ${at}`);
    }
  }
});
