/** What things are called on a volume that cannot have their names (README.md, section 12, `as:`). */

import type { Digest } from '../model/id.ts';
import { isUtf8, type Name } from '../model/name.ts';
import { childOf, componentsOf, nameOf, parsePath, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Rendering } from '../model/rendering.ts';
import { fold } from './fold.ts';
import { isMarked, markedName, mirrorName, nameOfMirror } from './mirror.ts';
import type { Renamed } from './repository.ts';

// eslint-disable-next-line no-control-regex
const SIGNS = /[\u0001-\u001f<>:"|?*\\]/;

/**
 * Both ways between the paths of a repository and those of its volume. A name that the volume cannot have has its
 * mirror name there; of names that the volume takes for one, all but the first have a mark.
 */
export class VolumeNames {
  private readonly rendering: Rendering;
  private readonly digest: Digest;
  /** By path: what its last component is called there. */
  private readonly given = new Map<RepositoryPath, Name>();
  /** What each such name stands for, wherever it is found: a person may move things there. */
  private readonly meanings = new Map<Name, Name>();
  /** The names that are called the same in every folder. */
  private readonly everywhere = new Map<Name, Name>();

  /** `lines` are those of a record. */
  constructor(rendering: Rendering, digest: Digest, lines: readonly Renamed[]) {
    this.rendering = rendering;
    this.digest = digest;
    for (const { path, as } of lines) {
      // Of another repository this is what somebody says.
      const place = parsePath(as);
      const [meant, shown] = [componentsOf(path), place === undefined ? [] : componentsOf(place)];
      if (meant.length !== shown.length) continue;
      let at = ROOT;
      for (const [index, name] of meant.entries()) {
        at = childOf(at, name);
        if (name !== shown[index]) this.call(at, shown[index]!);
        else if (index === meant.length - 1) this.given.set(at, name);
      }
    }
  }

  /** The path that something has there, or would have. */
  placeOf(path: RepositoryPath): string {
    let at = ROOT;
    const shown: Name[] = [];
    for (const name of componentsOf(path)) {
      at = childOf(at, name);
      shown.push(this.given.get(at) ?? this.everywhere.get(name) ?? this.usual(at, name));
    }
    return shown.join('/');
  }

  /** What is meant by a name that is found in a folder. */
  meaningOf(directory: RepositoryPath, found: Name): Name {
    const meant = this.meanings.get(found);
    const path = childOf(directory, meant ?? found);
    // A person may call something as if it had another name.
    if (meant === undefined && this.refuses(found)) this.given.set(path, found);
    if (meant !== undefined && this.given.get(path) !== found) this.call(path, found);
    return meant ?? found;
  }

  /**
   * Sees to it that these can come to a folder, the first of them first; `standing` are the names that it has, and
   * keeps. It is not asked where all can come as they are.
   */
  make(folder: RepositoryPath, coming: readonly Name[], standing: () => Iterable<Name>): void {
    for (const name of coming) this.usual(childOf(folder, name), name);
    if (this.rendering.cases) return;
    const taken = new Map<string, Name>();
    const shownAs = (name: Name): string => fold(this.given.get(childOf(folder, name)) ?? name);
    for (const name of standing()) taken.set(shownAs(name), name);
    for (const name of coming) {
      const path = childOf(folder, name);
      const isTaken = (taken.get(fold(name)) ?? name) !== name;
      // What has another name there is in nobody's way.
      if (isTaken && !this.given.has(path)) this.call(path, markedName(name, this.digest) as Name);
      taken.set(shownAs(name), name);
    }
  }

  /** The same for what is in a folder that moves. */
  moved(from: RepositoryPath, to: RepositoryPath): void {
    for (const [path, shown] of new Map(this.given))
      if (path.startsWith(`${from}/`)) this.call(`${to}${path.slice(from.length)}` as RepositoryPath, shown);
  }

  /** Those of them that `isThere`, as a record has them. */
  lines(isThere: (path: RepositoryPath) => boolean): Renamed[] {
    return [...this.given.keys()].filter(isThere).map((path) => ({ path, as: this.placeOf(path) }));
  }

  private usual(path: RepositoryPath, name: Name): Name {
    if (!this.refuses(name)) return name;
    const shown = mirrorName(name, this.digest) as Name;
    this.call(path, shown);
    return shown;
  }

  private call(path: RepositoryPath, shown: Name): void {
    const name = nameOf(path);
    this.given.set(path, shown);
    this.meanings.set(shown, name);
    if (!isMarked(shown)) this.everywhere.set(name, shown);
  }

  /** What the volume cannot have, and what would there be taken for the name of such a thing. */
  private refuses(name: Name): boolean {
    if (!this.canHave(name)) return true;
    const meant = name.includes('%') ? nameOfMirror(name, this.digest) : undefined;
    return meant !== undefined && meant !== name && (isMarked(name) || !this.canHave(meant));
  }

  private canHave(name: Name): boolean {
    const { signs, endings, bytes } = this.rendering;
    return (signs || !SIGNS.test(name)) && (endings || !/[. ]$/.test(name)) && (bytes || isUtf8(name));
  }
}
