/** Takes back what a command took from elsewhere: head goes back, the disk after it, and what people wrote there too. */

import type { CommitId } from '../model/id.ts';
import type { RecordedOperation } from '../store/operations.ts';
import { changesBetween } from '../store/texts.ts';
import { arrivalOf } from './arrival.ts';
import { planArrival } from './arrive.ts';
import { directoriesOfTexts, manifestsIn, MirrorReader } from './changes-of-texts.ts';
import type { Eyes } from './eyes.ts';
import { goOn } from './go-on.ts';
import { look } from './look.ts';
import { movesBetween } from './moves-between.ts';
import { handOf } from './texts-view.ts';
import type { Repository } from './repository.ts';
import type { Undone } from './undo.ts';
import { wantedThen } from './wanted-then.ts';

/**
 * Head goes to where the operation found it. Of the files only what still stands as it left it goes back; all else
 * is left, told, and known to be older than head says.
 */
export async function undoTaken(
  repository: Repository,
  eyes: Eyes,
  undone: RecordedOperation,
  dryRun: boolean,
): Promise<Undone> {
  const { commits } = repository;
  const { before, after } = undone.operation;
  const [from, to] = [after, before].map((id) => (id === '' ? undefined : id)) as (CommitId | undefined)[];
  const seen = await look(repository, eyes, { hashNew: false, checkEverything: false });
  const texts = [...changesBetween(commits, from, to, handOf(from, seen.texts))];
  const changes = [...directoriesOfTexts(texts, new MirrorReader(manifestsIn(commits, [from, to])))];
  const moves = movesBetween(commits, from, to, changes);
  const planned = planArrival(
    seen,
    arrivalOf(seen, { changes, moves, isUnrecorded: true }, await wantedThen(seen, texts)),
  );
  const { plan } = planned;
  const head = { from, to };
  if (dryRun) return { undone, head, plan, applied: undefined, problems: plan.problems };
  const way = { command: 'undo', undoes: undone.name, to, texts, moves, report: () => undefined };
  const { applied, problems } = await goOn(seen, way, planned, () => []);
  return { undone, head, plan, applied, problems: [...plan.problems, ...problems] };
}
