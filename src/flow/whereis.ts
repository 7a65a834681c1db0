/** Which repositories hold a content, by what is known here of each. */

import type { ContentId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Reach } from '../text/repository.ts';
import { readConfig } from './config.ts';
import { placesAt } from './contents-at.ts';
import { holdingsOf, type Holding } from './holdings.ts';
import { list } from './ls.ts';
import type { Repository } from './repository.ts';

export type { Reach };

/** A path, with all below it, or a content. */
export type Sought =
  | { readonly kind: 'path'; readonly path: RepositoryPath }
  | { readonly kind: 'content'; readonly blake3: ContentId };

export interface Copy {
  readonly repository: string;
  readonly isOurs: boolean;
  /** Where it stands there. */
  readonly path: RepositoryPath;
  /** When contents there were last read and found good. */
  readonly verified: Instant | undefined;
  /** The date of the commit by which that is known, as the commit says it. */
  readonly asOf: string | undefined;
  readonly reach: readonly Reach[];
  /** `none`: it is no copy for anybody. */
  readonly trust: 'full' | 'none';
}

export interface Whereabouts {
  readonly blake3: ContentId;
  /** Where head has it, of what was asked for. */
  readonly paths: readonly RepositoryPath[];
  /** In bytes; undefined of a content that head does not have. */
  readonly size: number | undefined;
  /** This repository's first, then by name and path. */
  readonly copies: readonly Copy[];
}

export interface WhereisResult {
  /** Of each operand what it is, in the order of paths. */
  readonly found: readonly { readonly sought: Sought; readonly contents: readonly Whereabouts[] }[];
  readonly problems: readonly Problem[];
}

/** Looks at no file of the person's and asks nobody. Refuses ('failed') a path that is not recorded. */
export async function whereis(repository: Repository, sought: readonly Sought[]): Promise<WhereisResult> {
  const asked = sought.map((each) => ({ sought: each, contents: contentsOf(repository, each) }));
  const wanted = new Set(asked.flatMap(({ contents }) => [...contents.keys()]));
  const { name } = await readConfig(repository);
  const { all, problems } = await holdingsOf(repository, wanted);
  const ordered = [...all].sort((a, b) => Number(b.record.name === name) - Number(a.record.name === name));
  const dates = new Map(all.map(({ at }) => [at, at && repository.commits.readCommit(at).date]));
  const found = asked.map(({ sought: each, contents }) => ({
    sought: each,
    contents: [...contents].map(([blake3, { paths, size }]) => ({
      blake3,
      paths,
      size,
      copies: ordered.flatMap((holding) => copiesIn(holding, blake3, name, dates.get(holding.at))),
    })),
  }));
  return { found, problems };
}

function copiesIn(
  { record, places }: Holding,
  blake3: ContentId,
  own: string,
  asOf: string | undefined,
): Copy[] {
  const { name, verified, reach, trust } = record;
  const copy = { repository: name, isOurs: name === own, verified, asOf, reach, trust };
  return [...(places.get(blake3) ?? [])].sort().map((path) => ({ ...copy, path }));
}

type Contents = Map<ContentId, { readonly paths: RepositoryPath[]; size: number | undefined }>;

function contentsOf(repository: Repository, sought: Sought): Contents {
  const found: Contents = new Map();
  const head = repository.commits.readHead();
  if (sought.kind === 'content') {
    const { blake3 } = sought;
    const places = head && placesAt(repository.commits, head, new Set([blake3]));
    return found.set(blake3, { paths: (places && places.get(blake3)) ?? [], size: undefined });
  }
  for (const { path, entry } of list(repository, { path: sought.path, at: head, recursive: true })) {
    if (entry.kind !== 'file' || entry.blake3 === undefined) continue;
    const known = found.get(entry.blake3);
    if (known === undefined) found.set(entry.blake3, { paths: [path], size: entry.size });
    else known.paths.push(path);
  }
  return found;
}
