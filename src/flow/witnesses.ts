/** Which contents other repositories are seen to hold at this moment, on other volumes than this one. */

import type { ContentId } from '../model/id.ts';
import { Interrupted, type Problem } from '../model/problem.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import type { Prepared, Transport } from '../sync/transport.ts';
import { readConfig } from './config.ts';
import * as say from './drop-problems.ts';
import type { Repository } from './repository.ts';

export interface Witnessed {
  /** On how many other volumes each content was seen; no more are looked at than are needed. */
  readonly counts: ReadonlyMap<ContentId, number>;
  readonly problems: readonly Problem[];
}

/** Two repositories on one volume count once, and so does one that is reached twice; one that nobody trusts does not. */
export async function witness(
  repository: Repository,
  from: readonly Transport[],
  asked: readonly Prepared[],
  needed: number,
): Promise<Witnessed> {
  const { context, layout, root } = repository;
  const wanted = new Map(asked.map((each) => [each.blake3, each]));
  const counts = new Map<ContentId, number>();
  const problems: Problem[] = [];
  const { id: own } = await readConfig(repository);
  const here = context.disk.lstatExact(root)?.dev;
  const known = new Set<string>([own]);
  for (const transport of from) {
    const { id, name } = await transport.facts();
    const volume = transport.volume();
    const place = volume === undefined ? id : `volume ${volume}`;
    if (known.has(id) || known.has(place)) continue;
    if (volume !== undefined && volume === here) {
      problems.push(say.sameVolume(transport.place));
      continue;
    }
    if (readRepositoryFile(context.disk, layout, name)?.trust === 'none') {
      problems.push(say.notTrusted(transport.place));
      continue;
    }
    known.add(id).add(place);
    const open = [...wanted.values()].filter(({ blake3 }) => (counts.get(blake3) ?? 0) < needed);
    const totalBytes = open.reduce((sum, { size }) => sum + size, 0);
    const seen = await transport.witness(open, ({ path }, done) => {
      if (context.interrupted()) throw new Interrupted();
      context.progress.tell({ phase: 'Checking', path, ...done, totalBytes });
    });
    for (const blake3 of seen) counts.set(blake3, (counts.get(blake3) ?? 0) + 1);
  }
  return { counts, problems };
}
