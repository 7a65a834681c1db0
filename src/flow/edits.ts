/** Edits of the texts in `index/`: which are a person's to make, and which only dbk's. */

import type { TextChange } from '../model/change.ts';
import type { Problem } from '../model/problem.ts';
import * as words from '../scan/problems.ts';
import { MANIFEST } from '../text/mirror.ts';
import { rulerOf } from '../text/ruler.ts';
import type { EditedText, IndexTexts } from './index-texts.ts';
import * as say from './problems.ts';
import { problemOfText } from './text-checks.ts';

export interface Edits {
  /** What people changed, to be recorded as it stands. */
  readonly changes: readonly TextChange[];
  /** Edits of texts that the commit rules. */
  readonly byHand: readonly EditedText[];
  readonly problems: readonly Problem[];
}

const LONGEST = 1024 * 1024;
/** So many hand edits are named. */
const FEW = 10;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Sorts edits out; a bad one is a problem, and then the last recorded text stays recorded. */
export async function sortEdits(texts: IndexTexts): Promise<Edits> {
  const changes: TextChange[] = [];
  const byHand: EditedText[] = [];
  const problems: Problem[] = [];
  const lost = new Set(texts.edited.filter(isLostManifest).map(({ path }) => directoryOf(path)));
  for (const edit of texts.edited) {
    // A sidecar that went together with its manifest was not taken back by anybody: a folder of the index is lost.
    const isLost = edit.current === undefined && lost.has(directoryOf(edit.path));
    const ruler = isLost ? 'commit' : rulerOf(edit.path);
    if (ruler === 'nobody') problems.push(say.unknownText(edit.path));
    else if (ruler === 'commit') {
      byHand.push(edit);
      if (byHand.length <= FEW) problems.push(words.handEdit(edit.path));
    } else {
      const after = edit.current === undefined ? undefined : await readEdit(texts, edit.path);
      if (typeof after === 'object') problems.push(after);
      else changes.push({ path: edit.path, before: texts.recordedText(edit.path), after });
    }
  }
  if (byHand.length > FEW) problems.push(say.moreHandEdits(byHand.length - FEW));
  return { changes, byHand, problems };
}

function isLostManifest({ path, recorded, current }: EditedText): boolean {
  return recorded !== undefined && current === undefined && path.endsWith(`/${MANIFEST}`);
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

async function readEdit(texts: IndexTexts, path: string): Promise<string | Problem | undefined> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = texts.currentBytes(path);
  } catch (error) {
    return say.unreadableText(path, error);
  }
  if (bytes === undefined) return undefined;
  if (bytes.length > LONGEST) return say.textTooLong(path);
  if (bytes.includes(0)) return say.textNotText(path, 'it holds a NUL');
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    return say.textNotText(path, 'it is not UTF-8');
  }
  return (await problemOfText(path, text)) ?? text;
}
