/** How much only the guard holds, as the last commit counted it: no look at the guard itself. */

import { countedTotals, type GuardTotals } from '../store/released.ts';
import type { Repository } from './repository.ts';

export function guardTotals({ context, layout }: Repository): GuardTotals {
  const { files, bytes } = countedTotals(context.disk, layout) ?? { files: 0, bytes: 0 };
  return { files, bytes };
}
