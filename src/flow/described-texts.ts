/** What files say of themselves, as it is written: into their sidecars, and media ids into their folders' manifests. */

import type { TextChange } from '../model/change.ts';
import type { FileEntry } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Value } from '../model/value.ts';
import { idNames, type FileAnswer } from '../plugin/ask-file.ts';
import { writeManifest } from '../text/manifest.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { replaceExtracted } from '../text/sidecar-edit.ts';
import { LONGEST_SIDECAR, type Extracted } from '../text/sidecar.ts';
import { byOf, type FileToRead } from './files-to-read.ts';
import { OTHER, type IndexHere } from './index-here.ts';
import { extractedIn, fieldsAt, together } from './own-entity.ts';
import * as say from './reading-problems.ts';

export interface ReadFile {
  readonly file: FileToRead;
  readonly answer: FileAnswer;
}

export interface DescribedTexts {
  /** In the order of a patch. */
  readonly changes: readonly TextChange[];
  /** Files of which something new is known. */
  readonly count: number;
  /** Files whose texts somebody is writing. */
  readonly left: readonly RepositoryPath[];
}

/** What is recorded in the index as it stands now. */
export async function describedTexts(
  index: IndexHere,
  read: readonly ReadFile[],
  tell: (problem: Problem) => void,
): Promise<DescribedTexts> {
  const changes: TextChange[] = [];
  const left: RepositoryPath[] = [];
  const told = new Set<RepositoryPath>();
  for (const each of read) {
    const { path } = each.file;
    const change = await sidecarChange(index, each, tell);
    if (change === OTHER) left.push(path);
    else if (change !== undefined) {
      changes.push(change);
      told.add(path);
    }
  }
  for (const [folder, files] of byFolder(read)) {
    const { change, named } = manifestChange(index, folder, files);
    if (change !== undefined) changes.push(change);
    for (const path of named) told.add(path);
  }
  return { changes: changes.sort((a, b) => compareBytes(a.path, b.path)), count: told.size, left };
}

function byFolder(read: readonly ReadFile[]): ReadonlyMap<RepositoryPath, readonly ReadFile[]> {
  const folders = new Map<RepositoryPath, ReadFile[]>();
  for (const each of read) {
    const folder = parentOf(each.file.path);
    const others = folders.get(folder);
    if (others === undefined) folders.set(folder, [each]);
    else others.push(each);
  }
  return folders;
}

async function sidecarChange(
  index: IndexHere,
  { file, answer }: ReadFile,
  tell: (problem: Problem) => void,
): Promise<TextChange | typeof OTHER | undefined> {
  const place = index.fileSidecar(file.path);
  const before = place && index.text(place, LONGEST_SIDECAR);
  if (place === undefined || before === OTHER) return OTHER;
  // Nothing was read, and a text that is not there stays so.
  if (answer.missing !== undefined || (before === undefined && answer.fields.size === 0)) return undefined;
  try {
    const extracted = await extractedOf(file, answer, before);
    const after = await parseByPeople(
      (text, people) => replaceExtracted(text, extracted, people),
      before ?? '',
    );
    const isSame = (after === '' ? undefined : after) === before;
    return isSame ? undefined : { path: place, before, after };
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    tell(say.sidecarInTheWay(place, error.problem));
    return undefined;
  }
}

async function extractedOf(
  { entry, plugin, asEntity }: FileToRead,
  { fields }: FileAnswer,
  before: string | undefined,
): Promise<Extracted | undefined> {
  const known = asEntity && (await extractedIn(before))?.fields;
  const all = known === undefined ? fields : together(fieldsAt(known, asEntity!, 'entity'), fields);
  return all.size === 0 ? undefined : { of: entry.blake3!, by: byOf(plugin), fields: all };
}

/** A folder whose manifest is not what is recorded gets its ids when it is. */
function manifestChange(
  index: IndexHere,
  folder: RepositoryPath,
  read: readonly ReadFile[],
): { readonly change?: TextChange; readonly named: readonly RepositoryPath[] } {
  const manifest = index.manifest(folder);
  if (manifest === undefined) return { named: [] };
  const files = new Map(manifest.files);
  const named: RepositoryPath[] = [];
  for (const { file, answer } of read) {
    const name = nameOf(file.path);
    const entry = files.get(name);
    if (entry?.kind !== 'file' || entry.blake3 !== file.entry.blake3) continue;
    const more = withIds(entry, file, answer);
    if (isEqual(entry.more, more)) continue;
    named.push(file.path);
    files.set(name, withMore(entry, more));
  }
  if (named.length === 0) return { named };
  const [before, after] = [writeManifest(manifest), writeManifest({ ...manifest, files })];
  return { change: { path: index.manifestPath(folder), before, after }, named };
}

type More = ReadonlyMap<string, Value>;

/** The plugin's ids as it says now; of others nothing is known. */
function withIds({ more = new Map() }: FileEntry, { plugin, task }: FileToRead, { ids }: FileAnswer): More {
  const own = new Set(idNames(plugin, task.path).filter((name) => ids.has(name)));
  const others = [...more].filter(([name]) => !own.has(name));
  const found = [...ids].filter((id): id is [string, string] => id[1] !== undefined);
  return new Map<string, Value>([...others, ...found].sort(([a], [b]) => compareBytes(a, b)));
}

function isEqual(a: More | undefined, b: More): boolean {
  return (a?.size ?? 0) === b.size && [...b].every(([name, value]) => a?.get(name) === value);
}

function withMore(entry: FileEntry, more: More): FileEntry {
  const { more: _before, ...itself } = entry;
  return more.size === 0 ? itself : { ...itself, more };
}
