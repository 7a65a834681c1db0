import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import type { CommitId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Problem } from '../../src/model/problem.ts';
import { appendOperation, operations } from '../../src/store/operations.ts';
import { recover } from '../../src/store/working.ts';
import type { Operation } from '../../src/text/operation.ts';
import { faultyDisk } from '../disk/faulty.ts';
import { emptyRepository, leftoversIn, quick, temporary } from './fixture.ts';

function idOf(digit: string): CommitId {
  return digit.repeat(64) as CommitId;
}

function operation(second: number, before: CommitId | '', after: CommitId | ''): Operation {
  const date = `2026-11-22T18:20:${String(second).padStart(2, '0')}Z` as Instant;
  return { command: 'commit', date, before, after, steps: [], undoes: '' };
}

test('operations are listed newest first, those of one second as they followed each other', (t) => {
  const layout = emptyRepository(temporary(t), quick).layout;
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
  assert.deepEqual(
    told.map(({ code, place }) => [code, place?.path]),
    [['store/operation-unreadable', join(layout.operations, '20261122T182003Z-00000000.yaml')]],
  );
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
