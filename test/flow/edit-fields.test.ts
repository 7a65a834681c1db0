import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { editFields, type FieldEdit, type FieldsEdited } from '../../src/flow/edit-fields.ts';
import { readFields, type Metadata } from '../../src/flow/read-fields.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { ROOT, type RepositoryPath } from '../../src/model/path.ts';
import { commitAll, leftoversIn, put, statusOf } from './fixture.ts';
import { saidOf, textIn, typedRepository, write } from './with-sidecars.ts';

const PYTHON = '/usr/bin/python3';
const SONG = 'Music/Rock/Kinks/Face/1.flac' as RepositoryPath;
const TEXT = 'tree/Music/Rock/Kinks/Face/$1.flac.metadata';
const set = (field: string, ...values: string[]): FieldEdit => ({ kind: 'set', field, values });
const add = (field: string, value: string): FieldEdit => ({ kind: 'add', field, value });
const remove = (field: string, value?: string): FieldEdit => ({
  kind: 'remove',
  field,
  ...(value !== undefined && { value }),
});

async function music(t: TestContext): Promise<Repository> {
  const repository = await typedRepository(t);
  put(repository.root, { [SONG]: '1', 'Music/Rock/Kinks/Face/2.flac': '2', 'Movies/Alien (1979).mkv': '3' });
  await commitAll(repository);
  return repository;
}

async function edit(
  repository: Repository,
  edits: readonly FieldEdit[],
  paths: readonly string[] = [SONG],
  dryRun = false,
): Promise<FieldsEdited[]> {
  const edited: FieldsEdited[] = [];
  const report = (one: FieldsEdited): void => void edited.push(one);
  const request = { command: 'meta', paths: paths as RepositoryPath[], edits, dryRun, report };
  assert.deepEqual(await editFields(repository, request), []);
  return edited;
}

const NOTED = '# mine\ntitle: Party Line  # first\n\ntags:\n- a # so\n- b\nplays: 3\n';

/** Front matter before, what is done, front matter after; undefined where there is no text. */
const EDITED: readonly (readonly [string | undefined, readonly FieldEdit[], string | undefined])[] = [
  [undefined, [set('rating', '5')], 'rating: 5\n'],
  [undefined, [set('title', '007')], 'title: "007"\n'],
  [undefined, [set('tags', 'sea')], 'tags:\n  - sea\n'],
  [undefined, [set('tags', 'sea', 'night', 'sea')], 'tags:\n  - sea\n  - night\n'],
  [undefined, [set('artists', 'a', 'a')], 'artists:\n  - a\n  - a\n'],
  [undefined, [set('own field', '1'), set('another', 'x', 'z')], 'own field: 1\nanother:\n  - x\n  - z\n'],
  [undefined, [set('comment', 'one\ntwo\n')], 'comment: |\n  one\n  two\n'],
  [undefined, [remove('tags', 'sea')], undefined],
  [NOTED, [set('title', 'Rosie')], NOTED.replace('Party Line', 'Rosie')],
  [NOTED, [add('tags', 'c')], NOTED.replace('- b\n', '- b\n- c\n')],
  [NOTED, [add('tags', 'a')], NOTED],
  [NOTED, [remove('tags', 'b')], NOTED.replace('- b\n', '')],
  [NOTED, [remove('plays')], NOTED.replace('plays: 3\n', '')],
  [NOTED, [remove('title', 'Another'), remove('weather')], NOTED],
  [NOTED, [remove('title', 'Party Line')], NOTED.replace('title: Party Line  # first\n', '')],
  [NOTED, [set('tags', '')], NOTED.replace('tags:\n- a # so\n- b\n', 'tags: []\n')],
  ['rating: 4\n', [remove('rating')], undefined],
];

