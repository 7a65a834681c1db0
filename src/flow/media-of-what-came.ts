/** Which media ids new files have, where something with such ids is gone: it may be the same with other tags. */

import { parseInstant } from '../model/instant.ts';
import { compareBytes } from '../model/name.ts';
import { nameOf, type RepositoryPath } from '../model/path.ts';
import type { Thing } from '../diff/moves.ts';
import type { TypePlugin } from '../plugin/api.ts';
import { idNames } from '../plugin/ask-file.ts';
import type { Look } from './look.ts';
import { readKeptEvidence } from './kept-evidence.ts';
import { mediaOf, NO_MEDIA, payloadIds, type Media } from './media-ids.ts';
import { Gathering } from './moves.ts';
import { MOST_AT_ONCE, openReadingCrew, type ReadingCrew } from './reading-crew.ts';
import type { FileTask } from './read-file.ts';
import { absolute } from './repository.ts';
import { topOf, typeOf, type Types } from './types.ts';

/** So many files are read in any case, and so many for each that is gone: contents wait meanwhile. */
const FEW = 200;
const FOR_EACH = 4;

/** The media ids by which things are known (`seeMoves`); reads files where something with such an id is gone. */
export async function seeMedia(look: Look, types: Types): Promise<Media> {
  const names = payloadIds(types);
  if (names.size === 0) return NO_MEDIA;
  const kept = readKeptEvidence(look.repository, look.head);
  const gathered = new Gathering(look, kept, () => false, { names, now: new Map() });
  gathered.takeRecorded();
  if (!gathered.hasMedia) return NO_MEDIA;
  gathered.takeNew();
  return { names, now: await mediaOfWhatCame(look, types, gathered, names) };
}

/**
 * Reads what came and is not known by inode or content, nearest to what is gone by name and size first.
 *
 * A file that cannot be read, or not within the time of a reader, has none; an interruption ends the reading.
 */
async function mediaOfWhatCame(
  look: Look,
  types: Types,
  gathered: Gathering,
  names: ReadonlySet<string>,
): Promise<Media['now']> {
  const gone = [...gathered.vanished, ...gathered.replaced.map(({ before }) => before)];
  const came = [...gathered.appeared, ...gathered.replaced.map(({ after }) => after)];
  const lost = unexplained(gone, came).filter(({ media = [] }) => media.length > 0);
  if (lost.length === 0) return new Map();
  const wanted = new Set(lost.flatMap(({ media = [] }) => media.map((id) => id.slice(0, id.indexOf(':')))));
  const candidates: Candidate[] = [];
  for (const thing of nearestFirst(unexplained(came, gone), lost)) {
    const candidate = candidateOf(look, types, gathered, thing, wanted);
    if (candidate !== undefined) candidates.push(candidate);
  }
  const most = Math.max(FEW, FOR_EACH * lost.length);
  return readIds(look, candidates.slice(0, most), names);
}

/** Those of which no other has the inode or the content. */
function unexplained(things: readonly Thing[], others: readonly Thing[]): Thing[] {
  const known = new Set<string>();
  for (const { content, inode } of others) {
    if (content !== undefined) known.add(content);
    if (inode !== undefined) known.add(inode);
  }
  const isKnown = (key: string | undefined): boolean => key !== undefined && known.has(key);
  return things.filter(({ content, inode }) => !isKnown(content) && !isKnown(inode));
}

function nearestFirst(came: readonly Thing[], lost: readonly Thing[]): Thing[] {
  const names = new Set(lost.map(({ path }) => nameOf(path)));
  const sizes = lost.map(({ size }) => size).sort((a, b) => a - b);
  const ranked = came.map((thing) => ({
    thing,
    rank: names.has(nameOf(thing.path)) ? -1 : distance(sizes, thing.size),
  }));
  ranked.sort((a, b) => a.rank - b.rank || compareBytes(a.thing.path, b.thing.path));
  return ranked.map(({ thing }) => thing);
}

/** To the nearest of some sorted numbers. */
function distance(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return Math.min(...[sorted[low - 1], sorted[low]].map((near) => Math.abs((near ?? Infinity) - value)));
}

interface Candidate {
  readonly path: RepositoryPath;
  readonly task: FileTask;
}

function candidateOf(
  { repository }: Look,
  types: Types,
  { entriesNow }: Gathering,
  { path }: Thing,
  wanted: ReadonlySet<string>,
): Candidate | undefined {
  const entry = entriesNow.get(path);
  if (entry?.kind !== 'file' || entry.size === 0) return undefined;
  const plugin: TypePlugin | undefined = types.plugins.get(typeOf(types.folders, path));
  const top = topOf(types.folders, path);
  if (plugin === undefined || top === undefined) return undefined;
  const within = top === '' ? path : path.slice(top.length + 1);
  if (!idNames(plugin, within).some((name) => wanted.has(name))) return undefined;
  const { names, rendering } = repository;
  const place = absolute(repository, (names?.placeOf(path) ?? path) as RepositoryPath);
  const mtime = parseInstant(entry.mtime) ?? 0n;
  return {
    path,
    task: { type: plugin.name, path: within, place, size: entry.size, mtime, rendering, only: 'ids' },
  };
}

async function readIds(
  { repository: { context } }: Look,
  candidates: readonly Candidate[],
  names: ReadonlySet<string>,
): Promise<Media['now']> {
  const found = new Map<RepositoryPath, readonly string[]>();
  if (candidates.length === 0) return found;
  const crew = openReadingCrew(context);
  const next = candidates[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const { path, task } of next) {
      if (context.interrupted()) return;
      context.progress.tell({
        phase: 'Checking',
        path,
        files: found.size,
        bytes: 0,
        totalFiles: candidates.length,
      });
      found.set(path, await idsOf(crew, task, names));
    }
  };
  try {
    await Promise.all(Array.from({ length: MOST_AT_ONCE }, work));
  } finally {
    await crew.close();
  }
  return found;
}

async function idsOf(crew: ReadingCrew, task: FileTask, names: ReadonlySet<string>): Promise<string[]> {
  const read = await crew.read(task);
  if (read.kind !== 'read') return [];
  const ids = [...read.answer.ids].filter((id): id is [string, string] => id[1] !== undefined);
  return mediaOf({ more: new Map(ids) }, names);
}
