/** Repositories that hold a part: which rules take what, what comes, and that what is not wanted is never missing. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { clone } from '../../src/flow/clone.ts';
import { get } from '../../src/flow/get.ts';
import { openAddress } from '../../src/flow/merge-source.ts';
import { heldNow } from '../../src/flow/open-held.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { undo } from '../../src/flow/undo.ts';
import { parseRule, ruleWords, setWant } from '../../src/flow/want.ts';
import { Wanted, type WantedTree } from '../../src/flow/wanted.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import type { Name } from '../../src/model/name.ts';
import { childOf, ROOT, type RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { readRepositoryFile, writeRepositoryFile } from '../../src/store/repository-file.ts';
import { faultyDisk, Killed } from '../disk/faulty.ts';
import { commitAll, move, put, quick, remove, reopened, statusOf, treeAt, treeOnDisk } from './fixture.ts';
import { mergeFrom, otherContext, repositories } from './two-repositories.ts';

before(() => loadBlake3());

/** Of a process that is no more. */
const DEAD = spawnSync('true').pid;

const FILES = {
  'Music/Rock/a.flac': 'a',
  'Music/Rock/b.flac': 'bb',
  'Music/Jazz/c.flac': 'ccc',
  'Pictures/raw/d.nef': 'dddd',
  'Pictures/e.jpg': 'e',
  'Pictures/newest': '-> e.jpg',
  'notes.txt': 'notes',
};

async function partOf(source: Repository, name: string, ...rules: string[]): Promise<Repository> {
  const folder = join(dirname(source.root), name);
  const want = rules.map(parseRule);
  const options = { source: source.root, directory: '/', folder, name, want, report: () => undefined };
  const { repository, made } = await clone(otherContext(name), options);
  assert.deepEqual(made.problems, []);
  assert.deepEqual(made.left, { absent: [], older: [] });
  return repository;
}

function filesOf({ root }: Repository): string[] {
  return [...treeOnDisk(root)].flatMap(([path, { kind }]) => (kind === 'directory' ? [] : [path])).sort();
}

function listsOf({ context, layout }: Repository, name: string): unknown {
  const { absent, missing, extra, older } = readRepositoryFile(context.disk, layout, name)!;
  return { absent, missing, extra: extra.map(({ path }) => path), older: older.map(({ path }) => path) };
}

const NOTHING = { absent: [], missing: [], extra: [], older: [] };
const CLEAN = { changes: [], problems: [] };

test('a part holds what is wanted, and knows that the rest is not missing', async (t) => {
  const [one] = (await repositories(t, ['one'], FILES)) as [Repository];
  const part = await partOf(one, 'part', 'Music/**', 'not:Music/Jazz');
  assert.deepEqual(filesOf(part), ['Music/Rock/a.flac', 'Music/Rock/b.flac']);
  assert.deepEqual(fs.readdirSync(part.root).sort(), ['.dbk', 'Music']);
  assert.deepEqual(listsOf(part, 'part'), NOTHING);
  assert.deepEqual(await statusOf(part), CLEAN);
  const nothing = await commitAll(reopened(part));
  assert.deepEqual([nothing.commit, nothing.unconfirmed], [undefined, 0]);
  assert.deepEqual((await mergeFrom(part, one)).how, 'same');
  assert.deepEqual(listsOf(part, 'part'), NOTHING);
});

test('what is deleted of a part is a deletion, and nothing else is', async (t) => {
  const [one] = (await repositories(t, ['one'], FILES)) as [Repository];
  const part = await partOf(one, 'part', 'Music');
  remove(part.root, 'Music/Rock/a.flac');
  put(part.root, { 'Pictures/own.jpg': 'own' });
  assert.deepEqual((await statusOf(reopened(part))).changes, [
    'added file Pictures/own.jpg',
    'missing file Music/Rock/a.flac',
  ]);
  await commitAll(reopened(part));
  assert.deepEqual(listsOf(part, 'part'), { ...NOTHING, extra: ['Pictures/own.jpg'] });
  await mergeFrom(one, part);
  const { 'Music/Rock/a.flac': _gone, ...stay } = FILES;
  assert.deepEqual(filesOf(one), [...Object.keys(stay), 'Pictures/own.jpg'].sort());
  remove(part.root, 'Pictures');
  assert.deepEqual((await statusOf(reopened(part))).changes, ['missing file Pictures/own.jpg']);
});

