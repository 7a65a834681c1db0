/** The words for what changed: lists of changes, and the counts below them. */

import type { Change, ChangeKind, Summary } from '../model/change.ts';
import { compareBytes } from '../model/name.ts';
import type { Palette, Paint } from './colour.ts';
import { counted, shownCount, shownSize } from './quantities.ts';
import { metadataWords, wordedFields } from './render-metadata.ts';
import { shownPath } from './shown.ts';
import { sizeOf, Tally } from './tally.ts';
import { WholeFolders } from './whole-folders.ts';

export interface ListStyle {
  readonly palette: Palette;
  /** How many changes of each kind are shown. */
  readonly limit: number;
}

interface KindWords {
  readonly title: string;
  readonly says?: string;
  readonly paint: keyof Omit<Palette, 'coloured'>;
}

/** In the order in which they are shown: what needs care comes last, nearest to the prompt. */
const KINDS: Readonly<Record<ChangeKind, KindWords>> = {
  added: { title: 'Added', paint: 'added' },
  changed: { title: 'Changed', paint: 'changed' },
  retyped: { title: 'Another kind', says: 'a file, link or folder became another', paint: 'changed' },
  mode: { title: 'Permissions', paint: 'changed' },
  metadata: { title: 'Metadata', paint: 'changed' },
  moved: { title: 'Moved', paint: 'moved' },
  copied: { title: 'Copied', paint: 'moved' },
  older: { title: 'Older', says: 'an older version stands here', paint: 'changed' },
  removed: { title: 'Removed', paint: 'gone' },
  missing: { title: 'Missing', says: 'gone, not confirmed as deleted', paint: 'gone' },
  unstable: { title: 'In flux', says: 'changed while it was read', paint: 'changed' },
  unreadable: { title: 'Unreadable', paint: 'gone' },
  suspect: { title: 'Suspect', says: 'other bytes, but the same size and times', paint: 'alarm' },
};

const ORDER = Object.keys(KINDS) as readonly ChangeKind[];
const SIZE_WIDTH = 9;
const KIND_WIDTH = 12;
const FIELD_INDENT = SIZE_WIDTH + 4;

/** Changes grouped by kind, each group with its counts and its first changes; lines without line ends. */
export function* groupedLines(changes: Iterable<Change>, style: ListStyle): Generator<string> {
  const groups = new Groups(style);
  for (const change of changes) groups.add(change);
  yield* groups.lines();
}

/**
 * Groups changes that are handed over one by one; within a group they are sorted by path.
 *
 * A folder that came or went whole is one line, and what is in it is not listed again. Of others no more than
 * `limit` + 1 of a kind are kept, so a million of them are as good as ten.
 */
export class Groups {
  readonly tally = new Tally();
  readonly #style: ListStyle;
  readonly #groups = new Map<ChangeKind, Group>();

  constructor(style: ListStyle) {
    this.#style = style;
  }

