/** Rules of `want:` as a person types them: `Music/**`, `not:Pictures/raw/`, `type:music`, `rating>=4`, `size<100M`. Pure. */

import { refuse } from '../model/problem.ts';
import { unescapePath } from '../text/names.ts';
import type { WantRule } from '../text/want.ts';
import { comparisonOf, sizeComparison } from './want-compare.ts';

const KINDS = ['path', 'not', 'type', 'entity', 'tag'] as const;
const KIND = /^([a-z]+):(.*)$/su;
const COMPARED = /^([A-Za-z][\w.-]*)\s*(<=|>=|!=|<|>|=)\s*(.+)$/su;

/** Refuses ('usage') what says nothing. */
export function parseRule(typed: string): WantRule {
  const compared = COMPARED.exec(typed);
  if (compared !== null) {
    const [, field, operator, value] = compared as unknown as [string, string, string, string];
    return field === 'size'
      ? sizeRule(typed, `${operator}${value}`)
      : fieldRule(typed, field, operator, value);
  }
  const [, kind, value] = KIND.exec(typed) ?? [undefined, 'path', typed];
  const known = KINDS.find((each) => each === kind);
  if (known === undefined) {
    bad(typed, `there are no rules of '${kind!}'`, `write one of ${KINDS.join(':, ')}:, or path:${typed}`);
  }
  if (value === undefined || value === '')
    bad(typed, 'it names nothing', `write it as in 'Music/**' or 'type:music'`);
  if (known === 'path' || known === 'not') checkGlob(typed, value);
  return { [known]: value };
}

/** The rule as a person would type it; several conditions are told one behind the other. */
export function ruleWords(rule: WantRule): string {
  const words: string[] = [];
  if (rule.path !== undefined) words.push(isPlain(rule.path) ? rule.path : `path:${rule.path}`);
  for (const kind of ['not', 'type', 'entity', 'tag'] as const)
    if (rule[kind] !== undefined) words.push(`${kind}:${rule[kind]}`);
  if (rule.field !== undefined) words.push(`${rule.field}${compareWords(rule.is ?? '!=')}`);
  if (rule.size !== undefined) words.push(`size${compareWords(rule.size)}`);
  return words.join(' ');
}

function compareWords(is: string): string {
  return /^(?:[<>=]|!=)/.test(is) ? is : `=${is}`;
}

function isPlain(glob: string): boolean {
  return !KIND.test(glob) && !COMPARED.test(glob);
}

function sizeRule(typed: string, size: string): WantRule {
  said(typed, () => sizeComparison(size), `write it as 'size<100M' or 'size>=1GiB'`);
  return { size };
}

function fieldRule(typed: string, field: string, operator: string, value: string): WantRule {
  const is = operator === '=' ? value : `${operator}${value}`;
  said(typed, () => comparisonOf(is), `write it as 'rating>=4', 'taken<2014' or 'state=done'`);
  return { field, is };
}

function said(typed: string, read: () => unknown, hint: string): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    bad(typed, error.message, hint);
  }
}

function checkGlob(typed: string, glob: string): void {
  const names = glob.replace(/\/+$/, '').split('/');
  if (glob.startsWith('/') || names.some((name) => ['', '.', '..'].includes(name)))
    bad(
      typed,
      'it is no path in the repository',
      `write it from the repository's folder on, as 'Music/Rock/'`,
    );
  if (unescapePath(names.join('/')) === undefined)
    bad(typed, `a '%' is followed by no two digits`, `write a '%' in a name as '%25'`);
}

function bad(typed: string, reason: string, hint: string): never {
  return refuse('usage', 'flow/bad-rule', `cannot read the rule '${typed}': ${reason}`, { hint });
}
