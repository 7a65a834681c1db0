/** What a person typed for a field that refers to people, as the references that belong there. */

import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Value } from '../model/value.ts';
import { isConflict, type FieldValue } from '../text/field-conflict.ts';
import type { Declared } from '../text/field-check.ts';
import { textsOf } from '../text/vcard-values.ts';
import type { FieldEdit } from './edit-fields.ts';
import { refersToPeople } from './people-names.ts';
import * as say from './people-problems.ts';
import type { People } from './people.ts';

export interface Referring {
  /** None where nothing is to be done. */
  readonly edits: readonly FieldEdit[];
  readonly problems: readonly Problem[];
}

/** Whether an edit is of a field that refers to people. */
export function isAboutPeople({ field }: FieldEdit, declared: Declared | undefined): boolean {
  return refersToPeople(field, declared?.fields.get(field));
}

/**
 * The edit with handles in place of names that one person has; one of a name that several have is said. `said` is what
 * holds of the field: whom it has under another name is not added again, and is removed under that.
 */
export function withReferences(
  path: RepositoryPath,
  edit: FieldEdit,
  said: FieldValue | undefined,
  { names }: Pick<People, 'names'>,
): Referring {
  const problems: Problem[] = [];
  const handleOf = (typed: string): string => {
    const several = names.meant(typed) === undefined ? names.called(typed) : [];
    if (several.length > 1)
      problems.push(
        say.nameOfSeveral(
          path,
          typed,
          several.map(({ handle }) => handle),
        ),
      );
    return names.meant(typed)?.handle ?? typed;
  };
  const standing = said === undefined || isConflict(said) ? [] : meaning(said, edit, { names });
  if (edit.kind === 'set') return { edits: [{ ...edit, values: edit.values.map(handleOf) }], problems };
  if (edit.value === undefined) return { edits: [edit], problems };
  if (edit.kind === 'remove')
    return {
      edits: standing.length === 0 ? [edit] : standing.map((value) => ({ ...edit, value })),
      problems,
    };
  return { edits: standing.length > 0 ? [] : [{ ...edit, value: handleOf(edit.value) }], problems };
}

/** The members that mean whom an edit means, as they stand there. */
function meaning(value: Value, edit: FieldEdit, { names }: Pick<People, 'names'>): string[] {
  if (edit.kind === 'set' || edit.value === undefined) return [];
  const { value: typed } = edit;
  const person = names.meant(typed);
  return textsOf(value).filter(
    (text) => text === typed || (person !== undefined && names.meant(text) === person),
  );
}
