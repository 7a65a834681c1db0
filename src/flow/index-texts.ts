/** The texts of `index/`: which are as the last commit recorded them, and which somebody edited. */

import { digest } from '../disk/blake3.ts';
import type { TextChange } from '../model/change.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { Problem } from '../model/problem.ts';
import { refuse } from '../model/problem.ts';
import { openCache } from '../scan/cache.ts';
import { buildRules } from '../scan/ignore.ts';
import { refresh } from '../scan/refresh.ts';
import { scan } from '../scan/scan.ts';
import * as T from '../scan/table.ts';
import { textsTable, type TextsTable } from '../scan/texts-table.ts';
import { FROZEN } from '../scan/walk.ts';
import { readBytes } from '../store/files.ts';
import { textsAt } from '../store/texts.ts';
import {
  differences,
  differencesSince,
  factOf,
  isDbkLeftover,
  suspectsAmong,
  type Differing,
  type KnownTexts,
} from './differing-texts.ts';
import type { IfAlone } from './exclusively.ts';
import type { Eyes } from './eyes.ts';
import type { Repository } from './repository.ts';
import { recordedDirectories, type RecordedDirectories } from './recorded-directories.ts';
import { saveCache } from './save-cache.ts';

/** A text that is not as recorded: an id is undefined where there is no such text. */
export interface EditedText {
  readonly path: string;
  readonly recorded: ContentId | undefined;
  readonly current: ContentId | undefined;
}

export interface IndexTexts extends RecordedDirectories {
  readonly edited: readonly EditedText[];
  readonly problems: readonly Problem[];
  /** The id of a text at head; undefined where there is none. */
  recordedId(path: string): ContentId | undefined;
  /** The text of a path at head; from `index/` where it stands there, else from the commits. */
  recordedText(path: string): string | undefined;
  /** The texts of many paths at head, for the price of one that `index/` does not have. */
  recordedTexts(paths: ReadonlySet<string>): ReadonlyMap<string, string | undefined>;
  /** The bytes that stand at a path now. */
  currentBytes(path: string): Uint8Array | undefined;
  /** The names of the texts that head has in a directory, in no order. */
  recordedIn(path: string): readonly string[];
  /** All texts at head, sorted by path. */
  recorded(): { readonly path: string; readonly id: ContentId }[];
  /** Told before `index/` goes on to another commit: what is different there is known from now on without reading it. */
  willChange(texts: readonly TextChange[]): void;
  /** Keeps what was learned for the next time; best effort. */
  save(when: IfAlone): void;
  /** Looks again after a commit that changed these texts (undefined: removed). */
  after(head: CommitId, changed: ReadonlyMap<string, ContentId | undefined>): Promise<IndexTexts>;
}

const LONGEST_TEXT = 512 * 1024 * 1024;

/** What was known of `index/` before this look. */
interface Known extends KnownTexts {
  /** Texts that are not as the table has them: path to the id at head, '' for none; undefined: nothing is known. */
  readonly recorded: Differing | undefined;
}

/** Looks at `index/`; reads only texts that changed since the last time, or `checkEverything`. */
export async function lookAtTexts(
  repository: Repository,
  head: CommitId | undefined,
  eyes: Eyes,
  checkEverything = false,
): Promise<IndexTexts> {
  const cache = openCache(repository.context.disk, `${repository.layout.cache}-index`);
  if (cache === undefined || cache.facts['head'] !== (head ?? '') || cache.loadHashes() === undefined) {
    return lookAgain(repository, head, eyes, {
      table: T.emptyTable(),
      loadHashes: () => NO_HASHES,
      recorded: undefined,
    });
  }
  const recorded = new Map(JSON.parse(cache.facts['edited'] ?? '[]') as [string, ContentId | ''][]);
  return lookAgain(repository, head, eyes, { ...cache, recorded }, checkEverything);
}

const NO_HASHES = new Uint8Array(0);

