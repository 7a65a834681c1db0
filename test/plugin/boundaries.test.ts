import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  beginnings,
  entityOf,
  fieldsInPath,
  typedFolders,
  type DirectoryFacts,
} from '../../src/plugin/boundaries.ts';
import { parentOf, type RepositoryPath } from '../../src/model/path.ts';
import type { Boundary, FieldDeclaration, TypeDeclaration } from '../../src/model/type-declaration.ts';

const SEED = 20261123;

const text: FieldDeclaration = { of: 'entity', type: 'text', merge: 'one', doc: 'A text' };
const FIELDS = new Map<string, FieldDeclaration>([
  ['artist', text],
  ['album', text],
  ['title', text],
  ['track', { ...text, of: 'file' }],
  ['year', { ...text, type: 'integer', min: 1800, max: 2999 }],
]);

function type(top: string, ...boundaries: readonly (string | readonly string[])[]): TypeDeclaration {
  const list = boundaries.map((one): Boundary =>
    typeof one === 'string' ? { kind: 'at', at: one } : { kind: 'marker', marker: one },
  );
  return { version: 1, top, merge: 'files', boundaries: list, fields: FIELDS };
}

const TYPES = new Map([
  ['music', type('Music', '{genre}/{artist}/{album}/')],
  ['movies', type('Movies', '{title} ({year})/', '{shelf}/{title}/', '{title} ({year}).mkv', '{title}.mkv')],
  ['projects', type('Projects', ['.git', 'Makefile', 'package.json'])],
]);

/** Directories as a walk finds them: a path that ends in '/' is a folder, `->` at its end a link. */
function factsOf(paths: readonly string[]): DirectoryFacts[] {
  const facts = new Map<string, Record<'files' | 'folders' | 'links', Set<string>>>();
  const at = (path: string) => {
    if (!facts.has(path)) {
      facts.set(path, { files: new Set(), folders: new Set(), links: new Set() });
      if (path !== '')
        at(parentOf(path as RepositoryPath)).folders.add(path.slice(path.lastIndexOf('/') + 1));
    }
    return facts.get(path)!;
  };
  for (const path of paths) {
    const trimmed = path.replace(/(?:\/|->)$/, '');
    if (path.endsWith('/')) at(trimmed);
    else {
      const kind = path.endsWith('->') ? 'links' : 'files';
      at(parentOf(trimmed as RepositoryPath))[kind].add(trimmed.slice(trimmed.lastIndexOf('/') + 1));
    }
  }
  return Array.from(facts, ([path, its]) => ({ path: path as RepositoryPath, ...its }));
}

interface Given {
  readonly folders?: Readonly<Record<string, string>>;
  readonly existing?: readonly string[];
  readonly types?: ReadonlyMap<string, TypeDeclaration>;
}

/** `path: type`, with the fields from the path behind it, in order. */
function found(
  paths: readonly string[],
  { folders = {}, existing = [], types = TYPES }: Given = {},
): string[] {
  return beginnings({
    types,
    folders: new Map(Object.entries(folders) as [RepositoryPath, string][]),
    existing: existing as readonly RepositoryPath[],
    directories: factsOf(paths),
  })
    .map(({ path, kind, type, fields }) => {
      const said = Array.from(fields, ([name, value]) => ` ${name}=${value}`);
      return `${path}${kind === 'directory' ? '/' : ''}: ${type}${said.join('')}`;
    })
    .sort();
}

