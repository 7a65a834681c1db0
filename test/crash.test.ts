/**
 * Every changing file call of a command fails once, or is the last one that the process makes: afterwards the next
 * commands work, nothing is half done, and no byte of the person's files is touched.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../src/disk/blake3.ts';
import type { Context } from '../src/flow/context.ts';
import { forget } from '../src/flow/forget.ts';
import { init } from '../src/flow/init.ts';
import { openRepository, type Repository } from '../src/flow/repository.ts';
import type { CommitId } from '../src/model/id.ts';
import { compareBytes } from '../src/model/name.ts';
import type { RepositoryPath } from '../src/model/path.ts';
import { Interrupted, Refusal } from '../src/model/problem.ts';
import { faultyDisk, Killed, type Fault, type FaultyDisk } from './disk/faulty.ts';
import * as fixture from './flow/fixture.ts';
import { indexDigest, lacksTools } from './flow/judges.ts';
import { temporary } from './tools/tree.ts';

before(() => loadBlake3());

/** Of a process that is no more: what it locked is nobody's. */
const DEAD = spawnSync('true').pid;

const FAULTS: readonly [what: string, make: (at: number) => Fault][] = [
  ['dies', (at) => ({ kind: 'dies', at })],
  ['loses power in the middle of a write', (at) => ({ kind: 'dies', at, torn: true, powerLoss: true })],
  ['fails once', (at) => ({ kind: 'fails', at, code: 'EIO' })],
  ['finds the disk full from there on', (at) => ({ kind: 'fails', at, code: 'ENOSPC', onwards: true })],
];

interface Scenario {
  readonly what: string;
  /** Makes everything up to the command. */
  readonly prepare: (repository: Repository) => Promise<void>;
  readonly command: (repository: Repository) => Promise<unknown>;
  /** A text that nobody has committed and that goes along before the commit is written: where it may stand already. */
  readonly carried?: { readonly from: string; readonly to: string };
}

const TREE = {
  a: 'a',
  b: 'b',
  'Music/one': '1',
  'Music/.dbkignore': '#\n',
  '.git/HEAD': 'ref\n',
  link: '-> a',
  empty: null,
};

const SIDECARS = {
  'tree/$a.metadata': 'about a\n',
  'tree/Music/$.metadata': 'about Music\n',
  'tree/empty/$.metadata': '',
};

const SIDECARS_OF_MOVES = {
  'tree/$a.metadata': 'about a\n',
  'tree/$b.metadata': 'about b\n',
  'tree/Music/$.metadata': 'about Music\n',
};

async function committed(repository: Repository): Promise<void> {
  fixture.put(repository.root, TREE);
  settleTimes(repository.root);
  fixture.put(repository.layout.index, SIDECARS);
  await fixture.commitAll(repository);
}

