/** Merges lists whose members have no order, or none that two people could not agree on. */

import { compareBytes } from '../model/name.ts';
import type { List, Value } from '../model/value.ts';
import { writeFlow } from '../text/yaml-write.ts';
import { settleValue } from './values.ts';

interface ThreeLists {
  readonly base: List;
  readonly ours: List;
  readonly theirs: List;
}

/** A value as a set: one that stands alone is its only member. */
export function membersOf(value: Value | undefined): List {
  if (value === undefined || value === '') return [];
  return Array.isArray(value) ? (value as List) : [value];
}

/**
 * The members that both sides have, and those that one has added. What was in the base stays in its order, or in
 * that which one side gave it; what came stands behind it, sorted as it is written. Each member is there once.
 */
export function mergeMembers(lists: ThreeLists): List {
  const [base, ours, theirs] = [lists.base, lists.ours, lists.theirs].map(byWriting) as [
    Members,
    Members,
    Members,
  ];
  const stayed = (members: Members): string[] =>
    [...members.keys()].filter((member) => base.has(member) && ours.has(member) && theirs.has(member));
  const old = settleValue(stayed(base), stayed(ours), stayed(theirs), lowerList, isSameList);
  const come = [...new Set([...ours.keys(), ...theirs.keys()])].filter((member) => !base.has(member));
  return [...old, ...come.sort(compareBytes)].map((member) => ours.get(member) ?? theirs.get(member)!);
}

type Members = ReadonlyMap<string, Value>;

function byWriting(list: List): Members {
  const members = new Map<string, Value>();
  for (const member of list) {
    const written = writeFlow(member);
    if (!members.has(written)) members.set(written, member);
  }
  return members;
}

function lowerList(a: readonly string[], b: readonly string[]): readonly string[] {
  return compareBytes(a.join('\n'), b.join('\n')) <= 0 ? a : b;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((member, i) => member === b[i]);
}
