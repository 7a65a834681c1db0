/** How the change of a text is written into a patch (README.md, section 9). */

import type { TextChange } from '../model/change.ts';
import type { ContentId, Digest } from '../model/id.ts';
import { hunksOf, type Hunk } from './lines.ts';
import { DELETED_EMPTY, NEW_EMPTY, NO_TEXT } from './patch-ids.ts';
import { headerPath } from './patch-path.ts';

/** Ids of the two texts, where they are known, so that they need not be hashed again. */
export interface KnownIds {
  readonly before?: ContentId;
  readonly after?: ContentId;
}

interface Sides {
  readonly path: string;
  readonly from: string;
  readonly before: string;
  readonly after: string;
  readonly ids: string;
}

/**
 * The part of a patch that is about one text; '' where nothing changes.
 *
 * The caller puts the parts in order, by the bytes of `path`, and gives `from` only where the rule for renames
 * allows it. Any path is written; `isTextPath` is the test of those that may be.
 */
export function writeStanza(change: TextChange, digest: Digest, ids: KnownIds = {}): string {
  const { path, before, after, from = path } = change;
  const idOf = (text: string | undefined, known: ContentId | undefined): string =>
    text === undefined ? NO_TEXT : (known ?? digest(text));
  const sides = (): Sides => ({
    path,
    from,
    before: before ?? '',
    after: after ?? '',
    ids: `index ${idOf(before, ids.before)}..${idOf(after, ids.after)}`,
  });
  if (before === undefined) return after === undefined ? '' : created(sides());
  if (after === undefined) return deleted(sides());
  if (from !== path) return before === after ? moved(path, from, 100) : movedAndChanged(sides());
  return before === after ? '' : changed(sides());
}

function created({ path, before, after, ids }: Sides): string {
  const start = `${gitLine(path, path)}new file mode 100644\n${ids}\n`;
  return after === ''
    ? `${start}${NEW_EMPTY}\n`
    : `${start}--- /dev/null\n+++ ${headerPath('b/', path)}\n${body(hunksOf(before, after))}`;
}

function deleted({ path, before, after, ids }: Sides): string {
  const start = `${gitLine(path, path)}deleted file mode 100644\n${ids}\n`;
  return before === ''
    ? `${start}${DELETED_EMPTY}\n`
    : `${start}--- ${headerPath('a/', path)}\n+++ /dev/null\n${body(hunksOf(before, after))}`;
}

function changed(sides: Sides): string {
  return gitLine(sides.path, sides.path) + difference(sides, hunksOf(sides.before, sides.after));
}

function moved(path: string, from: string, similarity: number): string {
  const names = `rename from ${headerPath('', from)}\nrename to ${headerPath('', path)}\n`;
  return `${gitLine(from, path)}similarity index ${similarity}%\n${names}`;
}

function movedAndChanged(sides: Sides): string {
  const hunks = hunksOf(sides.before, sides.after);
  return moved(sides.path, sides.from, similarityOf(sides, hunks)) + difference(sides, hunks);
}

function gitLine(from: string, to: string): string {
  return `diff --git ${headerPath('a/', from)} ${headerPath('b/', to)}\n`;
}

function difference({ path, from, ids }: Sides, hunks: readonly Hunk[]): string {
  return `${ids} 100644\n--- ${headerPath('a/', from)}\n+++ ${headerPath('b/', path)}\n${body(hunks)}`;
}

function body(hunks: readonly Hunk[]): string {
  let text = '';
  for (const { oldStart, oldCount, newStart, newCount, text: lines } of hunks)
    text += `@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@\n${lines}`;
  return text;
}

function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${start},${count}`;
}

/** The bytes of the lines that stay, in per cent of the longer text, rounded down: 100 for equal texts alone. */
function similarityOf({ before, after }: Sides, hunks: readonly Hunk[]): number {
  const old = byteLength(before);
  const lost = hunks.reduce((sum, { text }) => sum + byteLength(lostLines(text)), 0);
  return Math.floor((100 * (old - lost)) / Math.max(old, byteLength(after)));
}

function lostLines(hunk: string): string {
  let lost = '';
  let sign = '';
  for (let at = 0, end = 0; at < hunk.length; at = end) {
    end = hunk.indexOf('\n', at) + 1;
    if (hunk[at] === '\\' && sign === '-') lost = lost.slice(0, -1);
    sign = hunk[at]!;
    if (sign === '-') lost += hunk.slice(at + 1, end);
  }
  return lost;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
