/** A folder of links to what a query finds: made, and brought up to date. */

import { dirname, join, relative } from 'node:path/posix';
import { compareBytes, type Name } from '../model/name.ts';
import { nameOf, OWN_FOLDER, parsePath, type RepositoryPath } from '../model/path.ts';
import { Interrupted, type Problem } from '../model/problem.ts';
import { codeOf } from '../store/errors.ts';
import { isLeftover, readText, removeFile, removeLeftovers, replaceFile } from '../store/files.ts';
import { makeDirectories } from '../store/directories.ts';
import { escapeText, unescapeName, unescapeText } from '../text/names.ts';
import { find } from './find.ts';
import * as say from './find-problems.ts';
import type { Query } from './find-query.ts';
import { absolute, statsAt, type Repository } from './repository.ts';
import { namesOfLinks } from './view-names.ts';
import { why } from './why.ts';

export interface ViewRequest {
  /** Absolute. */
  readonly folder: string;
  readonly query: Query;
  /** The query as it was typed, for whoever finds the folder. */
  readonly text: string;
  readonly dryRun: boolean;
}

export interface ViewLink {
  readonly kind: 'added' | 'removed';
  readonly name: Name;
  readonly target: string;
}

export interface View {
  /** How many there are now. */
  readonly links: number;
  readonly added: number;
  readonly removed: number;
  /** What was found and is not on this disk. */
  readonly notHere: number;
  readonly changes: readonly ViewLink[];
  readonly problems: readonly Problem[];
}

/** What a view is known by; it names the links that are dbk's, with their targets. */
const MARKER = '.dbk-view';
const FIRST_LINE = 'dbk view 1';
/** Lines for people, behind the first. */
const COMMENTS = 2;
const LONGEST_MARKER = 1 << 30;

/**
 * Makes the links, or brings them up to date. A link that was made here and is still as it was made may go;
 * anything else in the folder stays. The marker names a link before it is made and until it is gone, so that one
 * that a crash left is known.
 */
export async function makeView(repository: Repository, request: ViewRequest): Promise<View> {
  const { context } = repository;
  const folder = placeOf(repository, request.folder);
  const before = linksIn(repository, folder);
  const found: RepositoryPath[] = [];
  let notHere = 0;
  const report = ({ path }: { readonly path: RepositoryPath }): boolean => {
    if (statsAt(repository, path) === undefined) notHere++;
    else found.push(path);
    return true;
  };
  const met = await find(repository, { query: request.query, report });
  const { ours, taken, problems } = standing(repository, folder, before);
  const targets = found.map(
    (path) => [targetOf(repository, folder, path), nameOfLink(repository, path)] as const,
  );
  const has = new Map(Array.from(ours, ([name, target]) => [target, name]));
  const names = namesOfLinks(targets, has, taken);
  const changes = changesOf(ours, names);
  const after = new Map(Array.from(names, ([target, name]) => [name, target]));
  if (!request.dryRun) {
    if (before === undefined) makeDirectories(context.disk, folder);
    removeLeftovers(context.disk, folder);
    if (changes.length > 0) writeMarker(repository, folder, request.text, new Map([...ours, ...after]));
    carryOut(repository, folder, changes);
    if (changes.length > 0 || !isSame(before, after)) writeMarker(repository, folder, request.text, after);
  }
  const added = changes.filter(({ kind }) => kind === 'added').length;
  return {
    links: names.size,
    added,
    removed: changes.length - added,
    notHere,
    changes,
    problems: [...met, ...problems],
  };
}

/** The folder without symlinks on the way, for links that lead out of it; refuses ('failed') where none may be. */
function placeOf(repository: Repository, folder: string): string {
  const { context, root, layout } = repository;
  const place = realPlace(context.disk, folder);
  const isIn = (path: string, other: string): boolean =>
    path === other || path.startsWith(other === '/' ? '/' : `${other}/`);
  if (isIn(root, place)) throw say.viewIsRepository(folder);
  if (isIn(place, layout.home) || place.split('/').includes(OWN_FOLDER)) throw say.viewInOwnFolder(folder);
  if (isIn(place, root)) {
    const path = parsePath(place.slice(root === '/' ? 1 : root.length + 1))!;
    // It is to be a folder, which a rule may speak of before there is one.
    const isIgnored = why(repository, `${path}/${MARKER}` as RepositoryPath).ignored.ignored;
    if (!isIgnored)
      throw say.viewInRepository(folder, statsAt(repository, path) === undefined ? path : undefined);
  }
  return place;
}

