/** Where what is written about a path stands in `index/`, recorded or not, and what a text there is about. */

import { digest } from '../disk/blake3.ts';
import type { Name } from '../model/name.ts';
import { childOf, isName, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { refuse } from '../model/problem.ts';
import { namesIn } from '../store/directories.ts';
import { fold } from '../text/fold.ts';
import {
  fileOfSidecar,
  FOLDER_SIDECAR,
  mirrorNames,
  nameAmong,
  nameOfMirror,
  sidecarOf,
} from '../text/mirror.ts';
import type { IndexView } from './index-on-disk.ts';
import { TREE } from './mirror-paths.ts';
import { absolute, statsAt } from './repository.ts';

/** A path of a person's, or somebody in `people/`. */
export type Subject =
  { readonly kind: 'file' | 'folder'; readonly path: RepositoryPath } | { readonly kind: 'person' };

export interface SidecarPlace {
  /** Below `index/`: `tree/Music/$a.flac.metadata`. */
  readonly text: string;
  readonly kind: 'file' | 'folder';
  /** Whether the index knows a thing of this kind at the path. */
  readonly isRecorded: boolean;
}

/**
 * Where the sidecar of a path stands, or would; undefined where nothing is here and nothing recorded.
 *
 * Of what is not recorded it is where the next commit looks for it. Refuses ('failed') where that would be the place
 * of a recorded sibling, which the next commit puts elsewhere because the two names fold alike. Who asks for many
 * paths gives the same `siblings` each time.
 */
export function sidecarPlace(
  index: IndexView,
  path: RepositoryPath,
  kind = kindOf(index, path),
  siblings = new Siblings(index),
): SidecarPlace | undefined {
  if (kind === undefined) return undefined;
  if (kind === 'folder') {
    const stood = index.mirror.of(path);
    const text = `${folderPlace(index, path, siblings)}/${FOLDER_SIDECAR}`;
    return { text, kind, isRecorded: stood !== undefined };
  }
  const directory = parentOf(path);
  const isRecorded = index.recordedManifest(directory)?.files.has(nameOf(path)) === true;
  const mirror = mirrorAmong(index, path, kind, siblings);
  return { text: `${folderPlace(index, directory, siblings)}/${sidecarOf(mirror)}`, kind, isRecorded };
}

/** Names whose folds are equal; those of the directory that was asked about last are kept. */
export class Siblings {
  private readonly index: IndexView;
  private readonly last = new Map<'file' | 'folder' | 'here', Folded>();

  constructor(index: IndexView) {
    this.index = index;
  }

  /** Of the recorded files and links, or of the folders, of a directory. */
  recorded(kind: Kind, directory: RepositoryPath, name: Name): readonly Name[] {
    return this.alike(kind, directory, name, () =>
      kind === 'file'
        ? (this.index.recordedManifest(directory)?.files.keys() ?? [])
        : this.index.mirror.namesIn(directory),
    );
  }

  /** Of all that stands in a directory here. */
  here(directory: RepositoryPath, name: Name): readonly Name[] {
    return this.alike('here', directory, name, () => namesHere(this.index, directory));
  }

  private alike(
    of: Kind | 'here',
    directory: RepositoryPath,
    name: Name,
    names: () => Iterable<Name>,
  ): readonly Name[] {
    let known = this.last.get(of);
    if (known?.directory !== directory) {
      known = { directory, byFold: byFold(names()) };
      this.last.set(of, known);
    }
    return known.byFold.get(fold(name)) ?? [];
  }
}

interface Folded {
  readonly directory: RepositoryPath;
  readonly byFold: ReadonlyMap<string, readonly Name[]>;
}

function byFold(names: Iterable<Name>): Map<string, Name[]> {
  const groups = new Map<string, Name[]>();
  for (const name of names) {
    const folded = fold(name);
    const others = groups.get(folded);
    if (others === undefined) groups.set(folded, [name]);
    else others.push(name);
  }
  return groups;
}

/** What a text of `index/` is about; undefined where that is no sidecar, or nothing has a name that is mirrored so. */
export function subjectOf(index: IndexView, text: string): Subject | undefined {
  if (text.startsWith('people/')) return { kind: 'person' };
  const slash = text.lastIndexOf('/');
  const name = text.slice(slash + 1);
  const path = text.startsWith(`${TREE}/`) ? directoryOf(index, text.slice(0, slash)) : undefined;
  if (path === undefined) return undefined;
  if (name === FOLDER_SIDECAR) return { kind: 'folder', path };
  const mirror = fileOfSidecar(name);
  if (mirror === undefined) return undefined;
  const files = function* (): Generator<Name> {
    yield* index.recordedManifest(path)?.files.keys() ?? [];
    yield* namesHere(index, path);
  };
  const file = nameOfMirror(mirror, digest) ?? nameAmong(mirror, files(), digest);
  return file === undefined ? undefined : { kind: 'file', path: childOf(path, file) };
}

/** Whether a subject is here or recorded. */
export function isAnything(index: IndexView, subject: Subject): boolean {
  return subject.kind === 'person' || kindOf(index, subject.path) === subject.kind;
}

/** What stands here decides, then what is recorded. */
function kindOf({ repository, mirror, recordedManifest }: IndexView, path: RepositoryPath): Kind | undefined {
  const stats = statsAt(repository, path);
  if (stats?.isDirectory()) return 'folder';
  if (stats !== undefined) return 'file';
  if (mirror.of(path) !== undefined) return 'folder';
  const isFile = path !== ROOT && recordedManifest(parentOf(path))?.files.has(nameOf(path)) === true;
  return isFile ? 'file' : undefined;
}

type Kind = 'file' | 'folder';

/** `tree/…` of a directory. */
function folderPlace(index: IndexView, path: RepositoryPath, siblings: Siblings): string {
  const stood = index.mirror.of(path);
  if (stood !== undefined) return stood;
  if (path === ROOT) return TREE;
  const above = folderPlace(index, parentOf(path), siblings);
  return `${above}/${mirrorAmong(index, path, 'folder', siblings)}`;
}

/** The mirror name of a path; only siblings whose names fold alike have a say in it. */
function mirrorAmong(index: IndexView, path: RepositoryPath, kind: Kind, siblings: Siblings): string {
  const name = nameOf(path);
  const directory = parentOf(path);
  const alike = siblings.recorded(kind, directory, name);
  const before = mirrorNames(alike, digest);
  const known = before.get(name);
  if (known !== undefined) return known;
  const here = siblings
    .here(directory, name)
    .filter((other) => kindOf(index, childOf(directory, other)) === kind);
  const after = mirrorNames([...alike, ...here, name], digest);
  const displaced = alike.find((other) => after.get(other) !== before.get(other));
  if (displaced !== undefined) refuseAlike(path, childOf(directory, displaced));
  return after.get(name)!;
}

function refuseAlike(path: RepositoryPath, other: RepositoryPath): never {
  const why = `'${other}' has a name so like it that the two would share a text`;
  refuse('failed', 'flow/names-alike', `cannot write about '${path}' yet: ${why}`, {
    hint: 'record it first with: dbk commit',
  });
}

function directoryOf(index: IndexView, mirror: string): RepositoryPath | undefined {
  let path = ROOT;
  for (const component of mirror.split('/').slice(1)) {
    const name =
      nameOfMirror(component, digest) ??
      index.recordedManifest(path)?.directories?.get(component) ??
      nameAmong(component, namesHere(index, path), digest);
    if (name === undefined) return undefined;
    path = childOf(path, name);
  }
  return path;
}

/** The names that stand in a directory here; none where it cannot be read. */
function namesHere({ repository }: IndexView, path: RepositoryPath): Name[] {
  try {
    return namesIn(repository.context.disk, absolute(repository, path)).filter(isName);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}
