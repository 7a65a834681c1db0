/** People as vCards, for programs that know these. */

import type { Problem } from '../model/problem.ts';
import { isConflict } from '../text/field-conflict.ts';
import type { Value } from '../model/value.ts';
import type { Contact } from '../text/vcard-fields.ts';
import { IDENTITY } from '../text/vcard-fields.ts';
import { cleanValue } from '../text/vcard-encodings.ts';
import { writeContact } from '../text/vcard-write.ts';
import type { VcardVersion } from '../text/vcard.ts';
import * as say from './people-problems.ts';
import { personMeant } from './people-work.ts';
import { saidIn, withPeople, type Person } from './people.ts';
import type { Repository } from './repository.ts';

export interface ExportPeopleOptions {
  /** Handles, ids or names; empty: everybody. */
  readonly who: readonly string[];
  readonly version: VcardVersion;
}

export interface ExportedPeople {
  /** One for each, in the order of the handles, or as they were asked for. */
  readonly cards: readonly { readonly person: Person; readonly card: string }[];
  readonly problems: readonly Problem[];
}

export async function exportPeople(
  repository: Repository,
  { who, version }: ExportPeopleOptions,
): Promise<ExportedPeople> {
  return withPeople(repository, 'people export', async ({ names, problems: met }) => {
    const asked = who.length === 0 ? names.all : new Set(who.map((typed) => personMeant(names, typed)));
    const problems = [...met];
    const cards = Array.from(asked, (person) => {
      const open = [...person.sidecar.fields].flatMap(([key, value]) => (isConflict(value) ? [key] : []));
      if (open.length > 0) problems.push(say.notExported(person.handle, open));
      return { person, card: writeContact(contactOf(person), person.id, version) };
    });
    return { cards, problems };
  });
}

function contactOf({ handle, name, sidecar }: Person): Contact {
  const [uid] = saidIn(sidecar.fields, 'uid');
  const fields = new Map<string, Value>();
  for (const [key, value] of sidecar.fields)
    if (!IDENTITY.has(key) && !isConflict(value)) fields.set(key, value);
  const note = cleanValue(sidecar.prose).replace(/\n+$/, '');
  return { name, ...(uid !== undefined && { uid }), handle, fields, note };
}
