import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { openOutput, printLines } from '../../src/cli/output.ts';
import { Refusal } from '../../src/model/problem.ts';
import { FakeSink } from './fakes.ts';

test('text is held back into large pieces, and a terminal gets it at once', async () => {
  const pipe = new FakeSink();
  const output = openOutput(pipe);
  output.write('a');
  output.write('b');
  assert.equal(pipe.pieces.length, 0);
  output.write('c'.repeat(70_000));
  assert.deepEqual(
    pipe.pieces.map((piece) => piece.length),
    [70_002],
  );
  output.write('d');
  await output.end();
  assert.equal(pipe.text.length, 70_003);
  for (const [sink, hold] of [
    [new FakeSink({ isTTY: true }), undefined],
    [new FakeSink(), 0],
  ] as const) {
    const direct = openOutput(sink, hold);
    direct.write('a');
    direct.write('b');
    assert.deepEqual(sink.pieces, ['a', 'b']);
  }
});

test('short writes and a reader that is not ready lose nothing', async () => {
  const sink = new FakeSink({ plan: [3, 'EAGAIN', 1, 'EAGAIN', 'EAGAIN', 2] });
  const output = openOutput(sink);
  output.write('hello world');
  await output.end();
  assert.equal(sink.text, 'hello world');
});

test('bytes that are not UTF-8 are written as they are, and a character cut in two comes whole', async () => {
  const sink = new FakeSink({ isTTY: true });
  const output = openOutput(sink);
  output.write('a\udcff\n');
  output.write('b\ud83d');
  output.write('\ude00\n');
  await output.end();
  assert.deepEqual(sink.bytes, Buffer.from('a\xff\nb\xf0\x9f\x98\x80\n', 'latin1'));
});

test('a reader who went away is no failure, and a full disk is one', async () => {
  for (const [gone, isTTY] of [
    ['EPIPE', false],
    ['EIO', true],
  ] as const) {
    const sink = new FakeSink({ isTTY, plan: [2, gone] });
    const output = openOutput(sink, 0);
    let asked = 0;
    function* lines(): Generator<string> {
      for (; asked < 1000; asked++) yield 'line';
    }
    await printLines(output, lines());
    assert.equal(output.closed, true);
    assert.equal(asked, 1);
    output.write('more');
    await output.end();
    assert.equal(sink.text, 'li');
  }
  await assert.rejects(printLines(openOutput(new FakeSink({ plan: ['EIO'] }), 0), ['a']), Refusal);
  const full = openOutput(new FakeSink({ plan: ['ENOSPC'] }));
  full.write('a');
  assert.throws(
    () => full.flush(),
    (error) => {
      assert.ok(error instanceof Refusal);
      assert.deepEqual(error.problem, {
        code: 'cli/output',
        severity: 'error',
        reason: 'cannot write the output: ENOSPC: write',
      });
      return true;
    },
  );
});

test('a real pipe gets everything, or a reader who leaves early ends it quietly', () => {
  const source = new URL('../../src/cli/output.js', import.meta.url).href;
  const script = `import { writeSync } from 'node:fs';
    const { openOutput, printLines } = await import(${JSON.stringify(source)});
    const output = openOutput({ isTTY: false, columns: 80, write: (bytes) => writeSync(1, bytes) });
    await printLines(output, Array.from({ length: 200000 }, (_, i) => String(i)));
    await output.end();
    process.exitCode = output.closed ? 7 : 5;`;
  const run = (reader: string) => {
    const shell = `{ "$0" --input-type=module -e "$1"; echo "code $?" >&2; } | ${reader}`;
    const { stdout, stderr } = spawnSync('sh', ['-c', shell, process.execPath, script], { encoding: 'utf8' });
    return [stdout.trim(), stderr.trim()];
  };
  assert.deepEqual(run('tail -n 1'), ['199999', 'code 5']);
  assert.deepEqual(run('head -n 1'), ['0', 'code 7']);
});
