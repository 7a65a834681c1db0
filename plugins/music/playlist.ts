/** A playlist as a list of entries, and the one that two people's changes of it make. */

/** One piece of the list: its path, and the comments above it (`#EXTINF`), which go with it. */
interface Item {
  readonly path: string;
  readonly lines: readonly string[];
}

interface Playlist {
  /** What is about the whole list. */
  readonly head: readonly string[];
  /** By path and how often that has come before, in their order. */
  readonly items: ReadonlyMap<string, Item>;
  /** Comments behind the last entry. */
  readonly tail: readonly string[];
  readonly lineEnd: string;
  /** Whether the last line has no end. */
  readonly isOpen: boolean;
}

/** Why a person has to decide. */
export type Undecided =
  | 'no-base'
  | 'long'
  /** No playlist of lines, or one of a stream, whose order nobody may touch. */
  | 'no-playlist'
  | 'order'
  /** The comments of one entry, or of the list. */
  | 'comments'
  /** One side took an entry out, the other changed what is said of it. */
  | 'removed';

/** The directives that are about the whole list. */
const OF_LIST = /^(?:\u00ef\u00bb\u00bf)?#(?:EXTM3U|EXTENC|PLAYLIST)\b/i;
const OF_STREAM = /^#EXT-X-/im;
/** No playlist of lines has these. */
const NO_TEXT = /\0|\r(?!\n)/;
/** Longer ones no player writes. */
const MOST_LINES = 200_000;

/**
 * What both sides added is there, what one of them took out is not, and the order is that of the side that changed
 * it. Texts have one character for each byte. Swapped sides give the same.
 */
export function mergePlaylists(
  base: string | undefined,
  ours: string,
  theirs: string,
): { readonly text: string } | Undecided {
  if (ours === theirs || theirs === base) return { text: ours };
  if (ours === base) return { text: theirs };
  if (base === undefined) return 'no-base';
  const [b, o, t] = [playlistOf(base), playlistOf(ours), playlistOf(theirs)];
  if (typeof b === 'string') return b;
  if (typeof o === 'string') return o;
  if (typeof t === 'string') return t;
  const head = chosen(b.head, o.head, t.head);
  const tail = chosen(b.tail, o.tail, t.tail);
  if (head === undefined || tail === undefined) return 'comments';
  const items = mergedItems(b, o, t);
  if (typeof items === 'string') return items;
  const order = mergedOrder([...b.items.keys()], [...o.items.keys()], [...t.items.keys()], items);
  if (order === undefined) return 'order';
  const lines = [...head, ...order.flatMap((key) => items.get(key)!.lines), ...tail];
  // Of two values one is always changed by one side alone, or by both.
  const lineEnd = chosen(b.lineEnd, o.lineEnd, t.lineEnd)!;
  const isOpen = chosen(b.isOpen, o.isOpen, t.isOpen)!;
  return { text: lines.join(lineEnd) + (isOpen || lines.length === 0 ? '' : lineEnd) };
}

function playlistOf(text: string): Playlist | Undecided {
  if (NO_TEXT.test(text) || OF_STREAM.test(text)) return 'no-playlist';
  const lines = text.split(/\r?\n/, MOST_LINES + 1);
  if (lines.length > MOST_LINES) return 'long';
  const isOpen = lines.at(-1) !== '';
  if (!isOpen) lines.pop();
  const first = lines.findIndex((line) => isPath(line));
  const above = first === -1 ? lines.length : first;
  const head = lines.slice(0, above).findLastIndex((line) => OF_LIST.test(line)) + 1;
  const items = new Map<string, Item>();
  const times = new Map<string, number>();
  let from = head;
  for (let at = above; at < lines.length; at++) {
    const path = lines[at]!;
    if (!isPath(path)) continue;
    const time = times.get(path) ?? 0;
    times.set(path, time + 1);
    items.set(`${time} ${path}`, { path, lines: lines.slice(from, at + 1) });
    from = at + 1;
  }
  return {
    head: lines.slice(0, head),
    items,
    tail: lines.slice(from),
    lineEnd: text.includes('\r\n') ? '\r\n' : '\n',
    isOpen,
  };
}

function isPath(line: string): boolean {
  return line.trim() !== '' && !line.startsWith('#') && !OF_LIST.test(line);
}

/** The value of the side that changed it; undefined where both did otherwise. */
function chosen<T>(base: T, ours: T, theirs: T): T | undefined {
  const [b, o, t] = [base, ours, theirs].map((each) => JSON.stringify(each));
  if (o === t || t === b) return ours;
  return o === b ? theirs : undefined;
}

/** All that is in the merged list, in no order. */
function mergedItems(base: Playlist, ours: Playlist, theirs: Playlist): Map<string, Item> | Undecided {
  const items = new Map<string, Item>();
  for (const key of new Set([...ours.items.keys(), ...theirs.items.keys()])) {
    const [before, mine, other] = [base.items.get(key), ours.items.get(key), theirs.items.get(key)];
    if (mine !== undefined && other !== undefined) {
      const item = chosen(before, mine, other);
      if (item === undefined) return 'comments';
      items.set(key, item);
      continue;
    }
    const one = (mine ?? other)!;
    if (before === undefined) items.set(key, one);
    else if (JSON.stringify(before) !== JSON.stringify(one)) return 'removed';
  }
  return items;
}

type Keys = readonly string[];

/** What both have, in the order of the side that changed it, and behind each what one side added there. */
function mergedOrder(
  base: Keys,
  ours: Keys,
  theirs: Keys,
  items: ReadonlyMap<string, Item>,
): Keys | undefined {
  const [inOurs, inTheirs] = [new Set(ours), new Set(theirs)];
  const [mine, other] = [ours.filter((key) => inTheirs.has(key)), theirs.filter((key) => inOurs.has(key))];
  const shared = orderOf(
    new Set(base),
    base.filter((key) => inOurs.has(key) && inTheirs.has(key)),
    mine,
    other,
  );
  if (shared === undefined) return undefined;
  const isAdded = (key: string): boolean => items.has(key);
  const sides = [runsOf(ours.filter(isAdded), inTheirs), runsOf(theirs.filter(isAdded), inOurs)];
  return ['', ...shared].flatMap((key) => {
    const runs = sides.map((side) => side.get(key) ?? []).sort(byText);
    return [...(key === '' ? [] : [key]), ...runs.flat()];
  });
}

function orderOf(known: ReadonlySet<string>, before: Keys, ours: Keys, theirs: Keys): Keys | undefined {
  const isBefore = (keys: Keys): boolean =>
    isEqual(
      keys.filter((key) => known.has(key)),
      before,
    );
  const [isMine, isOther] = [isBefore(ours), isBefore(theirs)];
  if (isMine && isOther) return [ours, theirs].sort(byText)[0]!;
  if (isMine) return theirs;
  return isOther || isEqual(ours, theirs) ? ours : undefined;
}

/** What one side alone has, by what it comes behind that both have; '' for what comes first. */
function runsOf(keys: Keys, shared: ReadonlySet<string>): ReadonlyMap<string, Keys> {
  const runs = new Map<string, string[]>();
  let behind = '';
  for (const key of keys) {
    if (shared.has(key)) behind = key;
    else if (!runs.get(behind)?.push(key)) runs.set(behind, [key]);
  }
  return runs;
}

function isEqual(a: Keys, b: Keys): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}

function byText(a: Keys, b: Keys): number {
  const [first, second] = [a.join('\n'), b.join('\n')];
  return first < second ? -1 : first > second ? 1 : 0;
}
