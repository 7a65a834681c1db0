/** How times in files are spelled, `2001:06:09 15:17:32`, and how a field spells them. */

import { isDate } from '../../src/plugin/field-values.ts';

const MOMENT =
  /^\s*(\d{4})(?:[:-](\d\d)(?:[:-](\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:\d\d)?)?)?)?\s*$/;
const ZONE = /^\s*(Z|[+-]\d\d:\d\d)\s*$/;
const MINUTE = 60_000;

/**
 * A time of a file as a field has it: a year, a month, a day or a second, with the zone that stands there; undefined
 * for what is no time, such as one of blanks or zeros.
 */
export function momentOf(text: string | undefined): string | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone = ''] = MOMENT.exec(text ?? '') ?? [];
  if (year === undefined || year === '0000') return undefined;
  const date = [year, month, day].filter((part) => part !== undefined).join('-');
  const exact = [second ?? '00', fraction].filter((part) => part !== undefined).join('.');
  // A clock that never was set tells midnight of some first of January; it cannot be told from a real one.
  const moment = hour === undefined ? date : `${date}T${hour}:${minute}:${exact}${zone}`;
  return isDate(moment) ? moment : undefined;
}

/** A zone as a moment ends with it, `+02:00` or `Z`; undefined for anything else. */
export function zoneOf(text: string | undefined): string | undefined {
  const [, zone] = ZONE.exec(text ?? '') ?? [];
  return zone !== undefined && zone !== '-00:00' && isDate(`2000-01-01T00:00:00${zone}`) ? zone : undefined;
}

/** Whether a moment says the time of day. */
export function hasTime(moment: string): boolean {
  return moment.includes('T');
}

/** Whether a moment says its zone. */
export function hasZone(moment: string): boolean {
  return /T.*(?:Z|[+-]\d\d:\d\d)$/.test(moment);
}

/**
 * The zone in which a clock shows `local` at the moment `utc`; undefined unless it is one that there is, and both were
 * read within a minute: a receiver without a signal tells an old moment.
 */
export function zoneBetween(local: string, utc: string): string | undefined {
  const minutes = (Date.parse(`${local}Z`) - Date.parse(utc)) / MINUTE;
  const quarters = Math.round(minutes / 15);
  if (!Number.isFinite(minutes) || Math.abs(minutes - quarters * 15) > 1 || !isZone(quarters * 15))
    return undefined;
  const size = Math.abs(quarters * 15);
  const digits = (number: number): string => String(number).padStart(2, '0');
  return `${quarters < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}

/** From Baker Island to Kiritimati by half hours, and the three that lie between. */
function isZone(minutes: number): boolean {
  if (minutes < -12 * 60 || minutes > 14 * 60) return false;
  return minutes % 30 === 0 || [345, 525, 765].includes(minutes);
}
