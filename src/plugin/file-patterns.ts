/** Which files a reader takes: patterns of names and paths, compared in linear time (api.ts, `FilePatterns`). */

import type { FilePatterns } from './api.ts';

/** Longer ones are nobody's. */
const LONGEST_PATTERN = 200;

/** Whether one of the patterns takes a path relative to the entity. */
export function takes(patterns: FilePatterns, path: string): boolean {
  const lower = lowerAscii(path);
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  return patterns.some((pattern) => takesOne(lowerAscii(pattern), lower, name));
}

/** What is wrong with a pattern: a sentence's end, or undefined. */
export function wrongPattern(pattern: string): string | undefined {
  if (pattern.length > LONGEST_PATTERN) return `is longer than ${LONGEST_PATTERN} characters`;
  const path = pattern.replace(/^\//, '').replace(/\/$/, '');
  if (!pattern.startsWith('/') && pattern.includes('/')) return "has a '/' and does not begin with one";
  const isPath = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  return isPath && !path.includes('\0') ? undefined : 'is not a name or a path';
}

/** A text with the ASCII letters in lower case; every character stays at its place. */
export function lowerAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

function takesOne(pattern: string, path: string, name: string): boolean {
  if (!pattern.startsWith('/')) return matches(pattern, name);
  const wanted = pattern.slice(1).split('/');
  const parts = path.split('/');
  const isFolder = wanted.at(-1) === '';
  if (isFolder) wanted.pop();
  const isDeepEnough = isFolder ? parts.length > wanted.length : parts.length === wanted.length;
  return isDeepEnough && wanted.every((part, i) => matches(part, parts[i]!));
}

/** `*` is any characters; after a mismatch only the last `*` takes one more, which is enough. */
function matches(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = n;
    } else if (pattern[p] === name[n]) {
      p++;
      n++;
    } else if (star !== -1) {
      p = star + 1;
      n = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
