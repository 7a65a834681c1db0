/** What becomes of each text of `index/` when the repository goes from one commit to another. */

import { digest } from '../disk/blake3.ts';
import type { TextChange } from '../model/change.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import type { Stanza } from '../text/patch-read.ts';
import { rulerOf } from '../text/ruler.ts';
import type { Commits } from './commits.ts';
import { firstParents } from './history.ts';
import { changesBetween, idsAt } from './texts.ts';
import { historyContradicts } from './problems.ts';
import { applyOf, headersOf, patchOf, revertOf } from './trace.ts';

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

/** From which commit to which; undefined is the state before the first one. */
export interface Step {
  readonly from: CommitId | undefined;
  readonly to: CommitId | undefined;
  readonly recorded?: RecordedId | undefined;
  /** All that is different between the two, sorted by path, where the caller knows it. */
  readonly changes?: readonly TextChange[] | undefined;
  /** Only the texts that commits rule change; always so on the way back. */
  readonly leavesPeople?: boolean;
  /** All texts change, also on the way back: those that people write had come with what is taken back. */
  readonly isWhole?: boolean;
}

/**
 * The steps to a commit: those of its patch, where it follows directly; else those of all that is different.
 *
 * Back to where a history came from only the texts go that commits rule: what people write stays as it stands.
 */
export function* textSteps(commits: Commits, step: Step): Generator<TextStep> {
  if (step.isWhole === true) yield* stepsBetween(commits, step);
  else if (step.leavesPeople === true) yield* ruledByCommits(stepsOf(commits, step));
  else yield* stepsOf(commits, step);
}

function* stepsOf(commits: Commits, step: Step): Generator<TextStep> {
  const { from, to } = step;
  if (isNext(commits, from, to)) yield* stepsOfPatch(commits, { ...step, to });
  else if (isNext(commits, to, from)) yield* stepsBack(commits, from);
  else if (isBack(commits, step)) yield* ruledByCommits(stepsBetween(commits, step));
  else yield* stepsBetween(commits, step);
}

/** The texts that one commit gives new bytes, where that is what the steps are; to be asked when it matters. */
export function* newTexts(
  commits: Commits,
  { from, to }: Step,
): Generator<{ readonly path: string; readonly id: ContentId }> {
  if (!isNext(commits, from, to)) return;
  for (const { path, newId } of headersOf(commits, to)) if (newId !== undefined) yield { path, id: newId };
}

/** Whether a commit follows directly on a state. */
function isNext(commits: Commits, from: CommitId | undefined, to: CommitId | undefined): to is CommitId {
  return to !== undefined && commits.readCommit(to).parents[0] === from;
}

function isBack(commits: Commits, { from, to }: Step): boolean {
  if (to === undefined) return true;
  for (const { id } of firstParents(commits, from)) if (id === to) return true;
  return false;
}

function* ruledByCommits(steps: Iterable<TextStep>): Generator<TextStep> {
  for (const step of steps) if (rulerOf(step.path) === 'commit') yield step;
}

/** Takes a commit's patch back; what it renamed goes from where it is to where it was. */
function* stepsBack(commits: Commits, from: CommitId): Generator<TextStep> {
  const moved: Stanza[] = [];
  for (const stanza of patchOf(commits, from)) {
    if (rulerOf(stanza.path) !== 'commit') continue;
    if (stanza.kind === 'renamed' && stanza.newId === undefined) moved.push(stanza);
    else yield stepBack(commits, from, stanza, stanza.newId, stanza.oldId);
  }
  const ids = idsAt(
    commits,
    from,
    moved.map(({ path }) => path),
  );
  for (const stanza of moved) {
    const id = ids.get(stanza.path);
    if (id === undefined) throw historyContradicts(from, stanza.path);
    yield stepBack(commits, from, stanza, id, id);
  }
}

function stepBack(
  commits: Commits,
  from: CommitId,
  stanza: Stanza,
  now: ContentId | undefined,
  old: ContentId | undefined,
): TextStep {
  const { kind, path } = stanza;
  const after = old === undefined ? {} : { after: old };
  const make = (text: string | undefined): string | undefined => revertOf(commits, from, stanza, text);
  if (now === undefined) return { path, ...after, make };
  if (kind === 'renamed') return { path: sourceOf(stanza), ...after, from: { path, id: now }, make };
  return { path, before: now, ...after, make };
}

function* stepsBetween(commits: Commits, { from, to, changes }: Step): Generator<TextStep> {
  for (const { path, before, after } of changes ?? changesBetween(commits, from, to)) {
    yield {
      path,
      ...(before === undefined ? {} : { before: digest(before) }),
      ...(after === undefined ? {} : { after: digest(after) }),
      make: () => after,
    };
  }
}

/** Memory is that of one text, and of the renames whose texts stay as they are: these say no ids. */
function* stepsOfPatch(
  commits: Commits,
  { from, to, recorded }: Step & { readonly to: CommitId },
): Generator<TextStep> {
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
