/** Who is meant by a name, a handle or an id. Pure. */

import type { FieldDeclaration } from '../model/type-declaration.ts';
import { fold } from '../text/fold.ts';
import { foldWords } from './find-fold.ts';

/** What a person can be known by. */
export interface Named {
  /** The name of the file, by which pictures refer to the person: it stays when the person is called otherwise. */
  readonly handle: string;
  readonly id?: string;
  /** Ids of what was joined to this one in a merge. */
  readonly was: readonly string[];
  readonly name: string;
  readonly also: readonly string[];
}

/** The field that refers to people where no type says otherwise. */
const PEOPLE_FIELD = 'people';
const LONGEST_HANDLE = 60;

/** Handles and ids first: they are somebody's alone. A name that several have is nobody's. */
export class Names<T extends Named> {
  readonly all: readonly T[];
  private readonly own = new Map<string, T>();
  private readonly named = new Map<string, Set<T>>();

  constructor(all: readonly T[]) {
    this.all = all;
    for (const each of all)
      for (const id of [each.id, ...each.was]) if (id !== undefined) this.own.set(id, each);
    for (const each of all) this.own.set(each.handle, each);
    for (const each of all) for (const name of [each.name, ...each.also]) this.add(foldName(name), each);
  }

  /** Undefined also where several are called so. */
  meant(text: string): T | undefined {
    const own = this.own.get(text);
    if (own !== undefined) return own;
    const called = this.called(text);
    return called.length === 1 ? called[0] : undefined;
  }

  withId(id: string): T | undefined {
    const found = this.own.get(id);
    return found?.handle === id ? undefined : found;
  }

  /** All who have a name, without regard to case and accents. */
  called(name: string): readonly T[] {
    return [...(this.named.get(foldName(name)) ?? [])];
  }

  /** All that a reference can be found by: itself, and what the person is called. */
  wordsFor(text: string): readonly string[] {
    const person = this.meant(text);
    if (person === undefined) return [text];
    const { handle, id, name, also } = person;
    return [...new Set([text, handle, name, ...also, ...(id === undefined ? [] : [id])])];
  }

  private add(name: string, person: T): void {
    const known = this.named.get(name);
    if (known === undefined) this.named.set(name, new Set([person]));
    else known.add(person);
  }
}

export function foldName(name: string): string {
  return foldWords(name).replace(/\s+/g, ' ').trim();
}

/** Whether a field refers to people: as its type declares, and `people` where none says what it is. */
export function refersToPeople(field: string, declaration: FieldDeclaration | undefined): boolean {
  if (declaration === undefined || declaration.type === 'text') return field === PEOPLE_FIELD;
  return declaration.type === 'person';
}

/**
 * A handle for a name, that none of those taken folds like: `anna-lind`, then `anna-lind-2`. Of letters with accents
 * the letters stay, so that it is easily typed; other scripts stay as they are.
 */
export function handleFor(name: string, isTaken: (handle: string) => boolean): string {
  const words = foldWords(name)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-');
  const start = Array.from(words)
    .slice(0, LONGEST_HANDLE)
    .join('')
    .replace(/^-+|-+$/g, '');
  const base = start === '' ? 'person' : start;
  for (let number = 1; ; number++) {
    const handle = number === 1 ? base : `${base}-${number}`;
    if (!isTaken(handle)) return handle;
  }
}

/** What a person may choose: letters, digits, and single signs between them. */
export function isHandle(text: string): boolean {
  return (
    /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}]|[-._ ](?=[\p{L}\p{N}])){0,99}$/u.test(text) &&
    text === text.normalize('NFC')
  );
}

/** Handles that one file system or another would take for one file. */
export function foldHandle(handle: string): string {
  return fold(handle as never);
}
