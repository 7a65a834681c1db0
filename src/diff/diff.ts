/** Two states of directories in, what a person would say happened out. */

import type { Change, DirectoryChange, Summary } from '../model/change.ts';
import type { Attributes, Entry, FileEntry, LinkEntry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';

/** What happened in one directory: to itself first, then to its files and links by the bytes of their names. */
export function* changesOf({ path, before, after }: DirectoryChange): Generator<Change> {
  const itself = directoryChange(path, before, after);
  if (itself !== undefined) yield itself;
  yield* entryChanges(path, before?.files ?? NOTHING, after?.files ?? NOTHING);
}

const NOTHING: ReadonlyMap<Name, Entry> = new Map();

/** What happened to a directory itself, whatever is in it. */
export function directoryChange(
  path: RepositoryPath,
  before?: Manifest,
  after?: Manifest,
): Change | undefined {
  if (before === undefined && after === undefined) return undefined;
  if (before === undefined) return { kind: 'added', what: 'directory', path, ...sumOf(after!) };
  if (after === undefined) return { kind: 'removed', what: 'directory', path, ...sumOf(before) };
  if (before.mode !== after.mode) return { kind: 'mode', what: 'directory', path };
  const isSame =
    sameAttributes(before, after) &&
    before.entity?.id === after.entity?.id &&
    before.entity?.type === after.entity?.type &&
    sameText(before.more, after.more) &&
    sameText(before.directories, after.directories);
  return isSame ? undefined : { kind: 'metadata', what: 'directory', path };
}

function sumOf({ files }: Manifest): { files: number; bytes: number } {
  let bytes = 0;
  for (const entry of files.values()) if (entry.kind === 'file') bytes += entry.size;
  return { files: files.size, bytes };
}

/** Joins two sorted lists of names. */
function* entryChanges(
  directory: RepositoryPath,
  before: ReadonlyMap<Name, Entry>,
  after: ReadonlyMap<Name, Entry>,
): Generator<Change> {
  const old = before.entries();
  const now = after.entries();
  let a = old.next();
  let b = now.next();
  while (a.done !== true || b.done !== true) {
    const order = a.done === true ? 1 : b.done === true ? -1 : compareBytes(a.value[0], b.value[0]);
    if (order < 0) {
      yield entryChange('removed', directory, a.value![0], a.value![1], undefined);
      a = old.next();
    } else if (order > 0) {
      yield entryChange('added', directory, b.value![0], undefined, b.value![1]);
      b = now.next();
    } else {
      const kind = kindOf(a.value![1], b.value![1]);
      if (kind !== undefined) yield entryChange(kind, directory, b.value![0], a.value![1], b.value![1]);
      a = old.next();
      b = now.next();
    }
  }
}

function entryChange(
  kind: Change['kind'],
  directory: RepositoryPath,
  name: Name,
  before: Entry | undefined,
  after: Entry | undefined,
): Change {
  const path = childOf(directory, name);
  const what = (after ?? before)!.kind;
  return { kind, path, what, ...(before && { before }), ...(after && { after }) };
}

/** What happened to what stands at one name, if anything did. */
export function kindOf(before: Entry, after: Entry): Change['kind'] | undefined {
  if (before.kind === 'link' || after.kind === 'link') {
    if (before.kind !== after.kind) return 'retyped';
    return linkKind(before as LinkEntry, after as LinkEntry);
  }
  return fileKind(before, after);
}

function linkKind(before: LinkEntry, after: LinkEntry): Change['kind'] | undefined {
  if (before.target !== after.target) return 'changed';
  return sameAttributes(before, after) && sameText(before.more, after.more) ? undefined : 'metadata';
}

function fileKind(before: FileEntry, after: FileEntry): Change['kind'] | undefined {
  if (before.blake3 !== after.blake3 || before.size !== after.size) return 'changed';
  if (before.mode !== after.mode) return 'mode';
  const isSame =
    before.mtime === after.mtime &&
    before.same === after.same &&
    before.entity?.id === after.entity?.id &&
    before.entity?.type === after.entity?.type &&
    sameAttributes(before, after) &&
    sameText(before.more, after.more);
  return isSame ? undefined : 'metadata';
}

function sameAttributes(a: Attributes, b: Attributes): boolean {
  return a.owner === b.owner && a.group === b.group && a.acl === b.acl && sameText(a.xattrs, b.xattrs);
}

/** Maps of values that a manifest holds, compared as they would be written. */
function sameText(
  a: ReadonlyMap<string, unknown> | undefined,
  b: ReadonlyMap<string, unknown> | undefined,
): boolean {
  if (a === b) return true;
  return JSON.stringify(a, flatten) === JSON.stringify(b, flatten);
}

function flatten(_key: string, value: unknown): unknown {
  return value instanceof Map
    ? [...(value as Map<string, unknown>)].sort(([x], [y]) => compareBytes(x, y))
    : value;
}

type Counted = 'added' | 'changed' | 'moved' | 'removed' | 'metadata';

/** Counts changes as a commit's `summary:` does: files and links, and other texts; a directory by what is in it. */
export class Tally {
  private readonly counts: Record<Counted, number> = {
    added: 0,
    changed: 0,
    moved: 0,
    removed: 0,
    metadata: 0,
  };

  add({ kind, what, within }: Change): void {
    if (what === 'text') this.counts.metadata++;
    else if (within !== undefined) this.counts.moved++;
    else if (what !== 'directory') this.counts[COUNTED[kind]]++;
  }

  get summary(): Summary {
    return { ...this.counts };
  }
}

const COUNTED: Readonly<Record<Change['kind'], Counted>> = {
  added: 'added',
  copied: 'added',
  changed: 'changed',
  retyped: 'changed',
  mode: 'changed',
  metadata: 'changed',
  older: 'changed',
  suspect: 'changed',
  unreadable: 'changed',
  unstable: 'changed',
  moved: 'moved',
  removed: 'removed',
  missing: 'removed',
};
