/** Where the texts of directories stand after a commit. */

import type { Name } from '../model/name.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Look } from './look.ts';
import { MirrorAfter } from './mirror-paths.ts';
import { isRefused, type Decision } from './settle.ts';

export function mirrorAfter(look: Look, decision: Decision): MirrorAfter {
  const added = new Map<RepositoryPath, Name[]>();
  const removed = new Map<RepositoryPath, Set<Name>>();
  for (const { path } of look.dirty) {
    if (path === ROOT || look.mirror.of(path) !== undefined || isRefused(path, decision)) continue;
    const names = added.get(parentOf(path));
    if (names === undefined) added.set(parentOf(path), [nameOf(path)]);
    else names.push(nameOf(path));
  }
  for (const path of look.gone) {
    if (!decision.kept.has(path)) {
      const names = removed.get(parentOf(path));
      if (names === undefined) removed.set(parentOf(path), new Set([nameOf(path)]));
      else names.add(nameOf(path));
    }
  }
  return new MirrorAfter(look.mirror, added, removed);
}
