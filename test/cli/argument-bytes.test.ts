import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { exactArguments } from '../../src/cli/argument-bytes.ts';

const line = (...args: string[]) => Buffer.from(args.map((argument) => `${argument}\0`).join(''), 'latin1');

test('an argument that is not UTF-8 is read again as bytes', () => {
  const rows: [string[], Uint8Array | undefined, string[]][] = [
    [['ls', 'a\ufffdb'], line('node', 'dbk', 'ls', 'a\xffb'), ['ls', 'a\udcffb']],
    [['ls', '', '\ufffd', ''], line('node', 'dbk', 'ls', '', '\xe9', ''), ['ls', '', '\udce9', '']],
    // A name that holds U+FFFD itself is that name.
    [['\ufffd'], line('node', 'dbk', '\xef\xbf\xbd'), ['\ufffd']],
    // Nothing to lose, nothing read.
    [['ls', 'ä'], line('node', 'dbk', 'ls', 'something else'), ['ls', 'ä']],
    // No such file here; a title that was written over; a line that was cut.
    [['\ufffd'], undefined, ['\ufffd']],
    [['ls', '\ufffd'], line('node: dbk'), ['ls', '\ufffd']],
    [['ls', '\ufffd'], line('node', 'dbk', 'rm', '\xff'), ['ls', '\ufffd']],
    [[], undefined, []],
  ];
  for (const [argv, bytes, expected] of rows) {
    assert.deepEqual(
      exactArguments(argv, () => bytes),
      expected,
      JSON.stringify(argv),
    );
  }
});

test('a real process finds the bytes it was given', (t) => {
  if (!existsSync('/proc/self/cmdline')) return t.skip('needs /proc/self/cmdline');
  const source = new URL('../../src/cli/argument-bytes.js', import.meta.url).href;
  const script = `import { readFileSync } from 'node:fs';
    const { exactArguments } = await import(${JSON.stringify(source)});
    const read = () => readFileSync('/proc/self/cmdline');
    console.log(JSON.stringify(exactArguments(process.argv.slice(1), read)));`;
  const shell = `exec "$0" --input-type=module -e "$1" -- commit "$(printf 'a\\377\\303\\244')" ''`;
  const result = spawnSync('sh', ['-c', shell, process.execPath, script], { encoding: 'utf8' });
  assert.equal(result.stderr, '');
  assert.deepEqual(JSON.parse(result.stdout), ['commit', 'a\udcffä', '']);
});
