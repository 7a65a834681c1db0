/** The people that are known, as `index/people/` says now. */

import { digest } from '../disk/blake3.ts';
import { compareBytes } from '../model/name.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import { isConflict, type FieldValue } from '../text/field-conflict.ts';
import { nameOfMirror } from '../text/mirror.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parseSidecar, type Sidecar } from '../text/sidecar.ts';
import { textsOf } from '../text/vcard-values.ts';
import { codeOf } from '../store/errors.ts';
import { textOf } from './edits.ts';
import { besideOthers } from './exclusively.ts';
import type { IndexTexts } from './index-texts.ts';
import { lookAtTexts } from './index-texts.ts';
import { Names, type Named } from './people-names.ts';
import { personNotRead } from './people-problems.ts';
import type { Repository } from './repository.ts';

export interface Person extends Named {
  /** Below `index/`. */
  readonly path: string;
  readonly text: string;
  readonly sidecar: Sidecar;
}

export interface People {
  readonly names: Names<Person>;
  /** The texts of all, those that cannot be read too. */
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
}

type PeopleTexts = Pick<IndexTexts, 'recordedIn' | 'currentBytes'> & Partial<Pick<IndexTexts, 'edited'>>;

const FOLDER = 'people/';
const ENDING = '.metadata';

/** By the bytes of their handles. */
export async function listPeople(repository: Repository): Promise<People> {
  return withPeople(repository, 'people list', async (people) => people);
}

export async function withPeople<T>(
  repository: Repository,
  command: string,
  use: (people: People) => Promise<T>,
): Promise<T> {
  return besideOthers(repository, command, async ({ eyes, problems }, ifAlone) => {
    const texts = await lookAtTexts(repository, repository.commits.readHead(), eyes);
    texts.save(ifAlone);
    const people = await readPeople(texts);
    return use({ ...people, problems: [...problems, ...texts.problems, ...people.problems] });
  });
}

/** A text that is wrong is a problem, and says of nobody anything. */
export async function readPeople(texts: PeopleTexts): Promise<People> {
  const found: Person[] = [];
  const paths: string[] = [];
  const problems: Problem[] = [];
  for (const path of pathsOf(texts)) {
    try {
      const bytes = texts.currentBytes(path);
      if (bytes === undefined) continue;
      paths.push(path);
      const text = textOf(path, bytes);
      if (typeof text !== 'string') problems.push(text);
      else found.push(personOf(path, text, await parseByPeople(parseSidecar, text)));
    } catch (error) {
      problems.push(personNotRead(path, reasonOf(error)));
    }
  }
  found.sort((a, b) => compareBytes(a.handle, b.handle));
  return { names: new Names(found), paths, problems };
}

/** The text of the person with a handle. */
export function pathOfPerson(handle: string): string {
  return `${FOLDER}${handle}${ENDING}`;
}

export function handleOf(path: string): string {
  const mirror = path.slice(FOLDER.length, -ENDING.length);
  return nameOfMirror(mirror, digest) ?? mirror;
}

export function personOf(path: string, text: string, sidecar: Sidecar): Person {
  const { fields } = sidecar;
  const handle = handleOf(path);
  // Of two who may be one, both ids lead there.
  const [id, ...others] = saidIn(fields, 'id');
  const [name = handle] = saidIn(fields, 'name');
  const also = saidIn(fields, 'also');
  return {
    handle,
    path,
    text,
    sidecar,
    ...(id !== undefined && { id }),
    was: [...others, ...saidIn(fields, 'was')],
    name,
    also,
  };
}

/** Of a conflict what each side says; nothing empty. */
export function saidIn(fields: ReadonlyMap<string, FieldValue>, field: string): readonly string[] {
  const value = fields.get(field);
  if (value === undefined) return [];
  const sides = isConflict(value) ? [...value.values.values()] : [value];
  return sides.flatMap((side) => textsOf(side)).filter((text) => text !== '');
}

function pathsOf({ recordedIn, edited = [] }: PeopleTexts): string[] {
  const paths = new Set<string>();
  for (const name of recordedIn(FOLDER.slice(0, -1))) paths.add(FOLDER + name);
  for (const { path } of edited) if (path.startsWith(FOLDER)) paths.add(path);
  const isPerson = (path: string): boolean =>
    path.endsWith(ENDING) &&
    path.length > FOLDER.length + ENDING.length &&
    !path.slice(FOLDER.length).includes('/');
  return [...paths].filter(isPerson);
}

function reasonOf(error: unknown): string {
  if (error instanceof TextError || error instanceof Refusal) return error.problem.reason;
  const code = codeOf(error);
  if (code === undefined) throw error;
  return code;
}
