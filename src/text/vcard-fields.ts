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

/** In the order in which they are written. */
export const FIELD_PROPERTIES: readonly FieldProperty[] = [
  { field: 'also', property: 'NICKNAME', kind: 'list', isMany: true },
  { field: 'name-parts', property: 'N', kind: 'name', isMany: false },
  { field: 'born', property: 'BDAY', kind: 'date', isMany: false },
  { field: 'email', property: 'EMAIL', kind: 'text', isMany: true },
  { field: 'phone', property: 'TEL', kind: 'phone', isMany: true },
  { field: 'address', property: 'ADR', kind: 'address', isMany: true },
  { field: 'url', property: 'URL', kind: 'whole', isMany: true },
  { field: 'messenger', property: 'IMPP', kind: 'whole', isMany: true },
  { field: 'organization', property: 'ORG', kind: 'parts', isMany: true },
  { field: 'title', property: 'TITLE', kind: 'text', isMany: true },
  { field: 'role', property: 'ROLE', kind: 'text', isMany: true },
  { field: 'tags', property: 'CATEGORIES', kind: 'list', isMany: true },
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
