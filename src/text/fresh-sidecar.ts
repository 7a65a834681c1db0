/** A sidecar to be filled in: what is known, and every other field that is declared as a comment. */

import type { RepositoryPath } from '../model/path.ts';
import type { FieldDeclaration } from '../model/type-declaration.ts';
import { valueOfText, type Declared } from './field-check.ts';
import { cleanUnicode, escapePath } from './names.ts';
import { writeEntry, writeFlow, writeKey } from './yaml-write.ts';

/** What a sidecar is about. */
export interface SidecarSubject {
  readonly path: RepositoryPath;
  readonly kind: 'file' | 'folder' | 'entity';
}

/** Comments stand below each other, unless a field is longer than this. */
const WIDEST = 32;
const NO_VALUES: ReadonlyMap<string, string> = new Map();

/**
 * The text of a new sidecar: the values that are known as fields, each field that is declared besides as a comment
 * with what it is for, its kind and its shape. Read, it has the known fields alone.
 *
 * Known fields that nobody declares come first. Throws a TextError for a value that no text may hold.
 */
export function freshSidecar(
  declared: Declared,
  what: SidecarSubject,
  values: ReadonlyMap<string, string> = NO_VALUES,
): string {
  const fields = Array.from(declared.fields).filter(([, { of }]) => of === declared.of);
  const named = new Set(fields.map(([key]) => key));
  const undeclared = Array.from(values).filter(([key]) => !named.has(key));
  const rows = [
    ...undeclared.map(([key, text]) => ({ field: writeEntry(key, valueOfText(text)).trimEnd(), doc: '' })),
    ...fields.map(([key, field]) => rowOf(key, field, values.get(key))),
  ];
  const shown = rows.filter(({ field }) => field.length <= WIDEST && !field.includes('\n'));
  const width = Math.max(0, ...shown.map(({ field }) => field.length));
  const lines = rows.map((row) => lineOf(row, width));
  return ['---', ...headOf(what, fields.length > 0), ...lines, '---', ''].join('\n');
}

interface Row {
  /** A field as it stands, or the comment that waits to become one. */
  readonly field: string;
  readonly doc: string;
}

function headOf({ path, kind }: SidecarSubject, hasFields: boolean): string[] {
  const noun = { file: 'the file ', folder: 'the folder ', entity: '' }[kind];
  const about = path === '' ? 'all that is here' : `${noun}'${escapePath(path)}'`;
  const how = hasFields
    ? "Take away the '#' before a field and write its value behind the colon."
    : "Write a field a line, as 'title: Summer at the lake'.";
  return [`# About ${about}.`, `# ${how}`, "# Whatever else there is to say goes below the last '---'."];
}

function rowOf(key: string, field: FieldDeclaration, text: string | undefined): Row {
  const doc = [oneLine(field.doc), kindOf(field)].filter((words) => words !== '').join(' ');
  const isMany = field.merge === 'set' || field.merge === 'list';
  if (text === undefined) return { field: `# ${writeKey(key)}:${isMany ? ' []' : ''}`, doc };
  const value = valueOfText(text, field);
  // As its shape is shown where there is none, and with the comment on its line.
  const written = isMany ? `${writeKey(key)}: ${writeFlow([value])}` : writeEntry(key, value).trimEnd();
  return { field: written, doc };
}

function lineOf({ field, doc }: Row, width: number): string {
  if (doc === '') return field;
  // Behind the first line of several a comment would be part of the text.
  return field.includes('\n') ? `# ${doc}\n${field}` : `${field.padEnd(width)}  # ${doc}`;
}

/** What can stand behind the colon, in brackets; '' where it is any text. */
function kindOf(field: FieldDeclaration): string {
  const { type, merge } = field;
  const isMany = merge === 'set' || merge === 'list';
  const one = typeof type === 'object' ? `${isMany ? '' : 'one of '}${type.join(', ')}` : KINDS[type];
  const bounded = one + boundsOf(field);
  const words = isMany ? `one or more, as [one, two]${bounded === '' ? '' : `; each ${bounded}`}` : bounded;
  return words === '' ? '' : `(${oneLine(words)})`;
}

const KINDS: Readonly<Record<Exclude<FieldDeclaration['type'], readonly string[]>, string>> = {
  text: '',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date, as 1997, 1997-05 or 1997-05-21',
  person: 'a name, or a handle of dbk people list',
};

function boundsOf({ type, min, max }: FieldDeclaration): string {
  if (typeof type === 'object' || type === 'text' || type === 'boolean' || type === 'person') return '';
  if (min === undefined) return max === undefined ? '' : `, ${max} or less`;
  return max === undefined ? `, ${min} or more` : `, ${min} to ${max}`;
}

function oneLine(text: string): string {
  return cleanUnicode(text.replace(/\s+/g, ' ').trim());
}
