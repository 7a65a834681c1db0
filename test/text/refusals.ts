/** Tables of texts that are refused. */

import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { TextError } from '../../src/text/problems.ts';

/** A text, and of the problem the code, the line (undefined: any or none), and what the reason holds. */
export type Refusal = readonly [text: string, code: string, line: number | undefined, reason: RegExp];

/** Each text is refused with a TextError as its row says, in the words that the house wants. */
export function assertRefused(read: (text: string) => unknown, rows: readonly Refusal[]): void {
  const wrong = rows.flatMap((row) => {
    const expected = [row[1], row[2], 'as said'];
    const found = refusalOf(read, row);
    return isDeepStrictEqual(found, expected) ? [] : [{ text: row[0].slice(-200), expected, found }];
  });
  assert.deepEqual(wrong, []);
}

function refusalOf(read: (text: string) => unknown, [text, , line, reason]: Refusal): unknown[] {
  try {
    read(text);
    return ['it was taken'];
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const { problem } = error;
    const isAsSaid = reason.test(problem.reason) && /^(?!.*\.$)[^A-Z]/.test(problem.reason);
    const at = line === undefined ? undefined : problem.place?.line;
    return [problem.code, at, isAsSaid ? 'as said' : problem.reason];
  }
}
