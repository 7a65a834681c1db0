import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { parseEntityList, writeEntityList, type EntityList } from '../../src/text/entity-list.ts';
import { someEntity } from './arbitrary-formats.ts';
import { SEED, somePath } from './arbitrary.ts';

before(() => loadBlake3());

const HEAD = '9c1d'.repeat(16);
const LIST: EntityList = new Map([
  ['Movies/a%\n.mkv' as RepositoryPath, { kind: 'file', id: '01jdb3k2x9q4n8v7', type: 'movies' }],
  ['Music/Über' as RepositoryPath, { kind: 'directory', id: '01jdb3k2x9q4n8v8', type: 'My music' }],
  [
    'Music/b' as RepositoryPath,
    {
      kind: 'directory',
      id: '01jdb3k2x9q4n8v9',
      type: 'music',
      from: '01jdb3k2x9q4n8va',
      was: ['01jdb3k2x9q4n8vb'],
    },
  ],
]);

test('a list is a line an entity, to be read by eye', () => {
  const [first, head, of, ...lines] = writeEntityList(HEAD, LIST, digest).split('\n');
  assert.deepEqual([first, head], ['dbk: entities 1', `head: ${HEAD}`]);
  assert.match(of!, /^of: [0-9a-f]{64}$/);
  assert.deepEqual(lines, [
    '01jdb3k2x9q4n8v7 f movies Movies/a%25%0A.mkv',
    'd {id: 01jdb3k2x9q4n8v8, type: My music} Music/Über',
    'd {id: 01jdb3k2x9q4n8v9, type: music, from: 01jdb3k2x9q4n8va, was: [01jdb3k2x9q4n8vb]} Music/b',
    '',
  ]);
});

test('what is written is read', () => {
  const kind = fc.constantFrom('directory' as const, 'file' as const);
  const listed = fc.tuple(someEntity, kind).map(([entity, is]) => ({ ...entity, kind: is }));
  const path = fc.oneof(somePath, fc.constant('' as RepositoryPath), fc.constant(' d x ' as RepositoryPath));
  fc.assert(
    fc.property(fc.array(fc.tuple(path, listed), { maxLength: 8 }), (entries) => {
      const list = new Map(entries);
      assert.deepEqual(parseEntityList(writeEntityList(HEAD, list, digest), HEAD, digest), list);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('a list that is of another head, torn or changed is none', () => {
  const text = writeEntityList(HEAD, LIST, digest);
  const rows: readonly string[] = [
    '',
    'dbk: entities 1\n',
    text.slice(0, -1),
    text.slice(0, text.indexOf('Movies')),
    text.replace('entities 1', 'entities 2'),
    text.replace(HEAD, HEAD.replace('9', '8')),
    text.replace('Music/b', 'Music/c'),
    `${text}01jdb3k2x9q4n8v1 d music x\n`,
  ];
  for (const row of rows) assert.equal(parseEntityList(row, HEAD, digest), undefined, row);
  assert.deepEqual(parseEntityList(text, HEAD, digest), LIST);
});
