import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { Disk } from '../../src/disk/disk.ts';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { addPerson } from '../../src/flow/add-person.ts';
import { editFields, type FieldEdit } from '../../src/flow/edit-fields.ts';
import { exportPeople } from '../../src/flow/export-people.ts';
import { find, parseQuery } from '../../src/flow/find.ts';
import { importPeople, type ImportedPeople } from '../../src/flow/import-people.ts';
import { foldHandle, handleFor, isHandle, Names, refersToPeople } from '../../src/flow/people-names.ts';
import { listPeople } from '../../src/flow/people.ts';
import { renamePerson } from '../../src/flow/rename-person.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { undo } from '../../src/flow/undo.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal, type Problem } from '../../src/model/problem.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import { commitAll, contextOf, leftoversIn, put, quick, reopened, statusOf, textsIn } from './fixture.ts';
import { judge, lacksTools } from './judges.ts';
import { temporary } from '../tools/tree.ts';
import { mergeFrom, repositories } from './two-repositories.ts';
import { textIn, typedRepository, write } from './with-sidecars.ts';

before(() => loadBlake3());

const PICTURE = 'Pictures/2014 Rome/a.jpg' as RepositoryPath;
const ANNA = 'people/anna-lind.metadata';

async function pictures(t: TestContext): Promise<Repository> {
  const repository = await typedRepository(t);
  put(repository.root, { [PICTURE]: 'a', 'Pictures/2014 Rome/b.jpg': 'b', 'notes.txt': 'n' });
  await commitAll(repository);
  return repository;
}

const add = (repository: Repository, name: string, ...also: readonly string[]) =>
  addPerson(repository, { name, also, dryRun: false });

const rename = (repository: Repository, who: string, name: string) =>
  renamePerson(repository, { who, name, dryRun: false });

const take = (repository: Repository, text: string, dryRun = false): Promise<ImportedPeople> =>
  importPeople(repository, { files: [{ name: 'a.vcf', bytes: Buffer.from(text) }], dryRun });

const card = (...lines: readonly string[]): string =>
  ['BEGIN:VCARD', 'VERSION:4.0', ...lines, 'END:VCARD', ''].join('\r\n');

async function exported(repository: Repository, version: '3.0' | '4.0' = '4.0'): Promise<string> {
  const { cards, problems } = await exportPeople(repository, { who: [], version });
  assert.deepEqual(problems, []);
  return cards.map((each) => each.card).join('');
}

async function found(repository: Repository, query: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const parsed = parseQuery(query, (typed) => typed as RepositoryPath);
  await find(repository, { query: parsed, report: ({ path }) => paths.push(path) > 0 });
  return paths;
}

