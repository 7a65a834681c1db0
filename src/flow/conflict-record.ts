/** What the index says when a conflict is settled. */

import type { Summary } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { Entry, FileEntry } from '../model/manifest.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { rulesText } from '../scan/ignore.ts';
import { IGNORE_FILE } from '../scan/rules-chain.ts';
import type { Wanted } from '../sync/plan.ts';
import { along } from '../sync/relocation.ts';
import { FOLDER_SIDECAR } from '../text/mirror.ts';
import type { Deed } from './conflict-deeds.ts';
import { rewritten } from './conflict-texts.ts';
import type { EntityWork } from './entity-work.ts';
import { recordFolders } from './record-folders.ts';
import { absolute } from './repository.ts';
import { rulesPath } from './rules-texts.ts';

type Counts = { -readonly [K in keyof Omit<Summary, 'more'>]: number };

/** What is added to while conflicts are recorded. */
export interface Recording {
  readonly work: EntityWork;
  readonly moved: Move[];
  readonly summary: Counts;
}

type NewFile = Extract<Wanted, { kind: 'file' }>;

/** `text` is the file that a deed of writing made. */
export async function recordDeed(recording: Recording, deed: Deed, text: NewFile | undefined): Promise<void> {
  const { edit } = recording.work;
  switch (deed.kind) {
    case 'close':
      return;
    case 'keep':
      if (deed.stays === deed.name) remove(recording, deed.goes);
      else replace(recording, deed.stays, deed.name);
      return;
    case 'write':
      write(recording, deed.name, text!);
      remove(recording, deed.goes);
      return;
    case 'keep-folder':
      removeFolder(recording, deed.goes);
      if (deed.stays === deed.name) return;
      for (const folder of edit.below(deed.stays))
        takePlace(recording, folder, along(folder, deed.stays, deed.name));
      return move(recording, deed.stays, deed.name);
    case 'swap':
      return swap(recording, deed.name, deed.beside);
    case 'remove':
      if (edit.recorded(deed.path) === undefined) return remove(recording, deed.path);
      return removeFolder(recording, deed.path);
    case 'move':
      return move(recording, deed.from, deed.to);
    case 'field':
    case 'prose':
      await rewrite(recording, deed);
  }
}

function remove({ work: { edit }, summary }: Recording, path: RepositoryPath): void {
  edit.removeFile(path);
  summary.removed++;
  if (nameOf(path) === IGNORE_FILE) edit.remove(rulesPath(edit.mirror.of(parentOf(path))!));
}

function removeFolder({ work: { edit }, summary }: Recording, path: RepositoryPath): void {
  for (const folder of edit.below(path)) {
    summary.removed += edit.recorded(folder)!.files.size;
    edit.remove(rulesPath(edit.mirror.of(folder)!));
  }
  edit.removeFolder(path);
}

/** What takes a name is the entity that had it. */
function takePlace({ work: { edit } }: Recording, path: RepositoryPath, name: RepositoryPath): void {
  const [manifest, old] = [edit.recorded(path)!, edit.recorded(name)];
  if (old === undefined) return;
  const files = new Map(
    [...manifest.files].map(([name, entry]) => {
      const is = entry.kind === 'file' ? { ...entry, ...entityOf(old.files.get(name)) } : entry;
      return [name, is] as const;
    }),
  );
  const entity = manifest.entity ?? old.entity;
  edit.edit(path, { ...manifest, ...(entity && { entity }), files });
}

/** A folder, and what is none, change their names. */
function swap(recording: Recording, one: RepositoryPath, other: RepositoryPath): void {
  const { work, moved, summary } = recording;
  const { edit } = work;
  const [folder, file] = edit.recorded(one) === undefined ? [other, one] : [one, other];
  const before = edit.mirror.of(parentOf(file))!;
  edit.moveFile(file, folder);
  if (nameOf(file) === IGNORE_FILE) edit.remove(rulesPath(before));
  recordRules(work, folder);
  moved.push({ from: file, to: folder, by: 'hand' });
  summary.moved++;
  move(recording, folder, file);
}

