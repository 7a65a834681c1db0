/** Globs of `want:` rules: anchored, over escaped paths; `*` and `?` stop at `/`, `**` does not. Pure. */

import { takesName, takesPath } from './find-glob.ts';

/** Of a whole folder: everything in it, nothing, or it takes a look at each. */
export type Share = 'all' | 'none' | 'some';

/** A glob that takes a folder takes all below it. */
export class PathGlob {
  private readonly pattern: string;
  private readonly names: readonly string[];

  constructor(glob: string) {
    let pattern = glob.replace(/\/+$/, '');
    while (pattern.endsWith('/**')) pattern = pattern.slice(0, -'/**'.length);
    this.pattern = pattern === '**' ? '' : pattern;
    this.names = this.pattern.split('/');
  }

  /** Of the path and all that may be below it; of a file `all` is that it is taken. */
  share(path: string): Share {
    if (this.pattern === '') return 'all';
    if (path === '') return 'some';
    for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
      if (takesPath(this.pattern, end === -1 ? path : path.slice(0, end))) return 'all';
      if (end === -1) return this.mayTakeBelow(path) ? 'some' : 'none';
    }
  }

  private mayTakeBelow(path: string): boolean {
    for (const [at, name] of path.split('/').entries()) {
      const wanted = this.names[at];
      if (wanted === '**') return true;
      if (wanted === undefined || !takesName(wanted, name)) return false;
    }
    return true;
  }
}
