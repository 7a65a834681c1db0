/** Which names a case-insensitive or normalising file system takes for one: those whose folds are equal. */

import { CLASSES, DECOMPOSITIONS, FOLDINGS, FULL_FOLDINGS } from './fold-table.ts';

type Sequences = ReadonlyMap<number, readonly number[]>;

interface Tables {
  readonly decompositions: Sequences;
  readonly classes: ReadonlyMap<number, number>;
  readonly foldings: Sequences;
}

/** Hangul syllables are arithmetic (The Unicode Standard, 3.12): leading, vowel and trailing parts from an index. */
const HANGUL = {
  first: 0xac00,
  count: 11172,
  lead: 0x1100,
  vowel: 0x1161,
  trail: 0x11a7,
  vowels: 21,
  trails: 28,
};

/** Nothing below it has a combining class. */
const FIRST_MARK = 0x300;

/**
 * Default_Ignorable_Code_Point of Unicode 14.0, as first and last: what file systems that fold (ext4's casefold,
 * HFS+) leave out when they compare names.
 */
const IGNORABLE: readonly (readonly [number, number])[] = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfff8],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

const ASCII = /^[\0-\x7f]*$/;
const tables = once(decodeTables);

/**
 * Without default ignorable code points: canonical decomposition, full case folding, canonical decomposition again,
 * by Unicode 14.0.
 *
 * The tables are dbk's own because folds decide what texts are called: they must be the same under every engine,
 * so neither `normalize` nor `toLowerCase` sees anything but ASCII. Bytes that are not UTF-8 fold to themselves.
 * (With the tables of 14.0 the last decomposition changes nothing; it is there because the definition has it.)
 */
export function fold(name: string): string {
  if (ASCII.test(name)) return name.toLowerCase();
  return textOf(decompose(foldCase(decompose(codePointsOf(name).filter((code) => !isIgnorable(code))))));
}

function isIgnorable(code: number): boolean {
  return code >= IGNORABLE[0]![0] && IGNORABLE.some(([first, last]) => code >= first && code <= last);
}

/** Canonical decomposition (NFD) by Unicode 14.0. */
export function canonicalDecomposition(text: string): string {
  return ASCII.test(text) ? text : textOf(decompose(codePointsOf(text)));
}

function decompose(codes: readonly number[]): number[] {
  const { decompositions } = tables();
  const result: number[] = [];
  for (const code of codes) {
    if (code < 0x80) result.push(code);
    else if (code >= HANGUL.first && code < HANGUL.first + HANGUL.count)
      pushHangul(result, code - HANGUL.first);
    else for (const part of decompositions.get(code) ?? [code]) pushOrdered(result, part);
  }
  return result;
}

function pushHangul(result: number[], index: number): void {
  const { lead, vowel, trail, vowels, trails } = HANGUL;
  result.push(lead + Math.floor(index / (vowels * trails)), vowel + (Math.floor(index / trails) % vowels));
  if (index % trails !== 0) result.push(trail + (index % trails));
}

/** Puts a mark before the marks of a higher combining class that it follows: the canonical order. */
function pushOrdered(result: number[], code: number): void {
  result.push(code);
  const own = classOf(code);
  if (own === 0) return;
  for (let at = result.length - 1; at > 0 && classOf(result[at - 1]!) > own; at--) {
    result[at] = result[at - 1]!;
    result[at - 1] = code;
  }
}

function classOf(code: number): number {
  return code < FIRST_MARK ? 0 : (tables().classes.get(code) ?? 0);
}

function foldCase(codes: readonly number[]): number[] {
  const { foldings } = tables();
  const result: number[] = [];
  for (const code of codes) {
    const folded = foldings.get(code);
    if (folded === undefined) result.push(code);
    else result.push(...folded);
  }
  return result;
}

function codePointsOf(text: string): number[] {
  const codes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!;
    codes.push(code);
    if (code > 0xffff) i++;
  }
  return codes;
}

function textOf(codes: readonly number[]): string {
  return String.fromCodePoint(...codes);
}

function decodeTables(): Tables {
  return {
    decompositions: new Map(sequences(DECOMPOSITIONS)),
    classes: new Map(classes()),
    foldings: new Map([...sequences(FULL_FOLDINGS), ...singles()]),
  };
}

function* sequences(table: string): Iterable<[number, number[]]> {
  for (const line of table.trim().split('\n')) {
    const [first, ...words] = line.split(' ');
    for (const [i, word] of words.entries()) yield [hex(first!) + i, word.split('.').map(hex)];
  }
}

function* classes(): Iterable<[number, number]> {
  for (const line of CLASSES.trim().split('\n')) {
    const [number, ...words] = line.split(' ');
    for (const word of words) {
      const [first, last = first] = word.split('-');
      for (let code = hex(first!); code <= hex(last!); code++) yield [code, hex(number!)];
    }
  }
}

function* singles(): Iterable<[number, number[]]> {
  for (const word of FOLDINGS.trim().split(/\s/)) {
    const [first, count, step, target] = word.split('.').map(hex) as [number, number, number, number];
    for (let i = 0; i < count; i++) yield [first + i * step, [target + i * step]];
  }
}

function hex(digits: string): number {
  return Number.parseInt(digits, 16);
}

/** Decoding costs milliseconds, which only a run that meets a name beyond ASCII should pay. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
