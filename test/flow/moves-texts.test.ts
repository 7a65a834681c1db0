/** What is written about files and folders goes where they go: sidecars, rules, ids of entities, keys of others. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { repository, type Workbench } from '../tools/repository.ts';
import { linesIn, temporary, type Literal } from '../tools/tree.ts';
import { textsIn } from './fixture.ts';
import { judge, lacksTools } from './judges.ts';
import { checkExplained, checkPatches } from './moves-laws.ts';
import { shell, statusOf } from './moves-person.ts';

before(() => loadBlake3());

interface Row {
  readonly what: string;
  readonly before: Literal;
  /** What a person does in the folder; `$i` is `.dbk/index/tree`. */
  readonly act: string;
  /** The sidecars afterwards, with `about X` where nothing else is said. */
  readonly after: Readonly<Record<string, string>>;
  /** The headers of the patch that speak of sidecars: `X → Y`, `+X`, `-X`, `*X`. */
  readonly patch: readonly string[];
  /** Before the act, where it is not a sidecar for each file and folder. */
  readonly sidecars?: Readonly<Record<string, string>>;
}

const about = (path: string): string => `about ${path}\n`;
/** `x/a` to `x/$a.metadata`, `x/` to `x/$.metadata`. */
const placeOf = (path: string): string => path.replace(/[^/]*$/, (name) => `$${name}.metadata`);
const all = (...paths: readonly string[]): Record<string, string> =>
  Object.fromEntries(paths.map((path) => [path, about(path)]));

