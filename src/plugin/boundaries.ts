/**
 * Where entities begin, of what stands in directories.
 *
 * Whether a path is the beginning of one depends on its directory, the directories above it, and the entities there
 * are: not on the order of the facts, nor on anything else.
 */

import type { Name } from '../model/name.ts';
import { childOf, componentsOf, parentOf, parsePath } from '../model/path.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { FieldDeclaration, TypeDeclaration } from '../model/type-declaration.ts';
import { matchAt, parseAt, type AtPattern } from './at-pattern.ts';

/** Names, as a Set of them or a Map by them has them. */
export interface Names {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** What stands in one directory. Only files can be entities by themselves; each of the three can be a marker. */
export interface DirectoryFacts {
  readonly path: RepositoryPath;
  readonly files: Names;
  readonly folders?: Names;
  readonly links?: Names;
}

export interface BoundaryQuestion {
  /** By name. */
  readonly types: ReadonlyMap<string, TypeDeclaration>;
  /** Of the policy: which folder has which type. */
  readonly folders: ReadonlyMap<RepositoryPath, string>;
  /** The entities there are; they stay, and nothing begins around or below them. */
  readonly existing: Iterable<RepositoryPath>;
  /** Where entities may begin. Directories above them that are left out count as holding nothing. */
  readonly directories: Iterable<DirectoryFacts>;
}

/** A new entity. */
export interface Beginning {
  readonly path: RepositoryPath;
  readonly kind: 'directory' | 'file';
  readonly type: string;
  /** Fields that stand in the path, as names spell them. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The new entities, in no particular order: a path of the person's is in at most one of these and the existing. */
export function beginnings(question: BoundaryQuestion): Beginning[] {
  const { types, folders, directories } = question;
  const candidates = new Map<RepositoryPath, Candidate>();
  const regions = regionsOf(types, folders);
  for (const directory of directories) {
    const region = regionOf(regions, directory.path);
    if (region === undefined) continue;
    for (const candidate of candidatesIn(region, directory)) {
      const other = candidates.get(candidate.path);
      if (other === undefined || candidate.rank < other.rank) candidates.set(candidate.path, candidate);
    }
  }
  return outermost(candidates, new Set(question.existing));
}

/** The folders that have a type: those of the policy, and for types of which it names none, their own. */
export function typedFolders(
  types: BoundaryQuestion['types'],
  folders: BoundaryQuestion['folders'],
): ReadonlyMap<RepositoryPath, string> {
  const all = new Map(folders);
  const named = new Set(folders.values());
  for (const name of [...types.keys()].sort()) {
    const top = parsePath(types.get(name)!.top);
    if (top !== undefined && !named.has(name) && !all.has(top)) all.set(top, name);
  }
  return all;
}

/** The fields of an entity that stand in its path, as names spell them; none where no pattern of its type matches. */
export function fieldsInPath(
  { types, folders }: Pick<BoundaryQuestion, 'types' | 'folders'>,
  path: RepositoryPath,
  { kind, type }: Pick<Beginning, 'kind' | 'type'>,
): ReadonlyMap<string, string> {
  const region = regionOf(regionsOf(types, folders), kind === 'file' ? parentOf(path) : path);
  if (region?.type !== type || path === region.top) return NOTHING;
  const below = namesBelow(path, region.top);
  const patterns = region.patterns.filter(
    ({ is }) => is.kind === kind && is.components.length === below.length,
  );
  return firstMatch(region, patterns, below)?.fields ?? NOTHING;
}

/** The entity that a path is or stands in. */
export function entityOf(
  path: RepositoryPath,
  entities: { has(path: RepositoryPath): boolean },
): RepositoryPath | undefined {
  for (let at = path; at !== ''; at = parentOf(at)) if (entities.has(at)) return at;
  return entities.has('' as RepositoryPath) ? ('' as RepositoryPath) : undefined;
}

interface Ranked<T> {
  /** Its place in the list of boundaries: the first that matches wins. */
  readonly rank: number;
  readonly is: T;
}

interface Region {
  readonly top: RepositoryPath;
  readonly type: string;
  readonly fields: ReadonlyMap<string, FieldDeclaration>;
  readonly markers: readonly Ranked<readonly string[]>[];
  readonly patterns: readonly Ranked<AtPattern>[];
}

interface Regions {
  /** Undefined for a folder whose type nobody declares: nothing begins there. */
  readonly byTop: ReadonlyMap<RepositoryPath, Region | undefined>;
  readonly deepest: number;
}

interface Candidate extends Beginning {
  readonly rank: number;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

function regionsOf(types: BoundaryQuestion['types'], folders: BoundaryQuestion['folders']): Regions {
  const byTop = new Map<RepositoryPath, Region | undefined>();
  for (const [top, type] of typedFolders(types, folders)) {
    const declared = types.get(type);
    byTop.set(top, declared === undefined ? undefined : regionAt(top, type, declared));
  }
  return { byTop, deepest: Math.max(0, ...Array.from(byTop.keys(), (top) => componentsOf(top).length)) };
}

function regionAt(top: RepositoryPath, type: string, { boundaries, fields }: TypeDeclaration): Region {
  const markers: Ranked<readonly string[]>[] = [];
  const patterns: Ranked<AtPattern>[] = [];
  for (const [rank, boundary] of boundaries.entries()) {
    if (boundary.kind === 'marker') markers.push({ rank, is: boundary.marker });
    // What cannot be read matches nothing: it may be of a later dbk.
    const pattern = boundary.kind === 'at' ? parseAt(boundary.at) : undefined;
    if (pattern !== undefined) patterns.push({ rank, is: pattern });
  }
  return { top, type, fields, markers, patterns };
}

/** Of the nearest folder above, or the folder itself, that has a type. */
function regionOf({ byTop, deepest }: Regions, path: RepositoryPath): Region | undefined {
  let end = 0;
  let found = byTop.get('' as RepositoryPath);
  for (let depth = 0; depth < deepest && end < path.length; depth++) {
    const slash = path.indexOf('/', end + 1);
    end = slash === -1 ? path.length : slash;
    const at = path.slice(0, end) as RepositoryPath;
    if (byTop.has(at)) found = byTop.get(at);
  }
  return found;
}

function* candidatesIn(region: Region, directory: DirectoryFacts): Generator<Candidate> {
  const { path } = directory;
  const below = path === region.top ? [] : namesBelow(path, region.top);
  if (below.length > 0) {
    const itself = directoryAt(region, directory, below);
    if (itself !== undefined) yield itself;
  }
  const depth = below.length + 1;
  const files = region.patterns.filter(({ is }) => is.kind === 'file' && is.components.length === depth);
  if (files.length === 0) return;
  for (const name of directory.files.keys()) {
    const match = firstMatch(region, files, [...below, name]);
    if (match !== undefined)
      yield { path: childOf(path, name as Name), kind: 'file', type: region.type, ...match };
  }
}

function namesBelow(path: RepositoryPath, top: RepositoryPath): readonly string[] {
  return (top === '' ? path : path.slice(top.length + 1)).split('/');
}

function directoryAt(
  region: Region,
  directory: DirectoryFacts,
  below: readonly string[],
): Candidate | undefined {
  const depth = below.length;
  const patterns = region.patterns.filter(
    ({ is }) => is.kind === 'directory' && is.components.length === depth,
  );
  const match = firstMatch(region, patterns, below);
  const marker = region.markers.find(({ is }) => is.some((name) => holds(directory, name)));
  // What a marker itself holds, as '.git' does, is no project.
  const isMarker = marker !== undefined && !below.some((name) => isMarkerOf(region, name));
  const best = isMarker && !(match !== undefined && match.rank < marker.rank) ? marker.rank : undefined;
  const found = best === undefined ? match : { rank: best, fields: NOTHING };
  return found && { path: directory.path, kind: 'directory', type: region.type, ...found };
}

function firstMatch(
  { fields }: Region,
  patterns: readonly Ranked<AtPattern>[],
  names: readonly string[],
): { readonly rank: number; readonly fields: ReadonlyMap<string, string> } | undefined {
  for (const { rank, is } of patterns) {
    const found = matchAt(is, names, fields);
    if (found !== undefined) return { rank, fields: found.size === 0 ? NOTHING : found };
  }
  return undefined;
}

function holds({ files, folders, links }: DirectoryFacts, name: string): boolean {
  return files.has(name) || folders?.has(name) === true || links?.has(name) === true;
}

function isMarkerOf({ markers }: Region, name: string): boolean {
  return markers.some(({ is }) => is.includes(name));
}

/** The candidates that are in no other one and in no entity, and have no entity below them. */
function outermost(
  candidates: ReadonlyMap<RepositoryPath, Candidate>,
  existing: ReadonlySet<RepositoryPath>,
): Beginning[] {
  const around = new Set<RepositoryPath>();
  for (const path of existing) {
    for (let at = path; at !== '' && !around.has(at); at = parentOf(at)) around.add(at);
  }
  const mayBe = { has: (path: RepositoryPath) => candidates.has(path) && !around.has(path) };
  const found: Beginning[] = [];
  for (const { path, kind, type, fields } of candidates.values()) {
    if (!mayBe.has(path) || entityOf(path, existing) !== undefined) continue;
    // A candidate above stands in no entity either, or this one would.
    if (path !== '' && entityOf(parentOf(path), mayBe) !== undefined) continue;
    found.push({ path, kind, type, fields });
  }
  return found;
}
