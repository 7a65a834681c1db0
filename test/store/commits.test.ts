import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { test } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import type { CommitId } from '../../src/model/id.ts';
import { openCommits } from '../../src/store/commits.ts';
import { recover } from '../../src/store/working.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import {
  again,
  dateOf,
  emptyRepository,
  fieldsOf,
  graph,
  leftoversIn,
  quick,
  readTree,
  refusedWith,
  temporary,
  texts,
  writeTexts,
} from './fixture.ts';

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
  const b3sum = spawnSync('b3sum', ['--no-names', 'commit.yaml', 'changes.patch'], {
    cwd: directory,
    encoding: 'utf8',
  });
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
  assert.equal(
    refusedWith(() => writeTexts(commits, texts({}), state)),
    'store/commit-damaged',
  );
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
  assert.equal(
    refusedWith(() => commits.readCommit(id)),
    'store/commit-missing',
  );
  fs.rmdirSync(join(commits.layout.commits, '2026'));
  assert.deepEqual(readTree(commits.layout.home), before);
  const next = commits.beginCommit();
  next.write('y');
  assert.equal(
    commits.readCommit(next.finish(fieldsOf(texts({})))).changes,
    digest('y'),
    'the hasher began anew',
  );
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
    assert.equal(
      refusedWith(() => commits.readHead()),
      'store/head-unreadable',
      JSON.stringify(text),
    );
  }
});

test('damage to a commit is refused with what is wrong', (t) => {
  const rows: [what: string, code: string, damage: (directory: string) => void][] = [
    ['gone', 'store/commit-missing', (directory) => fs.rmSync(directory, { recursive: true })],
    ['no cover letter', 'store/commit-damaged', (directory) => fs.rmSync(join(directory, 'commit.yaml'))],
    [
      'edited',
      'store/commit-damaged',
      (directory) => fs.appendFileSync(join(directory, 'commit.yaml'), 'x: 1\n'),
    ],
    [
      'moved to another date',
      'store/commit-damaged',
      (directory) =>
        fs.renameSync(directory, join(dirname(directory), `2025${basename(directory).slice(4)}`)),
    ],
    [
      'patch edited',
      'store/commit-damaged',
      (directory) => fs.appendFileSync(join(directory, 'changes.patch'), '\n'),
    ],
  ];
  for (const [what, code, damage] of rows) {
    const commits = emptyRepository(temporary(t), quick);
    const id = writeTexts(commits, texts({}), texts({ a: 'a\n' }));
    damage(commits.directoryOf(id));
    const read = () => [...again(commits).patchChunks(id)];
    assert.equal(refusedWith(read), code, what);
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
