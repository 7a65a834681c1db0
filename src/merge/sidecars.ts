/** Merges what people wrote about a file, a folder or a person: as text where that says it, else field by field. */

import type { ContentId } from '../model/id.ts';
import type { Declared } from '../text/field-check.ts';
import { isConflict, type FieldValue } from '../text/field-conflict.ts';
import { sameSaid } from '../diff/fields.ts';
import { removeField, replaceExtracted, setField } from '../text/sidecar-edit.ts';
import { joinFront, lineEndOf, splitFront } from '../text/sidecar-front.ts';
import { parseSidecar, type Extracted, type Sidecar } from '../text/sidecar.ts';
import type { Reader } from '../text/yaml-read.ts';
import { chooseExtracted } from './extracted.ts';
import { declarationOf, isSameField, mergeFields } from './fields.ts';
import { mergeLines, resolvePieces } from './lines.ts';
import type { Fields, ThreeValues } from './means.ts';
import { beginnings, mergeTexts, readable, takeLower, withKept } from './texts.ts';
import type { MergedText, Rivals, Text, TextMeans } from './texts.ts';
import { mergeValue } from './values.ts';

export interface SidecarQuestion extends ThreeValues<Text> {
  /** The fields that the type has; absent where there is no type, or the sidecar is about a person. */
  readonly declared?: Declared | undefined;
  /** The content that the merged file or entity has, as `of:` says it; absent where it is not known. */
  readonly of?: ContentId | undefined;
}

/** What the merged text has to say. */
interface Expected {
  readonly fields: Fields;
  readonly extracted: Extracted | undefined;
  readonly prose: string;
  /** Fields that a person has to look at, '' for the prose. */
  readonly open: readonly string[];
}

const NO_FIELDS: ReadonlyMap<string, FieldValue> = new Map();

/**
 * The merged sidecar; swapped sides, with their labels, give the same. What was removed on one side stays removed
 * unless a person wrote something on the other. A text that is not readable is no better than its lines: the lower
 * BLAKE3 is taken, and the other text kept.
 */
export function mergeSidecars(question: SidecarQuestion, means: TextMeans): MergedText {
  const { people, digest } = means;
  const removed = (base: string, left: string): Text =>
    ofPeople(base, people) === ofPeople(left, people) ? undefined : left;
  return mergeTexts(question, digest, (rivals) => mergeRivals(rivals, question, means), removed);
}

function mergeRivals(rivals: Rivals, question: SidecarQuestion, means: TextMeans): MergedText {
  const read = (text: Text): Sidecar | undefined =>
    text === undefined ? undefined : readable(() => parseSidecar(text, means.people));
  const [ours, theirs, base] = [read(question.ours), read(question.theirs), read(question.base)];
  if (ours === undefined || theirs === undefined) return takeLower(rivals);
  const blocks = { base: base?.extracted, ours: ours.extracted, theirs: theirs.extracted };
  const extracted = chooseExtracted(blocks, question.of);
  // With the same block in all three, lines and fields are what is left to merge.
  const even = evened(rivals, base === undefined, extracted, means.people);
  if (even === undefined) return takeLower(rivals);
  const merged = mergeValue<Text>(even.base, even.lower, even.higher, Object.is);
  if (merged.kind === 'is') return { text: merged.value === '' ? undefined : merged.value, conflicts: [] };
  const expected = expectedOf({ base, ours, theirs }, even, extracted, question, means);
  for (const begin of beginnings(even)) {
    const text = written(begin, expected, question.declared, means.people);
    if (text !== undefined) return withKept(text, rivals, expected.open);
  }
  return takeLower(rivals);
}

/** The texts with one block `extracted:`, or without; undefined where a person's layout does not allow it. */
function evened(
  { base, lower, higher }: Rivals,
  isBaseUnread: boolean,
  extracted: Extracted | undefined,
  people: Reader,
): Rivals | undefined {
  return readable(() => ({
    base: replaceExtracted(isBaseUnread ? undefined : base, extracted, people),
    lower: replaceExtracted(lower, extracted, people) ?? '',
    higher: replaceExtracted(higher, extracted, people) ?? '',
  }));
}

function expectedOf(
  {
    base,
    ours,
    theirs,
  }: ThreeValues<Sidecar | undefined> & { readonly ours: Sidecar; readonly theirs: Sidecar },
  even: Rivals,
  extracted: Extracted | undefined,
  { declared }: SidecarQuestion,
  means: TextMeans,
): Expected {
  const three = { base: base?.fields ?? NO_FIELDS, ours: ours.fields, theirs: theirs.fields };
  const fields = mergeFields(three, declared, means);
  const isNew = ([key, value]: readonly [string, FieldValue]): boolean =>
    isConflict(value) && !sameSaid(value, ours.fields.get(key)) && !sameSaid(value, theirs.fields.get(key));
  const open = Array.from(fields)
    .filter(isNew)
    .map(([key]) => key);
  const proses = [base === undefined ? '' : base.prose, proseOf(even.lower), proseOf(even.higher)] as const;
  const prose = mergeLines(...proses);
  if (prose.kind === 'merged') return { fields, extracted, prose: prose.text, open };
  return {
    fields,
    extracted,
    prose: resolvePieces(prose.pieces, ({ ours: lower }) => lower),
    open: [...open, ''],
  };
}

/** A beginning in which only those fields are changed that say something else; undefined where that cannot be done. */
function written(
  begin: string,
  { fields, extracted, prose }: Expected,
  declared: Declared | undefined,
  people: Reader,
): string | undefined {
  return readable(() => {
    const { fields: said } = parseSidecar(begin, people);
    let text: Text = begin;
    for (const key of new Set([...said.keys(), ...fields.keys()])) {
      const value = fields.get(key);
      if (isSameField(said.get(key), value, declarationOf(declared, key))) continue;
      text = value === undefined ? removeField(text, key, people) : setField(text, key, value, people);
    }
    const whole = withProse(replaceExtracted(text, extracted, people) ?? '', prose);
    const result = parseSidecar(whole, people);
    const isRight =
      result.prose === prose &&
      result.fields.size === fields.size &&
      Array.from(fields).every(([key, value]) =>
        isSameField(result.fields.get(key), value, declarationOf(declared, key)),
      );
    return isRight ? whole : undefined;
  });
}

function withProse(text: string, prose: string): string {
  const front = splitFront(text);
  if (front.prose === prose) return text;
  const isCut = front.closing !== '' && !front.closing.endsWith('\n') && prose !== '';
  return joinFront({ ...front, closing: front.closing + (isCut ? lineEndOf(front) : ''), prose });
}

function proseOf(text: string): string {
  return splitFront(text).prose;
}

/** A text less what was read from the content. */
function ofPeople(text: string, people: Reader): Text {
  const left = readable(() => ({ text: replaceExtracted(text, undefined, people) }));
  return left === undefined ? text : left.text;
}
