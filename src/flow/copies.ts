/** Which of the new files are copies of recorded ones that are still there. */

import type { Change } from '../model/change.ts';
import type { ContentId } from '../model/id.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Look } from './look.ts';
import type { Moves } from '../diff/move-lookup.ts';

/** From the path of a copy to that of what it is a copy of, the first by bytes. */
export type Copies = ReadonlyMap<RepositoryPath, RepositoryPath>;

/** Empty files are nobody's copies, and what was not read cannot be known. */
export function findCopies(look: Look, moves: Moves): Copies {
  const sizes = new Map<ContentId, number>();
  const added: { readonly path: RepositoryPath; readonly content: ContentId }[] = [];
  if (look.head === undefined) return new Map();
  for (const directory of look.dirty) {
    const recorded = look.recordedManifest(directory.path);
    for (const { name, content, size } of look.readNew(directory)) {
      const path = childOf(directory.path, name);
      if (size === 0 || recorded?.files.has(name) === true || moves.into(path) !== undefined) continue;
      sizes.set(content, size);
      added.push({ path, content });
    }
  }
  if (added.length === 0) return new Map();
  const originals = look.recordedPlaces(sizes);
  return new Map(
    added.flatMap(({ path, content }) => {
      const original = originals.get(content);
      return original === undefined ? [] : [[path, original] as const];
    }),
  );
}

/** An added file that is a copy, told as one. */
export function asCopy(change: Change, copies: Copies): Change {
  const from = change.kind === 'added' && change.what === 'file' ? copies.get(change.path) : undefined;
  return from === undefined ? change : { ...change, kind: 'copied', from };
}
