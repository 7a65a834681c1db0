/** The declared half of a type plugin: where entities begin, their fields, how they merge (README.md, section 7). */

import { block, isMap, line, type LineMap, type Scalar, type Value } from '../model/value.ts';
import { wrongValue } from './problems.ts';
import { fields, listOf, mapOf, number, oneOf, parseOwnText, scalar, someText, text } from './reader.ts';
import type { At, Check, Fields, More } from './reader.ts';
import { byBytes, writeText } from './yaml-write.ts';

/** Where an entity begins: at a depth of folders, or at the outermost directory that holds one of some names. */
export type Boundary =
  | ({ readonly kind: 'at'; readonly at: string } & More)
  | ({ readonly kind: 'marker'; readonly marker: readonly string[] } & More);

export type FieldType = 'text' | 'integer' | 'number' | 'boolean' | 'date';
export type FieldMerge = 'one' | 'set' | 'list' | 'max' | 'min' | 'sum' | 'prose';

export interface FieldDeclaration extends More {
  readonly of: 'file' | 'entity';
  /** A type, or the words of which the value is one. */
  readonly type: FieldType | readonly string[];
  readonly merge: FieldMerge;
  readonly min?: Scalar;
  readonly max?: Scalar;
  readonly doc: string;
}

export interface TypeDeclaration extends More {
  /** Of the plugin; a text is rewritten only by a higher one. */
  readonly version: number;
  /** The top folder that has this type unless `policy.yaml` says otherwise. */
  readonly top: string;
  readonly merge: 'files' | 'whole';
  readonly boundaries: readonly Boundary[];
  readonly fields: ReadonlyMap<string, FieldDeclaration>;
}

const FIELD_TYPES: readonly FieldType[] = ['text', 'integer', 'number', 'boolean', 'date'];
const FIELD_MERGES: readonly FieldMerge[] = ['one', 'set', 'list', 'max', 'min', 'sum', 'prose'];

export function writeType(type: TypeDeclaration): string {
  const declared = byBytes(type.fields).map(([name, field]) => [name, fieldValue(field)] as const);
  const entries: [string, Value][] = [
    ['version', type.version],
    ['top', type.top],
    ['merge', type.merge],
    ['boundaries', type.boundaries.map(boundaryValue)],
    ['fields', block(declared)],
    ...byBytes(type.more),
  ];
  return writeText('type', entries);
}

/** The declaration that a canonical text says; throws a TextError for any other text. */
export function parseType(text: string): TypeDeclaration {
  return parseOwnText(text, 'type', readType, writeType);
}

function boundaryValue(boundary: Boundary): LineMap {
  const value = boundary.kind === 'at' ? boundary.at : boundary.marker;
  return line([[boundary.kind, value], ...byBytes(boundary.more)]);
}

function fieldValue(field: FieldDeclaration): LineMap {
  const keys: [string, Value][] = [
    ['of', field.of],
    ['type', field.type],
    ['merge', field.merge],
  ];
  if (field.min !== undefined) keys.push(['min', field.min]);
  if (field.max !== undefined) keys.push(['max', field.max]);
  return line([...keys, ['doc', field.doc], ...byBytes(field.more)]);
}

function readType(fields: Fields): TypeDeclaration {
  return {
    version: fields.required('version', number),
    top: fields.required('top', someText),
    merge: fields.required('merge', oneOf('files', 'whole')),
    boundaries: fields.required('boundaries', listOf(boundary)),
    fields: fields.required('fields', mapOf(someText, field)),
    ...fields.more(),
  };
}

const boundary = fields<Boundary>((of) => {
  if (of.has('marker')) {
    return { kind: 'marker', marker: of.required('marker', listOf(someText)), ...of.more() };
  }
  return { kind: 'at', at: of.required('at', someText), ...of.more() };
});

const field = fields<FieldDeclaration>((of) => ({
  of: of.required('of', oneOf('file', 'entity')),
  type: of.required('type', fieldType),
  merge: of.required('merge', oneOf(...FIELD_MERGES)),
  ...of.optional('min', scalar),
  ...of.optional('max', scalar),
  doc: of.required('doc', text),
  ...of.more(),
}));

function fieldType(value: Value, at: At): FieldDeclaration['type'] {
  if (typeof value === 'string') return oneOf(...FIELD_TYPES)(value, at);
  if (isMap(value)) throw wrongValue(at.line, at.key, 'a type of field or a list of words');
  return (listOf(someText) satisfies Check<readonly string[]>)(value, at);
}
