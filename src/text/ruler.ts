/** Who decides what a text of `index/` says (README.md, section 1). */

import { MANIFEST } from './mirror.ts';

export type Ruler = 'commit' | 'person' | 'nobody';

/** The copy of a `.dbkignore` below `ignore.d/`. */
export const RULES = '$rules';

/** `commit`: a hand edit is undone; `person`: it is recorded; `nobody`: dbk has no text of that name. */
export function rulerOf(path: string): Ruler {
  if (path === 'policy.yaml' || path === 'ignore') return 'person';
  const [top, ...rest] = path.split('/');
  const name = rest.at(-1) ?? '';
  if (rest.length === 0) return 'nobody';
  if (top === 'tree') return name === MANIFEST ? 'commit' : isSidecar(name) ? 'person' : 'nobody';
  if (top === 'types') return rest.length === 1 && name.endsWith('.yaml') ? 'commit' : 'nobody';
  if (top === 'ignore.d') return name === RULES ? 'commit' : 'nobody';
  if (top === 'people') return rest.length === 1 && name.endsWith('.metadata') ? 'person' : 'nobody';
  if (top === 'conflicts')
    return rest.length === 1 && /^[0-9a-f]{16}\.yaml$/.test(name) ? 'person' : 'nobody';
  return 'nobody';
}

function isSidecar(name: string): boolean {
  return name.startsWith('$') && name.endsWith('.metadata');
}

/** Whether dbk has texts of that path, and none that is called as one of the folders above it. */
export function isPlaceOfText(path: string): boolean {
  if (rulerOf(path) === 'nobody') return false;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
    if (rulerOf(path.slice(0, at)) !== 'nobody') return false;
  return true;
}
