/** What every command that changes people begins and ends with: one look, one commit of what is recorded and changed. */

import type { CommitId } from '../model/id.ts';
import { mirrorName } from '../text/mirror.ts';
import { digest } from '../disk/blake3.ts';
import type { Name } from '../model/name.ts';
import { nearest } from '../model/nearest.ts';
import type { Problem } from '../model/problem.ts';
import type { FieldValue } from '../text/field-conflict.ts';
import { isPlainUnicode } from '../text/names.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { setField } from '../text/sidecar-edit.ts';
import type { Reader } from '../text/yaml-read.ts';
import { entitiesAt } from './entities.ts';
import { commitEntities } from './entity-commit.ts';
import type { EntityOptions } from './entity-work.ts';
import { exclusively } from './exclusively.ts';
import { IndexEdit } from './index-edit.ts';
import { look, type Look } from './look.ts';
import { foldHandle, handleFor, isHandle, type Names } from './people-names.ts';
import * as say from './people-problems.ts';
import { handleOf, readPeople, type People, type Person } from './people.ts';
import type { Repository } from './repository.ts';

export type PeopleOptions = EntityOptions;

export interface PeopleCommit {
  /** undefined for a dry run, and where nothing had to change. */
  readonly commit: CommitId | undefined;
  readonly problems: readonly Problem[];
}

export interface PeopleWork {
  readonly seen: Look;
  readonly people: People;
  /** The texts that change, by their paths; what a person edited and no commit has is refused. */
  readonly write: (path: string, text: string) => void;
  /** Whether a handle is one, and nobody's. */
  readonly isFree: (handle: string) => boolean;
  /** A handle that nobody has; refuses ('usage', 'failed') one that was asked for and cannot be. */
  readonly newHandle: (name: string, asked?: string) => string;
  /** Writes the commit, unless nothing changed or nothing is to be done. */
  readonly commit: (message: string) => Promise<PeopleCommit>;
}

/** Refuses ('locked') where another command writes. */
export async function withPeopleToChange<T>(
  repository: Repository,
  command: string,
  { message, dryRun }: PeopleOptions,
  work: (work: PeopleWork) => Promise<T>,
): Promise<T> {
  return exclusively(repository, command, async ({ eyes, problems }) => {
    const seen = await look(repository, eyes, { hashNew: false, checkEverything: false });
    const people = await readPeople(seen.texts);
    const met = [...problems, ...people.problems];
    const edited = new Set(seen.texts.edited.map(({ path }) => path));
    const taken = new Set([...people.paths, ...edited].map((path) => foldHandle(handleOf(path))));
    const texts = new Map<string, string>();
    return work({
      seen,
      people,
      write: (path, text) => {
        if (edited.has(path)) say.personEdited(path);
        texts.set(path, text);
      },
      isFree: (handle) => isHandle(handle) && isFree(handle, taken),
      newHandle: (name, asked) => {
        const handle =
          asked === undefined ? handleFor(name, (each) => !isFree(each, taken)) : chosen(asked, taken);
        taken.add(foldHandle(handle));
        return handle;
      },
      commit: async (sentence) => {
        if (dryRun || texts.size === 0) return { commit: undefined, problems: met };
        const edit = new IndexEdit(seen.texts);
        for (const [path, text] of texts) edit.write(path, text);
        const done = await commitEntities(seen, {
          command,
          message: message ?? sentence,
          edit,
          before: entitiesAt(repository, seen.texts),
          summary: { metadata: texts.size },
        });
        return { commit: done.commit, problems: [...met, ...done.problems] };
      },
    });
  });
}

/** Refuses ('failed', 'usage') where nobody or several are meant. */
export function personMeant(names: Names<Person>, typed: string): Person {
  const person = names.meant(typed);
  if (person !== undefined) return person;
  const several = names.called(typed).map(({ handle }) => handle);
  if (several.length > 1) return say.severalAreCalled(typed, several);
  const known = names.all.flatMap(({ handle, name, also }) =>
    [handle, name, ...also].map((word) => [word, handle]),
  );
  return say.nobodyIsCalled(typed, nearest(typed, new Map(known as [string, string][])));
}

/** A name as a person gave it; refuses ('usage') what is none. */
export function nameFrom(typed: string): string {
  const name = typed.trim();
  return name === '' || /[\n\t]/.test(name) || !isPlainUnicode(name) ? say.noName() : name;
}

/** The text in which fields of a person are others; refuses ('failed') where a person's layout does not allow it. */
export async function withFields(
  { path, text }: Pick<Person, 'path' | 'text'>,
  fields: Iterable<readonly [string, FieldValue]>,
): Promise<string> {
  const change = (before: string, reader?: Reader): string => {
    let after = before;
    for (const [key, value] of fields) after = setField(after, key, value, reader);
    return after;
  };
  try {
    return await parseByPeople(change, text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const { reason, place } = error.problem;
    throw say.personUneditable(path, reason, place?.line);
  }
}

/** The path of a text whose name is the handle itself: no file system calls it otherwise. */
function isFree(handle: string, taken: ReadonlySet<string>): boolean {
  return !taken.has(foldHandle(handle)) && mirrorName(handle as Name, digest) === handle;
}

function chosen(handle: string, taken: ReadonlySet<string>): string {
  if (!isHandle(handle) || mirrorName(handle as Name, digest) !== handle) return say.noHandle(handle);
  return taken.has(foldHandle(handle)) ? say.handleTaken(handle) : handle;
}
