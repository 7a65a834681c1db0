/**
 * Looks at the disk and at `index/`: what is different from the commit that `head` names.
 *
 * Long because a look is one value with many questions, all of which are answered from one scan.
 */

import type { CommitId, ContentId } from '../model/id.ts';
import type { Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Cache } from '../scan/cache.ts';
import { Evidence, type InodeKey } from '../scan/evidence.ts';
import { describe, goneNames, type Description } from '../scan/describe.ts';
import { placesOf } from '../scan/find-content.ts';
import { buildRules } from '../scan/ignore.ts';
import type { GuardSetting } from '../scan/protect.ts';
import type { GuardTotals } from '../scan/protect-known.ts';
import { mayHoldReplaced, NameIndexes, readNew, stillStanding, type Content } from '../scan/rows.ts';
import { scan, type Part, type Scanned } from '../scan/scan.ts';
import * as T from '../scan/table.ts';
import { forKnownDirectories, totalsOf } from '../scan/totals.ts';
import { MANIFEST } from '../text/mirror.ts';
import { parseManifest } from '../text/manifest.ts';
import { seeAttributes } from './attributes.ts';
import { makeDescriber } from './describer.ts';
import { goneDirectories, sizesOfGone } from './gone.ts';
import type { IfAlone } from './exclusively.ts';
import type { Eyes } from './eyes.ts';
import type { Held } from './held.ts';
import { lookThrough, whereAllIsHeld, type Dispute } from './held-look.ts';
import { keepEvidence, type KeptEvidence } from './kept-evidence.ts';
import { lookAtTexts, type IndexTexts } from './index-texts.ts';
import { MirrorBefore } from './mirror-paths.ts';
import { openHeld } from './open-held.ts';
import { readPolicy } from './policy.ts';
import type { Repository } from './repository.ts';
import { hidesRecorded, isThere, scanCompletely } from './scan-completely.ts';
import { readIgnoreText } from './rules.ts';
import { viewOfIndex } from './texts-view.ts';
import {
  completeTreeCache,
  keepTreeCache,
  openTreeCache,
  recordedDirectories,
  refreshTree,
  type TreeCache,
} from './tree-cache.ts';

/** One directory that was not as it was, not yet described. */
export interface DirtyDirectory {
  readonly path: RepositoryPath;
  readonly part: Part;
  readonly row: number;
}

export interface Look {
  readonly repository: Repository;
  readonly head: CommitId | undefined;
  /** What stood here where head says something else; all the rest is judged against it already. */
  readonly held: Held;
  readonly texts: IndexTexts;
  readonly mirror: MirrorBefore;
  /** Directories that may differ from what is recorded, sorted by the bytes of their paths. */
  readonly dirty: readonly DirtyDirectory[];
  /** Recorded directories that are gone, sorted. */
  readonly gone: readonly RepositoryPath[];
  /** What the scan itself could not do. */
  readonly problems: readonly Problem[];
  readonly files: number;
  readonly bytes: number;
  readonly hashed: { readonly files: number; readonly bytes: number };
  readonly guarded: GuardTotals;
  describe(directory: DirtyDirectory): Description;
  /** The recorded names of a dirty directory that are gone; cheaper than describing it. */
  goneNames(directory: DirtyDirectory): Name[];
  /** Whether a file or link stands at a name of a dirty directory. */
  isPresent(directory: RepositoryPath, name: Name): boolean;
  isPresentIn(part: Part, row: number, name: Name): boolean;
  /** Each directory that is here, with how many of its files and links were known before. */
  forKnownDirectories(each: (path: RepositoryPath, files: number) => void): void;
  recordedManifest(path: RepositoryPath): Manifest | undefined;
  /** What of a recorded directory stood here as it is recorded. */
  heldManifest(path: RepositoryPath): Manifest | undefined;
  /** Directories that are gone and stay recorded, since they hold what was not here. */
  readonly stays: ReadonlySet<RepositoryPath>;
  /** Edits of what head knows in another version. */
  disputes(): readonly Dispute[];
  /** What a dirty directory holds, whatever stood there; undefined of one that is as it stood, or is not met. */
  nowIn(path: RepositoryPath): Manifest | undefined;
  /** By which inodes things were known, and are. */
  readonly evidence: Evidence;
  inodeNow(directory: DirtyDirectory, name: Name): InodeKey | undefined;
  /** Whether something else may stand at a recorded name of a dirty directory; cheaper than describing it. */
  mayHoldReplaced(directory: DirtyDirectory): boolean;
  /** What was read of files in a dirty directory that may not be recorded; cheaper than describing it. */
  readNew(directory: DirtyDirectory): Iterable<Content>;
  /** A recorded file that is still there, the first by bytes, for each of these contents, given with their sizes. */
  recordedPlaces(contents: ReadonlyMap<ContentId, number>): Map<ContentId, RepositoryPath>;
  /** Every recorded file that is still there with one of these contents. */
  everyRecordedPlace(
    contents: ReadonlyMap<ContentId, number>,
  ): Iterable<readonly [content: ContentId, path: RepositoryPath]>;
  /** Keeps what was learned for the next time; best effort. */
  save(learned: Learned, when: IfAlone): void;
}

