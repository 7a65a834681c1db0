/** Which things before and now show the same: an inode, a content, a media id. */

import { inByteOrder } from './byte-order.ts';
import { pairNearest } from './move-nearest.ts';
import type { Pairs } from './move-pairs.ts';
import type { Thing } from './move-question.ts';

/** What can be the same, apart from the place. */
export type Alike = 'inode' | 'content' | 'media';

/** Where a path would be, had it gone along with its folder. */
export type WhereTo = (path: string) => string | undefined;

/** Things of one key, where more than one stands on either side. */
interface Group {
  readonly key: string;
  readonly sources: number[];
  readonly targets: number[];
}

const NO_KEYS: readonly string[] = [];

/**
 * Pairs what is free and shows the same.
 *
 * One on each side is a pair, and a vote on where its folder went. Several are paired by name and place; an inode
 * is a vote nevertheless. What vanished goes before what is still there, of which nobody knows yet whether it can
 * be a source. `whereTo` is asked only where there are several.
 */
export function pairAlike(pairs: Pairs, by: Alike, whereTo: () => WhereTo): void {
  const groups = by === 'media' ? pairUnique(pairs, by, mediaOf) : pairUnique(pairs, by, KEYS[by]);
  if (groups.length === 0) return;
  const place = whereTo();
  // A thing may have several media ids, so that the order of the groups matters.
  const ordered = by === 'media' ? inByteOrder(groups, ({ key }) => key) : groups;
  for (const { key, sources, targets } of ordered) {
    const gone = sources.filter((source) => source < pairs.vanished);
    pairGroup(pairs, by, { key, sources: gone, targets }, place);
    pairGroup(pairs, by, { key, sources, targets }, place);
  }
}

const KEYS: Readonly<Record<'inode' | 'content', (thing: Thing) => readonly string[]>> = {
  inode: ({ inode }) => (inode === undefined ? NO_KEYS : [inode]),
  content: (thing) => (thing.content === undefined || isEmpty(thing) ? NO_KEYS : [thing.content]),
};

const mediaOf = (thing: Thing): readonly string[] => (isEmpty(thing) ? NO_KEYS : (thing.media ?? NO_KEYS));

/** Empty files are all alike: their content says nothing. */
function isEmpty({ size, content }: Thing): boolean {
  return size === 0 && content?.startsWith('link:') !== true;
}

/** Pairs what one on each side shows, and gives the groups of the rest. */
function pairUnique(pairs: Pairs, by: Alike, keysOf: (thing: Thing) => readonly string[]): readonly Group[] {
  const keyed = new Keyed();
  pairs.sources.forEach((thing, source) => {
    if (!pairs.isFreeSource(source)) return;
    const keys = keysOf(thing);
    if (!isAlike(keys, pairs.unclaimedHere(source), keysOf))
      for (const key of keys) keyed.addSource(key, source);
  });
  pairs.targets.forEach((thing, target) => {
    if (keyed.isEmpty || !pairs.isFreeTarget(target)) return;
    const keys = keysOf(thing);
    if (!isAlike(keys, pairs.unclaimedBefore(target), keysOf))
      for (const key of keys) keyed.addTarget(key, target);
  });
  for (const [source, target] of keyed.ones())
    if (pairs.isFreeSource(source) && pairs.isFreeTarget(target)) pairs.pair(source, target, by, true);
  return keyed.groups;
}

/** Sources and targets by what they show. A group is made only where there are several: most are alone. */
class Keyed {
  private readonly several = new Map<number, Group>();
  /** Keys get numbers, so that the rest is arrays. */
  private readonly numbers = new Map<string, number>();
  private readonly sources: number[] = [];
  private readonly targets: (number | undefined)[] = [];

  get isEmpty(): boolean {
    return this.sources.length === 0;
  }

  get groups(): readonly Group[] {
    return [...this.several.values()];
  }

  addSource(key: string, source: number): void {
    const known = this.numbers.get(key);
    if (known !== undefined) return void this.group(known, key).sources.push(source);
    this.numbers.set(key, this.sources.length);
    this.sources.push(source);
    this.targets.push(undefined);
  }

  /** After all sources. */
  addTarget(key: string, target: number): void {
    const number = this.numbers.get(key);
    if (number === undefined) return;
    const first = this.targets[number];
    if (first === undefined) this.targets[number] = target;
    if (first === undefined && !this.several.has(number)) return;
    const { targets } = this.group(number, key);
    if (targets.length === 0 && first !== undefined) targets.push(first);
    targets.push(target);
  }

  private group(number: number, key: string): Group {
    const known = this.several.get(number);
    if (known !== undefined) return known;
    const group = { key, sources: [this.sources[number]!], targets: [] };
    this.several.set(number, group);
    return group;
  }

  /** Those that are alone on both sides. */
  *ones(): Generator<readonly [source: number, target: number]> {
    for (const [number, source] of this.sources.entries()) {
      const target = this.targets[number];
      if (target !== undefined && !this.several.has(number)) yield [source, target];
    }
  }
}

/** Whether a thing shows the same as what stood or stands at its own path: then it is the same, written anew. */
function isAlike(
  keys: readonly string[],
  other: Thing | undefined,
  keysOf: (thing: Thing) => readonly string[],
): boolean {
  if (other === undefined || keys.length === 0) return false;
  const theirs = keysOf(other);
  return keys.some((key) => theirs.includes(key));
}

function pairGroup(pairs: Pairs, by: Alike, group: Group, whereTo: WhereTo): void {
  const sources = group.sources.filter((source) => pairs.isFreeSource(source));
  const targets = group.targets.filter((target) => pairs.isFreeTarget(target));
  if (sources.length === 0 || targets.length === 0) return;
  const from = sources.map((source) => pairs.sources[source]!.path);
  const to = targets.map((target) => pairs.targets[target]!.path);
  for (const [a, b] of pairNearest(from, to, whereTo))
    pairs.pair(sources[a]!, targets[b]!, by, by === 'inode');
}
