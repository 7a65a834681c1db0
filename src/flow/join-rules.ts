/** The text of a `.dbkignore`, as one state has it in `ignore.d/`. */

import type { ContentId } from '../model/id.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { OpenState } from './merge-states.ts';
import { rulesPath } from './rules-texts.ts';

/** undefined where the state has another content there, or none. */
export function rulesAt(
  state: OpenState,
  path: RepositoryPath,
  content: ContentId | undefined,
): string | undefined {
  const directory = parentOf(path);
  const entry = state.manifest(directory)?.files.get(nameOf(path));
  const mirror = state.mirror.of(directory);
  if (mirror === undefined || entry?.kind !== 'file' || entry.blake3 !== content) return undefined;
  return state.texts.text(rulesPath(mirror));
}
