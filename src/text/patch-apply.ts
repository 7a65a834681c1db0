/** What a stanza makes of a text, forwards and back: at its exact lines, from one id to the other. */

import type { ContentId, Digest } from '../model/id.ts';
import { misfit, otherText, textMissing, textThere, wrongResult } from './patch-problems.ts';
import type { ReadHunk, Stanza } from './patch-read.ts';

/** One text as the patch knows it; `there` is whether the patch says that it exists. */
interface Side {
  readonly path: string;
  readonly there: boolean;
  readonly id: ContentId | undefined;
}

/**
 * The text after a patch, from the text before it (that at `from`, where the stanza renames); undefined where
 * there is none. Throws a `PatchError` where the text, its lines or the result are not what the patch says.
 */
export function applyStanza(stanza: Stanza, before: string | undefined, digest: Digest): string | undefined {
  return turn(stanza, oldSide(stanza), newSide(stanza), before, digest, '-', '+');
}

/** The text before a patch, from the text after it; otherwise as `applyStanza`. */
export function revertStanza(stanza: Stanza, after: string | undefined, digest: Digest): string | undefined {
  return turn(stanza, newSide(stanza), oldSide(stanza), after, digest, '+', '-');
}

function oldSide({ kind, path, from = path, oldId }: Stanza): Side {
  return { path: from, there: kind !== 'new', id: oldId };
}

function newSide({ kind, path, newId }: Stanza): Side {
  return { path, there: kind !== 'deleted', id: newId };
}

function turn(
  { hunks, line }: Stanza,
  source: Side,
  target: Side,
  text: string | undefined,
  digest: Digest,
  lostSign: string,
  gainedSign: string,
): string | undefined {
  if (text === undefined && source.there) textMissing(line, source.path);
  if (text !== undefined && !source.there) textThere(line, source.path);
  if (text !== undefined && source.id !== undefined && digest(text) !== source.id)
    otherText(line, source.path, source.id);
  const result = replaceHunks(source.path, hunks, text ?? '', lostSign, gainedSign);
  if (!target.there) return result === '' ? undefined : wrongResult(line, target.path, 'gone');
  if (target.id !== undefined && digest(result) !== target.id)
    wrongResult(line, target.path, `the text ${target.id}`);
  return result;
}

function replaceHunks(
  path: string,
  hunks: readonly ReadHunk[],
  text: string,
  lostSign: string,
  gainedSign: string,
): string {
  let result = '';
  let at = 0;
  let next = 1;
  for (const hunk of hunks) {
    const [start, count] = lostSign === '-' ? [hunk.oldStart, hunk.oldCount] : [hunk.newStart, hunk.newCount];
    const first = count === 0 ? start + 1 : start;
    const place = skipLines(text, at, first - next);
    const [lost, gained] = sidesOf(hunk.text, lostSign, gainedSign);
    if (place === undefined || !text.startsWith(lost, place)) misfit(hunk.line, path);
    result += text.slice(at, place) + gained;
    at = place + lost.length;
    next = first + count;
    if (hunk.toEnd && at < text.length) misfit(hunk.line, path);
  }
  return result + text.slice(at);
}

/** Where a text goes on after so many lines; undefined where it has fewer. */
function skipLines(text: string, start: number, lines: number): number | undefined {
  let at = start;
  for (let i = 0; i < lines; i++) {
    at = text.indexOf('\n', at) + 1;
    if (at === 0) return undefined;
  }
  return at;
}

/** The lines that a hunk takes away and those that it puts there, context included. */
function sidesOf(hunk: string, lostSign: string, gainedSign: string): [lost: string, gained: string] {
  let lost = '';
  let gained = '';
  for (let at = 0; at < hunk.length;) {
    const sign = hunk[at]!;
    let end = at;
    while (hunk[end] === sign) end = hunk.indexOf('\n', end) + 1;
    const cut = hunk[end] === '\\';
    const lines = withoutSigns(hunk.slice(at, cut ? end - 1 : end));
    if (sign !== gainedSign) lost += lines;
    if (sign !== lostSign) gained += lines;
    at = cut ? hunk.indexOf('\n', end) + 1 : end;
  }
  return [lost, gained];
}

function withoutSigns(lines: string): string {
  return lines.slice(1).replace(/\n[-+ ]/g, '\n');
}
