/** The program itself, started by a user to whom not everything is open; the tests run as root, who may do all. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fixture from './flow/fixture.ts';
import { temporary } from './tools/tree.ts';

const BUNDLE = fileURLToPath(new URL('../bin/dbk.js', import.meta.url));
const MODULE = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const PROGRAM = fs.existsSync(BUNDLE) ? BUNDLE : MODULE;
const NOBODY = 65534;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A folder that everybody may look into, and a user who owns nothing in it; or why there is none. */
function stage(t: TestContext): { folder: string; run: (user: number, ...args: string[]) => Ended } | string {
  if (process.getuid?.() !== 0) return 'needs root';
  if (spawnSync('setpriv', ['--version']).error !== undefined) return 'needs setpriv';
  const place = temporary(t);
  const folder = join(place, 'root');
  fs.mkdirSync(folder);
  fs.chmodSync(place, 0o755);
  const run = (user: number, ...args: string[]): Ended => {
    const become = [
      `--reuid=${user}`,
      `--regid=${user}`,
      '--clear-groups',
      process.execPath,
      PROGRAM,
      ...args,
    ];
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C.UTF-8' };
    const { status, stdout, stderr } = spawnSync('setpriv', become, { cwd: folder, env, encoding: 'utf8' });
    return { code: status, output: (stdout + stderr).replaceAll(folder, 'ROOT') };
  };
  return run(NOBODY, '--version').code === 0 ? { folder, run } : 'needs a checkout that everybody may read';
}

test('a repository of another user: what is closed is said, and what may be read is shown', (t) => {
  const staged = stage(t);
  if (typeof staged === 'string') return t.skip(staged);
  const { folder, run } = staged;
  fixture.put(folder, { a: 'a', 'm/b': 'b' });
  assert.equal(run(0, 'init', '-q', '--name', 'laptop').code, 0);
  assert.equal(run(0, 'commit', '-q', '-m', 'First').code, 0);
  const closed = "dbk: error: cannot open 'ROOT/.dbk/format': permission denied";
  for (const args of [['status'], ['log'], ['commit', '-m', 'x'], ['undo']]) {
    const { code, output } = run(NOBODY, ...args);
    assert.deepEqual([code, output.split('\n')[0]], [1, closed], args.join(' '));
  }
  assert.equal(spawnSync('chmod', ['-R', 'a+rX', join(folder, '.dbk')]).status, 0);
  fs.unlinkSync(join(folder, 'a'));
  const home = fixture.textsIn(join(folder, '.dbk'));
  assert.match(run(NOBODY, 'status').output, /1 missing/);
  assert.match(run(NOBODY, 'log').output, /First/);
  assert.equal(run(NOBODY, 'ls').output, 'a\nm/\n');
  for (const args of [
    ['commit', '-m', 'x', '--confirm-deletions'],
    ['undelete', 'a'],
    ['restore', 'a'],
    ['undo'],
    ['mv', 'm', 'n'],
  ]) {
    const { code, output } = run(NOBODY, ...args);
    assert.equal(code, 1, args.join(' '));
    assert.match(output, /: permission denied\nhint: look at the permissions/, args.join(' '));
  }
  assert.deepEqual(fixture.textsIn(join(folder, '.dbk')), home);
});

test('files and folders of others in a repository of one’s own: the rest goes on, and nothing is lost', (t) => {
  const staged = stage(t);
  if (typeof staged === 'string') return t.skip(staged);
  const { folder, run } = staged;
  fs.chownSync(folder, NOBODY, NOBODY);
  fixture.put(folder, { secret: 's', readable: 'r', 'closed/x': 'x', 'theirs/y': 'y' });
  fs.chmodSync(join(folder, 'secret'), 0o600);
  fs.chmodSync(join(folder, 'closed'), 0o700);
  fixture.put(folder, { mine: 'm', copy: 'y', 'own/z': 'z' });
  for (const path of ['mine', 'copy', 'own', 'own/z']) fs.chownSync(join(folder, path), NOBODY, NOBODY);
  assert.equal(run(NOBODY, 'init', '-q', '--name', 'laptop').code, 0);
  const commit = run(NOBODY, 'commit', '-m', 'First');
  assert.equal(commit.code, 3, commit.output);
  assert.match(commit.output, /^5 added/m);
  assert.match(commit.output, /cannot read 'closed': permission denied\nhint: make it readable/);
  assert.match(commit.output, /cannot read 'secret': permission denied/);
  assert.match(commit.output, /cannot guard 'readable' and 1 more: it belongs to somebody else/);
  // What is his own comes back; what was another's was never guarded.
  fixture.remove(folder, 'mine', 'readable', 'own');
  assert.match(run(NOBODY, 'undelete', 'mine', 'own').output, /brought back 2 files/);
  assert.equal(fs.readFileSync(join(folder, 'own/z'), 'utf8'), 'z');
  const gone = run(NOBODY, 'restore', 'readable');
  assert.deepEqual([gone.code, /its content is nowhere/.test(gone.output)], [1, true]);
  // Into another's folder nothing is written, and that is said.
  fixture.remove(folder, 'theirs/y');
  const denied = run(NOBODY, 'restore', 'theirs/y');
  assert.equal(denied.code, 1);
  assert.match(denied.output, /cannot change 'theirs\/y': permission denied\nhint: look at the permissions/);
  // What cannot be read is not gone.
  const seen = run(NOBODY, 'status');
  assert.match(seen.output, /2 missing/);
  fs.chmodSync(join(folder, 'closed'), 0o755);
  fs.chmodSync(join(folder, 'secret'), 0o644);
  const whole = run(NOBODY, 'status');
  assert.deepEqual([whole.code, /cannot/.test(whole.output)], [0, false], whole.output);
});
