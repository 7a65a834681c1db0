/** What a look could not take in, said as changes: to a person it is a state of the file like the others. */

import { absolute, type Repository } from '../../flow/repository.ts';
import type { Change, ChangeKind } from '../../model/change.ts';
import { parsePath } from '../../model/path.ts';
import type { Problem } from '../../model/problem.ts';

const KINDS: ReadonlyMap<string, ChangeKind> = new Map([
  ['scan/unreadable', 'unreadable'],
  ['scan/unstable', 'unstable'],
]);

/** The changes that problems stand for. */
export function* seenAsChanges(repository: Repository, problems: readonly Problem[]): Generator<Change> {
  for (const { code, place } of problems) {
    const kind = KINDS.get(code);
    const path = place === undefined ? undefined : parsePath(place.path);
    if (kind !== undefined && path !== undefined) yield { kind, what: whatStandsAt(repository, path), path };
  }
}

function whatStandsAt(repository: Repository, path: Change['path']): Change['what'] {
  try {
    const stats = repository.context.disk.lstat(absolute(repository, path));
    return stats?.isDirectory() ? 'directory' : stats?.isSymbolicLink() ? 'link' : 'file';
  } catch {
    // It cannot even be looked at; as a rule that is a file.
    return 'file';
  }
}
