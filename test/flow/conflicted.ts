/** Repositories in which a merge has left conflicts: laptop's on one side, nas's on the other. */

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import type { TestContext } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { noteOperation } from '../../src/flow/note-operation.ts';
import { listOperations } from '../../src/flow/undo.ts';
import type { CommitId, ContentId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import type { Move } from '../../src/model/commit.ts';
import { conflictId, writeConflict, type Conflict } from '../../src/text/conflict.ts';
import { commitAll, contextOf, newRepository, put, remove } from './fixture.ts';

/** A text is a file, null a folder; what begins with `.dbk/` is a text of the index; undefined takes a path away. */
export type Literal = Readonly<Record<string, string | null | undefined>>;

export interface Story {
  readonly base: Literal;
  /** What each side changed. */
  readonly ours: Literal;
  readonly theirs: Literal;
  /** What the merge changes of what ours has. */
  readonly merged: Literal;
  /** `ids` are contents; `commits` are filled in. */
  readonly conflicts: readonly OpenStory[];
  /** Against each parent, where that is not the first. */
  readonly moved?: readonly Move[];
}

export interface OpenStory {
  readonly kind: Conflict['kind'];
  readonly paths: readonly string[];
  readonly ids?: readonly string[];
  readonly field?: string;
  readonly kept?: string;
}

export interface Conflicted {
  readonly repository: Repository;
  readonly ours: CommitId;
  readonly theirs: CommitId;
  readonly merge: CommitId;
  /** Of the conflicts of the story, in its order. */
  readonly ids: readonly string[];
}

/** `name` is what this repository is called afterwards; nas's has the same commits, and was on the other side. */
export async function conflicted(t: TestContext, story: Story, name = 'laptop'): Promise<Conflicted> {
  const laptop = await newRepository(t, contextOf());
  await change(laptop, story.base);
  const folder = `${laptop.root}-nas`;
  execFileSync('cp', ['-a', laptop.root, folder]);
  called(folder, 'nas');
  const nas = openRepository(contextOf(), folder);
  const theirs = await change(nas, story.theirs);
  const ours = await change(laptop, story.ours);
  fs.cpSync(nas.layout.commits, laptop.layout.commits, { recursive: true });
  const reopened = openRepository(laptop.context, laptop.root);
  const commits = [ours, theirs].sort();
  const open = story.conflicts.map((each) => opened(each, commits));
  const texts = open.map((conflict) => [
    `.dbk/conflicts/${conflictId(conflict, digest)}.yaml`,
    writeConflict(conflict),
  ]);
  const single = await change(reopened, { ...story.merged, ...(Object.fromEntries(texts) as Literal) });
  const merge = asMerge(reopened, single, { ours, theirs, moved: story.moved ?? [] });
  if (name !== 'laptop') called(laptop.root, name);
  forgetOperations(reopened);
  const before = name === 'laptop' ? ours : name === 'nas' ? theirs : undefined;
  if (before !== undefined) noteOperation(reopened, 'merge', before, merge);
  const repository = openRepository(laptop.context, laptop.root);
  const ids = open.map((conflict) => conflictId(conflict, digest));
  return { repository, ours, theirs, merge, ids };
}

function opened(
  { kind, paths, ids = [], field = '', kept }: OpenStory,
  commits: readonly CommitId[],
): Conflict {
  const contents = ids.map((text) => digest(text)) as ContentId[];
  const more = kept === undefined ? {} : { kept };
  return { kind, paths: paths as RepositoryPath[], ids: contents, field, commits, ...more };
}

async function change(repository: Repository, literal: Literal): Promise<CommitId> {
  put(repository.root, { 'always there': String(Object.keys(literal)) });
  for (const [path, content] of Object.entries(literal)) {
    const [folder, at] = path.startsWith('.dbk/')
      ? [repository.layout.index, path.slice('.dbk/'.length)]
      : [repository.root, path];
    if (content === undefined) remove(folder, at);
    else put(folder, { [at]: content });
  }
  const { commit, problems } = await commitAll(repository);
  const wrong = problems.filter(({ severity }) => severity === 'error');
  if (commit === undefined || wrong.length > 0) throw new Error(JSON.stringify(wrong));
  return commit;
}

/** The same patch, in a commit with two parents. */
function asMerge(
  { commits, layout }: Repository,
  single: CommitId,
  {
    ours,
    theirs,
    moved,
  }: { readonly ours: CommitId; readonly theirs: CommitId; readonly moved: readonly Move[] },
): CommitId {
  const writer = commits.beginCommit();
  for (const chunk of commits.patchChunks(single)) writer.write(Buffer.from(chunk).toString('utf8'));
  const { changes: _changes, ...commit } = commits.readCommit(single);
  const merge = writer.finish({
    ...commit,
    parents: [ours, theirs],
    repository: 'merge',
    author: 'dbk',
    moved: [...commit.moved, ...moved],
    message: 'Merge',
  });
  commits.writeHead(merge);
  commits.withdrawCommit(single);
  fs.rmSync(join(dirname(layout.head), 'local/cache'), { force: true });
  return merge;
}

function forgetOperations(repository: Repository): void {
  for (const { name } of listOperations(repository, () => undefined))
    fs.rmSync(join(repository.layout.operations, `${name}.yaml`));
}

function called(root: string, name: string): void {
  const config = join(root, '.dbk/config.yaml');
  fs.writeFileSync(config, fs.readFileSync(config, 'utf8').replace(/^name: .*$/m, `name: ${name}`));
}

/** What a content is called that may not keep its name. */
export function beside(name: string, content: string): string {
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)} (conflict ${digest(content).slice(0, 8)})${name.slice(dot)}`;
}
