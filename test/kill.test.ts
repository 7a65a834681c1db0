/** The program itself: killed, interrupted and started twice, as it happens to real processes. */

import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadBlake3 } from '../src/disk/blake3.ts';
import { openRepository, type Repository } from '../src/flow/repository.ts';
import { Refusal } from '../src/model/problem.ts';
import * as fixture from './flow/fixture.ts';
import { indexDigest, judge, keyOf, lacksTools } from './flow/judges.ts';
import { temporary } from './tools/tree.ts';

before(() => loadBlake3());

const BUNDLE = fileURLToPath(new URL('../bin/dbk.js', import.meta.url));
const MODULE = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const PROGRAM = fs.existsSync(BUNDLE) ? BUNDLE : MODULE;
/** Nobody waits so long; a test that hangs is to fail. */
const PATIENCE = 60_000;
const POLL = 5;
/** Every so many calls. */
const STRIDE = 47;
/** A hole takes no place, and as long to hash as a file. */
const BIG = 6 * 2 ** 30;

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8' };
}

function start(
  folder: string,
  ...args: readonly string[]
): ChildProcess & { readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env: environment(folder) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  const ended = new Promise<Ended>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, output });
    });
  });
  return Object.assign(child, { ended });
}

async function run(folder: string, ...args: readonly string[]): Promise<Ended> {
  return start(folder, ...args).ended;
}

async function succeed(folder: string, ...args: readonly string[]): Promise<string> {
  const { code, output } = await run(folder, ...args);
  assert.equal(code, 0, `${args.join(' ')}: ${output}`);
  return output;
}

/** A repository with a first commit of some hundred files, and changes to be committed. */
async function prepared(t: TestContext): Promise<string> {
  const folder = join(temporary(t), 'root');
  const files = Array.from({ length: 300 }, (_, i) => [
    `folder ${i % 40}/deep ${i % 3}/file ${i}`,
    `${i}`.repeat(50),
  ]);
  fixture.put(folder, Object.fromEntries(files) as Record<string, string>);
  await succeed(folder, 'init');
  await succeed(folder, 'commit', '-m', 'First');
  fixture.put(
    folder,
    Object.fromEntries(files.slice(0, 150).map(([path, text]) => [`${path} b`, `${text}!`])) as Record<
      string,
      string
    >,
  );
  fixture.remove(folder, ...files.slice(200, 230).map(([path]) => path!), 'folder 7');
  fixture.put(join(folder, '.dbk/index'), {
    'tree/$.metadata': 'about it\n',
    'tree/folder 1/$.metadata': 'about 1\n',
  });
  return folder;
}

const COMMIT = ['commit', '-m', 'Second', '--confirm-deletions'] as const;

function copyOf(folder: string): string {
  const copy = `${folder}-copy`;
  fs.rmSync(copy, { recursive: true, force: true });
  assert.equal(spawnSync('cp', ['-a', folder, copy]).status, 0);
  // It takes the place of the first one, and is no other repository.
  fs.rmSync(join(copy, '.dbk/local/here'), { force: true });
  return copy;
}

function opened(folder: string): Repository {
  return openRepository(fixture.contextOf(), folder);
}

/** After whatever happened: the next commands work, and all is whole. */
async function checkNext(folder: string, person: fixture.Tree, where: string): Promise<void> {
  await succeed(folder, 'status');
  await succeed(folder, ...COMMIT);
  const repository = opened(folder);
  assert.deepEqual(fixture.treeOnDisk(folder), person, `the person's files ${where}`);
  assert.deepEqual(fixture.leftoversIn(repository), [], where);
  const { commits, layout } = repository;
  assert.equal(indexDigest(layout.index), keyOf(commits.directoryOf(commits.readHead()!), 'index'), where);
  assert.deepEqual(await fixture.statusOf(repository), { changes: [], problems: [] }, where);
}

test('a commit that is killed at any call is finished or forgotten by the next one', async (t) => {
  if (lacksTools(t)) return;
  if (spawnSync('strace', ['-V']).status !== 0) return t.skip('needs strace');
  const folder = await prepared(t);
  const person = fixture.treeOnDisk(folder);
  const heads = new Set<string>();
  for (let when = 1, isKilled = true; isKilled; when += STRIDE) {
    const copy = copyOf(folder);
    const calls = 'rename,unlink,mkdir,rmdir,link,fsync';
    const options = [
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      `trace=${calls}`,
      '-e',
      `inject=${calls}:signal=KILL:when=${when}`,
    ];
    const { status, signal } = spawnSync('strace', [...options, process.execPath, PROGRAM, ...COMMIT], {
      cwd: copy,
      env: environment(copy),
    });
    isKilled = status !== 0;
    if (isKilled) assert.equal(signal, 'SIGKILL');
    heads.add(fs.readFileSync(join(copy, '.dbk/head'), 'utf8'));
    await checkNext(copy, person, `killed at call ${when}`);
    if (when === 1 + STRIDE * 3) judgeAll(t, copy);
  }
  assert.ok(heads.size > 1);
});

