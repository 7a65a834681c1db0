/** Reads a text that people edit, and loads the YAML library only for what the line reader refuses. */

import { TextError } from './problems.ts';
import type { Reader } from './yaml-read.ts';

/** What `parse` (of config.ts, policy.ts, repository.ts, conflict.ts) gives for the text; throws its TextError. */
export async function parseByPeople<T>(
  parse: (text: string, people?: Reader) => T,
  text: string,
): Promise<T> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
  }
  const { readPeople } = await import('./yaml-people.ts');
  return parse(text, readPeople);
}