export interface Learned {
  /** By which inodes things are known that are recorded and not where they were. */
  readonly evidence: KeptEvidence;
  /** The commit that `index/` stands at now. */
  readonly head: CommitId | undefined;
  /** Which dirty directories are exactly what that commit says. */
  readonly isRecorded: (path: string) => boolean;
  /** Which of those that were not in the index are now. */
  readonly isTaken: (path: string) => boolean;
  /** Whether a directory that is gone is still recorded. */
  readonly isMissing: (path: string) => boolean;
  /** Directories are recorded by now of which the look knows nothing: the next one asks the index for them. */
  readonly hasMore?: boolean;
}

export interface LookOptions {
  readonly hashNew: boolean;
  readonly checkEverything: boolean;
  /** Where what is read gets a second name; absent: nowhere. */
  readonly guard?: GuardSetting | undefined;
}

export async function look(repository: Repository, eyes: Eyes, options: LookOptions): Promise<Look> {
  const head = repository.commits.readHead();
  const texts = await lookAtTexts(repository, head, eyes, options.checkEverything);
  const mirror = new MirrorBefore({
    ...texts,
    cutNamesIn: (path) => recordedManifest(path)?.directories ?? new Map(),
  });
  const recordedManifest = memo((path: RepositoryPath): Manifest | undefined => {
    const at = mirror.of(path);
    const text = at === undefined ? undefined : texts.recordedText(`${at}/${MANIFEST}`);
    return text === undefined ? undefined : parseManifest(text);
  });
  const policy = await readPolicy(texts);
  const rulesText = readIgnoreText(repository);
  const settings = JSON.stringify([rulesText, [...policy.record].sort()]);
  const held = await openHeld(repository, head, viewOfIndex(texts));
  // What is told not to stand here is looked for: it may have come, or not have gone.
  const manifestHere = (path: RepositoryPath): Manifest | undefined => {
    const recorded = recordedManifest(path);
    if (recorded === undefined || held.isWhole) return recorded;
    const files = [...recorded.files].filter(([name]) => held.standing(path, name) === undefined);
    return files.length === recorded.files.size ? recorded : { ...recorded, files: new Map(files) };
  };
  const completed = (cache: Cache | undefined): TreeCache =>
    completeTreeCache(cache, recordedDirectories(texts, mirror, manifestHere));
  const known = openTreeCache(repository, { head: head ?? '', settings }, completed);
  const standsInRoot = repository.context.standIn?.(repository.root) === true;
  const scanWith = ({ cache, isFresh }: TreeCache): Promise<Scanned> =>
    scan({
      ...eyes.request,
      root: repository.root,
      standsInRoot,
      cached: cache.table,
      loadHashes: cache.loadHashes,
      rules: buildRules(
        rulesText === '' ? [] : [{ directory: '' as RepositoryPath, origin: 'ignore', text: rulesText }],
      ),
      rulesText,
      hashNew: (walked) => {
        if (options.hashNew) return () => true;
        const isGoneSize = sizesOfGone(walked, cache.table, mirror, recordedManifest);
        // What is recorded has to be compared, also where it was gone for a while and its hash forgotten; and what
        // may be something that is gone.
        return (directory, name, size) =>
          isGoneSize(size) ||
          recordedManifest(directory as RepositoryPath)?.files.has(name as Name) === true ||
          held.standing(directory as RepositoryPath, name as Name) !== undefined;
      },
      checkEverything: options.checkEverything,
      guard: options.guard,
      recordedContent: (directory, name) => {
        const stood = held.standing(directory as RepositoryPath, name as Name);
        const recorded = recordedManifest(directory as RepositoryPath)?.files.get(name as Name);
        const entry = stood === undefined ? recorded : stood.entry;
        return entry?.kind === 'file' ? entry.blake3 : undefined;
      },
      rereadEverything: !isFresh,
    });
  const stands = (path: RepositoryPath): boolean => isThere(repository, path);
  const isHiding = (found: Scanned): boolean => hidesRecorded(found, recordedManifest, stands);
  const { cache, isFresh, scanned } = await scanCompletely(known, completed, scanWith, isHiding);
  const gone = goneDirectories(cache.table, scanned, mirror);
  const attributes = await seeAttributes(repository, scanned, policy.record);
  const describer = makeDescriber(repository, scanned, cache, attributes, recordedManifest);
  const totals = totalsOf(cache.table, scanned);
  const dirty = dirtyDirectories(scanned);
  const evidence = new Evidence(cache.table, eyes.request.home);
  const indexes = new NameIndexes();
  const everyRecordedPlace: Look['everyRecordedPlace'] = function* (contents) {
    if (head === undefined) return;
    const standsStill = stillStanding(scanned);
    const paths = T.pathsOf(cache.table);
    for (const { row, name, content } of placesOf(cache.table, cache.loadHashes, contents)) {
      const directory = paths[row] as RepositoryPath;
      const entry = recordedManifest(directory)?.files.get(name);
      const isRecorded = entry?.kind === 'file' && entry.blake3 === content;
      if (isRecorded && standsStill(row, directory, name)) yield [content, childOf(directory, name)];
    }
  };
  const seen: Look = {
    repository,
    head,
    ...whereAllIsHeld(recordedManifest),
    texts,
    mirror,
    dirty,
    gone,
    problems: [...texts.problems, ...scanned.problems, ...attributes.problems],
    ...totals,
    hashed: { files: scanned.hashedFiles, bytes: scanned.hashedBytes },
    guarded: scanned.guarded,
    describe: ({ part, row, path }) => describe(part, row, recordedManifest(path), describer),
    goneNames: ({ part, row, path }) => goneNames(part, row, recordedManifest(path)),
    isPresent: (path, name) => {
      const found = dirty.find((directory) => directory.path === path);
      return found !== undefined && T.namesOf(found.part.table, found.row).includes(name, 1);
    },
    isPresentIn: (part, row, name) => T.namesOf(part.table, row).includes(name, 1),
    forKnownDirectories: (each) => forKnownDirectories(cache.table, scanned, each),
    recordedManifest,
    evidence,
    inodeNow: ({ part, row }, name) => {
      const index = indexes.of(part, row).get(name);
      return index === undefined ? undefined : evidence.entryNow(part, row, index);
    },
    mayHoldReplaced: ({ part, row }) => mayHoldReplaced(cache.table, part, row),
    readNew: ({ part, row }) => readNew(cache.table, part, row),
    everyRecordedPlace,
    recordedPlaces: (contents) => {
      const found = new Map<ContentId, RepositoryPath>();
      for (const [content, path] of everyRecordedPlace(contents)) {
        const first = found.get(content);
        if (first === undefined || compareBytes(path, first) < 0) found.set(content, path);
      }
      return found;
    },
    save: (learned, when) => {
      if (!eyes.canWrite) return;
      // Taking the lock is a tenth of a small status.
      const { disk } = repository.context;
      if (learned.evidence.size > 0 || disk.lstat(repository.layout.moving) !== undefined)
        when(() => keepEvidence(repository, learned.head, learned.evidence));
      const isStill = isFresh && learned.head === head && learned.hasMore !== true;
      const refreshed = refreshTree(cache, scanned, isStill, {
        isExpected: learned.isMissing,
        isRecorded: (part, row) => learned.isRecorded(part.paths[row]!),
        isInIndex: (path) => learned.isTaken(path) || mirror.of(path as RepositoryPath) !== undefined,
      });
      if (refreshed === undefined) return;
      // A cache that says it is of a head knows all that is recorded there.
      const of = learned.hasMore === true ? '' : (learned.head ?? '');
      when(() => keepTreeCache(repository, cache, refreshed, { head: of, settings }));
    },
  };
  return lookThrough(seen, held);
}

function dirtyDirectories({ parts }: Scanned): DirtyDirectory[] {
  const dirty: DirtyDirectory[] = [];
  for (const part of parts)
    part.paths.forEach((path, row) => dirty.push({ path: path as RepositoryPath, part, row }));
  return dirty.sort((a, b) => compareBytes(a.path, b.path));
}

/** Remembers the last answer: the same directory is asked for several times in a row. */
function memo(
  find: (path: RepositoryPath) => Manifest | undefined,
): (path: RepositoryPath) => Manifest | undefined {
  let last: { readonly path: RepositoryPath; readonly manifest: Manifest | undefined } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, manifest: find(path) };
    return last.manifest;
  };
}
