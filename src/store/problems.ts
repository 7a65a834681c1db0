/** The words of what goes wrong below `.dbk`. */

import type { CommitId } from '../model/id.ts';
import { Refusal, type Place, type Problem, type RefusalKind } from '../model/problem.ts';
import { PatchError } from '../text/patch-problems.ts';
import { TextError } from '../text/problems.ts';
import type { Holder } from '../text/journal.ts';

const REPAIR = "take the commit's folder from another copy of this repository";

export function refusal(
  kind: RefusalKind,
  code: string,
  reason: string,
  more: { readonly hint?: string; readonly place?: Place } = {},
): Refusal {
  return new Refusal(kind, { code: `store/${code}`, severity: 'error', reason, ...more });
}

export function unreadable(code: string, what: string, path: string, error: unknown, hint: string): unknown {
  if (!(error instanceof TextError || error instanceof PatchError)) return error;
  const line = error.problem.place?.line;
  const place = line === undefined ? { path } : { path, line };
  return refusal('damage', code, `${what} cannot be read: ${error.problem.reason}`, { hint, place });
}

// Files

export function notUtf8(path: string): Refusal {
  return refusal('damage', 'not-utf-8', `'${path}' is not UTF-8`, { place: { path } });
}

export function notAFile(path: string): Refusal {
  return refusal('damage', 'not-a-file', `'${path}' is not a regular file`, { place: { path } });
}

export function notADirectory(path: string): Refusal {
  return refusal('damage', 'not-a-directory', `'${path}' is not a directory`, {
    hint: 'rename it, or move it out of there',
    place: { path },
  });
}

export function tooLong(path: string, limit: number): Refusal {
  return refusal('damage', 'too-long', `'${path}' is longer than ${limit} bytes`, { place: { path } });
}

// Repository

export function newerFormat(found: number, known: number): Refusal {
  return refusal(
    'failed',
    'newer-format',
    `this repository was written by a newer dbk (format ${found}); this dbk reads format ${known}`,
    { hint: 'install a newer dbk' },
  );
}

export function formatUnreadable(path: string): Refusal {
  return refusal('damage', 'format-unreadable', `'${path}' does not say which format this repository has`, {
    hint: "write the line 'dbk 1' into it if an older dbk made this repository",
    place: { path },
  });
}

export function alreadyThere(home: string): Refusal {
  return refusal('usage', 'already-there', `there is a repository already in '${home}'`);
}

export function formatLost(home: string): Refusal {
  return refusal('damage', 'format-lost', `'${home}' has commits, but its file 'format' is gone`, {
    hint: "write the line 'dbk 1' into a file 'format' there",
    place: { path: home },
  });
}

export function homeNotADirectory(home: string): Refusal {
  return refusal('failed', 'home-not-a-directory', `'${home}' is in the way: it is not a directory`, {
    hint: 'rename it',
    place: { path: home },
  });
}

// Lock

export function lockedBy(holder: Holder, path: string, host: string): Refusal {
  const where = `process ${holder.pid} on ${holder.host}`;
  return refusal(
    'locked',
    'locked',
    `this repository is locked by '${holder.command}' (${where}, since ${holder.since})`,
    {
      hint:
        holder.host === host
          ? 'wait until it is done'
          : `wait until it is done; remove '${path}' if nothing runs there any more`,
      place: { path },
    },
  );
}

export function lockedByNewer(version: number): Refusal {
  return refusal('locked', 'locked', `this repository is locked by a newer dbk (lock ${version})`, {
    hint: 'wait until it is done',
  });
}

export function lockedBySomebody(path: string): Refusal {
  return refusal('locked', 'locked', 'this repository is being locked by another process', {
    hint: 'try again in some seconds',
    place: { path },
  });
}

// Commits

export function noCommits(): Refusal {
  return refusal('usage', 'no-commits', 'there is no commit yet', { hint: "make one with 'dbk commit'" });
}

export function noSuchCommit(spec: string): Refusal {
  return refusal('usage', 'no-such-commit', `there is no commit '${spec}'`, {
    hint: "look it up with 'dbk log'",
  });
}

export function ambiguousCommit(spec: string, ids: readonly CommitId[]): Refusal {
  const some = ids.slice(0, 4).map((id) => id.slice(0, 16));
  return refusal('usage', 'ambiguous-commit', `'${spec}' begins the ids of several commits`, {
    hint: `give more digits: ${some.join(', ')}${ids.length > some.length ? ' …' : ''}`,
  });
}

export function shortCommit(spec: string): Refusal {
  return refusal('usage', 'short-commit', `'${spec}' is too short for a commit`, {
    hint: 'give at least 4 digits',
  });
}

export function noParent(spec: string): Refusal {
  return refusal('usage', 'no-parent', `'${spec}' goes back beyond the first commit`);
}

export function commitMissing(id: CommitId): Refusal {
  return refusal('damage', 'commit-missing', `commit ${id} is not there`, { hint: REPAIR });
}

export function commitDamaged(id: CommitId, path: string, why: string): Refusal {
  return refusal('damage', 'commit-damaged', `commit ${id} is damaged: ${why}`, {
    hint: REPAIR,
    place: { path },
  });
}

/** What a reader of texts says of a commit, put where the file is; other errors are given back. */
export function commitUnreadable(id: CommitId, path: string, error: unknown): unknown {
  return unreadable('commit-unreadable', `commit ${id}`, path, error, REPAIR);
}

export function headUnreadable(path: string): Refusal {
  return refusal('damage', 'head-unreadable', `'${path}' does not hold the id of a commit`, {
    hint: "write the id of the newest commit into it: the BLAKE3 of its 'commit.yaml'",
    place: { path },
  });
}

export function historyContradicts(id: CommitId, text: string): Refusal {
  return refusal(
    'damage',
    'history-contradicts',
    `commit ${id} changes '${text}' from a state it is not in`,
    {
      hint: REPAIR,
    },
  );
}

// Index

export function editStays(path: string): Problem {
  return {
    code: 'store/edit-stays',
    severity: 'warning',
    place: { path },
    reason: `'${path}' was changed by hand and is left as it is`,
    hint: 'run dbk commit again to record it',
  };
}

export function journalUnreadable(path: string, error: unknown): unknown {
  const hint = "remove it: 'dbk status' then shows what was left half done";
  return unreadable('journal-unreadable', `'${path}'`, path, error, hint);
}

export function journalContradicts(path: string): Refusal {
  return refusal('damage', 'journal-contradicts', `'${path}' continues neither from nor to this head`, {
    hint: "remove it if 'head' was changed by hand",
    place: { path },
  });
}

export function journalHasSteps(path: string): Refusal {
  return refusal('failed', 'journal-has-steps', `'${path}' holds steps that this dbk cannot continue`, {
    hint: 'install a newer dbk',
    place: { path },
  });
}

// Repositories and operations

export function repositoryUnreadable(path: string, error: unknown): unknown {
  return unreadable('repository-unreadable', `'${path}'`, path, error, 'undo the edit');
}

export function nameTaken(name: string, id: string, path: string): Refusal {
  return refusal('failed', 'name-taken', `another repository (id ${id}) is called '${name}' too`, {
    hint: "rename one of them with 'dbk config name NAME'",
    place: { path },
  });
}

export function operationUnreadable(path: string, error: unknown): Problem {
  const reason = error instanceof TextError ? error.problem.reason : (error as Error).message;
  return {
    code: 'store/operation-unreadable',
    severity: 'warning',
    place: { path },
    reason: `'${path}' cannot be read: ${reason}`,
    hint: 'remove it; what it tells cannot be undone any more',
  };
}
