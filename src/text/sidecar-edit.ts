/**
 * Changes a field of a sidecar, or what was read from the content, in its text: only the lines of that field
 * change. Every result is read before it is given: all other fields say what they said, or the edit is refused.
 */

import { isMap, type List, type Value } from '../model/value.ts';
import { isConflict, writeField, type FieldValue } from './field-conflict.ts';
import { isList, linesFor, placeForNew, replacements, spliceLines } from './field-lines.ts';
import { rangeOf, rangeOfExtracted, type Range } from './field-range.ts';
import { duplicateKey, TextError } from './problems.ts';
import { FIRST_LINE, isBlankFront, joinFront, splitFront, withFront, type Front } from './sidecar-front.ts';
import { noSafeEdit, notMembers, reservedField } from './sidecar-problems.ts';
import { effectiveField, EXTRACTED, parseFront, refuseText, writeExtracted } from './sidecar.ts';
import type { Extracted, Sidecar } from './sidecar.ts';
import type { Reader } from './yaml-read.ts';
import { writeFlow } from './yaml-write.ts';

/** A text to be changed, or undefined where there is no sidecar yet. */
type Before = string | undefined;

interface Open {
  readonly front: Front;
  readonly sidecar: Sidecar;
}

/**
 * The text in which a field has a value; the same text if it has it already. A new field goes to the end of the
 * front matter, before `extracted:`. Throws a TextError for a text that cannot be read (see sidecar.ts for
 * `people`), for a value that no text may hold, and where a person's layout does not allow it.
 */
export function setField(text: Before, key: string, value: FieldValue, people?: Reader): string {
  if (key === EXTRACTED || key === 'dbk') throw reservedField(undefined, key);
  const open = openText(text, people);
  const { front, sidecar } = open;
  const written = writeField(key, value);
  const old = sidecar.fields.get(key);
  if (text !== undefined && old !== undefined && writeField(key, old) === written) return text;
  const range = rangeOf(front, sidecar, key);
  const expected = new Map(sidecar.fields).set(key, value);
  if (range === undefined) {
    const lines = linesFor(front, written);
    const place = placeForNew(front, sidecar, EXTRACTED);
    return firstThatSays(open, key, expected, place, [lines], people);
  }
  return firstThatSays(open, key, expected, range, replacements(front, sidecar, range, key, value), people);
}

/** The text without a field; undefined where then nothing is left, and the text as it is if it has no such field. */
export function removeField(text: Before, key: string, people?: Reader): Before {
  if (text === undefined) return undefined;
  const open = openText(text, people);
  const range = key === EXTRACTED ? undefined : rangeOf(open.front, open.sidecar, key);
  if (range === undefined) return text;
  const expected = new Map(open.sidecar.fields);
  expected.delete(key);
  return orNothing(firstThatSays(open, key, expected, range, [[]], people));
}

/**
 * The text in which a list has one member more, at its end; the same text if it has it. What holds now is added
 * to, if need be what was read from the content, and a value that stands alone becomes the first member.
 */
export function addToField(text: Before, key: string, member: Value, people?: Reader): string {
  const { sidecar } = openText(text, people);
  const list = membersOf(sidecar, key);
  if (text !== undefined && indexIn(list, member) !== -1) return text;
  return setField(text, key, [...list, member], people);
}

/**
 * The text in which a list has a member less; the same text if it has it not. Without members the field goes,
 * unless the content would then say again what was taken away: then it stays as an empty list.
 */
export function removeFromField(text: Before, key: string, member: Value, people?: Reader): Before {
  if (text === undefined) return undefined;
  const { sidecar } = openText(text, people);
  const list = membersOf(sidecar, key);
  const at = indexIn(list, member);
  if (at === -1) return text;
  const left = list.toSpliced(at, 1);
  if (left.length > 0 || sidecar.extracted?.fields.has(key) === true)
    return setField(text, key, left, people);
  return removeField(text, key, people);
}

/**
 * The text with other facts read from the content, or without; undefined where then nothing is left. The block
 * need not be right so far: it is dbk's, and goes from its line to the next one that is not indented.
 */
export function replaceExtracted(text: Before, extracted: Extracted | undefined, people?: Reader): Before {
  refuseText(text ?? '');
  const front = withFront(splitFront(text ?? ''));
  const found = rangeOfExtracted(front.lines);
  const others = found === undefined ? front : masked(front, found);
  const second = rangeOfExtracted(others.lines);
  if (second !== undefined) throw duplicateKey(second.from + FIRST_LINE, EXTRACTED);
  const sidecar = parseFront(others, people);
  if (extracted === undefined && found === undefined) return text;
  const end = front.lines.length;
  const written = extracted === undefined ? '' : writeExtracted(extracted);
  const lines = written === '' ? [] : linesFor(front, written);
  const { extracted: _, ...rest } = sidecar;
  const whole: Sidecar = extracted === undefined ? rest : { ...rest, extracted };
  const open = { front, sidecar: whole };
  const place = found ?? { from: end, to: end };
  const result = firstThatSays(open, EXTRACTED, sidecar.fields, place, [lines], people);
  return extracted === undefined ? orNothing(result) : result;
}

function openText(text: Before, people: Reader | undefined): Open {
  refuseText(text ?? '');
  const front = withFront(splitFront(text ?? ''));
  return { front, sidecar: parseFront(front, people) };
}

/** The first of some choices of lines with which the text says what it should, and nothing else. */
function firstThatSays(
  { front, sidecar }: Open,
  key: string,
  expected: ReadonlyMap<string, FieldValue>,
  range: Range,
  choices: Iterable<readonly string[]>,
  people: Reader | undefined,
): string {
  const said = sayings({ ...sidecar, fields: expected });
  let refusal: TextError | undefined;
  for (const lines of choices) {
    const text = joinFront(spliceLines(front, range, lines));
    try {
      refuseText(text);
      if (sameSayings(sayings(parseFront(splitFront(text), people)), said)) return text;
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      refusal ??= error;
    }
  }
  if (refusal?.problem.code === 'text/too-long') throw refusal;
  throw noSafeEdit(sidecar.lines.get(key), key);
}

/** What is compared of a sidecar: each part as it would be written anew. */
function sayings({ fields, extracted, prose }: Sidecar): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (const [key, value] of fields) said.set(key, writeField(key, value));
  if (extracted !== undefined) said.set(EXTRACTED, writeExtracted(extracted));
  return said.set('dbk', prose);
}

function sameSayings(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && Array.from(a).every(([key, said]) => b.get(key) === said);
}

function orNothing(text: string): Before {
  return isBlankFront(splitFront(text)) ? undefined : text;
}

function membersOf(sidecar: Sidecar, key: string): List {
  const value = effectiveField(sidecar, key);
  if (value === undefined || value === '') return [];
  const line = sidecar.lines.get(key);
  if (isConflict(value)) throw notMembers(line, key, 'a conflict');
  if (isMap(value)) throw notMembers(line, key, 'a map');
  return isList(value) ? value : [value];
}

function indexIn(list: List, member: Value): number {
  const written = writeFlow(member);
  return list.findIndex((one) => writeFlow(one) === written);
}

/** The front with comments in place of some lines, so that the numbers of the others stay. */
function masked(front: Front, range: Range): Front {
  return spliceLines(front, range, Array<string>(range.to - range.from).fill('#\n'));
}
