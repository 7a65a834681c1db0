/** What is recorded in several places: the same content, or the same media. */

import { digest } from '../disk/blake3.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import type { FileEntry } from '../model/manifest.ts';
import { childOf, isWithin, type RepositoryPath } from '../model/path.ts';
import { Interrupted, type Problem } from '../model/problem.ts';
import { parseManifest } from '../text/manifest.ts';
import { isWanted, manifestDirectory, MirrorReader } from './changes-of-texts.ts';
import { BLAKE3, Groups, idsOf, type Copy, type Group } from './dupes-groups.ts';
import { Repeated } from './dupes-rows.ts';
import { besideOthers } from './exclusively.ts';
import { lookAtTexts, type IndexTexts } from './index-texts.ts';
import { recordedTexts } from './recorded-texts.ts';
import type { Repository } from './repository.ts';

export type { Copy, Group } from './dupes-groups.ts';

export interface Dupes {
  readonly groups: readonly Group[];
  readonly problems: readonly Problem[];
}

/** A directory, and what of it counts: no links, nothing empty, nothing elsewhere than asked. */
interface Directory {
  readonly text: string;
  readonly files: readonly (readonly [path: RepositoryPath, file: FileEntry])[];
}

/**
 * The groups of files at or below these paths (without any: of all) that head records; what wastes most first.
 *
 * All manifests are read, and a second time those with something that stands elsewhere too: so memory is that of
 * the ids, cut short, and of the duplicates, not of all names.
 */
export async function dupes(repository: Repository, paths: readonly RepositoryPath[]): Promise<Dupes> {
  return besideOthers(repository, 'dupes', async ({ eyes, problems }, ifAlone) => {
    const head = repository.commits.readHead();
    if (head === undefined) return { groups: [], problems };
    const texts = await lookAtTexts(repository, head, eyes);
    texts.save(ifAlone);
    const manifests = manifestsFor(texts, paths);
    const read = (some: Iterable<string>): Generator<Directory> =>
      directories(repository, head, manifests, [...some], paths);
    const groups = collect(read, manifests);
    repository.context.progress.clear();
    return { groups, problems: [...problems, ...texts.problems] };
  });
}

interface ManifestText {
  readonly path: RepositoryPath;
  readonly id: ContentId;
}

type Manifests = ReadonlyMap<string, ManifestText>;

function collect(read: (texts: Iterable<string>) => Generator<Directory>, manifests: Manifests): Group[] {
  const repeated = new Repeated();
  const ends: (readonly [text: string, from: number, to: number])[] = [];
  for (const { text, files } of read(manifests.keys())) {
    const from = repeated.length;
    for (const [, file] of files) for (const [by, id] of idsOf(file)) repeated.push(keyOf(by, id));
    ends.push([text, from, repeated.length]);
  }
  const groups = new Groups();
  const some = ends.filter(([, from, to]) => repeated.hasAny(from, to)).map(([text]) => text);
  for (const { files } of read(some)) {
    for (const [path, file] of files) {
      const ids = idsOf(file).filter(([by, id]) => repeated.has(keyOf(by, id)));
      if (ids.length === 0) continue;
      const { blake3, size, same } = file;
      const copy = detached({ path, blake3: blake3!, size, ...(same !== undefined && { same }) });
      for (const [by, id] of ids) groups.add(by, by === BLAKE3 ? copy.blake3 : id, copy);
    }
  }
  return groups.sorted();
}

/** The engine keeps the whole text that a piece was cut from, as long as there is the piece: here all manifests. */
function detached(copy: Copy): Copy {
  return JSON.parse(JSON.stringify(copy)) as Copy;
}

/** 16 digits or more; ids of two kinds are never equal, nor are short ones taken for the beginning of others. */
function keyOf(by: string, id: string): string {
  return by === BLAKE3 ? id : digest(`${by} ${id}`);
}

/** The manifests that may speak of something at or below these paths, by the paths of the texts. */
function manifestsFor(texts: IndexTexts, paths: readonly RepositoryPath[]): Manifests {
  const reader = new MirrorReader((path) => [texts.recordedText(path)]);
  const manifests = new Map<string, ManifestText>();
  for (const { path: text, id } of texts.recorded()) {
    const mirror = manifestDirectory(text);
    if (mirror === undefined) continue;
    const path = reader.directoryOf(mirror);
    const mayHold = paths.length === 0 || paths.some((each) => isWithin(path, each) || isWithin(each, path));
    if (mayHold) manifests.set(text, { path, id });
  }
  return manifests;
}

function* directories(
  repository: Repository,
  head: CommitId,
  manifests: Manifests,
  some: readonly string[],
  paths: readonly RepositoryPath[],
): Generator<Directory> {
  const { progress, interrupted } = repository.context;
  const ids = new Map(Array.from(manifests, ([text, { id }]) => [text, id]));
  let seen = 0;
  for (const [text, content] of recordedTexts(repository, head, ids, some)) {
    if (interrupted()) throw new Interrupted();
    const { path } = manifests.get(text)!;
    const files: [RepositoryPath, FileEntry][] = [];
    for (const [name, entry] of parseManifest(content).files) {
      if (entry.kind !== 'file' || entry.size === 0) continue;
      const file = childOf(path, name);
      if (isWanted(file, paths)) files.push([file, entry]);
    }
    seen += files.length;
    progress.tell({ phase: 'Checking', path, files: seen, bytes: 0 });
    yield { text, files };
  }
}
