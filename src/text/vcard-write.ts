/** What is known of a person, as a card. */

import { isMap, type BlockMap, type LineMap, type Value } from '../model/value.ts';
import { FIELD_PROPERTIES, LABEL, OTHERS, OWN_FIELD, OWN_HANDLE, PARTS } from './vcard-fields.ts';
import type { Contact, FieldProperty } from './vcard-fields.ts';
import { propertyOf, type Property } from './vcard-lines.ts';
import { escaped, escapedWhole, paramsOf, textsOf, writeDate, writePart } from './vcard-values.ts';
import { writeCard, type VcardVersion } from './vcard.ts';
import { writeEntry } from './yaml-write.ts';

const NO_PARAMS: ReadonlyMap<string, readonly string[]> = new Map();
const NO_DETAILS: ReadonlyMap<string, Value> = new Map();

/**
 * The card of a person; read again, it says the same. Its UID is `uid`, else `id`. What no property can say stands in
 * lines that only dbk reads.
 */
export function writeContact(contact: Contact, id: string | undefined, version: VcardVersion): string {
  const { name, uid = id, handle, fields, note } = contact;
  const properties: Property[] = [plainly('FN', name)];
  if (version === '3.0' && !fields.has('name-parts'))
    properties.push({ name: 'N', params: NO_PARAMS, value: `${escaped(name)};;;;` });
  let items = 0;
  for (const known of FIELD_PROPERTIES) {
    const value = fields.get(known.field);
    if (value === undefined) continue;
    const written = writeField(known, value, version, () => `item${++items}`);
    properties.push(...(written ?? [ownField(known.field, value)]));
  }
  if (note !== '') properties.push(plainly('NOTE', note));
  if (uid !== undefined) properties.push(uidOf(uid, version));
  if (handle !== undefined) properties.push(plainly(OWN_HANDLE, handle));
  for (const [key, value] of fields) {
    if (key === OTHERS) properties.push(...othersOf(value));
    else if (!FIELD_PROPERTIES.some(({ field }) => field === key)) properties.push(ownField(key, value));
  }
  return writeCard(properties, version);
}

function plainly(name: string, text: string): Property {
  return { name, params: NO_PARAMS, value: escaped(text) };
}

/** In 4.0 a UID is an address unless it says otherwise. */
function uidOf(uid: string, version: VcardVersion): Property {
  const isAddress = /^[a-z][a-z0-9+.-]*:[^\s\\]+$/i.test(uid);
  const params = version === '4.0' && !isAddress ? new Map([['VALUE', ['text']]]) : NO_PARAMS;
  return { name: 'UID', params, value: isAddress ? uid : escaped(uid) };
}

function ownField(key: string, value: Value): Property {
  return plainly(OWN_FIELD, writeEntry(key, value).slice(0, -1));
}

/** Lines of cards that were read, and nothing that would end this one. */
function othersOf(value: Value): Property[] {
  return textsOf(value).flatMap((text) => {
    const property = propertyOf(text);
    const isMark = property === undefined || /^(?:BEGIN|END|VERSION)$/.test(property.name);
    return isMark ? [] : [property];
  });
}

/** undefined where a person wrote the field in a shape that the property has not. */
function writeField(
  { property: name, kind, isMany }: FieldProperty,
  value: Value,
  version: VcardVersion,
  nextGroup: () => string,
): Property[] | undefined {
  const members = isMany && isList(value) ? value : [value];
  if (kind === 'list') {
    const isPlain = members.every((member) => typeof member !== 'object');
    return isPlain ? [{ name, params: NO_PARAMS, value: writePart(members) }] : undefined;
  }
  const written: Property[] = [];
  for (const member of members) {
    const found = writeMember(name, kind, member, version);
    if (found === undefined) return undefined;
    const word = isMap(member) ? member.map.get('called') : undefined;
    const group = word === undefined || typeof word === 'object' ? undefined : nextGroup();
    written.push(group === undefined ? found : { ...found, group });
    if (group !== undefined) written.push({ ...plainly(LABEL, String(word)), group });
  }
  return written;
}

function writeMember(
  name: string,
  kind: FieldProperty['kind'],
  member: Value,
  version: VcardVersion,
): Property | undefined {
  if (kind === 'name' || kind === 'address')
    return isMap(member) ? writeParts(name, kind, member, version) : undefined;
  const value = isMap(member) ? member.map.get('value') : member;
  if (value === undefined || isMap(value)) return undefined;
  if (kind === 'date') return typeof value === 'object' ? undefined : writeDate(name, value, version);
  const params = paramsOf(isMap(member) ? member.map : NO_DETAILS, version);
  if (kind === 'parts') {
    const parts = isList(value) ? value : [value];
    return parts.some((part) => typeof part === 'object')
      ? undefined
      : { name, params, value: parts.map(writePart).join(';') };
  }
  if (typeof value === 'object') return undefined;
  const text = String(value);
  return { name, params, value: kind === 'whole' ? escapedWhole(text) : escaped(text) };
}

function writeParts(
  name: string,
  kind: 'name' | 'address',
  { map }: BlockMap | LineMap,
  version: VcardVersion,
): Property {
  const details = new Map([...map].filter(([key]) => !PARTS[kind].includes(key)));
  const value = PARTS[kind].map((key) => writePart(map.get(key))).join(';');
  return { name, params: paramsOf(details, version), value };
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
