/** What was edited while its folder moved: the same name at the place to which the folder moved. */

import { compareBytes } from '../model/name.ts';
import { landing, type FolderMoves } from './folder-moves.ts';
import type { Pairs } from './move-pairs.ts';

/**
 * Pairs what is left with what stands where its folder took it. Of two that landed at one place, what vanished
 * goes before what is still there, then the order of bytes decides.
 */
export function pairByName(pairs: Pairs, folders: FolderMoves): void {
  if (folders.size === 0) return;
  const fallen = pairs.setAsideFallen();
  const targets = new Map<string, number>();
  pairs.targets.forEach(({ path }, target) => {
    if (pairs.isFreeTarget(target)) targets.set(path, target);
  });
  const chosen = new Map<number, number>();
  pairs.sources.forEach(({ path }, source) => {
    const target = pairs.isFreeSource(source) ? targets.get(landing(path, folders) ?? '') : undefined;
    if (target === undefined) return;
    const other = chosen.get(target);
    if (other === undefined || isBefore(pairs, source, other)) chosen.set(target, source);
  });
  for (const [target, source] of chosen) pairs.pair(source, target, 'name', false);
  pairs.takeBack(fallen);
}

function isBefore(pairs: Pairs, source: number, other: number): boolean {
  const isGone = source < pairs.vanished;
  if (isGone !== other < pairs.vanished) return isGone;
  return compareBytes(pairs.sources[source]!.path, pairs.sources[other]!.path) < 0;
}
