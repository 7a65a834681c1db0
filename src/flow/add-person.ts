/** Adds a person: a text with an id, a name and what else they are called. */

import type { Problem } from '../model/problem.ts';
import type { Value } from '../model/value.ts';
import { writeEntry } from '../text/yaml-write.ts';
import { newEntityId } from './entities.ts';
import { foldName } from './people-names.ts';
import * as say from './people-problems.ts';
import { nameFrom, withPeopleToChange, type PeopleCommit, type PeopleOptions } from './people-work.ts';
import { pathOfPerson } from './people.ts';
import type { Repository } from './repository.ts';

export interface AddPersonOptions extends PeopleOptions {
  readonly name: string;
  readonly also: readonly string[];
  /** Absent: one is made of the name. */
  readonly handle?: string | undefined;
}

export interface AddedPerson extends PeopleCommit {
  readonly handle: string;
  readonly id: string;
  readonly name: string;
  readonly also: readonly string[];
  /** Below `index/`. */
  readonly path: string;
}

/** Two people may have one name; that is said. */
export async function addPerson(repository: Repository, options: AddPersonOptions): Promise<AddedPerson> {
  return withPeopleToChange(
    repository,
    'people add',
    options,
    async ({ people, newHandle, write, commit }) => {
      const name = nameFrom(options.name);
      const also = [...new Set(options.also.map(nameFrom))].filter(
        (each) => foldName(each) !== foldName(name),
      );
      const handle = newHandle(name, options.handle);
      const id = newEntityId(repository.context);
      const path = pathOfPerson(handle);
      const fields: (readonly [string, Value])[] = also.length === 0 ? [] : [['also', also]];
      write(path, freshPerson([['id', id], ['name', name], ...fields], ''));
      const { commit: made, problems } = await commit(`Added ${name} (${handle})`);
      const others: Problem[] = [name, ...also].flatMap((each) => {
        const called = people.names.called(each).map((other) => other.handle);
        return called.length === 0 ? [] : [say.isCalledSo(each, called)];
      });
      return { commit: made, handle, id, name, also, path, problems: [...problems, ...others] };
    },
  );
}

/** The text of somebody new. Throws a TextError for a value that no text may hold. */
export function freshPerson(fields: Iterable<readonly [string, Value]>, note: string): string {
  let text = '---\n';
  for (const [key, value] of fields) text += writeEntry(key, value);
  return `${text}---\n${note === '' ? '' : `${note}\n`}`;
}
