/** Entities of a merged tree: one id has one root, and no entity is in another. */

import type { Digest } from '../model/id.ts';
import type { Entry, EntityReference, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { State } from './state.ts';
import { directoriesBelow } from './wholes.ts';

/** An entity in the merged tree. */
interface Root {
  readonly path: RepositoryPath;
  readonly entity: EntityReference;
}

export interface EntityConflict {
  readonly kind: 'entity';
  readonly paths: readonly RepositoryPath[];
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 16;

/**
 * Settles the entities of directories, in place. `cameFrom` says whether what is at a path had this id before, so
 * that of two roots with one id the one keeps it to which the moves say that it went; a copy gets a new one.
 */
export function settleEntities(
  directories: Map<RepositoryPath, Manifest | undefined>,
  base: State,
  cameFrom: (path: RepositoryPath, id: string) => boolean,
  digest: Digest,
): EntityConflict[] {
  const manifestAt = (path: RepositoryPath): Manifest | undefined =>
    directories.has(path) ? directories.get(path) : base.manifest(path);
  openBelowNewOnes(directories, base);
  const roots = new Map<string, Root[]>();
  for (const root of rootsIn(directories)) {
    const others = roots.get(root.entity.id);
    if (others === undefined) roots.set(root.entity.id, [root]);
    else others.push(root);
  }
  for (const [id, several] of roots) {
    if (several.length === 1) continue;
    several.sort((a, b) => compareBytes(a.path, b.path));
    const kept = several.find(({ path }) => cameFrom(path, id)) ?? several[0]!;
    for (const root of several)
      if (root !== kept) change(directories, root.path, { ...root.entity, id: newId(id, root.path, digest) });
  }
  return endInner(directories, manifestAt);
}

/** What no side touched may hold entities that a new one came to be around. */
function openBelowNewOnes(directories: Map<RepositoryPath, Manifest | undefined>, base: State): void {
  for (const [root, manifest] of [...directories]) {
    if (manifest?.entity === undefined || base.manifest(root)?.entity !== undefined) continue;
    for (const { path, manifest: inner } of directoriesBelow(base, root)) {
      const isOne = inner.entity ?? [...inner.files.values()].find((it) => it.kind === 'file' && it.entity);
      if (isOne !== undefined && !directories.has(path)) directories.set(path, inner);
    }
  }
}

/** Of an entity that came to be around another one the inner ends, and is remembered by the outer. */
function endInner(
  directories: Map<RepositoryPath, Manifest | undefined>,
  manifestAt: (path: RepositoryPath) => Manifest | undefined,
): EntityConflict[] {
  const conflicts: EntityConflict[] = [];
  for (const { path, entity } of [...rootsIn(directories)].sort((a, b) => compareBytes(a.path, b.path))) {
    const outer = entityAbove(path, manifestAt);
    if (outer === undefined) continue;
    change(directories, path, undefined);
    const above = manifestAt(outer)!;
    const was = [...new Set([...(above.entity!.was ?? []), entity.id])].sort(compareBytes);
    directories.set(outer, { ...above, entity: { ...above.entity!, was } });
    conflicts.push({ kind: 'entity', paths: [outer, path] });
  }
  return conflicts;
}

function entityAbove(
  path: RepositoryPath,
  manifestAt: (path: RepositoryPath) => Manifest | undefined,
): RepositoryPath | undefined {
  let found: RepositoryPath | undefined;
  for (let at = path; at !== ROOT;) {
    at = parentOf(at);
    if (manifestAt(at)?.entity !== undefined) found = at;
  }
  return found;
}

function* rootsIn(directories: ReadonlyMap<RepositoryPath, Manifest | undefined>): Generator<Root> {
  for (const [path, manifest] of directories) {
    if (manifest?.entity !== undefined) yield { path, entity: manifest.entity };
    for (const [name, entry] of manifest?.files ?? [])
      if (entry.kind === 'file' && entry.entity !== undefined)
        yield { path: childOf(path, name), entity: entry.entity };
  }
}

function change(
  directories: Map<RepositoryPath, Manifest | undefined>,
  path: RepositoryPath,
  entity: EntityReference | undefined,
): void {
  const itself = directories.get(path);
  if (itself?.entity !== undefined) {
    const { entity: _old, ...rest } = itself;
    directories.set(path, { ...rest, ...(entity && { entity }) });
    return;
  }
  const above = directories.get(parentOf(path))!;
  const files = Array.from(above.files, ([name, entry]): [Name, Entry] => {
    if (childOf(parentOf(path), name) !== path || entry.kind !== 'file') return [name, entry];
    const { entity: _old, ...file } = entry;
    return [name, { ...file, ...(entity && { entity }) }];
  });
  directories.set(parentOf(path), { ...above, files: new Map(files) });
}

/** The same on every machine. */
function newId(id: string, path: RepositoryPath, digest: Digest): string {
  const hex = digest(`${id}\n${path}`);
  return Array.from(
    { length: LENGTH },
    (_, i) => ALPHABET[Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16) % 32],
  ).join('');
}