async function lookAgain(
  repository: Repository,
  head: CommitId | undefined,
  eyes: Eyes,
  known: Known,
  checkEverything = false,
  only?: ReadonlySet<string>,
): Promise<IndexTexts> {
  const { context, layout } = repository;
  const scanned = await scan({
    ...eyes.request,
    root: layout.index,
    cached: known.table,
    loadHashes: known.loadHashes,
    rules: buildRules([]),
    rulesText: '',
    hashNew: () => () => true,
    checkEverything,
    rereadEverything: false,
    only,
  });
  if (scanned.marks[0] === FROZEN) refuse('damage', 'flow/index-unreadable', scanned.problems[0]!.reason);
  const { table, isNews } = refresh({
    cached: known.table,
    loadHashes: known.loadHashes,
    scanned,
    isExpected: () => false,
    isRecorded: () => true,
    isInIndex: () => true,
  });
  const loadHashes = (): Uint8Array =>
    table.hashes ?? known.loadHashes() ?? new Uint8Array(table.entries * 32);
  const texts = textsTable(table, loadHashes);
  const differing =
    known.recorded === undefined
      ? differences(repository, head, texts)
      : differencesSince(known, known.recorded, scanned, texts);
  const isKept = !isNews && known.recorded !== undefined && factOf(known.recorded) === factOf(differing);
  return {
    ...view(repository, head, texts, differing, [...scanned.problems, ...suspectsAmong(scanned)]),
    save: (when) => {
      if (isKept || !eyes.canWrite) return;
      const facts = { head: head ?? '', edited: factOf(differing) };
      const whole = { ...table, hashes: loadHashes() };
      const path = `${layout.cache}-index`;
      when(() => saveCache({ disk: context.disk, path, facts, pid: context.identity.pid }, whole));
    },
    after: (newHead, changed) => {
      const recorded = new Map(differing);
      for (const [path, id] of changed) recorded.set(path, id ?? '');
      return lookAgain(
        repository,
        newHead,
        { ...eyes, request: eyes.again() },
        { table, loadHashes, recorded },
        false,
        directoriesOf(changed.keys()),
      );
    },
  };
}

/** Beyond so many changed texts all of the index is looked at, by two threads. */
const FEW = 2000;

/** The directories of some texts and all above them, or undefined where those are many. */
function directoriesOf(paths: Iterable<string>): ReadonlySet<string> | undefined {
  const directories = new Set(['']);
  let count = 0;
  for (const path of paths) {
    if (++count > FEW) return undefined;
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (directories.has(path.slice(0, slash))) break;
      directories.add(path.slice(0, slash));
    }
  }
  return directories;
}

function view(
  repository: Repository,
  head: CommitId | undefined,
  texts: TextsTable,
  differing: Differing,
  problems: readonly Problem[],
): Omit<IndexTexts, 'save' | 'after'> {
  const { context, layout, commits } = repository;
  const before = new Map<string, string | undefined>();
  const recordedId = (path: string): ContentId | undefined => {
    const edited = differing.get(path);
    return edited === undefined ? texts.idOf(path) : edited === '' ? undefined : edited;
  };
  const currentBytes = (path: string): Uint8Array | undefined =>
    readBytes(context.disk, `${layout.index}/${path}`, LONGEST_TEXT);
  return {
    problems,
    edited: [...differing]
      .map(([path, id]) => ({ path, recorded: id === '' ? undefined : id, current: texts.idOf(path) }))
      .sort((a, b) => compareBytes(a.path, b.path)),
    recordedId,
    currentBytes,
    recordedText: (path) => {
      const id = recordedId(path);
      if (id === undefined || before.has(path)) return before.get(path);
      const bytes = differing.has(path) ? undefined : currentBytes(path);
      if (bytes !== undefined && digest(bytes) === id) return Buffer.from(bytes).toString('utf8');
      return textsAt(commits, head!, new Set([path])).get(path);
    },
    recordedTexts: (paths) => textsAt(commits, head, paths),
    willChange: (changes) => {
      for (const { path, before: text } of changes) before.set(path, text);
    },
    ...recordedDirectories(texts, differing),
    recordedIn: (path) => {
      const names = new Set(texts.namesIn(path));
      for (const edited of differing.keys()) {
        if (edited.startsWith(`${path}/`)) names.add(edited.slice(path.length + 1));
      }
      return [...names].filter((name) => !name.includes('/') && recordedId(`${path}/${name}`) !== undefined);
    },
    recorded: () => {
      const all = texts.all().filter(({ path }) => !differing.has(path) && !isDbkLeftover(path));
      for (const [path, id] of differing) if (id !== '') all.push({ path, id });
      return all.sort((a, b) => compareBytes(a.path, b.path));
    },
  };
}
