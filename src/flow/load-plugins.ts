/** The plugins of a run: those that come with dbk, and those that the person trusts, as they were trusted. */

import { Refusal, type Problem } from '../model/problem.ts';
import type { TypePlugin } from '../plugin/api.ts';
import { problemsOfPlugin } from '../plugin/plugin-check.ts';
import type { TrustedPlugin } from '../text/trusted-plugins.ts';
import type { Context } from './context.ts';
import { importPlugin } from './import-module.ts';
import { readPlugin, type PluginContent } from './plugin-content.ts';
import * as problems from './plugin-problems.ts';
import { readTrusted, type TrustPlace } from './trusted-plugins.ts';

/** Where plugins come from. */
export interface PluginSources extends TrustPlace {
  /** Those that come with dbk, loaded when they are asked for. */
  readonly builtIn: () => Promise<readonly TypePlugin[]>;
  /**
   * Runs what loads a module. A program that owns its process gives this: where CommonJS that a module imports throws,
   * Node 20 rejects a second promise, which nobody can catch and which ends the process.
   */
  readonly sheltered?: <T>(load: () => Promise<T>) => Promise<T>;
}

/** A plugin that the person trusts, and what became of it. */
export interface TrustedState {
  readonly trusted: TrustedPlugin;
  /** Absent where it fails. */
  readonly plugin?: TypePlugin;
  /** Why it fails. */
  readonly problem?: Problem;
}

/** Stops a command that writes; one that reads may go on with the plugins that work (`workingPlugins`). */
export class PluginsFailed extends Refusal {
  readonly working: readonly TypePlugin[];
  readonly problems: readonly Problem[];

  constructor(working: readonly TypePlugin[], found: readonly Problem[]) {
    super('failed', found[0]!);
    this.working = working;
    this.problems = found;
  }
}

/** What `Context.plugins` is: loads once, and throws `PluginsFailed` where one that is trusted cannot be used. */
export function pluginsFrom(disk: Context['disk'], sources: PluginSources): Context['plugins'] & object {
  let loaded: Promise<readonly TypePlugin[]> | undefined;
  const load = async (): Promise<readonly TypePlugin[]> => {
    const builtIn = await sources.builtIn();
    const found: Problem[] = [];
    const working = [...builtIn];
    for (const { plugin, problem } of await trustedStates(disk, sources, builtIn, found)) {
      if (plugin !== undefined) working.push(plugin);
      if (problem !== undefined) found.push(problem);
    }
    if (found.length > 0) throw new PluginsFailed(working, found);
    return working;
  };
  return () => (loaded ??= load());
}

/** The plugins that can be used, for a command that reads, and what to say of the others: warnings. */
export async function workingPlugins({ plugins }: Pick<Context, 'plugins'>): Promise<{
  readonly plugins: readonly TypePlugin[];
  readonly problems: readonly Problem[];
}> {
  try {
    return { plugins: (await plugins?.()) ?? [], problems: [] };
  } catch (error) {
    if (!(error instanceof PluginsFailed)) throw error;
    const found = error.problems.map((problem) => ({ ...problem, severity: 'warning' as const }));
    return { plugins: error.working, problems: found };
  }
}

/** Each plugin of the person's list; of a list that cannot be relied on none is loaded, and `found` says why. */
export async function trustedStates(
  disk: Context['disk'],
  sources: PluginSources,
  builtIn: readonly TypePlugin[],
  found: Problem[],
): Promise<readonly TrustedState[]> {
  const states: TrustedState[] = [];
  for (const trusted of await listed(disk, sources, found)) {
    const others = states.flatMap(({ plugin }) => (plugin === undefined ? [] : [plugin]));
    states.push(await stateOf(disk, sources, trusted, builtIn, others));
  }
  return states;
}

/** Loads what a content is: the plugin, or why it is none. Its code runs. */
export async function loadPlugin(
  content: PluginContent,
  { sheltered = (load) => load() }: Pick<PluginSources, 'sheltered'>,
): Promise<TypePlugin | Problem> {
  let value: unknown;
  try {
    value = await sheltered(() => importPlugin(content));
  } catch (error) {
    return problems.cannotLoad(content.path, error);
  }
  try {
    const [wrong] = problemsOfPlugin(value);
    return wrong ?? (value as TypePlugin);
  } catch (error) {
    // A getter of it that throws, say.
    return problems.cannotLoad(content.path, error);
  }
}

export function isProblem(value: TypePlugin | Problem): value is Problem {
  return 'code' in value && 'severity' in value;
}

async function listed(
  disk: Context['disk'],
  place: TrustPlace,
  found: Problem[],
): Promise<readonly TrustedPlugin[]> {
  try {
    return (await readTrusted(disk, place)).plugins;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    found.push(error.problem);
    return [];
  }
}

async function stateOf(
  disk: Context['disk'],
  sources: PluginSources,
  trusted: TrustedPlugin,
  builtIn: readonly TypePlugin[],
  others: readonly TypePlugin[],
): Promise<TrustedState> {
  const { name, path, blake3 } = trusted;
  const failing = (because: Problem): TrustedState => ({
    trusted,
    problem: problems.trustedFails(name, path, because),
  });
  const content = await contentOf(disk, path);
  if ('code' in content) return failing(content);
  if (content.blake3 !== blake3) return failing(problems.changedSinceTrusted(path));
  const plugin = await loadPlugin(content, sources);
  if (isProblem(plugin)) return failing(plugin);
  if (plugin.name !== name) return failing(problems.anotherName(name, path, plugin.name));
  const isNamed = (other: TypePlugin): boolean => other.name === name;
  if (builtIn.some(isNamed)) return failing(problems.builtInName(name, path));
  if (others.some(isNamed)) return failing(problems.nameTaken(name, path, path));
  return { trusted, plugin };
}

/** What cannot be read makes the plugin fail, and nothing else. */
async function contentOf(disk: Context['disk'], path: string): Promise<PluginContent | Problem> {
  try {
    return await readPlugin(disk, path);
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return problems.cannotLoad(path, error);
  }
}
