import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import type { Disk } from '../../src/disk/disk.ts';
import type { CommitId } from '../../src/model/id.ts';
import { openCommits, type Commits } from '../../src/store/commits.ts';
import { layoutOf } from '../../src/store/layout.ts';
import { advance, isUnfinished, readIndexText, recover } from '../../src/store/working.ts';
import type { Problem } from '../../src/model/problem.ts';
import { faultyDisk, Killed, type Fault, type FaultyDisk } from '../disk/faulty.ts';
import {
  copyTree,
  dateOf,
  emptyRepository,
  quick,
  leftoversIn,
  readTree,
  sorted,
  temporary,
  texts,
  writeTexts,
  type Texts,
} from './fixture.ts';

const BEFORE = texts({
  'tree/manifest.yaml': 'dbk: manifest 1\nmode: 755\n',
  'tree/a/manifest.yaml': 'dbk: manifest 1\nmode: 700\n',
  'tree/a/$x.metadata': '---\nrating: 1\n---\n',
  'tree/gone/below/manifest.yaml': 'gone\n',
  'tree/moved/manifest.yaml': 'moves as it is\n',
  'tree/moved/$.metadata': 'moves\nand\nchanges\na\nbit\n',
  'types/same.yaml': 'stays\n',
  file: 'becomes a directory\n',
  'directory/inner/text': 'becomes a file\n',
  shifted: 'moves below its own name\n',
  empty: '',
  'cut-end': 'no line feed',
});
const AFTER = texts({
  'tree/manifest.yaml': 'dbk: manifest 1\nmode: 711\n',
  'tree/a/manifest.yaml': 'dbk: manifest 1\nmode: 700\nfiles:\n  a: {link: b}\n',
  'tree/new/deep/manifest.yaml': 'new\n',
  'tree/there/manifest.yaml': 'moves as it is\n',
  'tree/there/$.metadata': 'moves\nand\nchanges\na\nlot\n',
  'types/same.yaml': 'stays\n',
  'file/now': 'becomes a directory\n',
  directory: 'becomes a file\n',
  'shifted/here': 'moves below its own name\n',
  empty: 'not any more',
  'cut-end': '',
});
const RENAMES = new Map([
  ['tree/there/manifest.yaml', 'tree/moved/manifest.yaml'],
  ['tree/there/$.metadata', 'tree/moved/$.metadata'],
  ['shifted/here', 'shifted'],
]);

/** A repository at BEFORE, with the commit to AFTER written. */
interface Prepared {
  readonly root: string;
  readonly from: CommitId;
  readonly to: CommitId;
}

function prepare(t: TestContext): Prepared {
  const root = join(temporary(t), 'root');
  fs.mkdirSync(root);
  fs.writeFileSync(join(root, 'a.flac'), 'of the person');
  const commits = emptyRepository(root, quick);
  const from = writeTexts(commits, texts({}), BEFORE);
  advance(commits, { command: 'commit', from: undefined, to: from });
  const to = writeTexts(commits, BEFORE, AFTER, { parents: [from], date: dateOf(1), renames: RENAMES });
  return { root, from, to };
}

/** The same in a fresh folder. */
function copyOf({ root }: Prepared, number: number): string {
  const copy = `${root}-${number}`;
  copyTree(root, copy);
  return copy;
}

function open(root: string, disk: Disk = quick): Commits {
  return openCommits(disk, layoutOf(join(root, '.dbk')));
}

function indexOf(commits: Commits): [string, string][] {
  return sorted(readTree(commits.layout.index));
}

function stateOf(commits: Commits): unknown {
  return {
    head: commits.readHead(),
    index: indexOf(commits),
    leftovers: leftoversIn(commits.layout),
    outside: [...readTree(dirname(commits.layout.home))].filter(([path]) => !path.startsWith('.dbk/')),
  };
}

function expected(head: CommitId, index: Texts): unknown {
  return { head, index: sorted(index), leftovers: [], outside: [['a.flac', 'of the person']] };
}

