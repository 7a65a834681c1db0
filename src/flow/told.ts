/** What people said had moved since the last commit: by `mv`, and not taken back. */

import type { CommitId } from '../model/id.ts';
import { operations } from '../store/operations.ts';
import type { Told } from '../text/operation.ts';
import type { Repository } from './repository.ts';

/** They record what they do themselves, and nothing that was done before. */
const COMMITS_OF_THEIR_OWN = /^(?:new|(?:entity|people) [a-z]+)$/;

/** What moved twice is told by its ends; the oldest first. */
export function toldMoves({ context, layout }: Repository, head: CommitId | undefined): Told[] {
  const steps: Told[] = [];
  const undone = new Set<string>();
  let at: string = head ?? '';
  for (const { name, operation } of operations(context.disk, layout, () => undefined)) {
    const { command, before, after, undoes } = operation;
    if (after !== at) break;
    if (before !== after) {
      // A commit says what moved before it, but one about entities or people alone.
      if (!COMMITS_OF_THEIR_OWN.test(command)) break;
      at = before;
      continue;
    }
    if (undone.has(name)) continue;
    if (undoes !== '') undone.add(undoes);
    if (command !== 'mv') continue;
    const moves = operation.steps.flatMap((step) => (step.kind === 'move' ? [step] : []));
    steps.unshift(...moves.map(({ from, to }) => ({ from, to })), ...(operation.told ?? []));
  }
  return steps.length < 2 ? steps : joined(steps);
}

/** From a to b and from b to c is from a to c, of what is below a folder too. */
function joined(steps: readonly Told[]): Told[] {
  const ends: { from: Told['from']; to: Told['to'] }[] = [];
  for (const { from, to } of steps) {
    let isNew = true;
    for (const end of ends) {
      if (end.to !== from && !end.to.startsWith(`${from}/`)) continue;
      isNew &&= end.to !== from;
      end.to = (to + end.to.slice(from.length)) as Told['to'];
    }
    if (isNew) ends.push({ from, to });
  }
  return ends.filter(({ from, to }) => from !== to);
}
