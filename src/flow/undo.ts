/**
 * Takes back what the last command did: the head it moved, and the files it changed.
 *
 * Long because it tells apart what was recorded, what was taken from others, and what was only done to files.
 */

import type { CommitId } from '../model/id.ts';
import { refuse, type Problem } from '../model/problem.ts';
import { repositoryOfRecord } from '../model/repository-name.ts';
import { firstParents, history } from '../store/history.ts';
import { operations, type RecordedOperation } from '../store/operations.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import { changesBetween } from '../store/texts.ts';
import { namesIn } from '../store/directories.ts';
import { advance } from '../store/working.ts';
import { applyPlan, type Applied } from '../sync/apply.ts';
import type { Plan } from '../sync/plan.ts';
import { absentAgain } from './absent-again.ts';
import { readConfig } from './config.ts';
import { exclusively } from './exclusively.ts';
import type { Eyes } from './eyes.ts';
import { noteOperation, operationDate } from './note-operation.ts';
import type { Repository } from './repository.ts';
import { handsFor } from './restore.ts';
import { sayOfItself } from './say-of-itself.ts';
import { takeBack, wentForth } from './take-back.ts';
import { keepEvidenceOfUndo, type WentForth } from './undo-evidence.ts';
import { planBack } from './undo-files.ts';
import { undoTaken } from './undo-taken.ts';
import { bringTextsAlong } from './undo-texts.ts';

export interface UndoOptions {
  /** The beginning of an operation's name; absent: the newest. */
  readonly operation?: string | undefined;
  readonly dryRun: boolean;
}

export interface Undone {
  readonly undone: RecordedOperation;
  readonly head: HeadMove | undefined;
  /** What is done to files; undefined where the operation touched none. */
  readonly plan: Plan | undefined;
  readonly applied: Applied | undefined;
  readonly problems: readonly Problem[];
}

/** Where the head was and is. */
export interface HeadMove {
  readonly from: CommitId | undefined;
  /** The commit that the index is as of; where another repository has the commit, head is one that says so. */
  readonly to: CommitId | undefined;
  /** Another repository that has the commit, so that it is taken back by one more; absent where nobody is known to. */
  readonly holder?: string;
  /** That one more commit, once it is made. */
  readonly made?: CommitId;
}

/** Commands that take what others have. Nobody loses a commit by that, so head simply goes back. */
const TAKING: ReadonlySet<string> = new Set(['merge', 'pull', 'sync', 'clone']);

/** Commands whose commits hold only what dbk itself wrote, so that all of it goes back with them. */
const WRITING: ReadonlySet<string> = new Set(['resolve', 'people add', 'people rename', 'people import']);

/** What commands did, newest first; what cannot be read is told. */
export function* listOperations(
  { context, layout }: Repository,
  tell: (problem: Problem) => void,
): Generator<RecordedOperation> {
  yield* operations(context.disk, layout, tell);
}

export async function undo(repository: Repository, { operation, dryRun }: UndoOptions): Promise<Undone> {
  return exclusively(repository, 'undo', async ({ eyes, problems: met }) => {
    const undone = operation === undefined ? newest(repository) : named(repository, operation);
    const { before, after, steps } = undone.operation;
    const problems: Problem[] = [...met];
    if (before !== after && hasTaken(repository, undone)) {
      refuseUnlessHead(repository, undone);
      const back = await undoTaken(repository, eyes, undone, dryRun);
      return { ...back, problems: [...met, ...back.problems] };
    }
    let head: HeadMove | undefined;
    if (before !== after) head = await headMoveOf(repository, undone);
    const files = steps.length === 0 ? undefined : await planBack(repository, eyes, undone);
    problems.push(...(files?.problems ?? []), ...(files?.plan.problems ?? []));
    if (dryRun) return { undone, head, plan: files?.plan, applied: undefined, problems };
    if (head !== undefined) {
      const moved = await moveHead(repository, eyes, head, undone.name, files === undefined);
      head = moved.head;
      problems.push(...moved.problems);
    }
    // What was only said is taken back by saying so.
    if (head === undefined && files === undefined) {
      const at = repository.commits.readHead();
      noteOperation(repository, 'undo', at, at, undone.name);
    }
    const isOwn = files !== undefined || isOneOf(repository, undone, WRITING);
    if (head !== undefined && isOwn) bringTextsAlong(repository, head.from, head.to);
    if (files === undefined) return { undone, head, plan: undefined, applied: undefined, problems };
    const name = { command: 'undo', date: operationDate(repository), undoes: undone.name };
    const hands = await handsFor(repository, files.guard, files.sources);
    const applied = await applyPlan(
      hands,
      files.plan,
      head === undefined ? name : { ...name, before: head.from },
    );
    // All that was done to files was gone already: the head still moved.
    if (head !== undefined && applied.operation === undefined)
      noteOperation(repository, 'undo', head.from, repository.commits.readHead(), undone.name);
    return { undone, head, plan: files.plan, applied, problems: [...problems, ...applied.problems] };
  });
}

