import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Context } from '../../src/flow/context.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { init } from '../../src/flow/init.ts';
import { prune } from '../../src/flow/prune.ts';
import { undelete, type UndeleteOptions, type Undeleted } from '../../src/flow/undelete.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import { directory, file, link, named, plant, temporary, type Literal } from '../tools/tree.ts';
import { repository, type Workbench } from '../tools/repository.ts';
import * as fixture from './fixture.ts';

before(() => loadBlake3());

function guarded(t: TestContext, literal: Literal): Promise<Workbench> {
  return repository(t, literal, { guard: 'links' });
}

function bring(
  at: Repository,
  paths: readonly string[],
  options: Partial<UndeleteOptions> = {},
): Promise<Undeleted> {
  return undelete(at, { paths: paths as readonly RepositoryPath[], dryRun: false, ...options });
}

/** Inode, permissions, time and name of every file, and permissions and names of the rest. */
function standing(root: string): string[] {
  const format = ['-type', 'f', '-printf', '%i %m %T@ %s %P\\0', '-o', '-printf', '%y %m %l %P\\0'];
  const { stdout } = spawnSync('find', [root, '-path', `${root}/.dbk`, '-prune', '-o', ...format]);
  return stdout.toString('latin1').split('\0').sort();
}

const NANOSECONDS = '2001-02-03 04:05:06.123456789';

const TREE: Literal = {
  'a/one': 'one',
  'a/same': 'same',
  'a/b/same': 'same',
  'a/b/secret': file('secret', 0o400),
  'a/b/c/empty': '',
  'a/none': directory(0o750),
  'a/link': link('b/../one'),
  [named('a/caf', 0xe9, '\n')]: 'odd',
  stays: 'stays',
};

test('a folder that went comes back: inodes, permissions, times, names, links and empty folders', async (t) => {
  for (const isCommitted of [false, true]) {
    for (const isForgotten of [false, true]) {
      const bench = await guarded(t, TREE);
      const touched = spawnSync('touch', ['-d', NANOSECONDS, 'a/one', 'a/same'], { cwd: bench.root });
      assert.equal(touched.status, 0);
      await bench.commit();
      const before = standing(bench.root);
      fs.rmSync(join(bench.root, 'a'), { recursive: true });
      if (isCommitted) await bench.commit({ confirmDeletions: true });
      // Without it nothing tells which of two equal files stood where, but for their times.
      if (isForgotten) fs.rmSync(join(bench.root, '.dbk/local'), { recursive: true });
      const { problems, applied } = await bring(bench.repository, ['a']);
      assert.deepEqual([problems, applied.operation !== undefined], [[], true]);
      assert.deepEqual(standing(bench.root), before);
      const { changes } = await bench.status();
      if (!isCommitted) assert.deepEqual(changes, []);
      await bench.commit();
      assert.deepEqual((await bench.status()).changes, []);
    }
  }
});

test('two paths never become one inode', async (t) => {
  const bench = await guarded(t, { a: 'same', b: 'same', c: 'other' });
  await bench.commit();
  const inode = (path: string): number => fs.lstatSync(join(bench.root, path)).ino;
  fs.rmSync(join(bench.root, 'a'));
  await bring(bench.repository, ['a'], { to: 'once' as RepositoryPath });
  await bring(bench.repository, ['a'], { to: 'twice' as RepositoryPath });
  await bring(bench.repository, ['a']);
  const all = ['a', 'b', 'once/a', 'twice/a'];
  assert.equal(new Set(all.map(inode)).size, all.length);
  assert.deepEqual(
    all.map((path) => fs.readFileSync(join(bench.root, path), 'utf8')),
    all.map(() => 'same'),
  );
});

test('a file that was written into in the guard is read before it is believed', async (t) => {
  const bench = await guarded(t, { a: 'right', b: 'right too' });
  await bench.commit();
  for (const path of ['a', 'b']) {
    const fd = fs.openSync(join(bench.root, path), 'r+');
    fs.rmSync(join(bench.root, path));
    fs.writeSync(fd, 'WRONG');
    fs.closeSync(fd);
  }
  const { problems } = await bring(bench.repository, ['a', 'b']);
  assert.deepEqual(problems.map(({ code }) => code).sort(), ['sync/nowhere', 'sync/nowhere']);
  assert.ok(!fs.existsSync(join(bench.root, 'a')));
});