const SCENARIOS: readonly Scenario[] = [
  {
    what: 'a first commit',
    prepare: ({ root, layout }) => {
      fixture.put(root, TREE);
      fixture.put(layout.index, SIDECARS);
      return Promise.resolve();
    },
    command: (repository) => fixture.commitAll(repository),
  },
  {
    what: 'a commit of changes, sidecars and deletions',
    prepare: async (repository) => {
      await committed(repository);
      const { root, layout } = repository;
      fixture.remove(root, 'Music', 'b');
      fixture.put(root, { a: 'changed', 'new/x': 'x', 'link/x': 'a folder now', '.GIT': 'twin' });
      fixture.put(root, { empty: 'a file now', 'EMPTY/y': 'y' });
      fs.chmodSync(join(root, '.git'), 0o700);
      fixture.put(layout.index, { 'tree/$a.metadata': 'edited\n', 'tree/$.metadata': 'new\n' });
      fixture.put(layout.index, {
        'policy.yaml': 'dbk: policy 1\n',
        'tree/%2Egit/manifest.yaml': 'by hand\n',
      });
      fixture.remove(layout.index, 'tree/empty/$.metadata');
    },
    command: (repository) => fixture.commitAll(repository),
  },
  {
    what: 'a commit of moves, of what is written about them, and of what was written since',
    prepare: async (repository) => {
      fixture.put(repository.root, { 'Music/one': '1', a: 'a', b: 'bb', 'w/c': 'wc' });
      settleTimes(repository.root);
      fixture.put(repository.layout.index, SIDECARS_OF_MOVES);
      await fixture.commitAll(repository);
      const { root, layout } = repository;
      fixture.move(root, 'Music', 'Songs');
      for (const [from, to] of [
        ['w/c', 'w/d'],
        ['a', 't'],
        ['b', 'a'],
        ['t', 'b'],
      ] as const)
        fixture.move(root, from, to);
      fixture.put(root, { 'Songs/two': '2' });
      fixture.put(layout.index, { 'tree/$a.metadata': 'edited\n', 'tree/w/$c.metadata': 'typed since\n' });
    },
    command: (repository) => fixture.commitAll(repository),
    carried: {
      from: 'metadata text w/c',
      to: 'metadata text w/d',
    },
  },
  {
    what: 'a forget',
    prepare: async (repository) => {
      await committed(repository);
      fs.appendFileSync(join(repository.layout.index, 'ignore'), '/a\n/Music/\n');
      await fixture.commitAll(fixture.reopened(repository));
    },
    command: (repository) =>
      forget(repository, { paths: ['a', 'Music'] as RepositoryPath[], message: 'forget', dryRun: false }),
  },
];

/** A repository that is ready for a command, and what the command makes of it when nothing goes wrong. */
interface Prepared {
  readonly scenario: Scenario;
  readonly folder: string;
  readonly before: State;
  readonly after: State;
}

interface State {
  readonly head: CommitId | undefined;
  readonly texts: ReadonlyMap<string, string>;
  /** What a status tells. */
  readonly seen: fixture.Seen;
}

function contextAt(pid: number, disk = fixture.quick, interrupted = (): boolean => false): Context {
  const context = fixture.contextOf(disk);
  return { ...context, identity: { ...context.identity, pid }, interrupted };
}

async function prepare(t: TestContext, scenario: Scenario): Promise<Prepared> {
  const folder = join(temporary(t), 'root');
  const repository = await init(contextAt(process.pid), { folder, name: 'laptop' });
  await scenario.prepare(repository);
  settleTimes(folder);
  const clean = copyOf(folder, 'clean');
  await scenario.command(openRepository(contextAt(process.pid), clean));
  return { scenario, folder, before: await stateOf(folder), after: await stateOf(clean) };
}

async function stateOf(folder: string): Promise<State> {
  const repository = openRepository(contextAt(process.pid), folder);
  const texts = fixture.textsIn(repository.layout.index);
  return { head: repository.commits.readHead(), texts, seen: await fixture.statusOf(repository) };
}

/** Whole seconds: Node sets times no more exactly than that, and they have to be the same in each copy. */
function settleTimes(folder: string): void {
  for (const [path, { kind }] of fixture.treeOnDisk(folder)) {
    if (kind === 'file') fs.utimesSync(join(folder, path), 1_700_000_000, 1_700_000_000 + path.length);
  }
}

function copyOf(folder: string, name: string): string {
  const copy = `${folder}-${name}`;
  const copyBelow = (path: string): void => {
    fs.mkdirSync(copy + path, { mode: fs.statSync(folder + path).mode });
    for (const entry of fs.readdirSync(folder + path, { withFileTypes: true })) {
      const below = `${path}/${entry.name}`;
      if (entry.isDirectory()) copyBelow(below);
      else if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(folder + below), copy + below);
      else copyFile(folder + below, copy + below);
    }
  };
  copyBelow('');
  // It takes the place of the first one, and is no other repository.
  fs.rmSync(join(copy, '.dbk/local/here'), { force: true });
  return copy;
}

