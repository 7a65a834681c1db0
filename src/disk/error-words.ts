/** What the operating system's codes for errors say to a person. */

import { getSystemErrorMap } from 'node:util';

/** `EACCES`: 'permission denied'; a code that is not known says itself. */
export function wordsOfCode(code: string): string {
  for (const [name, words] of getSystemErrorMap().values()) if (name === code) return words;
  return code;
}
