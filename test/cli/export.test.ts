import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { bytesOfName } from '../../src/model/name.ts';
import { lacksTools } from '../flow/judges.ts';
import { Stage } from './stage.ts';

async function repository(t: TestContext): Promise<Stage> {
  const stage = new Stage(t);
  stage.shell('mkdir Music; printf one > Music/a; printf two > "$(printf "line\\nfeed")"');
  await stage.play(['init', '--name', 'laptop']);
  await stage.play(['commit', '-m', 'First']);
  stage.shell('printf three > Music/a');
  await stage.play(['commit', '-m', 'Second']);
  return stage;
}

test('what is printed is what b3sum and git take', async (t) => {
  if (lacksTools(t)) return;
  const stage = await repository(t);
  const sums = await stage.play(['export', 'b3sums']);
  const options = { cwd: stage.folder, encoding: 'utf8' } as const;
  const checked = spawnSync('b3sum', ['-c'], { ...options, input: bytesOfName(sums.stdout) });
  assert.equal(checked.stdout, 'Music/a: OK\n\\line\\nfeed: OK\n');
  stage.shell('git init -q ../history');
  const stream = await stage.play(['export', 'git', '--ref', 'refs/heads/x']);
  const git = { cwd: join(stage.folder, '../history'), encoding: 'utf8' } as const;
  const imported = spawnSync('git', ['fast-import', '--quiet'], {
    ...git,
    input: bytesOfName(stream.stdout),
  });
  assert.equal(imported.status, 0, imported.stderr);
  const log = spawnSync('git', ['log', '--format=%an %ae %cn %s %ad', '--date=iso', 'x'], git).stdout;
  assert.equal(
    log,
    'Ada ada@example.org laptop Second 2026-11-22 19:24:11 +0100\n' +
      'Ada ada@example.org laptop First 2026-11-22 19:22:11 +0100\n',
  );
});

test('before the first commit there is nothing to export', async (t) => {
  const stage = new Stage(t);
  await stage.play(['init', '--name', 'laptop']);
  for (const argv of [['git'], ['b3sums'], ['index', 'HEAD', 'x']]) {
    const { exit, stdout } = await stage.play(['export', ...argv]);
    assert.deepEqual([exit, stdout], [2, ''], argv.join(' '));
  }
  assert.ok(!fs.existsSync(join(stage.folder, 'x')));
});

test('a stream is not poured over a terminal', async (t) => {
  const stage = await repository(t);
  const { exit, stdout, stderr } = await stage.play(['export', 'git'], { isTerminal: true });
  assert.deepEqual([exit, stdout], [2, '']);
  assert.match(stderr, /^dbk: error: a terminal is no reader of this\nhint: hand it to git: /);
});

test('a reader that leaves early is no error, and an interruption leaves no half folder', async (t) => {
  const stage = await repository(t);
  let pieces = 0;
  const { exit } = await stage.play(['export', 'git'], {
    world: (world) => ({
      ...world,
      terminal: {
        ...world.terminal,
        stdout: {
          ...world.terminal.stdout,
          write: () => {
            pieces += 1;
            throw Object.assign(new Error('EPIPE'), { code: 'EPIPE' });
          },
        },
      },
    }),
  });
  assert.deepEqual([exit, pieces], [0, 1]);
  const stopped = await stage.play(['export', 'index', 'HEAD', 'out/er'], { interrupted: true });
  assert.equal(stopped.exit, 130);
  assert.ok(!fs.existsSync(join(stage.folder, 'out')));
});
