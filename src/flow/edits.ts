/** Edits of the texts in `index/`: which are a person's to make, and which only dbk's. */

import type { TextChange } from '../model/change.ts';
import type { Problem } from '../model/problem.ts';
import * as words from '../scan/problems.ts';
import { MANIFEST } from '../text/mirror.ts';
import { isTextPath } from '../text/patch-path.ts';
import { isPlaceOfText, rulerOf } from '../text/ruler.ts';
import type { EditedText, IndexTexts } from './index-texts.ts';
import { byStructure, type Judge } from './judge-later.ts';
import * as say from './problems.ts';

export interface Edits {
  /** What people changed, to be recorded as it stands. */
  readonly changes: readonly TextChange[];
  /** Edits of texts that the commit rules. */
  readonly byHand: readonly EditedText[];
  readonly problems: readonly Problem[];
}

/** The same, of which not every text was read. */
export interface EditsSeen {
  /** What people changed, as far as it is known that it can be recorded. */
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
}

const LONGEST = 1024 * 1024;
/** So many hand edits are named. */
const FEW = 10;
/** So many texts are read by who only wants to see: somebody may have written a million at once. */
const MOST_SEEN = 2000;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Sorts edits out; a bad one is a problem, and then the last recorded text stays recorded. */
export async function sortEdits(texts: IndexTexts, judge: Judge = byStructure): Promise<Edits> {
  const { byPeople, byHand, problems } = rulersOf(texts);
  const right: { readonly path: string; readonly after: string | undefined }[] = [];
  const recorded = new Set<string>();
  for (const edit of byPeople) {
    const read = await readEdit(texts, edit, judge);
    problems.push(...read.problems);
    if (!read.isRight) continue;
    right.push({ path: edit.path, after: read.text });
    if (edit.recorded !== undefined) recorded.add(edit.path);
  }
  // All at once: one by one each costs a reading of the history.
  const before = recorded.size === 0 ? undefined : texts.recordedTexts(recorded);
  const changes = right.map(({ path, after }) => ({ path, before: before?.get(path), after }));
  return { changes, byHand, problems };
}

/** Which texts were edited; all are named, and some thousand of them read. */
export async function seeEdits(texts: IndexTexts, judge: Judge): Promise<EditsSeen> {
  const { byPeople, problems } = rulersOf(texts);
  const paths: string[] = [];
  for (const edit of byPeople.slice(0, MOST_SEEN)) {
    const read = await readEdit(texts, edit, judge);
    problems.push(...read.problems);
    if (read.isRight) paths.push(edit.path);
  }
  for (const { path } of byPeople.slice(MOST_SEEN)) paths.push(path);
  if (byPeople.length > MOST_SEEN) problems.push(say.notJudged(byPeople.length - MOST_SEEN));
  return { paths, problems };
}

interface Ruled {
  readonly byPeople: readonly EditedText[];
  readonly byHand: readonly EditedText[];
  readonly problems: Problem[];
}

function rulersOf(texts: IndexTexts): Ruled {
  const byPeople: EditedText[] = [];
  const byHand: EditedText[] = [];
  const problems: Problem[] = [];
  const lost = new Set(texts.edited.filter(isLostManifest).map(({ path }) => directoryOf(path)));
  for (const edit of texts.edited) {
    // A sidecar that went together with its manifest was not taken back by anybody: a folder of the index is lost.
    const isLost = edit.current === undefined && lost.has(directoryOf(edit.path));
    const ruler = isLost
      ? 'commit'
      : isTextPath(edit.path) && isPlaceOfText(edit.path)
        ? rulerOf(edit.path)
        : 'nobody';
    if (ruler === 'nobody') problems.push(say.unknownText(edit.path));
    else if (ruler === 'commit') {
      byHand.push(edit);
      if (byHand.length <= FEW) problems.push(words.handEdit(edit.path));
    } else byPeople.push(edit);
  }
  if (byHand.length > FEW) problems.push(say.moreHandEdits(byHand.length - FEW));
  return { byPeople, byHand, problems };
}

function isLostManifest({ path, recorded, current }: EditedText): boolean {
  return recorded !== undefined && current === undefined && path.endsWith(`/${MANIFEST}`);
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

interface EditRead {
  /** Whether it can be recorded. */
  readonly isRight: boolean;
  /** undefined where somebody removed it. */
  readonly text?: string;
  readonly problems: readonly Problem[];
}

async function readEdit(texts: IndexTexts, { path, current }: EditedText, judge: Judge): Promise<EditRead> {
  const found = current === undefined ? undefined : readText(texts, path);
  if (found === undefined) return { isRight: true, problems: [] };
  if (typeof found === 'object') return { isRight: false, problems: [found] };
  const { refused, notes } = await judge(path, found, () => texts.recordedText(path));
  const isRight = refused.length === 0;
  return { isRight, ...(isRight && { text: found }), problems: [...refused, ...notes] };
}

/** What stands at a path, or why that is no text; undefined where nothing does. */
function readText(texts: IndexTexts, path: string): string | Problem | undefined {
  let bytes: Uint8Array | undefined;
  try {
    bytes = texts.currentBytes(path);
  } catch (error) {
    return say.unreadableText(path, error);
  }
  return bytes && textOf(path, bytes);
}

/** The text that bytes are, or why no text of the index can be these. */
export function textOf(path: string, bytes: Uint8Array): string | Problem {
  if (bytes.length > LONGEST) return say.textTooLong(path);
  if (bytes.includes(0)) return say.textNotText(path, 'it holds a NUL');
  try {
    return strict.decode(bytes);
  } catch {
    return say.textNotText(path, 'it is not UTF-8');
  }
}
