/** Trusting a plugin of somebody else's, and no longer doing so. */

import { compareBytes } from '../model/name.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import type { TypePlugin } from '../plugin/api.ts';
import type { TrustedPlugin, TrustedPlugins } from '../text/trusted-plugins.ts';
import type { Context } from './context.ts';
import { isProblem, loadPlugin, trustedStates, type PluginSources } from './load-plugins.ts';
import { readPlugin, type PluginContent } from './plugin-content.ts';
import * as problems from './plugin-problems.ts';
import { readTrusted, writeTrusted, type TrustPlace } from './trusted-plugins.ts';

export interface TrustRequest {
  /** Absolute. */
  readonly path: string;
  /** What the person looked at: another hash is refused. */
  readonly hash?: string;
  /** Asked before anything of the plugin runs; `before` is what was trusted at this place. */
  readonly ask: (content: PluginContent, before: TrustedPlugin | undefined) => Promise<boolean>;
}

export interface Trusted {
  readonly content: PluginContent;
  readonly plugin: TypePlugin;
  /** What else to say of it. */
  readonly problems: readonly Problem[];
}

/**
 * Trusts a plugin as it is now: `plugins.yaml` has its name, path and hash afterwards.
 *
 * First it is read, then the person is asked, then its code runs for the first time, to say what it is. undefined
 * where the person says no. Refuses ('failed') what is no plugin, or called as another one; ('safety') other bytes
 * than `hash` says.
 */
export async function trustPlugin(
  disk: Context['disk'],
  sources: PluginSources,
  { path, hash, ask }: TrustRequest,
): Promise<Trusted | undefined> {
  const content = await readPlugin(disk, path);
  if (hash !== undefined && hash !== content.blake3)
    throw new Refusal('safety', problems.otherHash(content.path, content.blake3));
  const list = await readTrusted(disk, sources);
  const before = list.plugins.find((one) => one.path === content.path);
  if (!(await ask(content, before))) return undefined;
  const plugin = await loadPlugin(content, sources);
  if (isProblem(plugin)) throw new Refusal('failed', plugin);
  const builtIn = await sources.builtIn();
  requireOwnName(plugin, content, builtIn, list);
  const { name } = plugin;
  const others = list.plugins.filter((one) => one.path !== content.path);
  const entry: TrustedPlugin = {
    name,
    path: content.path,
    blake3: content.blake3,
    ...(before?.more && { more: before.more }),
  };
  const plugins = [...others, entry].sort((a, b) => compareBytes(a.name, b.name));
  writeTrusted(disk, sources, { ...list, plugins });
  const states = await trustedStates(disk, sources, builtIn, []);
  const here = [...builtIn, ...states.flatMap((state) => state.plugin ?? [])];
  const sameTop = here.filter((other) => other.top === plugin.top && other.name !== name);
  return {
    content,
    plugin,
    problems: sameTop.map((other) => problems.topTaken(name, plugin.top, other.name)),
  };
}

/** Takes a plugin from the list, and says what it said; refuses ('failed') a name that is not in it. */
export async function untrustPlugin(
  disk: Context['disk'],
  place: TrustPlace,
  name: string,
  dryRun = false,
): Promise<TrustedPlugin> {
  const list = await readTrusted(disk, place);
  const gone = list.plugins.find((one) => one.name === name);
  if (gone === undefined) throw new Refusal('failed', problems.notTrusted(name));
  const plugins = list.plugins.filter((one) => one !== gone);
  if (!dryRun) writeTrusted(disk, place, { ...list, plugins });
  return gone;
}

function requireOwnName(
  { name }: TypePlugin,
  { path }: PluginContent,
  builtIn: readonly TypePlugin[],
  { plugins }: TrustedPlugins,
): void {
  // Whoever could replace what comes with dbk would read every file with it, and nobody would see that.
  if (builtIn.some((one) => one.name === name)) throw new Refusal('failed', problems.builtInName(name, path));
  const other = plugins.find((one) => one.name === name && one.path !== path);
  if (other !== undefined) throw new Refusal('failed', problems.nameTaken(name, path, other.path));
}
