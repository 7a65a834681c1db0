/** Repositories with the types that come with dbk, and sidecars as people write them. */

import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import type { TestContext } from 'node:test';
import { PLUGINS } from '../../plugins/index.ts';
import type { Context } from '../../src/flow/context.ts';
import { openEyes } from '../../src/flow/eyes.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { Sidecars } from '../../src/flow/sidecars.ts';
import type { Problem } from '../../src/model/problem.ts';
import { contextOf, newRepository } from './fixture.ts';

export function typedRepository(t: TestContext, context: Context = contextOf()): Promise<Repository> {
  return newRepository(t, { ...context, plugins: async () => PLUGINS });
}

export function textIn({ layout }: Repository, path: string): string | undefined {
  const file = join(layout.index, path);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/** As any editor would. */
export function write({ layout }: Repository, path: string, text: string | Uint8Array): void {
  const file = join(layout.index, path);
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** What a command would know of sidecars. */
export async function withSidecars<T>(
  repository: Repository,
  use: (sidecars: Sidecars) => Promise<T>,
): Promise<T> {
  const eyes = openEyes(repository);
  try {
    return await use(new Sidecars(repository, eyes));
  } finally {
    await eyes.close();
  }
}

/** `error text/tab 3 tree/$a.metadata`, sorted; '-' where there is no line. */
export function saidOf(problems: readonly Problem[]): string[] {
  return problems
    .map(({ code, severity, place }) => {
      const path = place?.path.replace('.dbk/index/', '') ?? '';
      return `${severity} ${code} ${place?.line ?? '-'} ${path}`;
    })
    .sort();
}
