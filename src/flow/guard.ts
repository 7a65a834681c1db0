/** The guard of a repository: which kind it is, whether its volume can do that, and what a scan needs of it. */

import type { Disk } from '../disk/disk.ts';
import { refuse } from '../model/problem.ts';
import type { GuardSetting } from '../scan/protect.ts';
import { Guard } from '../store/guard.ts';
import { canGuard } from '../store/guard-probe.ts';
import type { Layout } from '../store/layout.ts';
import type { GuardKind } from '../text/config.ts';
import { readConfig } from './config.ts';
import type { Repository } from './repository.ts';

export type { GuardKind } from '../text/config.ts';

/** What a new repository gets where the person says nothing: links where they work. */
export function usualGuard(disk: Disk, layout: Layout): GuardKind {
  return canGuard(disk, layout, 'links') ? 'links' : 'none';
}

/** The kind a person asks for; refuses what the volume cannot do. */
export function checkedGuard(disk: Disk, layout: Layout, kind: GuardKind): GuardKind {
  if (canGuard(disk, layout, kind)) return kind;
  const other = kind === 'reflinks' && canGuard(disk, layout, 'links') ? 'links' : 'none';
  const what = kind === 'links' ? 'hard links' : 'reflinks';
  return refuse('failed', `guard/no-${kind}`, `this file system has no ${what}`, {
    hint: `choose the guard '${other}'`,
  });
}

/** The guard as the config of a repository says. */
export async function guardOf(repository: Repository): Promise<Guard> {
  const { guard } = await readConfig(repository);
  return new Guard(repository.context.disk, repository.layout, guard);
}

export interface Guarding {
  readonly setting: GuardSetting;
  /** Whether nothing was ever guarded here. */
  readonly isFirst: boolean;
}

/** What a scan needs in order to protect; undefined where nothing is to be protected. */
export function guardingFor({ context, layout }: Repository, kind: GuardKind): Guarding | undefined {
  if (kind === 'none') return undefined;
  const isFirst = context.disk.lstat(layout.guard) === undefined;
  return { setting: { folder: layout.guard, way: kind }, isFirst };
}
