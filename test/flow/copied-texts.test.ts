/** What is written about a copy: what was written about the thing it is a copy of. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { repository, type Workbench } from '../tools/repository.ts';
import { link, temporary, type Literal } from '../tools/tree.ts';
import { textsIn } from './fixture.ts';
import { judge, lacksTools } from './judges.ts';
import { checkPatches } from './moves-laws.ts';
import { shell, statusOf } from './moves-person.ts';

before(() => loadBlake3());

interface Row {
  readonly what: string;
  readonly before: Literal;
  /** By path; a folder's ends in '/'. */
  readonly sidecars: Readonly<Record<string, string>>;
  /** What a person does in the folder; `$i` is `.dbk/index/tree`. */
  readonly act: string;
  /** The sidecars that are there besides, afterwards. */
  readonly more: Readonly<Record<string, string>>;
  /** Those that are there no more. */
  readonly less?: readonly string[];
}

const ABOUT = '---\nrating: 4\n---\n';
const OTHER = '---\nrating: 1\n---\n';
const BAD = '---\n\ta: b\n---\n';

const ROWS: readonly Row[] = [
  {
    what: 'a copied file',
    before: { 'x/a': 'one' },
    sidecars: { 'x/a': ABOUT },
    act: 'cp x/a b; mkdir y; cp x/a y/c',
    more: { b: ABOUT, 'y/c': ABOUT },
  },
  {
    what: 'an empty file is nobody’s copy',
    before: { a: '' },
    sidecars: { a: ABOUT },
    act: 'cp a b',
    more: {},
  },
  {
    what: 'a name that is mirrored otherwise, beside one that folds alike',
    before: { 'x/a': 'one', A: 'two' },
    sidecars: { 'x/a': ABOUT },
    act: 'cp x/a a; cp x/a "x/q?"',
    more: { 'a%~17762fdd': ABOUT, 'x/q%3F': ABOUT },
  },
  {
    what: 'the edit that is committed together with the copy',
    before: { a: 'one' },
    sidecars: { a: ABOUT },
    act: `cp a b; printf -- '${OTHER.replaceAll('\n', '\\n')}' > '.dbk/index/tree/$a.metadata'`,
    more: { a: OTHER, b: OTHER },
  },
  {
    what: 'a sidecar that somebody takes away meanwhile',
    before: { a: 'one' },
    sidecars: { a: ABOUT },
    act: `cp a b; rm '.dbk/index/tree/$a.metadata'`,
    more: {},
    less: ['a'],
  },
  {
    what: 'what somebody has written about the copy rules',
    before: { a: 'one' },
    sidecars: { a: ABOUT },
    act: `cp a b; printf -- '${OTHER.replaceAll('\n', '\\n')}' > '.dbk/index/tree/$b.metadata'`,
    more: { b: OTHER },
  },
  {
    what: 'several sources that say the same, and one that says nothing',
    before: { a: 'one', b: 'one', 'x/c': 'one' },
    sidecars: { a: ABOUT, 'x/c': ABOUT },
    act: 'cp b d',
    more: { d: ABOUT },
  },
  {
    what: 'of several that say different things the nearest: by name',
    before: { 'x/a': 'one', 'x/b': 'one' },
    sidecars: { 'x/a': ABOUT, 'x/b': OTHER },
    act: 'mkdir y; cp x/b y/b; cp x/a y/a',
    more: { 'y/a': ABOUT, 'y/b': OTHER },
  },
  {
    what: 'of several that say different things the nearest: by folder',
    before: { 'x/a': 'one', 'y/b': 'one' },
    sidecars: { 'x/a': ABOUT, 'y/b': OTHER },
    act: 'cp x/a y/c',
    more: { 'y/c': OTHER },
  },
  {
    what: 'a copied folder, with those in it',
    before: { 'x/a': 'one', 'x/y/b': 'two', 'x/y/e': '' },
    sidecars: { 'x/': ABOUT, 'x/y/': OTHER, 'x/y/b': ABOUT },
    act: 'cp -r x z',
    more: { 'z/': ABOUT, 'z/y/': OTHER, 'z/y/b': ABOUT },
  },
  {
    what: 'a folder that is copied into itself, and one in it elsewhere',
    before: { 'x/a': 'one', 'x/y/b': 'two' },
    sidecars: { 'x/': ABOUT, 'x/y/': OTHER },
    act: 'cp -r x z; mv z x/x; cp -r x/y w',
    more: { 'x/x/': ABOUT, 'x/x/y/': OTHER, 'w/': OTHER },
  },
  {
    what: 'a folder that is not copied whole, or not only',
    before: { 'x/a': 'one', 'x/b': 'two', 'y/a': 'three', 'y/e': '' },
    sidecars: { 'x/': ABOUT, 'y/': ABOUT, 'x/a': OTHER },
    act: 'mkdir z w v; cp x/a z; cp y/a w; cp y/* v; touch v/more',
    more: { 'z/a': OTHER },
  },
  {
    what: 'a folder in which one file is another, or one link leads elsewhere',
    before: { 'x/a': 'one', 'x/b': 'two', 'y/c': 'four', 'y/l': link('c') },
    sidecars: { 'x/': ABOUT, 'y/': ABOUT },
    act: 'cp -r x z; echo other > z/b; cp -r y w; ln -sfn ../c w/l; cp -r y v',
    more: { 'v/': ABOUT },
  },
  {
    what: 'a folder whose files are called otherwise',
    before: { 'x/a': 'one' },
    sidecars: { 'x/': ABOUT },
    act: 'mkdir z; cp x/a z/b',
    more: {},
  },
  {
    what: 'a folder of empty files is nobody’s copy',
    before: { 'x/a': '' },
    sidecars: { 'x/': ABOUT },
    act: 'cp -r x z',
    more: {},
  },
  {
    what: 'a moved file takes its own along and is copied from',
    before: { a: 'one' },
    sidecars: { a: ABOUT },
    act: 'mv a b',
    more: { b: ABOUT },
    less: ['a'],
  },
];

