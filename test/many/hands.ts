/** What a person does in a folder, at random: each deed is said in one line, which follows from the seed alone. */

import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import type { Random } from '../text/random-trees.ts';
import { standingIn, type Ledger } from './ledger.ts';

const FOLDERS = ['', 'a', 'b', 'a/c', 'b/d'];
const NAMES = ['x', 'y', 'z', 'w'];
/** Long ago, and later for each file: no two runs of a seed differ in it. */
const BEGINNING = Date.UTC(2020, 0, 1) / 1000;

export class Hands {
  private readonly random: Random;
  private readonly ledger: Ledger;
  private time = BEGINNING;

  constructor(random: Random, ledger: Ledger) {
    this.random = random;
    this.ledger = ledger;
  }

  /** One deed; says what it was. */
  do(folder: string): string {
    const files = [...standingIn(folder).keys()].sort();
    const kind = this.random(files.length === 0 ? 2 : 10);
    if (kind < 3) return this.write(folder, this.anywhere());
    const path = files[this.random(files.length)]!;
    if (kind < 5) return this.write(folder, path);
    if (kind === 5) return this.copy(folder, path, this.anywhere());
    if (kind < 8) return this.move(folder, this.random(2) === 0 ? path : dirname(path), this.anywhere());
    return this.remove(folder, this.random(3) > 0 ? path : dirname(path));
  }

  private anywhere(): string {
    return join(FOLDERS[this.random(FOLDERS.length)]!, NAMES[this.random(NAMES.length)]!);
  }

  /** As careful programs write: a new file takes the place of the old one. */
  private write(folder: string, path: string): string {
    const place = join(folder, path);
    if (!isFree(folder, path) && !isFile(place)) return `nothing: something is in the way of ${path}`;
    if (isFile(place)) this.ledger.giveUp([fs.readFileSync(place, 'utf8')]);
    return `write ${path}: ${this.put(place, this.ledger.write())}`;
  }

  private copy(folder: string, from: string, to: string): string {
    if (!isFree(folder, to)) return `nothing: something is in the way of ${to}`;
    return `copy ${from} to ${to}: ${this.put(join(folder, to), fs.readFileSync(join(folder, from), 'utf8'))}`;
  }

  private move(folder: string, from: string, to: string): string {
    if (from === '.' || !isFree(folder, to) || `${to}/`.startsWith(`${from}/`))
      return `nothing: ${from} cannot move to ${to}`;
    fs.mkdirSync(dirname(join(folder, to)), { recursive: true });
    fs.renameSync(join(folder, from), join(folder, to));
    return `move ${from} to ${to}`;
  }

  private remove(folder: string, path: string): string {
    if (path === '.') return 'nothing: the folder itself stays';
    const place = join(folder, path);
    const contents = isFile(place) ? [fs.readFileSync(place, 'utf8')] : standingIn(place).values();
    this.ledger.giveUp(contents);
    fs.rmSync(place, { recursive: true });
    return `remove ${path}`;
  }

  private put(place: string, content: string): string {
    fs.mkdirSync(dirname(place), { recursive: true });
    const aside = join(dirname(place), 'aside~');
    fs.writeFileSync(aside, content);
    this.time += 10;
    fs.utimesSync(aside, this.time, this.time);
    fs.renameSync(aside, place);
    return content.trim();
  }
}

function isFile(place: string): boolean {
  return fs.lstatSync(place, { throwIfNoEntry: false })?.isFile() === true;
}

/** Nothing stands there, and nothing but folders above. */
function isFree(folder: string, path: string): boolean {
  if (fs.lstatSync(join(folder, path), { throwIfNoEntry: false }) !== undefined) return false;
  for (let above = dirname(path); above !== '.'; above = dirname(above))
    if (isFile(join(folder, above))) return false;
  return true;
}
