import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import type { CommitId } from '../../src/model/id.ts';
import { Refusal } from '../../src/model/problem.ts';
import { openCommits, type Commits } from '../../src/store/commits.ts';
import { history } from '../../src/store/history.ts';
import { resolveCommit } from '../../src/store/resolve.ts';
import { recover } from '../../src/store/working.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import { dateOf, emptyRepository, fieldsOf, leftoversIn, readTree, temporary, texts, writeTexts } from './fixture.ts';

const quick: Disk = { ...nodeDisk, fsync: () => undefined, flushVolume: () => undefined };

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
}

function again(commits: Commits): Commits {
  return openCommits(quick, commits.layout);
}

/** Commits without texts; each row names its parents by their place in the list. */
function graph(commits: Commits, rows: readonly (readonly [parents: readonly number[], second: number])[]): CommitId[] {
  const ids: CommitId[] = [];
  for (const [number, [parents, second]] of rows.entries()) {
    const options = { parents: parents.map((parent) => ids[parent]!), date: dateOf(second), message: `${number}` };
    ids.push(writeTexts(commits, texts({}), texts({}), options));
  }
  return ids;
}

test('a commit is what its writer was told, under the name that follows from it', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const writer = commits.beginCommit();
  writer.write('diff --git a/é b/é\n');
  assert.equal(writer.bytes, 21);
  writer.write('x'.repeat(3_000_000));
  const fields = { ...fieldsOf(texts({})), date: '2027-01-01T00:30:00+01:00', message: 'New year\n' };
  const id = writer.finish(fields);
  const directory = commits.directoryOf(id);
  assert.equal(directory, join(commits.layout.commits, '2026', `20261231T233000Z-laptop-${id.slice(0, 16)}`));
  assert.deepEqual([...readTree(directory).keys()], ['changes.patch', 'commit.yaml']);
  const patch = fs.readFileSync(join(directory, 'changes.patch'));
  assert.equal(patch.length, 21 + 3_000_000);
  for (const reader of [commits, again(commits)]) {
    assert.deepEqual(reader.readCommit(id), { ...fields, changes: digest(patch) });
    const chunks = Array.from(reader.patchChunks(id), (chunk) => Buffer.from(chunk));
    assert.ok(chunks.every((chunk) => chunk.length <= 1 << 20) && chunks.length === 3);
    assert.ok(Buffer.concat(chunks).equals(patch));
  }
  assert.deepEqual(leftoversIn(commits.layout), []);
  const b3sum = spawnSync('b3sum', ['--no-names', 'commit.yaml', 'changes.patch'], { cwd: directory, encoding: 'utf8' });
  if (b3sum.error !== undefined) return t.skip('needs b3sum');
  assert.deepEqual(b3sum.stdout.trim().split('\n'), [id, commits.readCommit(id).changes]);
});

test('a commit that changes nothing has an empty patch', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const id = commits.beginCommit().finish(fieldsOf(texts({})));
  assert.equal(commits.readCommit(id).changes, digest(''));
  assert.deepEqual([...commits.patchChunks(id)], []);
  assert.equal(fs.statSync(join(commits.directoryOf(id), 'changes.patch')).size, 0);
});

test('the same commit written again is one commit; another one in its place is refused', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const state = texts({ a: 'a\n' });
  const id = writeTexts(commits, texts({}), state);
  const before = fs.statSync(commits.directoryOf(id)).ino;
  assert.equal(writeTexts(commits, texts({}), state), id);
  assert.equal(fs.statSync(commits.directoryOf(id)).ino, before);
  fs.appendFileSync(join(commits.directoryOf(id), 'changes.patch'), 'more');
  assert.equal(codeOf(() => writeTexts(commits, texts({}), state)), 'store/commit-damaged');
  assert.deepEqual(leftoversIn(commits.layout), []);
});

test('a commit that was abandoned or taken back leaves nothing', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const before = readTree(commits.layout.home);
  const writer = commits.beginCommit();
  writer.write('x'.repeat(2_000_000));
  writer.abandon();
  const id = writeTexts(commits, texts({}), texts({ a: 'a\n' }));
  commits.withdrawCommit(id);
  assert.equal(codeOf(() => commits.readCommit(id)), 'store/commit-missing');
  fs.rmdirSync(join(commits.layout.commits, '2026'));
  assert.deepEqual(readTree(commits.layout.home), before);
  const next = commits.beginCommit();
  next.write('y');
  assert.equal(commits.readCommit(next.finish(fieldsOf(texts({})))).changes, digest('y'), 'the hasher began anew');
});

