/** How values of fields compare with what a query says: as numbers, as dates, as words. Pure. */

import type { Scalar } from '../model/value.ts';
import type { Comparison, End } from './find-query.ts';
import { foldWords, holdsWords } from './find-fold.ts';
import { takesName } from './find-glob.ts';

/** A number, a date, or, as `2014` is, both. */
export interface Bound {
  readonly number?: number;
  /** From the year on, as far as it is said. */
  readonly date?: string;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;
/** What is behind the day is compared as it is written. */
const DATE =
  /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T\d\d(?::\d\d(?::\d\d(?:\.\d{1,9})?)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?$/;
const SIZE = /^(\d{1,15}(?:\.\d{1,6})?)([kmgtp]?)(i?)b?$/i;
const UNITS = ['', 'k', 'm', 'g', 't', 'p'];
const DAY = 10;

/** undefined for what is neither a number nor a date. */
export function boundOf(text: string): Bound | undefined {
  const number = NUMBER.test(text) ? Number(text) : undefined;
  const date = DATE.test(text) ? text : undefined;
  if (number === undefined && date === undefined) return undefined;
  return { ...(number !== undefined && { number }), ...(date !== undefined && { date }) };
}

/** Bytes: `4096`, `100M` (a million each, as dbk shows sizes), `100MiB`; undefined for what is none. */
export function sizeOf(text: string): Bound | undefined {
  const found = SIZE.exec(text);
  if (found === null) return undefined;
  const power = UNITS.indexOf(found[2]!.toLowerCase());
  if (found[3] !== '' && power === 0) return undefined;
  return { number: Number(found[1]) * (found[3] === '' ? 1000 : 1024) ** power };
}

export function fits(value: Scalar, compare: Comparison): boolean {
  switch (compare.how) {
    case 'any':
      return true;
    case 'pattern':
      return takesName(compare.text, foldWords(String(value)));
    case 'equals':
      return foldWords(String(value)) === compare.text || isSame(value, compare.exactly, 'number');
    case 'words':
      return holdsWords(foldWords(String(value)), compare.text) || isSame(value, compare.exactly, 'either');
    case 'range':
      return isWithinEnds(value, compare.from, compare.to);
  }
}

/** Whether a value is a number, or a date that begins so. */
function isSame(value: Scalar, bound: Bound | undefined, as: 'number' | 'either'): boolean {
  if (bound === undefined) return false;
  const own = boundOf(String(value));
  if (own?.number !== undefined && own.number === bound.number) return true;
  const isDate = as === 'either' && own?.date !== undefined && bound.date !== undefined;
  return isDate && own.date!.length >= bound.date!.length && compareDates(own.date!, bound.date!) === 0;
}

function isWithinEnds(value: Scalar, from: End | undefined, to: End | undefined): boolean {
  const own = boundOf(String(value));
  return (
    own !== undefined &&
    (from === undefined || isBeyond(own, from, 1)) &&
    (to === undefined || isBeyond(own, to, -1))
  );
}

/** Whether a value is on the side of an end that `sign` says. */
function isBeyond(own: Bound, { at, isOpen }: End, sign: 1 | -1): boolean {
  const order = compareBounds(own, at);
  if (order === undefined) return false;
  return order === 0 ? !isOpen : Math.sign(order) === sign;
}

/** Numbers where both are, unless one says more than a year; undefined where they have no order. */
function compareBounds(a: Bound, b: Bound): number | undefined {
  if (a.number !== undefined && b.number !== undefined) return a.number - b.number;
  return a.date !== undefined && b.date !== undefined ? compareDates(a.date, b.date) : undefined;
}

/**
 * As exactly as the less exact one of the two says; so `<=2014` takes all of that year. With offsets, of two times
 * the earlier moment is the lesser; without, and for days, what the calendar and the clock said counts.
 */
function compareDates(a: string, b: string): number {
  const [x, y] = [momentOf(a), momentOf(b)];
  if (x !== undefined && y !== undefined) return x - y;
  const [one, other] = [withoutOffset(a), withoutOffset(b)];
  const length = Math.min(one.length, other.length);
  const [left, right] = [one.slice(0, length), other.slice(0, length)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function momentOf(date: string): number | undefined {
  const moment = /(?:Z|[+-]\d\d:\d\d)$/.test(date.slice(DAY)) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(moment) ? undefined : moment;
}

function withoutOffset(date: string): string {
  return date.slice(0, DAY) + date.slice(DAY).replace(/(?:Z|[+-]\d\d:\d\d)$/, '');
}
