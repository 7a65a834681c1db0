/** Random trees made into questions of a merge, with what literals cannot say: modes, entities, `.git`. */

import type { EntityReference, Entry, Manifest } from '../../src/model/manifest.ts';
import type { Moves } from '../../src/diff/move-lookup.ts';
import type { MergeQuestion } from '../../src/merge/state.ts';
import { type Name } from '../../src/model/name.ts';
import { ROOT, type RepositoryPath } from '../../src/model/path.ts';
import { randomMerge, randomOf } from './random-trees.ts';
import {
  sideOf,
  stateOf,
  stateOfManifests,
  type LiteralState,
  type Literal,
  type ThreeTrees,
} from './trees.ts';

/** The type of which an entity is one whole. */
export const WHOLE = 'whole';
const MODES = [0o644, 0o600, 0o755, 0o640];

export function randomQuestion(seed: number): MergeQuestion {
  const random = randomOf(seed ^ 0x5bd1e995);
  const trees = withGit(randomMerge(seed), random);
  const before = decorated(stateOf(trees.base), random, new Map());
  const entities = entitiesIn(before);
  const side = (tree: Literal, moved: NonNullable<ThreeTrees['moved']>['ours']) => {
    const plain = stateOf(tree);
    const { moves } = sideOf(before, plain, moved);
    const after = decorated(followed(before, plain, moves), random, carriedOn(entities, plain, moves));
    return sideOf(before, after, moved);
  };
  return {
    base: before,
    ours: side(trees.ours, trees.moved!.ours),
    theirs: side(trees.theirs, trees.moved!.theirs),
    wholeTypes: new Set([WHOLE]),
  };
}

/** Some folders are repositories of git. */
function withGit(trees: ThreeTrees, random: () => number): ThreeTrees {
  if (random() < 0.6) return trees;
  const renamed = (path: string): string =>
    path
      .split('/')
      .map((name) => (name === 'd' ? '.git' : name))
      .join('/');
  const all = (tree: Literal): Literal =>
    Object.fromEntries(Object.entries(tree).map(([path, content]) => [renamed(path), content]));
  const lines = (moved: NonNullable<ThreeTrees['moved']>['ours']) =>
    moved.map(({ from, to }) => ({ from: renamed(from), to: renamed(to) }));
  const { base, ours, theirs, moved } = trees;
  return {
    base: all(base),
    ours: all(ours),
    theirs: all(theirs),
    moved: { ours: lines(moved!.ours), theirs: lines(moved!.theirs) },
  };
}

/** What a thing was like in the base it is like on a side, until that changes it. */
function followed(before: LiteralState, after: LiteralState, moves: Moves): LiteralState {
  const all = new Map<RepositoryPath, Manifest>();
  for (const [path, manifest] of after.all) {
    const was = before.all.get(moves.folderInto(path) ?? path);
    const files = new Map<Name, Entry>();
    for (const [name, entry] of manifest.files) {
      const place = (path === ROOT ? name : `${path}/${name}`) as RepositoryPath;
      const from = moves.into(place)?.from.path ?? place;
      const old = before.all.get(from.slice(0, Math.max(0, from.lastIndexOf('/'))) as RepositoryPath);
      const oldEntry = old?.files.get(from.slice(from.lastIndexOf('/') + 1) as Name);
      const isFile = entry.kind === 'file' && oldEntry?.kind === 'file';
      files.set(name, isFile ? { ...entry, mode: oldEntry.mode } : entry);
    }
    all.set(path, { mode: was?.mode ?? manifest.mode, files });
  }
  return stateOfManifests(all);
}

/** A few modes are changed, and a few folders become entities; none is in another. */
function decorated(
  state: LiteralState,
  random: () => number,
  carried: ReadonlyMap<RepositoryPath, EntityReference>,
): LiteralState {
  const changedMode = (mode: number): number =>
    random() < 0.1 ? MODES[Math.floor(random() * MODES.length)]! : mode;
  const entities = new Map<RepositoryPath, EntityReference>();
  const isAlone = (path: RepositoryPath): boolean =>
    ![...entities.keys()].some((other) => path.startsWith(`${other}/`) || other.startsWith(`${path}/`));
  for (const [path, entity] of carried) if (isAlone(path)) entities.set(path, entity);
  for (const path of state.all.keys()) {
    const isNew = path !== ROOT && random() < 0.08;
    if (isNew && !entities.has(path) && isAlone(path)) entities.set(path, newEntity(random));
  }
  const all = new Map<RepositoryPath, Manifest>();
  for (const [path, manifest] of state.all) {
    const entity = entities.get(path);
    const files = new Map<Name, Entry>();
    for (const [name, entry] of manifest.files)
      files.set(name, entry.kind === 'file' ? { ...entry, mode: changedMode(entry.mode) } : entry);
    all.set(path, { mode: changedMode(manifest.mode), ...(entity && { entity }), files });
  }
  return stateOfManifests(all);
}

function newEntity(random: () => number): EntityReference {
  const id = Array.from({ length: 16 }, () => Math.floor(random() * 10)).join('');
  return { id, type: random() < 0.3 ? WHOLE : 'album' };
}

function entitiesIn(state: LiteralState): ReadonlyMap<RepositoryPath, EntityReference> {
  return new Map([...state.all].flatMap(([path, { entity }]) => (entity ? [[path, entity]] : [])));
}

/** Where the entities of the base are on a side. */
function carriedOn(
  entities: ReadonlyMap<RepositoryPath, EntityReference>,
  after: LiteralState,
  moves: Moves,
): ReadonlyMap<RepositoryPath, EntityReference> {
  const found = new Map<RepositoryPath, EntityReference>();
  for (const [path, entity] of entities) {
    const to = moves.folderOutOf(path) ?? path;
    const isThere = after.all.has(to) && (to === path || moves.folderInto(to) === path);
    if (isThere) found.set(to, entity);
  }
  return found;
}
