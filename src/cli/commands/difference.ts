/** How a difference is shown: what changed in words, then the patch; to programs the changes alone. */

import type { Change } from '../../model/change.ts';
import { Counts } from '../counts.ts';
import { changeLine } from '../json.ts';
import type { Output } from '../output.ts';
import { printPatch } from '../patch-output.ts';
import { withMetadata } from '../../flow/sidecar-changes.ts';
import { fullLines, Groups } from '../render.ts';
import type { Work } from '../work.ts';

/** Both can be asked for once; `patch` gives texts, or bytes cut anywhere. */
export interface Difference {
  changes(): Iterable<Change>;
  patch(): Iterable<string | Uint8Array>;
}

export interface Parts {
  readonly summary: boolean;
  readonly patch: boolean;
}

/** Says how much changed. */
export async function showDifference(
  work: Work,
  output: Output,
  { changes, patch }: Difference,
  parts: Parts,
): Promise<Counts> {
  const counts = new Counts();
  if (parts.summary || work.isJson) {
    const groups = new Groups({ palette: work.palette, limit: work.limit });
    for (const change of changes()) {
      if (output.closed) return counts;
      counts.add(change);
      if (work.isJson) output.write(`${changeLine(await withMetadata(change))}\n`);
      else if (work.isVerbose) {
        for (const line of fullLines(await withMetadata(change), work.palette)) output.write(`${line}\n`);
      } else groups.add(change);
      if (output.full) await output.drained();
    }
    await groups.learn(withMetadata);
    for (const line of groups.lines()) output.write(`${line}\n`);
    if (!work.isJson && parts.patch && counts.changes > 0) output.write('\n');
  }
  if (parts.patch && !work.isJson) await printPatch(output, patch(), work.palette, work.isPainted);
  return counts;
}
