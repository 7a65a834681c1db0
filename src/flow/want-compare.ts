/** What a `want:` rule asks of a value: `>=4`, `<100M`, `!=draft`, or a text. Pure. */

import { boundOf, sizeOf, type Bound } from './find-compare.ts';
import { foldWords } from './find-fold.ts';
import type { Comparison } from './find-query.ts';

export interface Asked {
  readonly comparison: Comparison;
  readonly isNegated: boolean;
}

const OPERATOR = /^(<=|>=|!=|<|>|=|)\s*(.*)$/su;

/** Throws a RangeError whose message says what is wrong with it. */
export function comparisonOf(is: string): Asked {
  const [, operator, text] = OPERATOR.exec(is) as unknown as [string, string, string];
  const bound = boundOf(text);
  const exactly = bound === undefined ? {} : { exactly: bound };
  if (operator === '' || operator === '=' || operator === '!=')
    return { comparison: { how: 'equals', text: foldWords(text), ...exactly }, isNegated: operator === '!=' };
  if (bound === undefined) throw new RangeError(`'${text}' is neither a number nor a date`);
  return { comparison: range(operator, bound), isNegated: false };
}

/** Throws a RangeError, as `comparisonOf`. */
export function sizeComparison(size: string): Asked {
  const [, operator, text] = OPERATOR.exec(size) as unknown as [string, string, string];
  const bound = sizeOf(text);
  if (bound === undefined) throw new RangeError(`'${text}' is no size`);
  return { comparison: range(operator, bound), isNegated: operator === '!=' };
}

function range(operator: string, at: Bound): Comparison {
  const end = { at, isOpen: operator === '<' || operator === '>' };
  if (operator.startsWith('<')) return { how: 'range', to: end };
  if (operator.startsWith('>')) return { how: 'range', from: end };
  return { how: 'range', from: end, to: end };
}
