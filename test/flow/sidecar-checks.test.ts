import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { seeEdits, sortEdits } from '../../src/flow/edits.ts';
import type { IndexTexts } from '../../src/flow/index-texts.ts';
import { Refusal } from '../../src/model/problem.ts';
import { textsAt } from '../../src/store/texts.ts';
import { commitAll, newRepository, put, statusOf } from './fixture.ts';
import { saidOf, textIn, typedRepository, write } from './with-sidecars.ts';

const SONG = 'tree/Music/Rock/Kinks/Face/$1.flac.metadata';
const ALBUM = 'tree/Music/Rock/Kinks/Face/$.metadata';
const OTHER = 'tree/Music/Rock/Kinks/Face/$2.flac.metadata';
const FOLDER = 'tree/Music/Rock/$.metadata';
const ADA = 'people/ada.metadata';
const MUSIC = { 'Music/Rock/Kinks/Face/1.flac': '1', 'Music/Rock/Kinks/Face/2.flac': '2', 'x.txt': 'x' };
const front = (lines: string, prose = ''): string => `---\n${lines}\n---\n${prose}`;

/** What is written, and what is said of it; ends with ' (recorded)' where it is recorded nevertheless. */
const WRITTEN: readonly (readonly [path: string, text: string | Uint8Array, said: readonly string[]])[] = [
  // As texts.
  [SONG, front('rating: [4'), [`error text/yaml 3 ${SONG}`]],
  [SONG, front('title: x\n\tdisc: 1'), [`error text/tab 3 ${SONG}`]],
  [SONG, front('title: x\ntitle: y'), [`error text/duplicate-key 3 ${SONG}`]],
  [SONG, front('title: &a x\ndisc: *a'), [`error text/alias 2 ${SONG}`]],
  [
    SONG,
    front('title: x', '<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n'),
    [`error text/merge-marker 4 ${SONG}`],
  ],
  [SONG, '---\ntitle: x\n', [`error text/front-matter 1 ${SONG}`]],
  [SONG, front(`title: x\nabout: ${'x'.repeat(2 * 1024 * 1024)}`), [`error flow/text-too-long - ${SONG}`]],
  [SONG, front('title: x\0'), [`error flow/not-text - ${SONG}`]],
  [SONG, Uint8Array.of(45, 45, 45, 10, 255, 10), [`error flow/not-text - ${SONG}`]],
  // As fields.
  [SONG, front('title: x\nrating: great'), [`error text/wrong-field 3 ${SONG}`]],
  [
    SONG,
    front('rating: 9\n\nplayed: June'),
    [`error text/out-of-bounds 2 ${SONG}`, `error text/wrong-field 4 ${SONG}`],
  ],
  [SONG, front('tags:\n  - a\n  - {b: c}'), [`error text/wrong-field 4 ${SONG}`]],
  [ALBUM, front('released: soon'), [`error text/wrong-field 2 ${ALBUM}`]],
  // What is recorded all the same.
  [SONG, front('ratign: great'), [`note text/unknown-field 2 ${SONG} (recorded)`]],
  [SONG, 'rating: 4\n', [`warning text/no-front-matter 1 ${SONG} (recorded)`]],
  [SONG, front('rating: 4\nextracted:\n  of: x'), [`error text/wrong-value 4 ${SONG}`]],
  [FOLDER, front('rating: great\nreleased: soon'), []],
  ['tree/$x.txt.metadata', front('rating: great'), []],
  [ADA, front('rating: great'), []],
  [ADA, front('a: 1\n\tb: 2'), [`error text/tab 3 ${ADA}`]],
  [
    'tree/Music/$3.flac.metadata',
    front('a: 1'),
    ['note flow/about-nothing - tree/Music/$3.flac.metadata (recorded)'],
  ],
];

