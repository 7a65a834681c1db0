/** Merges `policy.yaml`: each key by itself, in the text that people wrote. */

import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Value } from '../model/value.ts';
import { DEFAULT_POLICY, parsePolicy, writePolicy, type Attribute, type Policy } from '../text/policy.ts';
import { removeField, setField } from '../text/sidecar-edit.ts';
import { readLines, type Reader } from '../text/yaml-read.ts';
import { writeFlow } from '../text/yaml-write.ts';
import type { ThreeValues } from './means.ts';
import { mergeMembers } from './sets.ts';
import { beginnings, mergeTexts, readable, takeLower, withKept } from './texts.ts';
import type { MergedText, Rivals, Text, TextMeans } from './texts.ts';
import { settleValue } from './values.ts';

const FIRST_LINE = /^dbk: policy 1[ \t]*(?:#[^\n]*)?\r?\n/;
const FENCE = '---';

/**
 * The merged policy: folders and groups by their keys, `record` and the members of groups as sets, `copies` the
 * greater where both sides changed it. A folder to which two sides gave two types has the lower one and is a
 * conflict, as is an unknown key.
 */
export function mergePolicies(three: ThreeValues<Text>, means: TextMeans): MergedText {
  return mergeTexts(three, means.digest, (rivals) => mergeRivals(rivals, means.people));
}

function mergeRivals(rivals: Rivals, people: Reader): MergedText {
  const read = (text: Text): Policy | undefined =>
    text === undefined ? undefined : readable(() => parsePolicy(text, people));
  const [base, ours, theirs] = [read(rivals.base) ?? DEFAULT_POLICY, read(rivals.lower), read(rivals.higher)];
  if (ours === undefined || theirs === undefined) return takeLower(rivals);
  const open = new Set<string>();
  const merged = mergeKeys({ base, ours, theirs }, (key) => open.add(key));
  for (const begin of beginnings(rivals)) {
    const text = written(begin, merged, people);
    if (text !== undefined) return withKept(text, rivals, [...open]);
  }
  return withKept(writePolicy(merged), rivals, [...open]);
}

function mergeKeys({ base, ours, theirs }: ThreeValues<Policy>, open: (key: string) => void): Policy {
  const more = mergeMap({ base: base.more, ours: ours.more, theirs: theirs.more }, (key, was, a, b) =>
    settleValue(was, a, b, (x, y) => lowerOf(x, y, () => open(key)), isSame),
  );
  return {
    folders: mergeMap<RepositoryPath, string>(
      { base: base.folders, ours: ours.folders, theirs: theirs.folders },
      (_, was, a, b) => settleValue(was, a, b, (x, y) => lowerOf(x, y, () => open('folders'))),
    ),
    record: mergeSet({ base: base.record, ours: ours.record, theirs: theirs.record }),
    copies: settleValue(base.copies, ours.copies, theirs.copies, Math.max),
    groups: mergeMap({ base: base.groups, ours: ours.groups, theirs: theirs.groups }, (_, was, a, b) =>
      settleValue(was, a, b, (x, y) => mergeGroup(was, x, y), isSame),
    ),
    ...(more.size > 0 && { more }),
  };
}

/** Each key by itself; `merge` gives undefined where it goes. */
function mergeMap<K extends string, T>(
  { base, ours, theirs }: ThreeValues<ReadonlyMap<K, T> | undefined>,
  merge: (key: K, base: T | undefined, ours: T | undefined, theirs: T | undefined) => T | undefined,
): Map<K, T> {
  const merged = new Map<K, T>();
  for (const key of [...new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])].sort(compareBytes)) {
    const value = merge(key, base?.get(key), ours?.get(key), theirs?.get(key));
    if (value !== undefined) merged.set(key, value);
  }
  return merged;
}

function mergeSet({ base, ours, theirs }: ThreeValues<ReadonlySet<Attribute>>): ReadonlySet<Attribute> {
  return new Set(mergeMembers({ base: [...base], ours: [...ours], theirs: [...theirs] }) as Attribute[]);
}

type Group = readonly string[] | undefined;

/** A group that one side removed goes, unless the other one added members to it. */
function mergeGroup(base: Group, ours: Group, theirs: Group): Group {
  const merged = mergeMembers({
    base: base ?? [],
    ours: ours ?? [],
    theirs: theirs ?? [],
  }) as readonly string[];
  return merged.length === 0 && (ours === undefined || theirs === undefined) ? undefined : merged;
}

/** What is there counts more than nothing; of two the lower, which is a person's to look at. */
function lowerOf<T extends Value>(a: T | undefined, b: T | undefined, open: () => void): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  open();
  return compareBytes(writeFlow(a), writeFlow(b)) <= 0 ? a : b;
}

function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return a === undefined || b === undefined ? a === b : writeFlow(a) === writeFlow(b);
}

/**
 * A beginning in which only those keys are changed that say something else; undefined where that cannot be done.
 * Below its first line, a policy is what front matter is: it is edited as such.
 */
function written(begin: string, merged: Policy, people: Reader): string | undefined {
  return readable(() => {
    const expected = writePolicy(merged);
    const said = writePolicy(parsePolicy(begin, people));
    if (said === expected) return begin;
    const head = FIRST_LINE.exec(begin)?.[0];
    if (head === undefined) return undefined;
    const fence = FENCE + (head.endsWith('\r\n') ? '\r\n' : '\n');
    let text: Text = fence + begin.slice(head.length) + fence;
    const [was, is] = [said, expected].map((policy) => readLines(policy, 'policy').root.map);
    for (const key of new Set([...was!.keys(), ...is!.keys()])) {
      const value = is!.get(key);
      if (isSame(was!.get(key), value)) continue;
      text = value === undefined ? removeField(text, key, people) : setField(text, key, value, people);
    }
    const whole = head + (text ?? fence + fence).slice(fence.length, -fence.length);
    return writePolicy(parsePolicy(whole, people)) === expected ? whole : undefined;
  });
}
