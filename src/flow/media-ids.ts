/** Media ids as moves are looked for by: those that stay when tags change, recorded or just read. */

import type { FileEntry } from '../model/manifest.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Types } from './types.ts';

export interface Media {
  /** Which keys of a manifest's line are such ids. */
  readonly names: ReadonlySet<string>;
  /** Of what stands here now, as far as it was read. */
  readonly now: ReadonlyMap<RepositoryPath, readonly string[]>;
}

export const NO_MEDIA: Media = { names: new Set<string>(), now: new Map<RepositoryPath, never>() };

/** The ids that mean the same piece in the same encoding, by the plugins here. */
export function payloadIds({ plugins }: Pick<Types, 'plugins'>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { mediaIds = [] } of plugins.values())
    for (const { name, level } of mediaIds) if (level === 'payload') names.add(name);
  return names;
}

/** `NAME:ID` of each that a line has. */
export function mediaOf({ more }: Pick<FileEntry, 'more'>, names: ReadonlySet<string>): string[] {
  const ids: string[] = [];
  for (const [name, value] of more ?? []) if (names.has(name)) ids.push(`${name}:${String(value)}`);
  return ids;
}
