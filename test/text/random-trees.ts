/**
 * Random trees for tests of patches: folders, files and sidecars that are added, edited, moved, swapped, turned into
 * one another and removed, as people do. Long because it is one thing, and nothing but tests needs it.
 */

import { digest } from '../../src/disk/blake3.ts';
import type { TextChange } from '../../src/model/change.ts';
import { compareBytes, type Name } from '../../src/model/name.ts';
import { FOLDER_SIDECAR, MANIFEST, mirrorNames, sidecarOf } from '../../src/text/mirror.ts';
import { escapeName } from '../../src/text/names.ts';

export type Texts = ReadonlyMap<string, string>;

/** A tree's texts, and whose each one is: what belongs to the same thing before and after has moved. */
export interface State {
  readonly texts: Texts;
  readonly owners: ReadonlyMap<string, string>;
}

/** What a patch from one state to the other is of; a rename only where the old path goes and the new one was free. */
export function changesOf(old: State, now: State): TextChange[] {
  const places = new Map([...old.owners].map(([path, owner]) => [owner, path]));
  const changes: TextChange[] = [];
  const gone = new Set([...old.texts.keys()].filter((path) => !now.texts.has(path)));
  for (const [path, after] of now.texts) {
    const place = places.get(now.owners.get(path)!);
    const from = !old.texts.has(path) && place !== undefined && gone.delete(place) ? place : undefined;
    const before = old.texts.get(from ?? path);
    changes.push({ path, before, after, ...(from !== undefined && { from }) });
  }
  for (const path of gone) changes.push({ path, before: old.texts.get(path), after: undefined });
  return changes.sort((a, b) => compareBytes(a.path, b.path));
}

/** Numbers from 0 to below a limit. */
export type Random = (limit: number) => number;

interface Thing {
  readonly id: number;
  name: string;
  /** What stands in the folder; undefined for a file. */
  children: Thing[] | undefined;
  sidecar: string | undefined;
  size: number;
}

/** Names that some program takes amiss; short enough that `$NAME.metadata` leaves GNU patch room for a temporary one. */
// prettier-ignore
export const NAMES = [
  'a', 'A', 'b', 'B.txt', 'album', 'Album', 'two words', ' leading', 'trailing ', 'dot.', '.git', '.GIT', 'git~1',
  '.hidden', 'é', 'e\u0301', 'É', 'straße', 'STRASSE', '日本語', '🎵', '100%', '%41', 'x%20y', '$money', '$', '-dash',
  '--', "it's", 'say "hi"', 'back\\slash', 'star*', 'what?', 'a:b', 'CON', 'con.txt', 'manifest.yaml', 'tab\there',
  'new\nline', 'bell\x07', '\udcff\udcfe', '__proto__', 'a&b', 'x;y', '#hash', 'a,b', '{x}', '[y]', '~', 'dev', 'null',
  'b~', 'x.orig', 'x.rej', '@@', '\u2028', 'L'.repeat(227), 'l'.repeat(227), 'ü'.repeat(100),
];

/** Lines that a patch could take for its own. */
// prettier-ignore
const LINES = [
  'title: Airbag', '---', 'rating: 5', '', ' ', '\ttab', 'same', 'same', 'same', '- one', '+ plus', '-- ', '--- a/x',
  '+++ b/x', '@@ -1,2 +1,2 @@', 'diff --git a/x b/x', '\\ No newline at end of file', 'ünïcödé', '🎵 🎶', 'cr\rinside',
  'trailing blanks  ', 'index 000..111', 'deleted file mode 100644', 'rename from x', 'GIT binary patch', '\u2028', 'a',
];

