/** The texts that say what nobody records. */

import { readBytes } from '../store/files.ts';
import { rulesText } from '../scan/ignore.ts';
import type { Repository } from './repository.ts';

const LONGEST = 1024 * 1024;

/** The rules of `.dbk/index/ignore` as they stand on the disk; '' where there are none or they cannot be used. */
export function readIgnoreText({ context, layout }: Repository): string {
  const bytes = readBytes(context.disk, `${layout.index}/ignore`, LONGEST);
  const text = bytes === undefined ? '' : rulesText(bytes, 'ignore');
  return typeof text === 'string' && hasRules(text) ? text : '';
}

/** A text of comments only has none, and costs nothing. */
function hasRules(text: string): boolean {
  return text.split('\n').some((line) => line.trim() !== '' && !line.startsWith('#'));
}