/** Of what is not there yet the folder above is looked at. */
function realPlace(disk: Repository['context']['disk'], folder: string): string {
  try {
    return disk.realpath(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    return join(realPlace(disk, dirname(folder)), folder.slice(folder.lastIndexOf('/') + 1));
  }
}

/** The links that were made here, by name; undefined where there is no folder, or an empty one. */
function linksIn({ context }: Repository, folder: string): ReadonlyMap<Name, string> | undefined {
  const { disk } = context;
  const stats = disk.lstat(folder);
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) throw say.viewNotOurs(folder);
  const marker = join(folder, MARKER);
  const text = readText(disk, marker, LONGEST_MARKER);
  if (text !== undefined) return parseMarker(text) ?? refuseMarker(marker);
  if (!disk.readdir(folder).every(isLeftover)) throw say.viewNotOurs(folder);
  return undefined;
}

function refuseMarker(marker: string): never {
  throw say.viewUnreadable(marker);
}

interface Standing {
  /** Links that are as they were made, by name. */
  readonly ours: ReadonlyMap<Name, string>;
  /** The names of all else. */
  readonly taken: readonly Name[];
  readonly problems: readonly Problem[];
}

function standing(
  { context }: Repository,
  folder: string,
  before: ReadonlyMap<Name, string> | undefined,
): Standing {
  const ours = new Map<Name, string>();
  const taken: Name[] = [];
  const problems: Problem[] = [];
  if (before === undefined) return { ours, taken: [MARKER as Name], problems };
  for (const name of context.disk.readdir(folder).sort(compareBytes)) {
    const target = before.get(name);
    if (target !== undefined && isLinkTo(context.disk, join(folder, name), target)) ours.set(name, target);
    else taken.push(name);
    if (target !== undefined && !ours.has(name)) problems.push(say.viewKeeps(join(folder, name)));
  }
  return { ours, taken, problems };
}

function isLinkTo(disk: Repository['context']['disk'], path: string, target: string): boolean {
  return disk.lstat(path)?.isSymbolicLink() === true && disk.readlink(path) === target;
}

function targetOf(repository: Repository, folder: string, path: RepositoryPath): string {
  return relative(folder, absolute(repository, path));
}

function nameOfLink({ root }: Repository, path: RepositoryPath): Name {
  return path === '' ? nameOf(root as RepositoryPath) : nameOf(path);
}

function isSame(a: ReadonlyMap<Name, string> | undefined, b: ReadonlyMap<Name, string>): boolean {
  return a?.size === b.size && [...b].every(([name, target]) => a.get(name) === target);
}

/** What goes first: its name may be needed. */
function changesOf(ours: ReadonlyMap<Name, string>, names: ReadonlyMap<string, Name>): ViewLink[] {
  const gone = Array.from(ours).filter(([, target]) => !names.has(target));
  const come = Array.from(names).filter(([target, name]) => ours.get(name) !== target);
  return [
    ...gone.map(([name, target]) => ({ kind: 'removed', name, target }) as const),
    ...come.map(([target, name]) => ({ kind: 'added', name, target }) as const),
  ];
}

/** Looks again at each link that goes; a name that somebody took meanwhile stays theirs. */
function carryOut({ context }: Repository, folder: string, changes: readonly ViewLink[]): void {
  const { disk, interrupted } = context;
  for (const { kind, name, target } of changes) {
    if (interrupted()) throw new Interrupted();
    const path = join(folder, name);
    if (kind === 'added') disk.symlink(target, path);
    else if (isLinkTo(disk, path, target)) removeFile(disk, path);
  }
}

function writeMarker(
  { context, root }: Repository,
  folder: string,
  query: string,
  links: ReadonlyMap<Name, string>,
): void {
  const lines = Array.from(links).sort(([a], [b]) => compareBytes(a, b));
  const text = [
    FIRST_LINE,
    `# 'dbk view' made these links to what it found in ${escapeText(root)}; it removes no others.`,
    `# query: ${escapeText(query)}`,
    ...lines.map(([name, target]) => `${escapeText(name)}\t${escapeText(target)}`),
    '',
  ];
  replaceFile(context.disk, join(folder, MARKER), text.join('\n'));
}

/** undefined for what is no marker. */
function parseMarker(text: string): ReadonlyMap<Name, string> | undefined {
  const lines = text.split('\n');
  const [first] = lines.splice(0, COMMENTS + 1);
  if (first !== FIRST_LINE || lines.pop() !== '') return undefined;
  const links = new Map<Name, string>();
  for (const line of lines) {
    const [written = '', target = '', more] = line.split('\t');
    const name = unescapeName(written);
    const leads = unescapeText(target);
    if (more !== undefined || name === undefined || leads === undefined) return undefined;
    links.set(name, leads);
  }
  return links;
}
