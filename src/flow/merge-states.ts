/** The three states of a merge, read from commits: only texts that differ are opened. */

import { digest } from '../disk/blake3.ts';
import type { TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import type { Manifest } from '../model/manifest.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Side, State } from '../merge/state.ts';
import type { Commits } from '../store/commits.ts';
import { TextError } from '../text/problems.ts';
import { replaceExtracted } from '../text/sidecar-edit.ts';
import { FOLDER_SIDECAR, MANIFEST, mirrorNames, sidecarOf } from '../text/mirror.ts';
import { directoryChanges, MirrorReader } from './changes-of-texts.ts';
import { MirrorBefore } from './mirror-paths.ts';
import { movesBetween } from './moves-between.ts';
import { readManifest, type ReadManifest } from './read-manifests.ts';
import type { TextsView } from './texts-view.ts';

/** One state: its directories, and where the texts of each stand. */
export interface OpenState extends State {
  readonly texts: TextsView;
  readonly mirror: MirrorBefore;
  /** The path in `index/` of what is written about a file, link or folder; undefined where its folder is not there. */
  sidecarPath(path: RepositoryPath, what: 'file' | 'directory'): string | undefined;
}

export function openState(texts: TextsView, read: ReadManifest = readManifest): OpenState {
  const manifests = new Map<RepositoryPath, Manifest | undefined>();
  const mirror = new MirrorBefore({
    hasDirectory: (path) => texts.has(`${path}/${MANIFEST}`),
    directoriesIn: (path) => texts.directoriesIn(path),
    cutNamesIn: (path) => manifest(path)?.directories ?? new Map(),
  });
  const manifest = (path: RepositoryPath): Manifest | undefined => {
    if (!manifests.has(path)) {
      const at = mirror.of(path);
      const text = at === undefined ? undefined : texts.text(`${at}/${MANIFEST}`);
      manifests.set(path, text === undefined ? undefined : read(text));
    }
    return manifests.get(path);
  };
  const names = new Map<RepositoryPath, ReadonlyMap<string, string>>();
  const nameIn = (directory: RepositoryPath, name: string): string | undefined => {
    let known = names.get(directory);
    if (known === undefined)
      names.set(directory, (known = mirrorNames(manifest(directory)?.files.keys() ?? [], digest)));
    return known.get(name);
  };
  return {
    texts,
    mirror,
    manifest,
    folders: (path) => mirror.namesIn(path),
    sidecarPath: (path, what) => {
      if (what === 'directory') {
        const at = mirror.of(path);
        return at && `${at}/${FOLDER_SIDECAR}`;
      }
      const at = mirror.of(parentOf(path));
      const name = nameIn(parentOf(path), nameOf(path));
      return at === undefined || name === undefined ? undefined : `${at}/${sidecarOf(name)}`;
    },
  };
}

/** One side and all its texts that are not those of the base. */
export interface OpenSide extends Side {
  readonly after: OpenState;
  readonly texts: readonly TextChange[];
}

/** What a side did: its texts that differ from the base's, and the moves that its commits tell of. */
export function openSide(
  commits: Commits,
  base: OpenState,
  after: OpenState,
  texts: readonly TextChange[],
  way: { readonly from: CommitId | undefined; readonly to: CommitId | undefined },
  read: ReadManifest = readManifest,
): OpenSide {
  const reader = new MirrorReader((path) => [after.texts.text(path), base.texts.text(path)], read);
  const changes = directoryChanges(texts, reader);
  const isEdited = (before: RepositoryPath, now: RepositoryPath): boolean => {
    const isFolder = base.manifest(before) !== undefined;
    const what = isFolder || before === ROOT ? 'directory' : 'file';
    const [old, current] = [base.sidecarPath(before, what), after.sidecarPath(now, what)];
    const [was, is] = [old && base.texts.text(old), current && after.texts.text(current)];
    return was !== is && ofPeople(was) !== ofPeople(is);
  };
  return { after, texts, changes, moves: movesBetween(commits, way.from, way.to, changes), isEdited };
}

/** A sidecar less what was read from the content; one that cannot be parsed is a person's from end to end. */
function ofPeople(text: string | undefined): string | undefined {
  try {
    return replaceExtracted(text, undefined);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return text;
  }
}
