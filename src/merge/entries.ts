/** One file, link or folder of which both sides have a version: its dimensions, each by itself. */

import type {
  Attributes,
  Entry,
  EntityReference,
  FileEntry,
  LinkEntry,
  Manifest,
} from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { parseInstant } from '../model/instant.ts';
import type { Value } from '../model/value.ts';
import { mergeValue, settleValue } from './values.ts';

/** One version, or two where both sides changed the content. */
export type MergedEntry =
  | { readonly kind: 'one'; readonly entry: Entry }
  | { readonly kind: 'both'; readonly ours: Entry; readonly theirs: Entry };

/** What a file or link holds, as one text: equal for equal bytes. */
export function contentOf(entry: Entry): string {
  return entry.kind === 'link' ? `link ${entry.target}` : `file ${entry.blake3}`;
}

/** Without a base both sides have added it. */
export function mergeEntries(base: Entry | undefined, ours: Entry, theirs: Entry): MergedEntry {
  const contents = mergeValue(base, ours, theirs, isSameContent);
  if (contents.kind === 'both') return { kind: 'both', ours, theirs };
  const { value } = contents;
  // Here one version holds what is to be held; all else is merged beside it.
  const entry =
    value!.kind === 'link'
      ? mergeLink(base, ours, theirs, value as LinkEntry)
      : mergeFile(base, ours, theirs, value as FileEntry);
  return { kind: 'one', entry };
}

/** A folder itself: everything that its manifest says but its files and what its subfolders are called. */
export function mergeFolders(base: Manifest | undefined, ours: Manifest, theirs: Manifest): Manifest {
  return {
    mode: settleValue(base?.mode, ours.mode, theirs.mode, stricter)!,
    ...mergeAttributes(base, ours, theirs),
    ...mergeEntity(base, ours, theirs),
    ...mergeMore(base?.more, ours.more, theirs.more),
    files: new Map(),
  };
}

function mergeFile(base: Entry | undefined, ours: Entry, theirs: Entry, content: FileEntry): FileEntry {
  const files = [base, ours, theirs].map((entry) => (entry?.kind === 'file' ? entry : undefined));
  const [was, a, b] = files as [FileEntry | undefined, FileEntry | undefined, FileEntry | undefined];
  // A side that has no file here, or another content, has nothing to say about this one.
  const [x, y] = [speaking(a, content), speaking(b, content)];
  const other = x ?? y!;
  const [first, second] = [x ?? other, y ?? other];
  const mine = was !== undefined && isSameContent(was, content) ? was : undefined;
  const mode = settleValue(was?.mode, (a ?? other).mode, (b ?? other).mode, stricter);
  const same = settleValue(was?.same, (a ?? other).same, (b ?? other).same, lower);
  const more = mergeMore(mine?.more, first.more, second.more);
  return {
    kind: 'file',
    ...(content.blake3 !== undefined && { blake3: content.blake3 }),
    size: content.size,
    mtime: settleValue<Time>(mine?.mtime, first.mtime, second.mtime, older)!,
    mode: mode!,
    ...(same !== undefined && { same }),
    ...mergeAttributes(was, a ?? other, b ?? other),
    ...mergeEntity(was, a ?? other, b ?? other),
    ...more,
  };
}

function speaking(entry: FileEntry | undefined, content: FileEntry): FileEntry | undefined {
  return entry !== undefined && isSameContent(entry, content) ? entry : undefined;
}

function mergeLink(base: Entry | undefined, ours: Entry, theirs: Entry, content: LinkEntry): LinkEntry {
  const [was, a, b] = [base, ours, theirs].map((entry) => (entry?.kind === 'link' ? entry : undefined));
  const [x, y] = [a ?? content, b ?? content];
  return {
    kind: 'link',
    target: content.target,
    ...mergeAttributes(was, x, y),
    ...mergeMore(was?.more, x.more, y.more),
  };
}

