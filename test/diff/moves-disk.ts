/** A small disk in memory, on which a person moves, writes and removes, and what is different on it afterwards. */

import type { Folder, MoveQuestion, Replaced, Thing } from '../../src/diff/moves.ts';
import { parentOf, type RepositoryPath } from '../../src/model/path.ts';

interface Node {
  readonly inode: number;
  /** Undefined for a folder. */
  readonly content: string | undefined;
}

export type State = ReadonlyMap<string, Node>;

/** One act: `mv a b`, `write a TEXT` in place, `put a TEXT` as a new file, `cp a b`, `rm a`, `mkdir a`. */
export type Act = string;

export class MemoryDisk {
  private readonly nodes = new Map<string, Node>();
  private last = 0;

  /** Files by path; folders come by themselves, or as paths that end in '/'. */
  constructor(files: readonly (readonly [path: string, content: string])[]) {
    for (const [path, content] of files) {
      if (path.endsWith('/')) this.mkdir(path.slice(0, -1));
      else this.put(path, content);
    }
  }

  get state(): State {
    return new Map(this.nodes);
  }

  has(path: string): boolean {
    return this.nodes.has(path);
  }

  isFolder(path: string): boolean {
    return path === '' || (this.nodes.has(path) && this.nodes.get(path)!.content === undefined);
  }

  do(act: Act): void {
    const [word, first, second = ''] = act.split(' ') as [string, string, string?];
    if (word === 'mv') this.move(first, second);
    else if (word === 'cp') this.put(second, this.nodes.get(first)!.content!);
    else if (word === 'put') this.put(first, second);
    else if (word === 'write') this.nodes.set(first, { ...this.nodes.get(first)!, content: second });
    else if (word === 'mkdir') this.mkdir(first);
    else if (word === 'rm') for (const path of this.within(first)) this.nodes.delete(path);
    else throw new Error(`no such act: ${act}`);
  }

  private mkdir(path: string): void {
    if (path === '' || this.nodes.has(path)) return;
    this.mkdir(parentOf(path as RepositoryPath));
    this.nodes.set(path, { inode: ++this.last, content: undefined });
  }

  private put(path: string, content: string): void {
    this.mkdir(parentOf(path as RepositoryPath));
    this.nodes.set(path, { inode: ++this.last, content });
  }

  private within(path: string): string[] {
    return [...this.nodes.keys()].filter((it) => it === path || it.startsWith(`${path}/`));
  }

  private move(from: string, to: string): void {
    if (!this.nodes.has(from) || to.startsWith(`${from}/`)) throw new Error(`cannot move ${from} to ${to}`);
    this.mkdir(parentOf(to as RepositoryPath));
    const moved = this.within(from).map((path) => [path, this.nodes.get(path)!] as const);
    for (const path of this.within(to)) this.nodes.delete(path);
    for (const [path] of moved) this.nodes.delete(path);
    for (const [path, node] of moved) this.nodes.set(to + path.slice(from.length), node);
  }
}

/** The question that a scan would ask of two states. */
export function questionOf(before: State, now: State, keepsInodes: boolean): Lists {
  const lists: Lists = empty();
  const inodeOf = ({ inode }: Node): string | undefined => (keepsInodes ? `${inode}:1` : undefined);
  const thing = (path: string, node: Node): Thing => ({
    path: path as RepositoryPath,
    content: node.content,
    inode: inodeOf(node),
    size: node.content!.length,
  });
  const folder = (path: string, node: Node): Folder => ({
    path: path as RepositoryPath,
    inode: inodeOf(node),
  });
  for (const [path, old] of before) {
    const node = now.get(path);
    const isThing = node?.content !== undefined;
    if (old.content === undefined) {
      if (node === undefined || isThing) lists.foldersGone.push(folder(path, old));
      else if (keepsInodes && node.inode !== old.inode)
        lists.foldersReplaced.push({ before: folder(path, old), after: folder(path, node) });
    } else if (!isThing) lists.vanished.push(thing(path, old));
    else if (node.content !== old.content || (keepsInodes && node.inode !== old.inode))
      lists.replaced.push({ before: thing(path, old), after: thing(path, node) });
    else lists.stayed.push(path as RepositoryPath);
  }
  for (const [path, node] of now) {
    const old = before.get(path);
    if (node.content === undefined) {
      if (old === undefined || old.content !== undefined) lists.foldersNew.push(folder(path, node));
    } else if (old?.content === undefined) lists.appeared.push(thing(path, node));
  }
  return lists;
}

export interface Lists extends MoveQuestion {
  readonly vanished: Thing[];
  readonly appeared: Thing[];
  readonly replaced: Replaced<Thing>[];
  readonly foldersGone: Folder[];
  readonly foldersNew: Folder[];
  readonly foldersReplaced: Replaced<Folder>[];
  readonly stayed: RepositoryPath[];
}

function empty(): Lists {
  return {
    vanished: [],
    appeared: [],
    replaced: [],
    foldersGone: [],
    foldersNew: [],
    foldersReplaced: [],
    stayed: [],
  };
}

/** Whether a file or a link stands at a path. */
export function holds(state: State, path: string): boolean {
  return state.get(path)?.content !== undefined;
}
