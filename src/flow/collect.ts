/** Which folders of a home have which type: finds entities by what is declared, and changes nothing. */

import { compareBytes, type Name } from '../model/name.ts';
import { ROOT, type RepositoryPath } from '../model/path.ts';
import { refuse, type Problem } from '../model/problem.ts';
import type { TypePlugin } from '../plugin/api.ts';
import { beginnings, type DirectoryFacts } from '../plugin/boundaries.ts';
import { declarationOf } from '../plugin/declared.ts';
import { lowerAscii, takes } from '../plugin/file-patterns.ts';
import { nearest, Share, type Proposal } from './collect-share.ts';
import { HomeWalk, type Directory, type Walk } from './collect-walk.ts';
import type { Context } from './context.ts';

export interface CollectRequest extends Walk {
  readonly plugins: readonly TypePlugin[];
  /** A folder with fewer files of its type is not proposed. */
  readonly least: number;
}

/** A folder that has a type. */
export interface Mapping {
  readonly path: RepositoryPath;
  readonly type: string;
  readonly entities: number;
  /** Of its type. */
  readonly files: number;
  readonly bytes: number;
}

export interface FoundEntity {
  readonly path: RepositoryPath;
  readonly kind: 'directory' | 'file';
  readonly type: string;
  /** Whether it stands in no folder that has a type, so that it would be no entity. */
  readonly isAlone: boolean;
}

