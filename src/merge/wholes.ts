/**
 * Directories that are one whole: every `.git`, and the entities of types that say so. Changed on both sides, both
 * are kept, each complete under a name of its own; half of one and half of the other would be neither.
 */

import type { Manifest } from '../model/manifest.ts';
import type { ContentId, Digest } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { childOf, componentsOf, isWithin, ROOT, type RepositoryPath } from '../model/path.ts';
import { contentOf } from './entries.ts';
import { folderBehind, folderFinder, type Thing } from './objects.ts';
import { SIDES, type MergeQuestion, type SideName, type State } from './state.ts';

const GIT = '.git';

/** A whole that a side changed. */
export interface Whole {
  readonly thing: Thing<Manifest>;
  /** What the folder holds on each side, names and bytes; undefined: it is not there. */
  readonly ids: Readonly<Record<SideName, ContentId | undefined>>;
  readonly was: ContentId | undefined;
}

type Root = 'base' | SideName;

/** The wholes in which something changed, none in another one. */
export function wholesOf(question: MergeQuestion, digest: Digest): Whole[] {
  const roots = rootThings(question);
  const found = roots.flatMap((thing) => outsideOf([thing], roots, isBelow));
  const idOf = (state: State, at: { readonly path: RepositoryPath } | undefined): ContentId | undefined =>
    at && wholeId(state, at.path, digest);
  return found.map((thing) => ({
    thing,
    was: idOf(question.base, thing.base),
    ids: {
      ours: idOf(question.ours.after, thing.ours),
      theirs: idOf(question.theirs.after, thing.theirs),
    },
  }));
}

/** What is below a folder on one side: its directories, each with its path relative to the folder. */
export function* directoriesBelow(
  state: State,
  root: RepositoryPath,
): Generator<{ readonly below: string; readonly path: RepositoryPath; readonly manifest: Manifest }> {
  const waiting: RepositoryPath[] = [root];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const manifest = state.manifest(path);
    if (manifest === undefined) continue;
    yield { below: path.slice(root.length), path, manifest };
    for (const name of state.folders(path)) waiting.push(childOf(path, name));
  }
}

/** What is left of things when all is taken away that is in one of these folders. */
export function outsideOf<T>(
  things: readonly Thing<T>[],
  wholes: readonly Thing<Manifest>[],
  isIn: typeof isWithin = isWithin,
): Thing<T>[] {
  if (wholes.length === 0) return [...things];
  const isInside = (state: Root, at: { readonly path: RepositoryPath } | undefined): boolean =>
    at !== undefined &&
    wholes.some((thing) => thing[state] !== undefined && isIn(at.path, thing[state].path));
  return things.flatMap((thing) => {
    const { base, ours, theirs } = thing;
    const left = {
      ...(ours && !isInside('ours', ours) && { ours }),
      ...(theirs && !isInside('theirs', theirs) && { theirs }),
    };
    if (left.ours === undefined && left.theirs === undefined) return [];
    // What both sides took out of a whole is still one thing; what one of them did is only there.
    const isKnown = (left.ours && left.theirs) || !isInside('base', base);
    return [{ ...(base && isKnown && { base }), ...left }];
  });
}

function isBelow(path: RepositoryPath, directory: RepositoryPath): boolean {
  return path !== directory && isWithin(path, directory);
}

/** What of a thing is in one whole. */
export function insideOf<T>({ base, ours, theirs }: Thing<T>, whole: Thing<Manifest>): Thing<T> {
  const isInside = (state: Root, path: RepositoryPath): boolean =>
    whole[state] !== undefined && isWithin(path, whole[state].path);
  return {
    ...(base && isInside('base', base.path) && { base }),
    ...(ours && isInside('ours', ours.path) && { ours }),
    ...(theirs && isInside('theirs', theirs.path) && { theirs }),
  };
}