async function meta(repository: Repository, ...edits: readonly FieldEdit[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  await editFields(repository, {
    command: 'meta',
    paths: [PICTURE],
    edits,
    dryRun: false,
    report: (edited) => problems.push(...edited.problems),
  });
  return problems;
}

const codesOf = (problems: readonly Problem[]): string[] => problems.map(({ code }) => code);
const headOf = ({ commits }: Repository): string | undefined => commits.readHead();
const said = (repository: Repository): string | undefined =>
  textIn(repository, `tree/Pictures/2014 Rome/$a.jpg.metadata`);
const handles = async (repository: Repository): Promise<readonly string[]> =>
  (await listPeople(repository)).names.all.map(({ handle, name }) => `${handle}: ${name}`);

test('a person is a text with an id and a name, recorded in a commit of its own', async (t) => {
  if (lacksTools(t)) return;
  const repository = await pictures(t);
  put(repository.root, { 'new.txt': 'not recorded' });
  const start = headOf(repository);
  const { id, handle, path, commit, problems } = await add(repository, ' Anna Lind ', 'Annie', 'anna  lind');
  assert.deepEqual([handle, path, problems], ['anna-lind', ANNA, []]);
  assert.equal(textIn(repository, ANNA), `---\nid: ${id}\nname: Anna Lind\nalso:\n  - Annie\n---\n`);
  assert.equal(commit, headOf(repository));
  assert.equal(repository.commits.readCommit(commit!).parents[0], start);
  assert.deepEqual((await statusOf(repository)).changes, ['added file new.txt']);
  judge(repository, temporary(t));
  const before = textsIn(repository.layout.index);
  await undo(repository, { dryRun: false });
  assert.equal(textIn(repository, ANNA), undefined);
  assert.deepEqual((await statusOf(repository)).changes, ['added file new.txt']);
  await undo(repository, { dryRun: false });
  assert.deepEqual(textsIn(repository.layout.index), before);
  assert.deepEqual(leftoversIn(repository), []);
});

test('a dry run changes nothing', async (t) => {
  const repository = await pictures(t);
  await add(repository, 'Anna Lind');
  const before = textsIn(repository.layout.index);
  const head = headOf(repository);
  const added = await addPerson(repository, { name: 'Anna Lind', also: [], dryRun: true });
  assert.deepEqual(
    [added.handle, added.commit, codesOf(added.problems)],
    ['anna-lind-2', undefined, ['flow/is-called-so']],
  );
  const renamed = await renamePerson(repository, { who: 'anna-lind', name: 'Anna Berg', dryRun: true });
  assert.deepEqual([renamed.before, renamed.commit], ['Anna Lind', undefined]);
  const taken = await take(repository, card('FN:Thom'), true);
  assert.deepEqual([taken.people.length, taken.commit], [1, undefined]);
  assert.deepEqual(textsIn(repository.layout.index), before);
  assert.equal(headOf(repository), head);
});

test('renaming a person changes one text, and each name finds what refers to her', async (t) => {
  const repository = await pictures(t);
  await add(repository, 'Anna Lind');
  await meta(repository, { kind: 'set', field: 'people', values: ['Anna Lind'] });
  assert.equal(said(repository), '---\npeople:\n  - anna-lind\n---\n');
  write(repository, 'tree/Pictures/2014 Rome/$b.jpg.metadata', '---\npeople: [ANNA LIND, Thom]\n---\n');
  await commitAll(repository);
  const before = textsIn(repository.layout.index);
  const { commit } = await rename(repository, 'Anna Lind', 'Anna Berg');
  const after = textsIn(repository.layout.index);
  assert.deepEqual(
    [...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path),
    [ANNA],
  );
  assert.equal(repository.commits.readCommit(commit!).summary.metadata, 1);
  assert.match(after.get(ANNA)!, /\nname: Anna Berg\nalso:\n {2}- Anna Lind\n---\n$/);
  const both = [PICTURE, 'Pictures/2014 Rome/b.jpg'];
  for (const query of [
    'people:anna',
    'people:berg',
    'people:lind',
    'people="anna berg"',
    'people=anna-lind',
    'people:a*berg',
  ])
    assert.deepEqual(await found(repository, query), both, query);
  assert.deepEqual(await found(repository, 'is:file type:pictures -people:berg'), []);
  assert.deepEqual(await found(repository, 'people:thom'), both.slice(1));
  assert.deepEqual(await found(repository, 'people:colin'), []);
  await rename(repository, 'anna-lind', 'Anna Lind');
  assert.match(textIn(repository, ANNA)!, /\nname: Anna Lind\nalso:\n {2}- Anna Berg\n---\n$/);
  const same = await rename(repository, 'anna-lind', 'Anna Lind');
  assert.equal(same.commit, undefined);
});

test('a name that was read from a file means whoever alone is called so, and stays as it was read', async (t) => {
  const repository = await pictures(t);
  const extracted = `extracted:\n  of: ${'a1'.repeat(32)}\n  by: pictures 3\n  people:\n    - Anna Lind\n    - Thom\n`;
  write(repository, 'tree/Pictures/2014 Rome/$a.jpg.metadata', `---\n${extracted}---\n`);
  await commitAll(repository);
  assert.deepEqual(await found(repository, 'people:berg'), []);
  const before = said(repository);
  await add(repository, 'Anna Berg', 'ANNA LIND');
  assert.deepEqual(await found(repository, 'people:berg'), [PICTURE]);
  assert.deepEqual(await found(repository, 'people=anna-berg people=thom'), [PICTURE]);
  assert.equal(said(repository), before);
  await add(repository, 'Anna Lind');
  assert.deepEqual(await found(repository, 'people:berg'), []);
  assert.deepEqual(await found(repository, 'people:lind'), [PICTURE]);
  await undo(repository, { dryRun: false });
  await meta(repository, { kind: 'add', field: 'people', value: 'Anna Berg' });
  assert.equal(said(repository), before);
  await meta(repository, { kind: 'add', field: 'people', value: 'Colin' });
  assert.equal(said(repository), `---\npeople:\n  - Anna Lind\n  - Thom\n  - Colin\n${extracted}---\n`);
});

test('comments and everything else a person wrote stay when somebody is renamed', async (t) => {
  const repository = await pictures(t);
  write(repository, ANNA, '---\n# my cousin\nname: "Anna Lind"   # as she says\nborn: 1990\n---\nA note.\n');
  await commitAll(repository);
  await rename(repository, 'anna-lind', 'Anna Berg');
  const text = textIn(repository, ANNA)!;
  assert.match(
    text,
    /^---\n# my cousin\nname: Anna Berg {3}# as she says\nborn: 1990\nid: \w{16}\nalso:\n {2}- Anna Lind\n---\nA note\.\n$/,
  );
});

test('a name that several have is nobody’s: it stays a name, and that is said', async (t) => {
  const repository = await pictures(t);
  await add(repository, 'Anna Lind');
  const second = await add(repository, 'Ánna LIND');
  assert.deepEqual([second.handle, codesOf(second.problems)], ['anna-lind-2', ['flow/is-called-so']]);
  const problems = await meta(repository, { kind: 'add', field: 'people', value: 'Anna Lind' });
  assert.deepEqual(codesOf(problems), ['flow/name-of-several']);
  assert.equal(said(repository), '---\npeople:\n  - Anna Lind\n---\n');
  await rename(repository, 'anna-lind', 'Anna Berg');
  assert.deepEqual(await found(repository, 'people:berg'), []);
  assert.deepEqual(await found(repository, 'people:lind'), [PICTURE]);
  await assert.rejects(
    rename(repository, 'Anna Lind', 'Anna'),
    (error: Refusal) => error.problem.code === 'flow/several-are-called',
  );
  await assert.rejects(
    rename(repository, 'anna-lnd', 'Anna'),
    (error: Refusal) => error.problem.hint === `did you mean 'anna-lind'?`,
  );
});

test('who is there under another name is not added again, and is removed under any', async (t) => {
  const repository = await pictures(t);
  await add(repository, 'Anna Lind', 'Annie');
  write(repository, 'tree/Pictures/2014 Rome/$a.jpg.metadata', '---\npeople: [Anna Lind, Thom]\n---\n');
  await meta(repository, { kind: 'add', field: 'people', value: 'anna-lind' });
  assert.equal(said(repository), '---\npeople: [Anna Lind, Thom]\n---\n');
  await meta(repository, { kind: 'remove', field: 'people', value: 'Annie' });
  assert.equal(said(repository), '---\npeople:\n  - Thom\n---\n');
  await meta(repository, { kind: 'add', field: 'people', value: 'annie' });
  assert.equal(said(repository), '---\npeople:\n  - Thom\n  - anna-lind\n---\n');
  await meta(repository, { kind: 'remove', field: 'people', value: 'Thom' });
  assert.equal(said(repository), '---\npeople:\n  - anna-lind\n---\n');
});

test('a text that is wrong is said, and hides nobody else; one that no commit has is not written over', async (t) => {
  const repository = await pictures(t);
  await add(repository, 'Anna Lind');
  write(repository, 'people/thom.metadata', '---\nname: [\n---\n');
  const { names, problems } = await listPeople(repository);
  assert.deepEqual(
    names.all.map(({ handle }) => handle),
    ['anna-lind'],
  );
  assert.deepEqual(codesOf(problems), ['flow/person-not-read']);
  const again = await add(repository, 'Thom');
  assert.equal(again.handle, 'thom-2');
  write(repository, ANNA, '---\nname: Anna Lind\nborn: 1990\n---\n');
  const refused = (error: Refusal): boolean => error.problem.code === 'flow/person-edited';
  await assert.rejects(rename(repository, 'anna-lind', 'Anna Berg'), refused);
  await assert.rejects(take(repository, card('FN:Anna Lind', 'EMAIL:a@b')), refused);
  assert.equal(textIn(repository, ANNA), '---\nname: Anna Lind\nborn: 1990\n---\n');
});

test('cards are of whom has their id or their name, and fill in what is empty', async (t) => {
  const repository = await pictures(t);
  await add(repository, 'Anna Lind', 'Annie');
  const cards =
    card('FN:Anna Lind', 'UID:urn:uuid:1', 'EMAIL:a@b', 'NICKNAME:Ann', 'NOTE:From school', 'X-A:1') +
    card('FN:Thom Yorke', 'TEL;TYPE=cell:1', 'BDAY:19681007');
  const { people, problems, commit } = await take(repository, cards);
  assert.deepEqual(
    people.map(({ handle, how, fields }) => [handle, how, fields.join(' ')]),
    [
      ['anna-lind', 'changed', 'email vcard uid note'],
      ['thom-yorke', 'added', 'id name born phone'],
    ],
  );
  assert.deepEqual(
    problems.map(({ code, reason }) => [code, reason]),
    [['flow/card-differs', `'anna-lind' keeps also: Annie; the card says Ann`]],
  );
  assert.equal(repository.commits.readCommit(commit!).summary.metadata, 2);
  assert.match(
    textIn(repository, ANNA)!,
    /\nalso:\n {2}- Annie\nemail:\n {2}- a@b\nvcard:\n {2}- "X-A:1"\nuid: "urn:uuid:1"\n---\nFrom school\n$/,
  );
  const again = await take(repository, cards);
  assert.deepEqual(
    [again.commit, again.people.map(({ how }) => how)],
    [undefined, ['unchanged', 'unchanged']],
  );
  const other = await take(repository, card('FN:Anna Berg', 'UID:urn:uuid:1', 'EMAIL:c@d', 'NOTE:Elsewhere'));
  assert.equal(other.commit, undefined);
  assert.deepEqual(
    other.problems.map(({ reason }) => reason),
    [
      `'anna-lind' keeps name: Anna Lind; the card says Anna Berg`,
      `'anna-lind' keeps email: a@b; the card says c@d`,
      `'anna-lind' keeps note: From school; the card says Elsewhere`,
    ],
  );
  const second = await take(repository, card('FN:Anna Lind', 'UID:urn:uuid:2'));
  assert.deepEqual(
    second.people.map(({ handle, how }) => [handle, how]),
    [['anna-lind-2', 'added']],
  );
  await undo(repository, { dryRun: false });
  assert.deepEqual(await handles(repository), ['anna-lind: Anna Lind', 'thom-yorke: Thom Yorke']);
});

test('cards of one name in one file are several people, and stay these', async (t) => {
  const repository = await pictures(t);
  const cards = card('FN:Anna', 'EMAIL:a@b') + card('FN:Anna', 'EMAIL:c@d') + card('FN:Anna', 'EMAIL:a@b');
  const { people } = await take(repository, cards);
  assert.deepEqual(
    people.map(({ handle, how }) => [handle, how]),
    [
      ['anna', 'added'],
      ['anna-2', 'added'],
      ['anna', 'unchanged'],
    ],
  );
  const again = await take(repository, cards);
  assert.deepEqual(
    [again.commit, again.problems.filter(({ severity }) => severity !== 'note')],
    [undefined, []],
  );
  const unknown = await take(repository, card('FN:Anna', 'TEL:1'));
  assert.deepEqual([unknown.commit, codesOf(unknown.problems)], [undefined, ['flow/card-of-several']]);
});

test('what cannot be taken is said, and the others come', async (t) => {
  const repository = await pictures(t);
  const cards =
    card('FN:A', 'PHOTO:data:image/jpeg;base64,AAAA') +
    card('TEL:1') +
    card('FN:Friends', 'KIND:group') +
    card('FN:B', 'NOTE:<<<<<<< a\\n=======\\n>>>>>>> b') +
    card('FN:C', 'nonsense') +
    'BEGIN:VCARD\r\nFN:D\r\n';
  const { people, problems } = await take(repository, cards);
  assert.deepEqual(
    people.map(({ handle }) => handle),
    ['a', 'c'],
  );
  assert.deepEqual(codesOf(problems), [
    'flow/card-not-taken',
    'flow/card-is-group',
    'flow/card-not-taken',
    'flow/card-line-left',
    'flow/card-not-taken',
    'flow/pictures-left',
  ]);
  const none = await take(repository, 'nothing');
  assert.deepEqual([none.commit, codesOf(none.problems)], [undefined, ['flow/no-cards']]);
});

test('who is exported and taken into another repository is the same, ids and handles too', async (t) => {
  for (const version of ['3.0', '4.0'] as const) {
    const [one, other] = [await pictures(t), await pictures(t)];
    await add(one, 'Anna Lind', 'Annie');
    await add(one, 'Anna Lind');
    await addPerson(one, { name: 'Jonny', also: [], handle: 'J.G', dryRun: false });
    await rename(one, 'anna-lind', 'Anna Berg');
    await take(one, card('FN:Thom', 'UID:x', 'TEL;TYPE=home:1', 'X-A:b;c', 'NOTE:a\\n\\nb'));
    write(
      one,
      'people/colin.metadata',
      '---\nid: 0123456789abcdef\nname: Colin\nshoe size: 43\nlikes:\n  - tea\n---\n',
    );
    await commitAll(one);
    await take(other, await exported(one, version));
    // A UID of somebody else's stays beside an id of this repository's.
    const texts = ({ layout }: Repository): string[][] =>
      [...textsIn(join(layout.index, 'people'))].map(([path, text]) => [
        path,
        path.includes('thom') ? text.replace(/^id: .*\n/m, '') : text,
      ]);
    assert.deepEqual(texts(other), texts(one));
    const again = await take(one, await exported(one, version));
    assert.deepEqual([again.commit, again.problems], [undefined, []]);
  }
});

test('a handle is never a path, nor a name that some file system has for itself', async (t) => {
  const repository = await pictures(t);
  const handles = ['../../x', 'CON', '.git', 'a/b', 'manifest.yaml', '$', 'A'];
  const { people } = await take(
    repository,
    handles.map((each, i) => card(`FN:N${i}`, `X-DBK-HANDLE:${each}`)).join(''),
  );
  assert.deepEqual(
    people.map(({ handle }) => handle),
    ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'A'],
  );
  assert.equal((await add(repository, 'Con')).handle, 'con-2');
  assert.equal((await add(repository, 'a')).handle, 'a-2');
  for (const handle of ['../x', 'nul', 'a/b', 'A\u0301'])
    await assert.rejects(
      addPerson(repository, { name: 'X', also: [], handle, dryRun: true }),
      Refusal,
      handle,
    );
  for (const name of ['', ' ', 'a\nb', 'a\u0001'])
    await assert.rejects(addPerson(repository, { name, also: [], dryRun: true }), Refusal, name);
});

