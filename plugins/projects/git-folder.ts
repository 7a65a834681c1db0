/** Where git keeps a project: in `.git`, or where a file of that name points to, if that is in the project. */

import type { EntityFiles } from '../../src/plugin/api.ts';
import { readText } from './text.ts';

export interface GitFolder {
  /** Of this work tree: HEAD. */
  readonly own: string;
  /** Of all work trees: config, refs, objects. */
  readonly common: string;
}

const LONGEST_POINTER = 4096;

export async function gitFolder(project: EntityFiles): Promise<GitFolder | undefined> {
  const own = project.files.has('.git/HEAD') ? '.git' : await pointedTo(project);
  if (own === undefined) return undefined;
  const pointer = await readText(project, `${own}/commondir`, LONGEST_POINTER);
  const common = pointer === undefined ? own : within(own, pointer.replace(/\r?\n$/, ''));
  return common === undefined ? undefined : { own, common };
}

/** Where a '.git' that is a file says the folder is, `gitdir: ../.bare/worktrees/a`. */
async function pointedTo(project: EntityFiles): Promise<string | undefined> {
  const text = await readText(project, '.git', LONGEST_POINTER);
  const target = text === undefined ? undefined : /^gitdir: (.+?)\r?\n?$/.exec(text)?.[1];
  if (target === undefined) return undefined;
  const isFolder = (path: string): boolean => project.files.has(`${path}/HEAD`);
  if (!target.startsWith('/')) return [within('', target) ?? ''].find(isFolder);
  // Where the project stands is not known here, and it may have moved: the longest end of the path that is here.
  const names = target.split('/').filter((name) => name !== '');
  return names.map((_, i) => names.slice(i).join('/')).find(isFolder);
}

/** A relative path from a folder of the project; undefined where it leads out of it. */
function within(folder: string, path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const names = folder === '' ? [] : folder.split('/');
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.join('/');
}
