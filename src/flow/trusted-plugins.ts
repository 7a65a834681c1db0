/** The list of plugins that the person trusts: in their own configuration, and nobody else's to write. */

import { dirname } from 'node:path/posix';
import { Refusal } from '../model/problem.ts';
import { makeDirectories } from '../store/directories.ts';
import { readText } from '../store/files.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parseTrustedPlugins, writeTrustedPlugins, type TrustedPlugins } from '../text/trusted-plugins.ts';
import type { Context } from './context.ts';
import * as problems from './plugin-problems.ts';

/** Where the list stands, and who this is. */
export interface TrustPlace {
  /** The absolute path of `plugins.yaml`; undefined where a person has no place for settings. */
  readonly list: string | undefined;
  /** The number of the user; undefined where the system has none. */
  readonly user: number | undefined;
}

const LONGEST = 1024 * 1024;
const OTHERS_WRITE = 0o022;
const NOBODY: TrustedPlugins = { plugins: [] };

/**
 * What the list says; empty where there is none.
 *
 * Refuses ('failed') a list that cannot be read, that others may write to or that belongs to another user but root,
 * as ssh does: whoever writes to it runs code as this person.
 */
export async function readTrusted(
  disk: Context['disk'],
  { list, user }: TrustPlace,
): Promise<TrustedPlugins> {
  const stats = list === undefined ? undefined : disk.statExact(list);
  if (list === undefined || stats === undefined) return NOBODY;
  const owner = Number(stats.uid);
  const mode = Number(stats.mode & 0o7777n);
  if (user !== undefined && owner !== user && owner !== 0)
    throw new Refusal('failed', problems.ofAnotherUser(list));
  if (user !== undefined && (mode & OTHERS_WRITE) !== 0)
    throw new Refusal('failed', problems.openToOthers(list, mode));
  // People keep such files elsewhere and link them here.
  const text = readText(disk, disk.realpath(list), LONGEST) ?? '';
  if (text.trim() === '') return NOBODY;
  try {
    return await parseByPeople(parseTrustedPlugins, text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const place = { ...error.problem.place, path: list };
    throw new Refusal('failed', {
      ...error.problem,
      place,
      hint: error.problem.hint ?? `correct '${list}'`,
    });
  }
}

/** Puts a list in the place of the one there is, or of none: only its owner may read or write it. */
export function writeTrusted(disk: Context['disk'], { list }: TrustPlace, trusted: TrustedPlugins): void {
  if (list === undefined) throw new Refusal('failed', problems.noPlaceForTrust());
  makeDirectories(disk, dirname(list), { mode: 0o700 });
  const path = disk.statExact(list) === undefined ? list : disk.realpath(list);
  const beside = `${path}.new`;
  if (disk.lstat(beside) !== undefined) disk.unlink(beside);
  const fd = disk.openNew(beside, 0o600);
  try {
    disk.write(fd, new TextEncoder().encode(writeTrustedPlugins(trusted)));
    disk.fsync(fd);
  } finally {
    disk.close(fd);
  }
  disk.rename(beside, path);
}