test('wherever writing a commit is broken off, there is no commit or a whole one', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const state = texts({ 'tree/manifest.yaml': 'one\n' });
  const faults: ((at: number) => Fault)[] = [
    (at) => ({ kind: 'dies', at }),
    (at) => ({ kind: 'dies', at, torn: true }),
    (at) => ({ kind: 'dies', at, powerLoss: true }),
    (at) => ({ kind: 'fails', at, code: 'EIO' }),
    (at) => ({ kind: 'fails', at, code: 'ENOSPC', onwards: true }),
  ];
  for (const fault of faults) {
    let written: CommitId | undefined;
    for (let at = 1, happened = true; happened; at++) {
      const disk = faultyDisk(quick, fault(at));
      try {
        written = writeTexts(openCommits(disk, commits.layout), texts({}), state);
      } catch (error) {
        if (!(error instanceof Killed) && !/^(EIO|ENOSPC)/.test((error as Error).message)) throw error;
      }
      happened = disk.happened;
      recover(again(commits));
      assert.deepEqual(leftoversIn(commits.layout), []);
      const directories = fs.existsSync(join(commits.layout.commits, '2026'))
        ? fs.readdirSync(join(commits.layout.commits, '2026'))
        : [];
      for (const name of directories) {
        const id = again(commits).findCommit(name.slice(-16));
        assert.deepEqual([...again(commits).patchChunks(id)].length, 1);
      }
      assert.ok(directories.length <= 1 && (!happened || written === undefined));
      fs.rmSync(join(commits.layout.commits, '2026'), { recursive: true, force: true });
    }
    assert.notEqual(written, undefined);
  }
});

test('head is absent, an id, or refused', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  assert.equal(commits.readHead(), undefined);
  const id = writeTexts(commits, texts({}), texts({}));
  commits.writeHead(id);
  assert.equal(fs.readFileSync(commits.layout.head, 'utf8'), `${id}\n`);
  assert.equal(again(commits).readHead(), id);
  for (const text of ['', 'main\n', id.slice(1), `${id}\n\n`, `${id.toUpperCase()}\n`]) {
    fs.writeFileSync(commits.layout.head, text);
    assert.equal(codeOf(() => commits.readHead()), 'store/head-unreadable', JSON.stringify(text));
  }
});

test('damage to a commit is refused with what is wrong', (t) => {
  const rows: [what: string, code: string, damage: (directory: string) => void][] = [
    ['gone', 'store/commit-missing', (directory) => fs.rmSync(directory, { recursive: true })],
    ['no cover letter', 'store/commit-damaged', (directory) => fs.rmSync(join(directory, 'commit.yaml'))],
    ['edited', 'store/commit-damaged', (directory) => fs.appendFileSync(join(directory, 'commit.yaml'), 'x: 1\n')],
    [
      'moved to another date',
      'store/commit-damaged',
      (directory) => fs.renameSync(directory, join(dirname(directory), `2025${basename(directory).slice(4)}`)),
    ],
    ['patch edited', 'store/commit-damaged', (directory) => fs.appendFileSync(join(directory, 'changes.patch'), '\n')],
  ];
  for (const [what, code, damage] of rows) {
    const commits = emptyRepository(temporary(t), quick);
    const id = writeTexts(commits, texts({}), texts({ a: 'a\n' }));
    damage(commits.directoryOf(id));
    const read = () => [...again(commits).patchChunks(id)];
    assert.equal(codeOf(read), code, what);
    assert.throws(read, { message: new RegExp(`^commit ${id} is `) });
  }
});

test('directories that only look like the commit do not stand in its way', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const id = writeTexts(commits, texts({}), texts({}));
  const directory = commits.directoryOf(id);
  fs.cpSync(directory, directory.replace('-laptop-', '-forged-'), { recursive: true });
  fs.writeFileSync(join(directory.replace('-laptop-', '-forged-'), 'commit.yaml'), 'forged\n');
  fs.writeFileSync(join(dirname(directory), 'a file of the person'), '');
  fs.mkdirSync(join(commits.layout.commits, 'notes'));
  assert.equal(again(commits).directoryOf(id), directory);
  assert.equal(again(commits).findCommit(id.slice(0, 8)), id);
});

test('a commit is found that another process wrote meanwhile', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const other = again(commits);
  const [first] = graph(commits, [[[], 1]]);
  other.readCommit(first!);
  const [second] = graph(commits, [[[], 2]]);
  assert.equal(other.readCommit(second!).date, dateOf(2));
});

