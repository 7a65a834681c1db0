/** What a card says, as fields of a person. */

import { isMap, line, type Value } from '../model/value.ts';
import { isConflict } from './field-conflict.ts';
import { TextError } from './problems.ts';
import { parseSidecar } from './sidecar.ts';
import { FIELD_PROPERTIES, IDENTITY, LABEL, OTHERS, OWN_FIELD, OWN_HANDLE, PARTS } from './vcard-fields.ts';
import type { Contact, FieldProperty } from './vcard-fields.ts';
import { writeUnfolded, type Property } from './vcard-lines.ts';
import { dateOf, detailsOf, listOf, memberOf, partsOf, splitEscaped, unescaped } from './vcard-values.ts';
import type { Details } from './vcard-values.ts';
import type { Card, LeftLine } from './vcard.ts';

export interface CardRead {
  /** undefined where the card has no name, and where it is a group. */
  readonly contact: Contact | undefined;
  readonly isGroup: boolean;
  /** What is not taken: pictures, sounds, and what has no value here. */
  readonly left: readonly LeftLine[];
}

/** Of the card, not of the person. */
const OF_THE_CARD: ReadonlySet<string> = new Set(['VERSION', 'PRODID', 'REV', 'PROFILE']);
const PICTURES: ReadonlySet<string> = new Set(['PHOTO', 'LOGO', 'SOUND']);
/** Characters of a line that is kept as it is. */
const LONGEST_KEPT = 10_000;

/** Never throws; what is no value of a text is cleaned. */
export function readCard({ line: at, properties, left: unread }: Card): CardRead {
  const left = [...unread];
  const isGroup = properties.some(isOfGroup);
  const values = new Map<string, Value[]>();
  const rest: Property[] = [];
  const labels = labelsOf(properties);
  const names: string[] = [];
  const notes: string[] = [];
  for (const property of properties) {
    const { name } = property;
    if (OF_THE_CARD.has(name) || name === OWN_HANDLE || name === 'UID' || name === OWN_FIELD) continue;
    if (PICTURES.has(name)) left.push({ line: at, name, why: 'pictures and sounds are not kept' });
    else if (name === 'FN') names.push(...[unescaped(property.value).trim()].filter((text) => text !== ''));
    else if (name === 'NOTE') notes.push(unescaped(property.value).replace(/\n+$/, ''));
    else if (!take(property, values, labels)) rest.push(property);
  }
  const [first] = names.splice(0, 1);
  if (names.length > 0) values.set('also', [...(values.get('also') ?? []), ...names]);
  const called = first ?? nameWithout(values);
  const fields = fieldsFrom(values, called);
  const used = new Set(labels.used);
  const kept = rest.filter(({ name, group }) => name !== LABEL || !used.has(group ?? '')).map(writeUnfolded);
  const others = [...new Set(kept.filter((text) => text.length <= LONGEST_KEPT))];
  for (const text of kept)
    if (text.length > LONGEST_KEPT)
      left.push({ line: at, name: text.slice(0, 20), why: 'it is too long to keep' });
  if (others.length > 0) fields.set(OTHERS, others);
  for (const [key, value] of ownFields(properties)) if (!fields.has(key)) fields.set(key, value);
  if (called === undefined || isGroup) return { contact: undefined, isGroup, left };
  const uid = valueOf(properties, 'UID');
  const handle = valueOf(properties, OWN_HANDLE);
  const contact: Contact = {
    name: called,
    ...(uid !== undefined && { uid }),
    ...(handle !== undefined && { handle }),
    fields,
    note: notes.filter((note) => note !== '').join('\n\n'),
  };
  return { contact, isGroup, left };
}

function isOfGroup({ name, value }: Property): boolean {
  return (name === 'KIND' || name === 'X-ADDRESSBOOKSERVER-KIND') && /^group$/i.test(value.trim());
}

function valueOf(properties: readonly Property[], asked: string): string | undefined {
  const found = properties.find(({ name }) => name === asked);
  const text = found === undefined ? '' : unescaped(found.value).trim();
  return text === '' ? undefined : text;
}

interface Labels {
  readonly of: ReadonlyMap<string, string>;
  /** Groups of which something took the word. */
  readonly used: Set<string>;
}

function labelsOf(properties: readonly Property[]): Labels {
  const of = new Map<string, string>();
  for (const { name, group, value } of properties) {
    if (name !== LABEL || group === undefined) continue;
    const word = unescaped(value)
      .trim()
      .replace(/^_\$!<(.*)>!\$_$/, '$1');
    if (word !== '') of.set(group, word);
  }
  return { of, used: new Set() };
}

