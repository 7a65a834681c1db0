/** The context of the flows, made from the machine: who, where, when, with how many threads. */

import { availableParallelism, hostname, userInfo } from 'node:os';
import type { Context, Identity } from '../flow/context.ts';
import { Refusal } from '../model/problem.ts';
import * as problems from './commands/problems.ts';
import type { Environment } from './terminal.ts';

/** What only main.ts knows. */
export interface Machine {
  readonly disk: Context['disk'];
  readonly env: Environment;
  readonly pid: number;
}

/** Refuses ('usage') a DBK_THREADS that is not 1 or 2. */
export function contextOf(
  { disk, env, pid }: Machine,
  { progress, interrupted }: Pick<Context, 'progress' | 'interrupted'>,
): Context {
  return {
    disk,
    clock: { now: () => Date.now(), offset: (moment) => 0 - new Date(moment).getTimezoneOffset() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    identity: identityOf(env, pid),
    progress,
    threads: threadsOf(env['DBK_THREADS']),
    interrupted,
  };
}

/** Where a person keeps what holds for all their repositories. */
export function settingsOfPerson(env: Environment): string | undefined {
  const config = env['XDG_CONFIG_HOME'];
  // The specification of these folders: one that is not absolute does not count.
  if (config?.startsWith('/')) return `${config}/dbk/config.yaml`;
  const home = env['HOME'];
  return home?.startsWith('/') ? `${home}/.config/dbk/config.yaml` : undefined;
}

/** Asked for piece by piece: most commands need only the name of the machine. */
function identityOf(env: Environment, pid: number): Identity {
  return {
    get host() {
      return hostname();
    },
    get user() {
      return userOf(env);
    },
    get author() {
      const user = userOf(env);
      return `${user} <${user}@${hostname().replace(/\..*$/, '')}>`;
    },
    pid,
  };
}

function userOf(env: Environment): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that no user has.
    return env['USER'] ?? 'somebody';
  }
}

/** More than two threads read no disk faster. */
function threadsOf(wanted: string | undefined): number {
  if (wanted === undefined || wanted === '') return availableParallelism() > 1 ? 2 : 1;
  if (wanted !== '1' && wanted !== '2') throw new Refusal('usage', problems.badThreads(wanted));
  return Number(wanted);
}
