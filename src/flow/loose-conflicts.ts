/** Fields that are conflicts in what is written about a path, or below it, and of which no text in `conflicts/` speaks. */

import { join } from 'node:path/posix';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import { Interrupted } from '../model/problem.ts';
import { isDirectory, namesIn } from '../store/directories.ts';
import { isConflict } from '../text/field-conflict.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parseSidecar } from '../text/sidecar.ts';
import { indexOnDisk, type IndexOnDisk } from './index-on-disk.ts';
import type { OpenConflict } from './open-conflicts.ts';
import type { Repository } from './repository.ts';
import { sidecarPlace, subjectOf } from './sidecar-of.ts';

const SIDECAR = /^\$.*\.metadata$/;
/** No sidecar without this word has such a field. */
const WORD = 'conflict';

/** Reads every sidecar there is: to be asked for a path that a person named. Each has the id ''. */
export async function looseConflicts(
  repository: Repository,
  path: RepositoryPath,
  known: readonly OpenConflict[],
): Promise<OpenConflict[]> {
  const index = indexOnDisk(repository);
  const place = sidecarPlace(index, path);
  if (place === undefined) return [];
  const told = new Set(known.map(({ conflict }) => `${conflict.field} ${conflict.paths[0]}`));
  const found: OpenConflict[] = [];
  for (const text of place.kind === 'file' ? [place.text] : sidecarsBelow(repository, place.text)) {
    const subject = subjectOf(index, text);
    if (subject === undefined || subject.kind === 'person' || !isWithin(subject.path, path)) continue;
    for (const field of await fieldsOf(index, text)) {
      if (told.has(`${field} ${subject.path}`)) continue;
      const conflict = { kind: 'metadata', paths: [subject.path], ids: [], field, commits: [] } as const;
      found.push({ id: '', conflict });
    }
  }
  return found;
}

/** Below the folder of `tree/…/$.metadata`. */
function* sidecarsBelow({ context, layout }: Repository, sidecar: string): Generator<string> {
  const { disk } = context;
  const waiting = [sidecar.slice(0, sidecar.lastIndexOf('/'))];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (context.interrupted()) throw new Interrupted();
    if (!isDirectory(disk, join(layout.index, at))) continue;
    for (const name of namesIn(disk, join(layout.index, at)).sort()) {
      if (SIDECAR.test(name)) yield `${at}/${name}`;
      else if (isDirectory(disk, join(layout.index, at, name))) waiting.push(`${at}/${name}`);
    }
  }
}

/** What cannot be read is told by whoever records it. */
async function fieldsOf({ texts }: IndexOnDisk, path: string): Promise<string[]> {
  const bytes = texts.currentBytes(path);
  const text = bytes && Buffer.from(bytes).toString('utf8');
  if (text?.includes(WORD) !== true) return [];
  try {
    const { fields } = await parseByPeople(parseSidecar, text);
    return [...fields].flatMap(([field, value]) => (isConflict(value) ? [field] : []));
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return [];
  }
}