interface Row {
  readonly after: (bench: Workbench) => void | Promise<unknown>;
  readonly paths: readonly string[];
  readonly options?: (bench: Workbench) => Partial<UndeleteOptions>;
  /** What came back; or the code that it is refused with. */
  readonly gives: readonly string[] | string;
}

const remove =
  (...paths: readonly string[]) =>
  ({ root }: Workbench): void =>
    paths.forEach((path) => fs.rmSync(join(root, path), { recursive: true }));

const ROWS: Readonly<Record<string, Row>> = {
  'what is missing of a folder that is here': {
    after: remove('x/1', 'x/y'),
    paths: ['x'],
    gives: ['x/1', 'x/y', 'x/y/3'],
  },
  'one file, and the folders above it': {
    after: remove('x'),
    paths: ['x/y/3'],
    gives: ['x', 'x/y', 'x/y/3'],
  },
  'all of it': { after: remove('x', 'z'), paths: [''], gives: ['x', 'x/1', 'x/2', 'x/y', 'x/y/3', 'z'] },
  'nothing is missing': { after: () => undefined, paths: ['x'], gives: 'flow/nothing-missing' },
  'a path that never was': { after: () => undefined, paths: ['nothing'], gives: 'flow/never-recorded' },
  'what was changed is not missing': {
    after: ({ root }) => plant(root, { z: 'edited' }),
    paths: ['z'],
    gives: 'flow/nothing-missing',
  },
  'a folder stands where a file was': {
    after: ({ root }) => {
      fs.rmSync(join(root, 'z'));
      fs.mkdirSync(join(root, 'z'));
    },
    paths: ['z'],
    gives: 'flow/stands-there',
  },
  'a file stands where a folder was': {
    after: (bench) => {
      remove('x')(bench);
      plant(bench.root, { x: 'a file' });
    },
    paths: ['x'],
    gives: 'flow/stands-there',
  },
  'something else stands there, and it is put elsewhere': {
    after: ({ root }) => plant(root, { z: 'edited' }),
    paths: ['z'],
    options: () => ({ to: 'found/here' as RepositoryPath }),
    gives: ['found', 'found/here', 'found/here/z'],
  },
  'as an earlier commit had it, where something else stands': {
    after: async (bench) => {
      plant(bench.root, { z: 'edited' });
      await bench.commit();
    },
    paths: ['z'],
    options: ({ repository: { commits } }) => ({ at: commits.readCommit(commits.readHead()!).parents[0] }),
    gives: 'flow/stands-there',
  },
  'as an earlier commit had it': {
    after: async (bench) => {
      plant(bench.root, { z: 'edited' });
      await bench.commit();
      remove('z')(bench);
    },
    paths: ['z'],
    options: ({ repository: { commits } }) => ({ at: commits.readCommit(commits.readHead()!).parents[0] }),
    gives: ['z'],
  },
  'of two deletions the last': {
    after: async (bench) => {
      for (const content of ['old', 'last']) {
        plant(bench.root, { again: content });
        await bench.commit();
        remove('again')(bench);
        await bench.commit({ confirmDeletions: true });
      }
    },
    paths: ['again'],
    gives: ['again'],
  },
};

test('what comes back, and what is refused', async (t) => {
  for (const [what, { after, paths, options, gives }] of Object.entries(ROWS)) {
    const bench = await guarded(t, { 'x/1': '1', 'x/2': '2', 'x/y/3': '3', z: 'z' });
    await bench.commit();
    await after(bench);
    const before = standing(bench.root);
    const chosen = options?.(bench) ?? {};
    if (typeof gives === 'string') {
      await assert.rejects(
        bring(bench.repository, paths, chosen),
        (error) => error instanceof Refusal && error.problem.code === gives,
        what,
      );
      assert.deepEqual(standing(bench.root), before, what);
      continue;
    }
    const { plan } = await bring(bench.repository, paths, { ...chosen, dryRun: true });
    assert.deepEqual(plan.actions.map(({ path }) => path).sort(), gives, what);
    assert.deepEqual(standing(bench.root), before, what);
    const { applied, problems } = await bring(bench.repository, paths, chosen);
    assert.deepEqual([applied.done.map(({ path }) => path).sort(), problems], [gives, []], what);
    if (what === 'of two deletions the last')
      assert.equal(fs.readFileSync(join(bench.root, 'again'), 'utf8'), 'last');
  }
});

/** Of a process that is no more: what it locked is nobody's. */
const DEAD = spawnSync('true').pid;

