/** Which of the new files are copies of recorded ones that are still there. */

import type { Change } from '../model/change.ts';
import type { ContentId } from '../model/id.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Look } from './look.ts';
import type { Moves } from '../diff/move-lookup.ts';

/** From the path of a copy to that of what it is a copy of, the first by bytes. */
export type Copies = ReadonlyMap<RepositoryPath, RepositoryPath>;

/** A file that came and was read; nobody knows yet whether it is a copy. */
export interface NewContent {
  readonly path: RepositoryPath;
  readonly content: ContentId;
  readonly size: number;
}

/** Empty files are nobody's copies, and what was not read cannot be known. */
export function* newContents(look: Look, moves: Moves): Generator<NewContent> {
  if (look.head === undefined) return;
  for (const directory of look.dirty) {
    const recorded = look.recordedManifest(directory.path);
    for (const { name, content, size } of look.readNew(directory)) {
      const path = childOf(directory.path, name);
      if (size === 0 || recorded?.files.has(name) === true || moves.into(path) !== undefined) continue;
      yield { path, content, size };
    }
  }
}

export function findCopies(look: Look, moves: Moves): Copies {
  const added = [...newContents(look, moves)];
  if (added.length === 0) return new Map();
  const originals = look.recordedPlaces(new Map(added.map(({ content, size }) => [content, size])));
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
