/** Merges a field that is a conflict already, on a side or in the base: what waits for a person, and what one decided. */

import type { Value } from '../model/value.ts';
import { isConflict, makeConflict, uniteConflicts, type FieldConflict } from '../text/field-conflict.ts';
import { writeFlow } from '../text/yaml-write.ts';
import { sidesWith, type Maybe, type Means, type ThreeValues } from './means.ts';

/** The lines of a conflict by what they say; of a value, the one that it is. */
type Lines = ReadonlyMap<string, Value | undefined>;

/**
 * Both sides changed the field, and one of the three is a conflict. The values merge as the members of a set: one
 * that a side took out of the base's conflict is decided, one that a side brought waits, and what a person chose
 * always counts. Where one value is left, that is the field; where none is, all of both wait.
 */
export function mergeConflicts({ base, ours, theirs }: ThreeValues<Maybe>, means: Means): Maybe {
  const was = isConflict(base) ? linesOf(base) : new Map<string, Value | undefined>();
  const [a, b] = [linesOf(ours), linesOf(theirs)];
  const chosen = new Set(
    [ours, theirs].filter((side) => !isConflict(side)).map((side) => written(side as Value)),
  );
  const isKept = (line: string): boolean =>
    chosen.has(line) || (a.has(line) && b.has(line)) || !was.has(line);
  const kept = [...a.keys(), ...b.keys()].filter(isKept);
  if (new Set(kept).size === 1) return a.has(kept[0]!) ? a.get(kept[0]!) : b.get(kept[0]!);
  const said = new Set(kept.length === 0 ? [...a.keys(), ...b.keys()] : kept);
  const before = isConflict(base) ? base.base : base;
  const [mine, other] = sidesWith(
    isConflict(ours) ? undefined : ours,
    isConflict(theirs) ? undefined : theirs,
    means,
  );
  const parts = [
    isConflict(ours) ? only(ours, said) : makeConflict(before, [mine!]),
    isConflict(theirs) ? only(theirs, said) : makeConflict(before, [other!]),
  ].filter(({ values }) => values.size > 0);
  return parts.reduce((united, part) => uniteConflicts(united, part, means.digest));
}

function linesOf(value: Maybe): Lines {
  const values = isConflict(value) ? Array.from(value.values.values()) : [value as Value | undefined];
  return new Map(values.map((one) => [written(one), one]));
}

/** The conflict with some of its lines. */
function only(conflict: FieldConflict, said: ReadonlySet<string>): FieldConflict {
  const values = Array.from(conflict.values).filter(([, value]) => said.has(written(value)));
  return { ...conflict, values: new Map(values) };
}

function written(value: Value | undefined): string {
  return value === undefined ? '~' : writeFlow(value, 3);
}