test('what is wrong in a sidecar is said with its line, and the last recorded text stays recorded', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, MUSIC);
  const good = front('title: Good', 'So far.\n');
  for (const path of [SONG, ALBUM, FOLDER, ADA]) write(repository, path, good);
  await commitAll(repository);
  let other = 0;
  for (const [path, text, said] of WRITTEN) {
    const isRecorded = said.every((one) => one.endsWith(' (recorded)'));
    const problems = said.map((one) => one.replace(' (recorded)', ''));
    write(repository, path, text);
    write(repository, OTHER, front(`disc: ${++other}`));
    const seen = await statusOf(repository);
    assert.deepEqual(
      saidOf(seen.problems),
      problems,
      `status of ${JSON.stringify(String(text).slice(0, 60))}`,
    );
    assert.equal(seen.changes.length, isRecorded ? 2 : 1, seen.changes.join());
    const { commit, problems: met } = await commitAll(repository);
    assert.deepEqual(saidOf(met), problems);
    const now = textsAt(repository.commits, commit, new Set([path, OTHER]));
    assert.equal(now.get(OTHER), front(`disc: ${other}`));
    assert.equal(now.get(path), isRecorded ? text : good);
    const standing = fs.readFileSync(join(repository.layout.index, path));
    assert.deepEqual(standing, Buffer.from(text as string));
    write(repository, path, good);
    await commitAll(repository);
  }
});

test('a field as it was recorded keeps nothing else from being recorded', async (t) => {
  const plain = await newRepository(t);
  put(plain.root, MUSIC);
  write(plain, SONG, front('rating: great'));
  // Without the type nobody knows what a rating is.
  assert.deepEqual((await commitAll(plain)).problems, []);
  const { PLUGINS } = await import('../../plugins/index.ts');
  const repository = { ...plain, context: { ...plain.context, plugins: async () => PLUGINS } };
  write(repository, SONG, front('rating: great\ntitle: Party Line'));
  const { commit, problems } = await commitAll(repository);
  const ofTexts = problems.filter(({ code }) => code !== 'music/damaged');
  assert.deepEqual(saidOf(ofTexts), [`warning text/wrong-field 2 ${SONG}`]);
  assert.equal(
    textsAt(repository.commits, commit, new Set([SONG])).get(SONG),
    front('rating: great\ntitle: Party Line'),
  );
  write(repository, SONG, front('rating: grand\ntitle: Party Line'));
  assert.deepEqual(saidOf((await statusOf(repository)).problems), [`error text/wrong-field 2 ${SONG}`]);
});

test('a misspelt field is said with the one that may be meant', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, MUSIC);
  write(repository, SONG, front('ratign: 3\nweather: fine\nartist: Kinks'));
  const { problems } = await statusOf(repository);
  assert.deepEqual(
    problems.map(({ reason, hint }) => [reason, hint]),
    [
      ["no type declares the field 'ratign'", "did you mean 'rating'?"],
      ["no type declares the field 'weather'", undefined],
      ["no type declares the field 'artist'", "did you mean 'artists'?"],
    ],
  );
});

test('where a plugin fails, what the index says of its type is enough to look', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, MUSIC);
  await commitAll(repository);
  const plugins = async (): Promise<never> => {
    throw new Refusal('failed', { code: 'plugin/fails', severity: 'error', reason: 'it does' });
  };
  const failing = { ...repository, context: { ...repository.context, plugins } };
  write(failing, SONG, front('rating: 9'));
  assert.deepEqual(saidOf((await statusOf(failing)).problems), [`error text/out-of-bounds 2 ${SONG}`]);
  await assert.rejects(commitAll(failing), Refusal);
  assert.equal(textIn(failing, SONG), front('rating: 9'));
});

test('of very many edited texts some are read, and all are named', async () => {
  const edited = Array.from({ length: 100_000 }, (_, i) => {
    return { path: `tree/$${i}.metadata`, recorded: undefined, current: 'x' as never };
  });
  let read = 0;
  const texts = { edited, currentBytes: () => (read++, Buffer.from('x')) } as unknown as IndexTexts;
  const seen = await seeEdits(texts, async () => ({ refused: [], notes: [] }));
  assert.deepEqual(
    [seen.paths.length, read <= 5000, saidOf(seen.problems)],
    [100_000, true, ['note flow/not-judged - ']],
  );
});

test('what was recorded of many edited texts is looked up at once', async () => {
  const paths = Array.from({ length: 100 }, (_, i) => `tree/$${i}.metadata`);
  let asked = 0;
  const texts = {
    edited: paths.map((path) => ({ path, recorded: 'a' as never, current: 'b' as never })),
    currentBytes: () => Buffer.from('now'),
    recordedTexts: (wanted: ReadonlySet<string>) => {
      asked++;
      return new Map(Array.from(wanted, (path) => [path, `was ${path}`]));
    },
  } as unknown as IndexTexts;
  const { changes } = await sortEdits(texts, async () => ({ refused: [], notes: [] }));
  assert.deepEqual(
    [asked, changes],
    [1, paths.map((path) => ({ path, before: `was ${path}`, after: 'now' }))],
  );
});
