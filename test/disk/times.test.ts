/** Times to the nanosecond, with whichever program the machine has for it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nameOfBytes } from '../../src/model/name.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { temporary } from '../tools/tree.ts';

const module = fileURLToPath(new URL('../../src/disk/times.js', import.meta.url));

/** Sets the times in a process that finds these programs alone. */
const SET = `
  const { setTimes } = await import(${JSON.stringify(module)});
  setTimes(JSON.parse(process.argv[1]).map(([path, time]) => [path, BigInt(time)]));`;

const NAMES = [
  'plain',
  'with\nlines',
  'quotes \'"$(x)',
  '-c',
  '12',
  nameOfBytes(Buffer.from([0x66, 0xff])),
  'link',
];
const TIMES = [
  1_700_000_000_123_456_789n,
  1n,
  -1n,
  -1_234_567_890_000_000_001n,
  4_000_000_000_999_999_999n,
  1_000_000_000_000_000_000n,
  1_600_000_000_000_000_001n,
];

/** The program itself, not a script that looks for it. */
function whichOf(program: string): string | undefined {
  const [command, ...words] =
    program === 'python3'
      ? [program, '-c', 'import sys; print(sys.executable)']
      : ['sh', '-c', `command -v ${program}`];
  const { status, stdout } = spawnSync(command!, words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

for (const [programs, precision] of [
  [['perl'], 1n],
  [['python3'], 1n],
  [['xargs', 'touch'], 1n],
  [[], 1000n],
] as const) {
  const found = programs.map(whichOf);
  const lacks = found.includes(undefined) ? `needs ${programs.join(' and ')}` : false;
  const by = programs.join(' and ') || 'Node alone';
  test(`by ${by}, of files of any name, and of a link and not what it leads to`, { skip: lacks }, (t) => {
    const folder = temporary(t);
    const tools = join(folder, 'tools');
    fs.mkdirSync(tools);
    for (const [i, program] of programs.entries()) fs.symlinkSync(found[i]!, join(tools, program));
    const paths = NAMES.map((name) => join(folder, name));
    for (const path of paths.slice(0, -1)) nodeDisk.close(nodeDisk.openNew(path, 0o400));
    fs.symlinkSync('plain', paths.at(-1)!);
    const accessed = paths.map((path) => nodeDisk.lstatExact(path)!.atimeNs);

    const wanted = paths.map((path, i) => [path, String(TIMES[i])]);
    const words = ['--input-type=module', '-e', SET, JSON.stringify(wanted)];
    const result = spawnSync(process.execPath, words, { env: { PATH: tools }, encoding: 'utf8' });
    assert.deepEqual([result.status, result.stderr], [0, '']);

    for (const [i, path] of paths.entries()) {
      const { mtimeNs, atimeNs } = nodeDisk.lstatExact(path)!;
      const rest = mtimeNs - TIMES[i]!;
      assert.ok(rest < precision && -rest < precision, `${NAMES[i]}: ${mtimeNs}, not ${TIMES[i]}`);
      const accessedRest = atimeNs - accessed[i]!;
      // Node takes it as a fraction, cut off at the microsecond: a little more than one may be lost.
      assert.ok(accessedRest < 2000n && -accessedRest < 2000n, `${NAMES[i]} accessed ${accessedRest} off`);
    }
  });
}
