/** How a change of a text of `index/` is told: by the path that it is about, where it is about one. */

import { digest } from '../disk/blake3.ts';
import type { Change, TextChange } from '../model/change.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import { fileOfSidecar, FOLDER_SIDECAR, MANIFEST, nameOfMirror } from '../text/mirror.ts';
import type { MirrorReader } from './changes-of-texts.ts';
import { TREE } from './mirror-paths.ts';

/** What a sidecar is about. */
export interface About {
  readonly kind: 'file' | 'directory';
  readonly path: RepositoryPath;
}

/** undefined for other texts, and where nothing has a name that is mirrored so. */
export function aboutText(path: string, reader: MirrorReader): About | undefined {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  if (!path.startsWith(`${TREE}/`) || name === MANIFEST) return undefined;
  const mirror = name === FOLDER_SIDECAR ? undefined : fileOfSidecar(name);
  if (mirror === undefined && name !== FOLDER_SIDECAR) return undefined;
  const above = path.slice(0, slash);
  const directory = reader.directoryOf(above);
  if (mirror === undefined) return { kind: 'directory', path: directory };
  const file = nameOfMirror(mirror, digest) ?? reader.fileIn(above, mirror);
  return file === undefined ? undefined : { kind: 'file', path: childOf(directory, file) };
}

/** With what it says before and after, where that is given and the text is a sidecar. */
export function toldText(path: string, reader: MirrorReader, change?: TextChange): Change {
  const about = aboutText(path, reader);
  const isSidecar = about !== undefined || (path.startsWith('people/') && path.endsWith('.metadata'));
  return {
    kind: 'metadata',
    what: 'text',
    path: about?.path ?? (`.dbk/index/${path}` as RepositoryPath),
    ...(about && { about: about.kind }),
    text: path,
    ...(isSidecar && change && { sidecar: { before: change.before, after: change.after } }),
  };
}
