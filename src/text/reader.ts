/** Typed access to a parsed text: each value is checked where it is taken, and a wrong one is said with its line. */

import { isCommitId, isContentId, type CommitId, type ContentId } from '../model/id.ts';
import { isInstant, type Instant } from '../model/instant.ts';
import type { RepositoryPath } from '../model/path.ts';
import { REPOSITORY_NAME } from '../model/repository-name.ts';
import { isMap, type BlockMap, type LineMap, type Scalar, type Value } from '../model/value.ts';
import { unescapePath, unescapeText } from './names.ts';
import { badPath, duplicateKey, missing, spelling, TextError, wrongValue } from './problems.ts';
import { readLines, type Parsed, type Places, type Reader } from './yaml-read.ts';
import { byBytes } from './yaml-write.ts';

/** Where a value stands. */
export interface At {
  readonly key: string;
  readonly line: number;
  readonly places: Places;
}

/** The value as what it has to be; throws a TextError where it is not. */
export type Check<T> = (value: Value, at: At) => T;

/** Unknown keys, for an interface that keeps them. */
export interface More {
  readonly more?: ReadonlyMap<string, Value>;
}

/** The entries of a map, taken one after the other; what nobody took is `more`. */
export class Fields {
  readonly at: At;
  readonly #map: ReadonlyMap<string, Value>;
  readonly #lines: ReadonlyMap<string | number, number> | undefined;
  readonly #known = new Set<string>();

  constructor(entries: BlockMap | LineMap, at: At) {
    this.at = at;
    this.#map = entries.map;
    this.#lines = at.places.get(entries);
  }

  required<T>(key: string, check: Check<T>): T {
    this.#known.add(key);
    const value = this.#map.get(key);
    if (value === undefined) throw missing(this.at.line, key);
    return check(value, this.placeOf(key));
  }

  /** An object with the key, or an empty one, to be spread into the whole. */
  optional<K extends string, T>(key: K, check: Check<T>): { readonly [P in K]?: T } {
    if (!this.has(key)) {
      this.#known.add(key);
      return {};
    }
    return { [key]: this.required(key, check) } as { readonly [P in K]?: T };
  }

  otherwise<T>(key: string, check: Check<T>, absent: T): T {
    this.#known.add(key);
    return this.has(key) ? this.required(key, check) : absent;
  }

  has(key: string): boolean {
    return this.#map.has(key);
  }

