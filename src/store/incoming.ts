/**
 * Takes commits from another repository, each checked before it stands in `commits/`: section 8 of
 * ../text/README.md, "A commit from elsewhere".
 */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { Interrupted } from '../model/problem.ts';
import type { Progress } from '../model/progress.ts';
import { parseCommit } from '../text/commit.ts';
import type { Commits } from './commits.ts';
import { discardTree, makeScratch } from './directories.ts';
import { createFile, decode, openWriter } from './files.ts';
import { hashers } from './hashers.ts';
import { checkPatch, type Known } from './incoming-check.ts';
import * as say from './incoming-problems.ts';
import { IndexIds } from './index-ids.ts';
import { readChunks } from './patch-chunks.ts';
import { TextsNear } from './texts-near.ts';

/** Where commits come from. */
export interface CommitSource {
  readonly place: string;
  readCommit(id: CommitId, limit: number): Promise<Uint8Array | undefined>;
  readPatch(id: CommitId): AsyncIterable<Uint8Array>;
}

export interface Taking {
  readonly interrupted: () => boolean;
  readonly progress: Progress;
}

/** A commit that moves a million files one by one says so in about 200 MB; longer ones than this are no string. */
const LONGEST_COMMIT = 1 << 29;
/** What `git apply` takes, and dbk writes, stays below. */
const LONGEST_PATCH = 1 << 30;
/** Nobody merges more at once. */
const MOST_PARENTS = 64;

/**
 * Takes a commit and all that it came from and is missing here, parents first; each is durable before the next one.
 *
 * Refuses ('damage') what is not what it says it is: nothing of such a commit stays, what was taken before it does.
 */
export async function takeCommits(
  commits: Commits,
  source: CommitSource,
  head: CommitId,
  { interrupted, progress }: Taking,
): Promise<{ readonly taken: readonly CommitId[] }> {
  const breathe = (): void => {
    if (interrupted()) throw new Interrupted();
  };
  const missing = await missingFrom(commits, source, head, breathe);
  const taken: CommitId[] = [];
  const known = { ids: new IndexIds(commits), near: new TextsNear(commits) };
  for (const id of missing) {
    breathe();
    progress.tell({
      phase: 'Fetching',
      path: '',
      files: taken.length,
      bytes: 0,
      totalFiles: missing.length,
    });
    await takeCommit(commits, source, id, known, breathe);
    taken.push(id);
  }
  return { taken };
}

/** Every commit that is not here, a parent before what follows it. */
async function missingFrom(
  commits: Commits,
  source: CommitSource,
  head: CommitId,
  breathe: () => void,
): Promise<CommitId[]> {
  if (commits.has(head)) return [];
  const parentsOf = new Map<CommitId, readonly CommitId[]>();
  const waiting: CommitId[] = [head];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (parentsOf.has(id) || commits.knows(id)) continue;
    breathe();
    const { parents } = await readFrom(source, id);
    parentsOf.set(id, parents);
    waiting.push(...parents);
  }
  return inOrder(parentsOf, head);
}

/** No id can be among those it came from, since it is made of theirs: so this ends. */
function inOrder(parentsOf: ReadonlyMap<CommitId, readonly CommitId[]>, head: CommitId): CommitId[] {
  const ordered = new Set<CommitId>();
  const waiting: CommitId[] = [head];
  for (let id = waiting.at(-1); id !== undefined; id = waiting.at(-1)) {
    const before = parentsOf.get(id)!.filter((each) => parentsOf.has(each) && !ordered.has(each));
    if (before.length > 0) waiting.push(...before);
    else {
      waiting.pop();
      ordered.add(id);
    }
  }
  return [...ordered];
}

interface Letter {
  readonly commit: Commit;
  readonly text: string;
}

async function readFrom(source: CommitSource, id: CommitId): Promise<Commit> {
  return (await letterFrom(source, id)).commit;
}

async function letterFrom(source: CommitSource, id: CommitId): Promise<Letter> {
  try {
    const bytes = await source.readCommit(id, LONGEST_COMMIT);
    if (bytes === undefined) throw say.notThere(id, source.place);
    const found = digest(bytes) as string;
    if (found !== id) throw say.foreignDamaged(id, source.place, `it is ${found}`);
    const text = decode(bytes, 'commit.yaml');
    const commit = parseCommit(text);
    if (commit.parents.length > MOST_PARENTS)
      throw say.foreignDamaged(id, source.place, `it has ${commit.parents.length} parents`);
    return { commit, text };
  } catch (error) {
    throw say.foreignNotGiven(id, source.place, error);
  }
}

async function takeCommit(
  commits: Commits,
  source: CommitSource,
  id: CommitId,
  known: Known,
  breathe: () => void,
): Promise<void> {
  const { disk, layout } = commits;
  const { text, commit } = await letterFrom(source, id);
  const scratch = makeScratch(disk, layout.scratch);
  try {
    const path = join(scratch, 'changes.patch');
    await copyPatch(commits, source, id, commit.changes, path, breathe);
    const patch = (): Iterable<Uint8Array> => readChunks(disk, path, idle, undefined);
    checkPatch(commits, known, { id, commit, patch, place: source.place }, breathe);
    createFile(disk, join(scratch, 'commit.yaml'), text, { durable: true });
    commits.placeCommit(scratch, text, commit);
  } catch (error) {
    discardTree(disk, scratch);
    throw error;
  }
}

const idle = hashers();

async function copyPatch(
  { disk }: Commits,
  source: CommitSource,
  id: CommitId,
  expected: ContentId,
  path: string,
  breathe: () => void,
): Promise<void> {
  const writer = openWriter(disk, path);
  const hasher = idle.take();
  let length = 0;
  let found: ContentId | undefined;
  try {
    for await (const chunk of source.readPatch(id)) {
      breathe();
      length += chunk.length;
      if (length > LONGEST_PATCH)
        throw say.foreignDamaged(id, source.place, 'its patch is longer than 1 GiB');
      hasher.update(chunk);
      writer.write(chunk);
    }
    writer.close({ durable: true });
  } catch (error) {
    writer.abandon();
    throw say.foreignNotGiven(id, source.place, error);
  } finally {
    found = idle.giveBack(hasher);
  }
  if (found !== expected)
    throw say.foreignDamaged(id, source.place, `its patch is ${found}, not ${expected}`);
}
