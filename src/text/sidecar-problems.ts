/** What is said of sidecars and their fields; one function a message. What any text may have is in problems.ts. */

import { cleanUnicode } from './names.ts';
import { TextError } from './problems.ts';
import type { Problem, Severity } from '../model/problem.ts';

const LONGEST_QUOTE = 100;

function quote(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return `'${cleanUnicode(short.replace(/[\n\t]/g, ' '))}'`;
}

// The text as a whole.

export const notFrontMatter = (line: number) =>
  new TextError(
    'text/front-matter',
    line,
    "front matter does not begin with a first line of exactly '---'",
    "make '---' the whole first line, or leave it out",
  );

export const unclosedFrontMatter = () =>
  new TextError(
    'text/front-matter',
    1,
    "front matter does not end with a line of exactly '---'",
    "write '---' on a line of its own behind the last field",
  );

export const notFields = (line: number) =>
  new TextError(
    'text/front-matter',
    line,
    'front matter is not fields',
    "write each field on a line of its own, as 'title: Airbag'",
  );

export const reservedField = (line: number | undefined, key: string) =>
  new TextError('text/reserved-field', line, `a field cannot be called ${quote(key)}`, 'choose another name');

// Edits.

export const noSafeEdit = (line: number | undefined, key: string) =>
  new TextError(
    'text/uneditable',
    line,
    `cannot change ${quote(key)} here without touching what else a person wrote`,
    'edit the text by hand',
  );

export const notMembers = (line: number | undefined, key: string, what: string) =>
  new TextError('text/not-a-list', line, `${quote(key)} is ${what}, which has no members`, 'set it instead');

// Fields: problems that refuse nothing.

function aboutField(code: string, severity: Severity, line: number, reason: string, hint?: string): Problem {
  return { code, severity, place: { path: '', line }, reason, ...(hint === undefined ? {} : { hint }) };
}

export const wrongField = (line: number, key: string, found: string, expected: string) =>
  aboutField('text/wrong-field', 'warning', line, `${quote(key)} is ${quote(found)}, not ${expected}`);

export const wrongShape = (line: number, key: string, found: string, expected: string) =>
  aboutField('text/wrong-field', 'warning', line, `${quote(key)} is ${found}, not ${expected}`);

export const outOfBounds = (line: number, key: string, found: string, bound: string) =>
  aboutField('text/out-of-bounds', 'warning', line, `${quote(key)} is ${quote(found)}, ${bound}`);

export const unknownField = (line: number, key: string) =>
  aboutField('text/unknown-field', 'note', line, `no type declares the field ${quote(key)}`);

export const fieldsInProse = (line: number) =>
  aboutField(
    'text/no-front-matter',
    'warning',
    line,
    "looks like a field, but no front matter begins with '---'",
    "write '---' on a line of its own before the fields and behind them",
  );
