/** What the repositories that are known here hold, by what each last said of itself: offline ones too. */

import { namesIn } from '../store/directories.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import { repositoryOfRecord } from '../model/repository-name.ts';
import { shortId, type CommitId, type ContentId } from '../model/id.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import type { RepositoryRecord } from '../text/repository.ts';
import { hereOnly } from './conflict-sides.ts';
import { placesAt, type Places } from './contents-at.ts';
import { isBelow, type Held } from './held.ts';
import { heldOfRecord } from './open-held.ts';
import type { Repository } from './repository.ts';

/** Contents that are asked for, and where one repository has each. */
export interface Holding {
  readonly record: RepositoryRecord;
  /** The commit by which that is known; undefined: it has none yet. */
  readonly at: CommitId | undefined;
  readonly places: Places;
}

export interface Holdings {
  /** By the names of the repositories. */
  readonly all: readonly Holding[];
  readonly problems: readonly Problem[];
}

/** Reads only records and commits. What cannot be known is told and left out. */
export async function holdingsOf(repository: Repository, wanted: ReadonlySet<ContentId>): Promise<Holdings> {
  const all: Holding[] = [];
  const problems: Problem[] = [];
  const known = new Map<CommitId, Places | undefined>();
  const recorded = (at: CommitId): Places | undefined => {
    if (!known.has(at))
      known.set(
        at,
        hereOnly(() => placesAt(repository.commits, at, wanted)),
      );
    return known.get(at);
  };
  for (const name of recordNames(repository)) {
    try {
      const record = readRepositoryFile(repository.context.disk, repository.layout, name);
      if (record === undefined) continue;
      const at = record.head === '' ? undefined : record.head;
      const places = at === undefined ? new Map() : recorded(at);
      if (places === undefined) problems.push(unknownHolding(name, at!));
      else all.push({ record, at, places: await placesIn(repository, record, places, wanted) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(error.problem);
    }
  }
  return { all, problems };
}

function unknownHolding(name: string, commit: CommitId): Problem {
  return {
    code: 'flow/unknown-holding',
    severity: 'warning',
    place: { path: `.dbk/repositories/${name}.yaml` },
    reason: `cannot tell what '${name}' holds: it is at commit ${shortId(commit)}, which is not here`,
    hint: `fetch it with: dbk fetch ${name}`,
  };
}

function recordNames({ context, layout }: Repository): string[] {
  const files: readonly string[] = namesIn(context.disk, layout.repositories);
  return files.flatMap((file) => repositoryOfRecord(file) ?? []).sort();
}

/** What its commit has, less what is not there, and what is there besides. */
async function placesIn(
  repository: Repository,
  record: RepositoryRecord,
  recorded: Places,
  wanted: ReadonlySet<ContentId>,
): Promise<Places> {
  const held = await heldOfRecord(repository, record, record.head === '' ? undefined : record.head);
  const missing = new Missing(record.missing);
  const found: Places = new Map();
  const add = (blake3: ContentId, path: RepositoryPath): void => {
    const paths = found.get(blake3) ?? [];
    if (!paths.includes(path)) found.set(blake3, [...paths, path]);
  };
  for (const [blake3, paths] of recorded)
    for (const path of paths) if (!missing.has(path) && stands(held, path)) add(blake3, path);
  for (const one of record.older)
    if (one.kind === 'file' && wanted.has(one.blake3)) add(one.blake3, one.path);
  for (const one of record.extra)
    if ('blake3' in one && wanted.has(one.blake3) && !missing.has(one.path)) add(one.blake3, one.path);
  return found;
}

/** Whether what the commit has at a path is there. */
function stands(held: Held, path: RepositoryPath): boolean {
  return held.standing(parentOf(path), nameOf(path)) === undefined;
}

class Missing {
  private readonly files: ReadonlySet<string>;
  private readonly folders: ReadonlySet<RepositoryPath>;

  constructor(lines: readonly string[]) {
    this.files = new Set(lines);
    const folders = lines.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1));
    this.folders = new Set(folders as RepositoryPath[]);
  }

  has(path: RepositoryPath): boolean {
    return this.files.has(path) || isBelow(parentOf(path), this.folders);
  }
}
