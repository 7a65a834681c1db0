import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import type { TextChange } from '../../src/model/change.ts';
import type { CommitId } from '../../src/model/id.ts';
import { Refusal } from '../../src/model/problem.ts';
import { openCommits, type Commits } from '../../src/store/commits.ts';
import { changesBetween, idsAt, recordedIds, textsAt } from '../../src/store/texts.ts';
import { advance } from '../../src/store/working.ts';
import {
  dateOf,
  differences,
  emptyRepository,
  quick,
  fieldsOf,
  readTree,
  sorted,
  temporary,
  texts,
  writeTexts,
  type Texts,
} from './fixture.ts';

const NONE = texts({});

/** A commit and what its texts are, as a plain map. */
interface Known {
  readonly id: CommitId | undefined;
  readonly state: Texts;
}

/** Takes one step in a repository: which earlier commit it follows, and what its texts become. */
interface Move {
  readonly parent: number;
  readonly set: readonly (readonly [path: string, text: string])[];
  readonly renames: readonly (readonly [from: string, to: string])[];
}

/** Some are files where others are directories. */
const PATHS = [
  'a',
  'a/b',
  'a/b/c',
  'b',
  'c/d',
  'c/é',
  'c/e.f',
  'tree/$x y.metadata',
  'tree/manifest.yaml',
  'z',
];
const CONTENTS = [
  '',
  'one\n',
  'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n',
  'one\ntwo\nthree\nfour\nfive\nsix\nseven\n8\n',
  'cut',
];

const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    parent: fc.nat(),
    set: fc.array(fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom('', ...CONTENTS, 'gone')), {
      maxLength: 4,
    }),
    renames: fc.array(fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom(...PATHS)), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 12 },
);

function isInTheWay(path: string, other: string): boolean {
  return path.startsWith(`${other}/`) || other.startsWith(`${path}/`);
}

/** The texts after a move; what is in the way of a new text goes. */
function stateAfter(before: Texts, move: Move): { after: Texts; renames: ReadonlyMap<string, string> } {
  const after = new Map(before);
  const put = (path: string, text: string): void => {
    for (const other of after.keys()) if (isInTheWay(path, other)) after.delete(other);
    after.set(path, text);
  };
  const wished = new Map<string, string>();
  for (const [from, to] of move.renames) {
    const text = after.get(from);
    if (text === undefined || before.has(to) || after.has(to)) continue;
    after.delete(from);
    put(to, text);
    wished.set(to, from);
  }
  for (const [path, text] of move.set) {
    if (text === 'gone') after.delete(path);
    else put(path, text);
  }
  const renames = new Map<string, string>();
  for (const [to, from] of wished) {
    if (after.has(to) && before.has(from) && !after.has(from) && ![...renames.values()].includes(from))
      renames.set(to, from);
  }
  return { after, renames };
}

function play(
  commits: Commits,
  all: readonly Move[],
  parentOf: (move: Move, count: number) => number,
): Known[] {
  const known: Known[] = [{ id: undefined, state: NONE }];
  for (const [number, move] of all.entries()) {
    const { id: parent, state } = known[parentOf(move, known.length)]!;
    const { after, renames } = stateAfter(state, move);
    const parents = parent === undefined ? [] : [parent];
    const id = writeTexts(commits, state, after, {
      parents,
      renames,
      date: dateOf(number),
      message: `${number}`,
    });
    known.push({ id, state: after });
  }
  return known;
}

function idsOf(state: Texts): [string, string][] {
  return sorted(new Map([...state].map(([path, text]) => [path, digest(text)])));
}

test('texts and ids at any commit, and what differs between any two, are those of a plain map', (t) => {
  const root = temporary(t);
  let number = 0;
  const law = fc.property(moves, (all) => {
    const commits = emptyRepository(join(root, String(number++)), quick);
    const known = play(commits, all, ({ parent }, count) => parent % count);
    for (const { id, state } of known) {
      assert.deepEqual(sorted(recordedIds(commits, id)), idsOf(state));
      const paths = new Set([...PATHS, 'never']);
      const expected = new Map([...paths].map((path) => [path, state.get(path)]));
      assert.deepEqual(textsAt(commits, id, paths), expected);
      const ids = new Map(
        [...expected].map(([path, text]) => [path, text === undefined ? undefined : digest(text)]),
      );
      assert.deepEqual(idsAt(commits, id, paths), ids);
      for (const other of known) {
        const found = [...changesBetween(commits, id, other.id)];
        assert.deepEqual(found, differences(state, other.state));
        for (const { id: commit, state: near } of known.slice(1)) {
          const hand = { commit: commit!, text: (path: string) => near.get(path) };
          assert.deepEqual([...changesBetween(commits, id, other.id, hand)], found);
        }
      }
    }
  });
  fc.assert(law, { seed: 20261122, numRuns: 40 });
});

