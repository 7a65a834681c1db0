/** Which of what was read from a content stays: it is never merged, since it is a function of content and plugin. */

import type { ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { writeExtracted, type Extracted } from '../text/sidecar.ts';
import type { ThreeValues } from './means.ts';
import { mergeValue } from './values.ts';

type Block = Extracted | undefined;

/**
 * Of two for one content, the one with the higher `by:`; for different contents, the one of the content that the
 * merged file has. Where neither is, or that is not known, a block is better than none, and then the higher `by:`.
 * An unchanged side gives way, unless what the other has is of a content that the file has not.
 */
export function chooseExtracted(
  { base, ours, theirs }: ThreeValues<Block>,
  of: ContentId | undefined,
): Block {
  const merged = mergeValue(base, ours, theirs, isSame);
  if (merged.kind === 'is' && (merged.value === undefined || of === undefined || merged.value.of === of))
    return merged.value;
  const fitting = [ours, theirs].filter((block) => block?.of === of);
  if (of !== undefined && fitting.length > 0) return fitting.reduce(higher);
  return merged.kind === 'is' ? merged.value : higher(ours, theirs);
}

/**
 * Less than 0 where `a` is the lower version, 0 for equal texts alone. Both are cut into runs of digits and what is
 * between; from left to right, digits compare as numbers and come before anything else, all else by bytes, and what
 * ends first is lower: `music 9` is below `music 10`, and that below `music 10.1`.
 */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < Math.min(x.length, y.length); at++) {
    const order = compareParts(x[at]!, y[at]!);
    if (order !== 0) return order;
  }
  return x.length - y.length || compareBytes(a, b);
}

function partsOf(text: string): readonly string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function compareParts(a: string, b: string): number {
  const [m, n] = [a, b].map((part) => (/^\d/.test(part) ? part.replace(/^0+(?=\d)/, '') : undefined));
  if (m === undefined || n === undefined) return m === n ? compareBytes(a, b) : m === undefined ? 1 : -1;
  return m.length - n.length || compareBytes(m, n);
}

function higher(a: Block, b: Block): Block {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compareVersions(a.by, b.by) || compareBytes(writeExtracted(b), writeExtracted(a));
  return order >= 0 ? a : b;
}

function isSame(a: Block, b: Block): boolean {
  if (a === undefined || b === undefined) return a === b;
  return writeExtracted(a) === writeExtracted(b);
}
