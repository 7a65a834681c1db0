/** From changed texts to what a person would say happened. */

import { digest } from '../disk/blake3.ts';
import { changesOf } from '../diff/diff.ts';
import type { Change, TextChange } from '../model/change.ts';
import type { Name } from '../model/name.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import { MANIFEST, nameAmong, nameOfMirror } from '../text/mirror.ts';
import { parseManifest } from '../text/manifest.ts';
import { TREE } from './mirror-paths.ts';

/** Finds the names that mirror names stand for, learning cut ones from the manifests that pass by. */
export class MirrorReader {
  private readonly cut = new Map<string, ReadonlyMap<string, Name>>();

  /** The directory whose texts stand in `tree/…`; a name that cannot be found is shown as its mirror name. */
  directoryOf(mirror: string): RepositoryPath {
    const components = mirror.split('/').slice(1);
    let above = TREE;
    const names = components.map((component) => {
      const listed = this.cut.get(above);
      above = `${above}/${component}`;
      return (
        listed?.get(component) ??
        nameOfMirror(component, digest) ??
        nameAmong(component, listed?.values() ?? [], digest) ??
        component
      );
    });
    return names.join('/') as RepositoryPath;
  }

  learn(mirror: string, directories: ReadonlyMap<string, Name> | undefined): void {
    if (directories !== undefined) this.cut.set(mirror, directories);
  }
}

/** The changes of each text, in the order the texts come; `path` limits them to what stands there or below. */
export function* changesOfTexts(
  texts: Iterable<TextChange>,
  reader: MirrorReader,
  paths: readonly RepositoryPath[] = [],
): Generator<Change> {
  for (const text of texts) {
    for (const change of changesOfText(text, reader)) {
      if (isWanted(change.path, paths)) yield change;
    }
  }
}

export function isWanted(path: RepositoryPath, paths: readonly RepositoryPath[]): boolean {
  return paths.length === 0 || paths.some((wanted) => isWithin(path, wanted));
}

function* changesOfText({ path, before, after }: TextChange, reader: MirrorReader): Generator<Change> {
  const directory = manifestDirectory(path);
  if (directory === undefined) {
    yield { kind: 'metadata', what: 'text', path: `.dbk/index/${path}` as RepositoryPath };
    return;
  }
  const old = before === undefined ? undefined : parseManifest(before);
  const now = after === undefined ? undefined : parseManifest(after);
  reader.learn(directory, now?.directories ?? old?.directories);
  yield* changesOf({ path: reader.directoryOf(directory), before: old, after: now });
}

/** `tree/a/manifest.yaml` to `tree/a`; undefined for other texts. */
export function manifestDirectory(path: string): string | undefined {
  const isManifest = path.startsWith(`${TREE}/`) && path.endsWith(`/${MANIFEST}`);
  return isManifest ? path.slice(0, -MANIFEST.length - 1) : undefined;
}

/** Whether a text is about something at or below one of these paths. */
export function isTextWanted(path: string, reader: MirrorReader, paths: readonly RepositoryPath[]): boolean {
  if (paths.length === 0) return true;
  if (!path.startsWith(`${TREE}/`)) return false;
  const directory = reader.directoryOf(path.slice(0, path.lastIndexOf('/')));
  return paths.some((wanted) => isWithin(directory, wanted) || isWithin(wanted, directory));
}