/** Runs with a fault at the first changing call, the second, and so on, until none is reached any more. */
function atEveryCall(make: (at: number) => Fault, run: (disk: FaultyDisk, at: number) => void): number {
  for (let at = 1; ; at++) {
    const disk = faultyDisk(quick, make(at));
    run(disk, at);
    if (!disk.happened) return at - 1;
  }
}

function attempt(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (!(error instanceof Killed) && code !== 'ENOSPC' && code !== 'EIO') throw error;
  }
}

const DEATHS: readonly [string, (at: number) => Fault][] = [
  ['dies', (at) => ({ kind: 'dies', at })],
  ['dies in the middle of a write', (at) => ({ kind: 'dies', at, torn: true })],
  ['loses power', (at) => ({ kind: 'dies', at, powerLoss: true })],
];
const FAILURES: readonly [string, (at: number) => Fault][] = [
  ['fails once', (at) => ({ kind: 'fails', at, code: 'EIO' })],
  ['finds the disk full from there on', (at) => ({ kind: 'fails', at, code: 'ENOSPC', onwards: true })],
];

test('a commit that is advanced to is the state of index/ and head', (t) => {
  const prepared = prepare(t);
  const commits = open(prepared.root);
  assert.deepEqual(stateOf(commits), expected(prepared.from, BEFORE));
  assert.deepEqual(advance(commits, { command: 'commit', from: prepared.from, to: prepared.to }), []);
  assert.deepEqual(stateOf(commits), expected(prepared.to, AFTER));
  assert.equal(recover(commits), undefined);
});

test('wherever advancing is broken off, recovery gives the old or the new state, whole', (t) => {
  const prepared = prepare(t);
  let number = 0;
  for (const [what, make] of [...DEATHS, ...FAILURES]) {
    const states = new Set<string>();
    const calls = atEveryCall(make, (disk, at) => {
      const root = copyOf(prepared, number++);
      attempt(() => advance(open(root, disk), { command: 'commit', from: prepared.from, to: prepared.to }));
      const commits = open(root);
      const unfinished = isUnfinished(quick, commits.layout);
      const recovery = recover(commits);
      assert.equal(recovery !== undefined, unfinished);
      assert.deepEqual(recovery?.problems ?? [], [], `${what} at call ${at}`);
      const isNew = commits.readHead() === prepared.to;
      states.add(isNew ? 'new' : 'old');
      const [head, index] = isNew ? [prepared.to, AFTER] : [prepared.from, BEFORE];
      assert.deepEqual(stateOf(commits), expected(head, index), `${what} at call ${at}`);
      fs.rmSync(root, { recursive: true });
    });
    assert.ok(calls > 60, `${what}: ${calls} calls`);
    assert.deepEqual([...states], ['old', 'new'], what);
  }
});

test('wherever recovery itself is broken off, the next one completes it', (t) => {
  const prepared = prepare(t);
  let number = 0;
  for (const [, make] of DEATHS) {
    atEveryCall(
      (at) => make(at * 13),
      (first, at) => {
        const broken = copyOf(prepared, number++);
        attempt(() =>
          advance(open(broken, first), { command: 'commit', from: prepared.from, to: prepared.to }),
        );
        if (!isUnfinished(quick, layoutOf(join(broken, '.dbk')))) return;
        atEveryCall(
          (again) => make(again * 7),
          (second, again) => {
            const root = copyOf({ ...prepared, root: broken }, number++);
            attempt(() => recover(open(root, second)));
            const commits = open(root);
            recover(commits);
            const message = `${at * 13}, then ${again * 7}`;
            assert.deepEqual(stateOf(commits), expected(prepared.to, AFTER), message);
            fs.rmSync(root, { recursive: true });
          },
        );
      },
    );
  }
});

