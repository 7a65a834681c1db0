/** Random texts, names and values that a dbk text may hold, the nasty ones more often than chance would. */

import fc from 'fast-check';
import type { CommitId, ContentId } from '../../src/model/id.ts';
import { instantOf } from '../../src/model/instant.ts';
import { bytesOfName, nameOfBytes, type Name } from '../../src/model/name.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { block, line, type LineMap, type Value } from '../../src/model/value.ts';
import { isComponent, isPlainUnicode } from '../../src/text/names.ts';
import { NASTY_BLOCKS, NASTY_TEXTS } from './nasty.ts';

/** One seed for all laws: a failure comes again. */
export const SEED = 20261122;

const pieces = fc.constantFrom(...'aexob01_.-+  :#"\\\',{]%\t~é', '😀');

/** One line that a value may hold. */
export const someLine: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY_TEXTS),
  fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
  fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .filter((text) => isPlainUnicode(text) && !text.includes('\n')),
  fc.stringMatching(/^[a-z0-9][a-z0-9 ._-]{0,20}$/),
);

/** Any text that a value may hold. */
export const someText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: someLine },
  { weight: 1, arbitrary: fc.constantFrom(...NASTY_BLOCKS) },
  { weight: 1, arbitrary: fc.array(someLine, { minLength: 2, maxLength: 5 }).map((all) => all.join('\n')) },
);

export const someNonempty = someText.filter((text) => text !== '');

export const someNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 9, 10, 644, Number.MAX_SAFE_INTEGER),
  fc.nat(),
  fc.maxSafeNat(),
);

/** A value on one line. */
export const someFlow: fc.Arbitrary<Value> = fc.letrec<{ flow: Value; map: LineMap }>((tie) => ({
  flow: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: fc.oneof(someText, someNumber) },
    { weight: 1, arbitrary: tie('map') },
    { weight: 1, arbitrary: fc.array(tie('flow'), { maxLength: 3 }) },
  ),
  map: entriesOf(tie('flow')).map(line),
})).flow;

const someLineMap = entriesOf(someFlow).map((all) => (all.length === 0 ? block([]) : line(all)));

/** A value of an entry. A map without entries is a block map there. */
export const someValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: fc.oneof(someText, someNumber) },
    { weight: 1, arbitrary: someLineMap },
    { weight: 1, arbitrary: fc.array(someFlow, { maxLength: 3 }) },
    { weight: 2, arbitrary: entriesOf(tie('value')).map(block) },
  ),
})).value;

export function entriesOf(value: fc.Arbitrary<Value>): fc.Arbitrary<[string, Value][]> {
  return fc.uniqueArray(fc.tuple(shortEnough(someText), value), { maxLength: 4, selector: ([key]) => key });
}

/** A key, which may not be longer than 1000 characters when it is written. */
export function shortEnough(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return text.filter(({ length }) => length < 450);
}

/** Keys that formats know: no unknown key is called so. */
const KNOWN: ReadonlySet<string> = new Set(
  (
    'dbk entity mode owner group acl xattrs directories files blake3 size mtime link same id type from to by parent ' +
    'parents index changes author repository date moved forgotten summary message added changed removed metadata ' +
    'folders record copies groups version top merge boundaries fields of min max doc at marker kind paths ids field ' +
    'commits kept name serial reach volume head want verified free trust holds absent missing extra older as path ' +
    'label ssh jump rclone not tag is guard confirm keep age command before after steps undoes do was host boot pid ' +
    'started since inode born target aside'
  ).split(' '),
);

/** Unknown keys, or none; `value` as it may stand there. */
export function someMore(value: fc.Arbitrary<Value>): fc.Arbitrary<{ more?: ReadonlyMap<string, Value> }> {
  const key = fc.oneof(someText, fc.constantFrom('flac', 'sha256', 'zz', 'aa'));
  const entries = fc.uniqueArray(
    fc.tuple(
      shortEnough(key).filter((text) => !KNOWN.has(text)),
      value,
    ),
    { minLength: 1, maxLength: 3, selector: ([text]) => text },
  );
  return fc.option(
    entries.map((all) => ({ more: new Map(all) })),
    { nil: {}, freq: 2 },
  );
}

/** The object with each of the keys or without it. */
export function optionally<T extends object>(keys: {
  [P in keyof T]: fc.Arbitrary<T[P]>;
}): fc.Arbitrary<Partial<T>> {
  return fc.record(keys, { requiredKeys: [] }) as unknown as fc.Arbitrary<Partial<T>>;
}

/** A name of any bytes that a directory can hold. */
export const someName: fc.Arbitrary<Name> = fc
  .oneof(
    someText.map((text) => text.replaceAll('/', '')),
    fc.uint8Array({ min: 1, minLength: 1, maxLength: 12 }).map(nameOfBytes),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
    fc.constantFrom('\x7f'.repeat(255), '"'.repeat(255), '%'.repeat(255), 'é'.repeat(127)),
  )
  .chain((name) => fc.constantFrom(name, `${name}\udcff`))
  .filter((name): name is Name => isSpelledOnce(name) && isComponent(name));

/** Whether a string is what `nameOfBytes` gives: with surrogates for single bytes only. */
export function isSpelledOnce(name: string): boolean {
  return nameOfBytes(bytesOfName(name)) === name && !name.includes('\0');
}

/** What any bytes but NUL are held as: a link's target. */
export const someBytes: fc.Arbitrary<string> = fc
  .oneof(someNonempty, someName)
  .filter((text) => isSpelledOnce(text));

export const somePath: fc.Arbitrary<RepositoryPath> = fc
  .array(someName, { minLength: 1, maxLength: 3 })
  .map((names) => names.join('/') as RepositoryPath);

export const somePathOrFolder: fc.Arbitrary<string> = fc
  .tuple(somePath, fc.constantFrom('', '/'))
  .map(([path, end]) => `${path}${end}`);

/** Hexadecimal digits, among them such that look like a number. */
export function hex(length: number): fc.Arbitrary<string> {
  const any = fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
  return fc.oneof(
    { weight: 6, arbitrary: any },
    { weight: 1, arbitrary: fc.constantFrom('1'.repeat(length), `0b${'1'.repeat(length - 2)}`) },
    { weight: 1, arbitrary: any.map((digits) => `0b${digits.slice(2)}`) },
    { weight: 1, arbitrary: any.map((digits) => `${digits.replace(/[a-f]/g, '7').slice(1)}e`) },
  );
}

export const someContent = hex(64) as fc.Arbitrary<ContentId>;
export const someCommitId = hex(64) as fc.Arbitrary<CommitId>;
export const someCommitIdOrNone = fc.option(someCommitId, { nil: '' as const });

const BILLION = 10n ** 9n;
const EDGES = [
  0n,
  -1n,
  1n,
  951782400n * BILLION,
  -62167219200n * BILLION,
  253402300800n * BILLION,
  2n ** 63n,
];

export const someInstant = fc
  .oneof(
    fc.constantFrom(...EDGES),
    fc.bigInt(-(2n ** 63n), 2n ** 63n),
    fc.integer({ min: 0, max: 2 ** 31 }).map((seconds) => BigInt(seconds) * BILLION),
  )
  .map(instantOf);

export const someRepositoryName = fc.oneof(
  fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,40}$/),
  fc.constantFrom('no', '1', '0b1', 'e5', 'laptop', 'a-'),
);