/** Takes the head back, or on to a commit that takes the others back; says so in `operations/` where nobody else will. */
async function moveHead(
  repository: Repository,
  eyes: Eyes,
  head: HeadMove,
  undoes: string,
  isAll: boolean,
): Promise<{ readonly head: HeadMove; readonly problems: readonly Problem[] }> {
  const { commits } = repository;
  const { from, to, holder } = head;
  const forth = from === undefined ? undefined : movedSince(repository, to, from);
  const remember = (now: CommitId | undefined): void => {
    if (forth !== undefined) keepEvidenceOfUndo(repository, eyes.request.home, { from, to: now }, forth);
  };
  if (holder === undefined) {
    const note = (): void => {
      if (isAll) noteOperation(repository, 'undo', from, to, undoes);
    };
    const held = await absentAgain(repository, from, to);
    const problems = advance(commits, { command: 'undo', from, to, note });
    remember(to);
    await sayOfItself(repository, to, undefined, held);
    return { head, problems };
  }
  const { head: made, problems } = await takeBack(repository, eyes, to);
  if (isAll) noteOperation(repository, 'undo', from, made, undoes);
  remember(made);
  await sayOfItself(repository, made);
  return { head: { ...head, made }, problems };
}

/** Undefined where nothing moved, or the head goes on. */
function movedSince(
  { commits }: Repository,
  to: CommitId | undefined,
  from: CommitId,
): WentForth | undefined {
  const isDoneAgain = to !== undefined && commits.readCommit(to).parents[0] === from;
  if (isDoneAgain) return undefined;
  let hasMoved = false;
  for (const { id, commit } of firstParents(commits, from)) {
    if (id === to)
      return hasMoved ? wentForth(commits, to, from, changesBetween(commits, to, from)) : undefined;
    hasMoved ||= commit.moved.length > 0;
  }
  return hasMoved && to === undefined
    ? wentForth(commits, to, from, changesBetween(commits, to, from))
    : undefined;
}

function idOf(text: CommitId | ''): CommitId | undefined {
  return text === '' ? undefined : text;
}

/** The newest operation; or the commit that head is, where the command that made it had no time to note it. */
function newest(repository: Repository): RecordedOperation {
  const { commits } = repository;
  const [last] = listOperations(repository, () => undefined);
  const head = commits.readHead();
  const known = last?.operation.after ?? '';
  if (head !== undefined && known !== head) {
    const parent: CommitId | '' = commits.readCommit(head).parents[0] ?? '';
    const date = operationDate(repository);
    const operation = { command: 'commit', date, before: parent, after: head, steps: [], undoes: '' };
    if (parent === known) return { name: '', operation };
    // What was taken from elsewhere had no time to be noted.
    if (known !== '' && comesFrom(repository, head, known))
      return { name: '', operation: { ...operation, command: 'merge', before: known } };
  }
  if (last !== undefined) return last;
  return refuse('failed', 'flow/nothing-to-undo', 'no command has changed anything yet');
}

function named(repository: Repository, start: string): RecordedOperation {
  const found = [...listOperations(repository, () => undefined)].filter(({ name }) => name.startsWith(start));
  if (found.length === 1) return found[0]!;
  const what =
    found.length === 0 ? `there is no operation '${start}'` : `'${start}' begins several operations`;
  return refuse('usage', 'flow/no-such-operation', what, { hint: 'see them with: dbk undo --list' });
}

/** Whether it took what others have, or took that back. */
function hasTaken(repository: Repository, undone: RecordedOperation): boolean {
  return isOneOf(repository, undone, TAKING);
}

/** Whether it is one of these commands, or took one of them back. */
function isOneOf(
  repository: Repository,
  { operation }: RecordedOperation,
  commands: ReadonlySet<string>,
): boolean {
  if (commands.has(operation.command)) return true;
  if (operation.undoes === '') return false;
  for (const each of listOperations(repository, () => undefined))
    if (each.name === operation.undoes) return isOneOf(repository, each, commands);
  return false;
}

function refuseUnlessHead({ commits }: Repository, { operation }: RecordedOperation): void {
  if ((commits.readHead() ?? '') === operation.after) return;
  refuse('failed', 'flow/head-moved', `cannot undo '${operation.command}': the head has moved since`, {
    hint: 'see what came after it with: dbk undo --list',
  });
}

async function headMoveOf(repository: Repository, undone: RecordedOperation): Promise<HeadMove> {
  const { before, after } = undone.operation;
  refuseUnlessHead(repository, undone);
  const move = { from: idOf(after), to: idOf(before) };
  // Going on to where the head has been before takes nothing from anybody.
  if (after === '' || (before !== '' && comesFrom(repository, before, after))) return move;
  const holder = await holderOf(repository, after);
  return holder === undefined ? move : { ...move, holder };
}

/** Whether a commit is another one, or follows it. */
function comesFrom({ commits }: Repository, later: CommitId, earlier: CommitId): boolean {
  for (const { id } of history(commits, later)) if (id === earlier) return true;
  return false;
}

/** Another repository that is known to stand at a commit, or at one that follows it. */
async function holderOf(repository: Repository, commit: CommitId): Promise<string | undefined> {
  const { context, layout } = repository;
  const { name: own } = await readConfig(repository);
  for (const file of namesIn(context.disk, layout.repositories)) {
    const name = repositoryOfRecord(file);
    if (name === undefined || name === own) continue;
    const head = readRepositoryFile(context.disk, layout, name)?.head;
    if (head !== undefined && head !== '' && isFollowing(repository, head, commit)) return name;
  }
  return undefined;
}

/** A commit that is not here came from somewhere else and says nothing of ours. */
function isFollowing(repository: Repository, head: CommitId, commit: CommitId): boolean {
  if (head === commit) return true;
  try {
    return comesFrom(repository, head, commit);
  } catch (error) {
    if ((error as { kind?: unknown }).kind !== 'damage') throw error;
    return false;
  }
}
