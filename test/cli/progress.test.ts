import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOutput } from '../../src/cli/output.ts';
import { progressFor } from '../../src/cli/progress.ts';
import type { Moment } from '../../src/model/progress.ts';
import { SILENT } from '../../src/model/progress.ts';
import { FakeSink, fakeTerminal } from './fakes.ts';

function statusOf(columns = 80) {
  const stderr = new FakeSink({ isTTY: true, columns });
  const clock = { time: 1000 };
  const progress = progressFor(fakeTerminal({ stderr }), openOutput(stderr), true, () => clock.time);
  return { stderr, clock, progress };
}

const moment = (more: Partial<Moment> = {}): Moment => ({
  phase: 'Indexing',
  path: 'a',
  files: 0,
  bytes: 0,
  ...more,
});

/** What stands on the terminal's line after each piece of output. */
function shown(stderr: FakeSink): string[] {
  return stderr.pieces.map((piece) => {
    assert.match(piece, /^\r[^\r]*\x1b\[K$/);
    return piece.slice(1, -3);
  });
}

test('the line says phase, path, counts and the time that is left, and is erased at the end', () => {
  const { stderr, clock, progress } = statusOf();
  const totals = { totalFiles: 24_082, totalBytes: 6_400_000_000 };
  progress.tell(moment({ path: 'Pictures/2014 Rome/IMG_0000.jpg', ...totals }));
  clock.time += 40_000;
  progress.tell(
    moment({ path: 'Pictures/2014 Rome/IMG_0001.jpg', files: 12_041, bytes: 3_200_000_000, ...totals }),
  );
  progress.clear();
  progress.clear();
  assert.equal(
    stderr.text,
    '\rIndexing Pictures/2014 Rome/IMG_0000.jpg\x1b[K' +
      '\rIndexing Pictures/2014 Rome/IMG_0001.jpg  12,041 files  3.2 GB  eta 0:40\x1b[K' +
      '\r\x1b[K',
  );
});

test('it is drawn at most ten times a second and never silent for longer than a second', () => {
  const { stderr, clock, progress } = statusOf();
  const drawn: number[] = [];
  for (let i = 0; i <= 3000; i += 10) {
    clock.time = 1000 + i;
    const before = stderr.pieces.length;
    progress.tell(moment({ files: i }));
    if (stderr.pieces.length > before) drawn.push(i);
  }
  assert.deepEqual(
    drawn,
    Array.from({ length: 31 }, (_, i) => i * 100),
  );
  // A clock that was set back.
  clock.time = 0;
  progress.tell(moment({ files: 9999 }));
  assert.equal(shown(stderr).at(-1), 'Indexing a  9,999 files');
});

test('the time that is left is by bytes, else by files, counted from where the phase began', () => {
  const { stderr, clock, progress } = statusOf();
  const rows: [number, Partial<Moment>, string][] = [
    [0, { files: 100, totalFiles: 300 }, 'Indexing a  100 files'],
    [900, { files: 110, totalFiles: 300 }, 'Indexing a  110 files'],
    [100, { files: 200, totalFiles: 300 }, 'Indexing a  200 files  eta 0:01'],
    [
      3000,
      { files: 200, totalFiles: 300, bytes: 500, totalBytes: 2500 },
      'Indexing a  200 files  500 B  eta 0:16',
    ],
    [1000, { files: 300, bytes: 3000, totalBytes: 2500 }, 'Indexing a  300 files  3.0 kB  eta 0:00'],
    [1000, { phase: 'Writing', path: '', files: 1, totalFiles: 9 }, 'Writing  1 file'],
    [2000, { phase: 'Writing', path: '', files: 3, totalFiles: 9 }, 'Writing  3 files  eta 0:06'],
    [1000, { phase: 'Writing', path: '' }, 'Writing'],
  ];
  for (const [wait, more, expected] of rows) {
    clock.time += wait;
    progress.tell(moment(more));
    assert.equal(shown(stderr).at(-1), expected);
  }
});

test('it fits into the terminal, however wide that is now and however the name is written', () => {
  const path = 'Bücher/日本語/雪国.pdf';
  const rows: [number, string, string][] = [
    [80, path, `Indexing ${path}  12 files  3 B`],
    [48, path, `Indexing ${path}  12 files  3 B`],
    [40, path, 'Indexing …本語/雪国.pdf  12 files  3 B'],
    [36, path, 'Indexing …/雪国.pdf  12 files  3 B'],
    [32, path, 'Indexing  12 files  3 B'],
    [32, 'ab', 'Indexing ab  12 files  3 B'],
    [10, path, 'Indexing '],
    [0, path, `Indexing ${path}  12 files  3 B`],
    [80, 'a\nb\x1b[2J', `Indexing 'a%0Ab%1B[2J'  12 files  3 B`],
  ];
  for (const [columns, name, expected] of rows) {
    const { stderr, progress } = statusOf(columns);
    progress.tell(moment({ path: name, files: 12, bytes: 3 }));
    assert.deepEqual(shown(stderr), [expected], `${columns} ${name}`);
  }
  const { stderr, clock, progress } = statusOf(80);
  progress.tell(moment({ path: 'a'.repeat(100) }));
  stderr.columns = 30;
  clock.time += 100;
  progress.tell(moment({ path: 'a'.repeat(100) }));
  assert.deepEqual(
    shown(stderr).map((line) => line.length),
    [79, 29],
  );
});

test('there is none but on a terminal that can, for a person who wants it', () => {
  const terminal = (isTTY: boolean, env = {}) => fakeTerminal({ stderr: new FakeSink({ isTTY }), env });
  const rows: [boolean, Record<string, string>, boolean, boolean][] = [
    [true, {}, true, true],
    [false, {}, true, false],
    [true, {}, false, false],
    [true, { TERM: 'dumb' }, true, false],
  ];
  for (const [isTTY, env, wanted, expected] of rows) {
    const world = terminal(isTTY, env);
    assert.equal(progressFor(world, openOutput(world.stderr), wanted, () => 0) !== SILENT, expected);
  }
});
