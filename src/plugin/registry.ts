/** Which types there are in a run: the plugins that are here, and for all others what the repository says of them. */

import type { Problem } from '../model/problem.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import type { TypePlugin } from './api.ts';
import { declarationOf } from './declared.ts';
import { problemsOfPlugin } from './plugin-check.ts';
import { olderThanRecorded, sameName, versionNotRaised } from './problems.ts';

export interface KnownType {
  readonly name: string;
  /** What counts: the recorded declaration, unless the plugin's is of a higher version. */
  readonly declared: TypeDeclaration;
  /** Absent where there is none, or where it is older than what is recorded: it would undo what a newer one read. */
  readonly plugin?: TypePlugin;
}

export interface Registry {
  readonly types: ReadonlyMap<string, KnownType>;
  /** The declarations that are to be written, because there is none or a lower version, by the name of the type. */
  readonly unwritten: ReadonlyMap<string, TypeDeclaration>;
  readonly problems: readonly Problem[];
}

/**
 * The types of a run. Of plugins with one name the first counts; one with a wrong declaration does not count.
 *
 * `recorded` is what `index/types/` says, by the name of the type.
 */
export function registryOf(
  plugins: readonly TypePlugin[],
  recorded: ReadonlyMap<string, TypeDeclaration>,
): Registry {
  const types = new Map(Array.from(recorded, ([name, declared]) => [name, { name, declared } as KnownType]));
  const unwritten = new Map<string, TypeDeclaration>();
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const plugin of plugins) {
    const wrong = seen.has(plugin.name) ? [sameName(plugin.name)] : problemsOfPlugin(plugin);
    problems.push(...wrong);
    if (wrong.length > 0) continue;
    seen.add(plugin.name);
    const known = knownType(plugin, recorded.get(plugin.name), problems);
    types.set(plugin.name, known);
    if (known.declared !== recorded.get(plugin.name)) unwritten.set(plugin.name, known.declared);
  }
  return { types, unwritten, problems };
}

function knownType(plugin: TypePlugin, was: TypeDeclaration | undefined, problems: Problem[]): KnownType {
  const { name } = plugin;
  const own = declarationOf(plugin);
  if (was === undefined) return { name, declared: own, plugin };
  if (own.version > was.version) return { name, declared: withUnknownKeys(own, was), plugin };
  if (own.version < was.version) {
    problems.push(olderThanRecorded(name, own.version, was.version));
    return { name, declared: was };
  }
  if (spelling(own) !== spelling(was)) problems.push(versionNotRaised(name, own.version));
  return { name, declared: was, plugin };
}

/** An unknown key in any text stays. */
function withUnknownKeys(own: TypeDeclaration, { more }: TypeDeclaration): TypeDeclaration {
  return more === undefined ? own : { ...own, more };
}

/** Equal for equal declarations, less what dbk does not know. */
function spelling({ top, merge, boundaries, fields }: TypeDeclaration): string {
  return JSON.stringify([
    top,
    merge,
    boundaries.map((boundary) => (boundary.kind === 'at' ? boundary.at : boundary.marker)),
    Array.from(fields, ([name, { of, type, merge: policy, min, max, doc }]) => [
      name,
      [of, type, policy, min ?? null, max ?? null, doc],
    ]).sort(),
  ]);
}