test('index/ goes along any chain, and git rebuilds it from the patches', (t) => {
  const git = spawnSync('git', ['--version']).error === undefined;
  const root = temporary(t);
  let number = 0;
  const law = fc.property(moves, (all) => {
    const commits = emptyRepository(join(root, String(number++)), quick);
    const known = play(commits, all, (_, count) => count - 1);
    const rebuilt = join(dirname(commits.layout.home), 'rebuilt');
    fs.mkdirSync(rebuilt);
    for (const [i, { id, state }] of known.entries()) {
      if (id === undefined) continue;
      assert.deepEqual(advance(commits, { command: 'commit', from: known[i - 1]!.id, to: id }), []);
      assert.deepEqual(sorted(readTree(commits.layout.index)), sorted(state));
      if (git) {
        applyWithGit(commits, id, rebuilt);
        assert.deepEqual(sorted(readTree(rebuilt)), sorted(state));
      }
    }
  });
  fc.assert(law, { seed: 20261122, numRuns: 25 });
  if (!git) t.skip('needs git');
});

function applyWithGit(commits: Commits, id: CommitId, folder: string): void {
  const patch = join(commits.directoryOf(id), 'changes.patch');
  if (fs.statSync(patch).size === 0) return;
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) };
  const result = spawnSync('git', ['apply', patch], { cwd: folder, env, encoding: 'utf8' });
  assert.deepEqual([result.status, result.stderr], [0, '']);
}

test('a text is followed through renames, and names that are taken again', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const states: [Texts, renames: [string, string][]][] = [
    [texts({ a: 'first\n', b: 'other\n' }), []],
    [texts({ c: 'first\n', b: 'other\n' }), [['c', 'a']]],
    [texts({ c: 'first\nand more\n', a: 'new\n' }), []],
    [
      texts({ d: 'first\nand more\n', 'a/b': 'new\n' }),
      [
        ['d', 'c'],
        ['a/b', 'a'],
      ],
    ],
    [texts({ a: 'first\nand more\n', c: 'third\n' }), [['a', 'd']]],
  ];
  let [parent, before] = [undefined as CommitId | undefined, NONE];
  const known: Known[] = [];
  for (const [number, [after, renames]] of states.entries()) {
    const parents = parent === undefined ? [] : [parent];
    parent = writeTexts(commits, before, after, { parents, date: dateOf(number), renames: new Map(renames) });
    before = after;
    known.push({ id: parent, state: after });
  }
  for (const { id, state } of known) {
    for (const path of ['a', 'b', 'c', 'd', 'a/b']) {
      assert.deepEqual(textsAt(commits, id, new Set([path])), new Map([[path, state.get(path)]]));
      assert.equal(
        idsAt(commits, id, [path]).get(path),
        state.has(path) ? digest(state.get(path)!) : undefined,
      );
    }
  }
});

