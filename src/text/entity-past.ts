/**
 * Which entity a folder or file was that is none now (README.md, section 5): `split`, the one that a folder was
 * before its entity went one level down, and `joined`, the one that became part of an entity above.
 */

import type { EntityReference } from '../model/manifest.ts';
import { isMap, type Value } from '../model/value.ts';
import { entity, entityValue } from './manifest-line.ts';
import { TextError } from './problems.ts';

export type Past = 'split' | 'joined';

/** A manifest, or a file in one. */
interface Remembering {
  readonly more?: ReadonlyMap<string, Value>;
}

/** undefined where nothing is remembered, or what another program wrote under this key is no entity. */
export function pastOf({ more }: Remembering, past: Past): EntityReference | undefined {
  const value = more?.get(past);
  if (!isMap(value)) return undefined;
  try {
    return entity(value, { key: past, line: 1, places: new Map() });
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return undefined;
  }
}

/** The same with another past, or with none. */
export function withPast<T extends Remembering>(
  thing: T,
  past: Past,
  reference: EntityReference | undefined,
): T {
  const { more, ...rest } = thing;
  const all = new Map(more);
  if (reference === undefined) all.delete(past);
  else all.set(past, entityValue(reference));
  return (all.size === 0 ? rest : { ...rest, more: all }) as T;
}
