/** Random histories of three trees: a base, and what two sides made of it. */

import type { Literal, MovedLines, ThreeTrees } from './trees.ts';

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A file wherever it is: which one it is, and what it holds. */
export interface File {
  readonly id: number;
  readonly content: string;
}

const FOLDERS = ['a', 'b', 'c', 'd', 'e'];
const FILES = ['x', 'y', 'z', 'w', 'v', 'u'];
const LINES = 12;
const MOST_FILES = 40;

/** What a person does to a tree, with how often. */
const DEEDS: readonly (readonly [number, (tree: RandomTree) => void])[] = [
  [22, (tree) => tree.add()],
  [10, (tree) => tree.remove(tree.someFile())],
  [14, (tree) => tree.edit(tree.someFile())],
  [14, (tree) => tree.move(tree.someFile(), tree.place())],
  [4, (tree) => tree.moveAndEdit()],
  [18, (tree) => tree.renameFolder(tree.someFolder(), tree.newFolder())],
  [6, (tree) => tree.renameFolder(tree.someFolder(), tree.someFolder())],
  [3, (tree) => tree.renameFolder(tree.someFolder(), '')],
  [5, (tree) => tree.splitFolder(tree.someFolder())],
  [4, (tree) => tree.removeFolder(tree.someFolder())],
  [3, (tree) => tree.swapKinds()],
  [1, (tree) => tree.swapFiles()],
];
const ALL = DEEDS.reduce((sum, [weight]) => sum + weight, 0);

/** A tree that is being changed; every file in it stays known as itself. */
export class RandomTree {
  readonly files: Map<string, File>;
  private readonly random: () => number;
  private readonly fresh: () => File;
  /** Where much of it happens, on both sides. */
  private readonly focus: readonly string[];

  constructor(
    files: ReadonlyMap<string, File>,
    random: () => number,
    fresh: () => File,
    focus: readonly string[],
  ) {
    this.files = new Map(files);
    this.random = random;
    this.fresh = fresh;
    this.focus = focus;
  }

  change(): void {
    let left = this.random() * ALL;
    for (const [weight, deed] of DEEDS) {
      left -= weight;
      if (left >= 0) continue;
      deed(this);
      return;
    }
  }

  add(): void {
    this.put(this.place(), this.fresh());
  }

  remove(path: string | undefined): void {
    if (path !== undefined) this.files.delete(path);
  }

  /** One line becomes another, always the same one, so that two edits never merge by lines. */
  edit(path: string | undefined): void {
    const file = path === undefined ? undefined : this.files.get(path);
    if (file === undefined) return;
    const lines = file.content.split('\n');
    lines[LINES / 2] = `edited ${file.id} ${Math.floor(this.random() * 3)}`;
    this.files.set(path!, { id: file.id, content: lines.join('\n') });
  }

  move(path: string | undefined, to: string): boolean {
    const file = path === undefined ? undefined : this.files.get(path);
    if (file === undefined || to === path) return false;
    this.files.delete(path!);
    if (this.put(to, file)) return true;
    this.files.set(path!, file);
    return false;
  }

  moveAndEdit(): void {
    const to = this.place();
    if (this.move(this.someFile(), to)) this.edit(to);
  }

  renameFolder(from: string | undefined, to: string | undefined): void {
    if (from === undefined || to === undefined || from === to) return;
    for (const path of this.below(from)) {
      const rest = path.slice(from.length + 1);
      this.move(path, to === '' ? rest : `${to}/${rest}`);
    }
  }

  splitFolder(from: string | undefined): void {
    if (from === undefined) return;
    const [one, two] = [this.newFolder(), this.newFolder()];
    for (const path of this.below(from))
      this.move(path, `${this.random() < 0.5 ? one : two}${path.slice(from.length)}`);
  }

  removeFolder(folder: string | undefined): void {
    if (folder !== undefined) for (const path of this.below(folder)) this.files.delete(path);
  }

  /** A folder comes where a file was, or the other way round. */
  swapKinds(): void {
    const path = this.random() < 0.5 ? this.someFile() : this.someFolder();
    if (path === undefined) return;
    if (this.files.has(path)) {
      const file = this.files.get(path)!;
      this.files.delete(path);
      this.put(`${path}/${this.pick(FILES)}`, this.random() < 0.5 ? file : this.fresh());
      return;
    }
    const within = this.below(path);
    const moved = this.files.get(this.pick(within))!;
    this.removeFolder(path);
    this.put(path, this.random() < 0.5 ? moved : this.fresh());
  }

