/** Merges one field, as the type declares that it merges: the one rule of every merge, then what the policy says. */

import { sameSaid } from '../diff/fields.ts';
import { compareBytes } from '../model/name.ts';
import type { FieldDeclaration, FieldMerge } from '../model/type-declaration.ts';
import { isMap, type List, type Value } from '../model/value.ts';
import type { Declared } from '../text/field-check.ts';
import { isConflict, makeConflict, writeField, type FieldValue } from '../text/field-conflict.ts';
import { writeFlow } from '../text/yaml-write.ts';
import { mergeConflicts } from './field-conflicts.ts';
import { mergeLines } from './lines.ts';
import { sidesWith, type Fields, type Maybe, type Means, type ThreeValues } from './means.ts';
import { compareQuantities, sumOf } from './quantities.ts';
import { mergeMembers, membersOf } from './sets.ts';
import { mergeValue } from './values.ts';

/**
 * What the field is after the merge: a value, a conflict, or nothing. Swapped sides (with their labels) give the
 * same. What cannot merge by its policy, because a value is not of its type, is a conflict.
 */
export function mergeField(
  { base, ours, theirs }: ThreeValues<Maybe>,
  declaration: FieldDeclaration | undefined,
  means: Means,
): Maybe {
  // Two spellings of one value: the same stays, whichever side has it.
  if (sameSaid(ours, theirs)) return lower(ours, theirs);
  const merged = mergeValue(base, ours, theirs, sameSaid);
  if (merged.kind === 'is') return merged.value;
  if (isConflict(ours) || isConflict(theirs) || isConflict(base))
    return mergeConflicts({ base, ours, theirs }, means);
  return bothChanged({ base, ours, theirs }, declaration, means);
}

/** All fields that there are on a side: those of ours in their order, then those that theirs alone has. */
export function mergeFields(
  { base, ours, theirs }: ThreeValues<Fields>,
  declared: Declared | undefined,
  means: Means,
): Map<string, FieldValue> {
  const merged = new Map<string, FieldValue>();
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const three = { base: base.get(key), ours: ours.get(key), theirs: theirs.get(key) };
    const value = mergeField(three, declarationOf(declared, key), means);
    if (value !== undefined) merged.set(key, value);
  }
  return merged;
}

/** Whether two values say the same, by the field's policy: the members of a set have no order. */
export function isSameField(a: Maybe, b: Maybe, declaration: FieldDeclaration | undefined): boolean {
  if (sameSaid(a, b)) return true;
  if (!isList(a) || !isList(b) || policyOf(declaration, a, b) !== 'set') return false;
  const spelled = (list: List): string[] => list.map((member) => writeFlow(member)).sort();
  return sameSaid(spelled(a), spelled(b));
}

export function declarationOf(declared: Declared | undefined, key: string): FieldDeclaration | undefined {
  const field = declared?.fields.get(key);
  return field?.of === declared?.of ? field : undefined;
}

/** A field that nobody declares is `one`, a list `set`. */
function policyOf(declaration: FieldDeclaration | undefined, ours: Maybe, theirs: Maybe): FieldMerge {
  if (declaration !== undefined) return declaration.merge;
  return [ours, theirs].every((value) => value === undefined || isList(value)) ? 'set' : 'one';
}

function bothChanged(
  three: ThreeValues<Value | undefined>,
  declaration: FieldDeclaration | undefined,
  { sides, digest }: Means,
): Maybe {
  const { base, ours, theirs } = three;
  const decided = decide(policyOf(declaration, ours, theirs), three, declaration?.type);
  if (decided.kind === 'is') return decided.value;
  return makeConflict(base, sidesWith(ours, theirs, { sides, digest }));
}

type Decision = { readonly kind: 'is'; readonly value: Value | undefined } | { readonly kind: 'open' };

const OPEN: Decision = { kind: 'open' };

function decide(
  policy: FieldMerge,
  three: ThreeValues<Value | undefined>,
  type: FieldDeclaration['type'] | undefined,
): Decision {
  switch (policy) {
    case 'set':
      return mergeSets(three);
    case 'max':
    case 'min':
      return better(three, policy === 'max' ? 1 : -1, type);
    case 'sum': {
      const value = sumOf(three.base, three.ours, three.theirs);
      return value === undefined ? OPEN : { kind: 'is', value };
    }
    case 'prose':
      return mergeProse(three);
    case 'one':
    case 'list':
      return OPEN;
  }
}

function mergeSets({ base, ours, theirs }: ThreeValues<Value | undefined>): Decision {
  if ([base, ours, theirs].some((value) => isMap(value))) return OPEN;
  const members = mergeMembers({ base: membersOf(base), ours: membersOf(ours), theirs: membersOf(theirs) });
  // Of an empty field and none at all, none: so the order in which several changes meet makes no difference.
  const isGone = members.length === 0 && (ours === undefined || theirs === undefined);
  return { kind: 'is', value: isGone ? undefined : members };
}

/** The greater one, or the lesser; a value that is there wins over one that was taken away. */
function better(
  { ours, theirs }: ThreeValues<Value | undefined>,
  sign: 1 | -1,
  type: FieldDeclaration['type'] | undefined,
): Decision {
  if (ours === undefined || theirs === undefined) return { kind: 'is', value: ours ?? theirs };
  const order = compareQuantities(type, ours, theirs);
  if (order === undefined) return OPEN;
  if (order !== 0) return { kind: 'is', value: order * sign > 0 ? ours : theirs };
  return { kind: 'is', value: plainer(ours, theirs, type === 'date') };
}

/** Of two spellings of one quantity, of dates the more exact one, of numbers the shorter, else the lower. */
function plainer(a: Value, b: Value, isDate: boolean): Value {
  const [x, y] = [writeFlow(a), writeFlow(b)];
  if (x.length === y.length) return compareBytes(x, y) <= 0 ? a : b;
  return x.length > y.length === isDate ? a : b;
}

function mergeProse({ base = '', ours, theirs }: ThreeValues<Value | undefined>): Decision {
  if (typeof base !== 'string' || typeof ours !== 'string' || typeof theirs !== 'string') return OPEN;
  const merged = mergeLines(base, ours, theirs);
  return merged.kind === 'merged' ? { kind: 'is', value: merged.text } : OPEN;
}

function lower(a: Maybe, b: Maybe): Maybe {
  if (a === undefined || b === undefined) return a ?? b;
  return compareBytes(writeField('', a), writeField('', b)) <= 0 ? a : b;
}

function isList(value: Maybe): value is List {
  return Array.isArray(value);
}
