/** What stood where before head went on, where some of the moves were done already when the command was broken off. Pure. */

import type { DirectoryChange } from '../model/change.ts';
import { USUAL_FOLDER_MODE, type Entry, type Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { Relocation, type Moving } from '../sync/relocation.ts';

/**
 * The same changes, seen from a disk on which `moves` were done: what they took away is before at its new place.
 *
 * Each list of moves happened at once, the lists one behind the other. All that moved is in `changes`, before and after.
 */
export function afterMoves(
  changes: Iterable<DirectoryChange>,
  moves: Iterable<readonly Moving[]>,
): readonly DirectoryChange[] {
  const all = [...changes];
  const now = new Map(
    all.flatMap(({ path, after }) => (after === undefined ? [] : [[path, after] as const])),
  );
  let stood = new Map(
    all.flatMap(({ path, before }) => (before === undefined ? [] : [[path, before] as const])),
  );
  for (const list of moves) stood = moved(stood, new Relocation(list), now);
  const paths = [...new Set([...all.map(({ path }) => path), ...stood.keys()])].sort(compareBytes);
  return paths.map((path) => ({ path, before: stood.get(path), after: now.get(path) }));
}

function moved(
  stood: ReadonlyMap<RepositoryPath, Manifest>,
  places: Relocation,
  now: ReadonlyMap<RepositoryPath, Manifest>,
): Map<RepositoryPath, Manifest> {
  const result = new Map<RepositoryPath, Omit<Manifest, 'files'> & { files: Map<Name, Entry> }>();
  const folderAt = (path: RepositoryPath): { files: Map<Name, Entry> } => {
    const known = result.get(path);
    if (known !== undefined) return known;
    const made = { mode: now.get(path)?.mode ?? USUAL_FOLDER_MODE, files: new Map<Name, Entry>() };
    result.set(path, made);
    return made;
  };
  for (const [path, manifest] of stood) result.set(places.after(path), { ...manifest, files: new Map() });
  for (const [path, { files }] of stood) {
    for (const [name, entry] of files) {
      const place = places.after(childOf(path, name));
      folderAt(parentOf(place)).files.set(nameOf(place), entry);
    }
  }
  return result;
}