/** A commit that nothing refers to may stay behind: it is no part of the history. */
function judgeAll(t: TestContext, folder: string): void {
  const repository = opened(folder);
  const { commits } = repository;
  const used = new Set<string>();
  for (let id = commits.readHead(); id !== undefined; id = commits.readCommit(id).parents[0])
    used.add(commits.directoryOf(id));
  for (const year of fs.readdirSync(repository.layout.commits)) {
    for (const name of fs.readdirSync(join(repository.layout.commits, year))) {
      const directory = join(repository.layout.commits, year, name);
      if (!used.has(directory)) fs.rmSync(directory, { recursive: true });
    }
  }
  judge(repository, temporary(t));
}

test('a commit that is killed at any moment is finished or forgotten by the next one', async (t) => {
  if (lacksTools(t)) return;
  const folder = await prepared(t);
  const person = fixture.treeOnDisk(folder);
  const begun = performance.now();
  await succeed(copyOf(folder), ...COMMIT);
  const duration = performance.now() - begun;
  for (const part of [3, 5, 7, 9]) {
    const copy = copyOf(folder);
    const child = start(copy, ...COMMIT);
    await sleep((duration * part) / 10);
    child.kill('SIGKILL');
    const { code, signal } = await child.ended;
    assert.ok(signal === 'SIGKILL' || code === 0);
    await checkNext(copy, person, `killed after ${part} tenths`);
  }
});

/** A repository with a file that takes seconds to read, and a commit that is at it. */
async function busy(t: TestContext): Promise<{ folder: string; child: ReturnType<typeof start> }> {
  const folder = join(temporary(t), 'root');
  fixture.put(folder, { a: 'a', 'b/c': 'c', big: '' });
  await succeed(folder, 'init');
  fs.truncateSync(join(folder, 'big'), BIG);
  const child = start(folder, 'commit', '-m', 'Big');
  const { layout } = opened(folder);
  while (child.exitCode === null && !fs.existsSync(layout.lock)) await sleep(POLL);
  return { folder, child };
}

/** Without the big file, which is not worth the time. */
async function commitRest(folder: string): Promise<void> {
  fixture.remove(folder, 'big');
  await succeed(folder, 'commit', '-m', 'Rest');
  const repository = opened(folder);
  const recorded = fixture.lines(fixture.treeAt(repository, repository.commits.readHead()!));
  assert.deepEqual(recorded, fixture.lines(fixture.withoutRoot(fixture.treeOnDisk(folder))));
  assert.deepEqual(fixture.leftoversIn(repository), []);
}

test('a person who interrupts a commit gets exit code 130 and a clean repository', async (t) => {
  const { folder, child } = await busy(t);
  child.kill('SIGINT');
  const { code, signal } = await child.ended;
  assert.deepEqual([code, signal], [130, null]);
  assert.deepEqual(fixture.leftoversIn(opened(folder)), []);
  assert.equal(opened(folder).commits.readHead(), undefined);
  await commitRest(folder);
});

test('while one process commits, another one is told who does, and may look', async (t) => {
  const { folder, child } = await busy(t);
  const second = await run(folder, 'commit', '-m', 'Second');
  assert.equal(second.code, 11, second.output);
  assert.match(second.output, new RegExp(`locked by 'commit' \\(process ${child.pid} `));
  fixture.put(folder, { '.dbk/index/ignore': '/big\n' });
  await succeed(folder, 'status');
  assert.equal(child.exitCode, null, 'the first one still runs');
  child.kill('SIGINT');
  assert.equal((await child.ended).code, 130);
  await commitRest(folder);
});

test("the lock of a process that was killed is nobody's", async (t) => {
  const { folder, child } = await busy(t);
  child.kill('SIGKILL');
  await child.ended;
  assert.ok(fs.existsSync(opened(folder).layout.lock));
  await commitRest(folder);
});

test('of several commits at once one is made, and no more', async (t) => {
  const repository = await fixture.newRepository(t);
  fixture.put(repository.root, { a: 'a', 'b/c': 'c' });
  const results = await Promise.allSettled(
    Array.from({ length: 4 }, () => fixture.commitAll(fixture.reopened(repository))),
  );
  const made = results.filter(({ status }) => status === 'fulfilled');
  assert.equal(made.length, 1);
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    assert.ok(result.reason instanceof Refusal);
    assert.deepEqual([result.reason.kind, result.reason.problem.code], ['locked', 'store/locked']);
  }
  assert.deepEqual(await fixture.statusOf(fixture.reopened(repository)), { changes: [], problems: [] });

  const folder = join(temporary(t), 'root');
  fixture.put(folder, { a: 'a', 'b/c': 'c' });
  await succeed(folder, 'init');
  const ended = await Promise.all([1, 2, 3].map(() => run(folder, 'commit', '-m', 'At once')));
  for (const { code, output } of ended) assert.ok(code === 0 || code === 11, output);
  assert.ok(ended.some(({ code }) => code === 0));
  assert.equal(opened(folder).commits.readCommit(opened(folder).commits.readHead()!).parents.length, 0);
  await commitRest(folder);
});