/** The content takes the name, and what is written about it goes along; the entity is the thing that had the name. */
function replace({ work, moved, summary }: Recording, from: RepositoryPath, to: RepositoryPath): void {
  const { edit } = work;
  const old = edit.recorded(parentOf(to))?.files.get(nameOf(to));
  edit.remove(edit.sidecarPath(to));
  edit.moveFile(from, to);
  setEntry(work, to, (entry) => (entry.kind === 'file' ? inPlaceOf(entry, old) : entry));
  moved.push({ from, to, by: 'hand' });
  summary.moved++;
  recordRules(work, to);
}

function inPlaceOf({ entity: _entity, same: _same, ...file }: FileEntry, old: Entry | undefined): FileEntry {
  return { ...file, ...entityOf(old) };
}

function entityOf(entry: Entry | undefined): Pick<FileEntry, 'entity'> {
  return entry?.kind === 'file' && entry.entity !== undefined ? { entity: entry.entity } : {};
}

function write({ work, summary }: Recording, path: RepositoryPath, text: NewFile): void {
  const { blake3, size, mtime, mode } = text;
  setEntry(work, path, (entry) => {
    if (entry.kind === 'link') return { kind: 'file', blake3, size, mtime, mode };
    // Other ids were those of the old content.
    const { more: _more, same: _same, ...file } = entry;
    return { ...file, blake3, size, mtime, mode };
  });
  summary.changed++;
  recordRules(work, path);
}

function setEntry({ edit }: EntityWork, path: RepositoryPath, change: (entry: Entry) => Entry): void {
  const manifest = edit.manifest(parentOf(path))!;
  const entry = change(manifest.files.get(nameOf(path))!);
  edit.edit(parentOf(path), { ...manifest, files: new Map(manifest.files).set(nameOf(path), entry) });
}

function move({ work, moved, summary }: Recording, from: RepositoryPath, to: RepositoryPath): void {
  const { seen, edit } = work;
  recordFolders(seen, edit, parentOf(to));
  const isFolder = edit.recorded(from) !== undefined;
  if (isFolder) edit.move(from, to);
  else edit.moveFile(from, to);
  const end = isFolder ? '/' : '';
  moved.push({ from: from + end, to: to + end, by: 'hand' });
  summary.moved += isFolder ? filesBelow(work, from) : 1;
}

function filesBelow({ edit }: EntityWork, folder: RepositoryPath): number {
  let files = 0;
  for (const at of edit.below(folder)) files += edit.recorded(at)?.files.size ?? 0;
  return files;
}

const LONGEST_RULES = 1024 * 1024;

/** The copy of ignore rules says what those do that stand there now. */
function recordRules({ seen, edit }: EntityWork, path: RepositoryPath): void {
  if (nameOf(path) !== IGNORE_FILE) return;
  const { repository } = seen;
  const file = absolute(repository, path);
  if (repository.context.disk.lstat(file)?.isFile() !== true) return;
  const text = rulesText(repository.context.disk.readFile(file, LONGEST_RULES));
  if (typeof text === 'string') edit.write(rulesPath(edit.mirror.of(parentOf(path))!), text);
}

async function rewrite(
  { work: { edit } }: Recording,
  deed: Extract<Deed, { kind: 'field' | 'prose' }>,
): Promise<void> {
  const isFolder = edit.recorded(deed.path) !== undefined;
  const at = isFolder ? folderSidecar(edit, deed.path) : edit.sidecarPath(deed.path);
  const after = await rewritten(edit.text(at), deed);
  if (after === undefined) edit.remove(at);
  else edit.write(at, after);
}

function folderSidecar({ mirror }: EntityWork['edit'], path: RepositoryPath): string {
  return `${mirror.of(path)!}/${FOLDER_SIDECAR}`;
}
