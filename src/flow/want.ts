/** What a repository wants to hold: which rules there are, and what others mean for what is here. */

import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { readRepositoryFile, writeRepositoryFile } from '../store/repository-file.ts';
import type { RepositoryRecord } from '../text/repository.ts';
import type { WantRule } from '../text/want.ts';
import { readConfig } from './config.ts';
import { exclusively } from './exclusively.ts';
import { allAbsent } from './open-held.ts';
import { openWanted, viewOnDisk, type WantedState } from './open-wanted.ts';
import type { Repository } from './repository.ts';
import { viewOfCommit } from './texts-view.ts';
import { asTold, type ToldLists } from './unwanted.ts';
import { filesBelow } from './wanted.ts';

export { ruleWords, parseRule } from './want-rule.ts';
export type { WantRule } from '../text/want.ts';

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

export interface WantSet {
  readonly rules: readonly WantRule[];
  /** Wanted, and not here yet. */
  readonly toFetch: Amount;
  /** Here, and not wanted; nothing of it goes. */
  readonly extra: Amount;
}

/** The rules, in order; none: everything is wanted. */
export async function wantOf(repository: Repository): Promise<readonly WantRule[]> {
  return (await recordOf(repository))?.want ?? [];
}

/** What there is to fetch by the rules of now, and what is here besides. */
export async function wantNow(repository: Repository): Promise<WantSet> {
  return setWant(repository, await wantOf(repository), true);
}

/** No file comes or goes by it: what is not wanted any more is `extra`, what is wanted now is absent until it is fetched. */
export async function setWant(
  repository: Repository,
  rules: readonly WantRule[],
  dryRun: boolean,
): Promise<WantSet> {
  return exclusively(repository, 'want', () => setWantAlone(repository, rules, dryRun));
}

/** The same within a command that holds the lock. */
export async function setWantAlone(
  repository: Repository,
  rules: readonly WantRule[],
  dryRun: boolean,
): Promise<WantSet> {
  const record = (await recordOf(repository))!;
  const { disk } = repository.context;
  const { holds, head } = standsAt(repository, record);
  if (holds === '') {
    if (!dryRun) writeRepositoryFile(disk, repository.layout, { ...record, want: rules });
    return { rules, toFetch: NOTHING, extra: NOTHING };
  }
  const { commits } = repository;
  const view = holds === commits.readHead() ? viewOnDisk(repository, holds) : viewOfCommit(commits, holds);
  const state = await openWanted(rules, view);
  const told = asTold(await allAbsent(repository, record, holds, view), state);
  if (!dryRun) writeRepositoryFile(disk, repository.layout, { ...record, ...told, holds, head, want: rules });
  return { rules, ...amountsOf(told, state) };
}

/** Of which commit the lists are: after a commit that was broken off, of that one. */
function standsAt(
  { commits }: Repository,
  record: RepositoryRecord,
): Pick<RepositoryRecord, 'holds' | 'head'> {
  const head = commits.readHead() ?? '';
  return record.head === head || record.head !== record.holds ? record : { holds: head, head };
}

const NOTHING: Amount = { files: 0, bytes: 0 };

async function recordOf(repository: Repository): Promise<RepositoryRecord | undefined> {
  const { name } = await readConfig(repository);
  return readRepositoryFile(repository.context.disk, repository.layout, name);
}

function amountsOf({ absent, extra }: ToldLists, { tree }: WantedState): Omit<WantSet, 'rules'> {
  const sum = (paths: Iterable<RepositoryPath>): Amount => {
    let [files, bytes] = [0, 0];
    for (const path of paths) {
      const entry = tree.manifest(parentOf(path))?.files.get(nameOf(path));
      files++;
      bytes += entry?.kind === 'file' ? entry.size : 0;
    }
    return { files, bytes };
  };
  const absentFiles = function* (): Generator<RepositoryPath> {
    for (const path of absent) {
      if (!path.endsWith('/')) yield path as RepositoryPath;
      else
        for (const [folder, name] of filesBelow(tree, path.slice(0, -1) as RepositoryPath))
          yield (folder === ROOT ? name : `${folder}/${name}`) as RepositoryPath;
    }
  };
  return { toFetch: sum(absentFiles()), extra: sum(extra.map(({ path }) => path)) };
}
