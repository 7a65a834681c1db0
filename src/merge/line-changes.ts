/**
 * Which lines of a text go, and which come in their place: as few as possible, laid where git lays them, so that a
 * merge by lines finds the same changes to be apart.
 */

/** Lines that go and lines that come at one place; between two changes stands at least one line of both texts. */
export interface LineChange {
  readonly from: number;
  readonly to: number;
  readonly newFrom: number;
  readonly newTo: number;
}

/** The lines of one text as numbers, equal for equal lines, and which of them are not in the other. */
interface Marked {
  readonly lines: readonly number[];
  readonly changed: Uint8Array;
}

/** The lines of a text that are looked at, by their places in it. */
type Places = readonly number[];

/** How many lines that go or come are searched for the fewest, at one place; what differs more is replaced as a whole. */
const LONGEST_SEARCH = 1000;

/** The lines of a text, each with its line feed; the last may have none. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** The changes that make `after` of `before`, in their order. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChange[] {
  const numbers = new Map<string, number>();
  const [old, now] = [marked(before, numbers), marked(after, numbers)];
  compare(old, now);
  settle(old, gapsOf(now));
  settle(now, gapsOf(old));
  return changesOf(gapsOf(old), gapsOf(now));
}

function marked(lines: readonly string[], numbers: Map<string, number>): Marked {
  const numberOf = (line: string): number => {
    const known = numbers.get(line) ?? numbers.size;
    numbers.set(line, known);
    return known;
  };
  return { lines: lines.map(numberOf), changed: new Uint8Array(lines.length) };
}

/** Marks what goes and what comes. A line that the other text has nowhere needs no search. */
function compare(old: Marked, now: Marked): void {
  const [inOld, inNow] = [new Set(old.lines), new Set(now.lines)];
  let start = 0;
  const shorter = Math.min(old.lines.length, now.lines.length);
  while (start < shorter && old.lines[start] === now.lines[start]) start++;
  let end = 0;
  while (end < shorter - start && old.lines.at(-1 - end) === now.lines.at(-1 - end)) end++;
  const a = searched(old, inNow, start, old.lines.length - end);
  const b = searched(now, inOld, start, now.lines.length - end);
  new Search(old, a, now, b).mark(0, a.length, 0, b.length);
}

function searched(text: Marked, inOther: ReadonlySet<number>, from: number, to: number): Places {
  const places: number[] = [];
  for (let at = from; at < to; at++) {
    if (inOther.has(text.lines[at]!)) places.push(at);
    else text.changed[at] = 1;
  }
  return places;
}

/** Myers' search for the fewest lines in linear space: from both ends until the two meet, then each half by itself. */
class Search {
  private readonly old: Marked;
  private readonly a: Places;
  private readonly now: Marked;
  private readonly b: Places;

  constructor(old: Marked, a: Places, now: Marked, b: Places) {
    this.old = old;
    this.a = a;
    this.now = now;
    this.b = b;
  }

  /** Marks the lines of a box of places in both texts. */
  mark(aFrom: number, aTo: number, bFrom: number, bTo: number): void {
    for (; aFrom < aTo && bFrom < bTo && this.isEqual(aFrom, bFrom); aFrom++) bFrom++;
    for (; aFrom < aTo && bFrom < bTo && this.isEqual(aTo - 1, bTo - 1); aTo--) bTo--;
    const meeting = aFrom < aTo && bFrom < bTo ? this.meeting(aFrom, aTo, bFrom, bTo) : undefined;
    if (meeting === undefined) {
      for (let at = aFrom; at < aTo; at++) this.old.changed[this.a[at]!] = 1;
      for (let at = bFrom; at < bTo; at++) this.now.changed[this.b[at]!] = 1;
      return;
    }
    this.mark(aFrom, meeting.a, bFrom, meeting.b);
    this.mark(meeting.a, aTo, meeting.b, bTo);
  }

  private isEqual(a: number, b: number): boolean {
    return this.old.lines[this.a[a]!] === this.now.lines[this.b[b]!];
  }

