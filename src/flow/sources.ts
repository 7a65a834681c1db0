/** Where on this machine the bytes of a content may still be: the guard, and every path that is recorded with it. */

import { parseInstant } from '../model/instant.ts';
import type { ContentId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import { readConfig } from './config.ts';
import type { Guard } from '../store/guard.ts';
import { namesIn } from '../store/directories.ts';
import type { Plan } from '../sync/plan.ts';
import type { Source, WantedFile } from '../sync/stage.ts';
import { wrongAbove } from '../sync/stand.ts';
import type { KnownContents } from './known-contents.ts';
import { absolute, type Repository } from './repository.ts';

export class Sources {
  private readonly repository: Repository;
  private readonly guard: Guard;
  private readonly known: KnownContents;
  private readonly wanted: ReadonlySet<ContentId>;
  /** Where a file comes from that is to stand elsewhere. */
  private readonly origins: ReadonlyMap<RepositoryPath, RepositoryPath>;
  private recorded: ReadonlyMap<ContentId, readonly RepositoryPath[]> | undefined;

  constructor(
    repository: Repository,
    guard: Guard,
    known: KnownContents,
    plan: Plan,
    origins: ReadonlyMap<RepositoryPath, RepositoryPath>,
  ) {
    this.repository = repository;
    this.guard = guard;
    this.known = known;
    this.origins = origins;
    this.wanted = new Set(plan.actions.flatMap(({ after }) => (after.kind === 'file' ? [after.blake3] : [])));
  }

  /** The likeliest first; nothing is trusted before it was read. */
  *of(path: RepositoryPath, wanted: WantedFile): Generator<Source> {
    yield* this.near(path, wanted);
    yield* this.recordedWith(wanted);
  }

  /** What the guard has, at the price of a link, and where it is known to come from. */
  *near(path: RepositoryPath, { blake3, mtime }: WantedFile): Generator<Source> {
    const modified = parseInstant(mtime);
    const guarded = [...this.guard.find(blake3)].sort(
      (a, b) => Number(b.stats.mtimeNs === modified) - Number(a.stats.mtimeNs === modified),
    );
    for (const { path: place } of guarded) yield { path: place, isGuarded: true };
    const origin = this.origins.get(path);
    if (origin !== undefined) yield* this.at(origin);
  }

  /** Every path that is recorded with it: the first to be asked for costs reading all manifests. */
  *recordedWith({ blake3 }: WantedFile): Generator<Source> {
    this.recorded ??= this.known.recordedWith(this.wanted);
    for (const other of this.recorded.get(blake3) ?? []) yield* this.at(other);
  }

  /** A path behind a symlink is none of this repository's. */
  private *at(path: RepositoryPath): Generator<Source> {
    const { context, root } = this.repository;
    if (wrongAbove(context.disk, root, path) !== undefined) return;
    yield { path: absolute(this.repository, path), isGuarded: false };
  }
}

/** What to tell a person where nothing here has the bytes. */
export async function hintForElsewhere(repository: Repository): Promise<string> {
  const { name } = await readConfig(repository);
  const names = namesIn(repository.context.disk, repository.layout.repositories);
  const others = names.filter((file) => file.endsWith('.yaml') && file !== `${name}.yaml`).sort();
  const known = others.map((file) => `'${file.slice(0, -'.yaml'.length)}'`);
  const where = known.length === 0 ? 'on another disk' : `in ${known.slice(0, 3).join(', ')}`;
  return `look for it ${where}: a copy of this repository may still hold it`;
}
