import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { instantOf } from '../../src/model/instant.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { isOwnName } from '../../src/sync/own-name.ts';
import { pairsOf } from '../../src/sync/pairs.ts';
import { planChanges, stepsOf, type Plan, type Standing, type Wanted } from '../../src/sync/plan.ts';
import { isStill, movesBack, reversalsOf } from '../../src/sync/reverse.ts';
import type { Step } from '../../src/text/operation.ts';

before(() => loadBlake3());

const path = (text: string): RepositoryPath => text as RepositoryPath;
const MODIFIED = 1_700_000_000_123_456_789n;
const stamp = { inode: 7n, size: 3n, modified: MODIFIED, changed: MODIFIED };
const ABSENT: Standing = { kind: 'absent' };
const OTHER: Standing = { kind: 'other', why: 'it is a fifo' };
const FOLDER: Standing = { kind: 'directory', stamp, mode: 0o755 };

function file(text: string, mode = 0o644): Standing {
  return { kind: 'file', stamp, mode, blake3: digest(text) };
}

function link(target: string): Standing {
  return { kind: 'link', stamp, target };
}

function wantedFile(text: string, mode = 0o644, modified = MODIFIED): Wanted {
  return { kind: 'file', blake3: digest(text), size: text.length, mtime: instantOf(modified), mode };
}

const NOTHING: Wanted = { kind: 'nothing' };

function plan(wanted: Record<string, Wanted>, standing: Record<string, Standing> = {}): Plan {
  const asked = new Map(Object.entries(wanted).map(([at, each]) => [path(at), each] as const));
  return planChanges(asked, (at) => standing[at] ?? ABSENT);
}

/** What stands there, what is wanted, the steps, or the code of what is said. */
const ROWS: readonly [standing: Standing, wanted: Wanted, steps: string][] = [
  [ABSENT, wantedFile('abc'), 'write'],
  [file('abc'), wantedFile('abc'), ''],
  [file('abc'), wantedFile('abc', 0o600), 'set'],
  [file('abc'), wantedFile('abc', 0o644, MODIFIED + 1n), 'set'],
  [file('xyz'), wantedFile('abc'), 'keep write'],
  [link('abc'), wantedFile('abc'), 'unlink write'],
  [FOLDER, wantedFile('abc'), 'sync/in-the-way'],
  [OTHER, wantedFile('abc'), 'sync/cannot-touch'],
  [{ kind: 'behind', above: path('x') }, wantedFile('abc'), 'sync/in-the-way'],
  [ABSENT, { kind: 'link', target: 'a' }, 'link'],
  [link('a'), { kind: 'link', target: 'a' }, ''],
  [link('b'), { kind: 'link', target: 'a' }, 'unlink link'],
  [file('a'), { kind: 'link', target: 'a' }, 'keep link'],
  [FOLDER, { kind: 'link', target: 'a' }, 'sync/in-the-way'],
  [ABSENT, { kind: 'directory', mode: 0o755 }, 'make'],
  [FOLDER, { kind: 'directory', mode: 0o755 }, ''],
  [FOLDER, { kind: 'directory', mode: 0o700 }, 'set'],
  [file('a'), { kind: 'directory', mode: 0o755 }, 'sync/in-the-way'],
  [link('a'), { kind: 'directory', mode: 0o755 }, 'sync/in-the-way'],
  [ABSENT, NOTHING, ''],
  [{ kind: 'behind', above: path('x') }, NOTHING, ''],
  [file('a'), NOTHING, 'keep'],
  [link('a'), NOTHING, 'unlink'],
  [FOLDER, NOTHING, 'remove'],
  [OTHER, NOTHING, 'sync/cannot-touch'],
];

test('what stands there and what is wanted give the steps', () => {
  for (const [standing, wanted, expected] of ROWS) {
    const { actions, problems, same } = plan({ p: wanted }, { p: standing });
    const found = [...actions.flatMap(stepsOf).map(({ kind }) => kind), ...problems.map(({ code }) => code)];
    assert.equal(found.join(' '), expected, JSON.stringify([standing.kind, wanted]));
    assert.equal(same, expected === '' ? 1 : 0);
  }
});

