/** What was written about a path: commit by commit, brought back from a commit, and back with what was deleted. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { diff } from '../../src/flow/diff.ts';
import { metadataLog } from '../../src/flow/metadata-log.ts';
import { namedCommit } from '../../src/flow/named-commit.ts';
import { restoreMetadata, type MetadataRestoring } from '../../src/flow/restore-metadata.ts';
import { restore } from '../../src/flow/restore.ts';
import { show } from '../../src/flow/show.ts';
import { withMetadata } from '../../src/flow/sidecar-changes.ts';
import { undelete } from '../../src/flow/undelete.ts';
import type { Change, MetadataChange } from '../../src/model/change.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { repository, type Workbench } from '../tools/repository.ts';
import { named, temporary } from '../tools/tree.ts';
import { judge, lacksTools } from './judges.ts';
import { shell, statusOf } from './moves-person.ts';

before(() => loadBlake3());

const rated = (rating: number): string => `---\nrating: ${rating}\n---\n`;
const index = (bench: Workbench): string => join(bench.root, '.dbk/index');
const sidecar = (path: string): string => `tree/${path.replace(/[^/]*$/, (name) => `$${name}.metadata`)}`;

function write(bench: Workbench, path: string, text: string | undefined): void {
  const place = join(index(bench), sidecar(path));
  fs.mkdirSync(dirname(place), { recursive: true });
  if (text === undefined) fs.rmSync(place);
  else fs.writeFileSync(place, text);
}

function read(bench: Workbench, path: string): string | undefined {
  const place = join(index(bench), sidecar(path));
  return fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined;
}

function words(change: MetadataChange | undefined): string {
  if (change === undefined) return 'unreadable';
  const fields = change.fields.map(
    ({ field, before: old, after }) => `${field} ${String(old)} ${String(after)}`,
  );
  const { prose } = change;
  return [...fields, ...(prose ? [`+${prose.added} -${prose.removed}`] : [])].join(', ');
}

/** `[FROM > ]PATH: rating 1 2`, newest first. */
async function logged(bench: Workbench, path: string): Promise<string[]> {
  const { repository: at } = bench;
  const found: string[] = [];
  for await (const { path: now, from, change } of metadataLog(
    at,
    at.commits.readHead(),
    path as RepositoryPath,
  ))
    found.push(`${from === undefined ? '' : `${from} > `}${now}: ${words(change)}`);
  return found;
}

test('the history of a sidecar, through moves, swaps, edits beside moves and deletions', async (t) => {
  const bench = await repository(t, { 'x/a': 'one', 'x/b': 'two', c: 'three' });
  await bench.commit();
  for (const [path, rating] of [
    ['x/a', 1],
    ['x/b', 2],
    ['x/', 3],
  ] as const)
    write(bench, path, rated(rating));
  await bench.commit();
  shell(bench.root, 'mv x y');
  await bench.commit();
  shell(bench.root, 'mv y/a y/t; mv y/b y/a; mv y/t y/b');
  await bench.commit();
  write(bench, 'y/b', `${rated(1)}\nWords.\n`);
  shell(bench.root, 'mv y/b y/d');
  await bench.commit();
  write(bench, 'y/d', '# only a comment before\n');
  await bench.commit();
  write(bench, 'y/d', undefined);
  await bench.commit();
  write(bench, 'y/d', rated(5));
  await bench.commit();
  shell(bench.root, 'rm y/d');
  await bench.commit({ confirmDeletions: true });
  const ofD = [
    'y/d: rating 5 undefined',
    'y/d: rating undefined 5',
    'y/d: +0 -1',
    'y/d: rating 1 undefined, +1 -1',
    'y/b > y/d: +1 -0',
    'x/a: rating undefined 1',
  ];
  assert.deepEqual(await logged(bench, 'y/d'), ofD);
  assert.deepEqual(await logged(bench, 'y/a'), ['x/b: rating undefined 2']);
  assert.deepEqual(await logged(bench, 'y'), ['x: rating undefined 3']);
  assert.deepEqual(await logged(bench, 'x'), ['x: rating undefined 3']);
  assert.deepEqual(await logged(bench, 'c'), []);
  assert.deepEqual(await logged(bench, ''), []);
});