test('the same holds for so many texts that the volume is flushed instead of each', (t) => {
  const numbers = Array.from({ length: 70 }, (_, number) => number);
  const before = new Map(
    numbers.map((number) => [`tree/${number % 7}/$${number}.metadata`, `old ${number}`]),
  );
  const after = new Map(numbers.map((number) => [`tree/${number % 5}/$${number}.metadata`, `new ${number}`]));
  const root = join(temporary(t), 'root');
  fs.mkdirSync(root);
  fs.writeFileSync(join(root, 'a.flac'), 'of the person');
  const commits = emptyRepository(root, quick);
  const from = writeTexts(commits, texts({}), before);
  advance(commits, { command: 'commit', from: undefined, to: from });
  const to = writeTexts(commits, before, after, { parents: [from] });
  let number = 0;
  for (const [what, make] of [...DEATHS, ...FAILURES]) {
    atEveryCall(
      (at) => make(at * 11),
      (disk, at) => {
        const copy = copyOf({ root, from, to }, number++);
        attempt(() => advance(open(copy, disk), { command: 'commit', from, to }));
        assert.deepEqual(recover(open(copy))?.problems ?? [], []);
        const isNew = open(copy).readHead() === to;
        const message = `${what} at call ${at * 11}`;
        assert.deepEqual(stateOf(open(copy)), isNew ? expected(to, after) : expected(from, before), message);
        fs.rmSync(copy, { recursive: true });
      },
    );
  }
});

test('when the new texts cannot be written, all is as before without any recovery', (t) => {
  const prepared = prepare(t);
  let number = 0;
  let before = 0;
  atEveryCall(
    (at) => ({ kind: 'fails', at, code: 'ENOSPC' }),
    (disk) => {
      const root = copyOf(prepared, number++);
      attempt(() => advance(open(root, disk), { command: 'commit', from: prepared.from, to: prepared.to }));
      const place = join(root, '.dbk/index/');
      if (disk.happened && !disk.calls.some((call) => call.includes(place))) {
        before++;
        assert.deepEqual(stateOf(open(root)), expected(prepared.from, BEFORE), disk.calls.at(-1));
      }
      fs.rmSync(root, { recursive: true });
    },
  );
  assert.ok(before > 30, `${before} calls`);
});

