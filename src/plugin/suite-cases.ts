/** Part of the contract suite: the bytes that a plugin's code has to survive. */

import type { EntityReader, FilePatterns, TypePlugin } from './api.ts';
import { takes } from './file-patterns.ts';
import { randomBytes } from './suite-random.ts';

/** The files of an entity, path relative to it to content. */
export type Sample = ReadonlyMap<string, Uint8Array>;

/** One call of one function of a plugin. */
export interface SuiteCase {
  readonly of: 'readers' | 'entityReaders' | 'mediaIds' | 'mergers' | 'validate' | 'load';
  /** Which of them. */
  readonly at: number;
  /** What is special about it: `cut off after 12 bytes`. */
  readonly what: string;
  /** The files there are; a reader of one file is asked for the first, a merger for `ours`, `theirs` and `base`. */
  readonly files: Sample;
  /** The first file claims to have so many bytes more, all of them 0. */
  readonly behind?: number;
  /** Cases with one number must have one answer. */
  readonly same?: number;
  /** What a merger answers; `isSure` where undefined is no answer. */
  readonly merged?: { readonly bytes: Uint8Array; readonly isSure: boolean };
}

const HUGE = 2 ** 40;
const SIZES = [1, 2, 3, 7, 16, 100, 1000, 5000, 70_000];
const MANY_FILES = 20_000;
const CUTS = 24;
const FLIPS = 12;

type Bytes = readonly [what: string, bytes: Uint8Array];

/** The module is loaded, and nothing is called. */
export const LOAD: SuiteCase = { of: 'load', at: 0, what: 'its module', files: new Map() };

/** The plugin judges a hundred entities; the answer is what is wrong with that, in sentences. */
export const VALIDATE: SuiteCase = { of: 'validate', at: 0, what: 'a hundred entities', files: new Map() };

export function casesOf(plugin: TypePlugin, samples: readonly Sample[]): SuiteCase[] {
  const files = samples.flatMap((sample) => [...sample]);
  const { readers = [], entityReaders = [], mediaIds = [], mergers = [] } = plugin;
  return [
    ...readers.flatMap(({ files: patterns }, at) => fileCases('readers', at, patterns, files)),
    ...mediaIds.flatMap(({ files: patterns }, at) => fileCases('mediaIds', at, patterns, files)),
    ...entityReaders.flatMap((reader, at) => entityCases(at, reader, samples)),
    ...mergers.flatMap(({ files: patterns }, at) => mergeCases(at, patterns, files)),
  ];
}