test('the history of sidecars whose names are mirrored otherwise, and displaced', async (t) => {
  const cut = 'ü'.repeat(120);
  const odd = named('q?', 0xe9);
  const bench = await repository(t, { [`d/${cut}`]: 'one', [odd]: 'two', 'e/f': 'three' });
  await bench.commit();
  const mirrors = (): string[] =>
    fs.readdirSync(join(index(bench), 'tree'), { recursive: true, encoding: 'utf8' });
  const cutMirror = `$${cut.slice(0, 113)}%~`;
  assert.equal(
    mirrors().some((path) => path.includes(cutMirror)),
    false,
  );
  const { digest } = await import('../../src/disk/blake3.ts');
  const { markedName, mirrorName, sidecarOf } = await import('../../src/text/mirror.ts');
  fs.writeFileSync(join(index(bench), `tree/d/${sidecarOf(markedName(cut as never, digest))}`), rated(1));
  fs.writeFileSync(join(index(bench), `tree/${sidecarOf(mirrorName(odd as never, digest))}`), rated(2));
  fs.writeFileSync(join(index(bench), 'tree/e/$.metadata'), rated(3));
  const changes = await statusOf(bench);
  assert.deepEqual(
    changes.filter((each) => each.startsWith('metadata')).sort(),
    [`metadata text d/${cut}`, 'metadata text e', `metadata text ${odd}`].sort(),
  );
  await bench.commit();
  // 'E' is before 'e' by bytes: the texts of 'e' move.
  shell(bench.root, 'mkdir E; echo four > E/g');
  await bench.commit();
  assert.deepEqual(await logged(bench, `d/${cut}`), [`d/${cut}: rating undefined 1`]);
  assert.deepEqual(await logged(bench, odd), [`${odd}: rating undefined 2`]);
  assert.deepEqual(await logged(bench, 'e'), ['e: rating undefined 3']);
});

async function described(changes: Iterable<Change>): Promise<string[]> {
  const found: string[] = [];
  for (const change of changes) {
    if (change.kind !== 'metadata' || change.what !== 'text') continue;
    const { path, about, metadata } = await withMetadata(change);
    found.push(`${about ?? 'text'} ${path}: ${words(metadata)}`);
  }
  return found;
}

test('diff and show say which fields changed, under the name that the thing has now', async (t) => {
  const bench = await repository(t, { 'x/a': 'one', 'x/b': 'two' });
  await bench.commit();
  for (const [path, rating] of [
    ['x/a', 1],
    ['x/b', 2],
    ['x/', 3],
  ] as const)
    write(bench, path, rated(rating));
  await bench.commit();
  shell(bench.root, 'mv x y; mv y/a t; mv y/b y/a; mv t y/b');
  write(bench, 'x/', rated(4));
  write(bench, 'x/a', '---\nrating: 9\nrating: 9\n---\n');
  const wrong = await diff(bench.repository, { paths: [] });
  assert.deepEqual(await described(wrong.changes()), ['directory y: rating 3 4']);
  write(bench, 'x/a', `${rated(1)}Words.\n`);
  const expected = ['directory y: rating 3 4', 'file y/b: +1 -0'];
  const here = await diff(bench.repository, { paths: [] });
  assert.deepEqual((await described(here.changes())).sort(), expected);
  const one = await diff(bench.repository, { paths: ['y/b' as RepositoryPath] });
  assert.deepEqual(await described(one.changes()), ['file y/b: +1 -0']);
  await bench.commit({ confirmDeletions: true });
  const { commits } = bench.repository;
  const shown = show(bench.repository, commits.readHead()!);
  assert.deepEqual((await described(shown.changes())).sort(), expected);
  const far = await diff(bench.repository, {
    from: namedCommit(bench.repository, 'HEAD^^'),
    to: commits.readHead()!,
    paths: [],
  });
  assert.deepEqual((await described(far.changes())).sort(), [
    'directory y: rating undefined 4',
    'file y/a: rating undefined 2',
    'file y/b: rating undefined 1, +1 -0',
  ]);
});

function bringTexts(
  bench: Workbench,
  paths: readonly string[],
  from: string,
  dryRun = false,
): Promise<MetadataRestoring> {
  const request = { paths: paths as RepositoryPath[], from: namedCommit(bench.repository, from), dryRun };
  return restoreMetadata(bench.repository, request);
}

