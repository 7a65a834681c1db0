/** The pieces of a query, each with its place: terms, parentheses, and the `-` that says not. Pure. */

import { badQuery } from './find-problems.ts';

export type Token = { readonly kind: 'open' | 'close' | 'minus'; readonly at: number } | Term;

export interface Term {
  readonly kind: 'term';
  readonly at: number;
  /** As it is written; absent for a word. */
  readonly field?: string;
  readonly operator?: Operator;
  /** The word, or the value of the field. */
  readonly text: string;
  /** Where the value begins. */
  readonly valueAt: number;
  /** Whether it stood in quotes, so that nothing in it means more than itself. */
  readonly isQuoted: boolean;
}

export type Operator = ':' | '=' | '<' | '<=' | '>' | '>=';

const FIELD = /([\p{L}_][\p{L}\p{N}\p{M}_.-]*)(:|=|<=|>=|<|>)/uy;
const BLANK = /\s/u;

/** All of them; refuses ('usage') quotes that are not closed. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < query.length;) {
    const character = query[at]!;
    if (BLANK.test(character)) at++;
    else if (character === '(' || character === ')')
      tokens.push({ kind: character === '(' ? 'open' : 'close', at: at++ });
    else if (character === '-' && at + 1 < query.length && !BLANK.test(query[at + 1]!))
      tokens.push({ kind: 'minus', at: at++ });
    else at = takeTerm(query, at, tokens);
  }
  return tokens;
}

function takeTerm(query: string, at: number, tokens: Token[]): number {
  FIELD.lastIndex = at;
  const found = FIELD.exec(query);
  const valueAt = at + (found?.[0].length ?? 0);
  const isQuoted = query[valueAt] === '"';
  const { text, end } = isQuoted ? quoted(query, valueAt) : bare(query, valueAt);
  const field = found === null ? {} : { field: found[1]!, operator: found[2] as Operator };
  tokens.push({ kind: 'term', at, ...field, text, valueAt, isQuoted });
  return end;
}

/** To the next quote; `\"` and `\\` stand for the quote and the backslash. */
function quoted(query: string, start: number): { text: string; end: number } {
  let text = '';
  for (let at = start + 1; at < query.length; at++) {
    const character = query[at]!;
    if (character === '"') return { text, end: at + 1 };
    const next = query[at + 1];
    if (character === '\\' && (next === '"' || next === '\\')) text += query[++at]!;
    else text += character;
  }
  throw badQuery(query, start, 'the quotes are not closed', `add a '"'`);
}

/** To the next blank, or the parenthesis that nothing in the word opened. */
function bare(query: string, start: number): { text: string; end: number } {
  let depth = 0;
  let at = start;
  for (; at < query.length; at++) {
    const character = query[at]!;
    if (BLANK.test(character)) break;
    if (character === '(') depth++;
    if (character === ')' && --depth < 0) break;
  }
  return { text: query.slice(start, at), end: at };
}