test('what a person changed stays as it is and is told', (t) => {
  const prepared = prepare(t);
  const rows: [
    what: string,
    told: readonly string[],
    edit: (index: string) => void,
    result: Readonly<Record<string, string | undefined>>,
  ][] = [
    [
      'a text that changes was edited',
      ['tree/manifest.yaml'],
      (index) => fs.writeFileSync(join(index, 'tree/manifest.yaml'), 'edited'),
      { 'tree/manifest.yaml': 'edited' },
    ],
    [
      'a text that changes was removed',
      ['tree/a/manifest.yaml'],
      (index) => fs.rmSync(join(index, 'tree/a/manifest.yaml')),
      { 'tree/a/manifest.yaml': undefined },
    ],
    [
      'a text that goes was edited',
      ['tree/gone/below/manifest.yaml'],
      (index) => fs.writeFileSync(join(index, 'tree/gone/below/manifest.yaml'), 'edited'),
      { 'tree/gone/below/manifest.yaml': 'edited' },
    ],
    [
      'a text that goes was removed',
      [],
      (index) => fs.rmSync(join(index, 'tree/gone'), { recursive: true }),
      {},
    ],
    [
      'a text that comes is there already, another one',
      ['tree/new/deep/manifest.yaml'],
      (index) => {
        fs.mkdirSync(join(index, 'tree/new/deep'), { recursive: true });
        fs.writeFileSync(join(index, 'tree/new/deep/manifest.yaml'), 'of the person');
      },
      { 'tree/new/deep/manifest.yaml': 'of the person' },
    ],
    [
      'a text that moves was edited: both are there',
      ['tree/moved/$.metadata'],
      (index) => fs.writeFileSync(join(index, 'tree/moved/$.metadata'), 'edited'),
      { 'tree/moved/$.metadata': 'edited' },
    ],
    [
      'a text that moves was moved by hand',
      [],
      (index) => {
        fs.mkdirSync(join(index, 'tree/there'));
        fs.renameSync(join(index, 'tree/moved/manifest.yaml'), join(index, 'tree/there/manifest.yaml'));
      },
      {},
    ],
    ['a text that moves was removed', [], (index) => fs.rmSync(join(index, 'shifted')), {}],
    [
      'where a text moves to is another one',
      ['tree/there/manifest.yaml'],
      (index) => {
        fs.mkdirSync(join(index, 'tree/there'));
        fs.writeFileSync(join(index, 'tree/there/manifest.yaml'), 'of the person');
      },
      { 'tree/there/manifest.yaml': 'of the person' },
    ],
    [
      'a symlink stands for a text',
      ['tree/manifest.yaml'],
      (index) => {
        fs.renameSync(join(index, 'tree/manifest.yaml'), join(index, 'kept'));
        fs.symlinkSync('../kept', join(index, 'tree/manifest.yaml'));
      },
      { 'tree/manifest.yaml': 'no file', kept: BEFORE.get('tree/manifest.yaml')! },
    ],
    [
      'a directory stands where a text is to be',
      ['directory'],
      (index) => fs.writeFileSync(join(index, 'directory/more'), 'of the person'),
      { directory: undefined, 'directory/more': 'of the person' },
    ],
    [
      'a file stands where a directory is to be',
      ['tree/new/deep/manifest.yaml'],
      (index) => fs.writeFileSync(join(index, 'tree/new'), 'of the person'),
      { 'tree/new': 'of the person', 'tree/new/deep/manifest.yaml': undefined },
    ],
    [
      'a text that is not UTF-8 stands there',
      ['empty'],
      (index) => fs.writeFileSync(join(index, 'empty'), Buffer.from([0xff])),
      { empty: '\ufffd' },
    ],
  ];
  for (const [number, [what, told, edit, result]] of rows.entries()) {
    const root = copyOf(prepared, number);
    const commits = open(root);
    edit(commits.layout.index);
    const problems = advance(commits, { command: 'commit', from: prepared.from, to: prepared.to });
    assert.deepEqual(toldPaths(problems), told, what);
    const index = texts({ ...Object.fromEntries(AFTER), ...result });
    assert.deepEqual(stateOf(commits), expected(prepared.to, index), what);
  }
});

function toldPaths(problems: readonly Problem[]): (string | undefined)[] {
  for (const { code, severity } of problems)
    assert.deepEqual([code, severity], ['store/edit-stays', 'warning']);
  return problems.map(({ place }) => place?.path).sort();
}

test('what a person edits while the new texts are being written stays too', (t) => {
  const prepared = prepare(t);
  const edits = {
    'tree/manifest.yaml': 'edited meanwhile',
    'tree/gone/below/manifest.yaml': 'edited meanwhile',
    'cut-end': 'no line feed.',
    'tree/moved/manifest.yaml': 'edited meanwhile',
  };
  const root = copyOf(prepared, 0);
  const index = join(root, '.dbk/index');
  let edited = false;
  // The first text that is removed comes after all new ones are written.
  const disk: Disk = {
    ...quick,
    unlink: (path) => {
      if (!edited && path.startsWith(index)) {
        for (const [name, text] of Object.entries(edits)) fs.writeFileSync(join(index, name), text);
        fs.mkdirSync(join(index, 'tree/new/deep'), { recursive: true });
        fs.writeFileSync(join(index, 'tree/new/deep/manifest.yaml'), 'written meanwhile');
        edited = true;
        // This call was too late to be stopped.
        fs.writeFileSync(path, 'again');
      }
      quick.unlink(path);
    },
  };
  const problems = advance(open(root, disk), { command: 'commit', from: prepared.from, to: prepared.to });
  const stays = ['cut-end', 'tree/manifest.yaml', 'tree/moved/manifest.yaml', 'tree/new/deep/manifest.yaml'];
  for (const path of stays) assert.ok(toldPaths(problems).includes(path), path);
  const found = new Map(indexOf(open(root)));
  assert.deepEqual(
    stays.map((path) => found.get(path)),
    ['no line feed.', 'edited meanwhile', 'edited meanwhile', 'written meanwhile'],
  );
});