test('entities begin where their type says', () => {
  const ok = 'Music/Rock/Radiohead/OK Computer/';
  const rows: readonly (readonly [
    what: string,
    paths: readonly string[],
    found: readonly string[],
    given?: Given,
  ])[] = [
    ['nothing', [], []],
    ['an album', [`${ok}01.flac`], [`${ok}: music artist=Radiohead album=OK Computer`]],
    ['an empty album', [ok], [`${ok}: music artist=Radiohead album=OK Computer`]],
    [
      'nothing in an album',
      [`${ok}CD1/01.flac`, `${ok}.git/HEAD`],
      [`${ok}: music artist=Radiohead album=OK Computer`],
    ],
    ['nothing above it', ['Music/Rock/a.flac', 'Music/b.flac', 'c.flac'], []],
    ['nothing in folders of no type', ['Other/a/b/c/d.flac', 'Other/x/.git/HEAD'], []],
    ['a folder with a prefix of a type', ['Music2/a/b/c/d.flac'], []],
    ['a project by a folder', ['Projects/a/.git/HEAD'], ['Projects/a/: projects']],
    ['a project by a file', ['Projects/a/b/Makefile'], ['Projects/a/b/: projects']],
    ['a project by a link', ['Projects/a/Makefile->'], ['Projects/a/: projects']],
    [
      'the outermost',
      ['Projects/a/.git/HEAD', 'Projects/a/b/package.json', 'Projects/a/b/c/.git/HEAD'],
      ['Projects/a/: projects'],
    ],
    [
      'two beside each other',
      ['Projects/x/a/.git/HEAD', 'Projects/x/b/Makefile'],
      ['Projects/x/a/: projects', 'Projects/x/b/: projects'],
    ],
    [
      'never the top folder',
      ['Projects/.git/HEAD', 'Projects/.git/x/Makefile', 'Projects/a/Makefile'],
      ['Projects/a/: projects'],
    ],
    ['another case is another marker', ['Projects/a/MAKEFILE'], []],
    [
      'a file',
      ['Movies/Ran (1985).mkv', 'Movies/Alien.MKV', 'Movies/Alien.srt'],
      ['Movies/Alien.MKV: movies title=Alien', 'Movies/Ran (1985).mkv: movies title=Ran year=1985'],
    ],
    ['a link is no file', ['Movies/Alien.mkv->'], []],
    ['no file in a movie', ['Movies/Ran (1985)/a.mkv'], ['Movies/Ran (1985)/: movies title=Ran year=1985']],
    [
      'a brace with a type wants a value of it',
      ['Movies/Ran (long)/a.mkv', 'Movies/Ran (1799)/Cut/'],
      ['Movies/Ran (1799)/Cut/: movies title=Cut'],
    ],
    ['the last of several', ['Movies/M (a) (1931)/'], ['Movies/M (a) (1931)/: movies title=M (a) year=1931']],
    [
      'another folder by the policy',
      ['Code/a/Makefile', 'Projects/b/Makefile'],
      ['Code/a/: projects'],
      { folders: { Code: 'projects' } },
    ],
    [
      'two by the policy',
      ['Code/a/Makefile', 'Projects/b/Makefile'],
      ['Code/a/: projects', 'Projects/b/: projects'],
      { folders: { Code: 'projects', Projects: 'projects' } },
    ],
    [
      'a folder with the type of another',
      ['Music/a/Makefile', 'Music/a/b/c/d'],
      ['Music/a/: projects'],
      { folders: { Music: 'projects' } },
    ],
    ['a folder of an unknown type', ['Music/a/b/c/'], [], { folders: { Music: 'sheets' } }],
    [
      'a folder of a type in another',
      ['Music/code/a/Makefile', ok],
      ['Music/code/a/: projects', `${ok}: music artist=Radiohead album=OK Computer`],
      { folders: { Music: 'music', 'Music/code': 'projects' } },
    ],
    [
      'in an entity the policy draws nothing',
      ['Projects/a/.git/HEAD', 'Projects/a/songs/b/c/d/'],
      ['Projects/a/: projects'],
      { folders: { Projects: 'projects', 'Projects/a/songs': 'music' } },
    ],
    [
      'the repository as a top folder',
      ['a/.git/HEAD', 'b'],
      ['a/: projects'],
      { folders: { '': 'projects' } },
    ],
    ['what exists stays', ['Projects/a/.git/HEAD'], [], { existing: ['Projects/a'] }],
    [
      'nothing in what exists',
      ['Projects/a/b/.git/HEAD', 'Projects/c/Makefile'],
      ['Projects/c/: projects'],
      { existing: ['Projects/a'] },
    ],
    [
      'nothing around what exists',
      ['Projects/a/.git/HEAD', 'Projects/a/b/Makefile', 'Projects/a/c/Makefile'],
      ['Projects/a/c/: projects'],
      { existing: ['Projects/a/b'] },
    ],
    [
      'nothing around a file that exists',
      ['Movies/Ran (1985)/x.mkv'],
      [],
      { existing: ['Movies/Ran (1985)/x.mkv'] },
    ],
    ['everything in one entity', ['Projects/a/Makefile'], [], { existing: [''] }],
    [
      'a name of objects',
      ['Projects/__proto__/Makefile', 'constructor/a'],
      ['Projects/__proto__/: projects'],
    ],
    ['a name that is not UTF-8', ['Music/a/b/\udcff/'], ['Music/a/b/\udcff/: music artist=b']],
    ['a top that is no folder', ['a/Makefile'], [], { types: new Map([['x', type('../a', ['Makefile'])]]) }],
    [
      'a boundary nobody can read',
      ['T/a/Makefile'],
      ['T/a/: x'],
      { types: new Map([['x', type('T', '{', '{a}{b}/', 'a//b/', ['Makefile'])]]) },
    ],
    [
      'the first boundary that matches',
      ['T/a/Makefile', 'T/b/'],
      ['T/a/: x title=a', 'T/b/: x title=b'],
      { types: new Map([['x', type('T', '{title}/', ['Makefile'])]]) },
    ],
    [
      'a marker before a path',
      ['T/a/Makefile', 'T/b/'],
      ['T/a/: x', 'T/b/: x title=b'],
      { types: new Map([['x', type('T', ['Makefile'], '{title}/')]]) },
    ],
    [
      'literal folders',
      ['T/Albums/a/', 'T/other/a/', 'T/ALBUMS/b/'],
      ['T/ALBUMS/b/: x title=b', 'T/Albums/a/: x title=a'],
      { types: new Map([['x', type('T', 'albums/{title}/')]]) },
    ],
  ];
  for (const [what, paths, expected, given] of rows)
    assert.deepEqual(found(paths, given), [...expected].sort(), what);
});

