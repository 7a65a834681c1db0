import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PLAYLISTS } from '../../plugins/music/merge-playlists.ts';
import { mergePlaylists, type Undecided } from '../../plugins/music/playlist.ts';
import type { ByteSource, Finding } from '../../src/plugin/api.ts';
import { SEED } from '../text/arbitrary.ts';

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const ENTRIES = lines('a', 'b', 'c');
const HEAD = '#EXTM3U';
const TITLED = lines(HEAD, '#EXTINF:1,A', 'a', '#EXTINF:2,B', 'b');

const MERGED: readonly [what: string, base: string, ours: string, theirs: string, merged: string][] = [
  ['both add', ENTRIES, lines('a', 'x', 'b', 'c'), lines('a', 'b', 'c', 'y'), lines('a', 'x', 'b', 'c', 'y')],
  [
    'both add at one place',
    ENTRIES,
    lines('a', 'b', 'c', 'y', 'z'),
    lines('a', 'b', 'c', 'x'),
    lines('a', 'b', 'c', 'x', 'y', 'z'),
  ],
  [
    'both add before all',
    ENTRIES,
    lines('y', 'a', 'b', 'c'),
    lines('x', 'a', 'b', 'c'),
    lines('x', 'y', 'a', 'b', 'c'),
  ],
  [
    'both add the same',
    ENTRIES,
    lines('a', 'x', 'b', 'c'),
    lines('a', 'b', 'x', 'c'),
    lines('a', 'b', 'x', 'c'),
  ],
  ['both remove', ENTRIES, lines('b', 'c'), lines('a', 'b'), lines('b')],
  ['both remove the same', ENTRIES, lines('a', 'c', 'x'), lines('y', 'a', 'c'), lines('y', 'a', 'c', 'x')],
  [
    'one removes what the other adds behind',
    ENTRIES,
    lines('a', 'c'),
    lines('a', 'b', 'x', 'c'),
    lines('a', 'x', 'c'),
  ],
  [
    'one sorts, the other adds',
    ENTRIES,
    lines('c', 'b', 'a'),
    lines('a', 'x', 'b', 'c'),
    lines('c', 'b', 'a', 'x'),
  ],
  ['one empties, the other adds', ENTRIES, '', lines('a', 'b', 'c', 'x'), lines('x')],
  ['a song twice', lines('a', 'b'), lines('a', 'b', 'a'), lines('a', 'x', 'b'), lines('a', 'x', 'b', 'a')],
  ['one of two goes', lines('a', 'b', 'a'), lines('a', 'b'), lines('a', 'b', 'a', 'x'), lines('a', 'b', 'x')],
  [
    'comments go with their entries',
    TITLED,
    lines(HEAD, '#EXTINF:2,B', 'b', '#EXTINF:1,A', 'a'),
    lines(HEAD, '#EXTINF:1,A', 'a', '#EXTINF:3,X', '#EXTGRP:live', 'x', '#EXTINF:2,B', 'b'),
    lines(HEAD, '#EXTINF:2,B', 'b', '#EXTINF:1,A', 'a', '#EXTINF:3,X', '#EXTGRP:live', 'x'),
  ],
  [
    'one says another title, the other adds',
    TITLED,
    TITLED.replace('1,A', '1,Aa'),
    `${TITLED}x\n`,
    `${TITLED.replace('1,A', '1,Aa')}x\n`,
  ],
  ['one makes a head', ENTRIES, `${HEAD}\n${ENTRIES}`, `${ENTRIES}x\n`, `${HEAD}\n${ENTRIES}x\n`],
  [
    'one names the list',
    TITLED,
    TITLED.replace(HEAD, `${HEAD}\n#PLAYLIST:Road`),
    `${TITLED}x\n`,
    `${TITLED.replace(HEAD, `${HEAD}\n#PLAYLIST:Road`)}x\n`,
  ],
  [
    'what stands at the end stays there',
    `${ENTRIES}# end\n`,
    `${ENTRIES}x\n# end\n`,
    `y\n${ENTRIES}# end\n`,
    `y\n${ENTRIES}x\n# end\n`,
  ],
  ['the last line has no end', 'a\nb', 'a\nb\nx', 'y\na\nb', 'y\na\nb\nx'],
  ['one ends the last line', 'a\nb', 'a\nb\n', 'y\na\nb', 'y\na\nb\n'],
  [
    'lines end as one side wants',
    ENTRIES,
    ENTRIES.replaceAll('\n', '\r\n'),
    `${ENTRIES}x\n`,
    'a\r\nb\r\nc\r\nx\r\n',
  ],
  [
    'blank lines go with what follows',
    lines('a', '', 'b'),
    lines('a', '', 'b', 'x'),
    lines('', 'b'),
    lines('', 'b', 'x'),
  ],
  [
    'names like those of objects',
    lines('__proto__'),
    lines('__proto__', 'constructor'),
    lines('x', '__proto__'),
    lines('x', '__proto__', 'constructor'),
  ],
];

