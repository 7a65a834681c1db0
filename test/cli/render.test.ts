import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { paletteOf } from '../../src/cli/colour.ts';
import { flatLines, groupedLines, summaryWords } from '../../src/cli/render.ts';
import { changeWords, commitLines, committedLines, forgottenLines } from '../../src/cli/render-commit.ts';
import type { Change } from '../../src/model/change.ts';
import type { Commit } from '../../src/model/commit.ts';
import type { CommitId, ContentId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { FileEntry, LinkEntry } from '../../src/model/manifest.ts';
import type { RepositoryPath } from '../../src/model/path.ts';

const plain = paletteOf(false);

const at = (path: string) => path as RepositoryPath;
const file = (size: number, mode = 0o644): FileEntry => ({
  kind: 'file',
  size,
  mode,
  mtime: '2020-01-01T00:00:00Z' as Instant,
});
const link: LinkEntry = { kind: 'link', target: 'a' };

function lines(changes: Iterable<Change>, limit = 20, palette = plain): string[] {
  return [...groupedLines(changes, { palette, limit })];
}

const EVERYTHING: Change[] = [
  { kind: 'added', path: at('Music/a.flac'), what: 'file', after: file(31_415_926) },
  { kind: 'added', path: at('Pictures/2026/Iceland'), what: 'directory', files: 1204, bytes: 3_200_000_000 },
  { kind: 'added', path: at('empty'), what: 'directory', files: 0, bytes: 0 },
  { kind: 'added', path: at('newest'), what: 'link', after: link },
  { kind: 'changed', path: at('notes.txt'), what: 'file', before: file(10), after: file(1234) },
  { kind: 'suspect', path: at('old.raw'), what: 'file', before: file(7), after: file(7) },
  { kind: 'retyped', path: at('b'), what: 'directory', before: link },
  { kind: 'retyped', path: at('c'), what: 'link', before: file(2), after: link },
  { kind: 'mode', path: at('run.sh'), what: 'file', before: file(5), after: file(5, 0o4755) },
  { kind: 'mode', path: at('bin'), what: 'directory' },
  { kind: 'metadata', path: at('$a.flac.metadata'), what: 'text' },
  {
    kind: 'moved',
    path: at('sorted'),
    from: at('un sorted '),
    what: 'directory',
    files: 204,
    bytes: 5000,
    by: 'content',
  },
  { kind: 'moved', path: at('x'), from: at('y'), what: 'file', before: file(1), after: file(1), by: 'inode' },
  { kind: 'copied', path: at('x2'), from: at('x'), what: 'file', after: file(1) },
  { kind: 'older', path: at('o'), what: 'file', after: file(1) },
  { kind: 'removed', path: at('r'), what: 'file', before: file(9) },
  { kind: 'missing', path: at('m'), what: 'file', before: file(12_000_000) },
  { kind: 'unreadable', path: at('secret'), what: 'directory' },
  { kind: 'unstable', path: at('busy.log'), what: 'file', before: file(99) },
];

test('changes are grouped by kind, with counts and aligned sizes', () => {
  assert.equal(
    lines(EVERYTHING).join('\n'),
    `Added: 1,206 files, 2 folders, 3.2 GB
    31.4 MB  Music/a.flac
     3.2 GB  Pictures/2026/Iceland/  (1,204 files)
        0 B  empty/  (empty)
             newest  (link)

Changed: 1 file, 1.2 kB
     1.2 kB  notes.txt

Another kind: 1 file, 1 folder (a file, link or folder became another)
             b/  (link → folder)
             c  (file → link)

Permissions: 1 file, 1 folder
             bin/
             run.sh  (644 → 4755)

Metadata: 1 text
             $a.flac.metadata

Moved: 205 files, 1 folder, 5.0 kB
     5.0 kB  'un sorted /' → sorted/  (204 files)
        1 B  y → x

Copied: 1 file, 1 B
        1 B  x → x2

Older: 1 file, 1 B (an older version stands here)
        1 B  o

Removed: 1 file, 9 B
        9 B  r

Missing: 1 file, 12.0 MB (gone, not confirmed as deleted)
    12.0 MB  m

In flux: 1 file, 99 B (changed while it was read)
       99 B  busy.log

Unreadable: 1 folder
             secret/

Suspect: 1 file, 7 B (other bytes, but the same size and times)
        7 B  old.raw`,
  );
});

test('a folder that came or went whole is one line, whether the folder above it comes first or last', () => {
  const folder = (path: string, files: number, kind: Change['kind'] = 'added'): Change[] => [
    { kind, path: at(path), what: 'directory', files, bytes: files * 10 },
    ...Array.from({ length: files }, (_, i): Change => {
      const entry = kind === 'added' ? { after: file(10) } : { before: file(10) };
      return { kind, path: at(path === '' ? `f${i}` : `${path}/f${i}`), what: 'file', ...entry };
    }),
  ];
  const below = [folder('a/b', 2), folder('a/b/c', 1), folder('a/z', 0)].flat();
  const expected = `Added: 5 files, 5 folders, 50 B
       30 B  a/  (3 files)
       10 B  a-b/  (1 file)
       10 B  f0`;
  const [top, beside, loose] = [folder('a', 0), folder('a-b', 1), folder('', 1)];
  assert.equal(lines([...loose, ...top, ...below, ...beside]).join('\n'), expected, 'first');
  assert.equal(lines([...beside, ...below, ...top, ...loose]).join('\n'), expected, 'last');
  assert.equal(
    lines([...folder('a/b', 2, 'missing'), ...folder('a', 1, 'missing'), ...folder('a/b', 1)]).join('\n'),
    `Added: 1 file, 1 folder, 10 B
       10 B  a/b/  (1 file)

Missing: 3 files, 2 folders, 30 B (gone, not confirmed as deleted)
       30 B  a/  (3 files)`,
  );
  assert.deepEqual(lines(folder('', 0)), []);
});

test('-v shows one line for each change as it comes', () => {
  assert.equal(
    [...flatLines(EVERYTHING.slice(9, 14), { palette: plain })].join('\n'),
    `mode                     bin/
metadata                 $a.flac.metadata
moved          5.0 kB  'un sorted /' → sorted/  (204 files)  by content
moved             1 B  y → x  by inode
copied            1 B  x → x2`.replaceAll(/^(mode|metadata) {2}/gm, '$1'),
  );
});

test('a million changes are counted and cut, never collected', () => {
  const source = (name: string) => JSON.stringify(new URL(`../../src/cli/${name}.js`, import.meta.url).href);
  const script = `const { groupedLines, flatLines } = await import(${source('render')});
    const palette = (await import(${source('colour')})).paletteOf(false);
    function* many() {
      for (let i = 0; i < 1_000_000; i++)
        yield { kind: 'added', path: 'f' + i, what: 'file', after: { kind: 'file', size: 1000, mode: 420, mtime: '' } };
    }
    for (const line of groupedLines(many(), { palette, limit: 2 })) console.log(line);
    let last;
    for (const line of flatLines(many(), { palette })) last = line;
    console.log(last);`;
  // All of them together would need about 200 MB.
  const options = ['--max-old-space-size=24', '--input-type=module', '-e', script];
  const result = spawnSync(process.execPath, options, { encoding: 'utf8' });
  assert.equal(result.stderr, '');
  assert.equal(
    result.stdout,
    `Added: 1,000,000 files, 1.0 GB
     1.0 kB  f0
     1.0 kB  f1
  … and 999,998 more (-v shows all)
added          1.0 kB  f999999
`,
  );
});

test('a line is never spent on saying that one more line was left out', () => {
  const three = ['a', 'b', 'c'].map((path): Change => ({
    kind: 'removed',
    path: at(path),
    what: 'file',
    before: file(1),
  }));
  const all = ['        1 B  a', '        1 B  b', '        1 B  c'];
  assert.deepEqual(lines(three, 3).slice(1), all);
  assert.deepEqual(lines(three, 2).slice(1), all);
  assert.deepEqual(lines(three, 1).slice(1), ['        1 B  a', '  … and 2 more (-v shows all)']);
  assert.deepEqual(lines(three, 0).slice(1), ['  … and 3 more (-v shows all)']);
  assert.deepEqual(lines([]), []);
});

test('no name commands a terminal', () => {
  const hostile = [
    '\x1b]0;owned\x07',
    '\x9b2J',
    'a\nb',
    '\rroot',
    '\u202egnp.exe',
    '\udc1b',
    '\udcff',
    '\x7f',
    '\x1b[31m',
  ];
  const changes = hostile.flatMap((name): Change[] => [
    { kind: 'added', path: at(name), what: 'file', after: file(1) },
    { kind: 'moved', path: at(`d/${name}`), from: at(name), what: 'directory', files: 1 },
    { kind: 'missing', path: at(name), what: 'link', before: { kind: 'link', target: name } },
  ]);
  for (const line of [...lines(changes), ...flatLines(changes, { palette: plain })]) {
    assert.doesNotMatch(line, /[\0-\x1f\x7f-\x9f\u202e]|[\ud800-\udfff]/u);
  }
  // Colours are the only escapes there are.
  const painted = lines(changes, 20, paletteOf(true)).join('\n');
  assert.equal(painted.replace(/\x1b\[\d+m/g, ''), lines(changes).join('\n'));
});

test('each kind has its colour', () => {
  const first = (kind: Change['kind'], from?: string) => {
    const change: Change = {
      kind,
      path: at('p'),
      what: 'file',
      ...(from === undefined ? {} : { from: at(from) }),
    };
    return lines([change], 9, paletteOf(true))[1]!.trim();
  };
  assert.equal(first('added'), '\x1b[32mp\x1b[39m');
  assert.equal(first('changed'), '\x1b[33mp\x1b[39m');
  assert.equal(first('removed'), '\x1b[31mp\x1b[39m');
  assert.equal(first('missing'), '\x1b[31mp\x1b[39m');
  assert.equal(first('moved', 'o'), '\x1b[36mo → p\x1b[39m');
});

test('a summary names what there was, and nothing where there was nothing', () => {
  const none = { added: 0, changed: 0, moved: 0, removed: 0, metadata: 0 };
  const rows: [object, string | undefined][] = [
    [{}, undefined],
    [{ added: 1 }, '1 added'],
    [
      { added: 12041, changed: 3, moved: 204, removed: 2, metadata: 1 },
      '12,041 added, 3 changed, 204 moved, 2 removed, 1 metadata text',
    ],
    [{ metadata: 2 }, '2 metadata texts'],
  ];
  for (const [summary, expected] of rows) assert.equal(summaryWords({ ...none, ...summary }), expected);
});

const ID = '9c1d2e3f4a5b6c7d'.padEnd(64, '0') as CommitId;
const COMMIT: Commit = {
  parents: ['a'.repeat(64) as CommitId],
  index: 'b'.repeat(64) as ContentId,
  changes: 'c'.repeat(64) as ContentId,
  author: 'Ada \x1b[5m<ada@example.org>',
  repository: 'laptop',
  date: '2026-11-22T19:20:11+01:00',
  moved: [],
  forgotten: [],
  summary: { added: 14, changed: 3, moved: 204, removed: 0, metadata: 0 },
  message: 'Sorted the Iceland pictures.\n\nBy \u202eday.\n',
};

test('a commit of a log is its short id, who, when, where, why and what', () => {
  assert.deepEqual(
    [...commitLines(ID, COMMIT, plain)],
    [
      'commit 9c1d2e3f4a5b6c7d',
      'author  Ada %1B[5m<ada@example.org>',
      'date    2026-11-22 19:20:11 +01:00 on laptop',
      '',
      '    Sorted the Iceland pictures.',
      '',
      '    By %E2%80%AEday.',
      '',
      '    14 added, 3 changed, 204 moved',
    ],
  );
  const none = { added: 0, changed: 0, moved: 0, removed: 0, metadata: 0 };
  const merge = {
    ...COMMIT,
    parents: [ID, COMMIT.parents[0]!],
    message: '',
    summary: none,
    date: 'soon\x07',
  };
  assert.deepEqual([...commitLines(ID, merge, plain)].slice(1), [
    'merges  9c1d2e3f4a5b6c7d aaaaaaaaaaaaaaaa',
    'author  Ada %1B[5m<ada@example.org>',
    'date    soon%07 on laptop',
    '',
    '    no file changed',
  ]);
});

test('what a commit took out of the index is said by itself', () => {
  const commit = { ...COMMIT, forgotten: ['a\nb', 'build/', 'c'] };
  const only = { added: 0, changed: 0, moved: 0, removed: 0, metadata: 0 };
  assert.equal(changeWords(commit), '14 added, 3 changed, 204 moved, 3 paths forgotten');
  assert.equal(changeWords({ ...commit, summary: only, forgotten: ['c'] }), '1 path forgotten');
  assert.deepEqual(
    [...forgottenLines(commit, 1, plain)],
    [
      'Forgotten: 3 paths (taken out of the index; no file was touched)',
      `             'a%0Ab'`,
      '  … and 2 more (-v shows all)',
    ],
  );
  assert.deepEqual([...forgottenLines(commit, 2, plain)].slice(2), ['             build/', '             c']);
  assert.deepEqual([...forgottenLines(COMMIT, 2, plain)], []);
});

test('a commit that was just made says what it did and what it left open', () => {
  const { message, summary } = COMMIT;
  assert.deepEqual(
    [...committedLines({ id: ID, message, summary, unconfirmed: 0 }, plain)],
    ['commit 9c1d2e3f4a5b6c7d  Sorted the Iceland pictures.', '14 added, 3 changed, 204 moved'],
  );
  assert.deepEqual(
    [...committedLines({ id: ID, message: '', summary, unconfirmed: 1 }, plain)],
    [
      'commit 9c1d2e3f4a5b6c7d',
      '14 added, 3 changed, 204 moved',
      '1 file is missing and stays recorded',
      'to record it as deleted: dbk commit --confirm-deletions',
    ],
  );
  assert.deepEqual([...committedLines({ id: ID, message: '', summary, unconfirmed: 1204 }, plain)].slice(2), [
    '1,204 files are missing and stay recorded',
    'to record them as deleted: dbk commit --confirm-deletions',
  ]);
});
