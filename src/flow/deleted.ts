/** What is gone and can be had back. */

import { loadBlake3 } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { besideOthers } from './exclusively.ts';
import { guardOf } from './guard.ts';
import { bringUpToDate, surveyGuard, type Surveyed } from './guard-survey.ts';
import { heldNow } from './open-held.ts';
import type { Repository } from './repository.ts';

export interface Deleted {
  /** 'missing': recorded, and nobody confirmed that it went; 'gone': no recorded path holds it any more. */
  readonly kind: 'missing' | 'gone';
  /** The paths it had, sorted; none for what was never recorded. */
  readonly paths: readonly RepositoryPath[];
  readonly blake3: ContentId;
  readonly size: number;
  /** Milliseconds since 1970: the commit that took it out, else when the volume saw it go. */
  readonly time: number;
  /** The digits that the commit's directory ends in; undefined where none took it out. */
  readonly commit: string | undefined;
}

/** The newest first; what is missing before all that was confirmed. */
export async function deleted(repository: Repository): Promise<Deleted[]> {
  const guard = await guardOf(repository);
  return besideOthers(repository, 'deleted', async (_, ifAlone) => {
    await loadBlake3();
    ifAlone(() => bringUpToDate(repository, guard));
    return listed(surveyGuard(repository, guard, await heldNow(repository)));
  });
}

function listed(surveyed: readonly Surveyed[]): Deleted[] {
  return surveyed
    .filter(({ missing, isHere, isChanged }) => missing.length > 0 || !(isHere || isChanged))
    .map(({ blake3, size, missing, paths, time, commit, spare }): Deleted => {
      const isMissing = missing.length > 0;
      const went = Math.max(...spare.map(({ stats }) => Number(stats.ctimeNs / 1_000_000n)));
      return {
        kind: isMissing ? 'missing' : 'gone',
        paths: isMissing ? missing : paths,
        blake3,
        size,
        time: isMissing ? went : time,
        commit: isMissing ? undefined : commit,
      };
    })
    .sort(newestFirst);
}

function newestFirst(a: Deleted, b: Deleted): number {
  if (a.kind !== b.kind) return a.kind === 'missing' ? -1 : 1;
  // What is missing went when nobody looked.
  const byTime = a.kind === 'missing' ? 0 : b.time - a.time;
  return byTime || compareBytes(a.paths[0] ?? '', b.paths[0] ?? '') || compareBytes(a.blake3, b.blake3);
}
