import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { listOperations } from '../../src/flow/undo.ts';
import { temporary } from '../tools/tree.ts';
import { commandsOf, idsOf, typed, write } from './entity-commands.ts';
import { commitAll, put, statusOf, textsIn } from './fixture.ts';
import { judge, lacksTools, textsOf } from './judges.ts';

before(() => loadBlake3());

const ALBUM = 'Music/Rock/Radiohead/OK Computer';

test('a new entity has a folder, an id and a sidecar in which stands what its path says', async (t) => {
  const repository = await typed(t);
  write(repository, { 'a.txt': 'a' });
  await commitAll(repository);
  const before = textsOf(repository.layout.index);
  const { begin, undo } = commandsOf(repository);
  const made = await begin('music', 'Rock/Radiohead/OK Computer');
  assert.deepEqual([made.path, made.sidecar, made.problems], [ALBUM, `tree/${ALBUM}/$.metadata`, []]);
  assert.equal(fs.lstatSync(join(repository.root, ALBUM)).isDirectory(), true);
  assert.deepEqual(await idsOf(repository), new Map([[ALBUM, made.entity.id]]));
  const text = textsIn(repository.layout.index).get(made.sidecar)!;
  assert.deepEqual(
    text
      .split('\n')
      .filter((line) => /^\w/.test(line))
      .map((line) => line.replace(/ *#.*/, '')),
    ['album: OK Computer', 'artist: Radiohead', 'genre: [Rock]'],
  );
  assert.match(text, /^# label: +# Who published it$/m);
  assert.deepEqual((await statusOf(repository)).changes, []);
  const after = textsOf(repository.layout.index);
  await undo();
  assert.equal(fs.existsSync(join(repository.root, 'Music')), false);
  assert.deepEqual(textsOf(repository.layout.index), before);
  assert.deepEqual((await statusOf(repository)).changes, []);
  await undo();
  assert.equal(fs.existsSync(join(repository.root, ALBUM)), true);
  assert.deepEqual(textsOf(repository.layout.index), after);
  assert.deepEqual((await statusOf(repository)).changes, []);
  assert.deepEqual(
    [...listOperations(repository, () => undefined)].map(({ operation }) => operation.command),
    ['undo', 'undo', 'new', 'commit'],
  );
});

test('undo leaves a folder that holds something by now', async (t) => {
  const repository = await typed(t);
  await commitAll(repository);
  const { begin, undo } = commandsOf(repository);
  await begin('projects', 'dbk');
  put(repository.root, { 'Projects/dbk/notes.txt': 'n' });
  const { problems } = await undo();
  assert.equal(problems.length > 0, true);
  assert.equal(fs.existsSync(join(repository.root, 'Projects/dbk/notes.txt')), true);
  assert.equal((await idsOf(repository)).size, 0);
});

test('a new entity is the first commit, if there is none', async (t) => {
  if (lacksTools(t)) return;
  const repository = await typed(t);
  write(repository, { 'Music/a.txt': 'a' });
  const { begin } = commandsOf(repository);
  await begin('music', 'Rock/Radiohead/OK Computer');
  assert.deepEqual(
    (await statusOf(repository)).changes.filter((words) => words.includes('file')),
    ['added file Music/a.txt'],
  );
  await commitAll(repository);
  judge(repository, temporary(t));
});

test('a name fits the shape that its type has, below the folder of the type', async (t) => {
  const repository = await typed(t);
  write(repository, { 'Music/Rock/Kinks/Face/1.flac': '1', 'Musik/x': '', 'Movies/file': 'f' });
  put(repository.layout.index, {
    'policy.yaml': 'dbk: policy 1\nfolders:\n  Musik: music\n  Programme: projects\n',
  });
  await commitAll(repository);
  put(repository.root, { 'Movies/here/x': '1', '.dbkignore': 'hidden/\n' });
  const { begin } = commandsOf(repository);
  /** Type and name, and the path or why not. */
  const rows: readonly (readonly [string, string, string])[] = [
    ['music', 'Rock/Kinks/Village', 'Musik/Rock/Kinks/Village'],
    ['music', 'Musik/Rock/Kinks/Arthur', 'Musik/Rock/Kinks/Arthur'],
    ['music', 'Kinks', 'flow/no-such-shape'],
    ['music', 'a/b/c/d', 'flow/no-such-shape'],
    ['projects', 'a/b', 'Programme/a/b'],
    ['projects', 'a', 'flow/around-entities'],
    ['projects', 'a/b/c', 'flow/inside-entity'],
    ['projects', 'a/b', 'flow/is-entity'],
    ['movies', 'Alien (1979)', 'Movies/Alien (1979)'],
    ['movies', 'Alien (1979)/x', 'flow/inside-entity'],
    ['movies', 'file/x', 'flow/not-made'],
    ['movies', 'here/x', 'flow/something-there'],
    ['movies', 'hidden/x', 'flow/ignored'],
    ['pictures', '2014-05 Rome', 'Pictures/2014-05 Rome'],
    ['pictures', 'Rome', 'flow/no-such-shape'],
    ['books', 'x', 'flow/unknown-type'],
    ['projects', '../x', 'flow/bad-name'],
    ['projects', '', 'flow/bad-name'],
    ['projects', '/x', 'flow/bad-name'],
    ['projects', '.dbk/x', 'flow/bad-name'],
    ['projects', 'x'.repeat(256), 'flow/bad-name'],
    ['projects', '.DBK', 'flow/not-made'],
  ];
  for (const [type, name, expected] of rows) {
    for (const dryRun of [true, false]) {
      let found: string;
      try {
        found = (await begin(type, name, dryRun)).path;
      } catch (error) {
        found = (error as { problem?: { code: string } }).problem?.code ?? String(error);
      }
      assert.equal(found, expected, `${type} ${name}`);
      assert.equal(fs.existsSync(join(repository.root, expected)), !dryRun && !expected.startsWith('flow/'));
    }
  }
  assert.deepEqual([...(await statusOf(repository)).changes].sort(), [
    'added directory Movies/here',
    'added file .dbkignore',
    'added file Movies/here/x',
  ]);
});
