/** The paths that a command was given: as arguments, and in a list. */

import { resolve } from 'node:path/posix';
import { list } from '../../flow/ls.ts';
import type { Repository } from '../../flow/repository.ts';
import type { CommitId } from '../../model/id.ts';
import type { RepositoryPath } from '../../model/path.ts';
import { Refusal } from '../../model/problem.ts';
import { pathsInList } from '../files-from.ts';
import { placeOf } from '../operands.ts';
import type { Work } from '../work.ts';
import * as problems from './problems.ts';

/** Arguments first, then the list of `--files-from`; all are relative to the folder the command works in. */
export async function typedPaths(work: Work, operands: readonly string[]): Promise<readonly string[]> {
  const list = work.given.text('files-from');
  if (list === undefined) {
    if (work.given.flag('null')) throw new Refusal('usage', problems.nulWithoutList());
    return operands;
  }
  const bytes = list === '-' ? await readStdin(work) : readList(work, list);
  return [...operands, ...pathsInList(bytes, work.given.flag('null'))];
}

/** Refuses ('failed') a path that is neither on the disk nor in one of the commits: most likely it is mistyped. */
export async function pathsOf(
  work: Work,
  repository: Repository,
  operands: readonly string[],
  at: { readonly from: CommitId | undefined; readonly to: CommitId | undefined },
): Promise<readonly RepositoryPath[]> {
  const typed = await typedPaths(work, operands);
  const paths = typed.map((each) => placeOf(repository, work.directory, each));
  for (const [i, path] of paths.entries()) {
    if (standing(repository, work.directory, typed[i]!)) continue;
    const commits = [at.from ?? repository.commits.readHead(), at.to];
    if (isInSome(repository, path, commits)) continue;
    throw new Refusal('failed', problems.nowhere(typed[i]!));
  }
  return paths;
}

/** Whether something stands at a path that was typed. */
export function standing({ context }: Repository, directory: string, typed: string): boolean {
  try {
    return context.disk.lstat(resolve(directory, typed)) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

function isInSome(
  repository: Repository,
  path: RepositoryPath,
  commits: readonly (CommitId | undefined)[],
): boolean {
  return commits.some((at) => {
    if (at === undefined) return false;
    try {
      list(repository, { path, at, recursive: false }).next();
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.problem.code === 'flow/not-recorded') return false;
      throw error;
    }
  });
}

function readList(work: Work, list: string): Uint8Array {
  try {
    return work.world.readAll(resolve(work.directory, list));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const why = /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
    throw new Refusal('failed', problems.unreadableList(list, why));
  }
}

/** All that is piped in. */
export function readStdin(work: Work): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve) => {
    const stop = work.world.terminal.stdin.listen((chunk) => {
      if (chunk !== undefined) {
        chunks.push(chunk);
        return;
      }
      stop();
      resolve(Buffer.concat(chunks));
    });
  });
}
