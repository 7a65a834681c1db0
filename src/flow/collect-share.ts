/** Of which type a folder is, by how many of the files below it are of each: one share a folder, added up on the way. */

import { isWithin, type RepositoryPath } from '../model/path.ts';

/** How much of a type there is. */
export interface Amount {
  files: number;
  bytes: number;
}

/** A folder that may have a type. */
export interface Proposal extends Readonly<Amount> {
  readonly path: RepositoryPath;
  /** Its place in the list of types. */
  readonly type: number;
  /** How many files there are below it, of whatever type. */
  readonly all: number;
}

/** Of another type, more than this much of a folder has a folder of its own. */
const OWN_SHARE = 0.1;

/** What is below one folder; of what was left behind only sums and proposals are kept. */
export class Share {
  readonly path: RepositoryPath;
  /** The type of the entity that it is in or is; undefined for none. */
  readonly within: number | undefined;
  readonly all: Amount = { files: 0, bytes: 0 };
  readonly #types: readonly Amount[];
  /** Types of which files or entities stand in the folder itself. */
  readonly #direct = new Set<number>();
  /** By type, in how many of its folders there is something of it. */
  readonly #folders = new Map<number, number>();
  readonly #proposals: Proposal[] = [];

  constructor(path: RepositoryPath, types: number, within?: number) {
    this.path = path;
    this.within = within;
    this.#types = Array.from({ length: types }, () => ({ files: 0, bytes: 0 }));
  }

  /** A file of these types; one may be of several, as far as its name tells. */
  addFile(size: number, types: readonly number[]): void {
    add(this.all, { files: 1, bytes: size });
    for (const type of types) {
      add(this.#types[type]!, { files: 1, bytes: size });
      this.#direct.add(type);
    }
  }

  /** What a folder in it came to; with fewer files than `least` it is not proposed. */
  addFolder(folder: Share, least: number): void {
    add(this.all, folder.all);
    for (const [type, amount] of folder.#types.entries()) {
      add(this.#types[type]!, amount);
      if (amount.files === 0) continue;
      if (folder.within !== undefined) this.#direct.add(type);
      else this.#folders.set(type, (this.#folders.get(type) ?? 0) + 1);
    }
    for (const proposal of folder.proposals()) if (proposal.files >= least) this.#proposals.push(proposal);
  }

  /** The folder itself, where most of its files are of one type, with folders in it that are clearly of another. */
  proposals(): readonly Proposal[] {
    if (this.within !== undefined) return [];
    const type = this.#most();
    const { files, bytes } = this.#types[type] ?? { files: 0, bytes: 0 };
    if (files === 0 || files * 2 <= this.all.files) return this.#proposals;
    const own = this.#proposals.filter((proposal) => proposal.type === type);
    // What it holds of the type stands in one of its folders, and other things beside that.
    const [only] = own;
    const isElsewhere = !this.#direct.has(type) && this.#folders.get(type) === 1;
    if (isElsewhere && only !== undefined && only.all < this.all.files) return this.#proposals;
    const others = this.#proposals.filter((proposal) => proposal.type !== type && this.#isMuch(proposal));
    return [{ path: this.path, type, files, bytes, all: this.all.files }, ...others];
  }

  /** Without deciding for this folder itself. */
  inside(): readonly Proposal[] {
    return this.#proposals;
  }

  #isMuch({ files, bytes }: Proposal): boolean {
    return files > this.all.files * OWN_SHARE || bytes > this.all.bytes * OWN_SHARE;
  }

  /** The type with most files; of two, with most bytes; of two, the first. */
  #most(): number {
    let most = 0;
    for (const [type, { files, bytes }] of this.#types.entries()) {
      const best = this.#types[most]!;
      if (files > best.files || (files === best.files && bytes > best.bytes)) most = type;
    }
    return most;
  }
}

/** The nearest of some folders that a path is below; undefined for none. */
export function nearest<T extends { readonly path: RepositoryPath }>(
  folders: readonly T[],
  path: RepositoryPath,
): T | undefined {
  const around = folders.filter((folder) => folder.path !== path && isWithin(path, folder.path));
  return around.reduce<T | undefined>(
    (best, folder) => (best === undefined || folder.path.length > best.path.length ? folder : best),
    undefined,
  );
}

function add(to: Amount, { files, bytes }: Amount): void {
  to.files += files;
  to.bytes += bytes;
}