const ROWS: readonly Row[] = [
  {
    what: 'a file is renamed',
    before: { a: 'one', b: 'two' },
    act: 'mv a c',
    after: { c: about('a'), b: about('b') },
    patch: ['a → c'],
  },
  {
    what: 'a file is renamed and edited',
    before: { 'x/a': 'one', b: 'two' },
    act: 'mv x/a c; echo more >> c',
    after: { c: about('x/a'), b: about('b'), 'x/': about('x/') },
    patch: ['x/a → c'],
  },
  {
    what: 'a folder is renamed',
    before: { 'x/a': 'one', 'x/y/b': 'two' },
    act: 'mv x z',
    after: { 'z/': about('x/'), 'z/a': about('x/a'), 'z/y/': about('x/y/'), 'z/y/b': about('x/y/b') },
    patch: ['x/ → z/', 'x/a → z/a', 'x/y/ → z/y/', 'x/y/b → z/y/b'],
  },
  {
    what: 'two files are swapped',
    before: { a: 'one', b: 'two' },
    act: 'mv a t; mv b a; mv t b',
    after: { a: about('b'), b: about('a') },
    patch: ['*a', '*b'],
  },
  {
    what: 'two files are swapped about which the same is written, and then something about one',
    before: { a: 'one', b: 'two' },
    sidecars: { a: 'same\n', b: 'same\n' },
    act: 'mv a t; mv b a; mv t b; echo more >> $i/\\$a.metadata',
    after: { a: 'same\n', b: 'same\nmore\n' },
    patch: ['*b'],
  },
  {
    what: 'two files are swapped, one of which has nothing written about it',
    before: { a: 'one', b: 'two' },
    sidecars: all('a'),
    act: 'mv a t; mv b a; mv t b',
    after: { b: about('a') },
    patch: ['a → b'],
  },
  {
    what: 'two folders are swapped',
    before: { 'x/a': 'one', 'y/a': 'two', 'y/b': 'three' },
    act: 'mv x t; mv y x; mv t y',
    after: {
      'x/': about('y/'),
      'x/a': about('y/a'),
      'x/b': about('y/b'),
      'y/': about('x/'),
      'y/a': about('x/a'),
    },
    patch: ['*x/', '*x/a', 'y/b → x/b', '*y/', '*y/a'],
  },
  {
    what: 'a chain of files',
    before: { a: 'one', b: 'two', c: 'three' },
    act: 'mv c d; mv b c; mv a b',
    after: { b: about('a'), c: about('b'), d: about('c') },
    patch: ['-a', '*b', '*c', '+d'],
  },
  {
    what: 'a circle of three folders',
    before: { 'x/a': 'one', 'y/a': 'two', 'z/a': 'three' },
    act: 'mv x t; mv y x; mv z y; mv t z',
    after: {
      'x/': about('y/'),
      'x/a': about('y/a'),
      'y/': about('z/'),
      'y/a': about('z/a'),
      'z/': about('x/'),
      'z/a': about('x/a'),
    },
    patch: ['*x/', '*x/a', '*y/', '*y/a', '*z/', '*z/a'],
  },
  {
    what: 'only the case changes',
    before: { a: 'one', 'x/b': 'two' },
    act: 'mv a A; mv x X',
    after: { A: about('a'), 'X/': about('x/'), 'X/b': about('x/b') },
    patch: ['a → A', 'x/ → X/', 'x/b → X/b'],
  },
  {
    what: 'a file takes the place of another: what was written about that one goes with it',
    before: { a: 'one', b: 'two' },
    act: 'mv a b',
    after: { b: about('a') },
    patch: ['-a', '*b'],
  },
  {
    what: "an editor's backup: what was written about a file stays",
    before: { a: 'one', b: 'two' },
    act: 'mv a a~; echo anew > a',
    after: all('a', 'b'),
    patch: [],
  },
  {
    what: 'a copy has written about it what the original has',
    before: { a: 'one', b: 'two' },
    act: 'cp a c',
    after: { ...all('a', 'b'), c: about('a') },
    patch: ['+c'],
  },
  {
    what: 'edited at its old place before the commit of the move',
    before: { 'x/a': 'one', b: 'two' },
    act: 'mv x z; echo more >> $i/x/\\$a.metadata',
    after: { 'z/a': 'about x/a\nmore\n', 'z/': about('x/'), b: about('b') },
    patch: ['x/ → z/', 'x/a → z/a'],
  },
  {
    what: 'edited in a swap',
    before: { a: 'one', b: 'two' },
    act: 'mv a t; mv b a; mv t b; echo more >> $i/\\$a.metadata',
    after: { a: about('b'), b: 'about a\nmore\n' },
    patch: ['*a', '*b'],
  },
  {
    what: 'typed at the old place when nothing had been written before',
    before: { 'x/a': 'one', 'x/b': 'two' },
    sidecars: {},
    act: 'mv x z; echo new > $i/x/\\$a.metadata; echo folder > $i/x/\\$.metadata',
    after: { 'z/a': 'new\n', 'z/': 'folder\n' },
    patch: ['+z/', '+z/a'],
  },
  {
    what: 'typed at the new place',
    before: { a: 'one', b: 'two' },
    sidecars: {},
    act: 'mv a c; echo new > $i/\\$c.metadata',
    after: { c: 'new\n' },
    patch: ['+c'],
  },
  {
    what: 'typed at the new place, when something had been written before',
    before: { a: 'one', b: 'two' },
    sidecars: all('a'),
    act: 'mv a c; echo new > $i/\\$c.metadata',
    after: { c: 'new\n' },
    patch: ['a → c'],
  },
  {
    what: 'moved by hand with its file',
    before: { 'x/a': 'one', b: 'two' },
    act: 'mv x/a c; mv $i/x/\\$a.metadata $i/\\$c.metadata',
    after: { c: about('x/a'), b: about('b'), 'x/': about('x/') },
    patch: ['x/a → c'],
  },
  {
    what: 'moved by hand with its file, and edited',
    before: { 'x/a': 'one', b: 'two' },
    sidecars: all('x/a'),
    act: 'mv x/a c; mv $i/x/\\$a.metadata $i/\\$c.metadata; echo more >> $i/\\$c.metadata',
    after: { c: 'about x/a\nmore\n' },
    patch: ['x/a → c'],
  },
  {
    what: 'removed at its old place',
    before: { 'x/a': 'one', b: 'two' },
    sidecars: all('x/a', 'b'),
    act: 'mv x/a c; rm $i/x/\\$a.metadata',
    after: all('b'),
    patch: ['-x/a'],
  },
  {
    what: 'swapped by hand with their files',
    before: { a: 'one', b: 'two' },
    act: 'mv a t; mv b a; mv t b; cd $i; mv \\$a.metadata t; mv \\$b.metadata \\$a.metadata; mv t \\$b.metadata',
    after: { a: about('b'), b: about('a') },
    patch: ['*a', '*b'],
  },
  {
    what: 'swapped by hand with their files, when something had been written about one only',
    before: { a: 'one', b: 'two' },
    sidecars: all('a'),
    act: 'mv a t; mv b a; mv t b; cd $i; mv \\$a.metadata \\$b.metadata',
    after: { b: about('a') },
    patch: ['a → b'],
  },
  {
    what: 'typed at the old place of a file that took the place of another',
    before: { 'x/a': 'one', 'x/b': 'two' },
    sidecars: all('x/b'),
    act: 'mv x/a x/b; echo new > $i/x/\\$a.metadata',
    after: { 'x/b': 'new\n' },
    patch: ['*x/b'],
  },
  {
    what: 'a file of which nothing is written takes the place of one of which something is',
    before: { 'x/a': 'one', 'x/b': 'two' },
    sidecars: all('x/b'),
    act: 'mv x/a x/b',
    after: {},
    patch: ['-x/b'],
  },
  {
    what: 'removed at its old place in a swap',
    before: { a: 'one', b: 'two' },
    act: 'mv a t; mv b a; mv t b; rm $i/\\$a.metadata',
    after: { a: about('b') },
    patch: ['*a', '-b'],
  },
  {
    what: 'a folder is renamed, a file removed and one replaced in it',
    before: { 'x/a': 'one', 'x/b': 'two', 'x/c': 'three' },
    act: 'mv x z; rm z/a; mv z/b z/c',
    after: { 'z/': about('x/'), 'z/c': about('x/b') },
    patch: ['-x/a', '-x/c', 'x/ → z/', 'x/b → z/c'],
  },
  {
    what: 'a folder goes into a new one of its own name',
    before: { 'x/a': 'one', 'x/b': 'two' },
    act: 'mv x t; mkdir x; mv t x/y',
    after: { 'x/y/': about('x/'), 'x/y/a': about('x/a'), 'x/y/b': about('x/b') },
    patch: ['x/ → x/y/', 'x/a → x/y/a', 'x/b → x/y/b'],
  },
  {
    what: 'a folder comes out of its parent and takes its name',
    before: { 'x/x/a': 'one', 'x/x/b': 'two' },
    act: 'mv x/x t; rmdir x; mv t x',
    after: { 'x/': about('x/x/'), 'x/a': about('x/x/a'), 'x/b': about('x/x/b') },
    patch: ['*x/', '-x/x/', 'x/x/a → x/a', 'x/x/b → x/b'],
  },
  {
    what: 'a folder is joined to one that is there: what was written about that one stays',
    before: { 'x/a': 'one', 'x/b': 'two', 'y/c': 'three' },
    act: 'mv x/* y/; rmdir x',
    after: { 'y/': about('y/'), 'y/a': about('x/a'), 'y/b': about('x/b'), 'y/c': about('y/c') },
    patch: ['-x/', 'x/a → y/a', 'x/b → y/b'],
  },
];

