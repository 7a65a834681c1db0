/** The words for what taking from another repository meets. */

import type { Problem } from '../model/problem.ts';

/** What another repository says of one that it has heard of, and that cannot be read. */
export function recordUnreadable(name: string, place: string): Problem {
  return {
    code: 'flow/record-unreadable',
    severity: 'warning',
    reason: `cannot read what '${place}' says of the repository '${name}'`,
    hint: `look at its .dbk/repositories/${name}.yaml`,
  };
}

/** Two repositories of one name. */
export function sameName(name: string, place: string): Problem {
  return {
    code: 'flow/same-name',
    severity: 'warning',
    reason: `two repositories are called '${name}': one known here, and one known in '${place}'`,
    hint: 'give one of them another name with: dbk config name',
  };
}