  add(change: Change): void {
    const { kind, what, path } = change;
    const isWhole = WHOLE.includes(kind) && what === 'directory' && change.files !== undefined;
    const group = this.#groups.get(kind) ?? { folders: new WholeFolders(), first: [], count: 0 };
    // That the repository's own folder came is no news: what is in it is listed.
    if ((isWhole && path === '') || (what !== 'directory' && group.folders.holds(path))) return;
    this.#groups.set(kind, group);
    this.tally.add(change);
    if (isWhole) {
      group.folders.add(change);
      return;
    }
    group.count += 1;
    // One more than the limit: a line that says "1 more" would take the place of that one.
    if (group.count <= this.#style.limit + 1) group.first.push(change);
  }

  /** Finds out more of the changes that will be shown, and of no others. */
  async learn(more: (change: Change) => Promise<Change>): Promise<void> {
    for (const { first } of this.#groups.values())
      for (const [i, change] of first.entries()) first[i] = await more(change);
  }

  *lines(): Generator<string> {
    const { palette, limit } = this.#style;
    let begun = false;
    for (const kind of ORDER.filter((each) => this.tally.has(each))) {
      if (begun) yield '';
      begun = true;
      yield headingOf(kind, this.tally, palette);
      const { folders, first, count } = this.#groups.get(kind)!;
      const all = [...folders.changes(), ...first].sort((a, b) => compareBytes(a.path, b.path));
      const total = folders.count + count;
      const shown = total <= limit + 1 ? total : limit;
      for (const change of all.slice(0, shown)) {
        const [first, ...more] = itemLines(change, this.#style);
        yield `  ${first}`;
        for (const line of more) yield `  ${line}`;
      }
      if (shown < total) yield `  ${restOf(total - shown, palette)}`;
    }
  }
}

interface Group {
  readonly folders: WholeFolders;
  readonly first: Change[];
  /** How many there are, those of `first` included. */
  count: number;
}

/** Only of these a folder is one line: what moved inside a moved folder is news of its own. */
const WHOLE: readonly ChangeKind[] = ['added', 'removed', 'missing'];

/** One line for each change as it comes: what -v shows. */
export function* flatLines(changes: Iterable<Change>, style: Pick<ListStyle, 'palette'>): Generator<string> {
  for (const change of changes) yield flatLine(change, style.palette);
}

/** The same with all that changed in a sidecar below it. */
export function* fullLines(change: Change, palette: Palette): Generator<string> {
  yield flatLine(change, palette);
  if (change.metadata === undefined) return;
  for (const line of wordedFields(change.metadata, palette)) yield `${' '.repeat(FIELD_INDENT + 2)}${line}`;
}

/** One change, its kind first. */
export function flatLine(change: Change, palette: Palette): string {
  const { paint } = KINDS[change.kind];
  const by = change.by === undefined ? '' : palette.quiet(`  by ${change.by}`);
  return palette[paint](change.kind.padEnd(KIND_WIDTH)) + itemOf(change, palette) + by;
}

/** The line for what was cut from a list. */
export function restOf(count: number, palette: Palette): string {
  return palette.quiet(`… and ${shownCount(count)} more (-v shows all)`);
}

/** `14 added, 3 changed, 204 moved`; undefined where nothing did. */
export function summaryWords(summary: Summary): string | undefined {
  const words = (['added', 'changed', 'moved', 'removed'] as const)
    .filter((key) => summary[key] > 0)
    .map((key) => `${shownCount(summary[key])} ${key}`);
  if (summary.metadata > 0) words.push(`${counted(summary.metadata, 'metadata text')}`);
  return words.length === 0 ? undefined : words.join(', ');
}

function headingOf(kind: ChangeKind, tally: Tally, palette: Palette): string {
  const { title, says, paint } = KINDS[kind];
  const { files, folders, texts, bytes } = tally.of(kind);
  const counts = [
    ...(files > 0 ? [counted(files, 'file')] : []),
    ...(folders > 0 ? [counted(folders, 'folder')] : []),
    ...(texts > 0 ? [counted(texts, 'text')] : []),
    ...(bytes > 0 && isSized(kind) ? [shownSize(bytes)] : []),
  ];
  const aside = says === undefined ? '' : palette.quiet(` (${says})`);
  return `${palette.heading(palette[paint](`${title}: ${counts.join(', ')}`))}${aside}`;
}

/** A change and, where it is of a sidecar, which fields changed: one beside it, or several below. */
function* itemLines(change: Change, { palette, limit }: ListStyle): Generator<string> {
  const item = itemOf(change, palette);
  const words = change.metadata === undefined ? [] : metadataWords(change.metadata, palette);
  if (words.length < 2) {
    yield [item, ...words].join('  ');
    return;
  }
  yield item;
  const shown = words.length <= limit + 1 ? words.length : limit;
  for (const each of words.slice(0, shown)) yield ' '.repeat(FIELD_INDENT) + each;
  if (shown < words.length) yield ' '.repeat(FIELD_INDENT) + restOf(words.length - shown, palette);
}

/** Size, path, and what else there is to say, without the kind. */
function itemOf(change: Change, palette: Palette): string {
  const size = isSized(change.kind) ? sizeOf(change) : undefined;
  const paint: Paint = palette[KINDS[change.kind].paint];
  const isFolder = change.what === 'directory' || change.about === 'directory';
  const path = shownPath(change.path, isFolder ? 'directory' : 'other');
  const from = change.from === undefined ? '' : `${fromOf(change, change.from)} → `;
  const aside = asideOf(change);
  const column = (size === undefined ? '' : shownSize(size)).padStart(SIZE_WIDTH);
  return `${column}  ${paint(from + path)}${aside === undefined ? '' : palette.quiet(`  (${aside})`)}`;
}

function fromOf(change: Change, from: string): string {
  return shownPath(from, change.what === 'directory' ? 'directory' : 'other');
}

function asideOf(change: Change): string | undefined {
  const { before, after } = change;
  if (change.kind === 'mode' && before?.kind === 'file' && after?.kind === 'file') {
    return `${before.mode.toString(8)} → ${after.mode.toString(8)}`;
  }
  if (change.kind === 'moved' && before?.kind === 'file' && after?.kind === 'file') {
    // Where it was not read, its size may still tell.
    const isEdited = after.blake3 === undefined ? before.size !== after.size : before.blake3 !== after.blake3;
    if (isEdited) return 'edited';
  }
  if (change.kind === 'retyped') {
    return `${kindOf(before?.kind)} → ${kindOf(after?.kind)}`;
  }
  if (change.files !== undefined) return change.files === 0 ? 'empty' : counted(change.files, 'file');
  return change.what === 'link' ? 'link' : undefined;
}

/** Entries are files and links; where there is none, a directory stands or stood. */
function kindOf(kind: 'file' | 'link' | undefined): string {
  return kind ?? 'folder';
}

/** Where nothing of a content changed its size says nothing. */
function isSized(kind: ChangeKind): boolean {
  return kind !== 'mode' && kind !== 'metadata';
}
