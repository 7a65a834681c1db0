/** Of which types an entity is one whole, as the recorded index declares them. */

import { parseType } from '../text/types.ts';
import { TextError } from '../text/problems.ts';
import type { IndexTexts } from './index-texts.ts';
import { TYPES, typePath } from './types.ts';

/** What cannot be read declares nothing. */
export function wholeTypesOf(texts: IndexTexts): ReadonlySet<string> {
  const names = texts.recordedIn(TYPES).map((name) => name.replace(/\.yaml$/, ''));
  return new Set(names.filter((name) => isWhole(texts.recordedText(typePath(name)))));
}

function isWhole(text: string | undefined): boolean {
  try {
    return text !== undefined && parseType(text).merge === 'whole';
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return false;
  }
}
