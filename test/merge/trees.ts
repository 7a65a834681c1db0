/** Trees as literals, for merges: path to content; a path that ends in '/' is a folder. */

import { digest } from '../../src/disk/blake3.ts';
import type { Moves } from '../../src/diff/move-lookup.ts';
import { movesBack } from '../../src/flow/moves-between.ts';
import { directoryRenames } from '../../src/merge/directory-renames.ts';
import type { MergeQuestion, Side, State } from '../../src/merge/state.ts';
import { mergeTrees, type MergedTree } from '../../src/merge/tree.ts';
import type { DirectoryChange } from '../../src/model/change.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Entry, Manifest } from '../../src/model/manifest.ts';
import { compareBytes, type Name } from '../../src/model/name.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../../src/model/path.ts';

/** `-> target` is a link, everything else a file that holds it. */
export type Literal = Readonly<Record<string, string>>;

/** What moved, as a person says it; a folder ends in '/'. */
export type MovedLines = readonly { readonly from: string; readonly to: string }[];

export interface ThreeTrees {
  readonly base: Literal;
  readonly ours: Literal;
  readonly theirs: Literal;
  /** What cannot be told from the contents. */
  readonly moved?: { readonly ours: MovedLines; readonly theirs: MovedLines };
}

export interface LiteralState extends State {
  readonly all: ReadonlyMap<RepositoryPath, Manifest>;
}

const TIME = '2026-01-01T00:00:00Z' as Instant;
/** Contents by their ids, so that trees can be written as they were given. */
const contents = new Map<string, string>();
const entries = new Map<string, Entry>();

/** To be called between two merges when there are many. */
export function forgetContents(): void {
  contents.clear();
  entries.clear();
}

export function stateOf(tree: Literal): LiteralState {
  const found = new Map<RepositoryPath, Map<Name, Entry>>([[ROOT, new Map()]]);
  const directory = (path: RepositoryPath): Map<Name, Entry> => {
    let files = found.get(path);
    if (files === undefined) {
      found.set(path, (files = new Map()));
      directory(parentOf(path));
    }
    return files;
  };
  for (const [path, content] of Object.entries(tree).sort(([a], [b]) => compareBytes(a, b))) {
    if (path.endsWith('/')) directory(path.slice(0, -1) as RepositoryPath);
    else directory(parentOf(path as RepositoryPath)).set(nameOf(path as RepositoryPath), entryOf(content));
  }
  return stateOfManifests(new Map([...found].map(([path, files]) => [path, { mode: 0o755, files }])));
}

export function stateOfManifests(all: ReadonlyMap<RepositoryPath, Manifest>): LiteralState {
  return {
    all,
    manifest: (path) => all.get(path),
    folders: (path) =>
      [...all.keys()].filter((each) => each !== ROOT && parentOf(each) === path).map((each) => nameOf(each)),
  };
}

export function entryOf(content: string): Entry {
  if (content.startsWith('-> ')) return { kind: 'link', target: content.slice(3) };
  const known = entries.get(content);
  if (known !== undefined) return known;
  const blake3 = digest(content) as ContentId;
  contents.set(blake3, content);
  const entry: Entry = { kind: 'file', blake3, size: content.length, mtime: TIME, mode: 0o644 };
  entries.set(content, entry);
  return entry;
}

/** What a side did; `moved` is what was said about it, the rest is found by contents. */
export function sideOf(before: LiteralState, after: LiteralState, moved: MovedLines = []): Side {
  const changes: DirectoryChange[] = [];
  for (const path of new Set([...before.all.keys(), ...after.all.keys()])) {
    const [was, is] = [before.all.get(path), after.all.get(path)];
    if (was !== is && spell(was) !== spell(is)) changes.push({ path, before: was, after: is });
  }
  changes.sort((a, b) => compareBytes(a.path, b.path));
  return { after, changes, moves: movesOf(changes, moved), isEdited: () => false };
}

/** Backwards is what takes a said move, so everything is turned round twice. */
function movesOf(changes: readonly DirectoryChange[], moved: MovedLines): Moves {
  const back = changes.map((change) => ({ path: change.path, before: change.after, after: change.before }));
  const by = 'inode';
  const [folders, files] = [
    moved.filter(({ to }) => to.endsWith('/')),
    moved.filter(({ to }) => !to.endsWith('/')),
  ];
  const facts = folders.map(({ from, to }) => ({ from: to, to: from, by }));
  const things = files.map(({ from, to }) => ({ from: { path: to }, to: { path: from }, by }));
  return movesBack({ facts, things } as unknown as Moves, back);
}

export function questionOf({ base, ours, theirs, moved }: ThreeTrees): MergeQuestion {
  const before = stateOf(base);
  return {
    base: before,
    ours: sideOf(before, stateOf(ours), moved?.ours),
    theirs: sideOf(before, stateOf(theirs), moved?.theirs),
    wholeTypes: new Set(),
  };
}

export function swapped({ base, ours, theirs, moved }: ThreeTrees): ThreeTrees {
  return {
    base,
    ours: theirs,
    theirs: ours,
    ...(moved && { moved: { ours: moved.theirs, theirs: moved.ours } }),
  };
}

export interface MergedLiteral {
  readonly tree: Literal;
  readonly conflicts: readonly string[];
}

export function mergeLiterals(trees: ThreeTrees, renames = directoryRenames): MergedLiteral {
  return told(questionOf(trees), renames);
}

/** What comes of a merge. */
export function mergeStates(
  question: MergeQuestion,
  renames = directoryRenames,
): { readonly state: LiteralState; readonly merged: MergedTree } {
  const merged = mergeTrees(question, digest, renames(question));
  return { state: stateOfManifests(manifestsOf(question.base as LiteralState, merged)), merged };
}

/** The same as literals. */
export function told(question: MergeQuestion, renames = directoryRenames): MergedLiteral {
  const { state, merged } = mergeStates(question, renames);
  return {
    tree: literalOf(state.all),
    conflicts: merged.conflicts.map(({ kind, paths }) => `${kind} ${paths.join(' ')}`),
  };
}

/** All directories after a merge. */
export function manifestsOf(
  base: LiteralState,
  { directories }: MergedTree,
): ReadonlyMap<RepositoryPath, Manifest> {
  const all = new Map(base.all);
  for (const [path, manifest] of directories) {
    if (manifest === undefined) all.delete(path);
    else all.set(path, manifest);
  }
  return all;
}

/** Folders that hold nothing end in '/'. */
export function literalOf(all: ReadonlyMap<RepositoryPath, Manifest>): Literal {
  const holding = new Set([...all.keys()].filter((path) => path !== ROOT).map((path) => parentOf(path)));
  const tree: Record<string, string> = {};
  for (const [path, { files }] of all) {
    if (files.size === 0 && !holding.has(path) && path !== ROOT) tree[`${path}/`] = '';
    for (const [name, entry] of files)
      tree[path === ROOT ? name : `${path}/${name}`] =
        entry.kind === 'link' ? `-> ${entry.target}` : contents.get(entry.blake3!)!;
  }
  return Object.fromEntries(Object.entries(tree).sort(([a], [b]) => compareBytes(a, b)));
}

function spell(manifest: Manifest | undefined): string {
  if (manifest === undefined) return '';
  const { files, ...itself } = manifest;
  return JSON.stringify([itself, ...files], (_key, value: unknown) =>
    value instanceof Map ? [...value] : value,
  );
}
