import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Disk } from '../../src/disk/disk.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { restore, type RestoreResult } from '../../src/flow/restore.ts';
import { listOperations } from '../../src/flow/undo.ts';
import type { CommitId } from '../../src/model/id.ts';
import { ROOT } from '../../src/model/path.ts';
import { Killed } from '../disk/faulty.ts';
import {
  codesOf,
  commitAll,
  leftoversIn,
  newRepository,
  put,
  quick,
  remove,
  reopened,
  statusOf,
} from '../flow/fixture.ts';

before(() => loadBlake3());

/** Of a process that is no more: what it locked is nobody's. */
const DEAD = spawnSync('true').pid;

/** A disk whose process is killed right before a call that matches. */
function killedAt(call: keyof Disk, when: RegExp, disk: Disk = quick): Disk {
  let isDead = false;
  const methods = Object.entries(disk).map(([name, method]: [string, unknown]) => [
    name,
    (...args: readonly unknown[]): unknown => {
      if (name === call && when.test(args.join(' '))) isDead = true;
      if (isDead) throw new Killed();
      return (method as (...all: readonly unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(methods) as Disk;
}

interface Prepared {
  readonly repository: Repository;
  readonly from: CommitId;
}

/** `a` was edited and `b` is gone. */
async function prepare(t: TestContext): Promise<Prepared> {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, { a: 'as it was', b: 'bee', 'folder/c': 'c' });
  const { commit } = await commitAll(repository);
  remove(root, 'a', 'b');
  put(root, { a: 'edited' });
  return { repository, from: commit! };
}

function bring({ repository, from }: Prepared, disk: Disk = quick): Promise<RestoreResult> {
  const { context, root } = repository;
  const dead = { ...context, disk, identity: { ...context.identity, pid: DEAD } };
  const options = { paths: [ROOT], from, checkEverything: false, dryRun: false };
  return restore(openRepository(disk === quick ? context : dead, root), options);
}

async function broken(prepared: Prepared, disk: Disk): Promise<void> {
  await assert.rejects(bring(prepared, disk), Killed);
  assert.ok(fs.existsSync(prepared.repository.layout.journal));
}

function read(repository: Repository, path: string): string | undefined {
  const place = join(repository.root, path);
  return fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined;
}

function staged({ layout }: Repository): string {
  const [aside] = fs.readdirSync(layout.scratch);
  return join(layout.scratch, aside!, '1');
}

/** When `a` had gone to the guard, and the new one had not got its name: what was done next, what stands there then. */
const MEANWHILE: readonly [
  what: string,
  then: (repository: Repository) => void,
  a: string,
  codes: string[],
][] = [
  ['nothing', () => undefined, 'as it was', []],
  ['what was written aside is gone', (repository) => fs.unlinkSync(staged(repository)), 'edited', []],
  [
    'what was written aside is torn',
    (repository) => {
      fs.rmSync(staged(repository));
      fs.writeFileSync(staged(repository), 'as it');
    },
    'edited',
    [],
  ],
  ['a person wrote it anew', ({ root }) => put(root, { a: 'mine' }), 'mine', ['sync/changed-meanwhile a']],
];

test('what was broken off between the guard and the new name is finished, or taken back', async (t) => {
  for (const [what, then, a, codes] of MEANWHILE) {
    const prepared = await prepare(t);
    const { repository } = prepared;
    await broken(prepared, killedAt('link', /\/new\/[0-9a-f]{16}\/1 .*\/root\/a$/));
    assert.equal(read(repository, 'a'), undefined, what);
    then(repository);
    const { problems } = await statusOf(reopened(repository));
    assert.deepEqual(codesOf(problems), ['sync/resumed', ...codes].sort(), what);
    assert.deepEqual([read(repository, 'a'), read(repository, 'b')], [a, 'bee'], what);
    assert.deepEqual(leftoversIn(repository), [], what);
    assert.deepEqual(codesOf((await statusOf(reopened(repository))).problems), [], what);
    const [last] = listOperations(repository, () => undefined);
    const steps = last!.operation.steps.map((step) => step.kind);
    assert.deepEqual(steps, a === 'as it was' ? ['keep', 'write', 'write'] : ['write'], what);
  }
});

test('on another volume than .dbk a file is written beside its place, and nothing stays there', async (t) => {
  const elsewhere = (stats: fs.BigIntStats | undefined, path: string): fs.BigIntStats | undefined => {
    if (stats !== undefined && path.includes('/.dbk/')) stats.dev += 1n;
    return stats;
  };
  const disk: Disk = {
    ...quick,
    lstatExact: (path) => elsewhere(quick.lstatExact(path), path),
    rename: (from, to) => {
      if (from.includes('/.dbk/') !== to.includes('/.dbk/'))
        throw Object.assign(new Error(), { code: 'EXDEV' });
      quick.rename(from, to);
    },
    link: (from, to) => {
      if (from.includes('/.dbk/') !== to.includes('/.dbk/'))
        throw Object.assign(new Error(), { code: 'EXDEV' });
      quick.link(from, to);
    },
  };
  const prepared = await prepare(t);
  const { repository } = prepared;
  const beside = (): string[] => fs.readdirSync(repository.root).filter((name) => name.startsWith('.dbk-'));
  await broken(prepared, killedAt('link', /\/\.dbk-new-[0-9a-f]{16}-2 .*\/root\/b$/, disk));
  assert.deepEqual(
    beside().map((name) => name.slice(-2)),
    ['-1', '-2'],
  );
  const { problems } = await statusOf(reopened(repository, disk));
  assert.deepEqual(codesOf(problems), ['sync/other-volume a', 'sync/resumed']);
  assert.deepEqual([read(repository, 'a'), read(repository, 'b'), beside()], ['edited', 'bee', []]);
  remove(repository.root, 'b');
  const found = await bring(prepared, disk);
  // There is no guard for what would be replaced there.
  assert.deepEqual(codesOf(found.problems), ['sync/other-volume a']);
  assert.deepEqual([read(repository, 'a'), read(repository, 'b'), beside()], ['edited', 'bee', []]);
});