/** A path that a pattern takes. */
function exampleOf(pattern: string): string {
  const path = pattern.replaceAll('*', 'a').replace(/^\//, '');
  return path.endsWith('/') ? `${path}a` : path;
}

function fileCases(
  of: 'readers' | 'mediaIds',
  at: number,
  patterns: FilePatterns,
  samples: readonly (readonly [string, Uint8Array])[],
): SuiteCase[] {
  const cases: SuiteCase[] = [];
  const add = (path: string, [what, bytes]: Bytes, more: Partial<SuiteCase> = {}): void => {
    cases.push({ of, at, what: `${path}: ${what}`, files: new Map([[path, bytes]]), ...more });
  };
  const examples = patterns.map(exampleOf);
  for (const bytes of anyBytes()) add(examples[0]!, bytes);
  for (const [path, bytes] of samples) {
    // Bytes of another format come under each name that this one takes.
    if (!takes(patterns, path)) for (const example of examples) add(example, [`'${path}' renamed`, bytes]);
    else addSample(path, bytes, cases.length, of, add);
  }
  if (of === 'readers')
    for (const path of examples) add(path, ['a huge file of zeros', new Uint8Array()], { behind: HUGE });
  return cases;
}

function addSample(
  path: string,
  bytes: Uint8Array,
  same: number,
  of: SuiteCase['of'],
  add: (path: string, bytes: Bytes, more?: Partial<SuiteCase>) => void,
): void {
  add(path, ['as it is', bytes], { same });
  const suffix = path.slice(path.lastIndexOf('/') + 1).replace(/^[^.]*/, '');
  add(`renamed, Ünï 東京${suffix}`, ['as it is, renamed', bytes], { same });
  for (const damaged of damages(bytes)) add(path, damaged);
  if (of === 'readers') add(path, ['with zeros behind it', bytes], { behind: HUGE });
}

function anyBytes(): Bytes[] {
  return [
    ['empty', new Uint8Array()],
    ...SIZES.flatMap((size): Bytes[] => [
      [`${size} zeros`, new Uint8Array(size)],
      [`${size} bytes of 255`, new Uint8Array(size).fill(255)],
      [`${size} bytes of text`, new Uint8Array(size).fill(0x61)],
      [`${size} random bytes`, randomBytes(size, size)],
      [`${size} other random bytes`, randomBytes(size, -size)],
    ]),
  ];
}

/** A content cut off at several places, with some bits turned, and with other bytes behind its beginning. */
function damages(bytes: Uint8Array): Bytes[] {
  const cuts = Array.from({ length: CUTS }, (_, i) => Math.floor((bytes.length * i) / CUTS));
  const close = [1, 2, 4, 8, 12, 16, bytes.length - 1].filter((cut) => cut > 0 && cut < bytes.length);
  const flips = Array.from({ length: FLIPS }, (_, i) => i + 1);
  return [
    ...[...new Set([...cuts, ...close])].map((cut): Bytes => [
      `cut off after ${cut} bytes`,
      bytes.slice(0, cut),
    ]),
    ...flips.map((seed): Bytes => [`damaged (${seed})`, flipped(bytes, seed)]),
    ['random behind its beginning', joined(bytes.slice(0, 12), randomBytes(1000, 12))],
    ['twice', joined(bytes, bytes)],
  ];
}

function flipped(bytes: Uint8Array, seed: number): Uint8Array {
  const copy = bytes.slice();
  // The beginning of a format is where its lengths stand.
  const reach = seed % 2 === 0 ? Math.min(64, copy.length) : copy.length;
  const places = randomBytes(32, seed);
  for (let i = 0; i < 8 && reach > 0; i++) {
    const at = (places[4 * i]! * 65536 + places[4 * i + 1]! * 256 + places[4 * i + 2]!) % reach;
    copy[at] = places[4 * i + 3]!;
  }
  return copy;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function entityCases(at: number, { files: patterns }: EntityReader, samples: readonly Sample[]): SuiteCase[] {
  const cases: SuiteCase[] = [];
  const add = (what: string, files: Sample, more: Partial<SuiteCase> = {}): void => {
    cases.push({ of: 'entityReaders', at, what, files, ...more });
  };
  add('no files', new Map());
  const many = Array.from({ length: MANY_FILES }, (_, i) => [`folder/${i}.a`, new Uint8Array()] as const);
  add('many files', new Map(many));
  const examples = patterns.map(exampleOf);
  for (const [what, bytes] of anyBytes()) add(what, new Map(examples.map((path) => [path, bytes])));
  for (const sample of samples) addEntity(sample, patterns, cases.length, add);
  return cases;
}

/** What only one side changed, or both in the same way, is known; all else has to be survived. */
function mergeCases(
  at: number,
  patterns: FilePatterns,
  samples: readonly (readonly [string, Uint8Array])[],
): SuiteCase[] {
  const cases: SuiteCase[] = [];
  const add = (
    what: string,
    [base, ours, theirs]: readonly [Uint8Array | undefined, Uint8Array, Uint8Array],
    more: Partial<SuiteCase> = {},
  ): void => {
    const files = new Map([
      ['ours', ours],
      ['theirs', theirs],
    ]);
    if (base !== undefined) files.set('base', base);
    cases.push({ of: 'mergers', at, what, files, ...more });
  };
  const laws = (what: string, base: Uint8Array, changed: Uint8Array, isSure: boolean): void => {
    const merged = { bytes: changed, isSure };
    add(`all ${what}`, [changed, changed, changed], { merged });
    add(`ours ${what}`, [base, changed, base], { merged });
    add(`theirs ${what}`, [base, base, changed], { merged });
    add(`both ${what}, no base`, [undefined, changed, changed], { merged });
  };
  const known = samples.filter(([path]) => takes(patterns, path));
  const bases = [new Uint8Array(), ...known.map(([, bytes]) => bytes)];
  for (const [what, bytes] of anyBytes()) {
    for (const base of bases) {
      laws(what, base, bytes, false);
      add(`${what} and its end`, [base, bytes, bytes.slice(bytes.length >> 1)]);
      add(`${what} and nothing, no base`, [undefined, bytes, new Uint8Array()]);
    }
  }
  for (const [path, bytes] of known) {
    laws(`'${path}'`, new Uint8Array(), bytes, true);
    const all = damages(bytes);
    for (const [i, [what, damaged]] of all.entries()) {
      laws(`'${path}' ${what}`, bytes, damaged, false);
      add(`'${path}' ${what} twice`, [bytes, damaged, all[(i + 1) % all.length]![1]]);
    }
    add(`'${path}' with zeros behind it`, [bytes, bytes, joined(bytes, bytes)], { behind: HUGE });
  }
  return cases;
}

/** Each file in turn is missing, damaged, huge; and all come in another order. */
function addEntity(
  sample: Sample,
  patterns: FilePatterns,
  same: number,
  add: (what: string, files: Sample, more?: Partial<SuiteCase>) => void,
): void {
  add('a sample', sample, { same });
  for (const [path, bytes] of sample) {
    const others = [...sample].filter(([other]) => other !== path);
    add(`without '${path}'`, new Map(others));
    if (!takes(patterns, path)) continue;
    for (const [what, damaged] of damages(bytes))
      add(`'${path}' ${what}`, new Map([[path, damaged], ...others]));
    add(`'${path}' with zeros behind it`, new Map([[path, bytes], ...others]), { behind: HUGE });
  }
}
