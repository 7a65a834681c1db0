/** Why something cannot come to a path, by what stands there. Pure. */

import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Standing, Wanted } from './planned.ts';
import * as say from './problems.ts';

export function inTheWay(path: RepositoryPath, before: Standing, after: Wanted): Problem | undefined {
  if (before.kind === 'other') return say.cannotTouch(path, before.why);
  if (after.kind === 'nothing') return undefined;
  if (before.kind === 'behind') return say.behind(path, before.above);
  const isFolder = before.kind === 'directory';
  if (before.kind === 'absent' || isFolder === (after.kind === 'directory')) return undefined;
  return isFolder ? say.folderInTheWay(path) : say.notAFolder(path);
}
