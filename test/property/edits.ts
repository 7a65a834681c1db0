/**
 * What people do to a folder, at random: edits of a real tree in which every name is one that some program takes
 * amiss. Long because it is a list: one method for each thing that people do.
 */

import * as fs from 'node:fs';
import { nameOfBytes } from '../../src/model/name.ts';
import { at } from '../flow/fixture.ts';
import { NAMES, type Random } from '../text/random-trees.ts';

/** Deeper, and more things, only make a run slower. */
const DEEPEST = 4;
const MOST = 28;

/** Few enough that names meet their twins, and things take one another's. */
const COMMON = [
  'a',
  'A',
  'b',
  'album',
  'Album',
  '.git',
  'é',
  'e\u0301',
  'É',
  '%41',
  'x y',
  '$x',
  'dot.',
  'new\nline',
];
const LONG = [
  'n'.repeat(255),
  `n${'N'.repeat(254)}`,
  'ü'.repeat(127),
  '\udcff\udcfe',
  '.dbkignore',
  '.dbkignore',
  '$.metadata',
  '$a.metadata',
];

/** Some are equal, some are as long as another, one is empty; as rules none of them ignores anything. */
export const CONTENTS = ['', '#a', '#b', '#one', '#two', '#one two three', '#'.repeat(5000)];

type Kind = 'directory' | 'file' | 'link';

export class Editor {
  readonly #root: string;
  readonly #random: Random;

  constructor(root: string, random: Random) {
    this.#root = root;
    this.#random = random;
  }

