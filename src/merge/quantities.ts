/** What can be counted or compared of a value: numbers exactly, however they are written, and dates. */

import type { FieldDeclaration } from '../model/type-declaration.ts';
import type { Scalar, Value } from '../model/value.ts';
import { NUMBER } from '../text/yaml-write.ts';

/** `digits` times ten to the power of minus `scale`. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const BILLION = 1_000_000_000n;

/**
 * How a value compares with others of its type: less than 0 where `a` is less; undefined where one of the two is no
 * number or no date, or the type has no order. A date is as early as it can be: 1997 as 1997-01-01T00:00:00Z.
 */
export function compareQuantities(
  type: FieldDeclaration['type'] | undefined,
  a: Value,
  b: Value,
): number | undefined {
  const quantity =
    type === 'date' ? nanoseconds : type === 'integer' || type === 'number' ? decimal : undefined;
  const [x, y] = [quantity?.(a), quantity?.(b)];
  if (x === undefined || y === undefined) return undefined;
  const [m, n] = sameScale(x, y);
  return m < n ? -1 : m > n ? 1 : 0;
}

/** `ours` and what `theirs` has more than `base`; undefined where one is no number. What is not there is 0. */
export function sumOf(
  base: Value | undefined,
  ours: Value | undefined,
  theirs: Value | undefined,
): Scalar | undefined {
  const [was, a, b] = [decimal(base ?? 0), decimal(ours ?? 0), decimal(theirs ?? 0)];
  if (was === undefined || a === undefined || b === undefined) return undefined;
  const scale = Math.max(was.scale, a.scale, b.scale);
  return written({ digits: scaled(a, scale) + scaled(b, scale) - scaled(was, scale), scale });
}

function decimal(value: Value): Decimal | undefined {
  if (typeof value === 'object') return undefined;
  const match = DECIMAL.exec(String(value));
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

/** A number of dbk's where it is one; any other is a text. */
function written({ digits, scale }: Decimal): Scalar {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  const spelled = `${digits < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  return NUMBER.test(spelled) && Number.isSafeInteger(Number(spelled)) ? Number(spelled) : spelled;
}

/** Since 1970, of the first moment that a date can mean. */
function nanoseconds(value: Value): Decimal | undefined {
  if (typeof value === 'object') return undefined;
  const match = DATE.exec(String(value));
  if (match === null) return undefined;
  const [
    ,
    year,
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone = 'Z',
  ] = match;
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(instant)) return undefined;
  const offset =
    zone === 'Z' ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  const seconds = BigInt(instant / 1000 - offset * 60);
  return { digits: seconds * BILLION + BigInt(fraction.padEnd(9, '0')), scale: 0 };
}

function sameScale(a: Decimal, b: Decimal): readonly [bigint, bigint] {
  const scale = Math.max(a.scale, b.scale);
  return [scaled(a, scale), scaled(b, scale)];
}

function scaled({ digits, scale }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - scale);
}
