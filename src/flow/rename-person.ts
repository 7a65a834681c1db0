/** Calls a person otherwise: one text changes, and every reference stays. */

import type { Value } from '../model/value.ts';
import { newEntityId } from './entities.ts';
import { foldName } from './people-names.ts';
import * as say from './people-problems.ts';
import { nameFrom, personMeant, withFields, withPeopleToChange } from './people-work.ts';
import type { PeopleCommit, PeopleOptions } from './people-work.ts';
import type { Repository } from './repository.ts';

export interface RenamePersonOptions extends PeopleOptions {
  /** A handle, an id, or a name that one person alone has. */
  readonly who: string;
  readonly name: string;
}

export interface RenamedPerson extends PeopleCommit {
  readonly handle: string;
  readonly before: string;
  readonly name: string;
  readonly path: string;
}

/** The old name stays as one they are also known by, so that names in files still lead to them. */
export async function renamePerson(
  repository: Repository,
  options: RenamePersonOptions,
): Promise<RenamedPerson> {
  return withPeopleToChange(repository, 'people rename', options, async ({ people, write, commit }) => {
    const person = personMeant(people.names, options.who);
    const { handle, path, sidecar } = person;
    const name = nameFrom(options.name);
    const hasName = sidecar.fields.has('name');
    const isSame = hasName && person.name === name;
    if (!isSame) write(path, await withFields(person, newFields()));
    const { commit: made, problems } = await commit(`${person.name} is now ${name} (${handle})`);
    const others = people.names.called(name).filter((each) => each !== person);
    const met =
      others.length === 0
        ? []
        : [
            say.isCalledSo(
              name,
              others.map((each) => each.handle),
            ),
          ];
    return { commit: made, handle, before: person.name, name, path, problems: [...problems, ...met] };

    function* newFields(): Generator<readonly [string, Value]> {
      if (person.id === undefined) yield ['id', newEntityId(repository.context)];
      yield ['name', name];
      const also = [...person.also, ...(hasName ? [person.name] : [])].filter(
        (each) => foldName(each) !== foldName(name),
      );
      if (also.length > 0 || person.also.length > 0) yield ['also', [...new Set(also)]];
    }
  });
}