const FAULTS: readonly [what: string, make: (at: number) => Fault][] = [
  ['dies', (at) => ({ kind: 'dies', at })],
  ['loses power in the middle of a write', (at) => ({ kind: 'dies', at, torn: true, powerLoss: true })],
  ['fails once', (at) => ({ kind: 'fails', at, code: 'EIO' })],
  ['finds the disk full from there on', (at) => ({ kind: 'fails', at, code: 'ENOSPC', onwards: true })],
];

/** Breaks a command off at each changing call, and hands over what that left. */
async function brokenOff(
  folder: string,
  command: (at: Repository) => Promise<unknown>,
  check: (root: string, where: string) => Promise<void>,
): Promise<number> {
  let calls = 0;
  const context = { ...muchLater(), identity: { ...fixture.contextOf().identity, pid: DEAD } };
  for (const [what, make] of FAULTS) {
    for (let at = 1, isReached = true; isReached; at++) {
      const root = `${folder}-${at}`;
      spawnSync('cp', ['-a', '--', folder, root]);
      const disk = faultyDisk(fixture.quick, make(at));
      try {
        await command(openRepository({ ...context, disk }, root));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (!(error instanceof Killed) && code !== 'EIO' && code !== 'ENOSPC') throw error;
      }
      restart(root);
      isReached = disk.happened;
      calls++;
      await check(root, `after it ${what} at call ${at}: ${disk.calls[at - 1]}`);
      fs.rmSync(root, { recursive: true, force: true });
    }
  }
  return calls;
}

/** The machine starts again after a power loss; an empty lock is old by then. */
function restart(root: string): void {
  const lock = join(root, '.dbk/local/lock');
  if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
}

/** A year after all that was committed. */
function muchLater(): Context {
  return { ...fixture.contextOf(), clock: { now: () => Date.UTC(2027, 10, 22), offset: () => 60 } };
}

async function prepared(t: TestContext, isCommitted: boolean): Promise<string> {
  const folder = join(temporary(t), 'root');
  const context = fixture.contextOf();
  fixture.put(folder, { 'a/1': 'one', 'a/2': 'same', 'a/3': 'same', 'a/l': '-> 1', 'a/e': null, b: 'b' });
  await init(context, { folder, name: 'laptop', guard: 'links' });
  await fixture.commitAll(openRepository(context, folder));
  fs.rmSync(join(folder, 'a'), { recursive: true });
  if (isCommitted) await fixture.commitAll(openRepository(context, folder));
  return folder;
}

test('wherever bringing back is broken off, the files are there whole or not at all, and the second run completes', async (t) => {
  const folder = await prepared(t, false);
  const whole = `${folder}-whole`;
  spawnSync('cp', ['-a', '--', folder, whole]);
  await bring(openRepository(fixture.contextOf(), whole), ['a']);
  const expected = fixture.treeOnDisk(whole);
  const calls = await brokenOff(
    folder,
    (at) => bring(at, ['a']),
    async (root, where) => {
      for (const [path, thing] of fixture.treeOnDisk(root))
        if (thing.kind !== 'directory') assert.deepEqual(thing, expected.get(path), `${path} ${where}`);
      const again = openRepository(fixture.contextOf(), root);
      await bring(again, ['a']).catch((error: unknown) => {
        if (!(error instanceof Refusal) || error.problem.code !== 'flow/nothing-missing') throw error;
      });
      assert.deepEqual(fixture.treeOnDisk(root), expected, where);
      assert.deepEqual((await fixture.statusOf(again)).changes, [], where);
      assert.deepEqual(fixture.leftoversIn(again), [], where);
    },
  );
  assert.ok(calls > 100, `${calls} calls`);
});

test('wherever freeing is broken off, what is in use stays, and the second run completes', async (t) => {
  const folder = await prepared(t, true);
  const options = { free: true, lastCopies: false };
  const calls = await brokenOff(
    folder,
    (at) => prune(at, options),
    async (root, where) => {
      const again = openRepository(muchLater(), root);
      await prune(again, options);
      const left = spawnSync('find', [join(root, '.dbk/guard'), '-type', 'f', '-printf', '%n %s\\n']);
      assert.equal(left.stdout.toString(), '2 1\n', where);
      assert.deepEqual((await fixture.statusOf(again)).changes, [], where);
      assert.deepEqual(fixture.leftoversIn(again), [], where);
    },
  );
  assert.ok(calls > 30, `${calls} calls`);
});
