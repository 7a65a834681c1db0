/**
 * What search keeps of one directory: its names, and what is written about each thing in it. Pure.
 *
 * Its layout is private to this version of dbk (find-cache.ts has the version).
 */

import type { ContentId } from '../model/id.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { isMap, type Scalar, type Value } from '../model/value.ts';
import { isConflict, type FieldValue } from '../text/field-conflict.ts';
import { effectiveFields, type Sidecar } from '../text/sidecar.ts';
import { foldWords } from './find-fold.ts';

/** What is written about a thing. */
export interface Written {
  /** Names folded, those of entries of maps as `place.city`. */
  readonly fields: readonly string[];
  /** In their order; of a set or list, and of a map, all there are. */
  readonly values: readonly (Scalar | readonly Scalar[])[];
  /** All texts and the notes, folded. */
  readonly words: string;
  /** Why a text has no fields. */
  readonly wrong?: { readonly reason: string; readonly line?: number };
}

export interface KeptText {
  /** The file it is about; '' for the folder. */
  readonly about: Name | '';
  readonly written: Written;
}

/** Of each text that is kept, in their order. */
export type KeptIds = readonly ContentId[];

export type EntityOf = readonly [id: string, type: string];

export interface KeptDirectory {
  readonly path: RepositoryPath;
  readonly isRecorded: boolean;
  readonly entity?: EntityOf;
  /** Of files and links, joined by '/', in the order of the manifest. */
  readonly names: string;
  /** -1 for a link. */
  readonly sizes: readonly number[];
  /** Seconds since 1970. */
  readonly times: readonly number[];
  /** Files that are entities, by their place among the names. */
  readonly entities: readonly (readonly [at: number, ...EntityOf])[];
  readonly texts: readonly KeptText[];
}

const LINK = -1;

/** A directory as its manifest says it is; without one nothing of it is recorded. */
export function directoryOf(
  path: RepositoryPath,
  manifest: Manifest | undefined,
  texts: readonly KeptText[],
): KeptDirectory {
  const names: string[] = [];
  const sizes: number[] = [];
  const times: number[] = [];
  const entities: [number, string, string][] = [];
  for (const [name, entry] of manifest?.files ?? []) {
    if (entry.kind === 'file' && entry.entity !== undefined)
      entities.push([names.length, entry.entity.id, entry.entity.type]);
    names.push(name);
    sizes.push(entry.kind === 'file' ? entry.size : LINK);
    times.push(entry.kind === 'file' ? secondsOf(entry.mtime) : 0);
  }
  const entity = manifest?.entity;
  return {
    path,
    isRecorded: manifest !== undefined,
    ...(entity !== undefined && { entity: [entity.id, entity.type] as const }),
    names: names.join('/'),
    sizes,
    times,
    entities,
    texts,
  };
}

/** What a sidecar says, people's words above what was read. */
export function writtenOf(sidecar: Sidecar): Written {
  const found: [string, Scalar[]][] = [];
  for (const [key, value] of effectiveFields(sidecar)) flatten(foldWords(key), value, found);
  const texts = new Set<string>();
  for (const [, values] of found) for (const value of values) if (typeof value === 'string') texts.add(value);
  const prose = sidecar.prose.trim();
  return {
    fields: found.map(([field]) => field),
    values: found.map(([, values]) => (values.length === 1 ? values[0]! : values)),
    words: foldWords([...texts, ...(prose === '' ? [] : [prose])].join('\n')),
  };
}

/** A text that cannot be read is still searched for words. */
export function writtenWrongly(text: string, reason: string, line: number | undefined): Written {
  const wrong = { reason, ...(line !== undefined && { line }) };
  return { fields: [], values: [], words: foldWords(text), wrong };
}

/** The values of a field; undefined where there is none. */
export function valuesIn(written: Written | undefined, field: string): readonly Scalar[] | undefined {
  const at = written === undefined ? -1 : written.fields.indexOf(field);
  if (at === -1) return undefined;
  const value = written!.values[at]!;
  return typeof value === 'object' ? value : [value];
}

export function isLinkSize(size: number): boolean {
  return size === LINK;
}

/** A field, and below it the entries of its map by names of their own. Of a conflict each side counts. */
function flatten(key: string, value: FieldValue, into: [string, Scalar[]][]): Scalar[] {
  const own: Scalar[] = [];
  into.push([key, own]);
  if (isConflict(value)) {
    for (const side of value.values.values()) if (side !== undefined) own.push(...flatten(key, side, []));
  } else if (isMap(value)) {
    for (const [name, inner] of value.map) own.push(...flatten(`${key}.${foldWords(name)}`, inner, into));
  } else if (Array.isArray(value)) {
    for (const member of value as readonly Value[]) own.push(...flatten(key, member, []));
  } else if (value !== '') own.push(value as Scalar);
  return own;
}

function secondsOf(mtime: string): number {
  if (mtime.startsWith('@')) return Number(/^@-?\d+/.exec(mtime)![0].slice(1));
  return Date.parse(`${mtime.slice(0, 19)}Z`) / 1000;
}