test('what a person calls a commit is resolved, or refused with a reason', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  assert.equal(codeOf(() => resolveCommit(commits, 'HEAD')), 'store/no-commits');
  const ids = graph(commits, [
    [[], 1],
    [[0], 2],
    [[0], 3],
    [[1, 2], 4],
  ]) as [CommitId, CommitId, CommitId, CommitId];
  const [a, b, c, d] = ids;
  commits.writeHead(d);
  const rows: [spec: string, expected: CommitId | string][] = [
    ['HEAD', d],
    ['HEAD~0', d],
    ['HEAD^', b],
    ['HEAD^1', b],
    ['HEAD^2', c],
    ['HEAD^0', d],
    ['HEAD~', b],
    ['HEAD~1', b],
    ['HEAD~2', a],
    ['HEAD^^', a],
    ['HEAD^2~1', a],
    [a, a],
    [a.slice(0, 8), a],
    [a.slice(0, 20).toUpperCase(), a],
    [`${d.slice(0, 12)}^2^`, a],
    ['HEAD~3', 'store/no-parent'],
    ['HEAD^3', 'store/no-parent'],
    [a.slice(0, 3), 'store/short-commit'],
    ['', 'store/no-such-commit'],
    ['head', 'store/no-such-commit'],
    ['HEAD~x', 'store/no-such-commit'],
    ['--all', 'store/no-such-commit'],
    ['../../head', 'store/no-such-commit'],
    [`${a}0`, 'store/no-such-commit'],
    ['0'.repeat(64), 'store/no-such-commit'],
    [`${a.slice(0, 16)}${'0'.repeat(48)}`, 'store/no-such-commit'],
  ];
  for (const [spec, expected] of rows) {
    let found: string | undefined;
    const code = codeOf(() => (found = resolveCommit(again(commits), spec)));
    assert.equal(code ?? found, expected, spec);
  }
});

test('the beginning of several ids is refused with some of them', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const byStart = new Map<string, CommitId>();
  for (let number = 0; ; number++) {
    const id = writeTexts(commits, texts({}), texts({}), { message: `${number}` });
    const other = byStart.get(id.slice(0, 4));
    byStart.set(id.slice(0, 4), id);
    if (other === undefined) continue;
    const digits = [id, other].sort().map((one) => one.slice(0, 16));
    assert.throws(
      () => resolveCommit(commits, id.slice(0, 4)),
      (error) => error instanceof Refusal && error.problem.hint === `give more digits: ${digits.join(', ')}`,
    );
    return;
  }
});

test('a history is told newest first, each commit once and after all that follow it', (t) => {
  const rows: [what: string, graph: [number[], number][], expected: number[]][] = [
    ['one', [[[], 1]], [0]],
    ['a line, whatever the clocks said', [[[], 9], [[0], 5], [[1], 7]], [2, 1, 0]],
    ['two lines that merge', [[[], 1], [[0], 2], [[0], 3], [[1, 2], 4]], [3, 2, 1, 0]],
    ['two lines side by side', [[[], 1], [[0], 2], [[0], 3], [[1], 4], [[2], 5], [[3, 4], 6]], [5, 4, 3, 2, 1, 0]],
    ['a parent dated after its children', [[[], 9], [[0], 2], [[0], 3], [[1, 2], 4]], [3, 2, 1, 0]],
    ['a child dated before everything', [[[], 5], [[0], 6], [[0], 1], [[1, 2], 7]], [3, 1, 2, 0]],
    ['unrelated beginnings', [[[], 1], [[], 2], [[0, 1], 3]], [2, 1, 0]],
    ['a parent named twice', [[[], 1], [[0, 0], 2]], [1, 0]],
    ['a merge below a line', [[[], 1], [[0], 2], [[0, 1], 3], [[2], 4], [[3], 5]], [4, 3, 2, 1, 0]],
    ['a criss-cross', [[[], 1], [[0], 2], [[0], 3], [[1, 2], 4], [[2, 1], 5], [[3, 4], 6]], [5, 4, 3, 2, 1, 0]],
  ];
  for (const [what, shape, expected] of rows) {
    const commits = emptyRepository(temporary(t), quick);
    const ids = graph(commits, shape);
    const told = Array.from(history(commits, ids.at(-1)), ({ id, commit }) => [ids.indexOf(id), commit.message]);
    assert.deepEqual(told, expected.map((number) => [number, `${number}\n`]), what);
  }
  assert.deepEqual([...history(emptyRepository(temporary(t), quick), undefined)], []);
});

test('the beginning of a long history without merges is told without reading the rest', (t: TestContext) => {
  const commits = emptyRepository(temporary(t), quick);
  const ids = graph(commits, Array.from({ length: 50 }, (_, number) => [number === 0 ? [] : [number - 1], number]));
  fs.rmSync(commits.directoryOf(ids[0]!), { recursive: true });
  const told: CommitId[] = [];
  for (const { id } of history(again(commits), ids.at(-1))) if (told.push(id) === 10) break;
  assert.deepEqual(told, ids.slice(-10).reverse());
  assert.equal(codeOf(() => [...history(again(commits), ids.at(-1))]), 'store/commit-missing');
});
