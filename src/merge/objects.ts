/** The things a merge is about: each file, link and folder once, with where it is in each state. */

import type { Entry, Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { isSameEntry } from './entries.ts';
import { entryAt, SIDES, type MergeQuestion, type Side, type SideName, type State } from './state.ts';

export interface At<T> {
  readonly path: RepositoryPath;
  readonly is: T;
}

/** Where a thing is on one side. */
export interface Placed<T> extends At<T> {
  /** It was moved by itself, or with the folder it is in, or is where it was; what the base has not, stayed. */
  readonly way: 'itself' | 'along' | 'stayed';
  /** Where the folder went that took it along; of a folder that moved by itself, where that is. */
  readonly folder?: RepositoryPath;
}

/** One thing; absent in a state in which there is none. At least one state has it. */
export interface Thing<T> {
  readonly base?: At<T>;
  readonly ours?: Placed<T>;
  readonly theirs?: Placed<T>;
}

/** Files and links that stand where they stood in all three states, and are what they were. */
export type Still = ReadonlyMap<RepositoryPath, ReadonlyMap<Name, Entry>>;

/**
 * Every file and link of the directories that changed on a side: those with which something happened, and by
 * directory those with which nothing did. In `isAsked` directories all are things.
 */
export function filesOf(
  question: MergeQuestion,
  isAsked: (directory: RepositoryPath) => boolean,
): { readonly things: readonly Thing<Entry>[]; readonly still: Still } {
  const { base, ours, theirs } = question;
  const things: Thing<Entry>[] = [];
  const still = new Map<RepositoryPath, ReadonlyMap<Name, Entry>>();
  const known = { ours: new Set<RepositoryPath>(), theirs: new Set<RepositoryPath>() };
  for (const directory of changedDirectories(question)) {
    const before = base.manifest(directory);
    if (before === undefined) continue;
    const kept = isAsked(directory) ? NOTHING : stillIn(question, directory, before);
    if (kept.size > 0) still.set(directory, kept);
    for (const [name, is] of before.files) {
      if (kept.has(name)) continue;
      const path = childOf(directory, name);
      const found = { ours: fileOn(ours, path), theirs: fileOn(theirs, path) };
      for (const side of SIDES) if (found[side] !== undefined) known[side].add(found[side].path);
      things.push({ base: { path, is }, ...present(found) });
    }
  }
  const fresh = new Map<RepositoryPath, Partial<Record<SideName, Placed<Entry>>>>();
  for (const side of SIDES) {
    for (const { path: directory, after } of question[side].changes) {
      const kept = still.get(directory) ?? NOTHING;
      for (const [name, is] of after?.files ?? []) {
        if (kept.has(name)) continue;
        const path = childOf(directory, name);
        if (!known[side].has(path))
          fresh.set(path, { ...fresh.get(path), [side]: { path, is, way: 'stayed' } });
      }
    }
  }
  return { things: [...things, ...fresh.values()], still };
}

const NOTHING: ReadonlyMap<Name, Entry> = new Map();

function stillIn(
  { ours, theirs }: MergeQuestion,
  directory: RepositoryPath,
  before: Manifest,
): ReadonlyMap<Name, Entry> {
  const [mine, other] = [ours.after.manifest(directory)?.files, theirs.after.manifest(directory)?.files];
  if (mine === undefined || other === undefined) return NOTHING;
  const moved = new Set([...ours.moves.targetsIn(directory), ...theirs.moves.targetsIn(directory)]);
  const kept = new Map<Name, Entry>();
  for (const [name, is] of before.files) {
    const [a, b] = [mine.get(name), other.get(name)];
    if (a === undefined || b === undefined || !isSameEntry(is, a) || !isSameEntry(is, b)) continue;
    const path = childOf(directory, name);
    if (moved.has(path) || [ours, theirs].some(({ moves }) => moves.outOf(path) !== undefined)) continue;
    kept.set(name, is);
  }
  return kept;
}

/** Every directory that changed on a side. */
export function foldersOf(question: MergeQuestion): Thing<Manifest>[] {
  const { base } = question;
  const folder = folderFinder(question);
  const things: Thing<Manifest>[] = [];
  const known = { ours: new Set<RepositoryPath>(), theirs: new Set<RepositoryPath>() };
  for (const path of changedDirectories(question)) {
    if (base.manifest(path) === undefined) continue;
    const thing = folder(path);
    for (const side of SIDES) if (thing[side] !== undefined) known[side].add(thing[side].path);
    things.push(thing);
  }
  const fresh = new Map<RepositoryPath, Partial<Record<SideName, Placed<Manifest>>>>();
  for (const side of SIDES) {
    for (const { path, after: is } of question[side].changes) {
      if (is === undefined || known[side].has(path)) continue;
      fresh.set(path, { ...fresh.get(path), [side]: { path, is, way: 'stayed' } });
    }
  }
  return [...things, ...fresh.values()];
}

/** Finds folders of the base on both sides, by their paths there. */
export function folderFinder({
  base,
  ours,
  theirs,
}: MergeQuestion): (path: RepositoryPath) => Thing<Manifest> {
  const lines = { ours: folderLines(ours), theirs: folderLines(theirs) };
  return (path) => {
    const found = {
      ours: folderOn(base, ours, lines.ours, path),
      theirs: folderOn(base, theirs, lines.theirs, path),
    };
    return { base: { path, is: base.manifest(path)! }, ...present(found) };
  };
}

/** Which folder of the base the one at a path on a side is; undefined for a new one, and for one that stayed. */
export function folderBehind(base: State, { moves }: Side, path: RepositoryPath): RepositoryPath | undefined {
  const from = moves.folderInto(path);
  // One that others joined is still itself.
  const hasStayed = base.manifest(path) !== undefined && moves.folderOutOf(path) === undefined;
  return hasStayed ? undefined : from;
}

/** By the paths of the base and of both sides. */
export function changedDirectories({ ours, theirs }: MergeQuestion): ReadonlySet<RepositoryPath> {
  return new Set([...ours.changes, ...theirs.changes].map(({ path }) => path));
}

function fileOn({ after, moves }: Side, path: RepositoryPath): Placed<Entry> | undefined {
  const move = moves.outOf(path);
  if (move !== undefined && move.to.path !== path) {
    const is = entryAt(after, move.to.path);
    const folder = moves.within(move);
    // Said to have moved to where nothing is: then it is gone.
    if (is === undefined) return undefined;
    return folder === undefined
      ? { path: move.to.path, is, way: 'itself' }
      : { path: move.to.path, is, way: 'along', folder };
  }
  const is = moves.into(path) === undefined ? entryAt(after, path) : undefined;
  return is && { path, is, way: 'stayed' };
}

function folderOn(
  base: State,
  side: Side,
  lines: FolderLines,
  path: RepositoryPath,
): Placed<Manifest> | undefined {
  const { after, moves } = side;
  const to = moves.folderOutOf(path);
  if (to !== undefined && to !== path) {
    const is = after.manifest(to);
    // What joined a folder that goes on there, or that another one became, is none any more.
    if (is === undefined || folderBehind(base, side, to) !== path) return undefined;
    const way = lines.has(path) ? 'itself' : 'along';
    return { path: to, is, way, folder: folderTo(lines, path) ?? to };
  }
  const is = folderBehind(base, side, path) === undefined ? after.manifest(path) : undefined;
  return is && { path, is, way: 'stayed' };
}

/** Folders that have a line of their own in `moved:`: old place to new. */
type FolderLines = ReadonlyMap<RepositoryPath, RepositoryPath>;

function folderLines({ moves }: Side): FolderLines {
  const folders = moves.facts.filter(({ from, to }) => from.endsWith('/') && to.endsWith('/'));
  const cut = (path: string): RepositoryPath => path.slice(0, -1) as RepositoryPath;
  return new Map(folders.map(({ from, to }) => [cut(from), cut(to)]));
}

/** Where the folder went that took this one along, or this one itself. */
function folderTo(lines: FolderLines, path: RepositoryPath): RepositoryPath | undefined {
  for (let at = path; at !== ROOT; at = parentOf(at)) {
    const to = lines.get(at);
    if (to !== undefined) return to;
  }
  return undefined;
}

function present<T>(found: Record<SideName, Placed<T> | undefined>): Partial<Record<SideName, Placed<T>>> {
  return { ...(found.ours && { ours: found.ours }), ...(found.theirs && { theirs: found.theirs }) };
}