/** The same where what stands there is known, and may be of another kind. */
const KINDS: readonly [standing: Standing, wanted: Wanted, steps: string][] = [
  [FOLDER, wantedFile('abc'), 'remove write'],
  [FOLDER, { kind: 'link', target: 'a' }, 'remove link'],
  [FOLDER, { kind: 'directory', mode: 0o700 }, 'set'],
  [file('a'), { kind: 'directory', mode: 0o755 }, 'keep make'],
  [link('a'), { kind: 'directory', mode: 0o755 }, 'unlink make'],
  [OTHER, wantedFile('abc'), 'sync/cannot-touch'],
  [OTHER, { kind: 'directory', mode: 0o755 }, 'sync/cannot-touch'],
  [{ kind: 'behind', above: path('x') }, wantedFile('abc'), 'sync/in-the-way'],
];

test('what is known to stand there may change its kind, and nothing else', () => {
  for (const [standing, wanted, expected] of KINDS) {
    const may = planChanges(new Map([[path('p'), wanted]]), () => standing, [], {
      mayChangeKind: (at) => at === 'p',
    });
    const found = [...may.actions.flatMap(stepsOf), ...may.problems].map((each) =>
      'code' in each ? each.code : each.kind,
    );
    assert.equal(found.join(' '), expected, JSON.stringify([standing.kind, wanted]));
  }
});

