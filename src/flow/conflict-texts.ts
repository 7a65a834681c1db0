/** How a sidecar reads when a person has chosen a value, or a prose. */

import type { Value } from '../model/value.ts';
import { parseByPeople } from '../text/people.ts';
import { removeField, setField } from '../text/sidecar-edit.ts';
import { isBlankFront, joinFront, splitFront } from '../text/sidecar-front.ts';
import type { Deed } from './conflict-deeds.ts';

/** Throws a TextError where the layout of the text does not allow it; undefined: nothing is left. */
export async function rewritten(
  before: string | undefined,
  deed: Extract<Deed, { kind: 'field' | 'prose' }>,
): Promise<string | undefined> {
  return deed.kind === 'prose' ? withProse(before, deed.kept) : editedField(before, deed.field, deed.value);
}

async function editedField(
  before: string | undefined,
  field: string,
  value: Value | undefined,
): Promise<string | undefined> {
  const after = await parseByPeople(
    (text, people) =>
      value === undefined
        ? (removeField(text, field, people) ?? '')
        : setField(before === undefined ? undefined : text, field, value, people),
    before ?? '',
  );
  return after === '' ? undefined : after;
}

/** The fields and comments of the one text, the prose of the other. */
function withProse(before: string | undefined, other: string): string | undefined {
  const front = { ...splitFront(before ?? ''), prose: splitFront(other).prose };
  return isBlankFront(front) ? undefined : joinFront(front);
}
