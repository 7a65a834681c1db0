/** The context of the flows, as the person's environment wants it. */

import type { Context } from '../flow/context.ts';
import { machineContext } from '../flow/machine.ts';
import { Refusal } from '../model/problem.ts';
import * as problems from './commands/problems.ts';
import type { Environment } from './terminal.ts';

/** Refuses ('usage') a DBK_THREADS that is not 1 or 2. */
export function contextOf(
  env: Environment,
  pid: number,
  parts: Pick<Context, 'progress' | 'interrupted' | 'standIn' | 'readingThread'>,
): Context {
  const threads = threadsOf(env['DBK_THREADS']);
  const programs = programsOf(env);
  return machineContext({ ...parts, pid, programs, ...(threads !== undefined && { threads }) });
}

/** The program that is called for `ssh`, and what dbk is called on other machines. */
function programsOf({ DBK_SSH: ssh, DBK_REMOTE: remote }: Environment): NonNullable<Context['programs']> {
  return { ...(ssh && { ssh }), ...(remote && { remote }) };
}

/** Where a person keeps what holds for all their repositories; undefined where there is no such place. */
export function settingsOfPerson(env: Environment): string | undefined {
  return inFolderOfPerson(env, 'config.yaml');
}

/** Where a person says which plugins they trust; undefined where there is no such place. */
export function pluginsOfPerson(env: Environment): string | undefined {
  return inFolderOfPerson(env, 'plugins.yaml');
}

function inFolderOfPerson(env: Environment, name: string): string | undefined {
  const config = env['XDG_CONFIG_HOME'];
  // The specification of these folders: one that is not absolute does not count.
  if (config?.startsWith('/')) return `${config}/dbk/${name}`;
  const home = env['HOME'];
  return home?.startsWith('/') ? `${home}/.config/dbk/${name}` : undefined;
}

/** undefined: as many as the machine is good for. */
function threadsOf(wanted: string | undefined): number | undefined {
  if (wanted === undefined || wanted === '') return undefined;
  if (wanted !== '1' && wanted !== '2') throw new Refusal('usage', problems.badThreads(wanted));
  return Number(wanted);
}
