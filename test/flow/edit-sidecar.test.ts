import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { beginEdit, endEdit, type EditEnded } from '../../src/flow/edit-sidecar.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { commitAll, leftoversIn, put, textsIn } from './fixture.ts';
import { saidOf, textIn, typedRepository, write } from './with-sidecars.ts';

const SONG = 'Music/Rock/Kinks/Face/1.flac' as RepositoryPath;
const TEXT = 'tree/Music/Rock/Kinks/Face/$1.flac.metadata';

/** What an editor does to the file: undefined removes it. */
async function edit(
  repository: Repository,
  path: string,
  change: (text: string) => string | undefined,
): Promise<EditEnded & { readonly shown: string }> {
  const begun = await beginEdit(repository, path as RepositoryPath);
  const shown = fs.readFileSync(begun.at.file, 'utf8');
  const after = change(shown);
  if (after === undefined) fs.rmSync(begun.at.file);
  else fs.writeFileSync(begun.at.file, after);
  return { ...(await endEdit(repository, begun)), shown };
}

test('what is offered goes again with its folders if nothing is written, recorded or not', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, { [SONG]: '1', 'Movies/Alien (1979).mkv': '2', 'x.txt': '3' });
  for (const isRecorded of [false, true]) {
    const before = textsIn(repository.layout.index);
    // Once it is recorded the movie has a text that says what was read of it.
    const movie = isRecorded ? [] : ['Movies/Alien (1979).mkv'];
    for (const path of ['', 'x.txt', 'Music', 'Music/Rock/Kinks/Face', SONG, ...movie]) {
      for (const change of [(text: string) => text, () => '', () => '---\n---\n', () => undefined]) {
        const { kind, problems, shown } = await edit(repository, path, change);
        assert.deepEqual([path, kind, problems], [path, 'unchanged', []]);
        assert.match(shown, /^---\n# About /);
        assert.deepEqual(textsIn(repository.layout.index), before);
      }
    }
    if (!isRecorded) await commitAll(repository);
  }
  assert.deepEqual(leftoversIn(repository), []);
});

test('a fresh text knows what stands in the path, and which fields there are', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, {
    [SONG]: '1',
    'Movies/Alien (1979).mkv': '2',
    'Projects/dbk/package.json': '{}',
    'Projects/dbk/src/a.ts': '',
    'Elsewhere/a.txt': '',
  });
  const rows: [path: string, lines: RegExp[], none: RegExp][] = [
    [
      'Music/Rock/Kinks/Face',
      [/^album: Face /m, /^artist: Kinks /m, /^genre: \[Rock\] /m, /^# label: /m],
      /rating/,
    ],
    ['Music/Rock/Kinks', [/^# Write a field a line/m], /album:/],
    [SONG, [/^# rating: /m, /^# title: /m], /album:/],
    [
      'Movies/Alien (1979).mkv',
      [/^(title: Alien |  title: Alien$)/m, /^(year: 1979 |  year: 1979$)/m, /^# width: /m],
      /album:/,
    ],
    ['Projects/dbk', [/^# description: /m], /album:/],
    ['Projects/dbk/src', [/^# Write a field a line/m], /description:/],
    ['Elsewhere/a.txt', [/^# Write a field a line/m], /rating:/],
  ];
  const shown = async (path: string): Promise<string> => (await edit(repository, path, (text) => text)).shown;
  for (const isRecorded of [false, true]) {
    for (const [path, lines, none] of rows) {
      const text = await shown(path);
      for (const line of lines) assert.match(text, line, `${path} ${isRecorded}`);
      assert.doesNotMatch(text, none);
    }
    if (!isRecorded) await commitAll(repository);
  }
});

test('what was read from the content stays where fields are offered', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, { [SONG]: '1' });
  // What it says of itself is asked once, and not again when somebody writes about it.
  await commitAll(repository);
  const read = `---\nextracted:\n  of: ${'a'.repeat(64)}\n  by: music 1\n  duration: 232\n---\n`;
  write(repository, TEXT, read);
  await commitAll(repository);
  const same = await edit(repository, SONG, (text) => text);
  assert.deepEqual([same.kind, textIn(repository, TEXT)], ['unchanged', read]);
  assert.match(
    same.shown,
    /^# rating: [^]*^extracted:\n  of: a{64}\n  by: music 1\n  duration: 232\n---\n$/m,
  );
  const changed = await edit(repository, SONG, (text) => text.replace('# rating: ', 'rating: 4 '));
  assert.deepEqual([changed.kind, changed.problems], ['changed', []]);
  assert.equal((await commitAll(repository)).summary.metadata, 1);
  // From now on it is the person's own text.
  assert.equal((await edit(repository, SONG, (text) => text)).shown, textIn(repository, TEXT));
});

test('a text that is wrong stays as it was written, and so does what somebody else wrote meanwhile', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, { [SONG]: '1' });
  await commitAll(repository);
  const rows: [text: string, said: string[]][] = [
    ['---\nrating: 7\n---\n', [`error text/out-of-bounds 2 ${TEXT}`]],
    ['---\nrating: 4\n\tdisc: 1\n---\n', [`error text/tab 3 ${TEXT}`]],
    ['---\nratings: 4\n---\n', [`note text/unknown-field 2 ${TEXT}`]],
  ];
  for (const [text, said] of rows) {
    const { kind, problems } = await edit(repository, SONG, () => text);
    assert.deepEqual([kind, saidOf(problems)], [said[0]!.startsWith('error') ? 'wrong' : 'changed', said]);
    assert.equal(textIn(repository, TEXT), text);
  }
  // Not this command's own: it is wrong already when it is opened.
  write(repository, TEXT, Uint8Array.of(255));
  assert.equal((await edit(repository, SONG, () => '---\nrating: 4\n---\n')).kind, 'changed');
  const removed = await edit(repository, SONG, () => ' \n');
  assert.deepEqual([removed.kind, textIn(repository, TEXT)], ['removed', undefined]);

  const begun = await beginEdit(repository, SONG);
  fs.rmSync(begun.at.file);
  write(repository, TEXT, '---\nrating: 5\n---\n');
  assert.deepEqual((await endEdit(repository, begun)).kind, 'changed');
  assert.equal(textIn(repository, TEXT), '---\nrating: 5\n---\n');
  assert.ok(!fs.existsSync(join(repository.layout.local, 'lock')));
});

test('nothing is held while the editor is open', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, { [SONG]: '1' });
  const begun = await beginEdit(repository, SONG);
  put(repository.root, { 'new.txt': '2' });
  assert.equal((await commitAll(repository)).summary.added, 2);
  fs.writeFileSync(begun.at.file, '---\nrating: 3\n---\n');
  assert.deepEqual(await endEdit(repository, begun), { kind: 'changed', problems: [] });
  assert.equal((await commitAll(repository)).summary.metadata, 1);
});