/** Whether a property is a field's; of what there can be one of, the first. */
function take(property: Property, values: Map<string, Value[]>, labels: Labels): boolean {
  const known = FIELD_PROPERTIES.find((each) => each.property === property.name);
  if (known === undefined) return false;
  const members = values.get(known.field) ?? [];
  if (!known.isMany && members.length > 0) return false;
  const { group } = property;
  const word = group === undefined ? undefined : labels.of.get(group);
  const details = [...detailsOf(property), ...(word === undefined ? [] : [['called', word] as const])];
  const found = membersIn(property, known, details);
  if (found.length > 0 && word !== undefined) labels.used.add(group!);
  values.set(known.field, [...members, ...found]);
  return true;
}

function membersIn(property: Property, { kind }: FieldProperty, details: Details): Value[] {
  const { value } = property;
  switch (kind) {
    case 'list':
      return listOf(value);
    case 'date':
      return [dateOf(property)].filter((date) => date !== '');
    case 'name':
    case 'address': {
      const parts = partsOf(value);
      const named = PARTS[kind].flatMap((key, i) => (isNothing(parts[i]) ? [] : [[key, parts[i]!] as const]));
      const others = details.filter(([key]) => !PARTS[kind].includes(key));
      return named.length === 0 ? [] : [line([...named, ...others])];
    }
    case 'parts': {
      const parts = splitEscaped(value, ';').map((part) => unescaped(part).trim());
      while (parts.at(-1) === '') parts.pop();
      if (parts.length === 0) return [];
      return [memberOf(parts.length === 1 ? parts[0]! : parts, details)];
    }
    default: {
      const text = unescaped(value).trim();
      const bare = kind === 'phone' ? text.replace(/^tel:/i, '') : text;
      return bare === '' ? [] : [memberOf(bare, details)];
    }
  }
}

function isNothing(part: Value | undefined): boolean {
  return part === undefined || part === '' || (Array.isArray(part) && part.length === 0);
}

/** Each member once. A name whose parts are only itself says nothing more. */
function fieldsFrom(
  values: ReadonlyMap<string, readonly Value[]>,
  called: string | undefined,
): Map<string, Value> {
  const fields = new Map<string, Value>();
  for (const { field, isMany, kind } of FIELD_PROPERTIES) {
    const members = values.get(field) ?? [];
    const [first] = members;
    if (first === undefined || (kind === 'name' && isOnly(first, called))) continue;
    const distinct = new Map(members.map((member) => [JSON.stringify(plain(member)), member]));
    fields.set(field, isMany ? [...distinct.values()] : first);
  }
  return fields;
}

function isOnly(parts: Value, called: string | undefined): boolean {
  return JSON.stringify(plain(parts)) === JSON.stringify([['family', called]]);
}

/** For comparing: JSON has no maps. */
function plain(value: Value): unknown {
  if (typeof value !== 'object') return value;
  if (isMap(value)) return Array.from(value.map, ([key, inner]) => [key, plain(inner)]);
  return value.map(plain);
}

/** What somebody is called of whom a card does not say it outright. */
function nameWithout(values: ReadonlyMap<string, readonly Value[]>): string | undefined {
  const parts = values.get('name-parts')?.[0];
  if (isMap(parts)) {
    const words = ['prefix', 'given', 'additional', 'family', 'suffix'].flatMap(
      (key) => parts.map.get(key) ?? [],
    );
    if (words.length > 0) return words.map(String).join(' ');
  }
  for (const field of ['also', 'organization', 'email']) {
    const member = values.get(field)?.[0];
    const value = isMap(member) ? member.map.get('value') : member;
    const text = Array.isArray(value) ? (value as readonly Value[])[0] : value;
    if (typeof text === 'string' && text !== '') return text;
  }
  return undefined;
}

/** Fields that dbk wrote into a card as they stood in a sidecar. */
function* ownFields(properties: readonly Property[]): Generator<readonly [string, Value]> {
  for (const { name, value } of properties) {
    if (name !== OWN_FIELD) continue;
    try {
      const { fields } = parseSidecar(`---\n${unescaped(value)}\n---\n`);
      for (const [key, said] of fields) if (!IDENTITY.has(key) && !isConflict(said)) yield [key, said];
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
    }
  }
}