test('an edit changes the lines of its field, and a text that says nothing goes', async (t) => {
  const repository = await music(t);
  for (const [before, edits, after] of EDITED) {
    for (const shaped of SHAPES) {
      fs.rmSync(join(repository.layout.index, TEXT), { force: true });
      if (before !== undefined) write(repository, TEXT, shaped(before));
      const expected = before === undefined ? after && `---\n${after}---\n` : after && shaped(after);
      const kind = before === after ? 'unchanged' : 'changed';
      assert.deepEqual(await edit(repository, edits, [SONG], true), [
        { path: SONG, kind, problems: noted(edits) },
      ]);
      assert.equal(textIn(repository, TEXT), before && shaped(before));
      assert.deepEqual(await edit(repository, edits), [{ path: SONG, kind, problems: noted(edits) }]);
      assert.equal(textIn(repository, TEXT), expected);
    }
  }
  assert.deepEqual(leftoversIn(repository), []);
});

/** With line feeds, as Windows has it, and with prose behind. */
const SHAPES: readonly ((front: string) => string)[] = [
  (front) => `---\n${front}---\n`,
  (front) => `\ufeff---\n${front}---\n`.replaceAll('\n', '\r\n'),
];

function noted(edits: readonly FieldEdit[]): object[] {
  const unknown = edits.filter(({ kind, field }) => kind === 'set' && /^(own field|another)$/.test(field));
  return unknown.map(({ field }) => ({
    code: 'text/unknown-field',
    severity: 'note',
    place: { path: SONG },
    reason: `no type declares the field '${field}'`,
  }));
}

test('what may not be is refused, path by path, and the others go on', async (t) => {
  const repository = await music(t);
  const [two, movie] = ['Music/Rock/Kinks/Face/2.flac', 'Movies/Alien (1979).mkv'];
  const wrong = '---\nrating: 3\n\ttags: x\n---\n';
  const place = 'tree/Music/Rock/Kinks/Face/$2.flac.metadata';
  write(repository, place, wrong);
  const rows: [FieldEdit[], string[], [string, string[]][]][] = [
    [[set('rating', 'great')], [SONG], [['refused', [`error text/wrong-field - ${SONG}`]]]],
    [[set('disc', '1'), set('rating', '9')], [SONG], [['refused', [`error text/out-of-bounds - ${SONG}`]]]],
    [[set('title', 'a', 'b')], [SONG], [['refused', [`error flow/one-value - ${SONG}`]]]],
    [[add('title', 'b')], [SONG], [['refused', [`error flow/one-value - ${SONG}`]]]],
    [
      [set('extracted', 'b')],
      [SONG],
      [['refused', [`note text/unknown-field - ${SONG}`, `error text/reserved-field - ${TEXT}`]]],
    ],
    [[set('nothing', 'x')], ['nowhere'], [['refused', ['error flow/nothing-here - ']]]],
    [
      [set('rating', '2')],
      [two, movie, 'Music', SONG],
      [
        ['refused', [`error text/tab 3 ${place}`]],
        ['changed', []],
        ['changed', []],
        ['changed', []],
      ],
    ],
  ];
  for (const [edits, paths, expected] of rows) {
    const found = (await edit(repository, edits, paths)).map(({ kind, problems }) => [
      kind,
      saidOf(problems),
    ]);
    const sorted = expected.map(([kind, problems]) => [
      kind,
      problems.filter((one) => !one.startsWith('note')).sort(),
    ]);
    assert.deepEqual(
      found.map(([kind, problems]) => [
        kind,
        (problems as string[]).filter((one) => !one.startsWith('note')),
      ]),
      sorted,
    );
  }
  assert.equal(textIn(repository, place), wrong);
  assert.equal(textIn(repository, TEXT), '---\nrating: 2\n---\n');
  assert.match(
    textIn(repository, 'tree/Movies/$Alien (1979).mkv.metadata')!,
    /^---\nrating: 2\nextracted:\n/,
  );
  const seen = await statusOf(repository);
  assert.equal(seen.changes.filter((change) => change.startsWith('metadata')).length, 3);
});