test('a type has its own folder unless the policy names another', () => {
  const rows: readonly (readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>])[] = [
    [{}, { Movies: 'movies', Music: 'music', Projects: 'projects' }],
    [{ Code: 'projects' }, { Code: 'projects', Movies: 'movies', Music: 'music' }],
    [{ Music: 'projects' }, { Movies: 'movies', Music: 'projects' }],
    [{ Music: '' }, { Movies: 'movies', Music: '', Projects: 'projects' }],
  ];
  for (const [folders, expected] of rows) {
    const all = typedFolders(TYPES, new Map(Object.entries(folders) as [RepositoryPath, string][]));
    assert.deepEqual(Object.fromEntries([...all].sort()), expected);
  }
});

test('the entity of a path is the one that holds it', () => {
  const entities = new Set(['Projects/a', 'Movies/x.mkv'] as RepositoryPath[]);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Projects/a', 'Projects/a'],
    ['Projects/a/b/c', 'Projects/a'],
    ['Projects/ab', undefined],
    ['Projects', undefined],
    ['Movies/x.mkv', 'Movies/x.mkv'],
    ['', undefined],
  ];
  for (const [path, entity] of rows) assert.equal(entityOf(path as RepositoryPath, entities), entity, path);
  assert.equal(entityOf('a/b' as RepositoryPath, new Set([''] as RepositoryPath[])), '');
});

