/** What a project's git knows of it, read from its files: where else it is, and when its last commit was made. */

import type { EntityFiles } from '../../src/plugin/api.ts';
import { parseGitConfig } from './git-config.ts';
import { gitFolder } from './git-folder.ts';
import { headOf } from './git-head.ts';
import { readCommit } from './git-objects.ts';
import { remoteOf } from './git-remote.ts';
import { readText } from './text.ts';

export async function gitFields(
  project: EntityFiles,
): Promise<{ readonly remote?: string; readonly committed?: string }> {
  const folder = await gitFolder(project);
  if (folder === undefined) return {};
  const config = await readText(project, `${folder.common}/config`);
  const remote = config === undefined ? undefined : remoteOf(parseGitConfig(config));
  const head = await headOf(project, folder);
  const commit = head === undefined ? undefined : await readCommit(project, folder.common, head);
  const committed = commit === undefined ? undefined : committedOf(commit);
  return { ...(remote === undefined ? {} : { remote }), ...(committed === undefined ? {} : { committed }) };
}

/** When a commit was made, in the time of who made it; undefined where it does not say, or not within four digits of years. */
export function committedOf(commit: Uint8Array): string | undefined {
  const text = new TextDecoder('latin1').decode(commit);
  // Behind an empty line is the message, which may say anything.
  const header = text.split('\n\n', 1)[0]!;
  const match = /^committer .*> (\d{1,12}) ([+-])(\d\d)([0-5]\d)$/m.exec(header);
  if (match === null) return undefined;
  const [, seconds, sign, hours, minutes] = match;
  if (Number(hours) > 23) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60;
  const local = (Number(seconds) + offset) * 1000;
  if (local < 0 || local > Date.UTC(9999, 11, 31)) return undefined;
  return `${new Date(local).toISOString().slice(0, 19)}${sign}${hours}:${minutes}`;
}
