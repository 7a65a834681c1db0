import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import { Refusal, type Problem } from '../../src/model/problem.ts';
import { undoEdit } from '../../src/store/edited.ts';
import type { Layout } from '../../src/store/layout.ts';
import { appendOperation, operations } from '../../src/store/operations.ts';
import { readRepositoryFile, writeRepositoryFile } from '../../src/store/repository-file.ts';
import { recover } from '../../src/store/working.ts';
import type { Operation } from '../../src/text/operation.ts';
import type { RepositoryRecord } from '../../src/text/repository.ts';
import { faultyDisk } from '../disk/faulty.ts';
import { emptyRepository, leftoversIn, readTree, temporary } from './fixture.ts';

const quick: Disk = { ...nodeDisk, fsync: () => undefined, flushVolume: () => undefined };

function layoutFor(t: TestContext): Layout {
  return emptyRepository(temporary(t), quick).layout;
}

const RECORD: Omit<RepositoryRecord, 'serial'> = {
  id: '5e6f7a8b9c0d1e2f',
  name: 'laptop',
  reach: [],
  head: '',
  want: [],
  trust: 'full',
  holds: '',
  absent: [],
  missing: [],
  extra: [],
  older: [],
  as: [],
};

function idOf(digit: string): CommitId {
  return digit.repeat(64) as CommitId;
}

test('what a repository says of itself has one serial more with each writing, and keeps what dbk does not know', (t) => {
  const layout = layoutFor(t);
  assert.equal(readRepositoryFile(quick, layout, 'laptop'), undefined);
  assert.deepEqual(writeRepositoryFile(quick, layout, RECORD), { ...RECORD, serial: 1 });
  const path = join(layout.repositories, 'laptop.yaml');
  fs.writeFileSync(path, fs.readFileSync(path, 'utf8').replace('serial: 1', 'serial: 41') + 'zone: attic\n');
  const head = idOf('c');
  const expected = { ...RECORD, head, serial: 42, more: new Map([['zone', 'attic']]) };
  assert.deepEqual(writeRepositoryFile(quick, layout, { ...RECORD, head }), expected);
  assert.deepEqual(readRepositoryFile(quick, layout, 'laptop'), expected);
  assert.deepEqual(leftoversIn(layout), []);
});

test('the file of another repository of the same name is not replaced, nor one that cannot be read', (t) => {
  const layout = layoutFor(t);
  writeRepositoryFile(quick, layout, RECORD);
  const path = join(layout.repositories, 'laptop.yaml');
  const rows: [change: (text: string) => string, code: string][] = [
    [(text) => text.replace(RECORD.id, '0'.repeat(16)), 'store/name-taken'],
    [(text) => text.replace('serial: 1', 'serial: many'), 'store/repository-unreadable'],
    [() => '', 'store/repository-unreadable'],
  ];
  for (const [change, code] of rows) {
    const text = change(fs.readFileSync(path, 'utf8'));
    fs.writeFileSync(path, text);
    assert.throws(
      () => writeRepositoryFile(quick, layout, RECORD),
      (error) => error instanceof Refusal && error.problem.code === code,
    );
    assert.equal(fs.readFileSync(path, 'utf8'), text);
  }
});

function operation(second: number, before: CommitId | '', after: CommitId | ''): Operation {
  const date = `2026-11-22T18:20:${String(second).padStart(2, '0')}Z` as Instant;
  return { command: 'commit', date, before, after, steps: [], undoes: '' };
}

test('operations are listed newest first, those of one second as they followed each other', (t) => {
  const layout = layoutFor(t);
  const all = [
    operation(1, '', idOf('a')),
    operation(2, idOf('a'), idOf('b')),
    operation(2, idOf('b'), idOf('c')),
    operation(2, idOf('c'), idOf('d')),
    operation(2, idOf('d'), idOf('e')),
    operation(9, idOf('e'), idOf('e')),
  ];
  const names = all.map((one) => appendOperation(quick, layout, one));
  for (const name of names) assert.match(name, /^20261122T18200[129]Z-[0-9a-f]{8}$/);
  fs.writeFileSync(join(layout.operations, 'notes.txt'), 'of the person');
  fs.writeFileSync(join(layout.operations, '20261122T182003Z-00000000.yaml'), 'dbk: operation 1\n');
  const told: Problem[] = [];
  const listed = [...operations(quick, layout, (problem) => told.push(problem))];
  assert.deepEqual(listed, all.map((one, i) => ({ name: names[i], operation: one })).reverse());
  assert.deepEqual(told.map(({ code, place }) => [code, place?.path]), [
    ['store/operation-unreadable', join(layout.operations, '20261122T182003Z-00000000.yaml')],
  ]);
});

test('an operation that is broken off leaves what the next recovery clears away', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  for (let at = 1, happened = true; happened; at++) {
    const disk = faultyDisk(quick, { kind: 'dies', at, torn: true });
    try {
      appendOperation(disk, commits.layout, operation(at, '', ''));
    } catch {
      // Killed, as it has to be.
    }
    happened = disk.happened;
    recover(commits);
    assert.deepEqual(leftoversIn(commits.layout), []);
  }
  const told: Problem[] = [];
  const whole = [...operations(quick, commits.layout, (problem) => told.push(problem))];
  assert.ok(whole.length > 0);
  assert.deepEqual(told, []);
});

test('an edit that is undone is kept beside, once, and what was recorded is there again', (t) => {
  const { layout } = emptyRepository(temporary(t), quick);
  const path = 'tree/Music/manifest.yaml';
  const place = join(layout.index, path);
  fs.mkdirSync(join(layout.index, 'tree/Music'), { recursive: true });
  const rows: [edited: string | undefined, recorded: string | undefined, kept: RegExp | undefined][] = [
    ['edited\n', 'recorded\n', /^tree\/Music\/manifest\.yaml\.[0-9a-f]{8}$/],
    ['edited\n', 'recorded\n', /^tree\/Music\/manifest\.yaml\.[0-9a-f]{8}$/],
    ['edited again\n', 'recorded\n', /^tree\/Music\/manifest\.yaml\.[0-9a-f]{8}$/],
    [undefined, 'recorded\n', undefined],
    ['made by hand\n', undefined, /^tree\/Music\/manifest\.yaml\.[0-9a-f]{8}$/],
    [undefined, undefined, undefined],
    [undefined, 'recorded\n', undefined],
  ];
  for (const [edited, recorded, kept] of rows) {
    if (edited === undefined) fs.rmSync(place, { force: true });
    else fs.writeFileSync(place, edited);
    const found = undoEdit(quick, layout, path, recorded);
    if (kept === undefined) assert.equal(found, undefined);
    else assert.match(found!, kept);
    if (found !== undefined) assert.equal(fs.readFileSync(join(layout.edited, found), 'utf8'), edited);
    assert.equal(fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined, recorded);
  }
  fs.rmSync(join(layout.index, 'tree/Music'), { recursive: true });
  fs.symlinkSync('/nowhere', join(layout.index, 'tree/Music'));
  assert.throws(() => undoEdit(quick, layout, path, 'recorded\n'), { message: /tree\/Music' is not a directory$/ });
  assert.deepEqual([...readTree(layout.edited).values()].sort(), ['edited\n', 'edited again\n', 'made by hand\n']);
});
