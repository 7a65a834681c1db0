/** Directories to look at, on their way from one thread to the other. */

import type { Disk } from '../disk/disk.ts';
import type { IgnoreRules } from './ignore.ts';
import type { SentTask } from './messages.ts';
import { chainBelow, foldersOf, topOfChain, type RulesChain } from './rules-chain.ts';
import type { Task } from './walk.ts';

export function send(tasks: readonly Task[]): SentTask[] {
  return tasks.map(({ path, row, parentDevice, reread, ignored, rules }) => ({
    path,
    row,
    parentDevice,
    reread,
    ignored,
    folders: foldersOf(rules),
  }));
}

/** Makes the ignore rules of each task again; a rules file that cannot be read was reported by the thread that met it. */
export function receive(tasks: readonly SentTask[], top: IgnoreRules, disk: Disk, root: string): Task[] {
  const chains = new Map<string, RulesChain>();
  const chainOf = (folders: readonly string[]): RulesChain => {
    if (folders.length === 0) return (first ??= topOfChain(top));
    const key = folders.join('\0');
    let chain = chains.get(key);
    if (chain === undefined) {
      chain = chainBelow(chainOf(folders.slice(0, -1)), folders.at(-1) as never, disk, root, []);
      chains.set(key, chain);
    }
    return chain;
  };
  let first: RulesChain | undefined;
  return tasks.map(({ folders, ...task }) => ({ ...task, rules: chainOf(folders) }));
}
