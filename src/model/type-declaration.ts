/** What a type is, as far as it can be said without code: where entities begin, their fields, how they merge. */

import type { Scalar, Value } from './value.ts';

/** What a text had besides: keys that dbk does not know. */
interface More {
  readonly more?: ReadonlyMap<string, Value>;
}

/** Where an entity begins: at a depth of folders, or at the outermost directory that holds one of some names. */
export type Boundary =
  | ({ readonly kind: 'at'; readonly at: string } & More)
  | ({ readonly kind: 'marker'; readonly marker: readonly string[] } & More);

export type FieldType = 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'person';
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
