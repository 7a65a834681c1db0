/** How the path of a text is written in a patch, and which paths are refused there (README.md, section 9). */

import { isComponent, isPlainUnicode } from './names.ts';

const UNQUOTED = /^[A-Za-z0-9/._$%-]+$/;

/** What no mirror name holds, and no other name below `index/`. */
const NEVER = /[\t\n"\\<>:|?*]|[. ](?:\/|$)/;

/** What git, or a file system that git serves, takes for `.git`; HFS+ ignores some code points. */
const GIT = /(?:^|\/)(?:\.git|git~1)[. ]*(?:\/|$)/i;
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** The path as git writes it in a header: with `a/`, `b/` or nothing before it, in quotes where it needs them. */
export function headerPath(prefix: string, path: string): string {
  return UNQUOTED.test(path) ? prefix + path : `"${prefix}${path}"`;
}

/**
 * Whether a path can be that of a text: relative, below `index/`, and made of names that every file system stores
 * and git accepts.
 */
export function isTextPath(path: string): boolean {
  return (
    isPlainUnicode(path) &&
    !NEVER.test(path) &&
    !GIT.test(path.replace(IGNORED, '')) &&
    path.split('/').every(isComponent)
  );
}
