/** Folders that no commit has any more and that stayed behind: where something new is in one, it is recorded again. */

import { parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Look } from './look.ts';
import { isRefused, type Decision, type Settled } from './settle.ts';

/** Those that stand as they stood, so that no look says anything of them, above what is new. */
export function* leftOverAbove(look: Look, decision: Decision): Generator<Settled> {
  const { folders } = look.held;
  if (folders.size === 0) return;
  const dirty = new Set(look.dirty.map(({ path }) => path));
  const met = new Set<RepositoryPath>();
  for (const path of dirty) {
    if (isRefused(path, decision)) continue;
    for (let at = parentOf(path); at !== ROOT && !dirty.has(at) && !met.has(at); at = parentOf(at)) {
      met.add(at);
      const mode = folders.get(at);
      if (mode === undefined || look.recordedManifest(at) !== undefined) continue;
      const after = { mode, files: new Map() };
      yield { path: at, before: undefined, after, suspects: [], problems: [], isWhole: true };
    }
  }
}
