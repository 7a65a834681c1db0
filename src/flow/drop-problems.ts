/** The words for what keeps a file from being dropped. */

import type { Problem } from '../model/problem.ts';

function problem(word: string, path: string, reason: string, hint: string): Problem {
  return { code: `drop/${word}`, severity: 'error', place: { path }, reason, hint };
}

export function notAsRecorded(path: string): Problem {
  return problem('changed', path, `'${path}' is not as it is recorded`, 'record it first with: dbk commit');
}

export function wanted(path: string): Problem {
  const reason = `'${path}' is wanted here, and would come again with the next pull`;
  return problem('wanted', path, reason, 'say that it is not wanted here from now on with: --unwant');
}

export function wantedAsPart(path: string): Problem {
  const reason = `'${path}' belongs to an object of which other files are wanted here`;
  return problem('wanted-whole', path, reason, 'drop that object, or see the rules with: dbk want');
}

export function oddRule(path: string): Problem {
  const reason = `cannot make a rule of '${path}' alone: in a rule '*', '?' and '[' stand for other names`;
  return problem('odd-rule', path, reason, 'say what is wanted here with: dbk want');
}

/** `seen` of the `needed` others. */
export function tooFew(path: string, seen: number, needed: number): Problem {
  const others = needed === 1 ? 'no other repository is' : `only ${seen} of ${needed} other repositories are`;
  const reason = `${others} seen to hold '${path}' now, on another volume`;
  return problem(
    'no-copy',
    path,
    reason,
    'bring it to another one with: dbk push, and let that be reachable',
  );
}

export function sameVolume(place: string): Problem {
  return {
    code: 'drop/same-volume',
    severity: 'warning',
    place: { path: place },
    reason: `'${place}' is on the same volume as this repository, and does not count as another copy`,
  };
}

export function notTrusted(place: string): Problem {
  return {
    code: 'drop/not-trusted',
    severity: 'warning',
    place: { path: place },
    reason: `'${place}' says of itself that it is no copy for anybody`,
  };
}
