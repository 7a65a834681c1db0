/** Whether what a person wrote into a text of `index/` can be read. */

import type { Problem } from '../model/problem.ts';
import { TextError } from '../text/problems.ts';
import { parseByPeople } from '../text/people.ts';
import { parsePolicy } from '../text/policy.ts';

/** The problem of a text, if it has one. */
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
