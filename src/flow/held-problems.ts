/** The words for what stands where head knows something else that is not here. */

import type { Problem } from '../model/problem.ts';

/** Nothing of it is recorded until one of the two is called otherwise. */
export function inPlaceOfAbsent(path: string, what: 'file' | 'folder'): Problem {
  return {
    code: 'flow/in-place-of-absent',
    severity: 'error',
    place: { path },
    reason: `cannot record '${path}': a ${what} of this name is recorded already, and not here`,
    hint: 'give what stands there another name',
  };
}