  placeOf(key: string): At {
    return { key, line: this.#lines?.get(key) ?? this.at.line, places: this.at.places };
  }

  /** What was not asked for so far: to be called last. */
  more(): More {
    const more = byBytes(this.#map).filter(([key]) => !this.#known.has(key));
    return more.length === 0 ? {} : { more: new Map(more) };
  }
}

/** Reads a text that dbk alone writes: it must have, byte for byte, the one spelling of its value. */
export function parseOwnText<T>(
  text: string,
  kind: string,
  read: (fields: Fields) => T,
  write: (value: T) => string,
): T {
  const value = read(rootFields(readLines(text, kind)));
  requireSpelling(text, write(value));
  return value;
}

/**
 * Reads a text that people edit: by lines, and what that refuses with `people` (yaml-people.ts), if it is given.
 * Without it such a text is refused with a TextError, and may be tried again (people.ts does).
 */
export function parsePeoplesText<T>(
  text: string,
  kind: string,
  read: (fields: Fields) => T,
  people: Reader | undefined,
): T {
  let parsed: Parsed;
  try {
    parsed = readLines(text, kind);
  } catch (error) {
    if (people === undefined || !(error instanceof TextError)) throw error;
    parsed = people(text, kind);
  }
  return read(rootFields(parsed));
}

/** Refuses a text that is not what dbk would write, at the first line that differs. Both end with a line feed. */
export function requireSpelling(text: string, written: string): void {
  if (text === written) return;
  const lines = text.slice(0, -1).split('\n');
  const expected = written.slice(0, -1).split('\n');
  let at = 0;
  while (at < lines.length && lines[at] === expected[at]) at++;
  throw spelling(at + 1, expected[at]);
}

export function rootFields(parsed: Parsed): Fields {
  return new Fields(parsed.root, { key: 'dbk', line: 1, places: parsed.places });
}

export const text: Check<string> = (value, at) => {
  if (typeof value !== 'string') throw wrongValue(at.line, at.key, 'a text');
  return value;
};

export const someText: Check<string> = (value, at) => {
  if (typeof value !== 'string' || value === '')
    throw wrongValue(at.line, at.key, 'a text with something in it');
  return value;
};

export const scalar: Check<Scalar> = (value, at) => {
  if (typeof value === 'object') throw wrongValue(at.line, at.key, 'a text or a number');
  return value;
};

export const number: Check<number> = (value, at) => {
  if (typeof value !== 'number') throw wrongValue(at.line, at.key, 'a whole number');
  return value;
};

/** A text that matches; `expected` says what it has to be, with an article. */
export function like(pattern: RegExp, expected: string): Check<string> {
  return (value, at) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw wrongValue(at.line, at.key, expected);
    return value;
  };
}

export function oneOf<T extends string>(...words: readonly T[]): Check<T> {
  return (value, at) => {
    const word = words.find((known) => known === value);
    if (word === undefined) throw wrongValue(at.line, at.key, `one of ${words.join(', ')}`);
    return word;
  };
}

export const contentId: Check<ContentId> = (value, at) => {
  if (typeof value !== 'string' || !isContentId(value))
    throw wrongValue(at.line, at.key, '64 lower-case hexadecimal digits');
  return value;
};

export const commitId: Check<CommitId> = (value, at) => {
  if (typeof value !== 'string' || !isCommitId(value))
    throw wrongValue(at.line, at.key, '64 lower-case hexadecimal digits');
  return value;
};

export const repositoryName = like(REPOSITORY_NAME, 'the name of a repository (a-z, 0-9 and -)');

/** 16 digits, made once. */
export const repositoryId = like(/^[0-9a-f]{16}$/, '16 lower-case hexadecimal digits');

/** '' where there is none. */
export const commitIdOrNone: Check<CommitId | ''> = (value, at) => (value === '' ? '' : commitId(value, at));

export const instant: Check<Instant> = (value, at) => {
  if (typeof value !== 'string' || !isInstant(value))
    throw wrongValue(at.line, at.key, 'a time as dbk writes it');
  return value;
};

/** A text of any bytes, escaped as section 3 says. */
export const escapedText: Check<string> = (value, at) => {
  const bytes = typeof value === 'string' ? unescapeText(value) : undefined;
  if (bytes === undefined) throw wrongValue(at.line, at.key, 'a text that is escaped as names are');
  return bytes;
};

export const path: Check<RepositoryPath> = (value, at) => {
  const found = typeof value === 'string' && value !== '' ? unescapePath(value) : undefined;
  if (found === undefined) throw badPath(at.line, typeof value === 'string' ? value : at.key);
  return found;
};

/** A path that ends in '/' where it is a directory's. */
export const pathOrFolder: Check<string> = (value, at) => {
  const isFolder = typeof value === 'string' && value.endsWith('/');
  return isFolder ? `${path(value.slice(0, -1), at)}/` : path(value, at);
};

/** Members in their order; a person who wrote nothing behind the colon wrote an empty list. */
export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value, at) => {
    if (value === '') return [];
    if (typeof value !== 'object' || isMap(value)) throw wrongValue(at.line, at.key, 'a list');
    const lines = at.places.get(value);
    return value.map((member, i) => check(member, { ...at, line: lines?.get(i) ?? at.line }));
  };
}

/** Entries by key; a person who wrote nothing behind the colon wrote an empty map. */
export function mapOf<K, T>(key: Check<K>, check: Check<T>): Check<ReadonlyMap<K, T>> {
  return (value, at) => {
    const map = new Map<K, T>();
    if (value === '') return map;
    if (!isMap(value)) throw wrongValue(at.line, at.key, 'a map');
    const fields = new Fields(value, at);
    for (const [name, inner] of value.map) {
      const place = fields.placeOf(name);
      const known = key(name, place);
      // Two spellings of one path, say.
      if (map.has(known)) throw duplicateKey(place.line, name);
      map.set(known, check(inner, place));
    }
    return map;
  };
}

/** A map with known keys. */
export function fields<T>(read: (fields: Fields) => T): Check<T> {
  return (value, at) => {
    if (!isMap(value)) throw wrongValue(at.line, at.key, 'a map');
    return read(new Fields(value, at));
  };
}
