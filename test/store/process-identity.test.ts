import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { test } from 'node:test';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { identifyProcess, isRunning } from '../../src/store/process-identity.ts';

async function deadProcess(): Promise<number> {
  const child = spawn('true', { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid!;
}

test('a process is told from another one with the same number, and from one that ended', async (t) => {
  if (!fs.existsSync('/proc/self/stat')) return t.skip('needs /proc');
  const me = identifyProcess(nodeDisk, 'here', process.pid);
  assert.match(me.boot, /^[0-9a-f-]{36}$/);
  assert.match(me.started, /^[1-9][0-9]*$/);
  assert.deepEqual(identifyProcess(nodeDisk, 'here', process.pid), me);
  assert.equal(isRunning(nodeDisk, me), true);
  assert.equal(isRunning(nodeDisk, { ...me, started: '1' }), false);
  assert.equal(isRunning(nodeDisk, { ...me, pid: await deadProcess() }), false);
  // Its parent does not ask for its end: it stays as a zombie.
  const script = 'sleep 0 & echo $!; exec sleep 60';
  const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line);
  const state = (): string =>
    spawnSync('cut', ['-d', ' ', '-f', '3', `/proc/${pid}/stat`], { encoding: 'utf8' }).stdout.trim();
  for (let i = 0; i < 1000 && state() !== 'Z'; i++);
  assert.equal(isRunning(nodeDisk, identifyProcess(nodeDisk, 'here', pid)), false);
});

test('where the system says nothing of its processes, a number that is not in use is enough', () => {
  const silent: Disk = {
    ...nodeDisk,
    openRead: () => {
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    },
    readlink: () => {
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    },
  };
  const found = identifyProcess(silent, 'here', 42);
  assert.deepEqual(found, { host: 'here', boot: '', pid: 42, started: '' });
  const signal = (code: string | undefined) => () => {
    if (code !== undefined) throw Object.assign(new Error(code), { code });
  };
  assert.equal(isRunning(silent, found, signal('ESRCH')), false);
  assert.equal(isRunning(silent, found, signal('EPERM')), 'unknown');
  assert.equal(isRunning(silent, found, signal(undefined)), 'unknown');
});

test('a process that counts processes by itself says so in its host', () => {
  const inside: Disk = { ...nodeDisk, readlink: () => 'pid:[4026532200]' };
  const outside: Disk = { ...nodeDisk, readlink: () => 'pid:[4026531836]' };
  assert.equal(identifyProcess(inside, 'here', process.pid).host, 'here pid:[4026532200]');
  assert.equal(identifyProcess(outside, 'here', process.pid).host, 'here');
});
