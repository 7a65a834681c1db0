/**
 * What a query says: `type:pictures people:anna (taken:2014 or rating>=4) not "draft"`. Pure.
 *
 * Terms beside one another all have to hold; `or` binds less than that, `not` and a `-` right before a term more.
 */

import type { RepositoryPath } from '../model/path.ts';
import type { Bound } from './find-compare.ts';
import { badQuery } from './find-problems.ts';
import { termOf } from './find-terms.ts';
import { tokensOf, type Term, type Token } from './find-tokens.ts';

export type Query =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Query[] }
  | { readonly kind: 'not'; readonly of: Query }
  /** Folded; in the name or in what is written. */
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'is'; readonly what: Kind }
  | { readonly kind: 'in'; readonly folder: RepositoryPath }
  /** Folded patterns. */
  | { readonly kind: 'path' | 'name'; readonly pattern: string }
  | { readonly kind: 'ext' | 'type' | 'entity'; readonly text: string }
  | { readonly kind: 'size' | 'modified'; readonly compare: Comparison }
  /** The name of the field is folded. */
  | { readonly kind: 'field'; readonly field: string; readonly compare: Comparison };

export type Kind = 'file' | 'folder' | 'link' | 'entity';

export type Comparison =
  | { readonly how: 'any' }
  /** Folded; whole words of the value, or all of it. */
  | { readonly how: 'words' | 'equals'; readonly text: string; readonly exactly?: Bound }
  /** Folded. */
  | { readonly how: 'pattern'; readonly text: string }
  | { readonly how: 'range'; readonly from?: End; readonly to?: End };

export interface End {
  readonly at: Bound;
  /** Whether the bound itself is left out. */
  readonly isOpen: boolean;
}

/** Where a folder is that a person typed; refuses what is none of the repository. */
export type FolderOf = (typed: string) => RepositoryPath;

const DEEPEST = 100;
const FINISH = 'finish it, or put what is meant literally in double quotes';

/** Refuses ('usage') what is no query, with the place. */
export function parseQuery(text: string, folderOf: FolderOf): Query {
  const reader = new QueryReader(text, tokensOf(text), folderOf);
  return reader.whole();
}

class QueryReader {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private readonly folderOf: FolderOf;
  private at = 0;
  private depth = 0;

  constructor(text: string, tokens: readonly Token[], folderOf: FolderOf) {
    this.text = text;
    this.tokens = tokens;
    this.folderOf = folderOf;
  }

  whole(): Query {
    const query = this.either();
    const left = this.tokens[this.at];
    if (left !== undefined)
      throw this.wrong(left.at, `')' closes nothing`, 'leave it out, or put it in double quotes');
    return query;
  }

  private either(): Query {
    const of = [this.all()];
    while (this.isWord('or')) {
      this.at++;
      of.push(this.all());
    }
    return of.length === 1 ? of[0]! : { kind: 'or', of };
  }

  private all(): Query {
    const of = [this.one()];
    for (;;) {
      if (this.isWord('and')) this.at++;
      else if (this.at === this.tokens.length || this.isWord('or') || this.tokens[this.at]!.kind === 'close')
        break;
      of.push(this.one());
    }
    return of.length === 1 ? of[0]! : { kind: 'and', of };
  }

  private one(): Query {
    const token = this.tokens[this.at];
    if (token === undefined) throw this.wrong(this.text.length, 'something is missing', FINISH);
    if (this.depth > DEEPEST) throw this.wrong(token.at, 'it is nested too deeply', 'ask for less at once');
    if (token.kind === 'close' || this.isWord('or') || this.isWord('and')) {
      const before = token.kind === 'term' ? token.text : ')';
      throw this.wrong(token.at, `something is missing before '${before}'`, FINISH);
    }
    this.at++;
    if (token.kind === 'term') {
      if (!isKeyword(token, 'not')) return termOf(token, this.text, this.folderOf);
      return { kind: 'not', of: this.nested(() => this.one()) };
    }
    if (token.kind === 'minus') return { kind: 'not', of: this.nested(() => this.one()) };
    const inside = this.nested(() => this.either());
    if (this.tokens[this.at]?.kind !== 'close')
      throw this.wrong(token.at, `'(' is not closed`, `add a ')', or put it in double quotes`);
    this.at++;
    return inside;
  }

  private nested(read: () => Query): Query {
    this.depth++;
    const query = read();
    this.depth--;
    return query;
  }

  private isWord(word: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'term' && isKeyword(token, word);
  }

  private wrong(at: number, reason: string, hint: string): Error {
    return badQuery(this.text, at, reason, hint);
  }
}

function isKeyword({ field, text, isQuoted }: Term, word: string): boolean {
  return field === undefined && !isQuoted && text.toLowerCase() === word;
}