  /**
   * A place on a shortest way through a box; undefined where it is longer than is searched. A diagonal is the place
   * in `a` less that in `b`; of each is known how far a number of steps leads, from the start and from the end.
   */
  private meeting(
    aFrom: number,
    aTo: number,
    bFrom: number,
    bTo: number,
  ): { a: number; b: number } | undefined {
    const [least, most] = [aFrom - bTo, aTo - bFrom];
    const [start, end] = [aFrom - bFrom, aTo - bTo];
    const isOdd = (start - end) % 2 !== 0;
    const forth = new Map([[start, aFrom]]);
    const back = new Map([[end, aTo]]);
    for (let steps = 1; steps <= LONGEST_SEARCH; steps++) {
      for (let d = last(start, steps, most); d >= start - steps && d >= least; d -= 2) {
        const [below, above] = [forth.get(d - 1) ?? -1, forth.get(d + 1) ?? -1];
        let a = below >= above ? below + 1 : above;
        while (a < aTo && a - d < bTo && this.isEqual(a, a - d)) a++;
        forth.set(d, a);
        if (isOdd && (back.get(d) ?? Infinity) <= a && this.isMet(d, end, steps - 1)) return { a, b: a - d };
      }
      for (let d = last(end, steps, most); d >= end - steps && d >= least; d -= 2) {
        const [below, above] = [back.get(d - 1) ?? Infinity, back.get(d + 1) ?? Infinity];
        let a = below < above ? below : above - 1;
        while (a > aFrom && a - d > bFrom && this.isEqual(a - 1, a - d - 1)) a--;
        back.set(d, a);
        if (!isOdd && (forth.get(d) ?? -1) >= a && this.isMet(d, start, steps)) return { a, b: a - d };
      }
    }
    return undefined;
  }

  /** Whether the other search has been on a diagonal in so many steps. */
  private isMet(d: number, from: number, steps: number): boolean {
    return Math.abs(d - from) <= steps;
  }
}

/** The highest diagonal that so many steps from one lead to. */
function last(from: number, steps: number, most: number): number {
  const highest = from + steps;
  return highest <= most ? highest : most - ((highest - most) % 2);
}

/** How many changed lines stand before each line that stays, and how many behind the last. */
function gapsOf({ lines, changed }: Marked): number[] {
  const gaps = [0];
  for (let at = 0; at < lines.length; at++) {
    if (changed[at] === 1) gaps[gaps.length - 1]!++;
    else gaps.push(0);
  }
  return gaps;
}

/**
 * Moves each group of changed lines that can be moved without saying something else: down as far as it goes, or
 * to the last place where the other text has a change, too. Groups that meet become one.
 */
function settle(text: Marked, otherGaps: readonly number[]): void {
  let gap = 0;
  for (let at = 0; at <= text.lines.length; at++, gap++) {
    const group = new Group(text, at);
    if (group.isEmpty) continue;
    let moved = 0;
    let matching: number | undefined;
    for (let size = -1; size !== group.size;) {
      size = group.size;
      while (group.slideUp()) moved--;
      matching = otherGaps[gap + moved]! > 0 ? moved : undefined;
      while (group.slideDown()) if (otherGaps[gap + ++moved]! > 0) matching = moved;
    }
    while (matching !== undefined && moved > matching && group.slideUp()) moved--;
    at = group.to;
    gap += moved;
  }
}

/** Changed lines that stand together, from a place on. */
class Group {
  private readonly text: Marked;
  private from: number;
  to: number;

  constructor(text: Marked, from: number) {
    this.text = text;
    this.from = from;
    this.to = from;
    this.extend();
  }

  get isEmpty(): boolean {
    return this.from === this.to;
  }

  get size(): number {
    return this.to - this.from;
  }

  /** Takes the line behind it for its first one, which is equal. */
  slideDown(): boolean {
    const { lines, changed } = this.text;
    if (this.to >= lines.length || lines[this.from] !== lines[this.to]) return false;
    changed[this.from++] = 0;
    changed[this.to++] = 1;
    this.extend();
    return true;
  }

  slideUp(): boolean {
    const { lines, changed } = this.text;
    if (this.from === 0 || lines[this.from - 1] !== lines[this.to - 1]) return false;
    changed[--this.from] = 1;
    changed[--this.to] = 0;
    this.extend();
    return true;
  }

  private extend(): void {
    const { changed } = this.text;
    while (this.from > 0 && changed[this.from - 1] === 1) this.from--;
    while (changed[this.to] === 1) this.to++;
  }
}

function changesOf(old: readonly number[], now: readonly number[]): LineChange[] {
  const changes: LineChange[] = [];
  let [from, newFrom] = [0, 0];
  for (const [gap, gone] of old.entries()) {
    const [to, newTo] = [from + gone, newFrom + now[gap]!];
    if (to > from || newTo > newFrom) changes.push({ from, to, newFrom, newTo });
    // The line that stays behind the gap.
    [from, newFrom] = [to + 1, newTo + 1];
  }
  return changes;
}
