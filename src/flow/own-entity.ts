/** A file that is an entity itself has one sidecar, and what is read of it as either stands there together. */

import { compareBytes } from '../model/name.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import type { Value } from '../model/value.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parseSidecar, type Extracted } from '../text/sidecar.ts';

type Level = 'file' | 'entity';
type Fields = ReadonlyMap<string, Value>;

/** What `extracted:` of a sidecar says; undefined where it has none, or is wrong. */
export async function extractedIn(text: string | undefined): Promise<Extracted | undefined> {
  if (text === undefined) return undefined;
  try {
    return (await parseByPeople(parseSidecar, text)).extracted;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return undefined;
  }
}

/** The fields that a type has at one level. */
export function fieldsAt(fields: Fields, { fields: declared }: TypeDeclaration, level: Level): Fields {
  return new Map([...fields].filter(([name]) => declared.get(name)?.of === level));
}

/** By the bytes of their names; a field is of one level only. */
export function together(some: Fields, others: Fields): Fields {
  return new Map([...some, ...others].sort(([a], [b]) => compareBytes(a, b)));
}
