/** Whether a thing is what a query asks for. Pure. */

import type { RepositoryPath } from '../model/path.ts';
import { isWithin, nameOf } from '../model/path.ts';
import type { Scalar } from '../model/value.ts';
import { fits } from './find-compare.ts';
import { foldWords } from './find-fold.ts';
import { takesName, takesPath } from './find-glob.ts';
import type { Comparison, Query } from './find-query.ts';
import { valuesIn, type Written } from './find-record.ts';

/** A file, link or folder, and what is known of it. */
export interface Thing {
  readonly path: RepositoryPath;
  readonly kind: 'file' | 'folder' | 'link';
  /** Absent where it is not known: of folders and links, and of what is not recorded. */
  readonly size?: number;
  /** Seconds since 1970. */
  readonly time?: number;
  /** '' for none. */
  readonly type: string;
  readonly written: Written | undefined;
  /** The entity that it is or is in. */
  readonly whole: Whole | undefined;
  readonly isRecorded: boolean;
}

export interface Whole {
  readonly path: RepositoryPath;
  readonly id: string;
  readonly written: Written | undefined;
  /** Fields that stand in its path. */
  readonly inPath: () => ReadonlyMap<string, string>;
}

export type Test = (thing: Thing) => boolean;

/** All that a value of a field can be found by: of one that refers to a person what they are called. */
export type WordsOf = (type: string, field: string, value: Scalar) => readonly Scalar[];

const ITSELF: WordsOf = (_type, _field, value) => [value];

/** The query as a function; `seen` gets the fields that anything at all has. */
export function testOf(query: Query, seen: Set<string>, wordsOf: WordsOf = ITSELF): Test {
  switch (query.kind) {
    case 'and': {
      const tests = query.of.map((each) => testOf(each, seen, wordsOf));
      return (thing) => tests.every((test) => test(thing));
    }
    case 'or': {
      const tests = query.of.map((each) => testOf(each, seen, wordsOf));
      return (thing) => tests.some((test) => test(thing));
    }
    case 'not': {
      const test = testOf(query.of, seen, wordsOf);
      return (thing) => !test(thing);
    }
    case 'word':
      return ({ path, written, whole }) =>
        hasWord(path, written, query.text) ||
        (whole !== undefined && hasWord(whole.path, whole.written, query.text));
    case 'is':
      return query.what === 'entity'
        ? ({ path, whole }) => whole?.path === path
        : ({ kind }) => kind === query.what;
    case 'in':
      return ({ path }) => path !== query.folder && isWithin(path, query.folder);
    case 'path':
      return ({ path }) => takesPath(query.pattern, foldWords(path));
    case 'name':
      // What a thing says it is called counts too.
      return ({ path, written }) =>
        takesName(query.pattern, foldWords(nameOf(path))) ||
        valuesIn(written, 'name')?.some((value) => takesName(query.pattern, foldWords(String(value)))) ===
          true;
    case 'ext':
      return ({ path, kind }) => kind !== 'folder' && extensionOf(foldWords(nameOf(path))) === query.text;
    case 'type':
      return ({ type }) => (query.text === '*' ? type !== '' : foldWords(type) === query.text);
    case 'entity':
      return ({ whole }) => whole !== undefined && (query.text === '*' || whole.id.startsWith(query.text));
    case 'size':
      return ({ size }) => size !== undefined && fits(size, query.compare);
    case 'modified':
      return ({ time }) => time !== undefined && fits(dateOf(time), query.compare);
    case 'field':
      return fieldTest(query.field, query.compare, seen, wordsOf);
  }
}

/** Whether a query asks for words. */
export function asksForWords(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.of.some(asksForWords);
  return query.kind === 'not' ? asksForWords(query.of) : query.kind === 'word';
}

/** Whether a query asks for a field of some names, be it that something is not so. */
export function asksForField(query: Query, isOne: (field: string) => boolean): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.of.some((each) => asksForField(each, isOne));
  if (query.kind === 'not') return asksForField(query.of, isOne);
  return query.kind === 'field' && isOne(query.field);
}

/** The fields that a query asks for, those that must not be so left out. */
export function fieldsAsked(query: Query): ReadonlySet<string> {
  const asked = new Set<string>();
  const ask = (part: Query): void => {
    if (part.kind === 'field') asked.add(part.field);
    if (part.kind === 'and' || part.kind === 'or') part.of.forEach(ask);
  };
  ask(query);
  return asked;
}

/** What holds of a field: of the thing itself, else of its entity, else in the entity's path. */
export function valuesOf({ written, whole }: Thing, field: string): readonly Scalar[] | undefined {
  const own = valuesIn(written, field) ?? valuesIn(whole?.written, field);
  if (own !== undefined || whole === undefined) return own;
  const inPath = whole.inPath().get(field);
  return inPath === undefined ? undefined : [inPath];
}

/** As texts of dbk have it. */
export function dateOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('.000Z', 'Z');
}

function fieldTest(field: string, compare: Comparison, seen: Set<string>, wordsOf: WordsOf): Test {
  return (thing) => {
    const values = valuesOf(thing, field);
    if (values === undefined) return false;
    seen.add(field);
    return values.some((value) => wordsOf(thing.type, field, value).some((word) => fits(word, compare)));
  };
}

function hasWord(path: RepositoryPath, written: Written | undefined, word: string): boolean {
  return written?.words.includes(word) === true || foldWords(nameOf(path)).includes(word);
}

/** Of `.bashrc` there is none. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1) : '';
}
