/** Where things stand after moves that happen all at once, and where they stood before. Pure. */

import { parentOf, ROOT, type RepositoryPath } from '../model/path.ts';

/** What stands at `from` before, with all below it that has no move of its own, stands at `to` afterwards. */
export interface Moving {
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
}

/** Of moves whose `from` are different, and whose `to` are. */
export class Relocation<M extends Moving = Moving> {
  readonly size: number;
  private readonly byFrom = new Map<RepositoryPath, M>();
  private readonly byTo = new Map<RepositoryPath, M>();

  constructor(moves: Iterable<M>) {
    for (const move of moves) {
      this.byFrom.set(move.from, move);
      this.byTo.set(move.to, move);
    }
    this.size = this.byFrom.size;
  }

  /** The move of exactly what stood there. */
  from(path: RepositoryPath): M | undefined {
    return this.byFrom.get(path);
  }

  /** The move that ends exactly there. */
  to(path: RepositoryPath): M | undefined {
    return this.byTo.get(path);
  }

  /** The move with which something goes that stood at a path: its own, or that of the nearest folder above. */
  leaving(path: RepositoryPath): M | undefined {
    return nearest(this.byFrom, path);
  }

  /** The move with which something came that stands at a path. */
  coming(path: RepositoryPath): M | undefined {
    return nearest(this.byTo, path);
  }

  /** Where something stands afterwards that stood at a path. */
  after(path: RepositoryPath): RepositoryPath {
    const move = this.leaving(path);
    return move === undefined ? path : along(path, move.from, move.to);
  }

  /** Where that stood which stands at a path afterwards; undefined where the moves leave the place empty. */
  before(path: RepositoryPath): RepositoryPath | undefined {
    return this.carried(path, this.coming(path));
  }

  /** Where that stood which would stand where a move ends, but for this move; undefined where nothing would. */
  displaced({ to }: Moving): RepositoryPath | undefined {
    return this.carried(to, to === ROOT ? undefined : this.coming(parentOf(to)));
  }

  private carried(path: RepositoryPath, move: M | undefined): RepositoryPath | undefined {
    const origin = move === undefined ? path : along(path, move.to, move.from);
    return this.leaving(origin) === move ? origin : undefined;
  }
}

/** A path below one folder as it is below another one. */
export function along(path: RepositoryPath, from: RepositoryPath, to: RepositoryPath): RepositoryPath {
  return `${to}${path.slice(from.length)}` as RepositoryPath;
}

/** A path and the folders above it, the nearest first; the root is not among them. */
export function* upwards(path: RepositoryPath): Generator<RepositoryPath> {
  for (let at = path; at !== ROOT; at = parentOf(at)) yield at;
}

function nearest<T>(map: ReadonlyMap<RepositoryPath, T>, path: RepositoryPath): T | undefined {
  if (map.size === 0) return undefined;
  for (const at of upwards(path)) {
    const found = map.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}