/** Two ids for one entity: the lower stays, the other is remembered and still resolves. */
export function mergeEntity(
  base: { readonly entity?: EntityReference } | undefined,
  ours: { readonly entity?: EntityReference },
  theirs: { readonly entity?: EntityReference },
): { readonly entity?: EntityReference } {
  const entity = settleValue(base?.entity, ours.entity, theirs.entity, united, isSameValue);
  return entity === undefined ? {} : { entity };
}

function united(a: EntityReference | undefined, b: EntityReference | undefined): EntityReference | undefined {
  // Here both sides changed it: an entity that one side ended stays if the other did something to it.
  if (a === undefined || b === undefined) return a ?? b;
  const [kept, other] = compareBytes(a.id, b.id) <= 0 ? [a, b] : [b, a];
  const were = new Set([...(a.was ?? []), ...(b.was ?? []), other.id]);
  were.delete(kept.id);
  const from = settleValue<string | undefined>(undefined, a.from, b.from, lower);
  return {
    id: kept.id,
    type: kept.id === other.id ? lower(a.type, b.type) : kept.type,
    ...(from !== undefined && { from }),
    ...(were.size > 0 && { was: [...were].sort(compareBytes) }),
    ...mergeMore(undefined, kept.more, other.more),
  };
}

function mergeAttributes(base: Attributes | undefined, ours: Attributes, theirs: Attributes): Attributes {
  const found: Record<string, unknown> = {};
  for (const key of ['owner', 'group', 'acl', 'xattrs'] as const) {
    const value = settleValue<unknown>(base?.[key], ours[key], theirs[key], lower, isSameValue);
    if (value !== undefined) found[key] = value;
  }
  return found;
}

type More = ReadonlyMap<string, Value>;

/** Keys that dbk does not know, and other ids of a content. */
function mergeMore(
  base: More | undefined,
  ours: More | undefined,
  theirs: More | undefined,
): { more?: More } {
  if (ours === undefined && theirs === undefined) return {};
  const merged = new Map<string, Value>();
  for (const key of [...new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])].sort(compareBytes)) {
    const value = settleValue(base?.get(key), ours?.get(key), theirs?.get(key), lower, isSameValue);
    if (value !== undefined) merged.set(key, value);
  }
  return merged.size === 0 ? {} : { more: merged };
}

/** Whether all that is recorded is the same. */
export function isSameEntry(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || contentOf(a) !== contentOf(b)) return false;
  if (a.kind === 'file' && b.kind === 'file' && (a.mtime !== b.mtime || a.mode !== b.mode)) return false;
  return (isPlain(a) && isPlain(b)) || spelled(a) === spelled(b);
}

/** Whether nothing is recorded but what is of every entry. */
function isPlain(entry: Entry): boolean {
  const { owner, group, acl, xattrs, more } = entry;
  const isBare = [owner, group, acl, xattrs, more].every((value) => value === undefined);
  return isBare && (entry.kind === 'link' || (entry.same === undefined && entry.entity === undefined));
}

function isSameContent(a: Entry | undefined, b: Entry | undefined): boolean {
  return a === undefined || b === undefined ? a === b : contentOf(a) === contentOf(b);
}

function stricter(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a & b;
}

type Time = FileEntry['mtime'] | undefined;

function older(a: Time, b: Time): Time {
  return (parseInstant(a ?? '') ?? 0n) <= (parseInstant(b ?? '') ?? 0n) ? a : b;
}

/** What is there counts more than nothing, and of two the lower one as it is written. */
function lower<T>(a: T, b: T): T {
  if (a === undefined || b === undefined) return a ?? b;
  return compareBytes(spelled(a), spelled(b)) <= 0 ? a : b;
}

function isSameValue(a: unknown, b: unknown): boolean {
  return a === b || spelled(a) === spelled(b);
}

function spelled(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) => (part instanceof Map ? ['map', ...part] : part)) ?? ''
  );
}
