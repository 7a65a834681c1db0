/** The types of a repository: what is declared of each, by the index and by the plugins here, and what has which. */

import { isWithin, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import type { TypePlugin } from '../plugin/api.ts';
import { typedFolders } from '../plugin/boundaries.ts';
import { registryOf } from '../plugin/registry.ts';
import type { Policy } from '../text/policy.ts';
import { parseType } from '../text/types.ts';
import type { Context } from './context.ts';
import type { IndexTexts } from './index-texts.ts';

export interface Types {
  /** By name; of the index, or of a plugin that is newer or that the index does not know yet. */
  readonly declared: ReadonlyMap<string, TypeDeclaration>;
  /** Which folder has which type: those of the policy, and for types of which it names none, their own. */
  readonly folders: ReadonlyMap<RepositoryPath, string>;
  /** What is to be written to `index/types/` when it is used, by name. */
  readonly unwritten: ReadonlyMap<string, TypeDeclaration>;
  readonly plugins: ReadonlyMap<string, TypePlugin>;
  readonly problems: readonly Problem[];
}

/** What of the index the types stand in. */
type TypeTexts = Pick<IndexTexts, 'recordedIn' | 'recordedText'>;

export const TYPES = 'types';
const ENDING = '.yaml';

/** What head declares, by the name of the type. */
export function recordedTypes(texts: TypeTexts): ReadonlyMap<string, TypeDeclaration> {
  const types = new Map<string, TypeDeclaration>();
  for (const name of [...texts.recordedIn(TYPES)].sort()) {
    if (!name.endsWith(ENDING)) continue;
    const text = texts.recordedText(`${TYPES}/${name}`);
    if (text !== undefined) types.set(name.slice(0, -ENDING.length), parseType(text));
  }
  return types;
}

/** The types as the index has them: the same in every repository, whatever plugins there are. */
export function typesOfIndex(texts: TypeTexts, policy: Policy): Types {
  return typesFrom([], texts, policy);
}

/** The types as the index has them, and those that the plugins of this run add. */
export async function typesHere(context: Context, texts: TypeTexts, policy: Policy): Promise<Types> {
  return typesFrom((await context.plugins?.()) ?? [], texts, policy);
}

/** The text that declares a type. */
export function typePath(name: string): string {
  return `${TYPES}/${name}${ENDING}`;
}

/** The type of the folder that a path is in; '' where it has none. */
export function typeOf(folders: Types['folders'], path: RepositoryPath): string {
  return folders.get(topOf(folders, path) as RepositoryPath) ?? '';
}

/** The folder with a type that a path is in, the nearest; undefined where there is none. */
export function topOf(folders: Types['folders'], path: RepositoryPath): RepositoryPath | undefined {
  let found: RepositoryPath | undefined;
  for (const folder of folders.keys()) {
    if (isWithin(path, folder) && (found === undefined || folder.length > found.length)) found = folder;
  }
  return found;
}

function typesFrom(plugins: readonly TypePlugin[], texts: TypeTexts, policy: Policy): Types {
  const { types, unwritten, problems } = registryOf(plugins, recordedTypes(texts));
  const declared = new Map(Array.from(types, ([name, type]) => [name, type.declared]));
  const found = new Map<string, TypePlugin>();
  for (const { name, plugin } of types.values()) if (plugin !== undefined) found.set(name, plugin);
  return { declared, folders: typedFolders(declared, policy.folders), unwritten, plugins: found, problems };
}
