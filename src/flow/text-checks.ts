/** Whether what a person wrote into the policy can be read; sidecars: sidecar-checks.ts. */

import type { Problem } from '../model/problem.ts';
import { TextError } from '../text/problems.ts';
import { parseByPeople } from '../text/people.ts';
import { parsePolicy } from '../text/policy.ts';

/** The problem of a text, if it has one; texts of which nothing is known here have none. */
export async function problemOfText(path: string, text: string): Promise<Problem | undefined> {
  if (path !== 'policy.yaml') return undefined;
  try {
    await parseByPeople(parsePolicy, text);
    return undefined;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return { ...error.problem, place: { ...error.problem.place, path } };
  }
}