  swapFiles(): void {
    const [one, two] = [this.someFile(), this.someFile()];
    if (one === undefined || two === undefined) return;
    const [a, b] = [this.files.get(one)!, this.files.get(two)!];
    this.files.set(one, b).set(two, a);
  }

  /** A path for a file: in a folder there is, or in any. */
  place(): string {
    const folder = this.random() < 0.6 ? (this.someFolder() ?? '') : this.anyFolder(3);
    return (folder === '' ? '' : `${folder}/`) + this.pick(FILES);
  }

  newFolder(): string {
    const within = this.random() < 0.3 ? this.someFolder() : undefined;
    return (within === undefined ? '' : `${within}/`) + (this.anyFolder(2) || this.pick(FOLDERS));
  }

  someFile(): string | undefined {
    const paths = [...this.files.keys()];
    const near = paths.filter((path) => this.focus.some((folder) => path.startsWith(`${folder}/`)));
    if (paths.length === 0) return undefined;
    return this.pick(near.length > 0 && this.random() < 0.5 ? near : paths);
  }

  someFolder(): string | undefined {
    const folders = new Set<string>();
    for (const path of this.files.keys())
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
        folders.add(path.slice(0, end));
    const near = this.focus.filter((folder) => folders.has(folder));
    if (folders.size === 0) return undefined;
    return this.pick(near.length > 0 && this.random() < 0.5 ? near : [...folders]);
  }

  anyFolder(most: number): string {
    const depth = Math.floor(this.random() * (most + 1));
    return Array.from({ length: depth }, () => this.pick(FOLDERS)).join('/');
  }

  private below(folder: string): string[] {
    return [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
  }

  /** Only where nothing is. */
  private put(path: string, file: File): boolean {
    if (this.files.has(path)) return false;
    for (const other of this.files.keys())
      if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) return false;
    this.files.set(path, file);
    return true;
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }
}

/** `moved` says what each side moved, as a person who knows it would. */
export function randomMerge(seed: number): ThreeTrees {
  const random = randomOf(seed);
  let made = 0;
  const fresh = (): File => fileOf(seed, made++);
  const base = new RandomTree(new Map(), random, fresh, []);
  for (let i = sizeOf(random); i > 0; i--) base.add();
  const focus = [base.someFolder(), base.someFolder()].filter((folder) => folder !== undefined);
  // Both sides begin with the same new files, so that some come twice.
  const first = made;
  const sides = [0, 1].map((side) => {
    let added = first;
    const own = (): File => fileOf(seed, added++ + (random() < 0.9 ? 1000 * (side + 1) : 0));
    const tree = new RandomTree(base.files, random, own, focus);
    for (let i = 1 + Math.floor(random() ** 2 * 7); i > 0; i--) tree.change();
    return tree;
  });
  const [ours, theirs] = sides as [RandomTree, RandomTree];
  return {
    base: literal(base),
    ours: literal(ours),
    theirs: literal(theirs),
    moved: { ours: movedLines(base, ours), theirs: movedLines(base, theirs) },
  };
}

/** A content is like no other, so that nothing can be taken for something else. */
export function fileOf(seed: number, id: number): File {
  const random = randomOf(seed * 100_003 + id);
  const lines = Array.from({ length: LINES }, () => Math.floor(random() * 2 ** 32).toString(36));
  return { id, content: `${lines.join('\n')}\n` };
}

function sizeOf(random: () => number): number {
  const size = random();
  const most = size < 0.5 ? 8 : size < 0.85 ? 20 : MOST_FILES;
  return 2 + Math.floor(random() * (most - 1));
}

export function literal({ files }: RandomTree): Literal {
  return Object.fromEntries([...files].map(([path, { content }]) => [path, content]));
}

function movedLines(base: RandomTree, side: RandomTree): MovedLines {
  const places = new Map([...side.files].map(([path, { id }]) => [id, path]));
  return [...base.files].flatMap(([from, { id }]) => {
    const to = places.get(id);
    return to === undefined || to === from ? [] : [{ from, to }];
  });
}
