/** The recorded files with their hashes, as lines that `b3sum -c` checks. */

import type { CommitId, ContentId } from '../model/id.ts';
import { compareBytes, isUtf8 } from '../model/name.ts';
import { childOf, isWithin, type RepositoryPath } from '../model/path.ts';
import { Interrupted } from '../model/problem.ts';
import { recordedIds } from '../store/texts.ts';
import { parseManifest } from '../text/manifest.ts';
import { MANIFEST } from '../text/mirror.ts';
import { isWanted, manifestDirectory, manifestsIn, MirrorReader } from './changes-of-texts.ts';
import { recordedTexts } from './recorded-texts.ts';
import type { Repository } from './repository.ts';

export interface Sum {
  readonly path: RepositoryPath;
  readonly blake3: ContentId;
  /** Without its line end; undefined where b3sum refuses every spelling of the name. */
  readonly line: string | undefined;
}

/** A directory whose manifest was read, and what of it was not told yet, the next one last. */
interface Open {
  readonly start: string;
  readonly waiting: Sum[];
}

/**
 * The files at a commit, at or below these paths, sorted by the bytes of their paths. Memory is that of the
 * directories' names and of some manifests.
 */
export function* b3sums(
  repository: Repository,
  at: CommitId,
  paths: readonly RepositoryPath[],
): Generator<Sum> {
  const open: Open[] = [];
  for (const { start, files } of directoriesAt(repository, at, paths)) {
    if (repository.context.interrupted()) throw new Interrupted();
    while (open.length > 0 && !start.startsWith(open.at(-1)!.start)) yield* open.pop()!.waiting.reverse();
    // Of the directories around this one only the files that come before it.
    const above = open.at(-1)?.waiting ?? [];
    while (above.length > 0 && compareBytes(above.at(-1)!.path, start) < 0) yield above.pop()!;
    open.push({ start, waiting: files.sort((a, b) => compareBytes(b.path, a.path)) });
  }
  while (open.length > 0) yield* open.pop()!.waiting.reverse();
}

/** Each directory before those in it; `start` is what the paths of all that is in it begin with. */
function* directoriesAt(
  repository: Repository,
  at: CommitId,
  paths: readonly RepositoryPath[],
): Generator<{ readonly start: string; readonly files: Sum[] }> {
  const { commits } = repository;
  const ids = recordedIds(commits, at);
  const reader = new MirrorReader(manifestsIn(commits, [at]));
  const mirrors = [...ids.keys()].map(manifestDirectory).filter((mirror) => mirror !== undefined);
  const wanted = mirrors
    .map((mirror) => ({ mirror, path: reader.directoryOf(mirror) }))
    .filter(({ path }) => mayHold(path, paths))
    .map(({ mirror, path }) => ({
      text: `${mirror}/${MANIFEST}`,
      path,
      start: path === '' ? '' : `${path}/`,
    }))
    .sort((a, b) => compareBytes(a.start, b.start));
  const texts = recordedTexts(
    repository,
    at,
    ids,
    wanted.map(({ text }) => text),
  );
  for (const { path, start } of wanted) {
    const [, text] = texts.next().value as [string, string];
    yield { start, files: filesOf(path, text).filter((sum) => isWanted(sum.path, paths)) };
  }
}

function mayHold(directory: RepositoryPath, paths: readonly RepositoryPath[]): boolean {
  if (paths.length === 0) return true;
  return paths.some((wanted) => isWithin(directory, wanted) || isWithin(wanted, directory));
}

function filesOf(directory: RepositoryPath, manifest: string): Sum[] {
  const sums: Sum[] = [];
  for (const [name, entry] of parseManifest(manifest).files) {
    if (entry.kind !== 'file' || entry.blake3 === undefined) continue;
    const path = childOf(directory, name);
    sums.push({ path, blake3: entry.blake3, line: lineOf(entry.blake3, path) });
  }
  return sums;
}

/**
 * b3sum takes names as UTF-8 alone, and none with U+FFFD, which it shows for any byte that is not. Where it escapes,
 * the line begins with a backslash; to it `-` is its own input.
 */
function lineOf(blake3: ContentId, path: string): string | undefined {
  if (!isUtf8(path) || path.includes('\ufffd')) return undefined;
  if (path === '-') return `${blake3}  ./-`;
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `${escaped === path ? '' : '\\'}${blake3}  ${escaped}`;
}
