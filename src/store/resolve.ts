/** Which commit a person means: `HEAD`, `HEAD^`, `HEAD~3`, or the beginning of an id, followed by the same signs. */

import type { CommitId } from '../model/id.ts';
import type { Commits } from './commits.ts';
import { noCommits, noParent, noSuchCommit, shortCommit } from './problems.ts';

const SPEC = /^([A-Za-z0-9]+)((?:\^[0-9]?|~[0-9]{0,9})*)$/;
const STEP = /([\^~])([0-9]*)/g;
const HEX = /^[0-9a-f]{1,64}$/;
const SHORTEST = 4;

/** Refuses ('usage') what names no commit or several. `^2` is the second parent, `~2` the first parent's first parent. */
export function resolveCommit(commits: Commits, spec: string): CommitId {
  const [, start, steps] = SPEC.exec(spec) ?? [];
  if (start === undefined || steps === undefined) throw noSuchCommit(spec);
  let id = startOf(commits, start, spec);
  for (const [, sign, digits] of steps.matchAll(STEP)) {
    const number = digits === '' ? 1 : Number(digits);
    if (sign === '^' && number > 0) id = parentOf(commits, id, number, spec);
    else if (sign === '~') for (let i = 0; i < number; i++) id = parentOf(commits, id, 1, spec);
  }
  return id;
}

function startOf(commits: Commits, start: string, spec: string): CommitId {
  if (start === 'HEAD') {
    const head = commits.readHead();
    if (head === undefined) throw noCommits();
    return head;
  }
  const prefix = start.toLowerCase();
  if (!HEX.test(prefix)) throw noSuchCommit(spec);
  if (prefix.length < SHORTEST) throw shortCommit(spec);
  return commits.findCommit(prefix);
}

function parentOf(commits: Commits, id: CommitId, number: number, spec: string): CommitId {
  const parent = commits.readCommit(id).parents[number - 1];
  if (parent === undefined) throw noParent(spec);
  return parent;
}
