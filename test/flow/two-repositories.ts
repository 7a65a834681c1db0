/** Two or more repositories beside each other that merge, for tests of what goes between them. */

import { join } from 'node:path/posix';
import type { TestContext } from 'node:test';
import type { Context } from '../../src/flow/context.ts';
import { init } from '../../src/flow/init.ts';
import { openFolder } from '../../src/flow/merge-source.ts';
import { merge, type MergeOptions, type MergeResult } from '../../src/flow/merge.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { temporary } from '../tools/tree.ts';
import { commitAll, contextOf, put, reopened } from './fixture.ts';

export type Files = Readonly<Record<string, string | null>>;

/** Repositories of these names, with the same files, at the same commit. */
export async function repositories(
  t: TestContext,
  names: readonly [string, ...string[]],
  files: Files = {},
): Promise<Repository[]> {
  const folder = temporary(t);
  const [first, ...others] = names;
  const one = await init(contextOf(), { folder: join(folder, first), name: first });
  put(one.root, files);
  await commitAll(one);
  const all = [one];
  for (const name of others) {
    const other = await init(otherContext(name), { folder: join(folder, name), name });
    await mergeFrom(other, one);
    all.push(other);
  }
  return all;
}

/** Ids that are made are others than those of the first. */
export function otherContext(name: string): Context {
  const context = contextOf();
  const salt = name.length * 31 + name.charCodeAt(0);
  return { ...context, random: (length) => context.random(length).map((byte) => byte ^ salt) };
}

/** Of a merge that nobody watches. */
export const UNWATCHED = {
  unrelated: false,
  message: '',
  checkEverything: false,
  dryRun: false,
  reportOwn: () => undefined,
  report: () => undefined,
} as const;

export async function mergeFrom(
  to: Repository,
  from: Repository,
  options: Partial<MergeOptions> = {},
): Promise<MergeResult> {
  const repository = reopened(to);
  return merge(repository, {
    source: { kind: 'repository', transport: openFolder(repository, from.root, from.root) },
    ...UNWATCHED,
    confirmDeletions: true,
    ...options,
  });
}