/** Whether a path is in a whole in any state. */
export function isInWhole({ base, ours, theirs, wholeTypes }: MergeQuestion, path: RepositoryPath): boolean {
  const states = [base, ours.after, theirs.after];
  return states.some((state) => wholeAround(state, path, wholeTypes) !== undefined);
}

/** The outermost whole that a path is or is in. */
export function wholeAround(
  state: State,
  path: RepositoryPath,
  wholeTypes: ReadonlySet<string>,
): RepositoryPath | undefined {
  if (wholeTypes.size === 0 && !path.includes(GIT)) return undefined;
  let at = ROOT;
  for (const name of componentsOf(path)) {
    at = childOf(at, name);
    if (name === GIT) return at;
    const type = wholeTypes.size === 0 ? undefined : state.manifest(at)?.entity?.type;
    if (type !== undefined && wholeTypes.has(type)) return at;
  }
  return undefined;
}

/** The folders that are the root of a whole in a state. */
function rootThings(question: MergeQuestion): Thing<Manifest>[] {
  const roots = rootsOf(question);
  if (roots.base.size === 0 && roots.ours.size === 0 && roots.theirs.size === 0) return [];
  const folder = folderFinder(question);
  const things = [...roots.base].map(folder);
  const known = (side: SideName, path: RepositoryPath): boolean =>
    things.some((thing) => thing[side]?.path === path);
  const fresh = new Set([...roots.ours, ...roots.theirs]);
  for (const path of fresh) {
    // On a side it may be what another folder of the base became, or new.
    const found = SIDES.filter((side) => roots[side].has(path) && !known(side, path));
    for (const side of found) {
      const from = folderBehind(question.base, question[side], path) ?? path;
      if (question.base.manifest(from) !== undefined && !things.some((it) => it.base?.path === from))
        things.push(folder(from));
    }
    const left = found.filter((side) => !known(side, path));
    if (left.length > 0) things.push(freshOf(question, path, known));
  }
  return things;
}

/** A folder that the base has not; the other side may have one at the same path, whole or not. */
function freshOf(
  question: MergeQuestion,
  path: RepositoryPath,
  known: (side: SideName, path: RepositoryPath) => boolean,
): Thing<Manifest> {
  const at = (side: SideName): Thing<Manifest>['ours'] => {
    const is = question[side].after.manifest(path);
    const isNew = folderBehind(question.base, question[side], path) === undefined;
    return is && isNew && !known(side, path) ? { path, is, way: 'stayed' } : undefined;
  };
  const [ours, theirs] = [at('ours'), at('theirs')];
  return { ...(ours && { ours }), ...(theirs && { theirs }) };
}

/** Where the wholes begin in which something changed. */
function rootsOf(question: MergeQuestion): Record<Root, ReadonlySet<RepositoryPath>> {
  const roots = {
    base: new Set<RepositoryPath>(),
    ours: new Set<RepositoryPath>(),
    theirs: new Set<RepositoryPath>(),
  };
  const add = (to: Set<RepositoryPath>, state: State, path: RepositoryPath): void => {
    const root = wholeAround(state, path, question.wholeTypes);
    if (root !== undefined) to.add(root);
  };
  for (const side of SIDES) {
    for (const { path, before, after } of question[side].changes) {
      if (before !== undefined) add(roots.base, question.base, path);
      if (after !== undefined) add(roots[side], question[side].after, path);
    }
  }
  return roots;
}

/** Of what a folder holds, names and bytes. */
export function wholeId(state: State, root: RepositoryPath, digest: Digest): ContentId {
  return digest(listingOf(state, root));
}

/** Equal for equal names and contents. */
function listingOf(state: State, root: RepositoryPath): string {
  const lines: string[] = [];
  for (const { below, manifest } of directoriesBelow(state, root)) {
    lines.push(`${below}/`);
    for (const [name, entry] of manifest.files) lines.push(`${below}/${name}\0${contentOf(entry)}`);
  }
  return lines.sort(compareBytes).join('\n');
}
