import assert from 'node:assert/strict';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { Refusal, type Problem } from '../../src/model/problem.ts';
import { digest } from '../../src/disk/blake3.ts';
import { layoutOf, type Layout } from '../../src/store/layout.ts';
import { acquireLock, type IsRunning } from '../../src/store/lock.ts';
import { identifyProcess } from '../../src/store/process-identity.ts';
import { parseLock, writeLock, type Holder } from '../../src/text/journal.ts';
import { faultyDisk, Killed } from '../disk/faulty.ts';
import { temporary } from './fixture.ts';

const ME: Holder = {
  host: 'here',
  boot: 'this boot',
  pid: 100,
  started: '7',
  command: 'commit',
  since: '2026-11-22T18:20:11Z',
};
const OTHER: Holder = { ...ME, pid: 200, command: 'sync', since: '2026-11-20T08:00:00Z' };

const alive: IsRunning = () => true;
const dead: IsRunning = () => false;

function home(t: TestContext): Layout {
  const layout = layoutOf(join(temporary(t), '.dbk'));
  fs.mkdirSync(layout.local, { recursive: true });
  return layout;
}

function refusal(action: () => unknown): Problem {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof Refusal && error.kind === 'locked', String(error));
    return error.problem;
  }
  return assert.fail('not refused');
}

/** A disk without hard links, as FAT. */
const linkless: Disk = {
  ...nodeDisk,
  link: () => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
  },
};

test('a lock says who has it, is had by one, and is gone when released', (t) => {
  for (const disk of [nodeDisk, linkless]) {
    const layout = home(t);
    fs.rmdirSync(layout.local);
    const lock = acquireLock(disk, layout, ME, alive);
    assert.deepEqual(parseLock(fs.readFileSync(layout.lock, 'utf8')), ME);
    assert.equal(refusal(() => acquireLock(disk, layout, OTHER, alive)).code, 'store/locked');
    assert.equal(
      refusal(() => acquireLock(disk, layout, ME, alive)).code,
      'store/locked',
      'not even by itself',
    );
    assert.deepEqual(fs.readdirSync(layout.local), ['lock']);
    lock.release();
    assert.deepEqual(fs.readdirSync(layout.local), []);
    acquireLock(disk, layout, OTHER, alive).release();
    assert.deepEqual(fs.readdirSync(layout.local), []);
  }
});

test('the refusal names the command, the process, the host and since when, and what to do', (t) => {
  const layout = home(t);
  const since = 'since 2026-11-20T08:00:00Z';
  const rows: [found: Holder, running: IsRunning, reason: string, hint: string][] = [
    [OTHER, alive, `'sync' (process 200 on here, ${since})`, 'wait until it is done'],
    [OTHER, () => 'unknown', `'sync' (process 200 on here, ${since})`, 'wait until it is done'],
    [
      { ...OTHER, host: 'nas' },
      dead,
      `'sync' (process 200 on nas, ${since})`,
      `wait until it is done; remove '${layout.lock}' if nothing runs there any more`,
    ],
  ];
  for (const [found, running, reason, hint] of rows) {
    fs.writeFileSync(layout.lock, writeLock(found));
    assert.deepEqual(
      refusal(() => acquireLock(nodeDisk, layout, ME, running)),
      {
        code: 'store/locked',
        severity: 'error',
        reason: `this repository is locked by ${reason}`,
        hint,
        place: { path: layout.lock },
      },
    );
    assert.deepEqual(parseLock(fs.readFileSync(layout.lock, 'utf8')), found);
  }
});

