/**
 * Every changing file call of a `resolve` fails once, or is the last one that the process makes: afterwards no content
 * is lost, no file is half written, and settling the conflict again gives what it gives when nothing goes wrong.
 */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { countOpenConflicts } from '../../src/flow/conflict-names.ts';
import type { Choice } from '../../src/flow/conflict-deeds.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { resolve } from '../../src/flow/resolve.ts';
import { ROOT } from '../../src/model/path.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import { beside, conflicted, type Conflicted, type Story } from './conflicted.ts';
import { commitAll, contextOf, leftoversIn, quick, statusOf, textsIn } from './fixture.ts';

before(() => loadBlake3());

/** Of a process that is no more: what it locked is nobody's. */
const DEAD = spawnSync('true').pid;
const [LOW, HIGH] = ['one', 'two'].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)) as [string, string];
const BESIDE = beside('a.jpg', HIGH);
const STORY: Story = {
  base: { 'P/a.jpg': 'old' },
  ours: { 'P/a.jpg': LOW },
  theirs: { 'P/a.jpg': HIGH },
  merged: {
    'P/a.jpg': LOW,
    [`P/${BESIDE}`]: HIGH,
    '.dbk/tree/P/$a.jpg.metadata': '---\nmine: 1\n---\n',
    [`.dbk/tree/P/$${BESIDE}.metadata`]: '---\ntheirs: 1\n---\n',
  },
  conflicts: [{ kind: 'content', paths: ['P/a.jpg', `P/${BESIDE}`], ids: [LOW, HIGH] }],
};

const FAULTS: readonly [what: string, step: number, make: (at: number) => Fault][] = [
  ['dies', 9, (at) => ({ kind: 'dies', at })],
  ['loses power in the middle of a write', 17, (at) => ({ kind: 'dies', at, torn: true, powerLoss: true })],
  ['fails once', 13, (at) => ({ kind: 'fails', at, code: 'EIO' })],
  ['finds the disk full from there on', 37, (at) => ({ kind: 'fails', at, code: 'ENOSPC', onwards: true })],
];

function opened({ repository: { root } }: Conflicted, disk = quick, pid = process.pid): Repository {
  const context = contextOf(disk);
  return openRepository({ ...context, identity: { ...context.identity, pid } }, root);
}

function settle(repository: Repository, choice: Choice): Promise<unknown> {
  return resolve(repository, { paths: [ROOT], choice, dryRun: false });
}

/** All bytes that stand somewhere: in files and in the guard. */
function contents({ root, layout }: Repository): Set<string> {
  const files = [...textsIn(root)].filter(([path]) => !path.startsWith('.dbk/'));
  return new Set([...files, ...textsIn(layout.guard)].map(([, text]) => text));
}

/** Each begins at another call, so that together they meet nearly every one. */
for (const [kind, choice, first] of [
  ['ours', { kind: 'ours' }, 1],
  ['theirs', { kind: 'theirs' }, 2],
  ['merged', { kind: 'text', text: 'merged' }, 3],
] as const) {
  for (const [what, step, make] of FAULTS) {
    test(`a process that settles (${kind}) ${what}`, async (t) => {
      const whole = await conflicted(t, STORY);
      const counting = faultyDisk(quick);
      await settle(opened(whole, counting), choice);
      const last = counting.calls.length;
      const expected = [...textsIn(join(whole.repository.root, 'P'))];
      const before = await conflicted(t, STORY);
      const { root } = before.repository;
      const saved = `${root}-saved`;
      execFileSync('cp', ['-a', root, saved]);
      for (let at = first; at <= last; at += step) {
        fs.rmSync(root, { recursive: true });
        execFileSync('cp', ['-a', saved, root]);
        fs.rmSync(join(root, '.dbk/local/here'));
        const had = contents(before.repository);
        const disk = faultyDisk(quick, make(at));
        await settle(opened(before, disk, DEAD), choice).catch((error: unknown) => {
          const isOurs = error instanceof Killed || disk.happened;
          if (!isOurs) throw error;
        });
        const lock = join(root, '.dbk/local/lock');
        // A power loss can leave an empty one; it is older than the machine's start then.
        if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
        const after = opened(before);
        const { problems } = await statusOf(after);
        assert.deepEqual([at, problems.filter(({ severity }) => severity === 'error')], [at, []]);
        for (const text of had) assert.ok(contents(after).has(text), `${what} at ${at}: '${text}' is lost`);
        for (const [path, text] of textsIn(join(root, 'P')))
          assert.ok([LOW, HIGH, 'merged'].includes(text), `${what} at ${at}: '${path}' is torn`);
        if (countOpenConflicts(after) > 0) await settle(opened(before), choice);
        assert.deepEqual([at, ...textsIn(join(root, 'P'))], [at, ...expected]);
        assert.deepEqual([at, countOpenConflicts(after)], [at, 0]);
        assert.deepEqual([at, await statusOf(opened(before))], [at, { changes: [], problems: [] }]);
        // What a command that was broken off has left, the next one that writes takes away.
        await commitAll(opened(before));
        const left = leftoversIn(after).filter((path) => /journal|merged|lock/.test(path));
        assert.deepEqual([at, left], [at, []]);
      }
    });
  }
}
