/**
 * Who stood on which side of a conflict, and which of the sides was this repository's. A merge is the same commit
 * everywhere and does not say; so what this machine did says it (`operations/`): the side on which the head was
 * before. Where it was on none, the side of which alone this repository made commits.
 */

import type { Commit, Move } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { Refusal } from '../model/problem.ts';
import { history, type CommitInHistory } from '../store/history.ts';
import { operations } from '../store/operations.ts';
import type { Repository } from './repository.ts';

export interface Side {
  /** The parent of the merge. */
  readonly commit: CommitId;
  /** Those that made commits on this side alone, the one that did so last first. */
  readonly repositories: readonly string[];
  /** undefined where it cannot be said of any side. */
  readonly isOurs: boolean | undefined;
}

export interface Merge {
  readonly id: CommitId;
  readonly commit: Commit;
  /** What moved since then, by the lines of one commit after the other, the newest first. */
  readonly since: readonly (readonly Move[])[];
}

export interface Sides {
  /** The newest merge here that the conflict may have come from. */
  readonly merge: Merge | undefined;
  /** In the order of `commits:` of the conflict. */
  readonly sides: readonly Side[];
}

/** More parents than this are no merge of people's. */
const MOST = 16;
/** What merges that nobody decided in are said to be by. */
const MERGE = 'merge';

/** Answers for one command. A history is read once for each parent. */
export class ConflictSides {
  private readonly repository: Repository;
  private readonly name: string;
  private readonly known = new Map<string, Sides>();
  private readonly behind = new Map<CommitId, ReadonlyMap<CommitId, string> | undefined>();
  private readonly merges: Merge[] = [];
  /** Of commits whose turn comes: what moved between them and head, on one way. */
  private readonly moved = new Map<CommitId, readonly (readonly Move[])[]>();
  private rest: Iterator<CommitInHistory> | undefined;
  private heads: readonly CommitId[] | undefined;

  /** `name` is what this repository is called. */
  constructor(repository: Repository, name: string) {
    this.repository = repository;
    this.name = name;
  }

  of(commits: readonly CommitId[]): Sides {
    const parents = [...new Set(commits)];
    const key = parents.join(' ');
    let sides = this.known.get(key);
    if (sides === undefined) this.known.set(key, (sides = this.find(parents)));
    return sides;
  }

  private find(parents: readonly CommitId[]): Sides {
    if (parents.length > MOST) return { merge: undefined, sides: [] };
    const own = this.ownCommits(parents);
    const ours = this.oursByHead(own) ?? this.oursByName(own);
    const sides = parents.map((commit, i) => ({
      commit,
      repositories: repositoriesOf(own[i]!),
      isOurs: ours === undefined ? undefined : i === ours,
    }));
    return { merge: this.mergeOf(new Set(parents)), sides };
  }

  /** Of each parent the commits that it alone came from, newest first, and who made them. */
  private ownCommits(parents: readonly CommitId[]): ReadonlyMap<CommitId, string>[] {
    const all = parents.map((parent) => this.ancestorsOf(parent));
    return all.map((ancestors, i) => {
      const others = all.filter((other, at) => at !== i && other !== undefined);
      return new Map([...(ancestors ?? [])].filter(([id]) => !others.some((other) => other!.has(id))));
    });
  }

  /** undefined where a commit on the way is not here. */
  private ancestorsOf(parent: CommitId): ReadonlyMap<CommitId, string> | undefined {
    if (!this.behind.has(parent)) {
      const { commits } = this.repository;
      const read = (): Map<CommitId, string> =>
        new Map(Array.from(history(commits, parent), ({ id, commit }) => [id, commit.repository]));
      this.behind.set(parent, hereOnly(read));
    }
    return this.behind.get(parent);
  }

  /** The newest operation that began at a commit of one side alone tells. */
  private oursByHead(own: readonly ReadonlyMap<CommitId, string>[]): number | undefined {
    this.heads ??= headsBefore(this.repository);
    for (const head of this.heads) {
      const side = own.findIndex((commits) => commits.has(head));
      if (side !== -1) return side;
    }
    return undefined;
  }

  private oursByName(own: readonly ReadonlyMap<CommitId, string>[]): number | undefined {
    const sides = own.flatMap((commits, i) => (repositoriesOf(commits).includes(this.name) ? [i] : []));
    return sides.length === 1 ? sides[0] : undefined;
  }

  private mergeOf(parents: ReadonlySet<CommitId>): Merge | undefined {
    const isIt = ({ commit }: Merge): boolean => commit.parents.every((each) => parents.has(each));
    const known = this.merges.find(isIt);
    if (known !== undefined) return known;
    return hereOnly(() => {
      const { commits } = this.repository;
      this.rest ??= history(commits, commits.readHead());
      for (;;) {
        const { value, done } = this.rest.next();
        if (done === true) return undefined;
        const since = this.movedTo(value);
        if (value.commit.parents.length < 2) continue;
        const merge = { ...value, since };
        this.merges.push(merge);
        if (isIt(merge)) return merge;
      }
    });
  }

  /** A history tells a commit after all that follow it: from one of these the way leads here. */
  private movedTo({ id, commit }: CommitInHistory): readonly (readonly Move[])[] {
    const since = this.moved.get(id) ?? [];
    this.moved.delete(id);
    for (const [i, parent] of commit.parents.entries()) {
      if (this.moved.has(parent)) continue;
      const lines = commit.moved.filter((line) => (line.parent ?? 1) === i + 1);
      this.moved.set(parent, lines.length === 0 ? since : [...since, lines]);
    }
    return since;
  }
}

/** The distinct ones, the first first, less the merges that nobody decided in. */
function repositoriesOf(commits: ReadonlyMap<CommitId, string>): string[] {
  return [...new Set(commits.values())].filter((name) => name !== MERGE);
}

function headsBefore({ context, layout }: Repository): CommitId[] {
  const heads = new Set<CommitId>();
  for (const { operation } of operations(context.disk, layout, () => undefined))
    if (operation.before !== '') heads.add(operation.before);
  return [...heads];
}

/** What came from elsewhere may name commits that are not here: then there is no answer. */
export function hereOnly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== 'damage') throw error;
    return undefined;
  }
}