const placeOf = (path: string): string => path.replace(/[^/]*$/, (name) => `$${name}.metadata`);
const tree = (bench: Workbench): string => join(bench.root, '.dbk/index/tree');

function written(bench: Workbench): Record<string, string> {
  const sidecars = [...textsIn(tree(bench))].filter(([path]) => path.endsWith('.metadata'));
  const place = (path: string): string => path.replace(/\$([^/]*)\.metadata$/, '$1');
  return Object.fromEntries(sidecars.map(([path, text]) => [place(path), text]).sort());
}

async function run(t: TestContext, row: Row): Promise<void> {
  const bench = await repository(t, row.before);
  await bench.commit();
  for (const [path, text] of Object.entries(row.sidecars))
    fs.writeFileSync(join(tree(bench), placeOf(path)), text);
  await bench.commit();
  shell(bench.root, row.act);
  const edits = (await statusOf(bench)).filter((each) => each.startsWith('metadata'));
  const { result } = await bench.commit({ confirmDeletions: true });
  const left = Object.entries(row.sidecars).filter(([path]) => row.less?.includes(path) !== true);
  assert.deepEqual(
    written(bench),
    Object.fromEntries([...new Map([...left, ...Object.entries(row.more)])].sort()),
  );
  // A copy that goes with its file is no news.
  assert.equal(result.summary.metadata, edits.length);
  checkPatches(bench.repository);
}

test('a copy gets a copy of what is written', async (t) => {
  for (const row of ROWS) await t.test(row.what, (inner) => run(inner, row));
});

test('an edit that cannot be recorded is not copied; what is recorded is', async (t) => {
  const bench = await repository(t, { a: 'one' });
  await bench.commit();
  fs.writeFileSync(join(tree(bench), '$a.metadata'), ABOUT);
  await bench.commit();
  fs.writeFileSync(join(tree(bench), '$a.metadata'), BAD);
  shell(bench.root, 'cp a b; cp a c');
  fs.writeFileSync(join(tree(bench), '$c.metadata'), BAD);
  await assert.rejects(bench.commit(), /the index is not what the commit says/);
  assert.deepEqual(written(bench), { a: BAD, b: ABOUT, c: BAD });
});

test('all of that at once, as git and patch read it', async (t) => {
  const within = <T>(at: number, record: Readonly<Record<string, T>>): [string, T][] =>
    Object.entries(record).map(([path, value]) => [`${at}/${path}`, value]);
  // Each row has contents of its own.
  const own = ROWS.flatMap(({ before }, at) =>
    within(at, before).map(([path, content]) => [
      path,
      typeof content !== 'string' || content === '' ? content : `${at} ${content}`,
    ]),
  );
  const bench = await repository(t, Object.fromEntries(own) as Literal);
  await bench.commit();
  for (const [at, { sidecars }] of ROWS.entries())
    for (const [path, text] of within(at, sidecars)) fs.writeFileSync(join(tree(bench), placeOf(path)), text);
  await bench.commit();
  for (const [at, { act }] of ROWS.entries())
    shell(bench.root, `cd ${at}; ${act.replaceAll('.dbk/index/tree/', `../.dbk/index/tree/${at}/`)}`);
  await bench.commit({ confirmDeletions: true });
  const expected = ROWS.flatMap(({ sidecars, more, less }, at) => {
    const left = Object.entries(sidecars).filter(([path]) => less?.includes(path) !== true);
    return within(at, { ...Object.fromEntries(left), ...more });
  });
  assert.deepEqual(written(bench), Object.fromEntries(expected.sort()));
  assert.deepEqual(await statusOf(bench), []);
  checkPatches(bench.repository);
  if (!lacksTools(t)) judge(bench.repository, temporary(t));
});