test('narrowing removes nothing; widening brings what is wanted then', async (t) => {
  const [one] = (await repositories(t, ['one'], FILES)) as [Repository];
  const part = await partOf(one, 'part', 'Music', 'Pictures');
  const before = filesOf(part);
  const narrowed = await setWant(reopened(part), [parseRule('Music/Rock')], false);
  assert.deepEqual([narrowed.toFetch.files, narrowed.extra], [0, { files: 4, bytes: 8 }]);
  assert.deepEqual(filesOf(part), before);
  assert.deepEqual(listsOf(part, 'part'), {
    ...NOTHING,
    extra: ['Music/Jazz/c.flac', 'Pictures/e.jpg', 'Pictures/newest', 'Pictures/raw/d.nef'],
  });
  assert.deepEqual(await statusOf(reopened(part)), CLEAN);
  remove(part.root, 'Pictures/e.jpg');
  assert.deepEqual((await statusOf(reopened(part))).changes, ['missing file Pictures/e.jpg']);
  put(part.root, { 'Pictures/e.jpg': 'e' });
  const widened = await setWant(reopened(part), [], false);
  assert.deepEqual(widened.toFetch, { files: 1, bytes: 5 });
  assert.deepEqual(listsOf(part, 'part'), { ...NOTHING, absent: ['notes.txt'] });
  await mergeFrom(part, one);
  assert.deepEqual(filesOf(part), Object.keys(FILES).sort());
  assert.deepEqual(listsOf(part, 'part'), NOTHING);
});

test('two parts with different halves sync through a third', async (t) => {
  const [hub] = (await repositories(t, ['hub'], FILES)) as [Repository];
  const music = await partOf(hub, 'music', 'Music');
  const pictures = await partOf(hub, 'pictures', 'Pictures');
  put(music.root, { 'Music/Rock/new.flac': 'new', 'Music/Rock/a.flac': 'edited' });
  move(music.root, 'Music/Jazz', 'Music/Old');
  put(pictures.root, { 'Pictures/f.jpg': 'f' });
  remove(pictures.root, 'Pictures/raw');
  await commitAll(reopened(music));
  await commitAll(reopened(pictures));
  for (const [to, from] of [
    [hub, music],
    [hub, pictures],
    [music, hub],
    [pictures, hub],
  ] as const)
    assert.deepEqual((await mergeFrom(to, from)).problems, []);
  assert.equal(music.commits.readHead(), pictures.commits.readHead());
  const all = [
    'Music/Old/c.flac',
    'Music/Rock/a.flac',
    'Music/Rock/b.flac',
    'Music/Rock/new.flac',
    'Pictures/e.jpg',
    'Pictures/f.jpg',
    'Pictures/newest',
    'notes.txt',
  ];
  assert.deepEqual(filesOf(hub), all);
  assert.deepEqual(
    filesOf(music),
    all.filter((path) => path.startsWith('Music/')),
  );
  assert.deepEqual(
    filesOf(pictures),
    all.filter((path) => path.startsWith('Pictures/')),
  );
  for (const [each, name] of [
    [music, 'music'],
    [pictures, 'pictures'],
  ] as const) {
    assert.deepEqual(await statusOf(reopened(each)), CLEAN);
    assert.deepEqual(listsOf(each, name), NOTHING);
  }
});

test('what is here goes along where it moves to what nobody wants here', async (t) => {
  const [one] = (await repositories(t, ['one'], FILES)) as [Repository];
  const part = await partOf(one, 'part', 'Music/Rock');
  move(one.root, 'Music/Rock', 'Pictures/Rock');
  await commitAll(reopened(one));
  await mergeFrom(part, one);
  assert.deepEqual(filesOf(part), ['Pictures/Rock/a.flac', 'Pictures/Rock/b.flac']);
  assert.deepEqual(listsOf(part, 'part'), {
    ...NOTHING,
    extra: ['Pictures/Rock/a.flac', 'Pictures/Rock/b.flac'],
  });
  assert.deepEqual(await statusOf(reopened(part)), CLEAN);
});

