/** Which texts of `index/` are not as head has them, from what two looks at it say. */

import { hexOf } from '../disk/blake3.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { Problem } from '../model/problem.ts';
import type { Part, Scanned } from '../scan/scan.ts';
import * as T from '../scan/table.ts';
import type { TextsTable } from '../scan/texts-table.ts';
import { DIRTY } from '../scan/walk.ts';
import { isLeftover } from '../store/files.ts';
import { recordedIds } from '../store/texts.ts';
import { digestOf } from '../store/index-digest.ts';
import * as say from './problems.ts';
import type { Repository } from './repository.ts';

/** Texts as they were cached. */
export interface KnownTexts {
  readonly table: T.Table;
  readonly loadHashes: () => Uint8Array | undefined;
}

/** Path to the id at head ('' for none), for every text that is not as recorded. */
export type Differing = ReadonlyMap<string, ContentId | ''>;

export function factOf(differing: Differing): string {
  return JSON.stringify([...differing].sort(([a], [b]) => compareBytes(a, b)));
}

/** Without a cache: what the commit says the texts are, all at once if possible, else one by one from its history. */
export function differences(
  repository: Repository,
  head: CommitId | undefined,
  texts: TextsTable,
): Differing {
  const all = texts.all().filter(({ path }) => !isDbkLeftover(path));
  const differing = new Map<string, ContentId | ''>();
  if (head === undefined) {
    for (const { path } of all) differing.set(path, '');
    return differing;
  }
  if (digestOf(all) === repository.commits.readCommit(head).index) return differing;
  const recorded = recordedIds(repository.commits, head);
  for (const { path, id } of all) {
    const was = recorded.get(path);
    if (was !== id) differing.set(path, was ?? '');
    recorded.delete(path);
  }
  for (const [path, id] of recorded) differing.set(path, id);
  return differing;
}

/** With a cache: only directories that changed can hold texts that did. */
export function differencesSince(
  cache: KnownTexts,
  before: Differing,
  { parts, marks }: Scanned,
  texts: TextsTable,
): Differing {
  const differing = new Map<string, ContentId | ''>();
  const touched = new Set<string>();
  const compare = (path: string, known: ContentId | '', current: ContentId | ''): void => {
    touched.add(path);
    if (isDbkLeftover(path)) return;
    const recorded = before.get(path) ?? known;
    if (recorded !== current) differing.set(path, recorded);
  };
  forCachedTexts(cache, marks, (path, id) => compare(path, id, texts.idOf(path) ?? ''));
  for (const part of parts) {
    forFoundTexts(part, (path, id) => {
      if (!touched.has(path)) compare(path, '', id);
    });
  }
  for (const [path, id] of before)
    if (!touched.has(path) && (texts.idOf(path) ?? '') !== id) differing.set(path, id);
  return differing;
}

/** Every text of a directory that was not clean, as it was cached. */
function forCachedTexts(
  cache: KnownTexts,
  marks: Uint8Array,
  each: (path: string, id: ContentId) => void,
): void {
  if (marks.every((mark) => mark !== DIRTY && mark !== 0)) return;
  const { table } = cache;
  const hashes = cache.loadHashes() ?? new Uint8Array(table.entries * 32);
  T.pathsOf(table).forEach((directory, row) => {
    if (marks[row] !== DIRTY && marks[row] !== 0) return;
    const first = table.columns.firstEntry[row]!;
    T.namesOf(table, row).forEach((name, i) => {
      if (i === 0) return;
      const entry = first + i - 1;
      each(
        directory === '' ? name : `${directory}/${name}`,
        hexOf(hashes.subarray(entry * 32, entry * 32 + 32)),
      );
    });
  });
}

function forFoundTexts(part: Part, each: (path: string, id: ContentId) => void): void {
  part.paths.forEach((directory, row) => {
    const first = part.table.columns.firstEntry[row]!;
    T.namesOf(part.table, row).forEach((name, i) => {
      if (i === 0) return;
      const entry = first + i - 1;
      const id = hexOf(part.hashes.subarray(entry * 32, entry * 32 + 32));
      each(directory === '' ? name : `${directory}/${name}`, id);
    });
  });
}

/** Texts that changed although no time did; they count as what they were. */
export function suspectsAmong({ parts }: Scanned): Problem[] {
  const problems: Problem[] = [];
  for (const { table, paths, suspects } of parts) {
    paths.forEach((directory, row) => {
      const first = table.columns.firstEntry[row]!;
      const names = T.namesOf(table, row);
      for (let i = 1; i < names.length; i++) {
        if (suspects[first + i - 1] === 0) continue;
        problems.push(say.suspectText(directory === '' ? names[i]! : `${directory}/${names[i]!}`));
      }
    });
  }
  return problems;
}

export function isDbkLeftover(path: string): boolean {
  return isLeftover(path.slice(path.lastIndexOf('/') + 1));
}
