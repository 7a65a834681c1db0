/** Merges the texts of open conflicts: one that a side closed is closed, of two that are open nothing is lost. */

import { compareBytes } from '../model/name.ts';
import type { Value } from '../model/value.ts';
import { parseConflict, writeConflict, type Conflict } from '../text/conflict.ts';
import { writeFlow } from '../text/yaml-write.ts';
import { mergeLines, resolvePieces, uniteLines } from './lines.ts';
import type { ThreeValues } from './means.ts';
import { beginnings, mergeTexts, readable, takeLower } from './texts.ts';
import type { MergedText, Rivals, Text, TextMeans } from './texts.ts';
import { settleValue } from './values.ts';

/**
 * The conflict with the commits of both sides, and with the lines of both texts that gave way. A conflict about a
 * conflict would help nobody: where one of the two cannot be read, the other is taken.
 */
export function mergeOpenConflicts(three: ThreeValues<Text>, means: TextMeans): MergedText {
  const closed = (): Text => undefined;
  return mergeTexts(three, means.digest, (rivals) => mergeRivals(rivals, means), closed);
}

function mergeRivals(rivals: Rivals, { people }: TextMeans): MergedText {
  const read = (text: Text): Conflict | undefined =>
    text === undefined ? undefined : readable(() => parseConflict(text, people));
  const [base, lower, higher] = [read(rivals.base), read(rivals.lower), read(rivals.higher)];
  if (lower === undefined || higher === undefined)
    return { text: higher === undefined ? takeLower(rivals).text : rivals.higher, conflicts: [] };
  const expected = writeConflict(unite(base, lower, higher));
  for (const begin of beginnings(rivals)) {
    const said = read(begin);
    if (said !== undefined && writeConflict(said) === expected) return { text: begin, conflicts: [] };
  }
  return { text: expected, conflicts: [] };
}

/** `lower` and `higher` are in an order of their own, so that swapped sides give the same. */
function unite(base: Conflict | undefined, lower: Conflict, higher: Conflict): Conflict {
  const of = <T>(pick: (one: Conflict) => T): T | undefined =>
    settleValue<T | undefined>(base && pick(base), pick(lower), pick(higher), (a, b) => a ?? b, isSame);
  const keys = [...new Set([...(lower.more?.keys() ?? []), ...(higher.more?.keys() ?? [])])];
  const more = new Map<string, Value>();
  for (const key of keys.sort(compareBytes)) {
    const value = of((one) => one.more?.get(key));
    if (value !== undefined) more.set(key, value);
  }
  const kept = keptOf(base?.kept, lower.kept, higher.kept);
  return {
    kind: of((one) => one.kind)!,
    paths: of((one) => one.paths)!,
    ids: of((one) => one.ids)!,
    field: of((one) => one.field)!,
    commits: [...new Set([...lower.commits, ...higher.commits])].sort(compareBytes),
    ...(kept !== undefined && { kept }),
    ...(more.size > 0 && { more }),
  };
}

function keptOf(base: Text, lower: Text, higher: Text): Text {
  if (lower === undefined || higher === undefined) return lower ?? higher;
  const merged = mergeLines(base ?? '', lower, higher);
  if (merged.kind === 'merged') return merged.text;
  return resolvePieces(merged.pieces, ({ ours, theirs }) => uniteLines(ours, theirs));
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return writeFlow(a as Value) === writeFlow(b as Value);
}
