/** What a sidecar says: the fields that people wrote, what plugins read from the content, and prose (README.md, section 6). */

import type { ContentId } from '../model/id.ts';
import { block, isMap, type Value } from '../model/value.ts';
import { conflictOf, isConflict, type FieldConflict, type FieldValue } from './field-conflict.ts';
import { fitsIn } from './names.ts';
import {
  directive,
  indentation,
  mergeMarker,
  misplaced,
  tab,
  TextError,
  tooLong,
  unwritable,
  wrongValue,
} from './problems.ts';
import { contentId, fields, text as textCheck, type Check } from './reader.ts';
import { FIRST_LINE, splitFront, type Front } from './sidecar-front.ts';
import { notFields, reservedField } from './sidecar-problems.ts';
import { readLines, type Parsed, type Places, type Reader } from './yaml-read.ts';
import { byBytes, writeEntry } from './yaml-write.ts';

/** What plugins read: a function of the content and of their versions. */
export interface Extracted {
  /** The content it was read from. */
  readonly of: ContentId;
  /** Plugin and versions. */
  readonly by: string;
  readonly fields: ReadonlyMap<string, Value>;
}

export interface Sidecar {
  /** What people wrote, in their order. */
  readonly fields: ReadonlyMap<string, FieldValue>;
  readonly extracted?: Extracted;
  /** Everything behind the front matter, as it stands. */
  readonly prose: string;
  /** Where the prose begins. */
  readonly proseLine: number;
  /** Where the fields of people begin, and `extracted`. */
  readonly lines: ReadonlyMap<string, number>;
  /** Where the members of their lists and the entries of their maps stand. */
  readonly places: Places;
}

/** No sidecar is longer, in bytes. */
export const LONGEST_SIDECAR = 1024 * 1024;

export const EXTRACTED = 'extracted';

/** What the front matter is given as its first line: it takes the place of the first `---`, so that lines agree. */
const KIND = 'sidecar';
const FIRST = `dbk: ${KIND} 1\n`;

