/** What two contents of one name make, by their type's merger or by their lines, and what a person has to choose. */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import { idOf } from '../merge/versions.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import { LONGEST_MERGED } from '../plugin/api.ts';
import { discardTree, makeDirectories } from '../store/directories.ts';
import { createFile, readBytes } from '../store/files.ts';
import { Guard } from '../store/guard.ts';
import { mergeBases } from '../store/merge-bases.ts';
import { wrongAbove } from '../sync/stand.ts';
import { askMerger } from './ask-merger.ts';
import { byLines, decoded } from './contents-by-lines.ts';
import { readConfig } from './config.ts';
import * as say from './conflict-problems.ts';
import { ConflictSides, hereOnly } from './conflict-sides.ts';
import { ConflictVersions, originIn, type Version } from './conflict-versions.ts';
import { indexOnDisk } from './index-on-disk.ts';
import { openConflicts, type OpenConflict } from './open-conflicts.ts';
import { RecordedAt } from './recorded-at.ts';
import { absolute, type Repository } from './repository.ts';
import { hintForElsewhere } from './sources.ts';

export interface MergedContent {
  readonly open: OpenConflict;
  readonly path: RepositoryPath;
  /** With marks where both sides changed the same lines; bytes where a merger made them. */
  readonly text: string | Uint8Array;
  /** How many places a person has to choose in. */
  readonly places: number;
  /** The lines that stand around them; none may be left. */
  readonly marks: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** Longer ones are no texts that somebody looks through line by line either. */
const LONGEST = LONGEST_MERGED;
const FOLDER = 'resolving';

/**
 * Refuses ('failed') what is no conflict of two texts that stand here as they are recorded. `by`: whether the merger of
 * the type is asked before lines are compared; what it takes need be no text.
 */
export async function mergeContents(
  repository: Repository,
  path: RepositoryPath,
  by: 'type' | 'lines',
): Promise<MergedContent> {
  const { open } = await openConflicts(repository);
  const one = open.find(({ conflict: { kind, paths } }) => kind === 'content' && paths.includes(path));
  if (one === undefined || one.conflict.paths.length !== 2) {
    const isOther = open.some(({ conflict: { paths } }) => paths.includes(path));
    throw new Refusal('failed', isOther ? say.noText(path) : say.noConflict(path));
  }
  const { paths, ids } = one.conflict;
  const [first, second] = await Promise.all(paths.map((each, i) => bytesAt(repository, each, ids[i])));
  const { name } = await readConfig(repository);
  const sides = new ConflictSides(repository, name);
  const versions = new ConflictVersions(indexOnDisk(repository), sides);
  const known = await versions.of(one);
  const base = baseOf(repository, one, sides);
  const [ours, theirs] = inOrder(known, paths) === 'swapped' ? [second!, first!] : [first!, second!];
  const labels = labelsOf(known, paths, ours === second);
  const about = { open: one, path: paths[0]! };
  const contents = { base, ours, theirs };
  const asked = by === 'type' ? await askMerger(repository, about.path, contents) : undefined;
  const said = asked?.problems ?? [];
  if (asked?.bytes !== undefined)
    return { ...about, text: asked.bytes, places: 0, marks: new Set(), problems: said };
  const merged = byLines(about.path, contents, labels);
  return { ...about, ...merged, problems: [...said, ...merged.problems] };
}

/** The file in which a person goes on with a text: what was written there before and is not done stays. */
export function draftOf(repository: Repository, { open, path, text }: MergedContent): string {
  const { context, layout } = repository;
  const folder = join(layout.local, FOLDER, open.id);
  const file = join(folder, nameOf(path));
  makeDirectories(context.disk, folder);
  if (context.disk.lstat(file) === undefined) createFile(context.disk, file, text);
  return file;
}

/** What stands in the draft; refuses ('failed') where a mark is left in it, or it is no text. */
export function draftedText(repository: Repository, { open, path, marks }: MergedContent): string {
  const file = join(repository.layout.local, FOLDER, open.id, nameOf(path));
  const bytes = readBytes(repository.context.disk, file, LONGEST);
  const text = bytes && decoded(bytes);
  if (text === undefined) throw new Refusal('failed', say.noLines(path));
  const line = text.split(/\r?\n/).findIndex((each) => marks.has(each));
  if (line !== -1) throw new Refusal('failed', say.markersLeft(path, line + 1));
  return text;
}

export function dropDraft({ context, layout }: Repository, { open }: MergedContent): void {
  discardTree(context.disk, join(layout.local, FOLDER, open.id));
}

/** What is to be merged is what the conflict speaks of: no edit since then gets lost. */
async function bytesAt(
  repository: Repository,
  path: RepositoryPath,
  id: ContentId | undefined,
): Promise<Uint8Array> {
  const { disk } = repository.context;
  if (wrongAbove(disk, repository.root, path) !== undefined)
    throw new Refusal('failed', say.notRecorded(path));
  let bytes: Uint8Array | undefined;
  try {
    bytes = readBytes(disk, absolute(repository, path), LONGEST);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isLong = error.problem.code === 'store/too-long';
    throw new Refusal('failed', isLong ? say.tooLongToMerge(path) : say.noLines(path));
  }
  if (bytes === undefined) {
    const isRecorded = recordedId(repository, path) !== undefined;
    const why = isRecorded ? say.notHere(path, await hintForElsewhere(repository)) : say.notRecorded(path);
    throw new Refusal('failed', why);
  }
  if (digest(bytes) !== id && digest(bytes) !== recordedId(repository, path))
    throw new Refusal('failed', say.uncommitted(path));
  return bytes;
}

function recordedId(repository: Repository, path: RepositoryPath): ContentId | undefined {
  const entry = indexOnDisk(repository).recordedManifest(parentOf(path))?.files.get(nameOf(path));
  return entry && idOf(entry, digest);
}

/** What both sides began with, where its bytes are still at hand. */
function baseOf(
  repository: Repository,
  { conflict }: OpenConflict,
  sides: ConflictSides,
): Uint8Array | undefined {
  const [a, b, ...more] = conflict.commits;
  if (a === undefined || b === undefined || more.length > 0) return undefined;
  return hereOnly(() => {
    const bases = mergeBases(repository.commits, a, b);
    if (bases.length !== 1) return undefined;
    const seen = new RecordedAt(repository.commits);
    for (const path of placesBefore(conflict.paths[0]!, sides, conflict.commits)) {
      const thing = seen.thing(bases[0], path);
      if (thing?.kind === 'file' && thing.blake3 !== undefined)
        return bytesOf(repository, thing.blake3, path);
    }
    return undefined;
  });
}

/** Where the thing may have been in the base: where it is, and where it was on each side. */
function placesBefore(
  path: RepositoryPath,
  sides: ConflictSides,
  commits: readonly CommitId[],
): Set<RepositoryPath> {
  const found = sides.of(commits);
  return new Set([path, ...commits.map((commit) => originIn(found, commit, path))]);
}

function bytesOf(repository: Repository, blake3: ContentId, path: RepositoryPath): Uint8Array | undefined {
  const { context, layout, root } = repository;
  const guarded = new Guard(context.disk, layout, 'none').find(blake3).map((each) => each.path);
  const here = wrongAbove(context.disk, root, path) === undefined ? [absolute(repository, path)] : [];
  for (const place of [...guarded, ...here]) {
    const bytes = quietBytes(repository, place);
    if (bytes !== undefined && digest(bytes) === blake3) return bytes;
  }
  return undefined;
}

/** A place that cannot be read has them not. */
function quietBytes({ context }: Repository, place: string): Uint8Array | undefined {
  try {
    return readBytes(context.disk, place, LONGEST);
  } catch (error) {
    if (!(error instanceof Refusal) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

function inOrder(versions: readonly Version[], paths: readonly RepositoryPath[]): 'as they are' | 'swapped' {
  const ours = versions.find(({ isOurs }) => isOurs === true)?.has;
  return ours?.kind === 'at' && ours.path === paths[1] ? 'swapped' : 'as they are';
}

/** Whose each of the two is; the path where nobody knows. */
function labelsOf(
  versions: readonly Version[],
  paths: readonly RepositoryPath[],
  isSwapped: boolean,
): readonly [string, string] {
  const of = (path: RepositoryPath): string => {
    const version = versions.find(({ has }) => has.kind === 'at' && has.path === path);
    return version?.repositories[0] ?? nameOf(path);
  };
  const [first, second] = [of(paths[0]!), of(paths[1]!)];
  return isSwapped ? [second, first] : [first, second];
}