test('two who were added under one handle become one, unless something speaks against it', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'])) as [Repository, Repository];
  const [here, there] = [await add(one, 'Anna Lind', 'Annie'), await add(other, 'Anna Lind', 'Ann')];
  await add(one, 'Thom');
  await add(other, 'Colin');
  await mergeFrom(one, other);
  await mergeFrom(other, one);
  assert.equal(headOf(one), headOf(other));
  assert.deepEqual(await handles(reopened(one)), ['anna-lind: Anna Lind', 'colin: Colin', 'thom: Thom']);
  const [lower, higher] = [here.id, there.id].sort();
  const { names } = await listPeople(reopened(one));
  const anna = names.meant('anna-lind')!;
  assert.deepEqual([anna.id, anna.was, [...anna.also].sort()], [lower, [higher], ['Ann', 'Annie']]);
  assert.equal(names.withId(higher!), anna);
});

test('a person whose facts are not agreed on may be two: the id is not agreed on either', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'])) as [Repository, Repository];
  await take(one, card('FN:Anna', 'BDAY:1990'));
  await take(other, card('FN:Anna', 'BDAY:1950'));
  const merged = await mergeFrom(one, other);
  assert.equal(merged.how, 'merged');
  const text = textIn(one, 'people/anna.metadata')!;
  assert.match(text, /^id:\n {2}conflict:\n/m);
  assert.match(text, /^born:\n {2}conflict:\n/m);
  const { names } = await listPeople(reopened(one));
  assert.equal(names.all[0]!.was.length, 1);
  assert.equal(names.withId(names.all[0]!.was[0]!), names.all[0]);
});

