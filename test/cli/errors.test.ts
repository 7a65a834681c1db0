import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paletteOf } from '../../src/cli/colour.ts';
import { errorLines, problemLines, problemReport, problemWords } from '../../src/cli/errors.ts';
import { EXIT, exitOfError, exitOfWork } from '../../src/cli/exit.ts';
import type { ChangeKind } from '../../src/model/change.ts';
import type { Problem, RefusalKind } from '../../src/model/problem.ts';
import { Interrupted, Refusal } from '../../src/model/problem.ts';

const plain = paletteOf(false);
const unreadable = (path: string): Problem => ({
  code: 'scan/unreadable',
  severity: 'error',
  place: { path },
  reason: `cannot read '${path}': permission denied`,
  hint: 'ask its owner',
});
const pipeClosed = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });

test('a problem is said in one line, and its hint in another', () => {
  const rows: [Problem, string[]][] = [
    [
      unreadable('Music/a.flac'),
      [`dbk: error: cannot read 'Music/a.flac': permission denied`, 'hint: ask its owner'],
    ],
    [{ code: 'a/b', severity: 'warning', reason: 'the disk is full' }, ['dbk: warning: the disk is full']],
    [
      { code: 'a/b', severity: 'note', place: { path: 'policy.yaml', line: 3 }, reason: 'unknown type' },
      [`dbk: note: unknown type ('policy.yaml', line 3)`],
    ],
    [
      {
        code: 'a/b',
        severity: 'error',
        place: { path: 'a', line: 3 },
        reason: `cannot read 'a', line 3: no`,
      },
      [`dbk: error: cannot read 'a', line 3: no`],
    ],
    [
      {
        code: 'a/b',
        severity: 'error',
        place: { path: 'a\x1b' },
        reason: `cannot read 'a\x1b'`,
        hint: 'remove \u202ea',
      },
      [`dbk: error: cannot read 'a%1B'`, 'hint: remove %E2%80%AEa'],
    ],
    [{ code: 'a/b', severity: 'error', place: { path: '\n' }, reason: 'no' }, [`dbk: error: no ('%0A')`]],
  ];
  for (const [problem, expected] of rows) assert.deepEqual([...problemLines(problem, plain)], expected);
  assert.deepEqual(
    [...problemLines(unreadable('a'), paletteOf(true))],
    [
      `dbk: \x1b[1m\x1b[31merror:\x1b[39m\x1b[22m cannot read 'a': permission denied`,
      '\x1b[36mhint:\x1b[39m ask its owner',
    ],
  );
});

test('of many problems of one kind the first are said, and how many more there are', () => {
  function* many(): Generator<Problem> {
    for (let i = 0; i < 1206; i++) yield unreadable(`f${i}`);
    yield { code: 'scan/socket', severity: 'warning', reason: `'s' is a socket` };
  }
  assert.deepEqual(
    [...problemReport(many(), { palette: plain, limit: 2 })],
    [
      `dbk: error: cannot read 'f0': permission denied`,
      'hint: ask its owner',
      `dbk: error: cannot read 'f1': permission denied`,
      `dbk: warning: 's' is a socket`,
      'dbk: … and 1,204 more of scan/unreadable (-v shows all)',
    ],
  );
  assert.equal(problemWords(many()), '1,206 errors, 1 warning');
  assert.equal(problemWords([]), undefined);
});

test('every end of a command has its code', () => {
  const refusals: Record<RefusalKind, number> = {
    usage: 2,
    damage: 4,
    safety: 5,
    'no-repository': 10,
    locked: 11,
    remote: 12,
    failed: 1,
  };
  for (const [kind, code] of Object.entries(refusals)) {
    const refusal = new Refusal(kind as RefusalKind, unreadable('a'));
    assert.equal(exitOfError(refusal), code, kind);
  }
  assert.equal(exitOfError(new Interrupted()), 130);
  assert.equal(exitOfError(new TypeError('x')), 70);
  assert.equal(exitOfError('thrown text'), 70);
  assert.equal(exitOfError(Object.assign(new Error('x'), { code: 'ENOENT' })), 70);
  assert.equal(exitOfError(pipeClosed), 0);
  assert.deepEqual(Object.values(EXIT), [0, 1, 2, 3, 4, 5, 10, 11, 12, 70, 130]);
});

test('work that went through in part has its code too', () => {
  const warning: Problem = { code: 'a/b', severity: 'warning', reason: 'x' };
  const rows: [Problem[], ChangeKind[], number][] = [
    [[], [], 0],
    [[warning], ['added', 'missing', 'removed'], 0],
    [[warning, unreadable('a')], [], 3],
    [[], ['unreadable'], 3],
    [[], ['unstable'], 3],
    [[unreadable('a')], ['suspect'], 4],
  ];
  for (const [problems, kinds, expected] of rows) {
    assert.equal(exitOfWork(problems, new Set(kinds)), expected, JSON.stringify([problems, kinds]));
  }
});

test('an exception is told by what it is', () => {
  const told = (error: unknown) => [...errorLines(error, plain)];
  assert.deepEqual(told(new Refusal('safety', unreadable('a'))), [
    `dbk: error: cannot read 'a': permission denied`,
    'hint: ask its owner',
  ]);
  assert.deepEqual(told(new Interrupted()), [
    'dbk: error: interrupted; nothing is left half done',
    'hint: run the same command again to go on',
  ]);
  assert.deepEqual(told(pipeClosed), []);
  const bug = Object.assign(new TypeError('a is\x1b undefined'), {
    stack: 'TypeError: a is\x1b undefined\n    at f (x.js:1:2)',
  });
  assert.deepEqual(told(bug), [
    'TypeError: a is%1B undefined\n    at f (x.js:1:2)',
    'dbk: error: this is a bug in dbk: a is%1B undefined',
    'hint: please report it with the lines above',
  ]);
  assert.deepEqual(told('text'), [
    'dbk: error: this is a bug in dbk: text',
    'hint: please report it with the lines above',
  ]);
});