function copyFile(from: string, to: string): void {
  fs.copyFileSync(from, to);
  const { atimeMs, mtimeMs } = fs.statSync(from);
  fs.utimesSync(to, atimeMs / 1000, mtimeMs / 1000);
}

/** A power loss can leave an empty lock; it is older than the machine's start then. */
function restart(folder: string): void {
  const lock = join(folder, '.dbk/local/lock');
  if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
}

/** Errors that a command may end with; any other would be a bug's. */
function isExpected(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof Killed || code === 'EIO' || code === 'ENOSPC';
}

async function attempt(prepared: Prepared, folder: string, disk: FaultyDisk): Promise<void> {
  try {
    await prepared.scenario.command(openRepository(contextAt(DEAD, disk), folder));
  } catch (error) {
    if (!isExpected(error)) throw error;
  }
}

/** Runs with a fault at the first changing call, the second, and so on, until none is reached any more. */
async function atEveryCall(
  make: (at: number) => Fault,
  run: (disk: FaultyDisk, at: number) => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at++) {
    const disk = faultyDisk(fixture.quick, make(at));
    await run(disk, at);
    if (!disk.happened) return at - 1;
  }
}

/** Head is the old commit or the new one, and the index is that of head but for what the person edited. */
async function checkNext(prepared: Prepared, folder: string, where: string): Promise<'old' | 'new'> {
  const later = (): Repository => openRepository(contextAt(process.pid), folder);
  const seen = await fixture.statusOf(later());
  const head = later().commits.readHead();
  const isOld = head === prepared.before.head;
  const expected = isOld ? prepared.before : prepared.after;
  const { carried } = prepared.scenario;
  const changes = seen.changes.map((line) => (line === carried?.to ? carried.from : line)).sort();
  assert.deepEqual(isOld ? changes : seen.changes, expected.seen.changes, `status ${where}`);
  // A hand edit may have been undone already.
  if (seen.problems.length > 0) assert.deepEqual(seen.problems, expected.seen.problems, `status ${where}`);
  // A forget that did not come to pass is asked for again; a commit that did is not made twice.
  if (isOld) await prepared.scenario.command(later());
  else assert.equal((await fixture.commitAll(later())).commit, undefined, where);
  checkClean(later(), prepared, where);
  return isOld ? 'old' : 'new';
}

function checkClean(repository: Repository, { after }: Prepared, where: string): void {
  const { commits, layout } = repository;
  const texts = fixture.textsIn(layout.index);
  assert.deepEqual(texts, after.texts, `index/ ${where}`);
  const sorted = [...texts].filter(([path]) => !path.endsWith('/')).sort(([a], [b]) => compareBytes(a, b));
  const found = digest(sorted.map(([path, text]) => `${digest(text)}  ${path}\n`).join(''));
  assert.equal(found, commits.readCommit(commits.readHead()!).index, where);
  assert.deepEqual(fixture.leftoversIn(repository), [], where);
}

for (const scenario of SCENARIOS) {
  test(`${scenario.what}: wherever it is broken off, the next command finds the old or the new state, whole`, async (t) => {
    const prepared = await prepare(t, scenario);
    const person = fixture.treeOnDisk(prepared.folder);
    const met = new Map<string, 'old' | 'new'>();
    for (const [what, make] of FAULTS) {
      const states = new Set<string>();
      const calls = await atEveryCall(make, async (disk, at) => {
        const where = `after it ${what} at call ${at}: ${disk.calls[at - 1]}`;
        const folder = copyOf(prepared.folder, 'broken');
        await attempt(prepared, folder, disk);
        restart(folder);
        assert.deepEqual(fixture.treeOnDisk(folder), person, `the person's files ${where}`);
        // Many calls leave the same behind, and what follows from that is the same.
        const left = stateLeft(folder);
        if (!met.has(left)) met.set(left, await checkNext(prepared, folder, where));
        states.add(met.get(left)!);
        assert.deepEqual(fixture.treeOnDisk(folder), person, `the person's files ${where}`);
        fs.rmSync(folder, { recursive: true });
      });
      assert.ok(calls > 40, `${what}: ${calls} calls`);
      assert.deepEqual([...states].sort(), ['new', 'old'], what);
    }
    t.diagnostic(`${met.size} states`);
    if (!lacksTools(t)) judgeIndex(prepared);
  });
}