/** A sidecar for each file and folder that stands in a literal. */
function sidecarsOf(literal: Literal): Record<string, string> {
  const paths = Object.keys(literal).flatMap((path) => {
    const parts = path.split('/');
    return [path, ...parts.slice(1).map((_, depth) => `${parts.slice(0, depth + 1).join('/')}/`)];
  });
  return all(...new Set(paths));
}

const tree = (bench: Workbench): string => join(bench.root, '.dbk/index/tree');

function write(bench: Workbench, sidecars: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(sidecars))
    fs.writeFileSync(join(tree(bench), placeOf(path)), text);
}

function written(bench: Workbench): Record<string, string> {
  const sidecars = [...textsIn(tree(bench))].filter(([path]) => path.endsWith('.metadata'));
  const place = (path: string): string => path.replace(/\$([^/]*)\.metadata$/, '$1');
  return Object.fromEntries(sidecars.map(([path, text]) => [place(path), text]).sort());
}

/** What the last patch does to sidecars. */
function patched(bench: Workbench): string[] {
  const { commits } = bench.repository;
  const patch = fs.readFileSync(join(commits.directoryOf(commits.readHead()!), 'changes.patch'), 'utf8');
  const name = (path = ''): string => path.replace(/^tree\//, '').replace(/\$([^/]*)\.metadata$/, '$1');
  return patch.split(/^(?=diff --git )/m).flatMap((stanza) => {
    const [, old, now] = /^diff --git a\/(\S+) b\/(\S+)\n/.exec(stanza) ?? [];
    if (now?.endsWith('.metadata') !== true) return [];
    if (/^rename from /m.test(stanza)) return [`${name(old)} → ${name(now)}`];
    return [`${/^new file/m.test(stanza) ? '+' : /^deleted file/m.test(stanza) ? '-' : '*'}${name(now)}`];
  });
}

async function run(t: TestContext, row: Row, isLookedAt: boolean): Promise<void> {
  const bench = await repository(t, row.before);
  await bench.commit();
  write(bench, row.sidecars ?? sidecarsOf(row.before));
  await bench.commit();
  shell(bench.root, `i=.dbk/index/tree; ${row.act}`);
  if (isLookedAt) await statusOf(bench);
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(written(bench), Object.fromEntries(Object.entries(row.after).sort()), 'sidecars');
  assert.deepEqual(patched(bench).sort(), [...row.patch].sort(), 'the patch');
  checkExplained(bench.repository, bench.repository.commits.readHead()!);
  checkPatches(bench.repository);
  assert.deepEqual(await statusOf(bench), []);
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
}

for (const isLookedAt of [false, true]) {
  const how = isLookedAt ? 'after a status' : 'at once';
  test(`what is written about a thing goes where it goes (${how})`, async (t) => {
    for (const row of ROWS) await t.test(row.what, (inner) => run(inner, row, isLookedAt));
  });
}

test('all of that at once, each in a folder of its own, as git and patch read it', async (t) => {
  const within = <T>(at: number, record: Readonly<Record<string, T>>): [string, T][] =>
    Object.entries(record).map(([path, value]) => [`${at}/${path}`, value]);
  const own = ROWS.flatMap((row, at) =>
    within(at, row.before).map(([path, content]) => [path, `${at} ${content as string}`]),
  );
  const bench = await repository(t, Object.fromEntries(own) as Literal);
  await bench.commit();
  for (const [at, row] of ROWS.entries())
    write(bench, Object.fromEntries(within(at, row.sidecars ?? sidecarsOf(row.before))));
  await bench.commit();
  for (const [at, { act }] of ROWS.entries())
    shell(bench.root, `i=$PWD/.dbk/index/tree/${at}; cd ${at}; ${act}`);
  await bench.commit({ confirmDeletions: true });
  const expected = ROWS.flatMap((row, at) => within(at, row.after));
  assert.deepEqual(written(bench), Object.fromEntries(expected.sort()));
  checkPatches(bench.repository);
  if (!lacksTools(t)) judge(bench.repository, temporary(t));
});
