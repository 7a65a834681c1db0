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

/** One is a copy of the other, made with something else than dbk. */
export function sameId(place: string): Problem {
  return {
    code: 'flow/same-id',
    severity: 'error',
    reason: `'${place}' has the id of this repository: one is a copy of the other`,
    hint: 'make the copy a repository of its own: run in it dbk init --copied',
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

/** The next commit records what the bits are, so a person should know. */
export function rootModeLeft(mode: number, code: string): Problem {
  const bits = mode.toString(8);
  const reason = `cannot set the permission bits of the repository's folder to ${bits}: ${code}`;
  return {
    code: 'flow/root-mode',
    severity: 'warning',
    place: { path: '.' },
    reason,
    hint: `set them: chmod ${bits} .`,
  };
}
