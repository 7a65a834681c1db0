/** What is not here because nobody wants it: told by the rules of `want:`, and so left out of the lists of a record. */

import type { Entry } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, foldersAbove, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Extra, RepositoryRecord } from '../text/repository.ts';
import type { HeldLists } from './held-after.ts';
import type { WantedState } from './open-wanted.ts';

export type ToldLists = HeldLists & Pick<RepositoryRecord, 'extra'>;

/**
 * The lists with all that is not wanted, recorded and neither `extra` nor `older`: that is absent too. So is what is
 * told as `extra` with another content than is recorded, where the lists are of this very state (`isOf`): that one
 * never stood here. After a commit that was broken off they are of the state before it, and what went on is here.
 */
export function withUnwanted(
  { absent, older, extra }: ToldLists,
  state: WantedState,
  isOf: boolean,
): HeldLists {
  const asRecorded = isOf ? extra.filter((one) => isRecorded(one, state)) : extra;
  const folders = older.filter(({ kind }) => kind === 'directory');
  const files = [...older.filter(({ kind }) => kind !== 'directory'), ...asRecorded];
  const walk = new Unwanted(state, pathsOf(files), pathsOf(folders), absent);
  if (!walk.holdsAny(ROOT)) walk.takeAllOf(ROOT);
  return { absent: [...new Set([...absent, ...walk.found])], older };
}

function pathsOf(things: readonly { readonly path: RepositoryPath }[]): ReadonlySet<RepositoryPath> {
  return new Set(things.map(({ path }) => path));
}

function isRecorded(one: Extra, { tree }: WantedState): boolean {
  const entry = tree.manifest(parentOf(one.path))?.files.get(nameOf(one.path));
  if (entry === undefined) return false;
  return entry.kind === 'link'
    ? 'link' in one && one.link === entry.target
    : 'blake3' in one && one.blake3 === entry.blake3;
}

class Unwanted {
  readonly found: string[] = [];
  private readonly state: WantedState;
  /** Files and links that are told to stand here. */
  private readonly here: ReadonlySet<RepositoryPath>;
  private readonly foldersHere: ReadonlySet<RepositoryPath>;
  private readonly above: ReadonlySet<RepositoryPath>;
  private readonly absent: ReadonlySet<string>;

  constructor(
    state: WantedState,
    here: ReadonlySet<RepositoryPath>,
    foldersHere: ReadonlySet<RepositoryPath>,
    absent: Iterable<string>,
  ) {
    this.state = state;
    this.here = here;
    this.foldersHere = foldersHere;
    this.above = foldersAbove([...here, ...foldersHere]);
    this.absent = new Set(absent);
  }

  /** Whether a folder has anything in it that is here, or wanted; where it has, what is neither is found. */
  holdsAny(folder: RepositoryPath): boolean {
    const share = this.state.wanted.share(folder);
    if (share === 'all' || this.foldersHere.has(folder)) return true;
    const isAbove = this.above.has(folder);
    if (share === 'none' && !isAbove) return false;
    const files = [...(this.state.tree.manifest(folder)?.files.keys() ?? [])].map((name) => {
      const path = childOf(folder, name);
      return { path, isHeld: this.here.has(path) || this.state.wanted.takes(folder, name) };
    });
    const folders = this.state.tree.folders(folder).map((name) => {
      const path = childOf(folder, name);
      const before = this.found.length;
      const isHeld = this.holdsAny(path);
      if (!isHeld) this.found.length = before;
      return { path: `${path}/`, isHeld };
    });
    const all = [...files, ...folders];
    if (!isAbove && !all.some(({ isHeld }) => isHeld)) return false;
    for (const { path, isHeld } of all) if (!isHeld && !this.absent.has(path)) this.found.push(path);
    return true;
  }

  /** The folder of the repository itself is always there. */
  takeAllOf(folder: RepositoryPath): void {
    for (const name of this.state.tree.manifest(folder)?.files.keys() ?? [])
      this.found.push(childOf(folder, name));
    for (const name of this.state.tree.folders(folder)) this.found.push(`${childOf(folder, name)}/`);
  }
}

/** The lists as a record has them: of what is not here only what is wanted, and what is here without being wanted. */
export function asTold({ absent, older }: HeldLists, state: WantedState): ToldLists {
  // A folder that stands where head has a file says nothing of the file.
  const here = older.filter(({ kind }) => kind !== 'directory');
  const told = new Told(state, absent, pathsOf(here));
  told.walk(ROOT, false);
  return { absent: told.absent, older, extra: told.extra };
}

class Told {
  readonly absent: string[] = [];
  readonly extra: Extra[] = [];
  private readonly state: WantedState;
  private readonly files: ReadonlySet<string>;
  private readonly folders: ReadonlySet<RepositoryPath>;
  private readonly above: ReadonlySet<string>;
  private readonly older: ReadonlySet<string>;

  constructor(state: WantedState, absent: readonly string[], older: ReadonlySet<string>) {
    this.state = state;
    this.files = new Set(absent.filter((path) => !path.endsWith('/')));
    const folders = absent.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
    this.folders = new Set(folders as RepositoryPath[]);
    this.above = foldersAbove([...this.files, ...this.folders] as RepositoryPath[]);
    this.older = older;
  }

  /** `isGone`: whether a folder above is not here. */
  walk(folder: RepositoryPath, isGone: boolean): void {
    const isAbsent = isGone || this.folders.has(folder);
    const share = this.state.wanted.share(folder);
    if (share === 'none' && isAbsent) return;
    if (share === 'all' && isAbsent) {
      this.absent.push(`${folder}/`);
      return;
    }
    if (share === 'all' && !this.above.has(folder)) return;
    for (const [name, entry] of this.state.tree.manifest(folder)?.files ?? [])
      this.take(folder, name, entry, isAbsent);
    for (const name of this.state.tree.folders(folder)) this.walk(childOf(folder, name), isAbsent);
  }

  private take(folder: RepositoryPath, name: Name, entry: Entry, isGone: boolean): void {
    const path = childOf(folder, name);
    if (this.older.has(path)) return;
    const isWanted = this.state.wanted.takes(folder, name);
    if (isGone || this.files.has(path)) {
      if (isWanted) this.absent.push(path);
    } else if (!isWanted) {
      if (entry.kind === 'link') this.extra.push({ path, link: entry.target });
      else if (entry.blake3 !== undefined) this.extra.push({ path, blake3: entry.blake3 });
    }
  }
}
