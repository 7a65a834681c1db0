/** Checks of JSON that another dbk, or whoever says to be one, has written; each refuses ('remote') what is not as it says. */

import type { Refusal } from '../model/problem.ts';
import { badAnswer } from '../sync/conversation.ts';

export type Json = Readonly<Record<string, unknown>>;

export function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

export function listOf<T>(value: unknown, read: (value: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw wrong();
  return value.map(read);
}

export function oneOf<T extends string>(known: Readonly<Record<T, true>>, value: unknown): T {
  if (typeof value !== 'string' || !Object.hasOwn(known, value)) throw wrong();
  return value as T;
}

export function countOf(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw wrong();
  return value as number;
}

/** A map with these keys, each a count. */
export function countsOf<K extends string>(
  keys: Readonly<Record<K, true>>,
  value: unknown,
): Readonly<Record<K, number>> {
  const map = mapOf(value);
  const counts = Object.keys(keys).map((key) => [key, countOf(map[key])] as const);
  return Object.fromEntries(counts) as Record<K, number>;
}

export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw wrong();
  return value;
}

export function flagOf(value: unknown): boolean {
  if (typeof value !== 'boolean') throw wrong();
  return value;
}

export function mapOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong();
  return value as Json;
}

/** Refuses ('remote') what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong();
  }
}

export function wrong(): Refusal {
  return badAnswer('a line of it says nothing');
}
