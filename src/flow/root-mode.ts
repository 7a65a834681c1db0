/** The permission bits of the repository's own folder go where the index goes: no step of a plan is about it. */

import type { TextChange } from '../model/change.ts';
import type { Problem } from '../model/problem.ts';
import { codeOf } from '../store/errors.ts';
import { modeOf } from '../sync/stand.ts';
import { parseManifest } from '../text/manifest.ts';
import { MANIFEST } from '../text/mirror.ts';
import { TREE } from './mirror-paths.ts';
import type { Repository } from './repository.ts';
import { rootModeLeft } from './taking-problems.ts';

/** Bits that are not what was recorded before are a person's, and stay. */
export function setRootMode({ context, root }: Repository, texts: readonly TextChange[]): readonly Problem[] {
  const change = texts.find(({ path }) => path === `${TREE}/${MANIFEST}`);
  if (change?.after === undefined) return [];
  const before = change.before === undefined ? undefined : parseManifest(change.before).mode;
  const { mode } = parseManifest(change.after);
  const stats = context.disk.lstatExact(root);
  if (stats?.isDirectory() !== true || modeOf(stats) === mode) return [];
  if (before === mode || (before !== undefined && modeOf(stats) !== before)) return [];
  try {
    context.disk.chmod(root, mode);
    return [];
  } catch (error) {
    return [rootModeLeft(mode, codeOf(error) ?? 'unknown error')];
  }
}
