/** The values a dbk text holds: what YAML can say, less everything that readers take differently. */

/** A text or a whole number of at most 2^53 - 1. Nothing is a boolean, a date, a float or null. */
export type Scalar = string | number;

/** A map that is written one entry a line. */
export interface BlockMap {
  readonly kind: 'block';
  readonly map: ReadonlyMap<string, Value>;
}

/** A map that is written on one line, because it merges as one. */
export interface LineMap {
  readonly kind: 'line';
  readonly map: ReadonlyMap<string, Value>;
}

/** One member a line; inside a line map, on that line. */
export type List = readonly Value[];

export type Value = Scalar | BlockMap | LineMap | List;

export function block(entries: Iterable<readonly [string, Value]>): BlockMap {
  return { kind: 'block', map: new Map(entries) };
}

export function line(entries: Iterable<readonly [string, Value]>): LineMap {
  return { kind: 'line', map: new Map(entries) };
}

export function isMap(value: Value | undefined): value is BlockMap | LineMap {
  return typeof value === 'object' && !Array.isArray(value);
}