const FAULTS: readonly (readonly [what: string, make: (at: number) => Fault])[] = [
  ['dies', (at) => ({ kind: 'dies', at })],
  ['loses power in the middle of a write', (at) => ({ kind: 'dies', at, torn: true, powerLoss: true })],
  ['fails once', (at) => ({ kind: 'fails', at, code: 'EIO' })],
];

/** Of a process that is no more: what it locked is nobody's. */
const DEAD = spawnSync('true').pid;

function opened({ root }: Repository, disk: Disk = quick, pid = process.pid): Repository {
  const context = contextOf(disk);
  return openRepository({ ...context, identity: { ...context.identity, pid } }, root);
}

for (const [what, make] of FAULTS) {
  test(`a process that takes people ${what}: all of them are there, or nobody`, async (t) => {
    const cards = card('FN:Anna Lind', 'UID:1', 'EMAIL:a@b') + card('FN:Thom', 'UID:2');
    const whole = await pictures(t);
    await add(whole, 'Anna Lind');
    const saved = `${whole.root}-saved`;
    execFileSync('cp', ['-a', whole.root, saved]);
    const counting = faultyDisk(quick);
    await take(opened(whole, counting), cards);
    const last = counting.calls.length;
    assert.ok(last > 10);
    for (let at = 1; at <= last; at += 2) {
      fs.rmSync(whole.root, { recursive: true });
      execFileSync('cp', ['-a', saved, whole.root]);
      fs.rmSync(join(whole.root, '.dbk/local/here'), { force: true });
      const before = headOf(opened(whole));
      const disk = faultyDisk(quick, make(at));
      await take(opened(whole, disk, DEAD), cards).catch((error: unknown) => {
        if (!(error instanceof Killed) && !disk.happened) throw error;
      });
      const lock = join(whole.root, '.dbk/local/lock');
      // A power loss can leave an empty one; it is older than the machine's start then.
      if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
      const { changes, problems } = await statusOf(opened(whole));
      assert.deepEqual([at, changes, problems], [at, [], []]);
      const people = await handles(opened(whole));
      const isThere = headOf(opened(whole)) !== before;
      assert.deepEqual([at, people.length], [at, isThere ? 2 : 1]);
      assert.equal(textIn(whole, ANNA)!.includes('a@b'), isThere);
      await take(opened(whole), cards);
      assert.equal((await take(opened(whole), cards)).commit, undefined);
    }
  });
}

