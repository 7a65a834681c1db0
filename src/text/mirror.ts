/** What a name is called below `.dbk/index/`, so that every file system and git can store it (section 4). */

import type { Digest } from '../model/id.ts';
import { bytesOfName, compareBytes, type Name } from '../model/name.ts';
import { isName } from '../model/path.ts';
import { fold } from './fold.ts';
import { escapeName, fitsIn, isComponent, percent, undoEscapes } from './names.ts';

/** The text of a directory itself. */
export const MANIFEST = 'manifest.yaml';

/** What a person wrote about a directory. */
export const FOLDER_SIDECAR = '$.metadata';

// GNU patch writes beside a file under its name and 8 bytes more, and a sidecar has 10 more than its mirror name.
const LONGEST = 237;
const LONGEST_CUT = 227;

/** At the end of a mirror name; it cannot arise otherwise, since `%` stands for itself nowhere. */
const MARK = /%~([0-9a-f]{8})$/;

const DEVICE = '(?:con|prn|aux|nul|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\\.|$)';
const GIT_SHORT = 'git~1[. ]*$';
// HFS+ ignores these, and git with it; NTFS ignores dots and blanks at the end.
const IGNORED = '\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff';
const GIT = `[${IGNORED}]*\\.[${IGNORED}]*g[${IGNORED}]*i[${IGNORED}]*t[. ${IGNORED}]*$`;

/** ASCII names that no rule changes: the one test that they cost. */
const ORDINARY = new RegExp(
  `^(?!\\$|${DEVICE}|${GIT_SHORT}|\\.git[. ]*$|manifest\\.yaml$)[ !#$&-)+-.0-9;=@-\\[\\]-{}~]{1,${LONGEST}}(?<![. ])$`,
  'i',
);
const HIDDEN_FIRST = new RegExp(`^(?:\\$|${DEVICE}|${GIT})`, 'i');
const HIDDEN_TILDE = new RegExp(`^${GIT_SHORT}`, 'i');
const HIDDEN_EACH = /[<>:"|?*\\]/g;
const CHARACTER_OR_ESCAPE = /%[0-9A-F]{2}|./gsu;

/**
 * The mirror name of a name that has no sibling with the same fold.
 *
 * Names that are cut have their mark; whether a name collides is what `mirrorNames` knows.
 */
export function mirrorName(name: Name, digest: Digest): string {
  if (ORDINARY.test(name)) return name;
  const spelled = spell(name);
  return fitsIn(spelled, LONGEST) ? spelled : markedName(name, digest);
}

/**
 * The mirror names of siblings: all subdirectories of a directory, or all its files and links.
 *
 * Of names that fold alike the first by bytes is as `mirrorName` says and the others are marked. The map is in the
 * order of the siblings.
 */
export function mirrorNames(siblings: Iterable<Name>, digest: Digest): Map<Name, string> {
  const mirrors = new Map<Name, string>();
  const firsts = new Map<string, Name>();
  for (const name of siblings) {
    if (mirrors.has(name)) continue;
    const folded = fold(name);
    const first = firsts.get(folded);
    const leads = first === undefined || compareBytes(name, first) < 0;
    if (leads) firsts.set(folded, name);
    if (leads && first !== undefined) mirrors.set(first, markedName(first, digest));
    mirrors.set(name, leads ? mirrorName(name, digest) : markedName(name, digest));
  }
  return mirrors;
}

/**
 * The name that a mirror name gives back by itself.
 *
 * Undefined where the name was cut, so that only `directories:` or the names it may belong to tell (`nameAmong`),
 * and where no name is mirrored so.
 */
export function nameOfMirror(mirror: string, digest: Digest): Name | undefined {
  if (ORDINARY.test(mirror)) return isName(mirror) ? mirror : undefined;
  const mark = MARK.exec(mirror);
  const spelled = mark === null ? mirror : mirror.slice(0, mark.index);
  if (!fitsIn(spelled, mark === null ? LONGEST : LONGEST_CUT)) return undefined;
  const name = undoEscapes(spelled);
  if (!isComponent(name) || spell(name) !== spelled) return undefined;
  return mark === null || markedName(name, digest) === mirror ? name : undefined;
}

/** Whether a mirror name has a mark. */
export function isMarked(mirror: string): boolean {
  return MARK.test(mirror);
}

/** Whether the mirror name of a name does not give it back: those that a manifest's `directories:` lists. */
export function isCut(mirror: string, name: Name, digest: Digest): boolean {
  return MARK.test(mirror) && nameOfMirror(mirror, digest) !== name;
}

/** The one of these names that a cut mirror name stands for. */
export function nameAmong(mirror: string, names: Iterable<Name>, digest: Digest): Name | undefined {
  const mark = MARK.exec(mirror);
  if (mark === null) return undefined;
  const start = mirror.slice(0, mark.index);
  for (const name of names)
    if (spell(name).startsWith(start) && markedName(name, digest) === mirror) return name;
  return undefined;
}

/** What a text about the file of this mirror name is called. */
export function sidecarOf(mirror: string): string {
  return `$${mirror}.metadata`;
}

/** The mirror name of the file that a text is about by its name; undefined for texts that are not about a file. */
export function fileOfSidecar(name: string): string | undefined {
  return /^\$(.+)\.metadata$/s.exec(name)?.[1];
}

/** Rules 1 to 5. */
function spell(name: Name): string {
  let text = escapeName(name).replace(HIDDEN_EACH, percent);
  if (HIDDEN_TILDE.test(name)) text = text.replace('~', percent);
  if (/[. ]$/.test(name)) text = text.slice(0, -1) + percent(text.slice(-1));
  if (text.startsWith('%') || !hidesFirst(name)) return text;
  const first = String.fromCodePoint(text.codePointAt(0)!);
  return percent(first) + text.slice(first.length);
}

function hidesFirst(name: Name): boolean {
  return HIDDEN_FIRST.test(name) || fold(name) === MANIFEST;
}

/** What a name is called that needs a mark, having collided or been too long (rules 6 and 7). */
export function markedName(name: Name, digest: Digest): string {
  return `${cut(spell(name))}%~${digest(bytesOfName(name)).slice(0, 8)}`;
}

/** As many whole characters and escapes as fit beside a mark. */
function cut(text: string): string {
  if (fitsIn(text, LONGEST_CUT)) return text;
  let end = 0;
  let bytes = 0;
  for (const [piece] of text.matchAll(CHARACTER_OR_ESCAPE)) {
    bytes += bytesOfName(piece).length;
    if (bytes > LONGEST_CUT) break;
    end += piece.length;
  }
  return text.slice(0, end);
}
