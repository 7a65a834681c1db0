import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import type { CommitId } from '../../src/model/id.ts';
import { Refusal } from '../../src/model/problem.ts';
import { readRepositoryFile, writeRepositoryFile } from '../../src/store/repository-file.ts';
import type { RepositoryRecord } from '../../src/text/repository.ts';
import { emptyRepository, leftoversIn, quick, temporary } from './fixture.ts';

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

test('what a repository says of itself has one serial more with each writing, and keeps what dbk does not know', (t) => {
  const layout = emptyRepository(temporary(t), quick).layout;
  assert.equal(readRepositoryFile(quick, layout, 'laptop'), undefined);
  assert.deepEqual(writeRepositoryFile(quick, layout, RECORD), { ...RECORD, serial: 1 });
  const path = join(layout.repositories, 'laptop.yaml');
  fs.writeFileSync(path, fs.readFileSync(path, 'utf8').replace('serial: 1', 'serial: 41') + 'zone: attic\n');
  const head = 'c'.repeat(64) as CommitId;
  const expected = { ...RECORD, head, serial: 42, more: new Map([['zone', 'attic']]) };
  assert.deepEqual(writeRepositoryFile(quick, layout, { ...RECORD, head }), expected);
  assert.deepEqual(readRepositoryFile(quick, layout, 'laptop'), expected);
  assert.deepEqual(leftoversIn(layout), []);
});

test('the file of another repository of the same name is not replaced, nor one that cannot be read', (t) => {
  const layout = emptyRepository(temporary(t), quick).layout;
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
