/** What the index says when a conflict is settled. */

import type { Summary } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { Entry, FileEntry } from '../model/manifest.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { rulesText } from '../scan/ignore.ts';
import { IGNORE_FILE } from '../scan/rules-chain.ts';
import type { Wanted } from '../sync/plan.ts';
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
    case 'remove':
      if (edit.recorded(deed.path) === undefined) return remove(recording, deed.path);
      edit.removeFolder(deed.path);
      edit.remove(rulesPath(edit.mirror.of(deed.path)!));
      return;
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
  const entity = old?.kind === 'file' ? old.entity : undefined;
  return { ...file, ...(entity && { entity }) };
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
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    files += edit.recorded(at)?.files.size ?? 0;
    for (const name of edit.foldersIn(at)) waiting.push(`${at}/${name}` as RepositoryPath);
  }
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
