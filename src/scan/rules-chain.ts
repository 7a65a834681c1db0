/** The ignore rules that hold at a place, while a walk comes down to it. */

import type { Disk } from '../disk/disk.ts';
import type { Name } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { rulesText, withFolder, type IgnoreRules } from './ignore.ts';
import * as words from './problems.ts';

export const IGNORE_FILE = '.dbkignore' as Name;
const LONGEST_RULES = 1024 * 1024;

/** Each folder with rules of its own knows the one above. */
export interface RulesChain {
  readonly above: RulesChain | undefined;
  readonly directory: RepositoryPath;
  readonly rules: IgnoreRules;
}

export function topOfChain(rules: IgnoreRules): RulesChain {
  return { above: undefined, directory: '' as RepositoryPath, rules };
}

export function isIgnored(chain: RulesChain, path: string, isDirectory: boolean): boolean {
  return !chain.rules.empty && chain.rules.isIgnored(path as RepositoryPath, isDirectory);
}

/** The chain below a folder whose rules file was met there; a bad file is a problem and has no rules. */
export function chainBelow(
  chain: RulesChain,
  directory: RepositoryPath,
  disk: Disk,
  root: string,
  problems: Problem[],
): RulesChain {
  const path = directory === '' ? IGNORE_FILE : `${directory}/${IGNORE_FILE}`;
  let bytes: Uint8Array;
  try {
    bytes = disk.readFile(`${root}/${path}`, LONGEST_RULES);
  } catch (error) {
    // A directory or a fifo of that name is what it is, and no rules.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') problems.push(words.badIgnoreFile(path, error));
    return chain;
  }
  const text = rulesText(bytes, path);
  if (typeof text !== 'string') {
    problems.push(text);
    return chain;
  }
  return { above: chain, directory, rules: withFolder(chain.rules, { directory, origin: path, text }) };
}

/** The folders with rules of their own, from the top down; enough to make the chain again in another thread. */
export function foldersOf(chain: RulesChain): RepositoryPath[] {
  const folders: RepositoryPath[] = [];
  for (let link: RulesChain | undefined = chain; link?.above !== undefined; link = link.above)
    folders.unshift(link.directory);
  return folders;
}
