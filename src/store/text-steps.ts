/** What becomes of each text of `index/` when the repository goes from one commit to another. */

import { digest } from '../disk/blake3.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import type { Stanza } from '../text/patch-read.ts';
import type { Commits } from './commits.ts';
import { changesBetween, idsAt } from './texts.ts';
import { historyContradicts } from './problems.ts';
import { applyOf, patchOf } from './trace.ts';

/** One text: the ids it has before and after (absent where it is not there), and how the new one is made. */
export interface TextStep {
  readonly path: string;
  readonly before?: ContentId;
  readonly after?: ContentId;
  /** Where the text is before, if it is called otherwise there; its id there. */
  readonly from?: { readonly path: string; readonly id: ContentId };
  /** Makes the text after from that before (of `from`, where there is one). */
  readonly make: (before: string | undefined) => string | undefined;
}

/** What a caller may know of the recorded texts, so that it need not be read. */
export type RecordedId = (path: string) => ContentId | undefined;

/** From which commit to which. */
export interface Step {
  readonly from: CommitId | undefined;
  readonly to: CommitId;
  readonly recorded?: RecordedId | undefined;
}

/** The steps to a commit: those of its patch, where it follows directly; else those of all that is different. */
export function* textSteps(commits: Commits, step: Step): Generator<TextStep> {
  if (commits.readCommit(step.to).parents[0] === step.from) yield* stepsOfPatch(commits, step);
  else yield* stepsBetween(commits, step);
}

function* stepsBetween(commits: Commits, { from, to }: Step): Generator<TextStep> {
  for (const { path, before, after } of changesBetween(commits, from, to)) {
    yield {
      path,
      ...(before === undefined ? {} : { before: digest(before) }),
      ...(after === undefined ? {} : { after: digest(after) }),
      make: () => after,
    };
  }
}

/** Memory is that of one text, and of the renames whose texts stay as they are: these say no ids. */
function* stepsOfPatch(commits: Commits, { from, to, recorded }: Step): Generator<TextStep> {
  const moved: Stanza[] = [];
  for (const stanza of patchOf(commits, to)) {
    if (stanza.kind === 'renamed' && stanza.newId === undefined) moved.push(stanza);
    else yield stepOf(commits, to, stanza, stanza.oldId, stanza.newId);
  }
  const ids = recorded ? undefined : idsAt(commits, from, moved.map(sourceOf));
  for (const stanza of moved) {
    const id = ids ? ids.get(sourceOf(stanza)) : recorded?.(sourceOf(stanza));
    if (id === undefined) throw historyContradicts(to, sourceOf(stanza));
    yield stepOf(commits, to, stanza, id, id);
  }
}

function sourceOf({ path, from = path }: Stanza): string {
  return from;
}

function stepOf(
  commits: Commits,
  to: CommitId,
  stanza: Stanza,
  old: ContentId | undefined,
  now: ContentId | undefined,
): TextStep {
  const { kind, path } = stanza;
  const after = now === undefined ? {} : { after: now };
  const make = (before: string | undefined): string | undefined => applyOf(commits, to, stanza, before);
  if (old === undefined) return { path, ...after, make };
  if (kind === 'renamed') return { path, ...after, from: { path: sourceOf(stanza), id: old }, make };
  return { path, before: old, ...after, make };
}
