/** The declared half of a type plugin: where entities begin, their fields, how they merge (README.md, section 7). */

import type {
  Boundary,
  FieldDeclaration,
  FieldMerge,
  FieldType,
  TypeDeclaration,
} from '../model/type-declaration.ts';
import { block, isMap, line, type LineMap, type Value } from '../model/value.ts';
import { wrongValue } from './problems.ts';
import { fields, listOf, mapOf, number, oneOf, parseOwnText, scalar, someText, text } from './reader.ts';
import type { At, Check, Fields } from './reader.ts';
import { byBytes, writeText } from './yaml-write.ts';

const FIELD_TYPES: readonly FieldType[] = ['text', 'integer', 'number', 'boolean', 'date', 'person'];
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