test('what is in a folder goes before it becomes a file, and comes after a file became a folder', () => {
  const wanted: readonly (readonly [RepositoryPath, Wanted])[] = [
    [path('f'), { kind: 'directory', mode: 0o755 }],
    [path('f/in'), wantedFile('1')],
    [path('d'), wantedFile('2')],
    [path('d/in'), NOTHING],
    [path('d/deep'), NOTHING],
    [path('d/deep/x'), NOTHING],
  ];
  const stands = new Map<string, Standing>([
    ['f', file('old')],
    ['f/in', { kind: 'behind', above: path('f') }],
    ['d', FOLDER],
    ['d/in', file('1')],
    ['d/deep', FOLDER],
    ['d/deep/x', link('y')],
  ]);
  const { actions, problems } = planChanges(new Map(wanted), (at) => stands.get(at) ?? ABSENT, [], {
    mayChangeKind: () => true,
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    actions.flatMap(stepsOf).map((step) => `${step.kind} ${'path' in step ? step.path : ''}`),
    [
      'keep d/in',
      'unlink d/deep/x',
      'remove d/deep',
      'remove d',
      'write d',
      'keep f',
      'make f',
      'write f/in',
    ],
  );
});

test('a folder comes before what is in it and goes after it; of what cannot be made only the folder is told', () => {
  const folder: Wanted = { kind: 'directory', mode: 0o755 };
  const coming = plan({ 'a/b/c': wantedFile('1'), 'a-': wantedFile('2'), a: folder, 'a/b': folder });
  assert.deepEqual(
    coming.actions.map((action) => action.path),
    ['a-', 'a', 'a/b', 'a/b/c'],
  );
  const here = { a: FOLDER, 'a/b': FOLDER, 'a/b/c': file('1'), 'a/x': file('2') };
  const going = plan({ a: NOTHING, 'a/b': NOTHING, 'a/b/c': NOTHING, 'a/x': NOTHING }, here);
  assert.deepEqual(
    going.actions.map((action) => action.path),
    ['a/x', 'a/b/c', 'a/b', 'a'],
  );
  const blocked = plan(
    { a: folder, 'a/b': folder, 'a/b/c': wantedFile('1'), ab: wantedFile('2') },
    { a: file('x') },
  );
  assert.deepEqual(
    blocked.problems.map(({ place }) => place?.path),
    ['a'],
  );
  assert.deepEqual(
    blocked.actions.map((action) => action.path),
    ['ab'],
  );
});

test('a plan says what it needs', () => {
  const { needs } = plan(
    {
      a: wantedFile('12345'),
      b: wantedFile('123'),
      c: NOTHING,
      d: { kind: 'directory', mode: 0o755 },
      e: { kind: 'link', target: 'x' },
      f: wantedFile('abc', 0o600),
    },
    { b: file('old'), c: file('old'), f: file('abc') },
  );
  const expected = {
    bytes: 8,
    written: 2,
    kept: 2,
    keptBytes: 6,
    removed: 1,
    folders: 1,
    links: 1,
    set: 1,
    moved: 0,
  };
  assert.deepEqual(needs, expected);
});

test('names that some file system takes for .dbk', () => {
  const own = [
    '.dbk',
    '.DBK',
    'a/.dBk/b',
    '.dbk.',
    '.dbk ',
    '.dbk. .',
    '.d\u200cbk',
    '.dbk:x',
    'DBK~1',
    'dbk~23',
    '.ｄbk',
  ];
  const others = ['dbk', '.dbk2', 'a.dbk', ' .dbk', '.dbkignore', 'dbk~', 'dbk~a', '.db'];
  for (const each of own) assert.equal(isOwnName(path(each)), true, JSON.stringify(each));
  for (const each of others) assert.equal(isOwnName(path(each)), false, JSON.stringify(each));
});

test('the steps of an operation are taken back path by path', () => {
  const [A, B] = [digest('a'), digest('b')];
  const steps: readonly Step[] = [
    { kind: 'move', from: path('m'), to: path('n') },
    { kind: 'move', from: path('o'), to: path('m') },
    { kind: 'keep', path: path('gone'), blake3: A },
    { kind: 'keep', path: path('changed'), blake3: A, size: 1 },
    { kind: 'write', path: path('changed'), blake3: B, was: A },
    { kind: 'write', path: path('new'), blake3: B },
    { kind: 'unlink', path: path('link'), target: 'old' },
    { kind: 'link', path: path('link'), target: 'new' },
    { kind: 'make', path: path('folder'), mode: 0o755 },
    { kind: 'set', path: path('bits'), mode: 0o644, was: { mode: 0o600 } },
    { kind: 'unlink', path: path('other'), target: 'x' },
    { kind: 'write', path: path('another'), blake3: A },
  ];
  assert.deepEqual(
    [...pairsOf(steps)].map(({ path: at, number }) => [at, number]),
    [
      ['gone', 2],
      ['changed', 4],
      ['new', 5],
      ['link', 7],
      ['folder', 8],
      ['bits', 9],
      ['other', 10],
      ['another', 11],
    ],
  );
  assert.deepEqual(
    reversalsOf(steps).map(({ path: at, is, was }) => `${at}: ${is.kind} was ${was.kind}`),
    [
      'gone: nothing was file',
      'changed: file was file',
      'new: file was nothing',
      'link: link was link',
      'folder: directory was nothing',
      'bits: looks was looks',
      'other: nothing was link',
      'another: file was nothing',
    ],
  );
  const filled: readonly Step[] = [
    { kind: 'write', path: path('a/early'), blake3: A },
    { kind: 'move', from: path('a'), to: path('b') },
    { kind: 'make', path: path('a'), mode: 0o755 },
    { kind: 'write', path: path('a/x'), blake3: A },
    { kind: 'write', path: path('b/x'), blake3: B },
  ];
  assert.deepEqual(
    reversalsOf(filled).map(({ path: at, before }) => [at, before]),
    [
      ['a/early', 'a/early'],
      ['a', undefined],
      ['a/x', undefined],
      ['b/x', 'a/x'],
    ],
  );
  assert.deepEqual(movesBack(steps), [
    { from: 'm', to: 'o' },
    { from: 'n', to: 'm' },
  ]);
  assert.equal(isStill(file('a'), { kind: 'file', blake3: A }), true);
  assert.equal(isStill(file('a'), { kind: 'file', blake3: B }), false);
  assert.equal(isStill(ABSENT, { kind: 'file', blake3: B }), false);
  assert.equal(isStill(FOLDER, { kind: 'looks', looks: { mode: 0o755 } }), true);
  assert.equal(isStill(FOLDER, { kind: 'looks', looks: { mode: 0o700 } }), false);
  const looks = { mode: 0o644, mtime: instantOf(MODIFIED) };
  assert.equal(isStill(file('a'), { kind: 'looks', looks }), true);
  assert.equal(isStill(file('a'), { kind: 'looks', looks: { ...looks, mtime: instantOf(0n) } }), false);
});
