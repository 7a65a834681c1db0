/** Whether a value is one that a field is declared to have. */

import type { FieldDeclaration } from '../model/type-declaration.ts';

const DAY = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(.+))?)?)?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/;
/** Controls, lone surrogates, what is no character: nothing that a text of dbk holds. */
const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with an answer for a field: the end of a sentence; undefined where nothing is. */
export function wrongAnswer(field: FieldDeclaration, answer: unknown): string | undefined {
  const isMany = field.merge === 'set' || field.merge === 'list';
  if (Array.isArray(answer) !== isMany) return isMany ? 'is not an array' : 'is an array';
  if (!isMany) return wrongMember(field, answer);
  const members = answer as readonly unknown[];
  if (members.length === 0) return 'is empty; leave it out';
  if (field.merge === 'set' && new Set(members).size < members.length) return 'has a member twice';
  return members.map((member) => wrongMember(field, member)).find((wrong) => wrong !== undefined);
}

/** Whether a text, as a name spells it, is a value of a field; bounds count. */
export function isTextOf(field: FieldDeclaration, text: string): boolean {
  return wrongMember(field, valueOf(field, text)) === undefined;
}

/** Whether a text is a day of the calendar or a part of it, maybe with a time. */
export function isDate(text: string): boolean {
  const match = DAY.exec(text);
  if (match === null) return false;
  const [, year = '', month, day, time] = match;
  if (month !== undefined && (month < '01' || month > '12')) return false;
  if (day !== undefined && (day < '01' || Number(day) > daysOf(Number(year), Number(month)))) return false;
  return time === undefined || TIME.test(time);
}

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function valueOf({ type }: FieldDeclaration, text: string): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (type !== 'integer' && type !== 'number') return text;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function wrongMember(field: FieldDeclaration, value: unknown): string | undefined {
  const { type, merge, min, max } = field;
  if (typeof type !== 'string')
    return type.includes(value as string) ? undefined : `is not one of ${type.join(', ')}`;
  const wrong = wrongKind(type, merge === 'prose', value);
  if (wrong !== undefined || (type !== 'integer' && type !== 'number' && type !== 'date')) return wrong;
  if (min !== undefined && isLess(value as string | number, min)) return `is less than ${min}`;
  return max !== undefined && isLess(max, value as string | number) ? `is more than ${max}` : undefined;
}

function wrongKind(type: string, isProse: boolean, value: unknown): string | undefined {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value) ? undefined : 'is not a whole number';
    case 'number':
      return Number.isFinite(value) ? undefined : 'is not a number';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'is not true or false';
    case 'date':
      return typeof value === 'string' && isDate(value) ? undefined : 'is not a date';
    default:
      return wrongText(isProse, value);
  }
}

function wrongText(isProse: boolean, value: unknown): string | undefined {
  if (typeof value !== 'string') return 'is not a text';
  if (value === '') return 'is empty; leave it out';
  const text = isProse ? value.replace(/[\n\t]/g, '') : value;
  return UNPRINTABLE.test(text) ? 'has characters that no text holds' : undefined;
}

/** Numbers by value, dates as exactly as the less exact one of the two says. */
function isLess(a: string | number, b: string | number): boolean {
  const isNumber = typeof a === 'number' || typeof b === 'number';
  if (isNumber) return Number(a) < Number(b);
  const length = Math.min(a.length, b.length);
  return a.slice(0, length) < b.slice(0, length);
}
