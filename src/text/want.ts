/** One rule of what a repository wants to hold (README.md, section 12). */

import { line, type LineMap, type Value } from '../model/value.ts';
import { missing } from './problems.ts';
import { fields, someText, type Check, type More } from './reader.ts';
import { byBytes } from './yaml-write.ts';

/** All of its conditions must hold. `path` and `not` are globs over escaped paths. */
export interface WantRule extends More {
  readonly path?: string;
  readonly not?: string;
  readonly type?: string;
  readonly entity?: string;
  readonly tag?: string;
  readonly field?: string;
  readonly is?: string;
  readonly size?: string;
}

const WANT_KEYS = ['path', 'not', 'type', 'entity', 'tag', 'field', 'is', 'size'] as const;

/** The rule as a line of `want:`. */
export function ruleValue(rule: WantRule): LineMap {
  const keys: [string, Value][] = [];
  for (const key of WANT_KEYS) {
    const value = rule[key];
    if (value !== undefined) keys.push([key, value]);
  }
  return line([...keys, ...byBytes(rule.more)]);
}

export const rule: Check<WantRule> = fields((of) => {
  if (of.has('is')) of.required('field', someText);
  if (!WANT_KEYS.some((key) => of.has(key))) throw missing(of.at.line, 'path');
  return {
    ...of.optional('path', someText),
    ...of.optional('not', someText),
    ...of.optional('type', someText),
    ...of.optional('entity', someText),
    ...of.optional('tag', someText),
    ...of.optional('field', someText),
    ...of.optional('is', someText),
    ...of.optional('size', someText),
    ...of.more(),
  };
});