  /** Does something, or nothing where it cannot; says what. */
  edit(): string {
    const edits: readonly (() => string)[] = [
      () => this.#create(),
      () => this.#create(),
      () => this.#makeDirectory(),
      () => this.#write(),
      () => this.#write(),
      () => this.#touch(),
      () => this.#changeMode(),
      () => this.#remove(),
      () => this.#remove(),
      () => this.#move(),
      () => this.#move(),
      () => this.#rotate(2),
      () => this.#rotate(3),
      () => this.#turn(),
      () => this.#makeLink(),
      () => this.#makeTwin(),
      () => this.#takeAgain(),
    ];
    return this.#pick(edits)();
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random(list.length)]!;
  }

  /** Each path and what it is. */
  #tree(): Map<string, Kind> {
    const tree = new Map<string, Kind>([['', 'directory']]);
    for (const [directory, kind] of tree) {
      if (kind !== 'directory') continue;
      const place = at(this.#root, directory);
      for (const entry of fs.readdirSync(place, { encoding: 'buffer', withFileTypes: true })) {
        const name = nameOfBytes(entry.name);
        const its = entry.isDirectory() ? 'directory' : entry.isFile() ? 'file' : 'link';
        if (name !== '.dbk') tree.set(below(directory, name), its);
      }
    }
    return tree;
  }

  #directories(tree = this.#tree()): string[] {
    return [...tree]
      .filter(([path, kind]) => kind === 'directory' && depthOf(path) < DEEPEST)
      .map(([path]) => path);
  }

  #files(): string[] {
    return [...this.#tree()].filter(([, kind]) => kind === 'file').map(([path]) => path);
  }

  /** Anything but the root; undefined where that is alone. */
  #one(): string | undefined {
    return this.#pick([...this.#tree().keys()].filter((path) => path !== ''));
  }

  #freeName(directory: string): string {
    const taken = new Set(fs.readdirSync(at(this.#root, directory), { encoding: 'buffer' }).map(String));
    const names = this.#pick([COMMON, COMMON, NAMES, LONG]);
    for (;;) {
      const name = this.#pick(names);
      if (!taken.has(String(at(name, '')))) return name;
      if (names.every((other) => taken.has(String(at(other, ''))))) return `more ${taken.size}`;
    }
  }

  #freePath(): string {
    const directory = this.#pick(this.#directories());
    return below(directory, this.#freeName(directory));
  }

  #create(path = this.#freePath()): string {
    if (this.#tree().size > MOST) return this.#remove();
    fs.writeFileSync(at(this.#root, path), this.#pick(CONTENTS));
    return `create ${path}`;
  }

  #makeDirectory(path = this.#freePath()): string {
    fs.mkdirSync(at(this.#root, path));
    if (this.#random(3) > 0 && depthOf(path) < DEEPEST) this.#create(below(path, this.#freeName(path)));
    return `make directory ${path}`;
  }

  #write(): string {
    const path = this.#pick(this.#files());
    if (path === undefined) return this.#create();
    fs.writeFileSync(at(this.#root, path), this.#pick(CONTENTS));
    return `write ${path}`;
  }

  #touch(): string {
    const path = this.#pick(this.#files());
    if (path === undefined) return this.#create();
    const time = this.#pick([0, -315619200.5, 1234567890.125, 1700000000, 33e8]);
    fs.utimesSync(at(this.#root, path), time, time);
    return `touch ${path} ${time}`;
  }

  #changeMode(): string {
    const tree = this.#tree();
    const path = this.#pick([...tree.keys()].filter((one) => tree.get(one) !== 'link'));
    const modes =
      tree.get(path) === 'directory' ? [0o755, 0o700, 0o1777, 0o2750] : [0o644, 0o600, 0o755, 0o4711];
    fs.chmodSync(at(this.#root, path), this.#pick(modes));
    return `chmod ${path}`;
  }

  #remove(): string {
    const path = this.#one();
    if (path === undefined) return 'nothing';
    fs.rmSync(at(this.#root, path), { recursive: true });
    return `remove ${path}`;
  }

  #move(path = this.#one()): string {
    if (path === undefined) return this.#create();
    const targets = this.#directories().filter((target) => !isWithin(target, path));
    const directory = this.#pick(targets);
    const own = path.slice(path.lastIndexOf('/') + 1);
    const keepsName = this.#random(2) === 0 && !fs.existsSync(at(this.#root, below(directory, own)));
    const to = below(directory, keepsName ? own : this.#freeName(directory));
    fs.renameSync(at(this.#root, path), at(this.#root, to));
    return `move ${path} to ${to}`;
  }

  /** Two things take one another's names, or three in a circle; files, folders and links alike. */
  #rotate(length: number): string {
    const chosen = new Set<string>();
    for (let i = 0; i < length * 3 && chosen.size < length; i++) {
      const path = this.#one();
      if (path === undefined) return this.#create();
      if (![...chosen].some((other) => isWithin(other, path) || isWithin(path, other))) chosen.add(path);
    }
    const paths = [...chosen];
    const aside = at(this.#root, '.dbk/local/aside');
    fs.renameSync(at(this.#root, paths[0]!), aside);
    for (let i = 1; i < paths.length; i++)
      fs.renameSync(at(this.#root, paths[i]!), at(this.#root, paths[i - 1]!));
    fs.renameSync(aside, at(this.#root, paths.at(-1)!));
    return `rotate ${paths.join(', ')}`;
  }

  /** A file or link becomes a folder, or a folder a file. */
  #turn(): string {
    const path = this.#one();
    if (path === undefined) return this.#create();
    const wasDirectory = fs.lstatSync(at(this.#root, path)).isDirectory();
    fs.rmSync(at(this.#root, path), { recursive: true });
    return `turn: ${wasDirectory ? this.#create(path) : this.#makeDirectory(path)}`;
  }

  #makeLink(): string {
    const known = this.#random(2) === 0 ? this.#one() : undefined;
    const path =
      known !== undefined && !fs.lstatSync(at(this.#root, known)).isDirectory() ? known : this.#freePath();
    fs.rmSync(at(this.#root, path), { force: true });
    const target = this.#pick(['a', '..', '/nowhere', 'a/é', '.', '\udcff', 'line\nfeed', 'x'.repeat(300)]);
    fs.symlinkSync(at(target, ''), at(this.#root, path));
    return `link ${path} to ${target}`;
  }

  /** A name that some file systems take for one that is there. */
  #makeTwin(): string {
    const path = this.#one();
    if (path === undefined) return this.#create();
    const name = path.slice(path.lastIndexOf('/') + 1);
    const forms = [name.toUpperCase(), name.toLowerCase(), name.normalize('NFD'), name.normalize('NFC')];
    const twin = this.#pick(forms.filter((form) => Buffer.byteLength(form) <= 255));
    const to = `${path.slice(0, path.length - name.length)}${twin ?? 'twin'}`;
    if (twin === '.dbk' || fs.lstatSync(at(this.#root, to), { throwIfNoEntry: false }) !== undefined)
      return 'nothing';
    if (this.#random(3) === 0) {
      fs.renameSync(at(this.#root, path), at(this.#root, to));
      return `rename ${path} to its twin ${to}`;
    }
    return this.#random(2) === 0 ? this.#makeDirectory(to) : this.#create(to);
  }

  #takeAgain(): string {
    const path = this.#one();
    if (path === undefined) return this.#create();
    const moved = this.#move(path);
    if (fs.lstatSync(at(this.#root, path), { throwIfNoEntry: false }) !== undefined) return moved;
    if (!fs.existsSync(at(this.#root, path.slice(0, Math.max(0, path.lastIndexOf('/')))))) return moved;
    return `${moved}; ${this.#random(2) === 0 ? this.#makeDirectory(path) : this.#create(path)}`;
  }
}

function below(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

function depthOf(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
