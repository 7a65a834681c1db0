/** Which field of a person is which property of a vCard. */

import type { Value } from '../model/value.ts';

/** What a card says of somebody, as fields of a sidecar. */
export interface Contact {
  readonly name: string;
  readonly uid?: string;
  /** The name of the person's file, if dbk wrote the card. */
  readonly handle?: string;
  /** All but the name and the id, in the order in which they are written. */
  readonly fields: ReadonlyMap<string, Value>;
  /** Prose. */
  readonly note: string;
}

/** How the value of a property is written: `name` and `address` have parts that dbk names. */
export type Kind = 'text' | 'whole' | 'phone' | 'parts' | 'name' | 'address' | 'date' | 'list';

export interface FieldProperty {
  readonly field: string;
  readonly property: string;
  readonly kind: Kind;
  /** Whether there can be several: then the field is a set. */
  readonly isMany: boolean;
}

const many = (field: string, property: string, kind: Kind): FieldProperty => ({
  ...{ field, property, kind },
  isMany: true,
});
const one = (field: string, property: string, kind: Kind): FieldProperty => ({
  ...{ field, property, kind },
  isMany: false,
});

/** In the order in which they are written. */
export const FIELD_PROPERTIES: readonly FieldProperty[] = [
  many('also', 'NICKNAME', 'list'),
  one('name-parts', 'N', 'name'),
  one('born', 'BDAY', 'date'),
  many('email', 'EMAIL', 'text'),
  many('phone', 'TEL', 'phone'),
  many('address', 'ADR', 'address'),
  many('url', 'URL', 'whole'),
  many('messenger', 'IMPP', 'whole'),
  many('organization', 'ORG', 'parts'),
  many('title', 'TITLE', 'text'),
  many('role', 'ROLE', 'text'),
  many('tags', 'CATEGORIES', 'list'),
];

export const PARTS: Readonly<Record<'name' | 'address', readonly string[]>> = {
  name: ['family', 'given', 'additional', 'prefix', 'suffix'],
  address: ['box', 'extended', 'street', 'city', 'region', 'code', 'country'],
};

/** Where all that has no field of its own is kept: a line of the card each. */
export const OTHERS = 'vcard';
/** A field that no property is for, as it stands in the sidecar. */
export const OWN_FIELD = 'X-DBK-FIELD';
export const OWN_HANDLE = 'X-DBK-HANDLE';
/** What ties a word of a person's own to a property (Apple's, which others read too). */
export const LABEL = 'X-ABLABEL';

/** Fields that say who it is; no card sets them. */
export const IDENTITY: ReadonlySet<string> = new Set(['id', 'was', 'uid', 'name', 'dbk', 'extracted']);
