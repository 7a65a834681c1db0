/** A moment in time, as dbk writes it. */

/**
 * UTC, `1997-05-21T00:00:00Z`, with exactly nine digits of a fraction where the nanoseconds are not 0; seconds
 * outside the years 0000 to 9999 are `@` and the whole seconds since 1970, with the same fraction rule.
 */
export type Instant = string & { readonly __brand: 'Instant' };

const CALENDAR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{9}))?Z$/;
const COUNTED = /^@(-?\d{1,19})(?:\.(\d{9}))?$/;
const FIRST = -62167219200n;
const LAST = 253402300799n;
const BILLION = 1_000_000_000n;

/** The instant of a count of nanoseconds since 1970 (floor semantics for times before it). */
export function instantOf(nanoseconds: bigint): Instant {
  let seconds = nanoseconds / BILLION;
  let rest = nanoseconds % BILLION;
  if (rest < 0n) {
    rest += BILLION;
    seconds -= 1n;
  }
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0')}`;
  if (seconds < FIRST || seconds > LAST) return `@${seconds}${fraction}` as Instant;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction}Z` as Instant;
}

/** Nanoseconds since 1970, or undefined where a text is not an instant in its one spelling. */
export function parseInstant(text: string): bigint | undefined {
  const calendar = CALENDAR.exec(text);
  const counted = calendar ? undefined : COUNTED.exec(text);
  const fraction = BigInt(calendar?.[2] ?? counted?.[2] ?? 0);
  const seconds = calendar ? Date.parse(`${calendar[1]}Z`) / 1000 : Number.NaN;
  const whole = calendar
    ? Number.isNaN(seconds)
      ? undefined
      : BigInt(seconds)
    : counted
      ? BigInt(counted[1]!)
      : undefined;
  if (whole === undefined) return undefined;
  const nanoseconds = whole * BILLION + fraction;
  return instantOf(nanoseconds) === text ? nanoseconds : undefined;
}

export function isInstant(text: string): text is Instant {
  return parseInstant(text) !== undefined;
}