test('nothing is read, written or removed through a symlink in index/', (t) => {
  const prepared = prepare(t);
  const root = copyOf(prepared, 0);
  const outside = join(dirname(root), 'outside');
  fs.mkdirSync(outside);
  const tree = join(root, '.dbk/index/tree');
  for (const name of ['gone', 'moved', 'a']) {
    fs.renameSync(join(tree, name), join(outside, name));
    fs.symlinkSync(join(outside, name), join(tree, name));
  }
  // Nothing but an empty folder behind a text that goes.
  fs.rmSync(join(outside, 'gone/below/manifest.yaml'));
  fs.mkdirSync(join(outside, 'new'));
  fs.symlinkSync(join(outside, 'new'), join(tree, 'new'));
  const before = readTree(outside);
  const problems = advance(open(root), { command: 'commit', from: prepared.from, to: prepared.to });
  assert.deepEqual(readTree(outside), before);
  assert.deepEqual(toldPaths(problems), ['tree/a/manifest.yaml', 'tree/new/deep/manifest.yaml']);
});

test('head and index/ go between any two commits', (t) => {
  const prepared = prepare(t);
  const { root, from, to } = prepared;
  const commits = open(root);
  const third = texts({ only: 'this' });
  const last = writeTexts(commits, AFTER, third, { parents: [to], date: dateOf(2) });
  const alone = writeTexts(commits, texts({}), BEFORE, { message: 'unrelated' });
  const steps: [CommitId, Texts][] = [
    [last, third],
    [alone, BEFORE],
    [last, third],
  ];
  let head = from;
  for (const [next, index] of steps) {
    assert.deepEqual(advance(commits, { command: 'pull', from: head, to: next }), []);
    assert.deepEqual(stateOf(commits), expected(next, index));
    head = next;
  }
});

