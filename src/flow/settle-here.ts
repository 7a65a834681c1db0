/** A person says what became of a repository that is not where it was: it moved, or it is a copy. */

import { refuse } from '../model/problem.ts';
import { readRepositoryFile, writeRepositoryFile } from '../store/repository-file.ts';
import { readText, replaceFile } from '../store/files.ts';
import { setIdentity } from '../text/config.ts';
import { parseByPeople } from '../text/people.ts';
import { randomDigits } from './context.ts';
import { readConfig } from './config.ts';
import { exclusively } from './exclusively.ts';
import { writeHere } from './here.ts';
import { isFreeName, nextName, requireName } from './names.ts';
import type { Repository } from './repository.ts';

const LONGEST = 1024 * 1024;

/** It is the same repository, at another place from now on. */
export async function settleMoved(repository: Repository): Promise<void> {
  await exclusively(repository, 'init', async () => writeHere(repository));
}

/**
 * It is a repository of its own from now on, with an id of its own, and a name that no other one is known to have.
 * What it holds it holds still, and the first one is one that it has heard of. Refuses ('usage') a name that is taken.
 */
export async function settleCopied(
  repository: Repository,
  name?: string,
): Promise<{ readonly name: string }> {
  return exclusively(repository, 'init', async () => {
    const { context, layout, root } = repository;
    const config = await readConfig(repository);
    const chosen = name === undefined ? nextName(repository, config.name) : requireName(name);
    if (!isFreeName(repository, chosen)) {
      refuse('usage', 'flow/name-taken', `another repository is called '${chosen}'`, {
        hint: 'choose another name',
      });
    }
    const id = randomDigits(context);
    const text = readText(context.disk, layout.config, LONGEST) ?? '';
    const changed = await parseByPeople(
      (whole, people) => setIdentity(whole, { name: chosen, id }, people),
      text,
    );
    // What it holds is told under the new name before the config has it.
    const before = readRepositoryFile(context.disk, layout, config.name);
    if (before !== undefined) {
      const reach = [{ kind: 'path', path: root } as const];
      writeRepositoryFile(context.disk, layout, { ...before, name: chosen, id, reach });
    }
    replaceFile(context.disk, layout.config, changed, { durable: true });
    writeHere(repository);
    return { name: chosen };
  });
}