test('a lock is taken over when its process is dead, and only then', (t) => {
  const layout = home(t);
  const rows: [what: string, found: Holder, running: IsRunning, taken: boolean][] = [
    ['its process is gone', OTHER, dead, true],
    ['its process runs', OTHER, alive, false],
    ['nobody can tell', OTHER, () => 'unknown', false],
    ['the machine was started again', { ...OTHER, boot: 'before' }, alive, true],
    ['another machine, though nothing like it runs here', { ...OTHER, host: 'nas' }, dead, false],
    ['another machine with another boot', { ...OTHER, host: 'nas', boot: 'before' }, dead, false],
    ['it does not know its boot, and runs', { ...OTHER, boot: '' }, alive, false],
    ['it does not know its boot, and is gone', { ...OTHER, boot: '' }, dead, true],
    ['a later dbk wrote more into it', { ...OTHER, more: new Map([['zone', 'x']]) }, dead, true],
  ];
  for (const disk of [nodeDisk, linkless]) {
    for (const [what, found, running, taken] of rows) {
      fs.writeFileSync(layout.lock, writeLock(found));
      if (taken) acquireLock(disk, layout, ME, running).release();
      else refusal(() => acquireLock(disk, layout, ME, running));
      assert.deepEqual(fs.readdirSync(layout.local), taken ? [] : ['lock'], what);
      fs.rmSync(layout.lock, { force: true });
    }
  }
});

test('a lock that cannot be read is left alone while it is young, and when it is of a newer dbk', (t) => {
  const layout = home(t);
  const old = new Date(Date.now() - 11_000);
  const rows: [text: string, taken: boolean][] = [
    ['', true],
    [writeLock(OTHER).slice(0, 20), true],
    ['\0'.repeat(100), true],
    ['dbk: lock 2\nwho: me\n', false],
  ];
  for (const [text, taken] of rows) {
    fs.writeFileSync(layout.lock, text);
    const { reason } = refusal(() => acquireLock(nodeDisk, layout, ME, dead));
    const newer = text.startsWith('dbk: lock 2');
    const by = newer ? 'locked by a newer dbk (lock 2)' : 'being locked by another process';
    assert.equal(reason, `this repository is ${by}`);
    fs.utimesSync(layout.lock, old, old);
    if (taken) acquireLock(nodeDisk, layout, ME, dead).release();
    else refusal(() => acquireLock(nodeDisk, layout, ME, dead));
    assert.deepEqual(fs.readdirSync(layout.local), taken ? [] : ['lock']);
    fs.rmSync(layout.lock, { force: true });
  }
});

test('a process that is too slow to write its lock, and loses it, does not think it has it', (t) => {
  const layout = home(t);
  let slow = true;
  const disk: Disk = {
    ...linkless,
    write: (fd, bytes) => {
      if (slow && fs.existsSync(layout.lock)) {
        slow = false;
        fs.rmSync(layout.lock);
        fs.writeFileSync(layout.lock, writeLock(OTHER));
      }
      nodeDisk.write(fd, bytes);
    },
  };
  assert.match(refusal(() => acquireLock(disk, layout, ME, alive)).reason, /locked by 'sync'/);
  assert.deepEqual(parseLock(fs.readFileSync(layout.lock, 'utf8')), OTHER);
});

test("a lock that is somebody else's by now is not released", (t) => {
  const layout = home(t);
  const lock = acquireLock(nodeDisk, layout, ME, alive);
  fs.writeFileSync(layout.lock, writeLock(OTHER));
  lock.release();
  assert.deepEqual(parseLock(fs.readFileSync(layout.lock, 'utf8')), OTHER);
});

test('whoever breaks a dead lock looks again: one that came meanwhile stays', (t) => {
  const layout = home(t);
  fs.writeFileSync(layout.lock, writeLock(OTHER));
  const third = { ...OTHER, pid: 300, command: 'verify' };
  let links = 0;
  const disk: Disk = {
    ...nodeDisk,
    link: (from, to) => {
      // The second link makes the guard: just before, a third process breaks the same lock and takes it.
      if (++links === 2) fs.writeFileSync(layout.lock, writeLock(third));
      nodeDisk.link(from, to);
    },
  };
  const running: IsRunning = ({ pid }) => pid === 300;
  assert.match(refusal(() => acquireLock(disk, layout, ME, running)).reason, /locked by 'verify'/);
  assert.deepEqual(fs.readdirSync(layout.local), ['lock']);
  assert.deepEqual(parseLock(fs.readFileSync(layout.lock, 'utf8')), third);
});

