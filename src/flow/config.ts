/** What one repository's config says, and what follows from it for a commit. */

import { TextError } from '../text/problems.ts';
import { parseConfig, type Config } from '../text/config.ts';
import { parseByPeople } from '../text/people.ts';
import { Refusal, refuse } from '../model/problem.ts';
import { readText } from '../store/files.ts';
import type { Clock } from './context.ts';
import type { Repository } from './repository.ts';

const LONGEST = 1024 * 1024;

export async function readConfig({ context, layout }: Repository): Promise<Config> {
  const text = readText(context.disk, layout.config, LONGEST);
  if (text === undefined) {
    refuse('failed', 'flow/no-config', `cannot read '${layout.config}': there is no such file`, {
      hint: "write it with the lines 'dbk: config 1', 'name: …' and 'id: …' as in .dbk/repositories",
    });
  }
  try {
    return await parseByPeople(parseConfig, text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const place = { ...error.problem.place, path: layout.config };
    throw new Refusal('failed', {
      ...error.problem,
      place,
      reason: `cannot read the settings: ${error.problem.reason}`,
      hint: error.problem.hint ?? 'correct .dbk/config.yaml',
    });
  }
}

/** Who a commit is by: the repository's own setting, else the person's. */
export function authorOf({ context }: Repository, config: Config): string {
  return config.author ?? context.identity.author;
}

/** `2026-11-22T19:20:11+01:00`. */
export function localDate(clock: Clock): string {
  const now = clock.now();
  const offset = clock.offset(now);
  const local = new Date(now + offset * 60_000).toISOString().slice(0, 19);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const distance = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${two(distance / 60)}:${two(distance % 60)}`;
}
