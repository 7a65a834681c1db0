/** What the commands of the family `people` have in common: how they say who somebody is and what they did. */

import { shortId, type CommitId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import type { Person } from '../../flow/people.ts';
import type { ExitCode } from '../exit.ts';
import { lineOf, type JsonMap } from '../json.ts';
import { padEnd, widthOf } from '../layout.ts';
import { shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';

export interface PersonShown {
  readonly handle: string;
  readonly name: string;
  readonly also?: readonly string[];
}

/** `anna-lind  Anna Berg (Anna Lind, Annie)`, in columns as wide as the longest handle. */
export function personLine(work: Work, width: number, { handle, name, also = [] }: PersonShown): string {
  const others = also.length === 0 ? '' : work.palette.quiet(` (${also.map(shownText).join(', ')})`);
  return `${padEnd(shownText(handle), width)}  ${shownText(name)}${others}`;
}

export function widthOfHandles(people: Iterable<PersonShown>): number {
  return Math.max(0, ...Array.from(people, ({ handle }) => widthOf(shownText(handle))));
}

export function personJson(
  { handle, name, path, id, also, was }: Pick<Person, 'handle' | 'name' | 'path'> & Partial<Person>,
  more: JsonMap = {},
): string {
  return lineOf('person', {
    handle,
    id,
    name,
    also,
    was: was === undefined || was.length === 0 ? undefined : was,
    text: `.dbk/index/${path}`,
    ...more,
  });
}

interface Done {
  readonly commit: CommitId | undefined;
  readonly problems: readonly Problem[];
}

/** Says what was done, or would be; in JSON the people, then the summary. */
export async function tellPeople(
  work: Work,
  { commit, problems }: Done,
  words: readonly string[],
  json: readonly string[],
  summary: JsonMap,
): Promise<ExitCode> {
  if (work.isJson) for (const line of json) work.stdout.write(`${line}\n`);
  else {
    const made = commit === undefined ? [] : [`commit ${shortId(commit)}`];
    await work.print([...made, ...(work.isQuiet && commit !== undefined ? [] : words)]);
  }
  work.report(problems);
  work.summary({ commit, ...summary });
  return exitAfter(problems);
}