export interface Collected {
  /** What was looked through: absolute, without symlinks; paths are below it. */
  readonly folder: string;
  /** By the bytes of their paths, as are entities. */
  readonly mappings: readonly Mapping[];
  readonly entities: readonly FoundEntity[];
  /** What was looked at. */
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

/**
 * Looks through a folder twice: for the folders that have a type, and in these for entities.
 *
 * Of what was seen only sums, proposals and entities are kept, however many files there are. A folder that cannot be
 * read is a problem; refuses ('failed') where there is no folder.
 */
export async function collect(context: Context, request: CollectRequest): Promise<Collected> {
  const folder = folderAt(context, request.folder);
  const home = new HomeWalk(context, { ...request, folder });
  const { proposals, marked, all } = survey(home, request);
  const mappings = [...proposals].sort((a, b) => compareBytes(a.path, b.path));
  const inside = entitiesIn(home, mappings, request.plugins);
  const alone = marked
    .filter(({ path }) => nearest(mappings, path) === undefined)
    .map(({ path, type }): FoundEntity => ({
      path,
      kind: 'directory',
      type: nameOf(request, type),
      isAlone: true,
    }));
  const counts = new Map<Proposal, number>();
  for (const { path } of inside) {
    const mapping = nearest(mappings, path)!;
    counts.set(mapping, (counts.get(mapping) ?? 0) + 1);
  }
  return {
    folder,
    mappings: mappings.map((proposal) => ({
      path: proposal.path,
      type: nameOf(request, proposal.type),
      entities: counts.get(proposal) ?? 0,
      files: proposal.files,
      bytes: proposal.bytes,
    })),
    entities: [...inside, ...alone].sort((a, b) => compareBytes(a.path, b.path)),
    ...all,
    problems: home.problems,
  };
}

function nameOf({ plugins }: CollectRequest, type: number): string {
  return plugins[type]!.name;
}

function folderAt({ disk }: Context, typed: string): string {
  if (disk.statExact(typed)?.isDirectory() === true) return disk.realpath(typed);
  return refuse('failed', 'flow/no-folder', `there is no folder '${typed}'`);
}

interface Survey {
  readonly proposals: readonly Proposal[];
  /** The outermost folders that hold a marker. */
  readonly marked: readonly { readonly path: RepositoryPath; readonly type: number }[];
  readonly all: { readonly files: number; readonly bytes: number };
}

function survey(home: HomeWalk, { plugins, least }: CollectRequest): Survey {
  const markers = markersOf(plugins);
  const typesOf = usualTypes(plugins);
  const marked: { readonly path: RepositoryPath; readonly type: number }[] = [];
  const open: Share[] = [];
  const whole = new Share(ROOT, plugins.length);
  // The step that enters a directory was answered before its folders are chosen.
  const into = (_: Directory, name: Name): boolean => open.at(-1)!.within !== undefined || !isHidden(name);
  for (const step of home.steps(ROOT, into)) {
    if (step.kind === 'enter') {
      const { directory } = step;
      const above = open.at(-1);
      // The folder that is looked through is no project, whatever lies in it.
      const own = above === undefined ? undefined : (above.within ?? markedType(markers, directory));
      if (own !== undefined && above?.within === undefined) marked.push({ path: directory.path, type: own });
      const share = above === undefined ? whole : new Share(directory.path, plugins.length, own);
      for (const [name, size] of directory.files)
        share.addFile(size, share.within === undefined ? typesOf(name) : [share.within]);
      open.push(share);
    } else {
      const share = open.pop()!;
      open.at(-1)?.addFolder(share, least);
    }
  }
  return { proposals: whole.inside(), marked, all: { ...whole.all } };
}

function isHidden(name: Name): boolean {
  return name.startsWith('.');
}

function markersOf(plugins: readonly TypePlugin[]): ReadonlyMap<string, number> {
  const markers = new Map<string, number>();
  for (const [type, { boundaries }] of plugins.entries()) {
    for (const boundary of boundaries)
      for (const name of 'marker' in boundary ? boundary.marker : [])
        if (!markers.has(name)) markers.set(name, type);
  }
  return markers;
}

function markedType(
  markers: ReadonlyMap<string, number>,
  { files, folders, links }: Directory,
): number | undefined {
  let least: number | undefined;
  for (const names of [files.keys(), folders, links]) {
    for (const name of names) {
      const type = markers.get(name);
      if (type !== undefined && (least === undefined || type < least)) least = type;
    }
  }
  return least;
}

/** The types that a file may have by its name; nearly all patterns are about a suffix, which costs one look. */
function usualTypes(plugins: readonly TypePlugin[]): (name: Name) => readonly number[] {
  const bySuffix = new Map<string, number[]>();
  const others: (readonly [pattern: string, type: number])[] = [];
  for (const [type, { usual = [] }] of plugins.entries()) {
    for (const pattern of usual) {
      const suffix = /^\*(\.[^.*]+)$/.exec(lowerAscii(pattern))?.[1];
      if (suffix === undefined) others.push([pattern, type]);
      else bySuffix.set(suffix, [...(bySuffix.get(suffix) ?? []), type]);
    }
  }
  return (name) => {
    const dot = name.lastIndexOf('.');
    const known = dot === -1 ? undefined : bySuffix.get(lowerAscii(name.slice(dot)));
    if (others.length === 0) return known ?? NO_TYPES;
    const more = others.filter(([pattern]) => takes([pattern], name)).map(([, type]) => type);
    return more.length === 0 ? (known ?? NO_TYPES) : [...new Set([...(known ?? []), ...more])];
  };
}

const NO_TYPES: readonly number[] = [];

function entitiesIn(
  home: HomeWalk,
  mappings: readonly Proposal[],
  plugins: readonly TypePlugin[],
): FoundEntity[] {
  const folders = new Map(mappings.map(({ path, type }) => [path, plugins[type]!.name]));
  const used = plugins.filter(({ name }) => [...folders.values()].includes(name));
  const types = new Map(used.map((plugin) => [plugin.name, declarationOf(plugin)]));
  const tops = mappings.filter(({ path }) => nearest(mappings, path) === undefined);
  const found = beginnings({ types, folders, existing: [], directories: directoriesIn(home, tops) });
  return found.map(({ path, kind, type }) => ({ path, kind, type, isAlone: false }));
}

function* directoriesIn(home: HomeWalk, tops: readonly Proposal[]): Generator<DirectoryFacts> {
  for (const { path } of tops) {
    for (const step of home.steps(path, (_, name) => !isHidden(name)))
      if (step.kind === 'enter') yield step.directory as DirectoryFacts;
  }
}
