/** What still stands at a path where a commit says something else, as a line of a record (README.md, section 12). */

import type { ContentId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import type { RepositoryPath } from '../model/path.ts';
import { line, type LineMap, type Value } from '../model/value.ts';
import { mode, modeValue } from './manifest-line.ts';
import { escapePath, escapeText } from './names.ts';
import { contentId, escapedText, fields, instant, number, pathOrFolder, type More } from './reader.ts';
import { byBytes } from './yaml-write.ts';

/** What still stands at a path where the commit says something else, or nothing. */
export type Older = { readonly path: RepositoryPath } & More &
  (
    | {
        readonly kind: 'file';
        readonly blake3: ContentId;
        readonly size: number;
        readonly mtime: Instant;
        readonly mode: number;
      }
    | { readonly kind: 'link'; readonly target: string }
    | { readonly kind: 'directory'; readonly mode: number }
  );

/** A folder ends in '/'. */
export function olderLine(one: Older): LineMap {
  if (one.kind === 'link') return lineOf(one, [['link', escapeText(one.target)]]);
  if (one.kind === 'file') {
    const { blake3, size, mtime } = one;
    return lineOf(one, [
      ['blake3', blake3],
      ['size', size],
      ['mtime', mtime],
      ['mode', modeValue(one.mode)],
    ]);
  }
  const itself: [string, Value][] = [
    ['path', `${escapePath(one.path)}/`],
    ['mode', modeValue(one.mode)],
  ];
  return line([...itself, ...byBytes(one.more)]);
}

export const older = fields<Older>((of) => {
  const at = of.required('path', pathOrFolder);
  if (at.endsWith('/')) {
    const folder = at.slice(0, -1) as RepositoryPath;
    return { path: folder, kind: 'directory', mode: of.required('mode', mode), ...of.more() };
  }
  const itself = { path: at as RepositoryPath };
  if (of.has('link'))
    return { ...itself, kind: 'link', target: of.required('link', escapedText), ...of.more() };
  return {
    ...itself,
    kind: 'file',
    blake3: of.required('blake3', contentId),
    size: of.required('size', number),
    mtime: of.required('mtime', instant),
    mode: of.required('mode', mode),
    ...of.more(),
  };
});

function lineOf({ path, more }: Older, keys: readonly [string, Value][]): LineMap {
  return line([['path', escapePath(path)], ...keys, ...byBytes(more)]);
}
