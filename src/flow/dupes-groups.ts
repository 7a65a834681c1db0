/** From files that may be duplicates to groups of those that are, and what each group wastes. Pure. */

import type { ContentId } from '../model/id.ts';
import type { FileEntry } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';

export interface Copy {
  readonly path: RepositoryPath;
  readonly blake3: ContentId;
  readonly size: number;
  /** Files with one value are hard links of one another. */
  readonly same?: string;
}

export interface Group {
  /** `media`: contents that differ and hold the same media, as after a change of tags. */
  readonly kind: 'content' | 'media';
  /** The name of the id, and the id: `blake3`, or what a type plugin calls its own. */
  readonly by: string;
  readonly id: string;
  /** What would be free if the largest alone stayed; what is hard links of one another stands there once. */
  readonly wasted: number;
  /** By bytes of the paths. */
  readonly copies: readonly Copy[];
}

const MEDIA = /^[0-9a-f]{16,}$/;
export const BLAKE3 = 'blake3';

/** The ids by which a file may be the same as another one: by content, and by media. */
export function idsOf({ blake3, more }: FileEntry): [by: string, id: string][] {
  const ids: [string, string][] = blake3 === undefined ? [] : [[BLAKE3, blake3]];
  for (const [name, value] of more ?? [])
    if (typeof value === 'string' && MEDIA.test(value)) ids.push([name, value]);
  return ids;
}

/** Collects copies by their ids; only what stands in several places becomes a group. */
export class Groups {
  /** By the name of the id, then by the id. */
  private readonly byName = new Map<string, Map<string, Copy[]>>();

  add(by: string, id: string, copy: Copy): void {
    let byId = this.byName.get(by);
    if (byId === undefined) this.byName.set(by, (byId = new Map<string, Copy[]>()));
    const copies = byId.get(id);
    if (copies === undefined) byId.set(id, [copy]);
    else copies.push(copy);
  }

  /** What wastes most first, then by the bytes of the first paths. */
  sorted(): Group[] {
    const groups: Group[] = [];
    const media = new Set<string>();
    for (const [by, byId] of this.byName) {
      for (const [id, copies] of byId) {
        const group = by === BLAKE3 ? contentGroup(id, copies) : mediaGroup(by, id, copies);
        if (group === undefined || (group.kind === 'media' && isKnown(media, group))) continue;
        groups.push(group);
      }
    }
    return groups.sort((a, b) => b.wasted - a.wasted || compareBytes(a.copies[0]!.path, b.copies[0]!.path));
  }
}

/** One media may have several ids. */
function isKnown(media: Set<string>, { copies }: Group): boolean {
  const key = copies.map(({ path }) => path).join('\0');
  const known = media.has(key);
  media.add(key);
  return known;
}

function contentGroup(id: string, copies: Copy[]): Group | undefined {
  const count = inodesOf(copies);
  if (count < 2) return undefined;
  return {
    kind: 'content',
    by: BLAKE3,
    id,
    wasted: (count - 1) * copies[0]!.size,
    copies: copies.sort(byPath),
  };
}

/** Of copies with one content one counts: the others are a group of their own. */
function mediaGroup(by: string, id: string, copies: Copy[]): Group | undefined {
  const sizes = new Map(copies.map(({ blake3, size }) => [blake3, size]));
  if (sizes.size < 2) return undefined;
  let sum = 0;
  let largest = 0;
  for (const size of sizes.values()) {
    sum += size;
    largest = Math.max(largest, size);
  }
  return { kind: 'media', by, id, wasted: sum - largest, copies: copies.sort(byPath) };
}

function inodesOf(copies: readonly Copy[]): number {
  const groups = new Set<string>();
  let alone = 0;
  for (const { same } of copies) {
    if (same === undefined) alone++;
    else groups.add(same);
  }
  return alone + groups.size;
}

function byPath(a: Copy, b: Copy): number {
  return compareBytes(a.path, b.path);
}
