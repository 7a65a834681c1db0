/** The entities that a commit begins, and how manifests come to say so. */

import type { TextChange } from '../model/change.ts';
import type { EntityReference, Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';

/** The entities that begin. */
export interface Begun {
  readonly folders: ReadonlyMap<RepositoryPath, EntityReference>;
  /** Files that are entities by themselves, by the directory they stand in. */
  readonly files: ReadonlyMap<RepositoryPath, ReadonlyMap<Name, EntityReference>>;
  /** Declarations of types that the index has not, or not in this version. */
  readonly texts: readonly TextChange[];
}

/** A manifest with the entities that begin in it. */
export function withBegun(
  manifest: Manifest,
  path: RepositoryPath,
  { folders, files }: Begun | undefined = NOTHING_BEGUN,
): Manifest {
  // A root that was taken apart begins anew only when a person says so.
  const isApart = manifest.entity !== undefined || manifest.more?.has('split') === true;
  const itself = isApart ? undefined : folders.get(path);
  const begun = files.get(path);
  if (itself === undefined && begun === undefined) return manifest;
  const entries = new Map(manifest.files);
  for (const [name, entity] of begun ?? []) {
    const entry = entries.get(name);
    if (entry?.kind === 'file' && entry.entity === undefined) entries.set(name, { ...entry, entity });
  }
  return { ...manifest, ...(itself && { entity: itself }), files: entries };
}

export const NOTHING_BEGUN: Begun = { folders: new Map(), files: new Map(), texts: [] };
