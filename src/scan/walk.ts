/**
 * Looks at directories, one after the other: which are as they were when last seen, and what the others hold.
 *
 * Long because the two ways through a directory (nothing changed, something did) share every rule, and this is
 * the loop that a million files go through.
 */

import type { Disk, Stats } from '../disk/disk.ts';
import type { Way } from '../disk/guard-folder.ts';
import { isOrdinary } from '../disk/reach.ts';
import { compareBytes, isUtf8, type Name } from '../model/name.ts';
import { OWN_FOLDER, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { RulesChain } from './rules-chain.ts';
import { chainBelow, isIgnored, IGNORE_FILE } from './rules-chain.ts';
import * as words from './problems.ts';
import * as T from './table.ts';
import { wantsProtection, withLinks } from './protect.ts';
import type { Keeps } from './volume.ts';

/** What became of a cached directory; 0 means that nobody met it: it is gone. */
export const CLEAN = 1;
export const DIRTY = 2;
/** It could not be looked at: everything below stays as it is recorded. */
export const FROZEN = 3;

/** How an entry compares with what was cached for its path. */
export const SAME = 0;
/** Only the permissions changed: inode, birth, size and time say that the content is the same. */
export const CHMODDED = 1;
/** Something else changed, or the cached row is not to be trusted: its content has to be read. */
export const CHECK = 2;
export const NEW = 3;
/** Another file than was cached for its path, which has been cached for a path where it stood before (adopt.ts). */
export const ADOPTED = 4;

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;
const LONGEST_NAME = 255;
/** Of links: as many as a byte counts. */
const MANY = 255;
/** Any name below a directory whose path is this long makes an ordinary path. */
const ORDINARY = 1000;

/** One directory to look at. */
export interface Task {
  readonly path: string;
  /** Its row in the cached table, -1 for none. */
  readonly row: number;
  /** The device of the directory that holds it: never stored, compared only within one scan. */
  readonly parentDevice: number;
  /** Its listing is not to be trusted although its times are as they were. */
  readonly reread: boolean;
  /** An ignore rule names it or a directory above: only what is cached is looked at. */
  readonly ignored: boolean;
  readonly rules: RulesChain;
  readonly seen?: Stats;
}

export interface WalkOptions {
  /** The absolute path of the folder. */
  readonly root: string;
  /** Whether relative paths start from there. */
  readonly standsInRoot?: boolean;
  readonly cached: T.Table;
  readonly links: T.Links;
  /** One byte for each cached directory: CLEAN, DIRTY, FROZEN. */
  readonly marks: Uint8Array;
  /** Trust no cached listing and no cached hash. */
  readonly checkEverything: boolean;
  /** Trust no cached listing. */
  readonly rereadEverything: boolean;
  readonly keeps: Keeps;
  /** The paths of the directories to look at; of all others only what is new below these. Absent: all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** What is to be protected, so that a directory is listed as long as something in it is not; absent: nothing. */
  readonly protecting?: Way | undefined;
}

/** Everything that was not as it was: whole directories, in columns. */
export interface Found {
  readonly table: T.Table;
  readonly paths: readonly string[];
  /** For each directory of the table its row in the cached one, or -1. */
  readonly cachedRows: Int32Array;
  /** For each directory the device it is on. */
  readonly devices: Float64Array;
  /** For each entry that of the cached table it was compared with, or -1. */
  readonly origins: Int32Array;
  readonly states: Uint8Array;
  /** For each entry how many hard links it has, at most 255. */
  readonly links: Uint8Array;
  /** Directories that are not cached and could not be looked at. */
  readonly closed: readonly string[];
  /** Whether any ignore rule was met. */
  readonly hasRules: boolean;
  readonly problems: readonly Problem[];
}

export class Walker {
  readonly stack: Task[] = [];
  files = 0;
  path = '';
  private readonly builder = new T.TableBuilder(256, false);
  private readonly paths: string[] = [];
  private readonly cachedRows: number[] = [];
  private readonly devices: number[] = [];
  private readonly origins: number[] = [];
  private readonly states: number[] = [];
  private readonly links: number[] = [];
  private readonly closed: string[] = [];
  private hasRules = false;
  private readonly problems: Problem[] = [];
  private readonly disk: Disk;
  private readonly options: WalkOptions;
  private readonly prefix: string;

  constructor(disk: Disk, options: WalkOptions) {
    this.disk = disk;
    this.options = options;
    this.prefix = options.root === '/' ? '' : options.root;
  }

  /** Looks at the directory on top of the stack and puts those below it there. */
  step(): void {
    const task = this.stack.pop()!;
    this.path = task.path;
    if (!task.rules.rules.empty) this.hasRules = true;
    try {
      this.visit(task);
    } catch (error) {
      this.freeze(task, error);
    }
  }

  found(): Found {
    return {
      table: this.builder.finish(),
      paths: this.paths,
      cachedRows: Int32Array.from(this.cachedRows),
      devices: Float64Array.from(this.devices),
      origins: Int32Array.from(this.origins),
      states: Uint8Array.from(this.states),
      links: Uint8Array.from(this.links),
      closed: this.closed,
      hasRules: this.hasRules,
      problems: this.problems,
    };
  }

  private absolute(path: string): string {
    return path === '' ? this.options.root : `${this.prefix}/${path}`;
  }

  private visit(task: Task): void {
    const seen = task.seen ?? this.disk.lstat(this.absolute(task.path));
    // Who takes a disk away may take the folder too that it was mounted at.
    if (seen === undefined && this.wasMount(task.row)) return this.refuseMount(task.path, task.row);
    // Not here, or not a directory any more: its row stays unmarked, which means gone.
    if (seen === undefined || (seen.mode & S_IFMT) !== S_IFDIR) return;
    const { cached, keeps } = this.options;
    const known = task.row >= 0;
    if (this.wasMount(task.row) && seen.dev === task.parentDevice)
      return this.refuseMount(task.path, task.row);
    const isKeeping = keeps.volume(seen, this.absolute(task.path)) === 'yes';
    const trusted = known && !task.reread && !this.options.rereadEverything && isKeeping;
    if (trusted && this.isListingCurrent(task.row, seen)) {
      const names = T.namesOf(cached, task.row);
      if (this.areEntriesCurrent(task, names)) return this.passClean(task, seen, names);
      // Rules that changed may let in what the cached listing left out.
      if (!names.includes(IGNORE_FILE, 1)) return this.list(task, seen, names.slice(1), true);
    }
    this.list(task, seen, this.sortedNames(task.path), false);
  }

  /** Whether something recorded was another volume's when it was last seen. */
  private wasMount(row: number): boolean {
    return (
      row >= 0 && (this.options.cached.columns.directoryFlags[row]! & (T.MOUNT | T.NEWCOMER)) === T.MOUNT
    );
  }

  private refuseMount(path: string, row: number): void {
    this.refuse({ path, row }, words.vanishedMount(path as RepositoryPath));
  }

  private isListingCurrent(row: number, seen: Stats): boolean {
    const c = this.options.cached.columns;
    return (
      (c.directoryFlags[row]! & (T.YOUNG | T.SEEDED | T.RECORDED)) === T.RECORDED &&
      c.directoryMtime[row] === seen.mtimeMs &&
      c.directoryCtime[row] === seen.ctimeMs &&
      c.directoryInode[row] === seen.ino &&
      c.directoryBirth[row] === seen.birthtimeMs &&
      c.directoryMode[row] === seen.mode
    );
  }

  /** The hot loop: every file of a directory whose listing did not change. */
  private areEntriesCurrent(task: Task, names: readonly Name[]): boolean {
    const { checkEverything, protecting } = this.options;
    if (checkEverything) return false;
    const c = this.options.cached.columns;
    const first = c.firstEntry[task.row]!;
    const absolute = `${this.absolute(task.path)}/`;
    const isOdd = (c.directoryFlags[task.row]! & T.ODD_NAMES) !== 0;
    const isPlain = !isOdd && isOrdinary(absolute) && absolute.length <= ORDINARY;
    const lstat = isPlain ? this.disk.lstatOrdinary : this.disk.lstat;
    const start = isPlain && this.options.standsInRoot === true ? fromRoot(task.path) : absolute;
    for (let i = 1; i < names.length; i++) {
      const entry = first + i - 1;
      const flags = c.flags[entry]!;
      if ((flags & (T.YOUNG | T.SEEDED | T.UNREADABLE | T.SUSPECT_ENTRY)) !== 0 || (flags & T.HASHED) === 0)
        return false;
      if (protecting !== undefined && isUnprotected(c.mode[entry]!, flags, protecting)) return false;
      let seen: Stats | undefined;
      try {
        seen = lstat(start + names[i]!);
      } catch {
        return false;
      }
      if (
        seen === undefined ||
        c.mtime[entry] !== seen.mtimeMs ||
        c.size[entry] !== seen.size ||
        c.ctime[entry] !== seen.ctimeMs ||
        c.inode[entry] !== seen.ino ||
        c.birth[entry] !== seen.birthtimeMs ||
        c.mode[entry] !== seen.mode
      ) {
        return false;
      }
    }
    return true;
  }

  private passClean(task: Task, seen: Stats, names: readonly Name[]): void {
    const { cached, links, marks } = this.options;
    marks[task.row] = CLEAN;
    this.files += names.length - 1;
    const rules = names.includes(IGNORE_FILE, 1) ? this.rulesBelow(task) : task.rules;
    for (let child = links.firstChild[task.row]!; child !== -1; child = links.nextSibling[child]!) {
      const name = T.nameOfRow(cached, child);
      const path = task.path === '' ? name : `${task.path}/${name}`;
      if (!this.isWanted(path)) continue;
      const ignored = task.ignored || isIgnored(rules, path, true);
      if (ignored && !this.isInIndex(child)) continue;
      this.stack.push({ path, row: child, parentDevice: seen.dev, reread: task.reread, ignored, rules });
    }
  }

  private isWanted(path: string): boolean {
    return this.options.only?.has(path) !== false;
  }

  /** Whether a cached directory is recorded, as far as the cache knows. */
  private isInIndex(row: number): boolean {
    return row >= 0 && (this.options.cached.columns.directoryFlags[row]! & T.NEWCOMER) === 0;
  }

  private sortedNames(path: string): Name[] {
    const names = this.disk.readdir(this.absolute(path));
    // Below the surrogates the default order is the order of the bytes.
    return /[\ud800-\uffff]/.test(names.join('/')) ? names.sort(compareBytes) : names.sort();
  }

  /** Records a directory that changed, entry by entry; `partial` where the names are only those of its files. */
  private list(task: Task, seen: Stats, names: readonly Name[], partial: boolean): void {
    const known = this.childrenOf(task);
    const rules = names.includes(IGNORE_FILE) ? this.rulesBelow(task) : task.rules;
    const directory = new Listing(this, task, seen, known, rules);
    for (const name of names) {
      if (name === OWN_FOLDER) continue;
      this.lookAt(directory, name);
    }
    if (partial) for (const name of known.keys()) this.lookAt(directory, name as Name);
    for (const [name, row] of known) {
      const path = task.path === '' ? name : `${task.path}/${name}`;
      if (this.wasMount(row) && this.disk.lstat(this.absolute(path)) === undefined)
        this.refuseMount(path, row);
    }
    this.record(directory);
    this.pushChildren(directory);
  }

  private childrenOf(task: Task): Map<string, number> {
    const { cached, links } = this.options;
    const children = new Map<string, number>();
    if (task.row < 0) return children;
    for (let child = links.firstChild[task.row]!; child !== -1; child = links.nextSibling[child]!) {
      children.set(T.nameOfRow(cached, child), child);
    }
    return children;
  }

  private lookAt(directory: Listing, name: Name): void {
    const { task } = directory;
    const path = task.path === '' ? name : `${task.path}/${name}`;
    if (tooLong(name)) {
      directory.unsettled = true;
      this.problems.push(words.nameTooLong(path as RepositoryPath));
      return;
    }
    let seen: Stats | undefined;
    try {
      seen = this.disk.lstat(this.absolute(path));
    } catch (error) {
      const row = directory.known.get(name);
      // What was a directory may have become a file meanwhile, which nobody can see.
      if (row === undefined) directory.addUnreadable(name);
      else this.options.marks[row] = FROZEN;
      directory.unsettled = true;
      this.problems.push(words.unreadable(path as RepositoryPath, error));
      return;
    }
    if (seen === undefined) return;
    const kind = seen.mode & S_IFMT;
    if (kind === S_IFDIR) directory.directories.push([name, path, seen]);
    else if (kind === S_IFREG || kind === S_IFLNK) directory.addEntry(name, path, seen);
    else {
      directory.unsettled = true;
      if (!task.ignored && !isIgnored(directory.rules, path, false)) {
        this.problems.push(words.special(path as RepositoryPath, kindWord(kind)));
      }
    }
  }

  private record(directory: Listing): void {
    const { task, seen } = directory;
    const isMount = task.path !== '' && seen.dev !== task.parentDevice;
    const flags = (isMount ? T.MOUNT : 0) | (directory.unsettled ? T.YOUNG : 0);
    this.builder.addDirectory(-1, seen, flags);
    this.paths.push(task.path);
    this.cachedRows.push(task.row);
    this.devices.push(seen.dev);
    for (let i = 0; i < directory.names.length; i++) {
      this.builder.addEntry(directory.stats[i]!, directory.flags[i]!);
      this.origins.push(directory.origins[i]!);
      this.states.push(directory.states[i]!);
      this.links.push(directory.links[i]!);
    }
    this.builder.closeDirectory(task.path.slice(task.path.lastIndexOf('/') + 1), directory.names);
    this.files += directory.names.length;
    if (task.row >= 0) this.options.marks[task.row] = DIRTY;
  }

  private pushChildren(directory: Listing): void {
    const { task, seen, known, rules } = directory;
    const reread = task.reread || directory.rulesChanged;
    for (const [name, path, childSeen] of directory.directories) {
      const row = known.get(name) ?? -1;
      if (row >= 0 && !this.isWanted(path)) continue;
      const ignored = task.ignored || isIgnored(rules, path, true);
      // Of an ignored directory only what was recorded before is looked at.
      if (ignored && !this.isInIndex(row)) continue;
      this.stack.push({ path, row, parentDevice: seen.dev, reread, ignored, rules, seen: childSeen });
    }
  }

  private rulesBelow(task: Task): RulesChain {
    this.hasRules = true;
    return chainBelow(task.rules, task.path as RepositoryPath, this.disk, this.options.root, this.problems);
  }

  private freeze(task: Task, error: unknown): void {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    this.refuse(task, words.unreadable(task.path as RepositoryPath, error));
  }

  private refuse(task: Pick<Task, 'path' | 'row'>, problem: Problem): void {
    if (task.row >= 0) this.options.marks[task.row] = FROZEN;
    else this.closed.push(task.path);
    this.problems.push(problem);
  }

  /** Compares what stands at a name with what was cached for it. */
  compare(row: number, entry: number, seen: Stats): number {
    if (row < 0 || entry < 0) return NEW;
    const c = this.options.cached.columns;
    const flags = c.flags[entry]!;
    const settled = (flags & (T.YOUNG | T.SEEDED | T.SUSPECT_ENTRY)) === 0 && (flags & T.HASHED) !== 0;
    if (!settled || this.options.checkEverything) return CHECK;
    if (c.size[entry] !== seen.size || c.mtime[entry] !== seen.mtimeMs) return CHECK;
    const keeps = this.options.keeps.volume(seen);
    if (keeps === 'no') return c.mode[entry] === seen.mode ? SAME : CHMODDED;
    if (c.inode[entry] !== seen.ino || c.birth[entry] !== seen.birthtimeMs) return CHECK;
    if (c.ctime[entry] === seen.ctimeMs && c.mode[entry] === seen.mode) return SAME;
    const sameKind = (c.mode[entry]! & S_IFMT) === (seen.mode & S_IFMT);
    return sameKind && c.mode[entry] !== seen.mode && keeps === 'yes' ? CHMODDED : CHECK;
  }

  /** Whether a cached entry may be in the index: a file that nobody read cannot. */
  isRecorded(entry: number): boolean {
    if (entry < 0) return false;
    const { flags, mode } = this.options.cached.columns;
    if ((flags[entry]! & T.RULES_ONLY) !== 0) return false;
    return (flags[entry]! & T.HASHED) !== 0 || (mode[entry]! & S_IFMT) !== S_IFREG;
  }

  /** What the guard has of a cached entry, if the inode is still the same. */
  guardFlags(entry: number, seen: Stats): number {
    if (entry < 0) return 0;
    const { flags, inode, birth } = this.options.cached.columns;
    const isSameInode = inode[entry] === seen.ino && birth[entry] === seen.birthtimeMs;
    return isSameInode ? flags[entry]! & T.GUARD_FLAGS : 0;
  }

  get cached(): T.Table {
    return this.options.cached;
  }
}

/** One directory while it is being listed. */
class Listing {
  readonly names: Name[] = [];
  readonly stats: T.Seen[] = [];
  readonly flags: number[] = [];
  readonly origins: number[] = [];
  readonly states: number[] = [];
  readonly links: number[] = [];
  readonly directories: [Name, string, Stats][] = [];
  /** Something here is reported at every scan, so the listing is made anew each time. */
  unsettled = false;
  rulesChanged = false;
  readonly task: Task;
  readonly seen: Stats;
  /** The cached directories below this one. */
  readonly known: ReadonlyMap<string, number>;
  /** Those of the directory itself included. */
  readonly rules: RulesChain;
  private readonly walker: Walker;
  private readonly cachedNames: Map<string, number> = new Map();

  constructor(
    walker: Walker,
    task: Task,
    seen: Stats,
    known: ReadonlyMap<string, number>,
    rules: RulesChain,
  ) {
    this.walker = walker;
    this.task = task;
    this.seen = seen;
    this.known = known;
    this.rules = rules;
    if (task.row < 0) return;
    const first = walker.cached.columns.firstEntry[task.row]!;
    const names = T.namesOf(walker.cached, task.row);
    for (let i = 1; i < names.length; i++) this.cachedNames.set(names[i]!, first + i - 1);
    // Until it is met again: rules that went away change what is ignored below.
    this.rulesChanged = this.cachedNames.has(IGNORE_FILE);
  }

  addEntry(name: Name, path: string, seen: Stats): void {
    const origin = this.cachedNames.get(name) ?? -1;
    const state = this.walker.compare(this.task.row, origin, seen);
    if (name === IGNORE_FILE) this.rulesChanged = state !== SAME;
    const ignored = this.task.ignored || isIgnored(this.rules, path, false);
    const isRecorded = this.walker.isRecorded(origin);
    if (ignored && !isRecorded && (name !== IGNORE_FILE || this.task.ignored)) return;
    const known = state === SAME || state === CHMODDED ? T.HASHED : 0;
    const guarded = this.walker.guardFlags(origin, seen);
    const kept = !ignored ? 0 : isRecorded ? T.IGNORED : T.IGNORED | T.RULES_ONLY;
    this.add(name, seen, withLinks(known | guarded | kept, seen.nlink), origin, state, seen.nlink);
  }

  addUnreadable(name: Name): void {
    const origin = this.cachedNames.get(name) ?? -1;
    const seen = { size: 0, mtimeMs: 0, ctimeMs: 0, birthtimeMs: 0, ino: 0, mode: S_IFREG };
    this.add(name, seen, T.UNREADABLE, origin, CHECK, 1);
  }

  private add(name: Name, seen: T.Seen, flags: number, origin: number, state: number, links: number): void {
    this.names.push(name);
    this.stats.push(seen);
    this.flags.push(flags);
    this.origins.push(origin);
    this.states.push(state);
    this.links.push(Math.min(links, MANY));
  }
}

function isUnprotected(mode: number, flags: number, way: Way): boolean {
  return (mode & S_IFMT) === S_IFREG && wantsProtection(flags, way);
}

/** What the path of an entry begins with where relative paths start from the root. */
function fromRoot(path: string): string {
  return path === '' ? '' : `${path}/`;
}

function tooLong(name: string): boolean {
  return name.length > LONGEST_NAME / 3 && isUtf8(name) && Buffer.byteLength(name) > LONGEST_NAME;
}

function kindWord(kind: number): string {
  const words: Record<number, string> = {
    0o010000: 'a fifo',
    0o140000: 'a socket',
    0o020000: 'a device',
    0o060000: 'a device',
  };
  return words[kind] ?? 'a special file';
}
