import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { dupes, type Group } from '../../src/flow/dupes.ts';
import { Groups, idsOf, type Copy } from '../../src/flow/dupes-groups.ts';
import { Repeated } from '../../src/flow/dupes-rows.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { commitAll, newRepository, put, remove } from './fixture.ts';

before(() => loadBlake3());

async function groupsOf(repository: Repository, ...paths: readonly string[]): Promise<readonly Group[]> {
  const { groups, problems } = await dupes(repository, paths as readonly RepositoryPath[]);
  assert.deepEqual(problems, []);
  return groups;
}

/** `5 content a b`. */
function wordsOf({ kind, wasted, copies }: Group): string {
  return [wasted, kind, ...copies.map(({ path }) => path)].join(' ');
}

test('the same content in several places is told, what wastes most first', async (t) => {
  const repository = await newRepository(t);
  assert.deepEqual(await groupsOf(repository), []);
  put(repository.root, {
    'a/1': 'same',
    'b/1': 'same',
    'b/2': 'same',
    'c/1': 'longer content',
    'd e/1': 'longer content',
    alone: 'alone',
    'empty 1': '',
    'empty 2': '',
    'link 1': '-> a/1',
    'link 2': '-> a/1',
  });
  await commitAll(repository);
  const longer = '14 content c/1 d e/1';
  const same = '8 content a/1 b/1 b/2';
  assert.deepEqual((await groupsOf(repository)).map(wordsOf), [longer, same]);
  assert.deepEqual((await groupsOf(repository, 'b')).map(wordsOf), ['4 content b/1 b/2']);
  assert.deepEqual((await groupsOf(repository, 'a/1', 'b/2', 'c')).map(wordsOf), ['4 content a/1 b/2']);
  assert.deepEqual(await groupsOf(repository, 'a'), []);
  const [group] = await groupsOf(repository, 'c', 'd e');
  const blake3 = digest('longer content');
  const copies = ['c/1', 'd e/1'].map((path) => ({ path, blake3, size: 14 }));
  assert.deepEqual(group, { kind: 'content', by: 'blake3', id: blake3, wasted: 14, copies });
  // From the index alone.
  remove(repository.root, 'c');
  assert.equal((await groupsOf(repository)).length, 2);
});

test('hard links of one another waste nothing', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { a: 'linked', c: 'twice' });
  fs.linkSync(join(repository.root, 'a'), join(repository.root, 'b'));
  fs.linkSync(join(repository.root, 'c'), join(repository.root, 'd'));
  put(repository.root, { e: 'twice' });
  await commitAll(repository);
  const [group, ...others] = await groupsOf(repository);
  assert.deepEqual([wordsOf(group!), others], ['5 content c d e', []]);
  const [c, d, e] = group!.copies;
  assert.ok(c!.same !== undefined && c!.same === d!.same && e!.same === undefined);
});

const KEYS = ['blake3', 'flac', 'sha'];

/** A file with ids of one digit. */
function copyOf(
  index: number,
  ids: readonly number[],
  size: number,
): { copy: Copy; ids: readonly [string, string][] } {
  const spelled = ids.map((id, i) => [KEYS[i]!, `${id}`.repeat(64)] as [string, string]);
  return {
    copy: { path: `f${index}` as RepositoryPath, blake3: spelled[0]![1] as ContentId, size },
    ids: spelled,
  };
}

test('the same media with other tags is a group of its own', () => {
  const groups = new Groups();
  const files: readonly (readonly [readonly number[], number])[] = [
    [[1, 7, 3], 100],
    [[1, 7, 3], 100],
    [[2, 7, 3], 110],
    [[4, 8], 50],
    [[5, 9], 50],
  ];
  for (const [i, [ids, size]] of files.entries()) {
    const made = copyOf(i, ids, size);
    for (const [by, id] of made.ids) groups.add(by, id, made.copy);
  }
  assert.deepEqual(
    groups.sorted().map((group) => `${wordsOf(group)} ${group.by}`),
    [
      '100 content f0 f1 blake3',
      // The content that is there twice is in the other group: here the smaller of two contents is too much.
      '100 media f0 f1 f2 flac',
    ],
  );
});

test('ids are those that look like one', () => {
  const id = 'ab'.repeat(32) as ContentId;
  const more = new Map<string, string | number>([
    ['flac', '0123456789abcdef'],
    ['note', 'abc'],
    ['number', 1234567890123456],
    ['Sha', 'ABCDEF0123456789'],
  ]);
  const file = { kind: 'file', blake3: id, size: 1, mtime: '' as Instant, mode: 0, more } as const;
  assert.deepEqual(idsOf(file), [
    ['blake3', id],
    ['flac', '0123456789abcdef'],
  ]);
});

test('what is repeated is what a map says is repeated', () => {
  const id = fc.nat({ max: 40 }).map((number) => digest(`${number}`));
  const property = fc.property(fc.array(id, { maxLength: 60 }), fc.nat(60), fc.nat(60), (ids, from, to) => {
    const repeated = new Repeated();
    const counts = new Map<string, number>();
    for (const each of ids) {
      repeated.push(each);
      counts.set(each, (counts.get(each) ?? 0) + 1);
    }
    for (let number = 0; number <= 40; number++) {
      const each = digest(`${number}`);
      assert.equal(repeated.has(each), (counts.get(each) ?? 0) > 1);
    }
    const end = Math.min(to, ids.length);
    assert.equal(
      repeated.hasAny(from, end),
      ids.slice(from, end).some((each) => counts.get(each)! > 1),
    );
  });
  fc.assert(property);
});

test('it holds when it grows', () => {
  const repeated = new Repeated();
  for (let i = 0; i < 30_000; i++) repeated.push(digest(`${i % 20_000}`));
  assert.equal(repeated.length, 30_000);
  for (let i = 0; i < 20_000; i += 7) assert.equal(repeated.has(digest(`${i}`)), i < 10_000);
});

test('the groups of a tree are those of a list of all its files', async (t) => {
  const repository = await newRepository(t);
  const path = fc.stringMatching(/^[ab](?:\/[ab]){0,2}$/);
  const property = fc.asyncProperty(
    fc.dictionary(path, fc.constantFrom('', 'x', 'yy', 'zzz')),
    async (files) => {
      for (const name of ['a', 'b']) remove(repository.root, name);
      const kept = Object.entries(files).filter(
        ([one]) => !Object.keys(files).some((other) => other.startsWith(`${one}/`)),
      );
      put(repository.root, Object.fromEntries(kept));
      await commitAll(repository);
      const expected = ['zzz', 'yy', 'x'].flatMap((content) => {
        const places = kept
          .filter(([, each]) => each === content)
          .map(([each]) => each)
          .sort();
        return places.length < 2 ? [] : [{ wasted: (places.length - 1) * content.length, places }];
      });
      const found = (await groupsOf(repository)).map(({ wasted, copies }) => ({
        wasted,
        places: copies.map((each) => each.path),
      }));
      const byPlace = (a: { places: readonly string[] }, b: { places: readonly string[] }): number =>
        a.places[0]! < b.places[0]! ? -1 : 1;
      assert.deepEqual([...found].sort(byPlace), expected.sort(byPlace));
      assert.deepEqual(
        found.map(({ wasted }) => wasted),
        found.map(({ wasted }) => wasted).sort((a, b) => b - a),
      );
    },
  );
  await fc.assert(property, { numRuns: 30 });
});
