/** What exiftool said of a file, asked for by group and name: `XMP-dc:Title`, `EXIF:Make`. */

import { linesOf, oneLine } from './text.ts';

/** Of several names the first that has a value counts; a group is of exiftool's family 0 or 1. */
export interface Tags {
  /** The first that is a text of one line. */
  text(...names: readonly string[]): string | undefined;
  /** The first as it stands: lines and blanks too. */
  raw(...names: readonly string[]): string | undefined;
  /** The first that is a finite number. */
  number(...names: readonly string[]): number | undefined;
  /** All values of all of them, those of lists singly, as lines. */
  texts(...names: readonly string[]): readonly string[];
  /** The members of a list of structures below a name; each is a table of texts and lists. */
  structures(name: string, list?: string): readonly Structure[];
}

export type Structure = Readonly<Record<string, unknown>>;

/** Tags from the JSON of `-a -G0:1 -struct`: `XMP:XMP-dc:Title` to a text, a list, or a table. */
export function tagsOf(answer: object): Tags {
  const values = byName(answer);
  const found = (names: readonly string[]): readonly unknown[] =>
    names.flatMap((name) => (values.has(name) ? [values.get(name)] : []));
  return {
    text: (...names) => firstOf(found(names), oneLine),
    raw: (...names) => firstOf(found(names), rawText),
    number: (...names) => firstOf(found(names), numberOf),
    texts: (...names) => linesOf(found(names).flat(1)),
    structures: (name, list) => {
      const value = values.get(name);
      const members = list === undefined ? value : isTable(value) ? value[list] : undefined;
      return (Array.isArray(members) ? members : [members]).filter(isTable);
    },
  };
}

function byName(answer: object): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [key, value] of Object.entries(answer)) {
    const parts = key.split(':');
    const name = parts.at(-1)!;
    // Both groups are one where they have the same name.
    for (const group of parts.slice(0, -1)) {
      if (!values.has(`${group}:${name}`)) values.set(`${group}:${name}`, value);
    }
  }
  return values;
}

function firstOf<T>(values: readonly unknown[], read: (value: unknown) => T | undefined): T | undefined {
  for (const value of values) {
    const result = read(Array.isArray(value) ? value[0] : value);
    if (result !== undefined) return result;
  }
  return undefined;
}

function rawText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  const isNumber = typeof value === 'string' && /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value);
  return isNumber && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

function isTable(value: unknown): value is Structure {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