export function randomFrom(seed: number): Random {
  let state = seed * 2654435761;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** The states of a tree, each different from the one before; the first has no texts. */
export function chainOf(seed: number, commits: number): State[] {
  const random = randomFrom(seed);
  const maker = new TreeMaker(random);
  const states: State[] = [{ texts: new Map(), owners: new Map() }];
  while (states.length <= commits) {
    maker.edit();
    const state = maker.state();
    const changes = changesOf(states.at(-1)!, state);
    if (changes.some(({ before, after, from }) => before !== after || from !== undefined)) states.push(state);
  }
  return states;
}

class TreeMaker {
  readonly #random: Random;
  readonly #root: Thing;
  readonly #others = new Map<string, string>();
  #next = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#root = this.#make('', true);
    for (let i = 0; i < 6; i++) this.#add();
  }

  state(): State {
    const texts = new Map(this.#others);
    const owners = new Map([...texts.keys()].map((path) => [path, path]));
    this.#collect(this.#root, 'tree/', (path, text, owner) => {
      texts.set(path, text);
      owners.set(path, owner);
    });
    return { texts, owners };
  }

  edit(): void {
    const edits = [
      () => this.#add(),
      () => this.#add(),
      () => this.#remove(),
      () => this.#move(),
      () => this.#rotate(2),
      () => this.#rotate(3),
      () => this.#changeCase(),
      () => this.#turn(),
      () => this.#takeAgain(),
      () => this.#editSidecar(),
      () => this.#editSidecar(),
      () => this.#moveAndEdit(),
      () => void (this.#one().size = this.#random(1e6)),
      () => this.#editOther(),
    ];
    for (let i = this.#random(6); i >= 0; i--) edits[this.#random(edits.length)]!();
  }

  #make(name: string, folder: boolean): Thing {
    const sidecar = this.#random(2) === 0 ? randomText(this.#random) : undefined;
    return { id: this.#next++, name, children: folder ? [] : undefined, sidecar, size: this.#random(1e6) };
  }

  #all(from = this.#root): Thing[] {
    return [from, ...(from.children ?? []).flatMap((child) => this.#all(child))];
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random(list.length)]!;
  }

  /** Any thing but the root; the root while it is alone. */
  #one(): Thing {
    return this.#pick(this.#all().slice(1)) ?? this.#root;
  }

  #parentOf(thing: Thing): Thing | undefined {
    return this.#all().find((parent) => parent.children?.includes(thing));
  }

  #freeName(folder: Thing): string {
    return this.#pick(NAMES.filter((name) => !folder.children!.some((child) => child.name === name)));
  }

  #add(folder = this.#pick(this.#all().filter((thing) => thing.children !== undefined))): void {
    if (this.#all().length > 30) return this.#remove();
    const thing = this.#make(this.#freeName(folder), this.#random(2) === 0);
    folder.children!.push(thing);
    if (thing.children !== undefined && this.#random(2) === 0) this.#add(thing);
  }

  #remove(thing = this.#one()): void {
    const parent = this.#parentOf(thing);
    if (parent !== undefined) parent.children = parent.children!.filter((child) => child !== thing);
  }

  #move(thing = this.#one()): void {
    const within = this.#all(thing);
    const targets = this.#all().filter((target) => target.children !== undefined && !within.includes(target));
    if (targets.length === 0) return;
    this.#remove(thing);
    const target = this.#pick(targets);
    if (this.#random(2) === 0 || target.children!.some((child) => child.name === thing.name))
      thing.name = this.#freeName(target);
    target.children!.push(thing);
  }

  /** Things take one another's names: a swap, or a cycle of three. */
  #rotate(length: number): void {
    const siblings = this.#pick(
      this.#all().filter((thing) => (thing.children?.length ?? 0) >= length),
    )?.children;
    if (siblings === undefined) return;
    const first = siblings[0]!.name;
    for (let i = 0; i < length; i++) siblings[i]!.name = i + 1 < length ? siblings[i + 1]!.name : first;
  }

  #changeCase(): void {
    const thing = this.#one();
    const name =
      thing.name === thing.name.toLowerCase() ? thing.name.toUpperCase() : thing.name.toLowerCase();
    const siblings = this.#parentOf(thing)?.children ?? [];
    if (name.length === thing.name.length && !siblings.some((sibling) => sibling.name === name))
      thing.name = name;
  }

  /** A file becomes a folder, or a folder a file. */
  #turn(): void {
    const thing = this.#one();
    if (thing === this.#root) return;
    thing.children = thing.children === undefined ? [] : undefined;
    if (thing.children !== undefined && this.#random(2) === 0) this.#add(thing);
  }

  #takeAgain(): void {
    const thing = this.#one();
    const { name } = thing;
    const parent = this.#parentOf(thing);
    if (parent === undefined) return;
    this.#move(thing);
    if (!parent.children!.some((child) => child.name === name))
      parent.children!.push(this.#make(name, this.#random(2) === 0));
  }

  #moveAndEdit(): void {
    const thing = this.#one();
    this.#move(thing);
    this.#editSidecar(thing);
  }

  #editSidecar(thing = this.#one()): void {
    const { sidecar } = thing;
    if (sidecar === undefined || this.#random(6) === 0) thing.sidecar = randomText(this.#random);
    else thing.sidecar = this.#random(8) === 0 ? undefined : editedText(this.#random, sidecar);
  }

  #editOther(): void {
    const path = this.#pick([
      'policy.yaml',
      'ignore',
      'ignore.d/rules',
      'types/music.yaml',
      'people/Ada L.metadata',
    ]);
    if (this.#random(3) === 0) this.#others.delete(path);
    else this.#others.set(path, editedText(this.#random, this.#others.get(path) ?? randomText(this.#random)));
  }

  #collect(folder: Thing, path: string, tell: (path: string, text: string, owner: string) => void): void {
    const children = folder.children!;
    const files = children.filter((child) => child.children === undefined);
    const folders = children.filter((child) => child.children !== undefined);
    tell(path + MANIFEST, manifestText(files.map(({ name, size }) => [name, size])), `${folder.id} manifest`);
    if (folder.sidecar !== undefined) tell(path + FOLDER_SIDECAR, folder.sidecar, `${folder.id} sidecar`);
    const fileMirrors = mirrorNames(
      files.map(({ name }) => name as Name),
      digest,
    );
    for (const { id, name, sidecar } of files)
      if (sidecar !== undefined)
        tell(path + sidecarOf(fileMirrors.get(name as Name)!), sidecar, `${id} sidecar`);
    const folderMirrors = mirrorNames(
      folders.map(({ name }) => name as Name),
      digest,
    );
    for (const child of folders)
      this.#collect(child, `${path}${folderMirrors.get(child.name as Name)!}/`, tell);
  }
}

