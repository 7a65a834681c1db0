/** Which contents a commit has, and where: read from its history as a stream, a manifest at a time. */

import type { CommitId, ContentId } from '../model/id.ts';
import type { FileEntry } from '../model/manifest.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Commits } from '../store/commits.ts';
import { changesBetween } from '../store/texts.ts';
import { parseManifest } from '../text/manifest.ts';
import { manifestDirectory, MirrorReader } from './changes-of-texts.ts';

export type Places = Map<ContentId, RepositoryPath[]>;

/** Every path of these contents, or of all there are. Refuses ('damage') where a commit on the way is not here. */
export function placesAt(commits: Commits, at: CommitId, wanted?: { has(id: ContentId): boolean }): Places {
  const found: Places = new Map();
  for (const { path, entry } of filesAt(commits, at)) {
    const { blake3 } = entry;
    if (blake3 === undefined || wanted?.has(blake3) === false) continue;
    const paths = found.get(blake3);
    if (paths === undefined) found.set(blake3, [path]);
    else paths.push(path);
  }
  return found;
}

function* filesAt(
  commits: Commits,
  at: CommitId,
): Generator<{ readonly path: RepositoryPath; readonly entry: FileEntry }> {
  const reader = new MirrorReader();
  for (const { path, after } of changesBetween(commits, undefined, at)) {
    const mirror = manifestDirectory(path);
    if (mirror === undefined || after === undefined) continue;
    const { files, directories } = parseManifest(after);
    const directory = reader.directoryOf(mirror);
    reader.learn(mirror, directories);
    for (const [name, entry] of files)
      if (entry.kind === 'file') yield { path: childOf(directory, name), entry };
  }
}