test('back to where a history came from the texts go that commits rule, and what people write stays', (t) => {
  const ruled = texts({
    'tree/manifest.yaml': 'old\n',
    'tree/gone/manifest.yaml': 'gone\n',
    'tree/from/manifest.yaml': 'moves\n',
    'tree/edit/manifest.yaml': 'moves\nand\nchanges\na\n',
    'types/a.yaml': 'old type\n',
  });
  const written = texts({ 'tree/$a.metadata': 'old\n', 'tree/$was.metadata': 'was\n', ignore: 'old\n' });
  const ruledAfter = texts({
    'tree/manifest.yaml': 'new\n',
    'tree/to/manifest.yaml': 'moves\n',
    'tree/there/manifest.yaml': 'moves\nand\nchanges\nb\n',
    'ignore.d/$rules': '*.o\n',
  });
  const writtenAfter = texts({ 'tree/$a.metadata': 'new\n', 'tree/$is.metadata': 'is\n', ignore: 'new\n' });
  const [before, after] = [new Map([...ruled, ...written]), new Map([...ruledAfter, ...writtenAfter])];
  const renames = new Map([
    ['tree/to/manifest.yaml', 'tree/from/manifest.yaml'],
    ['tree/there/manifest.yaml', 'tree/edit/manifest.yaml'],
  ]);
  const commitsIn = (root: string): readonly [Commits, CommitId, CommitId, CommitId] => {
    fs.mkdirSync(root);
    fs.writeFileSync(join(root, 'a.flac'), 'of the person');
    const commits = emptyRepository(root, quick);
    const first = writeTexts(commits, texts({}), before);
    const second = writeTexts(commits, before, after, { parents: [first], date: dateOf(1), renames });
    const third = writeTexts(commits, after, texts({}), { parents: [second], date: dateOf(2) });
    let head: CommitId | undefined;
    for (const to of [first, second]) {
      advance(commits, { command: 'commit', from: head, to });
      head = to;
    }
    return [commits, first, second, third];
  };
  const folder = temporary(t);
  const [commits, first, second, third] = commitsIn(join(folder, 'plain'));
  const back: readonly [CommitId | undefined, Texts][] = [
    [first, new Map([...ruled, ...writtenAfter])],
    [second, after],
    [undefined, writtenAfter],
    [second, after],
  ];
  let head: CommitId | undefined = second;
  for (const [to, index] of back) {
    assert.deepEqual(advance(commits, { command: 'undo', from: head, to }), []);
    assert.equal(commits.readHead(), to);
    assert.deepEqual(indexOf(commits), sorted(index), String(to));
    head = to;
  }
  // Over several commits, too.
  assert.deepEqual(advance(commits, { command: 'pull', from: second, to: third }), []);
  assert.deepEqual(indexOf(commits), []);
  assert.deepEqual(advance(commits, { command: 'undo', from: third, to: first }), []);
  assert.deepEqual(indexOf(commits), sorted(ruled));

  // Wherever that is broken off, going on gives the one state or the other.
  const [, from] = commitsIn(join(folder, 'broken'));
  let number = 0;
  for (const [what, make] of [...DEATHS, ...FAILURES]) {
    const states = new Set<string>();
    atEveryCall(make, (disk, at) => {
      const root = join(folder, `copy-${number++}`);
      copyTree(join(folder, 'broken'), root);
      attempt(() => advance(open(root, disk), { command: 'undo', from: second, to: from }));
      const later = open(root);
      assert.deepEqual(recover(later)?.problems ?? [], []);
      const isOld = later.readHead() === second;
      states.add(isOld ? 'old' : 'new');
      const index = isOld ? after : new Map([...ruled, ...writtenAfter]);
      assert.deepEqual(indexOf(later), sorted(index), `${what} at ${at}`);
      assert.deepEqual(leftoversIn(later.layout), []);
    });
    assert.deepEqual([...states].sort(), ['new', 'old'], what);
  }
});

test('what a person edited goes where the same commit records its bytes elsewhere, also after a crash', (t) => {
  const before = texts({
    'tree/$a.metadata': 'old\n',
    'tree/$b.metadata': 'other\n',
    'tree/$c.metadata': 'c\n',
  });
  const after = texts({
    'tree/$b.metadata': 'third\n',
    'tree/$x.metadata': 'edited\n',
    'tree/$y.metadata': 'too\n',
  });
  const folder = temporary(t);
  const root = join(folder, 'root');
  fs.mkdirSync(root);
  const commits = emptyRepository(root, quick);
  const from = writeTexts(commits, texts({}), before);
  advance(commits, { command: 'commit', from: undefined, to: from });
  const to = writeTexts(commits, before, after, { parents: [from], date: dateOf(1) });
  const edits: Record<string, string> = { $a: 'edited\n', $b: 'too\n', $c: 'nowhere else\n' };
  for (const [name, text] of Object.entries(edits)) {
    fs.writeFileSync(join(commits.layout.index, `tree/${name}.metadata`), text);
  }
  const stays: Texts = new Map([...after, ['tree/$c.metadata', 'nowhere else\n']]);
  let number = 0;
  for (const [what, make] of DEATHS) {
    atEveryCall(make, (disk, at) => {
      const copy = join(folder, `copy-${number++}`);
      copyTree(root, copy);
      let problems: readonly Problem[] = [];
      attempt(() => (problems = advance(open(copy, disk), { command: 'commit', from, to })));
      const later = open(copy);
      const finished = recover(later);
      if (later.readHead() === from) return;
      assert.deepEqual(indexOf(later), sorted(stays), `${what} at ${at}`);
      const told = (finished?.problems ?? problems).map(({ code, place }) => `${code} ${place?.path}`);
      if (disk.happened && finished === undefined) return;
      if (!disk.happened || finished!.problems.length > 0)
        assert.deepEqual(told, ['store/edit-stays tree/$c.metadata'], `${what} at ${at}`);
    });
  }
});