test('handles are easily typed, one for each, and none that a file system calls otherwise', () => {
  const rows: readonly (readonly [name: string, handle: string])[] = [
    ['Anna Lind', 'anna-lind'],
    [' Ánna-Łucja  Ødegård (née B.) ', 'anna-lucja-odegard-nee-b'],
    ['王芳', '王芳'],
    ['Мария', 'мария'],
    ['???', 'person'],
    ['../../etc', 'etc'],
    ['x'.repeat(500), 'x'.repeat(60)],
  ];
  for (const [name, handle] of rows)
    assert.equal(
      handleFor(name, () => false),
      handle,
    );
  const taken = new Set(['anna', 'anna-2']);
  assert.equal(
    handleFor('Anna', (each) => taken.has(each)),
    'anna-3',
  );
  for (const good of ['anna-lind', 'colin', '王芳', 'a.b', 'a b']) assert.ok(isHandle(good), good);
  for (const bad of ['', '-a', 'a-', 'a--b', 'a/b', '.a', 'a\nb', 'x'.repeat(300), '..', 'a:b'])
    assert.ok(!isHandle(bad), bad);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const handle = handleFor(name, () => false);
      assert.ok(isHandle(handle), handle);
      assert.equal(
        handleFor(handle, () => false),
        handle,
      );
      assert.equal(foldHandle(handle), foldHandle(handle.toUpperCase()));
    }),
  );
});

