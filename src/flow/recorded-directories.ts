/** Which directories of `index/` belong to recorded directories of the person: those whose manifest is recorded. */

import type { TextsTable } from '../scan/texts-table.ts';
import { MANIFEST } from '../text/mirror.ts';

export interface RecordedDirectories {
  hasDirectory(path: string): boolean;
  /** The names of those in a directory. */
  directoriesIn(path: string): readonly string[];
}

/** `differing` are the texts that are not as recorded: path to the id that is recorded, '' for none. */
export function recordedDirectories(
  texts: Pick<TextsTable, 'has' | 'directoriesIn'>,
  differing: ReadonlyMap<string, string>,
): RecordedDirectories {
  const hasDirectory = (path: string): boolean => {
    const manifest = `${path}/${MANIFEST}`;
    const recorded = differing.get(manifest);
    return recorded === undefined ? texts.has(manifest) : recorded !== '';
  };
  let lost: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  return {
    hasDirectory,
    directoriesIn: (path) => {
      lost ??= directoriesOf(differing.keys());
      const names = new Set([...texts.directoriesIn(path), ...(lost.get(path) ?? [])]);
      return [...names].filter((name) => hasDirectory(`${path}/${name}`));
    },
  };
}

/** Directory to the names of those in it, of all that texts are in. */
function directoriesOf(texts: Iterable<string>): Map<string, Set<string>> {
  const directories = new Map<string, Set<string>>();
  for (const text of texts) {
    let slash = text.lastIndexOf('/');
    for (let above = text.lastIndexOf('/', slash - 1); above > 0; above = text.lastIndexOf('/', slash - 1)) {
      const names = directories.get(text.slice(0, above)) ?? new Set();
      directories.set(text.slice(0, above), names.add(text.slice(above + 1, slash)));
      slash = above;
    }
  }
  return directories;
}