test('a guard of a living process is respected, one of a dead process is broken as a lock is', (t) => {
  const layout = home(t);
  const guard = `${layout.lock}.break-${digest(writeLock(OTHER)).slice(0, 16)}`;
  const breaker = { ...OTHER, pid: 300, command: 'verify' };
  fs.writeFileSync(layout.lock, writeLock(OTHER));
  fs.writeFileSync(guard, writeLock(breaker));
  const running: IsRunning = ({ pid }) => pid === 300;
  assert.match(refusal(() => acquireLock(nodeDisk, layout, ME, running)).reason, /locked by 'verify'/);
  assert.equal(fs.readdirSync(layout.local).length, 2);
  acquireLock(nodeDisk, layout, ME, dead).release();
  assert.deepEqual(fs.readdirSync(layout.local), []);
});

test('wherever taking a lock is broken off, the next process gets it', (t) => {
  for (const base of [nodeDisk, linkless]) {
    for (const stale of [false, true]) {
      for (let at = 1, happened = true; happened; at++) {
        const layout = home(t);
        if (stale) fs.writeFileSync(layout.lock, writeLock(OTHER));
        const disk = faultyDisk(base, { kind: 'dies', at });
        try {
          acquireLock(disk, layout, ME, dead);
        } catch (error) {
          assert.ok(error instanceof Killed);
        }
        happened = disk.happened;
        // An empty lock or guard has to be old to be broken.
        const old = new Date(Date.now() - 11_000);
        for (const name of fs.readdirSync(layout.local)) {
          const path = join(layout.local, name);
          if (fs.statSync(path).size === 0) fs.utimesSync(path, old, old);
        }
        acquireLock(nodeDisk, layout, { ...ME, pid: 400 }, dead).release();
        const left = fs.readdirSync(layout.local).filter((name) => !name.startsWith('$new-'));
        assert.deepEqual(left, [], `call ${at}`);
      }
    }
  }
});

async function contenders(t: TestContext, layout: Layout): Promise<ChildProcess[]> {
  const path = fileURLToPath(new URL('./contender.js', import.meta.url));
  const children = [fork(path, [layout.home]), fork(path, [layout.home])];
  t.after(() => children.forEach((child) => child.kill('SIGKILL')));
  await Promise.all(children.map((child) => once(child, 'message')));
  return children;
}

async function ask(child: ChildProcess, message: string): Promise<string> {
  child.send(message);
  const [answer] = (await once(child, 'message')) as [string];
  return answer;
}

async function deadHolder(number: number): Promise<Holder> {
  const child = spawn('true', { stdio: 'ignore' });
  const pid = child.pid!;
  await once(child, 'exit');
  return {
    ...identifyProcess(nodeDisk, 'here', process.pid),
    pid,
    started: `${number}`,
    command: 'dead',
    since: ME.since,
  };
}

test('of two processes that break the same dead lock at once, one has it', async (t) => {
  const layout = home(t);
  const children = await contenders(t, layout);
  for (let round = 1; round <= 50; round++) {
    fs.writeFileSync(layout.lock, writeLock(await deadHolder(round)));
    const answers = await Promise.all(children.map((child) => ask(child, 'take')));
    assert.deepEqual(answers.sort(), ['store/locked', 'taken'], `round ${round}`);
    const holder = parseLock(fs.readFileSync(layout.lock, 'utf8'));
    const winner = children.find((child) => child.pid === holder.pid)!;
    assert.equal(await ask(winner, 'release'), 'released');
    assert.deepEqual(fs.readdirSync(layout.local), []);
  }
});

test('of two processes that want a free lock at once, one has it', async (t) => {
  const layout = home(t);
  const children = await contenders(t, layout);
  for (let round = 1; round <= 50; round++) {
    const answers = await Promise.all(children.map((child) => ask(child, 'take')));
    assert.deepEqual(answers.sort(), ['store/locked', 'taken'], `round ${round}`);
    const holder = parseLock(fs.readFileSync(layout.lock, 'utf8'));
    await ask(
      children.find((child) => child.pid === holder.pid)!,
      'release',
    );
  }
});

test('the lock of a process that was killed is taken over', async (t) => {
  const layout = home(t);
  const [victim, heir] = (await contenders(t, layout)) as [ChildProcess, ChildProcess];
  assert.equal(await ask(victim, 'take'), 'taken');
  assert.equal(await ask(heir, 'take'), 'store/locked');
  victim.kill('SIGKILL');
  await once(victim, 'exit');
  fs.rmSync(join(layout.home, 'critical'));
  assert.equal(await ask(heir, 'take'), 'taken');
});