test('what a person gets is held from then on, and missed when it goes', async (t) => {
  const [one] = (await repositories(t, ['one'], FILES)) as [Repository];
  const part = await partOf(one, 'part', 'Music');
  const bring = (paths: readonly string[], dryRun: boolean): ReturnType<typeof get> =>
    get(reopened(part), {
      paths: paths as RepositoryPath[],
      from: [openAddress(part, one.root)],
      message: '',
      confirmDeletions: false,
      checkEverything: false,
      dryRun,
      reportOwn: () => undefined,
    });
  const before = filesOf(part);
  const planned = await bring(['Pictures/raw', 'notes.txt'], true);
  assert.deepEqual(planned.plan.actions.map(({ path }) => path).sort(), [
    'Pictures',
    'Pictures/raw',
    'Pictures/raw/d.nef',
    'notes.txt',
  ]);
  assert.deepEqual(filesOf(part), before);
  assert.deepEqual((await bring(['Pictures/raw', 'notes.txt'], false)).problems, []);
  assert.deepEqual(filesOf(part), [...before, 'Pictures/raw/d.nef', 'notes.txt']);
  assert.deepEqual(listsOf(part, 'part'), { ...NOTHING, extra: ['Pictures/raw/d.nef', 'notes.txt'] });
  assert.deepEqual(await statusOf(reopened(part)), CLEAN);
  remove(part.root, 'notes.txt');
  assert.deepEqual((await statusOf(reopened(part))).changes, ['missing file notes.txt']);
  assert.deepEqual((await bring(['Music'], false)).applied?.done, []);
});

test('what changes elsewhere of what is absent stays absent', async (t) => {
  const [one] = (await repositories(t, ['one'], FILES)) as [Repository];
  const part = await partOf(one, 'part', 'Music');
  put(one.root, { 'Pictures/e.jpg': 'edited', 'Pictures/new/f.jpg': 'f', 'Music/Rock/a.flac': 'edited' });
  remove(one.root, 'notes.txt');
  await commitAll(reopened(one));
  const made = await mergeFrom(part, one);
  assert.deepEqual([made.problems, made.left], [[], { absent: [], older: [] }]);
  assert.deepEqual(filesOf(part), ['Music/Jazz/c.flac', 'Music/Rock/a.flac', 'Music/Rock/b.flac']);
  assert.deepEqual(listsOf(part, 'part'), NOTHING);
  assert.deepEqual(await statusOf(reopened(part)), CLEAN);
  await setWant(reopened(part), [], false);
  assert.deepEqual((await mergeFrom(part, one)).problems, []);
  assert.deepEqual(filesOf(part), filesOf(one));
});

/** A tree of files with sizes; a folder that begins with `=` is an entity, its type behind it. */
function treeOf(
  paths: Readonly<Record<string, number>>,
  fields: Record<string, readonly (string | number)[]> = {},
): WantedTree {
  const folders = new Map<
    RepositoryPath,
    { files: Map<Name, Manifest['files'] extends ReadonlyMap<Name, infer E> ? E : never>; names: Set<Name> }
  >();
  const folderAt = (path: RepositoryPath): NonNullable<ReturnType<typeof folders.get>> => {
    const known = folders.get(path) ?? { files: new Map(), names: new Set() };
    folders.set(path, known);
    return known;
  };
  for (const [path, size] of Object.entries(paths)) {
    const names = path.split('/') as Name[];
    let at = ROOT;
    for (const name of names.slice(0, -1)) {
      folderAt(at).names.add(name);
      at = childOf(at, name);
    }
    folderAt(at).files.set(names.at(-1)!, {
      kind: 'file',
      size,
      mtime: '2020-01-01T00:00:00Z' as never,
      mode: 0o644,
    });
  }
  return {
    manifest: (path) => {
      const folder = folders.get(path);
      if (folder === undefined) return undefined;
      const name = path.slice(path.lastIndexOf('/') + 1);
      const entity = { id: `id-of-${name.slice(1)}`, type: name.slice(1), was: ['former'] };
      return { mode: 0o755, files: folder.files, ...(name.startsWith('=') && { entity }) };
    },
    folders: (path) => [...(folders.get(path)?.names ?? [])],
    typeOf: (path) => (path.startsWith('Top') ? 'loose' : undefined),
    values: (path, _what, field) => fields[`${path} ${field}`] ?? [],
  };
}