test('names that differ in case alone are one on some file systems, and no text is lost there', (t) => {
  const before = texts({
    'tree/Foo/manifest.yaml': 'same',
    'tree/Bar/manifest.yaml': 'old',
    'tree/$Baz.metadata': 'x',
  });
  const after = texts({
    'tree/foo/manifest.yaml': 'same',
    'tree/bar/manifest.yaml': 'new',
    'tree/$baz.metadata': 'x',
  });
  for (const renames of [new Map(), new Map([['tree/foo/manifest.yaml', 'tree/Foo/manifest.yaml']])]) {
    const root = join(temporary(t), 'root');
    fs.mkdirSync(root);
    const commits = emptyRepository(root, foldingDisk(join(root, '.dbk/index')));
    const from = writeTexts(commits, texts({}), before);
    advance(commits, { command: 'commit', from: undefined, to: from });
    const to = writeTexts(commits, before, after, { parents: [from], renames });
    assert.deepEqual(advance(commits, { command: 'commit', from, to }), []);
    assert.deepEqual(indexOf(commits), sorted(after));
  }
});

/** A disk on which all names below a folder are stored in lower case. */
function foldingDisk(folder: string): Disk {
  const fold = (value: unknown): unknown =>
    typeof value === 'string' && value.startsWith(`${folder}/`)
      ? folder + value.slice(folder.length).toLowerCase()
      : value;
  const methods = Object.entries(quick as unknown as Record<string, (...args: unknown[]) => unknown>);
  return Object.fromEntries(
    methods.map(([name, method]) => [name, (...args: unknown[]) => method(...args.map(fold))]),
  ) as unknown as Disk;
}

test('a repository without index/ moves its head alone', (t) => {
  const { root, from, to } = prepare(t);
  const commits = open(root);
  assert.deepEqual(advance(commits, { command: 'commit', from, to, keepsIndex: false }), []);
  assert.deepEqual(stateOf(commits), expected(to, BEFORE));
});

test('a journal that cannot be followed is refused, and stays', (t) => {
  const { root, from, to } = prepare(t);
  const commits = open(root);
  const journal = (more: string): string => `dbk: journal 1\ncommand: commit\nfrom: ${more}`;
  const rows: [text: string, code: string][] = [
    [journal(`${to}\nto: ${'0b'.repeat(32)}\nsteps: []\n`), 'store/journal-contradicts'],
    [journal(`${from}\nto: ${to}\nsteps:\n  - {do: move, from: a, to: b}\n`), 'store/journal-has-steps'],
    [journal(`${from}\nto: ${'c'.repeat(64)}\nsteps: []\n`), 'store/commit-missing'],
    ['dbk: journal 1\n', 'store/journal-unreadable'],
    ['', 'store/journal-unreadable'],
  ];
  for (const [text, code] of rows) {
    fs.writeFileSync(commits.layout.journal, text);
    assert.throws(
      () => recover(commits),
      (error: { problem?: Problem }) => error.problem?.code === code,
      code,
    );
    assert.equal(fs.readFileSync(commits.layout.journal, 'utf8'), text);
    assert.deepEqual(indexOf(commits), sorted(BEFORE));
  }
});

test('a text of the index is given as it stands there', (t) => {
  const { root } = prepare(t);
  const { layout } = open(root);
  assert.equal(readIndexText(quick, layout, 'types/same.yaml'), 'stays\n');
  assert.equal(readIndexText(quick, layout, 'types/other.yaml'), undefined);
  assert.equal(readIndexText(quick, layout, 'file/below'), undefined);
  fs.writeFileSync(join(layout.index, 'file'), Buffer.from([0xff]));
  assert.throws(() => readIndexText(quick, layout, 'file'), { message: /is not UTF-8$/ });
});
