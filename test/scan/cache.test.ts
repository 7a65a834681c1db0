import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import fc from 'fast-check';
import { nodeDisk } from '../../src/disk/disk.ts';
import { compareBytes, nameOfBytes } from '../../src/model/name.ts';
import { encodeCache, openCache } from '../../src/scan/cache.ts';
import {
  linksOf,
  nameOfRow,
  namesOf,
  pathsOf,
  TableBuilder,
  seenDirectory,
  seenEntry,
  type Seen,
  type Table,
} from '../../src/scan/table.ts';
import { temporary } from '../tools/tree.ts';

/** Numbers as stat gives them, the odd ones included. */
const seen: fc.Arbitrary<Seen> = fc.record(
  {
    size: fc.oneof(fc.nat(), fc.constantFrom(2 ** 53 - 1, 2 ** 40 + 1)),
    mtimeMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
    ctimeMs: fc.double({ noNaN: true, min: -1e13, max: 1e13 }),
    birthtimeMs: fc.constantFrom(0, 1, 1795386999123.4568),
    ino: fc.constantFrom(0, 1, 2 ** 53 - 1, 4294967297),
    mode: fc.integer({ min: 0, max: 0o177777 }),
  },
  { noNullPrototype: true },
);
const name = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => nameOfBytes(bytes.map((byte) => (byte === 0x2f || byte === 0 ? 0x61 : byte))));

interface Row {
  readonly name: string;
  readonly parent: number;
  readonly seen: Seen;
  readonly flags: number;
  readonly entries: readonly {
    readonly name: string;
    readonly seen: Seen;
    readonly flags: number;
    readonly hash: Uint8Array;
  }[];
}

const ODD_NAMES = 16;
const entry = fc.record(
  {
    name,
    seen,
    flags: fc.integer({ min: 0, max: 255 }),
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  },
  { noNullPrototype: true },
);
const rows: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record(
      {
        name,
        parent: fc.nat(),
        seen: seen.map((one) => ({ ...one, size: 0 })),
        flags: fc.integer({ min: 0, max: 255 }).map((flags) => flags & ~ODD_NAMES),
        entries: fc.uniqueArray(entry, { maxLength: 6, selector: (one) => one.name }),
      },
      { noNullPrototype: true },
    ),
    { maxLength: 90 },
  )
  .map((found) =>
    found.map((row, i) => ({
      ...row,
      name: i === 0 ? '' : row.name,
      parent: i === 0 ? -1 : row.parent % i,
      entries: row.entries.slice().sort((a, b) => compareBytes(a.name, b.name)),
    })),
  );

function build(all: readonly Row[]): Table {
  const builder = new TableBuilder(1);
  for (const row of all) {
    builder.addDirectory(row.parent, row.seen, row.flags);
    for (const one of row.entries) {
      const at = builder.addEntry(one.seen, one.flags);
      builder.hashes.set(one.hash, at * 32);
    }
    builder.closeDirectory(
      row.name,
      row.entries.map((one) => one.name),
    );
  }
  return builder.finish();
}

function read(table: Table, hashes: Uint8Array): Row[] {
  return Array.from({ length: table.directories }, (_, row) => {
    const first = table.columns.firstEntry[row]!;
    const [own, ...names] = namesOf(table, row);
    assert.equal(nameOfRow(table, row), own);
    return {
      name: own!,
      parent: table.columns.parent[row]!,
      seen: seenDirectory(table, row),
      flags: table.columns.directoryFlags[row]! & ~ODD_NAMES,
      entries: names.map((one, i) => ({
        name: one,
        seen: seenEntry(table, first + i),
        flags: table.columns.flags[first + i]!,
        hash: Uint8Array.from(hashes.subarray((first + i) * 32, (first + i + 1) * 32)),
      })),
    };
  });
}

test('read(write(table)) is the table: numbers to the bit, names to the byte', (t) => {
  const path = join(temporary(t), 'cache');
  fc.assert(
    fc.property(
      rows,
      fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
      (all, facts) => {
        fs.writeFileSync(path, Buffer.concat([...encodeCache(build(all), facts)]));
        const cache = openCache(nodeDisk, path)!;
        assert.deepEqual(read(cache.table, cache.loadHashes()!), all);
        assert.deepEqual({ ...cache.facts }, { ...facts });
        assert.equal(cache.isDamaged(), false);
      },
    ),
    { seed: 1, numRuns: 150 },
  );
});

test('every row has its path, and its children are linked in order', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const table = build(all);
      const paths = pathsOf(table);
      const links = linksOf(table);
      all.forEach(({ parent, name: own }, row) => {
        const above = parent <= 0 ? '' : `${paths[parent]}/`;
        assert.equal(paths[row], row === 0 ? '' : above + own);
        const children: number[] = [];
        for (let child = links.firstChild[row]!; child !== -1; child = links.nextSibling[child]!)
          children.push(child);
        assert.deepEqual(
          children,
          all.flatMap((other, i) => (i > 0 && other.parent === row ? [i] : [])),
        );
      });
    }),
    { seed: 2, numRuns: 150 },
  );
});

test('no byte of a cache can change what is believed: it is refused, or nothing is different', (t) => {
  const path = join(temporary(t), 'cache');
  const [all] = fc.sample(
    rows.filter((found) => found.length > 3 && found.some(({ entries }) => entries.length > 1)),
    { seed: 3, numRuns: 1 },
  );
  const whole = Buffer.concat([...encodeCache(build(all!), { head: 'x', settings: 'y' })]);
  let refused = 0;
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 << (at % 8);
    fs.writeFileSync(path, damaged);
    const cache = openCache(nodeDisk, path);
    const hashes = cache?.loadHashes();
    assert.equal(cache?.isDamaged() ?? true, hashes === undefined);
    if (hashes === undefined) refused++;
    else
      assert.deepEqual(
        [read(cache!.table, hashes), { ...cache!.facts }],
        [all, { head: 'x', settings: 'y' }],
      );
  }
  assert.ok(refused > whole.length * 0.9, `${refused} of ${whole.length}`);
  for (let length = 0; length < whole.length; length += 7) {
    fs.writeFileSync(path, whole.subarray(0, length));
    assert.equal(openCache(nodeDisk, path)?.loadHashes(), undefined);
  }
  assert.equal(openCache(nodeDisk, join(path, 'nowhere')), undefined);
});
