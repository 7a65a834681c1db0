/** Looks through a folder that is no repository: names, kinds and sizes, directory by directory. */

import type { Name } from '../model/name.ts';
import { childOf, OWN_FOLDER, ROOT, type RepositoryPath } from '../model/path.ts';
import { Interrupted, type Problem } from '../model/problem.ts';
import { buildRules, type IgnoreRules } from '../scan/ignore.ts';
import { isVirtual, LEFT_OUT } from './collect-places.ts';
import type { Context } from './context.ts';
import * as problems from './problems.ts';

/** What stands in one directory, less what is left out. */
export interface Directory {
  readonly path: RepositoryPath;
  /** Name to size. */
  readonly files: ReadonlyMap<Name, number>;
  readonly links: ReadonlySet<Name>;
  readonly folders: ReadonlySet<Name>;
}

/** A directory is entered, then what is in it, then it is left. */
export type Step = { readonly kind: 'enter'; readonly directory: Directory } | { readonly kind: 'leave' };

export interface Walk {
  /** Absolute, without symlinks. */
  readonly folder: string;
  /** Lines of .gitignore. */
  readonly not: readonly string[];
  readonly otherVolumes: boolean;
}

/** Walks one folder as often as it is asked to; what it could not read is in `problems`, once. */
export class HomeWalk {
  readonly problems: Problem[] = [];
  readonly #context: Context;
  readonly #walk: Walk;
  readonly #rules: IgnoreRules;
  readonly #device: number;
  readonly #said = new Set<string>();
  #files = 0;
  #bytes = 0;

  constructor(context: Context, walk: Walk) {
    this.#context = context;
    this.#walk = walk;
    const sources = [LEFT_OUT, walk.not.join('\n')];
    this.#rules = buildRules(sources.map((text) => ({ directory: ROOT, origin: 'collect', text })));
    this.#device = context.disk.lstat(walk.folder)!.dev;
  }

  /** Depth first; `into` says which of the folders of a directory are looked through, when it is entered. */
  *steps(from: RepositoryPath, into: (directory: Directory, name: Name) => boolean): Generator<Step> {
    const first = this.#directory(from);
    if (first === undefined) return;
    yield { kind: 'enter', directory: first };
    const open = [{ path: from, waiting: chosen(first, into) }];
    for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
      const name = at.waiting.pop();
      if (name === undefined) {
        open.pop();
        yield { kind: 'leave' };
        continue;
      }
      const path = childOf(at.path, name);
      const directory = this.#directory(path);
      if (directory === undefined) continue;
      yield { kind: 'enter', directory };
      open.push({ path, waiting: chosen(directory, into) });
    }
  }

  /** undefined where it cannot be listed, is gone, or is on another volume. */
  #directory(path: RepositoryPath): Directory | undefined {
    const { disk, interrupted, progress } = this.#context;
    if (interrupted()) throw new Interrupted();
    const whole = this.#absolute(path);
    try {
      const names = disk.readdir(whole);
      const directory = this.#sorted(path, whole, names);
      this.#files += directory.files.size;
      progress.tell({ phase: 'Scanning', path, files: this.#files, bytes: this.#bytes });
      return directory;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') this.#say(problems.unreadableFolder(whole, code));
      return undefined;
    }
  }

  #sorted(path: RepositoryPath, whole: string, names: readonly Name[]): Directory {
    const files = new Map<Name, number>();
    const links = new Set<Name>();
    const folders = new Set<Name>();
    const hasOwnRules = this.#walk.not.length > 0;
    for (const name of names) {
      if (name === OWN_FOLDER) continue;
      const stats = this.#context.disk.lstat(`${whole === '/' ? '' : whole}/${name}`);
      if (stats === undefined) continue;
      const isFolder = stats.isDirectory();
      // What is left out without being asked are folders.
      if ((isFolder || hasOwnRules) && this.#rules.isIgnored(childOf(path, name), isFolder)) continue;
      if (isFolder) {
        if (stats.dev === this.#device || this.#mayLeave(childOf(path, name))) folders.add(name);
      } else if (stats.isFile()) {
        files.set(name, stats.size);
        this.#bytes += stats.size;
      } else if (stats.isSymbolicLink()) links.add(name);
    }
    return { path, files, links, folders };
  }

  #mayLeave(path: RepositoryPath): boolean {
    const whole = this.#absolute(path);
    if (isVirtual(this.#context.disk, whole)) return false;
    if (!this.#walk.otherVolumes) this.#say(problems.otherVolume(whole));
    return this.#walk.otherVolumes;
  }

  #absolute(path: RepositoryPath): string {
    const { folder } = this.#walk;
    return path === ROOT ? folder : `${folder === '/' ? '' : folder}/${path}`;
  }

  #say(problem: Problem): void {
    if (this.#said.has(problem.reason)) return;
    this.#said.add(problem.reason);
    this.problems.push(problem);
  }
}

/** In the order in which they are to be taken from the end. */
function chosen(directory: Directory, into: (directory: Directory, name: Name) => boolean): Name[] {
  return [...directory.folders]
    .filter((name) => into(directory, name))
    .sort()
    .reverse();
}
