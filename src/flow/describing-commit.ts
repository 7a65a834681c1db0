/** What of a commit is to be described: the entities it touches and the contents that are new with it. */

import type { Moves } from '../diff/move-lookup.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Typed } from './begin-entities.ts';
import type { Edits } from './edits.ts';
import { keepEntities } from './entities.ts';
import { EntityList } from './entity-list.ts';
import { FreshContents } from './fresh-contents.ts';
import type { Look } from './look.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import { POLICY } from './policy.ts';
import type { Settled } from './settle.ts';
import { writeDescribed, type Described, type Writing } from './write-described.ts';

export class DescribingCommit {
  private readonly look: Look;
  private readonly typed: Typed;
  private readonly entities: EntityList;
  private readonly fresh: FreshContents;
  private readonly touched = new Set<RepositoryPath>();

  constructor(look: Look, typed: Typed, moves: Moves) {
    this.look = look;
    this.typed = typed;
    this.entities = new EntityList(typed.entities);
    this.fresh = new FreshContents(typed, moves);
  }

  /** Takes a folder as it is recorded; it comes again where a second commit finishes it. */
  settle(settled: Settled, { isFirst, isChanged }: { isFirst: boolean; isChanged: boolean }): void {
    this.entities.settle(settled);
    if (isFirst) this.fresh.take(settled);
    if (isChanged) this.touched.add(settled.path);
  }

  /** Reads and records it, in commits behind the contents' own. */
  async write(
    about: { readonly mirror: MirrorAfter; readonly edits: Edits; readonly tell: (problem: Problem) => void },
    writing: Pick<Writing, 'config' | 'ids' | 'parent'>,
  ): Promise<Described> {
    const { mirror, edits, tell } = about;
    const { repository, texts, mirror: before } = this.look;
    const entities = this.entities.all;
    const question = {
      ...{ repository, entities, mirror, tell, types: this.typed.types, touched: this.touched },
      fresh: this.fresh.byFolder,
      wasRecorded: (folder: RepositoryPath) => before.of(folder) !== undefined,
      isPolicyNew: edits.changes.some(({ path }) => path === POLICY),
    };
    const described = await writeDescribed(question, { ...writing, command: 'commit', texts });
    keepEntities(repository, described.commits.at(-1) ?? writing.parent, entities);
    return described;
  }
}
