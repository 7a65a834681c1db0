import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Stage, type Play } from './stage.ts';

const PROGRAM = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
/** Nobody waits so long; a test that hangs is to fail. */
const PATIENCE = 30_000;

async function repository(t: TestContext): Promise<Stage> {
  const stage = new Stage(t);
  stage.shell('mkdir Music b; printf one > Music/a; printf two > b/c');
  await stage.play(['init', '--name', 'laptop']);
  await stage.play(['commit', '-m', 'First']);
  stage.shell('printf three > Music/a');
  return stage;
}

/** A program that says in a file what it was given. */
function recorder(stage: Stage, exit = 0): string {
  const path = join(stage.folder, '../the tool');
  const script = '#!/bin/sh\nprintf "%s\\n" "$@" > "$OUT"; eval "cd \\${$#}" && find . -type f >> "$OUT"\n';
  fs.writeFileSync(path, `${script}exit ${exit}\n`, { mode: 0o755 });
  return path;
}

function record(stage: Stage): string[] {
  const text = fs.readFileSync(join(stage.folder, '../out'), 'utf8');
  return text
    .replaceAll(/\/aside\/[0-9a-f]{16}\//g, '/aside/ID/')
    .replaceAll(stage.folder, 'DATA')
    .trimEnd()
    .split('\n');
}

const asideOf = (stage: Stage): string => join(stage.folder, '.dbk/local/aside');

test('a tool is started without a shell, with the words of its line and the two folders', async (t) => {
  const stage = await repository(t);
  const tool = `"${recorder(stage, 1)}" -x 'a b' $HOME;`;
  const folders = ['a', 'b'].map((side) => `DATA/.dbk/local/aside/ID/files/${side}`);
  const env = { OUT: join(stage.folder, '../out') };
  const rows: [argv: string[], play: Play][] = [
    [['--tool', tool], { env }],
    [['HEAD'], { env: { ...env, DBK_DIFFTOOL: tool } }],
    [['-t', tool], { env: { ...env, DBK_DIFFTOOL: 'another' }, from: 'Music' }],
  ];
  for (const [argv, how] of rows) {
    const play = await stage.play(['difftool', ...argv], how);
    assert.deepEqual([play.exit, play.stdout, play.stderr], [0, '', '']);
    assert.deepEqual(record(stage), ['-x', 'a b', '$HOME;', ...folders, './tree/Music/manifest.yaml']);
    fs.rmSync(env.OUT);
    assert.ok(!fs.existsSync(asideOf(stage)));
  }
});

test('where nothing differs no tool is started', async (t) => {
  const stage = await repository(t);
  const env = { OUT: join(stage.folder, '../out') };
  const { exit, stderr } = await stage.play(['difftool', '-t', `'${recorder(stage)}'`, '--', 'b'], { env });
  assert.deepEqual([exit, stderr], [0, 'no differences\n']);
  assert.ok(!fs.existsSync(env.OUT));
});

test('codes above 1 and programs that are not there are errors, and leave no folder', async (t) => {
  const stage = await repository(t);
  const rows: [tool: string, exit: number, stderr: RegExp][] = [
    ['true', 0, /^$/],
    ['false', 0, /^$/],
    ['sh -c "exit 2"', 1, /^dbk: error: the tool 'sh' ended with 2\n/],
    ['sh -c "kill -9 $$"', 1, /^dbk: error: the tool 'sh' was killed\n/],
    ['no-such-tool', 1, /^dbk: error: cannot start the tool 'no-such-tool'\nhint: /],
    ["'a", 2, /^dbk: error: a quote does not end in the tool/],
  ];
  for (const [tool, code, expected] of rows) {
    const { exit, stderr } = await stage.play(['difftool', '-t', tool]);
    assert.equal(exit, code, tool);
    assert.match(stderr, expected);
    assert.ok(!fs.existsSync(asideOf(stage)), tool);
  }
});

test('without a tool diff shows the difference, as a patch with paths from a and b', async (t) => {
  if (spawnSync('diff', ['--version']).error !== undefined) return t.skip('needs diff');
  const stage = await repository(t);
  const { exit, stdout } = await stage.play(['difftool'], { env: { DBK_DIFFTOOL: ' ' } });
  const start =
    /^diff -ruN a\/tree\/Music\/manifest.yaml b\/tree\/Music\/manifest.yaml\n--- a\/tree[^\n]*\n\+\+\+ b\/tree/;
  assert.match(stdout, start);
  assert.match(stdout, /^-  a: .*size: 3,.*\n\+  a: .*size: 5,/m);
  assert.equal(exit, 0);
  assert.ok(!fs.existsSync(asideOf(stage)));
});

test('what a terminal is shown cannot command it', async (t) => {
  if (spawnSync('diff', ['--version']).error !== undefined) return t.skip('needs diff');
  const stage = await repository(t);
  stage.shell('printf -- "---\\nx: 1\\n---\\nred \\033[31m\\n" > .dbk/index/tree/b/\'$c.metadata\'');
  const { stdout } = await stage.play(['difftool', '--color', 'never', '--', 'b'], { isTerminal: true });
  assert.match(stdout, /^\+red \^\[\[31m$/m);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends the tool, and nothing is left`, async (t) => {
    const stage = await repository(t);
    const ready = join(stage.folder, '../ready');
    const tool = `sh -c 'echo > "${ready}"; exec sleep 60'`.replace(`"${ready}"`, ready);
    const child = spawn(process.execPath, [PROGRAM, 'difftool', '-t', tool], {
      cwd: stage.folder,
      stdio: 'ignore',
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    const end = Date.now() + PATIENCE;
    while (!fs.existsSync(ready) && Date.now() < end) await sleep(5);
    assert.ok(fs.existsSync(asideOf(stage)));
    child.kill(signal);
    assert.equal(await ended, 130);
    assert.ok(!fs.existsSync(asideOf(stage)));
  });
}