test('what no commit touched after the histories meet is not read', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const base = texts({ a: 'a\n', b: 'b\n' });
  const first = writeTexts(commits, NONE, base);
  const left = writeTexts(commits, base, texts({ a: 'left\n', b: 'b\n' }), {
    parents: [first],
    date: dateOf(1),
  });
  const back = writeTexts(commits, texts({ a: 'left\n', b: 'b\n' }), base, {
    parents: [left],
    date: dateOf(2),
  });
  const right = writeTexts(commits, base, texts({ a: 'a\n', b: 'right\n' }), {
    parents: [first],
    date: dateOf(3),
  });
  const opened: string[] = [];
  const watched = openCommits(
    { ...quick, openRead: (path) => (opened.push(path), quick.openRead(path)) },
    commits.layout,
  );
  assert.deepEqual([...changesBetween(watched, first, back)], [], 'changed and changed back');
  const patches = (id: CommitId) =>
    opened.filter((path) => path === join(commits.directoryOf(id), 'changes.patch'));
  assert.deepEqual([patches(first), patches(left).length, patches(back).length], [[], 1, 1]);
  const more = texts({ ...Object.fromEntries(base), c: 'c\n' });
  const made = writeTexts(commits, base, more, { parents: [first], date: dateOf(4) });
  const gone = writeTexts(commits, more, base, { parents: [made], date: dateOf(5) });
  assert.deepEqual([...changesBetween(watched, first, gone)], [], 'made and removed');
  assert.deepEqual(patches(first), []);
  const found: TextChange[] = [...changesBetween(watched, back, right)];
  assert.deepEqual(found, [{ path: 'b', before: 'b\n', after: 'right\n' }]);
});

test('more texts than are held at a time come in order', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const many = (count: number, text: string): Texts =>
    new Map(Array.from({ length: count }, (_, i) => [`tree/${i}/manifest.yaml`, `${text} ${i}\n`]));
  const before = many(4300, 'old');
  const middle = new Map([...before, ...many(2500, 'new')]);
  const after = new Map([...many(4250, 'newer'), ...[...middle].slice(4250)]);
  const a = writeTexts(commits, NONE, before);
  const b = writeTexts(commits, before, middle, { parents: [a], date: dateOf(1) });
  const c = writeTexts(commits, middle, after, { parents: [b], date: dateOf(2) });
  for (const [from, to, old, now] of [
    [undefined, a, NONE, before],
    [a, b, before, middle],
    [a, c, before, after],
    [c, undefined, after, NONE],
  ] as const) {
    assert.deepEqual([...changesBetween(commits, from, to)], differences(old, now));
  }
});

test('a history that contradicts itself, or cannot be read, is damage', (t) => {
  const stanza = (text: string): string => `diff --git a/a b/a\n${text}`;
  const one = digest('one\n');
  const two = digest('two\n');
  const none = '0'.repeat(64);
  const made = stanza(
    `new file mode 100644\nindex ${none}..${one}\n--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+one\n`,
  );
  const change = (from: string, to: string, line: string): string =>
    stanza(`index ${from}..${to} 100644\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-${line}\n+two\n`);
  const rows: [
    what: string,
    patches: string[],
    code: string,
    action: (commits: Commits, id: CommitId) => unknown,
  ][] = [
    ['made twice', [made, made], 'store/history-contradicts', (commits, id) => recordedIds(commits, id)],
    [
      'not what it changes',
      [made, change(two, digest('three\n'), 'one')],
      'store/history-contradicts',
      (commits, id) => recordedIds(commits, id),
    ],
    [
      'changed and never made',
      ['', change(one, two, 'one')],
      'store/history-contradicts',
      (commits, id) => recordedIds(commits, id),
    ],
    [
      'other lines',
      [made, change(one, two, 'once')],
      'store/commit-unreadable',
      (commits, id) => textsAt(commits, id, new Set(['a'])),
    ],
    [
      'another result',
      [made, change(one, digest('tow\n'), 'one')],
      'store/commit-unreadable',
      (commits, id) => textsAt(commits, id, new Set(['a'])),
    ],
    [
      'no patch',
      ['hello\n', ''],
      'store/commit-unreadable',
      (commits, id) => textsAt(commits, id, new Set(['a'])),
    ],
    [
      'a path out of index/',
      [made.replaceAll('/a', '/../a'), ''],
      'store/commit-unreadable',
      (commits, id) => recordedIds(commits, id),
    ],
  ];
  for (const [what, patches, code, action] of rows) {
    const commits = emptyRepository(temporary(t), quick);
    let id: CommitId | undefined;
    for (const [number, patch] of patches.entries()) {
      const writer = commits.beginCommit();
      writer.write(patch);
      id = writer.finish(fieldsOf(NONE, { parents: id === undefined ? [] : [id], date: dateOf(number) }));
    }
    assert.throws(
      () => action(commits, id!),
      (error) => error instanceof Refusal && error.kind === 'damage' && error.problem.code === code,
      what,
    );
  }
});
