/** What a merge of two texts begins with: which of them gives way, and what their lines make by themselves. */

import type { Digest } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { TextError } from '../text/problems.ts';
import type { Reader } from '../text/yaml-read.ts';
import { linesOf } from './line-changes.ts';
import { mergeLines, resolvePieces } from './lines.ts';
import type { Means, ThreeValues } from './means.ts';
import { mergeValue } from './values.ts';

/** A text of `index/`, or undefined where there is none. */
export type Text = string | undefined;

/** What a person has to look at: a field of the text, or '' for the text as a whole. */
export interface TextConflict {
  readonly field: string;
}

export interface MergedText {
  readonly text: Text;
  /** By the bytes of their fields, each once. */
  readonly conflicts: readonly TextConflict[];
  /** The text that gave way, whole; there where there are conflicts, and only there. */
  readonly kept?: string;
}

/** `people` reads YAML in its full width (../text/yaml-people.ts): always given, so that all machines read the same. */
export interface TextMeans extends Means {
  readonly people: Reader;
}

/** Two texts that both differ from the base, the one with the lower BLAKE3 first. */
export interface Rivals {
  readonly base: Text;
  readonly lower: string;
  readonly higher: string;
}

/**
 * The text of a side where the other one did nothing, or the same; `removed` decides where one side removed it and
 * the other one changed it; `both` where both have changed it.
 */
export function mergeTexts(
  { base, ours, theirs }: ThreeValues<Text>,
  digest: Digest,
  both: (rivals: Rivals) => MergedText,
  removed: (base: string, left: string) => Text = (_, left) => left,
): MergedText {
  const merged = mergeValue(base, ours, theirs, Object.is);
  if (merged.kind === 'is') return { text: merged.value, conflicts: [] };
  if (ours === undefined || theirs === undefined)
    return { text: removed(base!, (ours ?? theirs)!), conflicts: [] };
  const isOurs = compareBytes(digest(ours), digest(theirs)) <= 0;
  return both({ base, lower: isOurs ? ours : theirs, higher: isOurs ? theirs : ours });
}

/** What is left to do with texts that cannot be read: the lower one is taken, the other kept. */
export function takeLower({ lower, higher }: Rivals): MergedText {
  return { text: lower, conflicts: [{ field: '' }], kept: higher };
}

/**
 * Texts to begin with, the best first: the lines of both, if they merge; what both sides added at one place one
 * behind the other; where they changed the same lines, those of the lower text; at last that text.
 */
export function* beginnings({ base, lower, higher }: Rivals): Generator<string> {
  const merged = mergeLines(base ?? '', lower, higher);
  if (merged.kind === 'merged') yield merged.text;
  else {
    yield resolvePieces(merged.pieces, ({ base, ours, theirs }) =>
      base.length === 0 ? [...ours, ...theirs] : ours,
    );
    yield resolvePieces(merged.pieces, ({ ours }) => ours);
  }
  yield lower;
}

/**
 * The result with the other text kept, if anything has to be looked at: a field, or a comment that nobody removed.
 * Where that stood in the lower text alone, that one is kept.
 */
export function withKept(text: string, rivals: Rivals, fields: readonly string[]): MergedText {
  const [isLower, isHigher] = [rivals.lower, rivals.higher].map((side) =>
    isCommentLost(side, rivals.base, text),
  );
  const all = [...new Set(fields)].sort(compareBytes);
  if (all.length === 0 && (isLower || isHigher)) all.push('');
  if (all.length === 0) return { text: orNothing(text), conflicts: [] };
  const kept = isLower && !isHigher && !fields.includes('') ? rivals.lower : rivals.higher;
  return { text: orNothing(text), conflicts: all.map((field) => ({ field })), kept };
}

function orNothing(text: string): Text {
  return text === '' ? undefined : text;
}

/** What `read` gives; undefined where it refuses the text. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}

/** Whether a side wrote a comment that is not in the result. `#` in a value counts, too: that keeps a text too much. */
function isCommentLost(side: string, base: Text, result: string): boolean {
  const known = new Set([...commentsOf(base ?? ''), ...commentsOf(result)]);
  return commentsOf(side).some((comment) => !known.has(comment));
}

function commentsOf(text: string): string[] {
  return linesOf(text).flatMap((line) => (line.includes('#') ? [line.slice(line.indexOf('#')).trim()] : []));
}