test('handles and ids go before names, and fields refer to people as they are declared', () => {
  const person = (handle: string, name: string, also: readonly string[] = []) => ({
    handle,
    name,
    also,
    was: [],
    id: `id-${handle}`,
  });
  const [anna, other, thom] = [
    person('anna', 'Anna Lind', ['Mum']),
    person('x', 'anna'),
    person('thom', 'Thom', ['Mum']),
  ];
  const names = new Names([anna, other, thom]);
  assert.deepEqual(
    ['anna', 'Anna', 'id-x', 'Mum', 'ANNA  lind', 'nobody'].map((text) => names.meant(text)?.handle),
    ['anna', 'x', 'x', undefined, 'anna', undefined],
  );
  assert.deepEqual(names.wordsFor('Mum'), ['Mum']);
  assert.deepEqual(names.wordsFor('thom'), ['thom', 'Thom', 'Mum', 'id-thom']);
  const declared = (type: 'person' | 'text' | 'date') =>
    ({ of: 'file', type, merge: 'set', doc: '' }) as const;
  assert.deepEqual(
    [
      refersToPeople('people', undefined),
      refersToPeople('people', declared('text')),
      refersToPeople('people', declared('date')),
      refersToPeople('cast', declared('person')),
      refersToPeople('cast', declared('text')),
      refersToPeople('cast', undefined),
    ],
    [true, true, false, true, false, false],
  );
});
