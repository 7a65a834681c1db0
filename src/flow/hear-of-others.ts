/** What another repository has heard of others, and says of itself, is known here too (invariant 3). */

import type { Problem } from '../model/problem.ts';
import { makeDirectories } from '../store/directories.ts';
import { readText, replaceFile } from '../store/files.ts';
import { recordPath } from '../store/repository-file.ts';
import type { Transport } from '../sync/transport.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parseRepository, type RepositoryRecord } from '../text/repository.ts';
import { readConfig } from './config.ts';
import type { Repository } from './repository.ts';
import * as say from './taking-problems.ts';

const LONGEST = 64 * 1024 * 1024;

/**
 * Takes the records that are newer there; never our own. A name that is another repository's here is told and left,
 * and so is a record that cannot be read.
 */
export async function hearOfOthers(
  repository: Repository,
  transport: Transport,
): Promise<readonly Problem[]> {
  const { context, layout } = repository;
  const own = await readConfig(repository);
  const problems: Problem[] = [];
  for (const [name, text] of await transport.records(LONGEST)) {
    const record = await read(text);
    if (record === undefined || record.name !== name) {
      problems.push(say.recordUnreadable(name, transport.place));
      continue;
    }
    if (name === own.name || record.id === own.id) {
      if (record.id !== own.id) problems.push(say.sameName(name, transport.place));
      continue;
    }
    const path = recordPath(layout, name);
    const known = await read(readText(context.disk, path, LONGEST));
    if (known !== undefined && known.id !== record.id) problems.push(say.sameName(name, transport.place));
    else if (known === undefined || known.serial < record.serial) {
      makeDirectories(context.disk, layout.repositories);
      replaceFile(context.disk, path, text, { durable: true });
    }
  }
  return problems;
}

async function read(text: string | undefined): Promise<RepositoryRecord | undefined> {
  try {
    return text === undefined ? undefined : await parseByPeople(parseRepository, text);
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}