const TREE = treeOf(
  {
    'A/x.jpg': 10,
    'A/deep/y.jpg': 2_000_000,
    'A/deep/=music/1.flac': 5,
    'A/deep/=music/cover.png': 5,
    'Top/z': 1,
    'b%': 0,
  },
  {
    'A/x.jpg rating': [4],
    'A/deep/y.jpg rating': [3],
    'A/x.jpg tags': ['sea', 'Holiday'],
    'A/deep/=music tags': ['calm'],
  },
);
const ALL = ['A/deep/=music/1.flac', 'A/deep/=music/cover.png', 'A/deep/y.jpg', 'A/x.jpg', 'Top/z', 'b%'];
const ALBUM = ALL.slice(0, 2);

const RULES: readonly { readonly rules: readonly string[]; readonly takes: readonly string[] }[] = [
  { rules: [], takes: ALL },
  { rules: ['A'], takes: ALL.slice(0, 4) },
  { rules: ['A/'], takes: ALL.slice(0, 4) },
  { rules: ['A/**'], takes: ALL.slice(0, 4) },
  { rules: ['**'], takes: ALL },
  { rules: ['A/*'], takes: ALL.slice(0, 4) },
  { rules: ['A/*.jpg'], takes: ['A/x.jpg'] },
  { rules: ['**/*.jpg'], takes: ['A/deep/y.jpg', 'A/x.jpg'] },
  { rules: ['*.jpg'], takes: [] },
  { rules: ['?op'], takes: ['Top/z'] },
  { rules: ['b%25'], takes: ['b%'] },
  { rules: ['not:A'], takes: ['Top/z', 'b%'] },
  { rules: ['not:A', 'A/x.jpg'], takes: ['A/x.jpg', 'Top/z', 'b%'] },
  { rules: ['A', 'not:A/deep'], takes: ['A/x.jpg'] },
  { rules: ['A', 'not:A/deep', 'A/deep/y.jpg'], takes: ['A/deep/y.jpg', 'A/x.jpg'] },
  { rules: ['**/cover.png'], takes: ALBUM },
  { rules: ['A', 'not:**/cover.png'], takes: ALL.slice(0, 4) },
  { rules: ['type:music'], takes: ALBUM },
  { rules: ['type:loose'], takes: ['Top/z'] },
  { rules: ['entity:id-of-music'], takes: ALBUM },
  { rules: ['entity:former'], takes: ALBUM },
  { rules: ['tag:holiday'], takes: ['A/x.jpg'] },
  { rules: ['tag:calm'], takes: ALBUM },
  { rules: ['rating>=4'], takes: ['A/x.jpg'] },
  { rules: ['rating<4'], takes: ['A/deep/y.jpg'] },
  { rules: ['rating=3', 'rating=4'], takes: ['A/deep/y.jpg', 'A/x.jpg'] },
  { rules: ['A', 'not:**', 'rating!=3'], takes: [...ALBUM, 'A/x.jpg', 'Top/z', 'b%'] },
  { rules: ['size>=2M'], takes: ['A/deep/y.jpg'] },
  { rules: ['size<2M', 'not:Top'], takes: [...ALBUM, 'A/x.jpg', 'b%'] },
];

for (const { rules, takes } of RULES) {
  test(`the rules [${rules.join(', ')}]`, () => {
    const wanted = new Wanted(rules.map(parseRule), TREE);
    const taken: string[] = [];
    const visit = (folder: RepositoryPath): string[] => {
      const files = [...(TREE.manifest(folder)?.files.keys() ?? [])];
      const own = files
        .filter((name) => wanted.takes(folder, name))
        .map((name) => childOf(folder, name) as string);
      const below = TREE.folders(folder).map((name) => visit(childOf(folder, name)));
      const found = [...own, ...below.flat()];
      const count = [...ALL].filter((path) => folder === ROOT || path.startsWith(`${folder}/`)).length;
      const share = wanted.share(folder);
      assert.ok(
        share === 'some' || found.length === (share === 'all' ? count : 0),
        `${share} of '${folder}'`,
      );
      return found;
    };
    taken.push(...visit(ROOT));
    assert.deepEqual(taken.sort(), takes);
    assert.deepEqual(
      rules.map((rule) => parseRule(ruleWords(parseRule(rule)))),
      rules.map(parseRule),
    );
  });
}

