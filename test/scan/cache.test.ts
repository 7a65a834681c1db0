import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import fc from 'fast-check';
import { nodeDisk } from '../../src/disk/disk.ts';
import { compareBytes, nameOfBytes } from '../../src/model/name.ts';
import { encodeCache, encodeTail, openCache, tailOf, type Cache } from '../../src/scan/cache.ts';
import { refresh, type RefreshRequest } from '../../src/scan/refresh.ts';
import type { Part } from '../../src/scan/scan.ts';
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
import { CLEAN, DIRTY, NEW } from '../../src/scan/walk.ts';
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

/** What a look finds: for each row what becomes of it, what stands in it if that is something else, what is below. */
interface Found {
  readonly mark: number;
  readonly row: Row;
  readonly below: Row | undefined;
}
const found: fc.Arbitrary<Found[]> = fc.array(
  fc.record(
    {
      mark: fc.constantFrom(CLEAN, CLEAN, CLEAN, DIRTY, DIRTY, 0),
      row: rows.filter((all) => all.length > 0).map((all) => all[0]!),
      below: fc.option(
        rows.filter((all) => all.length > 1).map((all) => all[1]!),
        { nil: undefined },
      ),
    },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 30 },
);

/** A look at what a table holds; what is gone takes along what is below. */
function looked(table: Table, all: readonly Found[]): Pick<RefreshRequest, 'cached' | 'scanned'> {
  const marks = new Uint8Array(table.directories);
  const paths = pathsOf(table);
  const rowsFound: { row: Row; path: string; known: number }[] = [];
  for (let row = 0; row < table.directories; row++) {
    const { mark, row: now, below } = all[row % all.length]!;
    if (row > 0 && marks[table.columns.parent[row]!] === 0) continue;
    marks[row] = row === 0 && mark === 0 ? CLEAN : mark;
    if (marks[row] !== DIRTY) continue;
    rowsFound.push({ row: { ...now, name: nameOfRow(table, row) }, path: paths[row]!, known: row });
    const path = below && (paths[row] === '' ? below.name : `${paths[row]}/${below.name}`);
    if (path !== undefined && !paths.includes(path)) rowsFound.push({ row: below!, path, known: -1 });
  }
  const seen = build(rowsFound.map(({ row }) => ({ ...row, parent: -1 })));
  const part: Partial<Part> = {
    table: seen,
    paths: rowsFound.map(({ path }) => path),
    cachedRows: Int32Array.from(rowsFound, ({ known }) => known),
    hashes: seen.hashes!,
    origins: new Int32Array(seen.entries).fill(-1),
    states: new Uint8Array(seen.entries).fill(NEW),
  };
  return { cached: table, scanned: { parts: [part as Part], marks } };
}

const ALWAYS = {
  isExpected: (path: string) => path.length % 3 === 0,
  isRecorded: () => true,
  isInIndex: () => false,
  always: true,
};

test('a tail says what a whole new cache would say, also one that follows another', (t) => {
  const folder = temporary(t);
  const paths = ['tail', 'whole'].map((name) => join(folder, name));
  fc.assert(
    fc.property(rows, fc.array(found, { minLength: 1, maxLength: 3 }), (all, looks) => {
      fs.rmSync(tailOf(paths[0]!), { force: true });
      for (const path of paths) fs.writeFileSync(path, Buffer.concat([...encodeCache(build(all), {})]));
      for (const [i, look] of looks.entries()) {
        const [short, whole] = paths.map((path) => openCache(nodeDisk, path)!) as [Cache, Cache];
        const tail = refresh({ ...ALWAYS, ...looked(short.table, look), ...short });
        const { loadHashes } = whole;
        const anew = refresh({ ...ALWAYS, ...looked(whole.table, look), loadHashes });
        const facts = { head: `${i}` };
        const pieces = [...encodeTail(tail.table, facts, short.base!)];
        fs.writeFileSync(tailOf(paths[0]!), Buffer.concat(pieces));
        fs.writeFileSync(paths[1]!, Buffer.concat([...encodeCache(anew.table, facts)]));
        const [joined, expected] = paths.map((path) => openCache(nodeDisk, path)!) as [Cache, Cache];
        assert.deepEqual(
          [read(joined.table, joined.loadHashes()!), { ...joined.facts }],
          [read(expected.table, expected.loadHashes()!), facts],
        );
        assert.deepEqual(believed(joined), believed(expected));
      }
    }),
    { seed: 4, numRuns: 50 },
  );
});

/** What somebody learns who goes through all entries. */
function believed({ table }: Cache): string[] {
  const { flags, inode, size } = table.columns;
  const all = Array.from(flags, (flag, entry) => `${flag} ${inode[entry]} ${size[entry]}`);
  return all.filter((_, entry) => flags[entry] !== 0).sort();
}

test('a tail that is torn, damaged or of another cache is as none: what it follows is believed alone', (t) => {
  const path = join(temporary(t), 'cache');
  const [all] = fc.sample(
    rows.filter((some) => some.length > 5 && some.some(({ entries }) => entries.length > 1)),
    { seed: 5, numRuns: 1 },
  );
  const old = { head: 'old' };
  fs.writeFileSync(path, Buffer.concat([...encodeCache(build(all!), old)]));
  const cache = openCache(nodeDisk, path)!;
  const [look] = fc.sample(
    found.filter((some) => some[0]!.mark === DIRTY),
    { seed: 6, numRuns: 1 },
  );
  const { table } = refresh({ ...ALWAYS, ...looked(cache.table, look!), ...cache });
  const tail = Buffer.concat([...encodeTail(table, { head: 'new' }, cache.base!)]);
  const answer = (): unknown => {
    const { table: now, loadHashes, facts } = openCache(nodeDisk, path)!;
    return [read(now, loadHashes()!), { ...facts }];
  };
  const before = answer();
  fs.writeFileSync(tailOf(path), tail);
  const after = answer();
  assert.notDeepEqual(after, before);
  let refused = 0;
  for (let at = 0; at < tail.length; at += 3) {
    const damaged = Buffer.from(tail);
    damaged[at]! ^= 1 << (at % 8);
    fs.writeFileSync(tailOf(path), damaged);
    const is = answer();
    if ((is as [unknown, { head: string }])[1].head === 'old') refused++;
    assert.deepEqual(is, (is as [unknown, { head: string }])[1].head === 'old' ? before : after);
  }
  assert.ok(refused * 3 > tail.length * 0.9, `${refused * 3} of ${tail.length}`);
  for (let length = 0; length < tail.length; length += 7) {
    fs.writeFileSync(tailOf(path), tail.subarray(0, length));
    assert.deepEqual(answer(), before);
  }
  fs.writeFileSync(tailOf(path), tail);
  fs.writeFileSync(path, Buffer.concat([...encodeCache(build(all!), { head: 'another' })]));
  assert.deepEqual(answer(), [(before as [unknown])[0], { head: 'another' }]);
});
