/** What names are called on volumes that cannot have them, and that each is found again. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { nameOfBytes, type Name } from '../../src/model/name.ts';
import { childOf, isName, ROOT, type RepositoryPath } from '../../src/model/path.ts';
import { FAITHFUL, POOREST, type Rendering } from '../../src/model/rendering.ts';
import { fold } from '../../src/text/fold.ts';
import type { Renamed } from '../../src/text/repository.ts';
import { VolumeNames } from '../../src/text/volume-names.ts';

before(() => loadBlake3());

function namesOf(rendering: Rendering = POOREST, lines: readonly Renamed[] = []): VolumeNames {
  return new VolumeNames(rendering, digest, lines);
}

const CALLED: readonly (readonly [name: string, there: string])[] = [
  ['plain.flac', 'plain.flac'],
  ['what?.flac', 'what%3F.flac'],
  ['a:b', 'a%3Ab'],
  ['tab\there', 'tab%09here'],
  ['dot.', 'dot%2E'],
  ['blank ', 'blank%20'],
  ['50%', '50%'],
  ['50%20', '50%2520'],
  ['what%3F.flac', 'what%253F.flac'],
  [nameOfBytes(Uint8Array.of(0x62, 0xff)), 'b%FF'],
];

for (const [name, there] of CALLED) {
  test(`${JSON.stringify(name)} is called ${JSON.stringify(there)}, wherever it is`, () => {
    const names = namesOf();
    assert.equal(names.placeOf(`d/${name}/x` as RepositoryPath), `d/${there}/x`);
    assert.equal(names.meaningOf('elsewhere' as RepositoryPath, there as Name), name);
    assert.equal(namesOf(FAITHFUL).placeOf(name as RepositoryPath), name);
  });
}

test('of names that the volume takes for one, all but the first have a mark, also when their folder moves', () => {
  const names = namesOf();
  const folder = 'd' as RepositoryPath;
  const [stands, ...coming] = ['Case', 'case', 'CASE'] as Name[] as [Name, ...Name[]];
  names.make(folder, coming, () => [stands]);
  const made = [stands, ...coming].map((name) => childOf(folder, name));
  const there = made.map((path) => names.placeOf(path));
  assert.equal(there[0], 'd/Case');
  assert.match(there[1]!, /^d\/case%~[0-9a-f]{8}$/);
  assert.equal(new Set(there.map(fold)).size, 3);
  names.moved('d' as RepositoryPath, 'e/f' as RepositoryPath);
  assert.equal(names.placeOf('e/f/case' as RepositoryPath), there[1]!.replace('d/', 'e/f/'));
  assert.equal(names.meaningOf('new' as RepositoryPath, there[1]!.slice(2) as Name), 'case');
  assert.equal(names.placeOf('new/case' as RepositoryPath), there[1]!.replace('d/', 'new/'));
  assert.equal(names.placeOf('other/case' as RepositoryPath), 'other/case');
});

test("what stays has its name; what goes, and what comes in its own place, is in nobody's way", () => {
  const names = namesOf();
  const folder = 'd' as RepositoryPath;
  const all = ['b', 'B', 'c', 'D?'] as Name[];
  names.make(folder, all, () => ['B', 'c'] as Name[]);
  const there = all.map((name) => names.placeOf(childOf(folder, name)));
  assert.match(there.join(' '), /^d\/b%~[0-9a-f]{8} d\/B d\/c d\/D%3F$/);
});

test('what another repository says leads nowhere else', () => {
  for (const as of ['../../etc', '/etc', 'a/.dbk', 'a/..', 'a//b', 'x/y/z', ''])
    assert.equal(
      namesOf(POOREST, [{ path: 'a/b' as RepositoryPath, as }]).placeOf('a/b' as RepositoryPath),
      'a/b',
    );
});

test('names of any bytes: all are names that the volume can have, no two are one, and lines give them back', () => {
  const unit = fc.constantFrom(...'aA%?:. 3F~é~0', '\u0301', '\udcff', '\u0001');
  const some = fc.string({ unit, minLength: 1, maxLength: 6 });
  const siblings = fc.uniqueArray(
    some.filter((name) => isName(name)),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(siblings, (listed) => {
      const names = namesOf();
      const paths = [...listed].sort() as unknown as RepositoryPath[];
      names.make(ROOT, paths as unknown as Name[], () => []);
      const there = paths.map((path) => names.placeOf(path));
      assert.equal(new Set(there.map(fold)).size, paths.length, JSON.stringify(there));
      for (const name of there) assert.ok(!/[\u0001-\u001f<>:"|?*\\\udcff]|[. ]$/.test(name), name);
      const again = namesOf(
        POOREST,
        names.lines(() => true),
      );
      assert.deepEqual(
        paths.map((path) => again.placeOf(path)),
        there,
      );
      assert.deepEqual(
        there.map((name) => again.meaningOf('' as RepositoryPath, name as Name)),
        paths,
      );
    }),
  );
});

test('what a person calls so is called so, and a line says it', () => {
  const names = namesOf();
  const path = 'd/page%3Fid=1' as RepositoryPath;
  assert.equal(names.meaningOf('d' as RepositoryPath, 'page%3Fid=1' as Name), 'page%3Fid=1');
  assert.equal(names.placeOf(path), path);
  const lines = names.lines(() => true);
  assert.deepEqual(lines, [{ path, as: path }]);
  assert.equal(namesOf(POOREST, lines).placeOf(path), path);
});
