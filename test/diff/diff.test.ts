/** What a person would say happened between two states of a directory. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changesOf, kindOf, Tally } from '../../src/diff/diff.ts';
import type { Change } from '../../src/model/change.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Entry, FileEntry, LinkEntry, Manifest } from '../../src/model/manifest.ts';
import { compareBytes, type Name } from '../../src/model/name.ts';
import { nameOf, type RepositoryPath } from '../../src/model/path.ts';
import { line, type Value } from '../../src/model/value.ts';

const SEED = 20261122;

const FILE: FileEntry = {
  kind: 'file',
  blake3: 'a'.repeat(64) as ContentId,
  size: 3,
  mtime: '2026-11-22T00:00:00Z' as Instant,
  mode: 0o644,
};
const LINK: LinkEntry = { kind: 'link', target: 'a' };
const OTHER = 'b'.repeat(64) as ContentId;
const LATER = '2026-11-22T00:00:01Z' as Instant;

function file(changed: Partial<FileEntry> = {}): FileEntry {
  return { ...FILE, ...changed };
}

function more(value: Value): ReadonlyMap<string, Value> {
  return new Map([['flac', value]]);
}

test('a file or link at one name is changed, has another mode, or only other metadata', () => {
  const attributes = {
    owner: 'ada',
    group: 'users',
    acl: 'user:bob:r--',
    xattrs: new Map([['user.x', 'AA==']]),
  };
  const rows: [what: string, before: Entry, after: Entry, kind: string | undefined][] = [
    ['nothing', file(), file(), undefined],
    ['content', file(), file({ blake3: OTHER }), 'changed'],
    ['content and all else', file(), file({ blake3: OTHER, mtime: LATER, mode: 0o600 }), 'changed'],
    ['size alone', file(), file({ size: 4 }), 'changed'],
    ['mode', file(), file({ mode: 0o755 }), 'mode'],
    ['mode and time', file(), file({ mode: 0o755, mtime: LATER }), 'mode'],
    ['time', file(), file({ mtime: LATER }), 'metadata'],
    ['a group of hard links', file(), file({ same: '0123456789abcdef' }), 'metadata'],
    ['an entity', file(), file({ entity: { id: '01jdb3k2x9q4n8v7', type: 'music' } }), 'metadata'],
    ['owner', file(), file({ owner: 'ada' }), 'metadata'],
    ['extended attributes', file(attributes), file({ ...attributes, xattrs: new Map() }), 'metadata'],
    [
      'equal attributes',
      file(attributes),
      file({ ...attributes, xattrs: new Map([['user.x', 'AA==']]) }),
      undefined,
    ],
    ['another id', file({ more: more('1') }), file({ more: more('2') }), 'metadata'],
    [
      'equal keys, in line maps',
      file({ more: more(line([['a', 1]])) }),
      file({ more: more(line([['a', 1]])) }),
      undefined,
    ],
    [
      'other keys, in line maps',
      file({ more: more(line([['a', 1]])) }),
      file({ more: more(line([['a', 2]])) }),
      'metadata',
    ],
    ['a number that becomes a text', file({ more: more(1) }), file({ more: more('1') }), 'metadata'],
    ['a link that stays', LINK, { ...LINK }, undefined],
    ['a target', LINK, { ...LINK, target: 'b' }, 'changed'],
    ['the owner of a link', LINK, { ...LINK, owner: 'ada' }, 'metadata'],
    ['a link that becomes a file', LINK, file(), 'retyped'],
    ['a file that becomes a link', file(), LINK, 'retyped'],
  ];
  for (const [what, before, after, kind] of rows) assert.equal(kindOf(before, after), kind, what);
});

function manifest(files: Readonly<Record<string, Entry>>, changed: Partial<Manifest> = {}): Manifest {
  const sorted = Object.entries(files).sort(([a], [b]) => compareBytes(a, b));
  return { mode: 0o755, files: new Map(sorted as [Name, Entry][]), ...changed };
}

function told(path: string, before: Manifest | undefined, after: Manifest | undefined): string[] {
  const changes = [...changesOf({ path: path as RepositoryPath, before, after })];
  return changes.map(({ kind, what, path: at, files, bytes }) =>
    [kind, what, at, ...(files === undefined ? [] : [files, bytes])].join(' ').trim(),
  );
}

test('a directory is told first, then its files by the bytes of their names', () => {
  const two = manifest({ b: file(), a: LINK });
  const rows: [what: string, before: Manifest | undefined, after: Manifest | undefined, told: string[]][] = [
    ['nothing at all', undefined, undefined, []],
    ['nothing', two, two, []],
    ['it came', undefined, two, ['added directory d 2 3', 'added link d/a', 'added file d/b']],
    ['it went', two, undefined, ['removed directory d 2 3', 'removed link d/a', 'removed file d/b']],
    ['it came empty', undefined, manifest({}), ['added directory d 0 0']],
    ['its mode', two, { ...two, mode: 0o700 }, ['mode directory d']],
    ['its owner', two, { ...two, owner: 'ada' }, ['metadata directory d']],
    [
      'its entity',
      two,
      { ...two, entity: { id: '01jdb3k2x9q4n8v7', type: 'music' } },
      ['metadata directory d'],
    ],
    ['keys nobody knows', two, { ...two, more: more('x') }, ['metadata directory d']],
    ['mode and owner', two, { ...two, mode: 0o700, owner: 'ada' }, ['mode directory d']],
    [
      'some of each',
      manifest({ a: file(), b: file(), c: file(), é: file() }),
      manifest({ B: file(), b: file({ size: 4 }), c: LINK, é: file({ mode: 0o600 }) }),
      ['added file d/B', 'removed file d/a', 'changed file d/b', 'retyped link d/c', 'mode file d/é'],
    ],
    [
      'names in the order of bytes, which is not that of UTF-16',
      manifest({}),
      manifest({ '\u{1f3b5}': file(), '\uffee': file(), '\udcff': file() }),
      ['added file d/\uffee', 'added file d/\u{1f3b5}', 'added file d/\udcff'],
    ],
  ];
  for (const [what, before, after, expected] of rows)
    assert.deepEqual(told('d', before, after), expected, what);
  assert.deepEqual(told('', undefined, two), ['added directory  2 3', 'added link a', 'added file b']);
});

test('a summary counts files and links, and other texts; a directory by what is in it', () => {
  const tally = new Tally();
  const before = manifest({ a: file(), b: file(), c: LINK, d: file() });
  const after = manifest({ b: file({ size: 4 }), c: file(), d: file({ mtime: LATER }), e: LINK });
  for (const change of changesOf({ path: '' as RepositoryPath, before, after })) tally.add(change);
  for (const change of changesOf({ path: 'new' as RepositoryPath, before: undefined, after }))
    tally.add(change);
  tally.add({ kind: 'metadata', what: 'text', path: '.dbk/index/policy.yaml' as RepositoryPath });
  tally.add({ kind: 'moved', what: 'file', path: 'x' as RepositoryPath });
  assert.deepEqual(tally.summary, { added: 5, changed: 3, moved: 1, removed: 1, metadata: 1 });
});

// ---- Laws

const PLAIN = { noNullPrototype: true };
const names = fc.constantFrom(
  'a',
  'b',
  'A',
  '.git',
  'é',
  'e\u0301',
  '\u{1f3b5}',
  '\uffee',
  '\udcff',
  '__proto__',
  'constructor',
);
const entries: fc.Arbitrary<Entry> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('file' as const),
      blake3: fc.constantFrom(FILE.blake3!, OTHER),
      size: fc.constantFrom(0, 3),
      mtime: fc.constantFrom(FILE.mtime, LATER),
      mode: fc.constantFrom(0o644, 0o600),
    },
    PLAIN,
  ),
  fc.record({ kind: fc.constant('link' as const), target: fc.constantFrom('a', 'b') }, PLAIN),
);
const manifests = fc
  .tuple(fc.array(fc.tuple(names, entries)), fc.constantFrom(0o755, 0o700))
  .map(([files, mode]): Manifest => {
    const sorted = [...new Map(files)].sort(([a], [b]) => compareBytes(a, b));
    return { mode, files: new Map(sorted as [Name, Entry][]) };
  });
const states = fc.option(manifests, { nil: undefined });

function changesBetween(before: Manifest | undefined, after: Manifest | undefined): Change[] {
  return [...changesOf({ path: 'd' as RepositoryPath, before, after })];
}

test('every path is in at most one change, and exactly what differs is told', () => {
  const law = fc.property(states, states, (before, after) => {
    const changes = changesBetween(before, after);
    const paths = changes.map(({ path }) => path);
    assert.equal(new Set(paths).size, paths.length);
    assert.deepEqual(paths, [...paths].sort(compareBytes));
    const all = new Set([...(before?.files.keys() ?? []), ...(after?.files.keys() ?? [])]);
    for (const name of all) {
      const isSame = JSON.stringify(before?.files.get(name)) === JSON.stringify(after?.files.get(name));
      assert.equal(paths.includes(`d/${name}` as RepositoryPath), !isSame, name);
    }
    assert.equal(paths.includes('d' as RepositoryPath), before?.mode !== after?.mode);
  });
  fc.assert(law, { seed: SEED, numRuns: 1000 });
});

test('the changes applied to the state before give the state after', () => {
  const law = fc.property(states, states, (before, after) => {
    const files = new Map(before?.files);
    for (const { path, what, before: old, after: now } of changesBetween(before, after)) {
      if (what === 'directory') continue;
      assert.deepEqual(files.get(nameOf(path)), old);
      if (now === undefined) files.delete(nameOf(path));
      else files.set(nameOf(path), now);
    }
    const sorted = [...files].sort(([a], [b]) => compareBytes(a, b));
    assert.deepEqual(sorted, [...(after?.files ?? [])]);
  });
  fc.assert(law, { seed: SEED, numRuns: 1000 });
});

test('the way back takes everything back', () => {
  const opposite: Readonly<Record<string, string>> = { added: 'removed', removed: 'added' };
  const law = fc.property(states, states, (before, after) => {
    const there = changesBetween(before, after).map(({ kind, path }) => `${opposite[kind] ?? kind} ${path}`);
    const back = changesBetween(after, before).map(({ kind, path }) => `${kind} ${path}`);
    assert.deepEqual(back, there);
  });
  fc.assert(law, { seed: SEED, numRuns: 500 });
});
