/** From what was seen of a directory to its manifest. */

import { wordsOfCode } from '../disk/error-words.ts';
import { hexOf } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import { instantOf, parseInstant } from '../model/instant.ts';
import { USUAL_FILE_MODE, USUAL_FOLDER_MODE } from '../model/manifest.ts';
import type { Attributes, Entry, FileEntry, LinkEntry, Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { showsTime, type Rendering } from '../model/rendering.ts';
import { FAILED, millisecondsOf, READ, UNSTABLE, VANISHED } from './hash.ts';
import * as words from './problems.ts';
import type { Part } from './scan.ts';
import * as T from './table.ts';

const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;
const PERMISSIONS = 0o7777;

/** What describing needs beside the directory itself. */
export interface Describer {
  readonly disk: Disk;
  readonly root: string;
  /** What its volume keeps. */
  readonly rendering: Rendering;
  /** The group of hard links a file belongs to, if it has others in the tree. */
  readonly groupOf: (part: Part, entry: number) => string | undefined;
  /** Owner, group, ACL and extended attributes, where the policy asks for them. */
  readonly attributesOf: (path: RepositoryPath, recorded: Attributes | undefined) => Attributes;
}

/** A directory as it is now, and what could not be said of it. */
export interface Description {
  readonly path: RepositoryPath;
  readonly recorded: Manifest | undefined;
  /** Everything that is here; what is gone is left out. */
  readonly present: Manifest;
  /** What is recorded and neither here nor known to be unreadable. */
  readonly gone: readonly Name[];
  readonly suspects: readonly Name[];
  readonly problems: readonly Problem[];
}

/** One directory of what a scan found, against what is recorded of it. */
export function describe(
  part: Part,
  row: number,
  recorded: Manifest | undefined,
  describer: Describer,
): Description {
  const path = part.paths[row] as RepositoryPath;
  const names = T.namesOf(part.table, row);
  const first = part.table.columns.firstEntry[row]!;
  const files = new Map<Name, Entry>();
  const met = new Set<Name>();
  const suspects: Name[] = [];
  const problems: Problem[] = [];
  for (let i = 1; i < names.length; i++) {
    const name = names[i]!;
    const entry = first + i - 1;
    const before = recorded?.files.get(name);
    if (before === undefined && (part.table.columns.flags[entry]! & T.IGNORED) !== 0) continue;
    met.add(name);
    const child = childOf(path, name);
    const seen = describeEntry(part, entry, child, before, describer);
    if (seen.problem !== undefined) problems.push(seen.problem);
    if (part.suspects[entry] === 1) suspects.push(name);
    if (seen.entry !== undefined) files.set(name, seen.entry);
  }
  const gone = [...(recorded?.files.keys() ?? [])].filter((name) => !met.has(name));
  return {
    path,
    recorded,
    present: presentManifest(part, row, recorded, files, describer),
    gone,
    suspects,
    problems,
  };
}

/** The recorded names of a directory that are neither there nor known to be unreadable. */
export function goneNames(part: Part, row: number, recorded: Manifest | undefined): Name[] {
  if (recorded === undefined) return [];
  const names = new Set(T.namesOf(part.table, row).slice(1));
  return [...recorded.files.keys()].filter((name) => !names.has(name));
}

function presentManifest(
  part: Part,
  row: number,
  recorded: Manifest | undefined,
  files: Map<Name, Entry>,
  { attributesOf, rendering }: Describer,
): Manifest {
  const { owner: _o, group: _g, acl: _a, xattrs: _x, ...kept } = recorded ?? {};
  const attributes = attributesOf(part.paths[row] as RepositoryPath, recorded);
  const shown = part.table.columns.directoryMode[row]! & PERMISSIONS;
  const mode = rendering.modes ? shown : (recorded?.mode ?? USUAL_FOLDER_MODE);
  return { ...kept, ...attributes, mode, files };
}

interface SeenEntry {
  readonly entry: Entry | undefined;
  readonly problem?: Problem;
}

function describeEntry(
  part: Part,
  entry: number,
  path: RepositoryPath,
  before: Entry | undefined,
  describer: Describer,
): SeenEntry {
  const { flags, mode } = part.table.columns;
  // The walk has said why; what is recorded stays.
  if ((flags[entry]! & T.UNREADABLE) !== 0) return { entry: before };
  if (part.suspects[entry] === 1) return { entry: before, problem: words.suspect(path) };
  const outcome = part.outcomes[entry]!;
  if (outcome === UNSTABLE || outcome === VANISHED) return { entry: before, problem: words.unstable(path) };
  if (outcome === FAILED) {
    const error = new Error(wordsOfCode(part.codes.get(entry) ?? 'EIO'));
    return { entry: before, problem: words.unreadable(path, error) };
  }
  try {
    const isLink = (mode[entry]! & S_IFMT) === S_IFLNK;
    const described = isLink
      ? describeLink(part, entry, path, before, describer)
      : describeFile(part, entry, path, before, describer);
    return { entry: described };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const gone = code === 'ENOENT' || code === 'EINVAL';
    return { entry: before, problem: gone ? words.unstable(path) : words.unreadable(path, error) };
  }
}

function describeLink(
  part: Part,
  entry: number,
  path: RepositoryPath,
  before: Entry | undefined,
  { disk, root, attributesOf }: Describer,
): LinkEntry {
  const link = before?.kind === 'link' ? before : undefined;
  const attributes = attributesOf(path, before);
  const target = disk.readlink(`${root === '/' ? '' : root}/${path}`);
  part.table.columns.flags[entry]! |= T.HASHED;
  return { kind: 'link', target, ...attributes, ...(link?.more && { more: link.more }) };
}

function describeFile(
  part: Part,
  entry: number,
  path: RepositoryPath,
  before: Entry | undefined,
  describer: Describer,
): FileEntry {
  const c = part.table.columns;
  const isHashed = (c.flags[entry]! & T.HASHED) !== 0;
  const blake3 = isHashed ? hexOf(part.hashes.subarray(entry * 32, entry * 32 + 32)) : undefined;
  const file = before?.kind === 'file' ? before : undefined;
  const isSameContent = file !== undefined && file.blake3 === blake3;
  const same = describer.groupOf(part, entry);
  return {
    kind: 'file',
    ...(blake3 !== undefined && { blake3 }),
    size: c.size[entry]!,
    mtime: mtimeOf(part, entry, path, isSameContent ? file : undefined, describer),
    mode: describer.rendering.modes ? c.mode[entry]! & PERMISSIONS : (file?.mode ?? USUAL_FILE_MODE),
    ...(same !== undefined && { same }),
    ...(file?.entity && { entity: file.entity }),
    ...describer.attributesOf(path, before),
    // Other ids belong to the content; they go with it.
    ...(isSameContent && file.more && { more: file.more }),
  };
}

/** The exact time: as recorded where the inexact ones agree, as read when it was hashed, or asked for now. */
function mtimeOf(
  part: Part,
  entry: number,
  path: RepositoryPath,
  known: FileEntry | undefined,
  { disk, root, rendering }: Describer,
): FileEntry['mtime'] {
  if (part.outcomes[entry] === READ && known === undefined) return instantOf(part.mtimes[entry]!);
  const seen = part.table.columns.mtime[entry]!;
  if (known !== undefined) {
    const meant = parseInstant(known.mtime)!;
    const isShown = rendering.times > 1n && showsTime(rendering, BigInt(Math.round(seen * 1e6)), meant);
    if (isShown || millisecondsOf(meant) === seen) return known.mtime;
  }
  if (part.outcomes[entry] === READ) return instantOf(part.mtimes[entry]!);
  const stats = disk.lstatExact(`${root === '/' ? '' : root}/${path}`);
  return instantOf(stats === undefined ? BigInt(Math.round(seen * 1e6)) : stats.mtimeNs);
}
