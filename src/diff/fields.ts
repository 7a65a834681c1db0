/** Two sidecars' fields → what changed, field by field. */

import type { FieldChange, FieldSaid, NotAgreed } from '../model/change.ts';
import { isMap, type List, type Value } from '../model/value.ts';

/** What is compared of a sidecar. */
export interface FieldsSaid {
  readonly fields: ReadonlyMap<string, FieldSaid>;
  /** What was read from the content. */
  readonly extracted?: { readonly fields: ReadonlyMap<string, Value> };
}

/**
 * The fields that say something else: those there are in their order, then those that are gone; of people first,
 * then what was read. In which order fields stand, and how their values are laid out, is no difference.
 */
export function diffFields(before: FieldsSaid | undefined, after: FieldsSaid | undefined): FieldChange[] {
  const own = changesBetween(before?.fields ?? NONE, after?.fields ?? NONE);
  const read = changesBetween(before?.extracted?.fields ?? NONE, after?.extracted?.fields ?? NONE);
  return [...own, ...read.map((change): FieldChange => ({ ...change, isRead: true }))];
}

/** Whether two fields say the same. */
export function sameSaid(a: FieldSaid | undefined, b: FieldSaid | undefined): boolean {
  return keyOf(a) === keyOf(b);
}

const NONE: ReadonlyMap<string, FieldSaid> = new Map();

function changesBetween(
  before: ReadonlyMap<string, FieldSaid>,
  after: ReadonlyMap<string, FieldSaid>,
): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const [field, now] of after) {
    const old = before.get(field);
    if (!sameSaid(old, now)) changes.push(changeOf(field, old, now));
  }
  for (const [field, old] of before)
    if (!after.has(field)) changes.push({ field, before: old, after: undefined });
  return changes;
}

function changeOf(field: string, before: FieldSaid | undefined, after: FieldSaid): FieldChange {
  const members = isList(before) && isList(after) ? membersBetween(before, after) : undefined;
  return { field, before, after, ...(members && { members }) };
}

/** undefined where a list has a member twice, or those that stayed stand in another order: then it is another list. */
function membersBetween(before: List, after: List): FieldChange['members'] {
  const old = new Map(before.map((member) => [keyOf(member), member]));
  const now = new Map(after.map((member) => [keyOf(member), member]));
  if (old.size < before.length || now.size < after.length) return undefined;
  const stayed = [...old.keys()].filter((key) => now.has(key));
  const isInOrder = [...now.keys()].filter((key) => old.has(key)).every((key, i) => key === stayed[i]);
  if (!isInOrder) return undefined;
  return {
    added: after.filter((member) => !old.has(keyOf(member))),
    removed: before.filter((member) => !now.has(keyOf(member))),
  };
}

/** Equal for what says the same, and for nothing else. */
function keyOf(said: FieldSaid | undefined): string {
  if (said === undefined) return '~';
  if (typeof said !== 'object') return JSON.stringify(said);
  if (isList(said)) return `[${said.map(keyOf).join(',')}]`;
  if (isConflict(said)) return `<${keyOf(said.base)}|${entriesOf(said.values)}>`;
  return isMap(said) ? `{${entriesOf(said.map)}}` : '';
}

function entriesOf(map: ReadonlyMap<string, Value | undefined>): string {
  const entries = Array.from(map, ([key, value]) => `${JSON.stringify(key)}:${keyOf(value)}`);
  return entries.sort().join(',');
}

function isList(said: FieldSaid | undefined): said is List {
  return Array.isArray(said);
}

function isConflict(said: FieldSaid): said is NotAgreed {
  return typeof said === 'object' && 'kind' in said && said.kind === 'conflict';
}
