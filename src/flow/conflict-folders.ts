/** What has to be done with folders so that of two, each a whole, one goes; or that two things change their names. */

import { wordsOfCode } from '../disk/error-words.ts';
import type { Name } from '../model/name.ts';
import { childOf, isWithin, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { codeOf } from '../store/errors.ts';
import type { Moving, Wanted } from '../sync/plan.ts';
import { along } from '../sync/relocation.ts';
import type { Deed } from './conflict-deeds.ts';
import * as say from './conflict-problems.ts';
import { NOTHING, type Ground, type Work } from './conflict-work.ts';
import { absolute } from './repository.ts';

/** What goes has to be as it is recorded, all of it, with nothing else in it. */
export async function planKeepFolder(
  ground: Ground,
  { name, stays, goes }: Extract<Deed, { kind: 'keep-folder' }>,
): Promise<Work | Problem> {
  for (const path of [stays, goes]) if (!ground.isFolder(path)) return say.notRecorded(path);
  if (isNested(stays, goes)) return say.cannotTell(name);
  // Where an earlier try was broken off, all of it is done.
  if (stays !== name && isAsRecorded(ground, stays, name) && ground.stands(stays).kind === 'absent')
    return NOTHING;
  const going = goingOf(ground, goes);
  if ('code' in going) return going;
  // What goes while what stays is not here would leave nothing here.
  const missing = going.length === 0 ? undefined : absentIn(ground, stays);
  if (missing !== undefined) return ground.notHere(missing);
  const isMoving = stays !== name && ground.stands(stays).kind !== 'absent';
  const nothing: Wanted = { kind: 'nothing' };
  const wanted = new Map(going.map((path) => [path, nothing]));
  return { wanted, ...(isMoving && { then: [{ from: stays, to: name }] }) };
}

/** A folder, and a file or link. */
export function planSwap(ground: Ground, { name, beside }: Extract<Deed, { kind: 'swap' }>): Work | Problem {
  const pair = [name, beside] as const;
  for (const path of pair) if (!isRecorded(ground, path)) return say.notRecorded(path);
  if (isNested(name, beside) || ground.isFolder(name) === ground.isFolder(beside))
    return say.cannotTell(name);
  const stands = (recorded: RepositoryPath, at: RepositoryPath): boolean => {
    const { kind } = ground.stands(at);
    return ground.isFolder(recorded) ? kind === 'directory' : kind === 'file' || kind === 'link';
  };
  // Where an earlier try was broken off, they have done so already.
  if (stands(name, beside) && stands(beside, name)) return NOTHING;
  for (const path of pair)
    if (ground.stands(path).kind !== 'absent' && !stands(path, path)) return say.uncommitted(path);
  return { wanted: new Map(), moves: changingNames(ground, name, beside) };
}

function isRecorded(ground: Ground, path: RepositoryPath): boolean {
  return ground.isFolder(path) || ground.entry(path) !== undefined;
}

function isNested(one: RepositoryPath, other: RepositoryPath): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

/** What is not here does not move. */
function changingNames({ stands }: Ground, one: RepositoryPath, other: RepositoryPath): Moving[] {
  const both = [
    { from: one, to: other },
    { from: other, to: one },
  ];
  return both.filter(({ from }) => stands(from).kind !== 'absent');
}

/** All that stands of a recorded folder, or why it may not go. */
function goingOf(ground: Ground, root: RepositoryPath): RepositoryPath[] | Problem {
  const going: RepositoryPath[] = [];
  const { edit } = ground.work;
  for (const folder of edit.below(root)) {
    const problem = ground.textProblem(folder);
    if (problem !== undefined) return problem;
    const standing = ground.stands(folder);
    if (standing.kind === 'absent') continue;
    if (standing.kind === 'other') return say.cannotChange(folder, standing.why);
    if (standing.kind !== 'directory') return say.uncommitted(folder);
    const { files } = edit.recorded(folder)!;
    const inside = problemInside(ground, folder, new Set([...files.keys(), ...edit.foldersIn(folder)]));
    if (inside !== undefined) return inside;
    going.push(folder);
    for (const [name, entry] of files) {
      const path = childOf(folder, name);
      const wrong = ground.textProblem(path) ?? ground.changed(path, entry);
      if (wrong !== undefined) return wrong;
      if (ground.stands(path).kind !== 'absent') going.push(path);
    }
  }
  return going;
}

/** Something in a folder that no commit has, whatever rule leaves it out. */
function problemInside(
  { work: { seen } }: Ground,
  folder: RepositoryPath,
  known: ReadonlySet<Name>,
): Problem | undefined {
  const { repository } = seen;
  try {
    const names = repository.context.disk.readdir(absolute(repository, folder));
    const other = names.find((name) => !known.has(name));
    return other === undefined ? undefined : say.notRecordedInside(folder, childOf(folder, other));
  } catch (error) {
    return say.cannotChange(folder, wordsOfCode(codeOf(error) ?? 'unknown error'));
  }
}

/** A recorded file or folder that is not here. */
function absentIn({ work: { edit }, stands }: Ground, root: RepositoryPath): RepositoryPath | undefined {
  for (const folder of edit.below(root)) {
    if (stands(folder).kind === 'absent') return folder;
    for (const name of edit.recorded(folder)!.files.keys())
      if (stands(childOf(folder, name)).kind === 'absent') return childOf(folder, name);
  }
  return undefined;
}

/** Whether at a place all stands that a folder is recorded with. */
function isAsRecorded(ground: Ground, root: RepositoryPath, place: RepositoryPath): boolean {
  const { edit } = ground.work;
  for (const folder of edit.below(root)) {
    const at = along(folder, root, place);
    if (ground.stands(at).kind !== 'directory') return false;
    for (const [name, entry] of edit.recorded(folder)!.files) {
      const path = childOf(at, name);
      if (ground.stands(path).kind === 'absent' || ground.changed(path, entry) !== undefined) return false;
    }
  }
  return true;
}