/** All below `.dbk`, less what is random; of a cache, which commit it is of. */
function stateLeft(folder: string): string {
  const texts = [...fixture.textsIn(join(folder, '.dbk'))].map(([path, text]) => {
    const name = path.replace(/\$new-[0-9a-f]{12}/, '$new').replace(/^local\/new\/[0-9a-f]{16}/, 'new');
    const isPrivate = /^local\/(cache|here)/.test(path);
    return [name, isPrivate ? /"head":"[0-9a-f]*"/.exec(text)?.[0] : text];
  });
  return digest(JSON.stringify(texts.sort()));
}

/** What the tools of the format page say of the index. */
function judgeIndex({ folder }: Prepared): void {
  const repository = openRepository(contextAt(process.pid), `${folder}-clean`);
  const { commits, layout } = repository;
  assert.equal(indexDigest(layout.index), commits.readCommit(commits.readHead()!).index);
}

test('wherever making a repository is broken off, making it again completes it', async (t) => {
  const folder = join(temporary(t), 'root');
  fixture.put(folder, TREE);
  for (const [what, make] of FAULTS) {
    await atEveryCall(make, async (disk, at) => {
      const copy = copyOf(folder, 'broken');
      try {
        await init(contextAt(DEAD, disk), { folder: copy, name: 'laptop' });
      } catch (error) {
        if (!isExpected(error)) throw error;
      }
      try {
        await init(contextAt(process.pid), { folder: copy, name: 'laptop' });
      } catch (error) {
        assert.ok(
          error instanceof Refusal && error.problem.code === 'store/already-there',
          `${what} at ${at}`,
        );
      }
      const { commit, files, problems } = await fixture.commitAll(
        openRepository(contextAt(process.pid), copy),
      );
      assert.ok(commit !== undefined);
      assert.deepEqual([files, problems], [6, []], `${what} at ${at}`);
      assert.deepEqual(fixture.leftoversIn(openRepository(contextAt(process.pid), copy)), []);
      fs.rmSync(copy, { recursive: true });
    });
  }
});

test('a person who interrupts finds all as it was, and the second run completes', async (t) => {
  for (const scenario of SCENARIOS.slice(0, 2)) {
    const prepared = await prepare(t, scenario);
    const states = new Set<string>();
    for (let at = 1, isReached = true; isReached; at++) {
      let asked = 0;
      const folder = copyOf(prepared.folder, 'broken');
      const repository = openRepository(
        contextAt(process.pid, fixture.quick, () => ++asked >= at),
        folder,
      );
      const home = fixture.textsIn(repository.layout.home);
      await scenario.command(repository).catch((error: unknown) => {
        if (!(error instanceof Interrupted)) throw error;
      });
      isReached = asked >= at;
      const where = `interrupted at look ${at}`;
      const isOld = repository.commits.readHead() === prepared.before.head;
      assert.deepEqual(fixture.leftoversIn(repository), [], where);
      if (isOld)
        assert.deepEqual(withoutLocal(fixture.textsIn(repository.layout.home)), withoutLocal(home), where);
      states.add(await checkNext(prepared, folder, where));
      fs.rmSync(folder, { recursive: true });
    }
    assert.deepEqual([...states], ['old', 'new']);
  }
});

function withoutLocal(texts: ReadonlyMap<string, string>): Map<string, string> {
  // What is in the guard is in nobody's way.
  return new Map([...texts].filter(([path]) => !/^(?:local|guard)\//.test(path)));
}
