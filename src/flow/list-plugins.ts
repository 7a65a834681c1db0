/** Which plugins there are, and which types a repository has recorded. */

import { Refusal, type Problem } from '../model/problem.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import { recordedIds } from '../store/texts.ts';
import { parseType } from '../text/types.ts';
import type { Context } from './context.ts';
import { trustedStates, type PluginSources } from './load-plugins.ts';
import { recordedTexts } from './recorded-texts.ts';
import type { Repository } from './repository.ts';

export interface ListedPlugin {
  readonly name: string;
  /** `recorded`: the repository knows the type, and no plugin here does. */
  readonly from: 'dbk' | 'trust' | 'recorded';
  /** Of a plugin that is trusted. */
  readonly path?: string;
  readonly blake3?: string;
  /** Of the plugin; absent where it fails, or there is none. */
  readonly version?: number;
  readonly top?: string;
  /** Why it cannot be used. */
  readonly problem?: Problem;
  /** The version that the repository has recorded. */
  readonly recorded?: number;
}

const TYPE = /^types\/(.*)\.yaml$/;

/** All plugins by name, and the types without one; `found` gets what is wrong with the person's list as a whole. */
export async function listPlugins(
  disk: Context['disk'],
  sources: PluginSources,
  repository: Repository | undefined,
  found: Problem[],
): Promise<readonly ListedPlugin[]> {
  const recorded = recordedTypes(repository);
  const builtIn = await sources.builtIn();
  const of = (name: string): Pick<ListedPlugin, 'recorded'> => {
    const version = recorded.get(name)?.version;
    return version === undefined ? {} : { recorded: version };
  };
  const listed: ListedPlugin[] = builtIn.map(({ name, version, top }) => ({
    name,
    from: 'dbk',
    version,
    top,
    ...of(name),
  }));
  for (const { trusted, plugin, problem } of await trustedStates(disk, sources, builtIn, found)) {
    const { name, path, blake3 } = trusted;
    listed.push({
      ...{ name, from: 'trust', path, blake3, ...of(name) },
      ...(plugin && { version: plugin.version, top: plugin.top }),
      ...(problem && { problem }),
    });
  }
  const known = new Set(listed.map(({ name }) => name));
  for (const [name, { top }] of recorded)
    if (!known.has(name)) listed.push({ name, from: 'recorded', top, ...of(name) });
  return listed.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The repository that a folder is in; undefined where it is in none. */
export function repositoryIfAny(open: () => Repository): Repository | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'no-repository') return undefined;
    throw error;
  }
}

function recordedTypes(repository: Repository | undefined): ReadonlyMap<string, TypeDeclaration> {
  const head = repository?.commits.readHead();
  if (repository === undefined || head === undefined) return new Map();
  const ids = recordedIds(repository.commits, head);
  const paths = [...ids.keys()].filter((path) => TYPE.test(path)).sort();
  return new Map(
    Array.from(recordedTexts(repository, head, ids, paths), ([path, text]) => [
      TYPE.exec(path)![1]!,
      parseType(text),
    ]),
  );
}