test('what both sides added and removed is in the merged list, in the order of who changed it', () => {
  for (const [what, base, ours, theirs, text] of MERGED) {
    assert.deepEqual([what, mergePlaylists(base, ours, theirs)], [what, { text }]);
    assert.deepEqual([what, mergePlaylists(base, theirs, ours)], [what, { text }]);
  }
});

test('where somebody would miss something, a person decides', () => {
  const rows: readonly [Undecided, string | undefined, string, string][] = [
    ['no-base', undefined, ENTRIES, `${ENTRIES}x\n`],
    ['order', ENTRIES, lines('b', 'a', 'c'), lines('a', 'c', 'b')],
    ['comments', TITLED, TITLED.replace('1,A', '1,Aa'), TITLED.replace('1,A', '1,Ä')],
    ['comments', ENTRIES, `#EXTM3U\n${ENTRIES}`, `#EXTM3U8\n#PLAYLIST:x\n${ENTRIES}`],
    ['comments', ENTRIES, lines('#EXTINF:1,X', 'x', 'a', 'b', 'c'), lines('#EXTINF:2,X', 'x', 'a', 'b', 'c')],
    ['removed', TITLED, lines(HEAD, '#EXTINF:2,B', 'b'), TITLED.replace('1,A', '1,Aa')],
    ['no-playlist', ENTRIES, `${ENTRIES}\0`, `${ENTRIES}x\n`],
    ['no-playlist', ENTRIES, `${ENTRIES}x\ry\n`, `${ENTRIES}x\n`],
    ['no-playlist', ENTRIES, `#EXT-X-VERSION:3\n${ENTRIES}`, `${ENTRIES}x\n`],
    ['long', ENTRIES, 'a\n'.repeat(200_001), `${ENTRIES}x\n`],
  ];
  for (const [why, base, ours, theirs] of rows) {
    assert.deepEqual([base, ours, mergePlaylists(base, ours, theirs)], [base, ours, why]);
    assert.deepEqual([base, theirs, mergePlaylists(base, theirs, ours)], [base, theirs, why]);
  }
});

const someList = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', '#EXTINF:1,T', ''), { maxLength: 9 })
  .map((all) => lines(...all));
const entriesOf = (text: string): string[] => text.split('\n').filter((line) => /^[a-f]$/.test(line));
const times = (text: string, entry: string): number =>
  entriesOf(text).filter((each) => each === entry).length;

test('for any lists: swapped sides give the same, and each entry is there as often as both sides say', () => {
  fc.assert(
    fc.property(someList, someList, someList, (base, ours, theirs) => {
      assert.deepEqual(mergePlaylists(base, ours, ours), { text: ours });
      assert.deepEqual(mergePlaylists(base, ours, base), { text: ours });
      assert.deepEqual(mergePlaylists(base, base, ours), { text: ours });
      const merged = mergePlaylists(base, ours, theirs);
      const swapped = mergePlaylists(base, theirs, ours);
      // Of several reasons it is the first that is met.
      if (typeof merged === 'string') return assert.equal(typeof swapped, 'string');
      assert.deepEqual(swapped, merged);
      for (const entry of 'abcdef') {
        const [b, o, t] = [base, ours, theirs].map((text) => times(text, entry)) as [number, number, number];
        const wanted = Math.min(o, t) < b ? Math.min(o, t) + Math.max(0, Math.max(o, t) - b) : Math.max(o, t);
        assert.equal(times(merged.text, entry), wanted, `${entry} of ${JSON.stringify(merged.text)}`);
      }
    }),
    { seed: SEED, numRuns: 3000 },
  );
});

test('the merger keeps every byte, in whatever encoding', async () => {
  const source = (bytes: Uint8Array): ByteSource => ({
    size: bytes.length,
    read: async (offset, length) => bytes.slice(offset, offset + length),
  });
  const every = Uint8Array.from({ length: 256 }, (_, i) => i).filter((byte) => byte !== 0 && byte !== 13);
  const [base, ours, theirs] = [[], [120, 10], [121, 10]].map((end) =>
    Uint8Array.from([...every, 10, ...end]),
  );
  const found: Finding[] = [];
  const merged = await PLAYLISTS.merge(
    { base: source(base!), ours: source(ours!), theirs: source(theirs!) },
    (finding) => found.push(finding),
  );
  assert.deepEqual([merged, found], [Uint8Array.from([...every, 10, 120, 10, 121, 10]), []]);
  const none = await PLAYLISTS.merge({ ours: source(ours!), theirs: source(theirs!) }, (one) =>
    found.push(one),
  );
  assert.deepEqual([none, found.map(({ code }) => code)], [undefined, ['music/playlist-no-base']]);
});