for (const typed of [
  '',
  'not:',
  'colour:red',
  'size<big',
  'rating>=many',
  '/A',
  'A/../B',
  'A//b',
  './A',
  'a%',
]) {
  test(`'${typed}' is no rule`, () => {
    assert.throws(
      () => parseRule(typed),
      (error) => error instanceof Refusal && error.kind === 'usage',
    );
  });
}

test('what a person writes where something unwanted is recorded, and takes back, is no deletion of that', async (t) => {
  const [one] = (await repositories(t, ['one'], FILES)) as [Repository];
  const part = await partOf(one, 'part', 'Music/**', 'not:Music/Jazz');
  put(part.root, { 'Pictures/e.jpg': 'of my own' });
  await commitAll(reopened(part));
  assert.ok([...recordedIn(part)].some((path) => path.startsWith('Pictures/e (conflict ')));
  await undo(reopened(part), { dryRun: false });
  assert.deepEqual(listsOf(part, 'part'), NOTHING);
  remove(part.root, 'Pictures');
  await commitAll(reopened(part));
  assert.ok(recordedIn(part).has('Pictures/e.jpg'));
});

test('what comes into an unwanted folder that is here for something older is not taken for here', async (t) => {
  const files = { ...FILES, 'Pictures/raw/old': 'old' };
  const [one] = (await repositories(t, ['one'], files)) as [Repository];
  const part = await partOf(one, 'part', 'Music/**', 'notes.txt');
  remove(one.root, 'Pictures');
  await commitAll(reopened(one));
  await mergeFrom(reopened(part), one);
  const older = {
    kind: 'file',
    path: 'Pictures/raw/old',
    mode: 0o644,
    mtime: '2020-01-01T00:00:00Z',
  } as const;
  put(part.root, { 'Pictures/raw/old': 'old' });
  fs.utimesSync(join(part.root, older.path), 1_577_836_800, 1_577_836_800);
  const { disk } = part.context;
  const record = readRepositoryFile(disk, part.layout, 'part')!;
  const told = [
    { kind: 'directory', path: 'Pictures', mode: 0o755 },
    { kind: 'directory', path: 'Pictures/raw', mode: 0o755 },
    { ...older, blake3: digest('old'), size: 3 },
  ];
  writeRepositoryFile(disk, part.layout, { ...record, older: told as unknown as typeof record.older });
  put(one.root, { 'Pictures/raw/new': 'new' });
  await commitAll(reopened(one));
  await mergeFrom(reopened(part), one);
  assert.deepEqual(listsOf(part, 'part'), NOTHING);
  await commitAll(reopened(part));
  assert.ok(recordedIn(part).has('Pictures/raw/new'));
});

test('what a commit that was killed recorded in an unwanted folder is known to be here', async (t) => {
  const [one] = (await repositories(t, ['one'], FILES)) as [Repository];
  const calls = async (at: number): Promise<boolean> => {
    const part = await partOf(one, `part-${at}`, 'Music/**', 'notes.txt');
    put(part.root, { 'Pictures/mine': 'mine' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await statusOf(reopened(part));
    const context = { ...part.context, identity: { ...part.context.identity, pid: DEAD } };
    const broken = reopened({ ...part, context }, faultyDisk(quick, { kind: 'dies', at }));
    const isKilled = await commitAll(broken).then(
      () => false,
      (error: unknown) => error instanceof Killed || Promise.reject(error),
    );
    const lock = join(part.layout.local, 'lock');
    if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
    await commitAll(reopened(part));
    const held = await heldNow(reopened(part));
    assert.equal(held.standing('Pictures' as RepositoryPath, 'mine' as Name), undefined, `at call ${at}`);
    return isKilled;
  };
  let at = 60;
  while (await calls(at)) at += 3;
  assert.ok(at > 90, `${at}`);
});

function recordedIn(repository: Repository): ReadonlySet<string> {
  return new Set(treeAt(repository, repository.commits.readHead()!).keys());
}