/** Before a comment. */
const QUOTED_TILDE = /^(?:[^#]|(?<![ \t])#)*["']~["']/;

const EMPTY: Parsed = { root: block([]), places: new Map() };

/**
 * The sidecar that a text says; throws a TextError with the line. A text without front matter is all prose.
 * Without `people` (yaml-people.ts) only what the line reader takes; people.ts, `parseByPeople` tries both.
 */
export function parseSidecar(text: string, people?: Reader): Sidecar {
  refuseText(text);
  return parseFront(splitFront(text), people);
}

/** The sidecar that the parts of a text say. */
export function parseFront(front: Front, people?: Reader): Sidecar {
  const { root, places } = front.opening === '' ? EMPTY : readFront(front, people);
  const lines = (places.get(root) ?? new Map()) as ReadonlyMap<string, number>;
  const found = new Map<string, FieldValue>();
  for (const [key, value] of root.map) if (key !== EXTRACTED) found.set(key, fieldOf(value, front, places));
  const extracted = root.map.get(EXTRACTED);
  return {
    fields: found,
    ...(extracted === undefined ? {} : { extracted: extractedOf(extracted, lines, places) }),
    prose: front.prose,
    proseLine: front.opening === '' ? 1 : front.lines.length + FIRST_LINE + 1,
    lines: new Map(Array.from(lines).filter(([key]) => root.map.has(key))),
    places,
  };
}

/** Refuses what no text of the index is, whatever it says. */
export function refuseText(text: string): void {
  if (!fitsIn(text, LONGEST_SIDECAR)) throw tooLong(LONGEST_SIDECAR);
  const nothing = text.indexOf('\0');
  if (nothing !== -1) throw unwritable(text.slice(0, nothing).split('\n').length, '\0');
}

/** What holds of a field: what stands above wins over what was read from the content. */
export function effectiveField(
  { fields, extracted }: Pick<Sidecar, 'fields' | 'extracted'>,
  key: string,
): FieldValue | undefined {
  return fields.get(key) ?? extracted?.fields.get(key);
}

/** All fields that hold: those of people in their order, then what else was read. */
export function effectiveFields({
  fields,
  extracted,
}: Pick<Sidecar, 'fields' | 'extracted'>): ReadonlyMap<string, FieldValue> {
  const all = new Map(fields);
  for (const [key, value] of extracted?.fields ?? []) if (!all.has(key)) all.set(key, value);
  return all;
}

/** The fields that wait for a person's decision. */
export function conflictsOf({ fields }: Pick<Sidecar, 'fields'>): ReadonlyMap<string, FieldConflict> {
  const found = new Map<string, FieldConflict>();
  for (const [key, value] of fields) if (isConflict(value)) found.set(key, value);
  return found;
}

/** The block `extracted:`, canonical, with line feeds. */
export function writeExtracted({ of, by, fields }: Extracted): string {
  for (const key of ['of', 'by']) if (fields.has(key)) throw reservedField(undefined, key);
  return writeEntry(EXTRACTED, block([['of', of], ['by', by], ...byBytes(fields)]));
}

function readFront(front: Front, people: Reader | undefined): Parsed {
  const source = FIRST + front.lines.join('').replaceAll('\r\n', '\n');
  refuseLayout(front);
  try {
    return readLines(source, KIND);
  } catch (error) {
    if (people === undefined || !(error instanceof TextError)) throw error;
  }
  try {
    return people(source, KIND);
  } catch (error) {
    throw error instanceof TextError ? (plainer(error, front) ?? error) : error;
  }
}

/** What would be read otherwise, or not at all, because a line of dbk's comes before it. */
function refuseLayout({ lines }: Front): void {
  const own = lines.findIndex((line) => /^(?:dbk|"dbk"|'dbk')[ \t]{0,100}:(?=[ \t\r\n])/.test(line));
  if (own !== -1) throw misplaced(own + FIRST_LINE, 'dbk');
  const first = lines.findIndex((line) => /^[ \t]*[^\s#]/.test(line));
  if (first === -1) return;
  const line = lines[first]!;
  if (/^ *\t/.test(line)) throw tab(first + FIRST_LINE);
  if (line.startsWith(' ')) throw indentation(first + FIRST_LINE);
  if (line.startsWith('%')) throw directive(first + FIRST_LINE);
  if (/^(?:[{[]|-\s)/.test(line)) throw notFields(first + FIRST_LINE);
}

/** What a person did wrong, where the library only says where it lost its way. */
function plainer({ problem }: TextError, { lines }: Front): TextError | undefined {
  if (problem.code !== 'text/yaml') return undefined;
  const marker = lines.findIndex((line) => /^(?:<{7} |={7}\r?\n|>{7} |\|{7} )/.test(line));
  if (marker !== -1) return mergeMarker(marker + FIRST_LINE);
  const tabbed = lines.findIndex((line) => /^ *\t\s*\S/.test(line));
  return tabbed !== -1 && tabbed + FIRST_LINE <= (problem.place?.line ?? 0) + 1
    ? tab(tabbed + FIRST_LINE)
    : undefined;
}

function fieldOf(value: Value, front: Front, places: Places): FieldValue {
  const isRemoved = (entries: Value, label: string): boolean => {
    const line = typeof entries === 'object' ? places.get(entries)?.get(label) : undefined;
    return line !== undefined && !QUOTED_TILDE.test(front.lines[line - FIRST_LINE] ?? '');
  };
  return conflictOf(value, isRemoved) ?? value;
}

function extractedOf(value: Value, lines: ReadonlyMap<string, number>, places: Places): Extracted {
  const at = { key: EXTRACTED, line: lines.get(EXTRACTED) ?? 1, places };
  if (!isMap(value)) throw wrongValue(at.line, at.key, 'a map');
  return extractedFields(value, at);
}

const extractedFields: Check<Extracted> = fields((given) => ({
  of: given.required('of', contentId),
  by: given.required('by', textCheck),
  fields: given.more().more ?? new Map(),
}));