/** As dbk writes them, but for what a line says. */
export function manifestText(files: readonly (readonly [name: string, size: number])[]): string {
  const lines = [...files]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, size]) => `  ${keyOf(name)}: {size: ${size}}\n`);
  return `dbk: manifest 1\nmode: 755\n${lines.length > 0 ? 'files:\n' : ''}${lines.join('')}`;
}

function keyOf(name: string): string {
  const text = escapeName(name);
  return /^[A-Za-z_][\w.]*$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

export function manyLines(random: Random, length: number): [string, number][] {
  const names = new Set(Array.from({ length }, () => NAMES[random(NAMES.length)]! + random(9)));
  return [...names].map((name) => [name, random(1e6)]);
}

export function edited(random: Random, files: readonly [string, number][]): [string, number][] {
  const names = new Set(files.map(([name]) => name));
  const kept = files
    .filter(() => random(8) > 0)
    .map(([name, size]): [string, number] => [name, size + (random(8) ? 0 : 1)]);
  return [...kept, ...manyLines(random, random(12) + 1).filter(([name]) => !names.has(name))];
}

export function randomText(random: Random): string {
  const length = random(2) === 0 ? 20 + random(60) : random(6);
  const lines = Array.from({ length }, () => LINES[random(LINES.length)]!);
  return joinedLines(random, lines, random(4) === 0 ? '\r\n' : '\n');
}

function editedText(random: Random, text: string): string {
  const feed = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(feed);
  for (let i = random(3) + (lines.length > 20 ? 2 : 0); i >= 0; i--)
    lines.splice(random(lines.length + 1), random(3), ...(random(3) ? [LINES[random(LINES.length)]!] : []));
  return joinedLines(random, lines, random(12) === 0 ? '\n' : feed);
}

function joinedLines(random: Random, lines: readonly string[], feed: string): string {
  const text = lines.join(feed) + (random(3) === 0 || lines.length === 0 ? '' : feed);
  return random(20) === 0 ? `\ufeff${text}` : text;
}