const name = fc.constantFrom(
  'a',
  'b',
  'Makefile',
  '.git',
  'x.mkv',
  'A (1999)',
  'Music',
  'Projects',
  '\udcff',
);
const path = fc
  .tuple(
    fc.constantFrom('Music', 'Movies', 'Projects', 'a'),
    fc.array(name, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '/', '->'),
  )
  .map(([top, names, end]) => `${[top, ...names].join('/')}${end}`);
const paths = fc.array(path, { maxLength: 30 });

test('laws: every path is in at most one entity, whatever the order; nothing moves a boundary but what is above', () => {
  fc.assert(
    fc.property(paths, paths, fc.nat(), (some, others, seed) => {
      const ask = (directories: readonly DirectoryFacts[], existing: readonly RepositoryPath[] = []) =>
        beginnings({ types: TYPES, folders: new Map(), existing, directories });
      const facts = factsOf(some);
      const first = ask(facts);
      const begun = new Set(first.map((one) => one.path));
      assert.equal(begun.size, first.length);
      for (const { path: one } of first) assert.equal(entityOf(parentOf(one), begun), undefined);
      const turned = [
        ...facts.slice(seed % (facts.length + 1)),
        ...facts.slice(0, seed % (facts.length + 1)),
      ].reverse();
      assert.deepEqual(
        new Map(ask(turned).map((one) => [one.path, one])),
        new Map(first.map((one) => [one.path, one])),
      );
      // What exists stays: with more files, only more begins, beside it.
      const later = ask(factsOf([...some, ...others]), [...begun]);
      const all = new Set([...begun, ...later.map((one) => one.path)]);
      assert.equal(all.size, begun.size + later.length);
      for (const one of all) assert.equal(entityOf(parentOf(one), all), undefined);
      // Looked at one directory at a time from above, it comes to the same.
      const step: RepositoryPath[] = [];
      for (const one of [...facts].sort((a, b) => a.path.length - b.path.length))
        step.push(...ask([one], step).map((begin) => begin.path));
      assert.deepEqual(new Set(step.filter((one) => begun.has(one))), begun);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('a million paths', () => {
  const directories: DirectoryFacts[] = [];
  for (let i = 0; i < 100_000; i++) {
    const top = ['Music', 'Movies', 'Projects'][i % 3]!;
    const path = `${top}/${i % 97}/${i % 997}/${i}` as RepositoryPath;
    const files = new Set(
      Array.from({ length: 10 }, (_, n) => (n === 0 && i % 6 === 2 ? 'Makefile' : `${n}.flac`)),
    );
    directories.push({ path, files });
  }
  const all = beginnings({ types: TYPES, folders: new Map(), existing: [], directories });
  const counts = new Map<string, number>();
  for (const { type: one } of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  assert.deepEqual(Object.fromEntries(counts), {
    music: 33_334,
    projects: 16_667,
  });
});

test('the fields of an entity that stand in its path are found without looking at any directory', () => {
  const folders = typedFolders(TYPES, new Map());
  const inPath = (path: string, kind: 'directory' | 'file' = 'directory', of = 'music') =>
    Object.fromEntries(fieldsInPath({ types: TYPES, folders }, path as RepositoryPath, { kind, type: of }));
  // FIELDS has no genre.
  const named = { artist: 'Radiohead', album: 'OK Computer' };
  assert.deepEqual(inPath('Music/Rock/Radiohead/OK Computer'), named);
  assert.deepEqual(inPath('Movies/Alien (1979).mkv', 'file', 'movies'), { title: 'Alien', year: '1979' });
  assert.deepEqual(inPath('Music/Rock/Radiohead'), {});
  assert.deepEqual(inPath('Music'), {});
  assert.deepEqual(inPath('Music/Rock/Radiohead/OK Computer', 'file'), {});
  assert.deepEqual(inPath('Music/Rock/Radiohead/OK Computer', 'directory', 'movies'), {});
  assert.deepEqual(inPath('Else/Rock/Radiohead/OK Computer'), {});
});
