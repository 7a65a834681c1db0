/** What is said when a text is not what it should be; one function a message. */

import { cleanUnicode } from './names.ts';
import type { Problem } from '../model/problem.ts';

/**
 * Refuses a text. The place's path is '' (a reader of text knows no paths: whoever read the file puts it in);
 * the line counts from 1, and is absent where the text as a whole, or a value to be written, is meant.
 */
export class TextError extends Error {
  readonly problem: Problem;

  constructor(code: string, line: number | undefined, reason: string, hint?: string) {
    super(line === undefined ? reason : `line ${line}: ${reason}`);
    this.name = 'TextError';
    const place = line === undefined ? { path: '' } : { path: '', line };
    this.problem = { code, severity: 'error', place, reason, ...(hint === undefined ? {} : { hint }) };
  }
}

const LONGEST_QUOTE = 100;
const AS_WRITTEN = 'undo the edit; dbk writes this text itself';

/** A piece of the text in a message: without controls, and not longer than a line of a terminal can show. */
function quote(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return `'${cleanUnicode(short.replace(/[\n\t]/g, ' '))}'`;
}

// The text as a whole.

export const newer = (kind: string, version: number, known: number) =>
  new TextError(
    'text/newer',
    1,
    `this ${kind} was written by a newer dbk (format ${version}); this dbk reads format ${known}`,
    'update dbk',
  );

export const wrongKind = (kind: string, version: number) =>
  new TextError('text/wrong-kind', 1, `the first line is not 'dbk: ${kind} ${version}'`);

export const byteOrderMark = () =>
  new TextError('text/byte-order-mark', 1, 'begins with a byte order mark', 'save it as UTF-8 without one');

export const carriageReturn = (line: number) =>
  new TextError('text/line-end', line, 'holds a carriage return', 'save it with line feeds alone');

export const cutOff = (line: number) =>
  new TextError('text/cut-off', line, 'does not end with a line feed; the end may be missing');

export const tooLong = (limit: number) =>
  new TextError('text/too-long', undefined, `longer than ${limit} bytes`, 'shorten it');

export const tooMuch = (line: number) =>
  new TextError('text/too-long', line, 'holds too many values', 'shorten it');

// Lines.

export const notCanonical = (line: number) =>
  new TextError('text/not-canonical', line, 'not a line as dbk writes it', AS_WRITTEN);

export const spelling = (line: number, expected: string | undefined) =>
  new TextError(
    'text/not-canonical',
    line,
    expected === undefined
      ? 'more lines than dbk would write'
      : `not as dbk writes it, which is ${quote(expected)}`,
    AS_WRITTEN,
  );

export const indentation = (line: number) =>
  new TextError(
    'text/indentation',
    line,
    'indented by a wrong number of blanks',
    'indent by two blanks a level',
  );

export const tab = (line: number) =>
  new TextError('text/tab', line, 'indented with a tab', 'indent by two blanks a level');

export const mergeMarker = (line: number) =>
  new TextError(
    'text/merge-marker',
    line,
    'a marker of an unfinished merge',
    'choose between the two versions and remove the markers',
  );

export const unclosed = (line: number) =>
  new TextError('text/unclosed', line, 'a quotation mark or bracket is not closed on its line');

export const tooDeep = (line: number | undefined, limit: number) =>
  new TextError('text/too-deep', line, `nested more than ${limit} levels deep`);

export const duplicateKey = (line: number, key: string) =>
  new TextError('text/duplicate-key', line, `${quote(key)} is here twice`, 'remove one of the two');

export const longKey = (line: number | undefined, limit: number) =>
  new TextError('text/long-key', line, `a key is longer than ${limit} characters`);

export const unwritable = (line: number | undefined, text: string) =>
  new TextError(
    'text/control',
    line,
    `${quote(text)} holds a control or another character that no text may hold`,
  );

export const outOfOrder = (line: number, name: string) =>
  new TextError(
    'text/order',
    line,
    `${quote(name)} is not in its place; entries are sorted by bytes`,
    AS_WRITTEN,
  );

// What a person's YAML may not hold.

export const notYaml = (line: number, message: string) => new TextError('text/yaml', line, message);

export const reference = (line: number) =>
  new TextError('text/alias', line, 'anchors and aliases are not taken', 'write the value out');

export const tag = (line: number) => new TextError('text/tag', line, 'tags are not taken', 'remove the tag');

export const directive = (line: number) =>
  new TextError('text/directive', line, 'directives are not taken', 'remove the line');

export const documentMarker = (line: number) =>
  new TextError('text/document-marker', line, "'---' and '...' are not taken", 'remove the line');

export const mergeKey = (line: number) =>
  new TextError('text/merge-key', line, "the merge key '<<' is not taken", 'write the entries out');

// Values.

export const missing = (line: number, key: string) =>
  new TextError('text/missing-key', line, `${quote(key)} is missing`);

export const misplaced = (line: number, key: string) =>
  new TextError('text/misplaced-key', line, `${quote(key)} does not belong here`, 'remove it');

export const wrongValue = (line: number, key: string, expected: string) =>
  new TextError('text/wrong-value', line, `${quote(key)} is not ${expected}`);

export const badName = (line: number, name: string) =>
  new TextError('text/bad-name', line, `${quote(name)} is not the spelling of a name that a folder can hold`);

export const badPath = (line: number, path: string) =>
  new TextError('text/bad-path', line, `${quote(path)} is not the spelling of a path inside the repository`);

// Settings.

export const unknownSetting = (key: string, known: readonly string[]) =>
  new TextError(
    'text/unknown-setting',
    undefined,
    `there is no setting ${quote(key)}`,
    `choose one of ${known.join(', ')}`,
  );

export const fixedSetting = (key: string) =>
  new TextError('text/fixed-setting', undefined, `${quote(key)} cannot be changed`);

export const uneditable = (line: number | undefined, key: string) =>
  new TextError(
    'text/uneditable',
    line,
    `cannot change ${quote(key)} here without touching other lines`,
    'edit the file',
  );
