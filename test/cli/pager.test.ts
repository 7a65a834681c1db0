import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { printLines } from '../../src/cli/output.ts';
import { pagedOutput, pagerOf } from '../../src/cli/pager.ts';
import { FakeSink, fakeTerminal } from './fakes.ts';

const PATH = process.env['PATH'];
const never = (pager: string) => assert.fail(`'${pager}' was called missing`);

async function inFolder(use: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dbk-test-'));
  try {
    await use(join(folder, 'paged'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* numbers(count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield String(i);
}

test('DBK_PAGER comes before PAGER, and cat or nothing means none', () => {
  const rows: [Record<string, string>, string | undefined][] = [
    [{}, 'less'],
    [{ PAGER: 'most' }, 'most'],
    [{ PAGER: 'most', DBK_PAGER: 'less -R' }, 'less -R'],
    [{ PAGER: 'most', DBK_PAGER: '' }, undefined],
    [{ PAGER: 'cat' }, undefined],
    [{ PAGER: ' cat ' }, undefined],
  ];
  for (const [env, expected] of rows) assert.equal(pagerOf(env)?.line, expected, JSON.stringify(env));
});

test('a terminal is paged, by a program or by a line for the shell, with LESS set where it is not', () =>
  inFolder(async (file) => {
    const script = `${file}.sh`;
    writeFileSync(script, `{ echo "$LESS"; cat; } > ${file}`);
    for (const [pager, less] of [
      [`sh ${script}`, undefined],
      [`{ echo "$LESS"; cat; } > ${file}`, 'S'],
    ]) {
      const stdout = new FakeSink({ isTTY: true });
      const env = { PATH, PAGER: pager, LESS: less };
      const output = await pagedOutput(fakeTerminal({ stdout, env }), never);
      await printLines(output, ['one', 'two \udcff']);
      await output.end();
      assert.equal(readFileSync(file, 'latin1'), `${less ?? 'FRX'}\none\ntwo \xff\n`);
      assert.equal(stdout.text, '');
    }
  }));

test('a pager that is slow is waited for, and one that is left early ends the work quietly', () =>
  inFolder(async (file) => {
    const paged = async (pager: string) => {
      const env = { PATH, PAGER: `${pager} > ${file}` };
      const output = await pagedOutput(fakeTerminal({ stdout: new FakeSink({ isTTY: true }), env }), never);
      let asked = 0;
      function* counted(): Generator<string> {
        for (const number of numbers(300_000)) {
          asked += 1;
          yield number;
        }
      }
      await printLines(output, counted());
      await output.end();
      return { asked, last: readFileSync(file, 'utf8').trim().split('\n').at(-1) };
    };
    assert.deepEqual(await paged('cat'), { asked: 300_000, last: '299999' });
    const left = await paged('head -n 2');
    assert.equal(left.last, '1');
    assert.ok(left.asked < 300_000);
  }));

test('without a terminal, a pager or the program, the output is stdout', async () => {
  const rows: [boolean, Record<string, string>, string[]][] = [
    [false, { PAGER: 'false' }, []],
    [true, { PAGER: '' }, []],
    [true, { DBK_PAGER: 'no-such-pager -x' }, ['no-such-pager -x']],
    // Nobody chose it, so nobody misses it.
    [true, { PATH: '/nowhere' }, []],
  ];
  for (const [isTTY, env, expected] of rows) {
    const stdout = new FakeSink({ isTTY });
    const missing: string[] = [];
    const output = await pagedOutput(fakeTerminal({ stdout, env: { PATH, ...env } }), (pager) =>
      missing.push(pager),
    );
    await printLines(output, ['line']);
    await output.end();
    assert.equal(stdout.text, 'line\n');
    assert.deepEqual(missing, expected);
  }
});
