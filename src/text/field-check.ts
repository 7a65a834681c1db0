/** Whether the fields of a sidecar are what their type declares: problems with lines, which refuse nothing. */

import type { Problem } from '../model/problem.ts';
import { isMap, type Scalar, type Value } from '../model/value.ts';
import { isConflict } from './field-conflict.ts';
import { fieldsInProse, outOfBounds, unknownField, wrongField, wrongShape } from './sidecar-problems.ts';
import type { Sidecar } from './sidecar.ts';
import type { FieldDeclaration, FieldType } from '../model/type-declaration.ts';
import { NUMBER } from './yaml-write.ts';

/** What the sidecar is about, and the fields that its type has. */
export interface Declared {
  readonly of: FieldDeclaration['of'];
  readonly fields: ReadonlyMap<string, FieldDeclaration>;
}

interface FieldKind {
  /** With an article, as a sentence needs it. */
  readonly words: string;
  readonly has: (text: string) => boolean;
}

const DATE =
  /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?$/;

const KINDS: Readonly<Record<FieldType, FieldKind>> = {
  text: { words: 'a text', has: () => true },
  integer: { words: 'a whole number', has: (text) => /^-?(?:0|[1-9]\d*)$/.test(text) },
  number: {
    words: 'a number',
    has: (text) => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/.test(text),
  },
  boolean: { words: 'true or false', has: (text) => text === 'true' || text === 'false' },
  date: { words: 'a date, as 1997, 1997-05 or 1997-05-21', has: isDate },
  person: { words: 'a person', has: () => true },
};

const UNBOUNDED: ReadonlySet<FieldType> = new Set(['text', 'boolean', 'person']);

/** What people wrote otherwise than it is declared. Empty fields and open conflicts are nobody's mistake. */
export function checkFields(sidecar: Sidecar, declared: Declared): Problem[] {
  const problems: Problem[] = [];
  for (const [key, value] of sidecar.fields) {
    const field = declarationOf(declared, key);
    if (field === undefined || isConflict(value) || value === '') continue;
    problems.push(...checkValue(sidecar, key, value, field));
  }
  return problems;
}

/** What people wrote that no type declares: it is kept, and worth a word because it may be misspelt. */
export function unknownFields(sidecar: Sidecar, declared: Declared): Problem[] {
  const unknown = Array.from(sidecar.fields.keys()).filter((key) => !declarationOf(declared, key));
  return unknown.map((key) => unknownField(lineOf(sidecar, key), key));
}

/** Fields that a person wrote into the prose, because they left out the lines around front matter. */
export function fieldsOutside(
  { fields, extracted, prose, proseLine }: Sidecar,
  declared: Declared,
): Problem[] {
  const begin = prose.search(/\S/);
  if (begin === -1 || fields.size > 0 || extracted !== undefined) return [];
  const key = /^([^:\n]{1,200}):(?:\s|$)/.exec(prose.slice(begin, begin + 210))?.[1];
  if (key === undefined || declarationOf(declared, key) === undefined) return [];
  return [fieldsInProse(proseLine + prose.slice(0, begin).split('\n').length - 1)];
}

/** The value that a text from a command line is for a field: a number, unless the field is declared as text. */
export function valueOfText(text: string, field?: FieldDeclaration): Scalar {
  const isText = field?.type === 'text' || field?.type === 'person' || typeof field?.type === 'object';
  if (isText || !NUMBER.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

function declarationOf({ of, fields }: Declared, key: string): FieldDeclaration | undefined {
  const field = fields.get(key);
  return field?.of === of ? field : undefined;
}

function lineOf(sidecar: Sidecar, key: string): number {
  return sidecar.lines.get(key) ?? 1;
}

function checkValue(sidecar: Sidecar, key: string, value: Value, field: FieldDeclaration): Problem[] {
  const line = lineOf(sidecar, key);
  if (typeof value !== 'object') return checkMember(line, key, value, field);
  if (isMap(value)) return [wrongShape(line, key, 'a map', wordsOf(field.type))];
  if (field.merge !== 'set' && field.merge !== 'list')
    return [wrongShape(line, key, 'a list', wordsOf(field.type))];
  const lines = sidecar.places.get(value);
  return value.flatMap((member, i) => checkMember(lines?.get(i) ?? line, key, member, field));
}

function checkMember(line: number, key: string, value: Value, field: FieldDeclaration): Problem[] {
  if (typeof value === 'object')
    return [wrongShape(line, key, isMap(value) ? 'a map' : 'a list in a list', wordsOf(field.type))];
  const text = String(value);
  const { type } = field;
  const isRight = typeof type === 'object' ? type.includes(text) : KINDS[type].has(text);
  if (!isRight) return [wrongField(line, key, text, wordsOf(type))];
  const bound = boundOf(text, field);
  return bound === undefined ? [] : [outOfBounds(line, key, text, bound)];
}

function wordsOf(type: FieldDeclaration['type']): string {
  return typeof type === 'object' ? `one of ${type.join(', ')}` : KINDS[type].words;
}

/** Which bound a value passes. Texts and words have none. */
function boundOf(text: string, { type, min, max }: FieldDeclaration): string | undefined {
  const compare = type === 'date' ? compareDates : compareNumbers;
  if (typeof type === 'object' || UNBOUNDED.has(type)) return undefined;
  if (min !== undefined && compare(text, String(min)) < 0) return `less than ${min}`;
  return max !== undefined && compare(text, String(max)) > 0 ? `more than ${max}` : undefined;
}

function compareNumbers(a: string, b: string): number {
  return Number(a) - Number(b);
}

/** As exactly as the less exact one of the two says. */
function compareDates(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  const [x, y] = [a.slice(0, length), b.slice(0, length)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (match === null || match[1] === undefined) return match !== null;
  const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(5, 7))];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return Number(match[1]) <= days;
}