test('an old text comes back as an edit, and what nobody committed is kept', async (t) => {
  const bench = await repository(t, { 'x/a': 'one', b: 'two' });
  await bench.commit();
  write(bench, 'x/a', `\ufeff---\r\nrating: 1\r\n---\r\nOld.\r\n`);
  await bench.commit();
  const old = read(bench, 'x/a')!;
  shell(bench.root, 'mv x/a c');
  write(bench, 'x/a', rated(2));
  await bench.commit({ confirmDeletions: true });
  assert.equal(read(bench, 'c'), rated(2));
  // Files stay as they are, and a dry run changes nothing.
  fs.writeFileSync(join(bench.root, 'c'), 'edited');
  const planned = await bringTexts(bench, ['c'], 'HEAD^', true);
  assert.deepEqual([planned.restored.length, read(bench, 'c')], [1, rated(2)]);
  const back = await bringTexts(bench, ['c'], 'HEAD^');
  assert.deepEqual(
    back.restored.map(({ path, kept }) => [path, kept]),
    [['c', undefined]],
  );
  assert.deepEqual([read(bench, 'c'), fs.readFileSync(join(bench.root, 'c'), 'utf8')], [old, 'edited']);
  assert.ok((await statusOf(bench)).includes('metadata text c'));
  // An edit is put aside; also one that is no text, or about something that moved meanwhile.
  for (const edit of [rated(3), '\0']) {
    write(bench, 'c', edit);
    const again = await bringTexts(bench, ['c', 'b'], 'HEAD^');
    assert.deepEqual(
      again.problems.map(({ code, place }) => `${code} ${place?.path ?? ''}`),
      ['flow/nothing-written b'],
    );
    const { kept } = again.restored[0]!;
    assert.equal(fs.readFileSync(join(bench.root, '.dbk/local/edited', kept!), 'utf8'), edit);
    assert.equal(read(bench, 'c'), old);
  }
  assert.deepEqual((await bringTexts(bench, ['c'], 'HEAD^')).same, 1);
  shell(bench.root, 'mv c d');
  assert.equal((await bringTexts(bench, ['d'], 'HEAD')).restored.length, 1);
  await bench.commit({ confirmDeletions: true });
  assert.equal(read(bench, 'd'), rated(2));
  const nowhere = await bringTexts(bench, ['nowhere'], 'HEAD');
  assert.deepEqual(
    nowhere.problems.map(({ code }) => code),
    ['flow/nothing-here'],
  );
  if (!lacksTools(t)) judge(bench.repository, temporary(t));
});

test('what was written comes back with what was deleted, unless something is written there', async (t) => {
  const bench = await repository(
    t,
    { 'x/a': 'one', 'x/y/b': 'two', 'x/y/B': 'three', c: 'four' },
    { guard: 'links' },
  );
  await bench.commit();
  for (const path of ['x/', 'x/a', 'x/y/', 'c']) write(bench, path, `about ${path}\n`);
  fs.writeFileSync(join(index(bench), 'tree/x/y/$B.metadata'), 'about x/y/B\n');
  const marked = fs.readdirSync(join(index(bench), 'tree/x/y'));
  assert.deepEqual(marked.sort(), ['$.metadata', '$B.metadata', 'manifest.yaml']);
  await bench.commit();
  const whole = bench.texts();
  shell(bench.root, 'rm -r x c');
  // Confirmed deletions remove what is written, but only then.
  const missing = await bench.commit();
  assert.equal(missing.result.commit, undefined);
  assert.deepEqual(bench.texts(), whole);
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(
    bench.texts().filter(([path]) => path.endsWith('.metadata')),
    [],
  );
  write(bench, 'c', 'new\n');
  const { repository: at } = bench;
  const gone = await undelete(at, {
    paths: ['x/a' as RepositoryPath],
    to: 'z' as RepositoryPath,
    dryRun: true,
  });
  assert.deepEqual(gone.texts, ['z/a']);
  const back = await undelete(at, { paths: ['x', 'c'] as RepositoryPath[], dryRun: false });
  assert.deepEqual([...back.texts].sort(), ['x', 'x/a', 'x/y', 'x/y/B']);
  assert.equal(read(bench, 'c'), 'new\n');
  write(bench, 'c', 'about c\n');
  await bench.commit();
  assert.deepEqual(bench.texts(), whole);
  assert.deepEqual(await statusOf(bench), []);
  if (!lacksTools(t)) judge(bench.repository, temporary(t));
});

test('restore of something that was deleted brings back what was written, of anything else nothing', async (t) => {
  const bench = await repository(t, { a: 'one', b: 'two' }, { guard: 'links' });
  await bench.commit();
  for (const path of ['a', 'b']) write(bench, path, `about ${path}\n`);
  await bench.commit();
  shell(bench.root, 'rm a');
  await bench.commit({ confirmDeletions: true });
  fs.rmSync(join(bench.root, 'b'));
  write(bench, 'b', undefined);
  const restored = await restore(bench.repository, {
    paths: ['a', 'b'] as RepositoryPath[],
    from: namedCommit(bench.repository, 'HEAD^'),
    checkEverything: false,
    dryRun: false,
  });
  assert.deepEqual(restored.texts, ['a']);
  assert.deepEqual([read(bench, 'a'), read(bench, 'b')], ['about a\n', undefined]);
});
