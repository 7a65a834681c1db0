/** What the commands of the family `entity` have in common: what they take and how they say what they did. */

import type { Entities } from '../../flow/entities.ts';
import type { Typed } from '../../flow/entity-target.ts';
import type { Repository } from '../../flow/repository.ts';
import { shortId, type CommitId } from '../../model/id.ts';
import type { EntityReference } from '../../model/manifest.ts';
import type { Problem } from '../../model/problem.ts';
import { DRY_RUN, type Option } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { pathLine, type JsonMap } from '../json.ts';
import { padEnd, widthOf } from '../layout.ts';
import { placeOf } from '../operands.ts';
import { shownCount, shownSize } from '../quantities.ts';
import { shownPath, shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import { standing } from './paths.ts';

/** Of every command that makes a commit about entities. */
export const ENTITY_OPTIONS: readonly Option[] = [
  {
    name: 'message',
    short: 'm',
    type: 'text',
    summary: 'the message of the commit, in place of a sentence about it; a second one is a new paragraph',
  },
  DRY_RUN,
];

export interface Asked {
  readonly message: string | undefined;
  readonly dryRun: boolean;
}

export function askedOf({ given }: Work): Asked {
  const message = given.texts('message').join('\n\n').trim();
  return { message: message === '' ? undefined : message, dryRun: given.flag('dry-run') };
}

/** A path or an id, as it was typed. */
export function typedEntity(work: Work, repository: Repository, typed: string): Typed {
  const path = placeOf(repository, work.directory, typed);
  return { typed, path, isThere: standing(repository, work.directory, typed) };
}

export interface Details {
  readonly files: number;
  readonly bytes: number;
}

type Listed = EntityReference & { readonly kind: 'directory' | 'file' };

export function shownEntity(path: string, kind: Listed['kind']): string {
  return shownPath(path, kind === 'directory' ? kind : 'other');
}

/** `ID  music  Music/Rock/Radiohead/OK Computer/`, in columns as wide as the longest type. */
export function entityLine(
  work: Work,
  width: number,
  path: string,
  { id, type, kind }: Listed,
  details?: Details,
): string {
  const shown = shownEntity(path, kind);
  const size =
    details === undefined
      ? ''
      : `${shownCount(details.files).padStart(7)}  ${shownSize(details.bytes).padStart(7)}  `;
  return `${work.palette.quiet(id)}  ${padEnd(shownText(type), width)}  ${size}${shown}`;
}

/** Of the types that are shown. */
export function widthOfTypes(entities: Entities): number {
  const types = new Set<string>();
  for (const { type } of entities.values()) types.add(type);
  return Math.max(0, ...Array.from(types, (type) => widthOf(shownText(type))));
}

export function entityJson(path: string, { id, type, kind, from, was }: Listed, more: JsonMap = {}): string {
  return pathLine('entity', path, { id, kind: type, what: kind, from, was, ...more });
}

interface Done {
  readonly commit: CommitId | undefined;
  readonly problems: readonly Problem[];
}

/** Says what was done, or would be; in JSON the entities, then the summary. */
export async function tellDone(
  work: Work,
  { commit, problems }: Done,
  words: Iterable<string>,
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
