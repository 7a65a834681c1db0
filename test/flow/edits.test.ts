/** What people do in `.dbk/index`, and in `.dbk` besides: which edits are recorded, which undone, and what is lost. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { codesOf, commitAll, newRepository, put, remove, reopened, statusOf, textsIn } from './fixture.ts';
import { indexDigest, keyOf, lacksTools } from './judges.ts';

before(() => loadBlake3());

const TREE = { a: 'a', 'Music/one': '1', 'Music/two': '2', 'Music/.dbkignore': '*.tmp\n', empty: null };

async function prepared(t: TestContext): Promise<Repository> {
  const repository = await newRepository(t);
  put(repository.root, TREE);
  put(repository.layout.index, { 'tree/$a.metadata': 'about a\n', 'tree/Music/$.metadata': 'about Music\n' });
  await commitAll(repository);
  return reopened(repository);
}

test('edits of texts that the commit rules are said, kept aside and undone', async (t) => {
  const rows: [path: string, text: string | undefined][] = [
    ['tree/manifest.yaml', 'dbk: manifest 1\nmode: 700\n'],
    ['tree/manifest.yaml', undefined],
    ['tree/Music/manifest.yaml', ''],
    ['tree/new/manifest.yaml', 'dbk: manifest 1\nmode: 755\n'],
    ['types/music.yaml', 'dbk: type 1\n'],
    ['ignore.d/Music/$rules', '*\n'],
    ['ignore.d/$rules', '*\n'],
  ];
  for (const [path, text] of rows) {
    const repository = await prepared(t);
    const { layout } = repository;
    const texts = textsIn(layout.index);
    if (text === undefined) remove(layout.index, path);
    else put(layout.index, { [path]: text });
    const said = [`scan/hand-edit ${path}`];
    const seen = await statusOf(repository);
    assert.deepEqual([seen.changes, codesOf(seen.problems)], [[], said], path);
    const { commit, problems, changes } = await commitAll(reopened(repository));
    assert.deepEqual([commit, codesOf(problems), changes], [undefined, said, []], path);
    assert.deepEqual(textsIn(layout.index), texts, path);
    const kept = text === undefined ? [] : [[`${path}.${digest(text).slice(0, 8)}`, text]];
    assert.deepEqual([...textsIn(layout.edited)], kept, path);
    assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] }, path);
  }
});

test('an edit that is undone does not keep a change from being recorded', async (t) => {
  const repository = await prepared(t);
  const { root, layout } = repository;
  put(root, { 'Music/one': 'changed', 'new/x': 'x' });
  put(layout.index, {
    'tree/Music/manifest.yaml': 'dbk: manifest 1\nmode: 700\n',
    'tree/new/manifest.yaml': 'mine\n',
  });
  const { commit, changes } = await commitAll(repository);
  assert.ok(commit !== undefined);
  assert.deepEqual(
    changes.map(({ kind, path }) => `${kind} ${path}`),
    ['changed Music/one', 'added new', 'added new/x'],
  );
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
  assert.equal([...textsIn(layout.edited)].length, 2);
});

test('edits of the texts that people rule are recorded as they stand', async (t) => {
  const rows: [path: string, text: string | undefined, about?: string][] = [
    ['tree/$a.metadata', 'edited\n', 'a'],
    ['tree/$a.metadata', '', 'a'],
    ['tree/$a.metadata', undefined, 'a'],
    ['tree/$.metadata', '---\r\nrating: 5\r\n---\r\n', ''],
    ['tree/Music/$one.metadata', '\ufeff---\n---\n', 'Music/one'],
    ['tree/empty/$.metadata', 'x'.repeat(1 << 20), 'empty'],
    ['people/Ada.metadata', '---\nname: Ada\n---\n'],
    ['policy.yaml', '# mine\ndbk: policy 1\nfolders: {Music: music}\n'],
    ['policy.yaml', undefined],
    ['ignore', '*.bak\n'],
    ['ignore', undefined],
    ['conflicts/0123456789abcdef.yaml', 'dbk: conflict 1\n'],
  ];
  for (const [path, text, about = `.dbk/index/${path}`] of rows) {
    const repository = await prepared(t);
    const { layout } = repository;
    if (text === undefined) remove(layout.index, path);
    else put(layout.index, { [path]: text });
    const texts = textsIn(layout.index);
    const told = [`metadata text ${about}`];
    assert.deepEqual(await statusOf(repository), { changes: told, problems: [] }, path);
    const { commit, problems, changes, summary } = await commitAll(reopened(repository));
    assert.deepEqual(
      changes.map(({ kind, what, path: at }) => `${kind} ${what} ${at}`),
      told,
      path,
    );
    assert.deepEqual([problems, summary.metadata], [[], 1], path);
    assert.ok(commit !== undefined, path);
    assert.deepEqual(textsIn(layout.index), texts, path);
    assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] }, path);
  }
});

test('an edit that cannot be recorded is said at every look, and the last good text stays recorded', async (t) => {
  const rows: [path: string, bytes: string | Buffer, problem: string, line?: number][] = [
    ['tree/$a.metadata', Buffer.from([0x61, 0xff]), 'flow/not-text'],
    ['tree/$a.metadata', 'a\0b', 'flow/not-text'],
    ['tree/$a.metadata', 'x'.repeat((1 << 20) + 1), 'flow/text-too-long'],
    ['ignore', Buffer.from([0xff]), 'flow/not-text'],
    ['policy.yaml', 'dbk: policy 1\nfolders: {Music: music}\nrecord: [colour]\n', '', 3],
    ['policy.yaml', 'dbk: policy 1\nfolders: {\n', '', 3],
    ['policy.yaml', 'dbk: policy 1\ncopies: 1\ncopies: 2\n', '', 3],
    ['policy.yaml', 'something else\n', '', 1],
    ['policy.yaml', 'dbk: policy 2\n', '', 1],
    ['policy.yaml', '', '', 1],
  ];
  for (const [number, [path, bytes, code, line]] of rows.entries()) {
    const repository = await prepared(t);
    const { root, layout } = repository;
    const head = fs.readFileSync(layout.head, 'utf8');
    fs.writeFileSync(join(layout.index, path), bytes);
    for (let i = 0; i < 2; i++) {
      const seen = await statusOf(reopened(repository));
      const { problems } = i === 0 ? await commitAll(reopened(repository)) : seen;
      assert.deepEqual(seen.problems, problems, `row ${number}`);
      const own = problems.filter(({ place }) => place?.path === path);
      assert.deepEqual(
        own.map(({ place }) => place?.line),
        [line],
        `row ${number}: ${JSON.stringify(problems)}`,
      );
      if (code !== '') assert.equal(own[0]!.code, code, `row ${number}`);
    }
    assert.equal(fs.readFileSync(layout.head, 'utf8'), head, `row ${number}`);
    // It does not stop other changes, and what is corrected is recorded.
    put(root, { a: 'changed' });
    assert.deepEqual((await commitAll(reopened(repository))).summary.changed, 1, `row ${number}`);
    assert.deepEqual(
      fs.readFileSync(join(layout.index, path)),
      Buffer.from(bytes as string),
      `row ${number}`,
    );
    put(layout.index, { [path]: path === 'policy.yaml' ? 'dbk: policy 1\n' : 'good again\n' });
    assert.deepEqual((await commitAll(reopened(repository))).summary.metadata, 1, `row ${number}`);
    assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] }, `row ${number}`);
  }
});

test('what dbk has no text of is said and recorded nowhere', async (t) => {
  const repository = await prepared(t);
  const { root, layout } = repository;
  const strangers = ['notes.txt', 'tree/notes.txt', 'tree/a.metadata', 'conflicts/x.yaml', 'types/a/b.yaml'];
  strangers.push('people/a/b.metadata', 'ignore.d/x', 'policy.yaml~', 'other/$.metadata');
  // No patch could name these.
  strangers.push('tree/.git/$.metadata', 'tree/a\\b/$.metadata', 'tree/$zz.metadata/$b.metadata');
  for (const path of strangers) put(layout.index, { [path]: 'mine\n' });
  fs.symlinkSync('nowhere', join(layout.index, 'tree/$link.metadata'));
  const said = strangers.map((path) => `flow/unknown-text ${path}`).sort();
  for (let i = 0; i < 2; i++) {
    const seen = await statusOf(reopened(repository));
    assert.deepEqual(seen.changes, []);
    assert.deepEqual(
      codesOf(seen.problems).filter((code) => !code.includes('$link')),
      said,
    );
    const { commit, problems } = await commitAll(reopened(repository));
    assert.equal(commit, undefined);
    assert.deepEqual(
      codesOf(problems).filter((code) => !code.includes('$link')),
      said,
    );
  }
  put(root, { a: 'changed' });
  await commitAll(reopened(repository));
  for (const path of strangers) assert.equal(fs.readFileSync(join(layout.index, path), 'utf8'), 'mine\n');
  remove(layout.index, ...strangers, 'tree/$link.metadata');
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
  if (lacksTools(t)) return;
  const head = repository.commits.directoryOf(repository.commits.readHead()!);
  assert.equal(indexDigest(layout.index), keyOf(head, 'index'));
});

test('nothing is lost with local/', async (t) => {
  const repository = await prepared(t);
  const { root, layout } = repository;
  const lose = (): void => fs.rmSync(layout.local, { recursive: true });
  lose();
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
  lose();
  assert.equal((await commitAll(reopened(repository))).commit, undefined);
  remove(root, 'a');
  put(root, { 'Music/one': 'changed' });
  put(layout.index, { 'tree/Music/$.metadata': 'edited\n', 'tree/Music/manifest.yaml': 'edited\n' });
  lose();
  const seen = await statusOf(reopened(repository));
  assert.deepEqual(seen.changes, ['changed file Music/one', 'metadata text Music', 'missing file a']);
  assert.deepEqual(codesOf(seen.problems), ['scan/hand-edit tree/Music/manifest.yaml']);
  lose();
  const { commit, unconfirmed } = await commitAll(reopened(repository), { confirmDeletions: false });
  assert.deepEqual([commit === undefined, unconfirmed], [false, 1]);
  lose();
  assert.deepEqual((await statusOf(reopened(repository))).changes, ['missing file a']);
});

test('an index that is gone is written again, whole or in part', async (t) => {
  const rows: [what: string, lose: (index: string) => void, code: RegExp][] = [
    ['all of it', (index) => fs.rmSync(index, { recursive: true }), /^flow\/index-restored/],
    ['all that is in it', (index) => remove(index, 'tree', 'ignore.d'), /^scan\/hand-edit/],
    ['the tree', (index) => remove(index, 'tree'), /^scan\/hand-edit/],
    ['one folder of it', (index) => remove(index, 'tree/Music'), /^scan\/hand-edit/],
    ['the rules', (index) => remove(index, 'ignore.d'), /^scan\/hand-edit/],
  ];
  for (const [what, lose, code] of rows) {
    for (const isLocalLost of [false, true]) {
      const repository = await prepared(t);
      const { layout } = repository;
      const texts = textsIn(layout.index);
      lose(layout.index);
      if (isLocalLost) fs.rmSync(layout.local, { recursive: true });
      const { commit, problems } = await commitAll(reopened(repository));
      assert.equal(commit, undefined, what);
      assert.ok(
        problems.length > 0 && codesOf(problems).every((said) => code.test(said)),
        `${what}: ${codesOf(problems)}`,
      );
      assert.deepEqual(textsIn(layout.index), texts, what);
      assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] }, what);
    }
  }
});

test('an index that is gone does not hide what happened to the files', async (t) => {
  const repository = await prepared(t);
  const { root, layout } = repository;
  fs.rmSync(layout.index, { recursive: true });
  put(root, { a: 'changed', new: 'new' });
  remove(root, 'Music/two');
  assert.deepEqual((await statusOf(reopened(repository))).changes, [
    'added file new',
    'changed file a',
    'missing file Music/two',
  ]);
  fs.rmSync(layout.index, { recursive: true });
  const { changes } = await commitAll(reopened(repository));
  assert.deepEqual(
    changes.map(({ kind, path }) => `${kind} ${path}`),
    ['removed Music/two', 'changed a', 'added new'],
  );
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
});

test('what is written about something goes with it, also when it was edited since', async (t) => {
  const repository = await newRepository(t);
  const { root, layout } = repository;
  put(root, { a: 'a', 'album/x': 'x' });
  put(layout.index, { 'tree/$a.metadata': 'about a\n', 'tree/album/$.metadata': 'about album\n' });
  await commitAll(repository);
  // Twins come that are first by bytes: what was plain is marked, and the edited texts have to move with it.
  put(root, { A: 'A', 'Album/x': 'x' });
  put(layout.index, { 'tree/$a.metadata': 'edited\n', 'tree/album/$.metadata': 'edited\n' });
  await commitAll(reopened(repository));
  const sidecars = [...textsIn(layout.index)].filter(([path]) => path.endsWith('.metadata')).sort();
  assert.deepEqual(sidecars, [
    ['tree/$a%~17762fdd.metadata', 'edited\n'],
    ['tree/album%~ef5aff03/$.metadata', 'edited\n'],
  ]);
});
