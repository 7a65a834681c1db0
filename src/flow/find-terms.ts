/** What one term of a query asks for: a word, or something of a field. Pure. */

import { boundOf, sizeOf, type Bound } from './find-compare.ts';
import { foldWords } from './find-fold.ts';
import { badQuery } from './find-problems.ts';
import type { Comparison, End, FolderOf, Kind, Query } from './find-query.ts';
import type { Term } from './find-tokens.ts';

/** What a comparison is of: only fields have words. */
type Of = 'size' | 'modified' | 'field';

const KINDS: readonly Kind[] = ['file', 'folder', 'link', 'entity'];

/** `query` is the whole text, for the place of what is wrong in it. */
export function termOf(token: Term, query: string, folderOf: FolderOf): Query {
  return new TermReader(query, folderOf).term(token);
}

class TermReader {
  private readonly query: string;
  private readonly folderOf: FolderOf;

  constructor(query: string, folderOf: FolderOf) {
    this.query = query;
    this.folderOf = folderOf;
  }

  term(token: Term): Query {
    const { field, operator, text, at, valueAt, isQuoted } = token;
    if (field === undefined) {
      const folded = foldWords(text);
      if (folded === '')
        throw this.wrong(at, 'there is nothing to look for', 'write a word between the quotes');
      return { kind: 'word', text: folded };
    }
    if (text === '' && !(isQuoted && operator === '='))
      throw this.wrong(
        valueAt,
        `'${field}${operator}' has no value`,
        `write one behind it, without a blank between`,
      );
    return this.test(foldWords(field), token);
  }

  private test(field: string, token: Term): Query {
    const { text, operator } = token;
    switch (field) {
      case 'is':
        return { kind: 'is', what: this.kindOf(token) };
      case 'in':
        this.equalsOnly(token);
        return { kind: 'in', folder: this.folderOf(text) };
      case 'path':
      case 'name':
        this.equalsOnly(token);
        return this.pattern(field, token);
      case 'ext':
        this.equalsOnly(token);
        return { kind: field, text: foldWords(text).replace(/^\./, '') };
      case 'type':
      case 'entity':
        this.equalsOnly(token);
        return { kind: field, text: foldWords(text) };
      case 'size':
      case 'modified':
        return { kind: field, compare: this.comparison(token, field) };
      default:
        return {
          kind: 'field',
          field,
          compare: operator === '=' ? equal(token) : this.comparison(token, 'field'),
        };
    }
  }

  private kindOf(token: Term): Kind {
    this.equalsOnly(token);
    const folded = foldWords(token.text);
    const kind = KINDS.find((each) => each === folded);
    if (kind === undefined)
      throw this.wrong(
        token.valueAt,
        `'${token.text}' is no kind of thing`,
        `write one of: ${KINDS.join(', ')}`,
      );
    return kind;
  }

  private pattern(kind: 'path' | 'name', { text, isQuoted }: Term): Query {
    const folded = foldWords(text).replace(/^\/|\/$/g, '');
    // A name is often known in part: without signs of a pattern, and not in quotes, any part will do.
    const isPart = kind === 'name' && !isQuoted && !/[*?]/.test(folded);
    return { kind, pattern: isPart ? `*${folded}*` : folded };
  }

  private equalsOnly({ field, operator, at }: Term): void {
    if (operator === ':' || operator === '=') return;
    throw this.wrong(
      at + field!.length,
      `'${field}' has no order, so '${operator}' says nothing of it`,
      `write '${field}:'`,
    );
  }

  private comparison(token: Term, of: Of): Comparison {
    const { operator, text, isQuoted, valueAt } = token;
    if (operator === ':' && text === '*' && !isQuoted) return { how: 'any' };
    if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') {
      const end: End = { at: this.bound(text, valueAt, of), isOpen: operator.length === 1 };
      return operator.startsWith('<') ? { how: 'range', to: end } : { how: 'range', from: end };
    }
    const dots = isQuoted ? -1 : text.indexOf('..');
    if (operator === ':' && dots !== -1 && (of !== 'field' || hasEnds(text, dots)))
      return this.range(text, dots, valueAt, of);
    if (of === 'field') return words(token);
    const at = this.bound(text, valueAt, of);
    return { how: 'range', from: { at, isOpen: false }, to: { at, isOpen: false } };
  }

  private range(text: string, dots: number, valueAt: number, of: Of): Comparison {
    const [low, high] = [text.slice(0, dots), text.slice(dots + 2)];
    if (low === '' && high === '')
      throw this.wrong(valueAt, `'..' has no end`, `write one, as in '2014..2016' or '4..'`);
    const end = (written: string, at: number): End => ({ at: this.bound(written, at, of), isOpen: false });
    return {
      how: 'range',
      ...(low !== '' && { from: end(low, valueAt) }),
      ...(high !== '' && { to: end(high, valueAt + dots + 2) }),
    };
  }

  private bound(text: string, at: number, of: Of): Bound {
    const bound = of === 'size' ? sizeOf(text) : boundOf(text);
    const isRight = bound !== undefined && (of !== 'modified' || bound.date !== undefined);
    if (isRight) return bound;
    if (of === 'size') throw this.wrong(at, `'${text}' is no size`, `write one as '100M' or '4096'`);
    if (of === 'modified')
      throw this.wrong(at, `'${text}' is no date`, `write one as '2014', '2014-05' or '2014-05-21'`);
    throw this.wrong(
      at,
      `'${text}' is neither a number nor a date`,
      `write one, as '4' or '2014-05'; for words use ':'`,
    );
  }

  private wrong(at: number, reason: string, hint: string): Error {
    return badQuery(this.query, at, reason, hint);
  }
}

function equal({ text }: Term): Comparison {
  return { how: 'equals', text: foldWords(text), ...exactly(text) };
}

function words({ text, isQuoted }: Term): Comparison {
  const folded = foldWords(text);
  if (!isQuoted && /[*?]/.test(folded)) return { how: 'pattern', text: folded };
  return { how: 'words', text: folded, ...exactly(text) };
}

/** Whether dots stand between values, and not in words. */
function hasEnds(text: string, dots: number): boolean {
  const ends = [text.slice(0, dots), text.slice(dots + 2)];
  return text === '..' || ends.some((end) => boundOf(end) !== undefined);
}

function exactly(text: string): { exactly?: Bound } {
  const bound = boundOf(text);
  return bound === undefined ? {} : { exactly: bound };
}
