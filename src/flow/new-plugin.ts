/** Writing a small plugin of one's own to begin with. */

import { Refusal } from '../model/problem.ts';
import { makeDirectories } from '../store/directories.ts';
import { createFile } from '../store/files.ts';
import type { Context } from './context.ts';
import type { PluginSources } from './load-plugins.ts';
import * as problems from './plugin-problems.ts';
import { pluginTemplate } from './plugin-template.ts';

export interface NewPlugin {
  readonly name: string;
  /** Absolute; it is made where it is missing, and has to be empty. */
  readonly folder: string;
  readonly dryRun: boolean;
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** The names of the files that were written; refuses ('usage') what cannot be a name, and a folder with something in it. */
export async function newPlugin(
  disk: Context['disk'],
  sources: PluginSources,
  { name, folder, dryRun }: NewPlugin,
): Promise<readonly string[]> {
  if (!NAME.test(name)) throw new Refusal('usage', problems.badPluginName(name));
  if ((await sources.builtIn()).some((plugin) => plugin.name === name))
    throw new Refusal('usage', problems.builtInName(name, folder));
  const stats = disk.statExact(folder);
  if (stats !== undefined && (!stats.isDirectory() || disk.readdir(folder).length > 0))
    throw new Refusal('usage', problems.folderInTheWay(folder));
  const files = pluginTemplate(name);
  if (dryRun) return [...files.keys()];
  makeDirectories(disk, folder);
  for (const [path, text] of files) createFile(disk, `${folder}/${path}`, text);
  return [...files.keys()];
}
