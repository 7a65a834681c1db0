/** What each side of a conflict has: where its version stands, that it is gone, or the value of a field. */

import { digest } from '../disk/blake3.ts';
import { idOf } from '../merge/versions.ts';
import type { Move } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Value } from '../model/value.ts';
import type { Commits } from '../store/commits.ts';
import type { Conflict } from '../text/conflict.ts';
import { isConflict, type FieldConflict } from '../text/field-conflict.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parseSidecar } from '../text/sidecar.ts';
import { isOfWholes, WholesAt } from './conflict-wholes.ts';
import type { ConflictSides, Side, Sides } from './conflict-sides.ts';
import type { IndexOnDisk } from './index-on-disk.ts';
import type { OpenConflict } from './open-conflicts.ts';
import { sidecarPlace } from './sidecar-of.ts';
import { TreesAt } from './trees-at.ts';

/** One of the versions between which a person chooses. */
export interface Version {
  /** Whose it is, the one that changed something last first; empty where that is not known. */
  readonly repositories: readonly string[];
  /** Whether it is this repository's; undefined where that cannot be told. */
  readonly isOurs: boolean | undefined;
  readonly has: Has;
}

export type Has =
  /** A path of the conflict: where the content stands now, or where this side had put the thing. */
  | { readonly kind: 'at'; readonly path: RepositoryPath }
  /** This side deleted it. */
  | { readonly kind: 'gone' }
  /** The value of a field; undefined: this side took the field away. */
  | { readonly kind: 'value'; readonly label: string; readonly value: Value | undefined }
  /** The text that gave way, or the one that stands. */
  | { readonly kind: 'text'; readonly isKept: boolean }
  | { readonly kind: 'unknown' };

const UNKNOWN: Has = { kind: 'unknown' };

/** Answers for one command; `load` first what is to be asked for. */
export class ConflictVersions {
  private readonly index: IndexOnDisk;
  private readonly sides: ConflictSides;
  private readonly trees: TreesAt;
  private readonly wholes: WholesAt;
  private readonly commits: Commits;

  constructor(index: IndexOnDisk, sides: ConflictSides) {
    this.index = index;
    this.sides = sides;
    this.commits = index.repository.commits;
    this.trees = new TreesAt(this.commits);
    this.wholes = new WholesAt(index.repository);
  }

  /** Reads what many conflicts need of each commit at once. */
  load(conflicts: readonly OpenConflict[]): void {
    const wanted = new Map<CommitId, Set<RepositoryPath>>();
    for (const { conflict } of conflicts) {
      if (conflict.kind === 'metadata' || conflict.kind === 'entity') continue;
      if (isOfWholes(conflict)) continue;
      const sides = this.sides.of(conflict.commits);
      for (const { commit } of sides.sides) {
        const paths = wanted.get(commit) ?? new Set();
        wanted.set(commit, paths);
        for (const path of candidates(conflict, sides, commit)) paths.add(path);
      }
    }
    for (const [commit, paths] of wanted) this.trees.load(commit, paths);
  }

  async of({ conflict }: OpenConflict): Promise<readonly Version[]> {
    const sides = this.sides.of(conflict.commits);
    if (conflict.kind === 'metadata') return this.ofMetadata(conflict, sides);
    return sides.sides.map((side) => ({ ...sideOf(side), has: this.hasOf(conflict, sides, side.commit) }));
  }

  /** What stands in a field now, where that is a conflict. */
  async field({ paths, field }: Conflict): Promise<FieldConflict | undefined> {
    const text = paths[0] === undefined ? undefined : this.sidecarText(paths[0])?.text;
    if (text === undefined || field === '') return undefined;
    try {
      const value = (await parseByPeople(parseSidecar, text)).fields.get(field);
      return isConflict(value) ? value : undefined;
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      return undefined;
    }
  }