test('whatever is set is what PyYAML reads, and no other line changes', async (t) => {
  const repository = await music(t);
  const texts: { text: string; expected: Record<string, unknown> }[] = [];
  const field = fc.constantFrom('title', 'comment', 'own', 'a: b', 'yes', '"q"');
  const value = fc.oneof(
    fc.constantFrom(
      '007',
      'yes',
      '~',
      '',
      ' x ',
      '#no',
      'a # b',
      '1e3',
      '- x',
      "it's",
      '"',
      'a\nb\n',
      'null',
      '2014-05-01',
    ),
    fc.string({ maxLength: 12 }).filter((text) => !/[^\x20-\x7e]/.test(text)),
  );
  const kept = ['# a comment', 'mine:   "kept"   # so', '', 'list: [a,   b]', '# the end'];
  const start = `---\n${kept.join('\n')}\n---\nProse\n`;
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(field, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
      async (values) => {
        write(repository, TEXT, start);
        const entries = Object.entries(values);
        const edited = await edit(
          repository,
          entries.map(([key, text]) => set(key, text)),
        );
        assert.equal(edited[0]!.kind, 'changed');
        const text = textIn(repository, TEXT)!;
        const lines = text.split('\n');
        assert.deepEqual(lines.slice(0, kept.length + 1), ['---', ...kept]);
        assert.ok(text.endsWith('\n---\nProse\n'));
        texts.push({ text, expected: { mine: 'kept', list: ['a', 'b'], ...values } });
      },
    ),
    { seed: 4, numRuns: 60 },
  );
  const script =
    'import json, sys, yaml; json.dump([next(yaml.load_all(x, yaml.BaseLoader)) for x in json.load(sys.stdin)], sys.stdout)';
  const input = JSON.stringify(texts.map(({ text }) => text.replace(/\n---\nProse\n$/, '\n')));
  const { status, stdout } = spawnSync(PYTHON, ['-c', script], { input, encoding: 'utf8' });
  if (status !== 0) return t.skip('needs PyYAML');
  assert.deepEqual(
    JSON.parse(stdout),
    texts.map(({ expected }) => expected),
  );
});

test('what is known is read of paths that are named, or of all below a folder', async (t) => {
  const repository = await music(t);
  write(repository, TEXT, '---\nrating: 4\n---\nNice.\n');
  write(repository, 'tree/Music/Rock/Kinks/Face/$2.flac.metadata', '---\nrating: [\n---\n');
  write(repository, 'tree/$.metadata', 'All of it.\n');
  write(repository, 'people/ada.metadata', '---\nborn: 1815\n---\n');
  const read = async (
    paths: readonly string[] | undefined,
    below: string = ROOT,
  ): Promise<readonly unknown[]> => {
    const found: unknown[] = [];
    const report = ({ path, kind, sidecar }: Metadata): boolean => {
      found.push([path, kind, sidecar && Object.fromEntries(sidecar.fields), sidecar?.prose]);
      return true;
    };
    const request = { paths: paths as RepositoryPath[] | undefined, below: below as RepositoryPath, report };
    const problems = saidOf(await readFields(repository, request));
    return [...found, ...problems];
  };
  const song = [SONG, 'file', { rating: 4 }, 'Nice.\n'];
  const wrong = 'error text/yaml 3 tree/Music/Rock/Kinks/Face/$2.flac.metadata';
  const all = ['', 'folder', {}, 'All of it.\n'];
  // Nobody wrote anything about it: its text says what was read of it.
  const movie = ['Movies/Alien (1979).mkv', 'file', {}, ''];
  assert.deepEqual(await read(undefined), [all, movie, song, wrong]);
  assert.deepEqual(await read(undefined, 'Music/Rock'), [song, wrong]);
  assert.deepEqual(await read(undefined, 'Movies'), [movie]);
  assert.deepEqual(await read(['Music', SONG, '']), [['Music', 'folder', undefined, undefined], song, all]);
});