  private hasOf(conflict: Conflict, sides: Sides, commit: CommitId): Has {
    if (isOfWholes(conflict)) return this.hasOfWholes(conflict, sides, commit);
    const there = candidates(conflict, sides, commit).filter((path) => this.trees.has(commit, path));
    switch (conflict.kind) {
      case 'content': {
        const ids = there
          .flatMap((path) => this.trees.file(commit, path) ?? [])
          .map((entry) => idOf(entry, digest));
        const at = conflict.ids.findIndex((id) => ids.includes(id));
        const path = conflict.paths[at];
        return path === undefined ? UNKNOWN : { kind: 'at', path };
      }
      case 'delete':
        if (!this.trees.isKnown(commit)) return UNKNOWN;
        return there.length === 0 ? { kind: 'gone' } : { kind: 'at', path: conflict.paths[0]! };
      case 'rename':
      case 'directory': {
        const own = conflict.paths.filter((path) => this.trees.has(commit, placeThen(sides, path)));
        return own.length === 1 ? { kind: 'at', path: own[0]! } : UNKNOWN;
      }
      case 'entity':
      case 'metadata':
        return UNKNOWN;
    }
  }

  /** Told by their ids; what has none is what stands at the first path. */
  private hasOfWholes(conflict: Conflict, sides: Sides, commit: CommitId): Has {
    const { paths, ids } = conflict;
    const found = this.wholes.at(commit, candidates(conflict, sides, commit));
    if (found === undefined || found.length === 0) return UNKNOWN;
    const at = ids.findIndex((id) => found.includes(id));
    const first = paths.length - ids.length;
    const path = at === -1 ? first === 1 && paths[0] : paths[first + at];
    return path ? { kind: 'at', path } : UNKNOWN;
  }

  private async ofMetadata(conflict: Conflict, sides: Sides): Promise<readonly Version[]> {
    const field = await this.field(conflict);
    if (field !== undefined) {
      const isKnown = sides.sides.some(({ isOurs }) => isOurs === true);
      return [...field.values].map(([label, value]) => {
        const name = label.replace(/#.*$/, '');
        const side = sides.sides.find(({ repositories }) => repositories.includes(name));
        const isOurs = isKnown ? side?.isOurs === true : undefined;
        return { repositories: [name], isOurs, has: { kind: 'value', label, value } };
      });
    }
    if (conflict.field !== '' || conflict.kept === undefined || conflict.paths.length === 0) return [];
    const place = this.sidecarText(conflict.paths[0]!)?.path;
    return sides.sides.map((side) => {
      const text = place && this.trees.text(side.commit, place);
      const isOther = sides.sides.some(
        ({ commit }) => commit !== side.commit && place && this.trees.text(commit, place) === conflict.kept,
      );
      const isKept = text !== undefined && text === conflict.kept;
      return { ...sideOf(side), has: isKept || isOther ? { kind: 'text', isKept } : UNKNOWN };
    });
  }

  private sidecarText(path: RepositoryPath): { readonly path: string; readonly text: string } | undefined {
    const place = sidecarPlace(this.index, path);
    const bytes = place && this.index.texts.currentBytes(place.text);
    return bytes && { path: place.text, text: Buffer.from(bytes).toString('utf8') };
  }
}

function sideOf({ repositories, isOurs }: Side): Omit<Version, 'has'> {
  return { repositories, isOurs };
}

/** Where things of a conflict may have been on a side: where they are, and where the merge says that they came from. */
function candidates({ paths }: Conflict, sides: Sides, side: CommitId): RepositoryPath[] {
  return [...new Set(paths.flatMap((path) => [placeThen(sides, path), originIn(sides, side, path)]))];
}

/** Where a path of now was on a side, as the merge and all that came after it say. */
export function originIn({ merge }: Sides, side: CommitId, path: RepositoryPath): RepositoryPath {
  if (merge === undefined) return path;
  const parent = merge.commit.parents.indexOf(side) + 1;
  const lines = merge.commit.moved.filter((line) => (line.parent ?? 1) === parent);
  return [...merge.since, lines].reduce((at, moved) => originOf(moved, at), path);
}

/** Where a path of now was when the merge was made. */
function placeThen({ merge }: Sides, path: RepositoryPath): RepositoryPath {
  return (merge?.since ?? []).reduce((at, moved) => originOf(moved, at), path);
}

/** Where a path was before lines, by the longest one that speaks of it; itself where none does. */
function originOf(lines: readonly Move[], path: RepositoryPath): RepositoryPath {
  let best: Move | undefined;
  for (const line of lines) {
    const speaks = line.to === path || (line.to.endsWith('/') && `${path}/`.startsWith(line.to));
    if (speaks && line.to.length >= (best?.to.length ?? 0)) best = line;
  }
  if (best === undefined) return path;
  const from = best.from + path.slice(best.to.length);
  return (from.endsWith('/') ? from.slice(0, -1) : from) as RepositoryPath;
}
