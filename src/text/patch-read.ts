/** How a patch is read: stanza by stanza as its bytes come, and nothing in it on trust (README.md, section 9). */

import { compareBytes } from '../model/name.ts';
import { readHeader, type StanzaHeader } from './patch-header.ts';
import { readHunks, type ReadHunk } from './patch-hunks.ts';
import { badHeader, cutPatch, namedTwice, notUtf8, unsorted } from './patch-problems.ts';
import { splitStanzas, type RawStanza } from './patch-split.ts';

export type { ReadHunk, StanzaHeader };

/** What a patch says about one text. */
export interface Stanza extends StanzaHeader {
  readonly hunks: readonly ReadHunk[];
  /** The number of its first line in the patch, counted from 1. */
  readonly line: number;
}

/**
 * The stanzas of a patch, one at a time.
 *
 * Holds the longest stanza and all paths. What section 9 does not know throws a `PatchError` when its stanza is
 * asked for, so a patch from elsewhere is read to its end before anything is written by it. That a stanza lost its
 * last hunks only shows in its ids, when it is applied. A chunk may be overwritten once the next is asked for.
 */
export function* readPatch(chunks: Iterable<Uint8Array>): Generator<Stanza> {
  const check = orderCheck();
  const textOf = textReader();
  for (const raw of splitStanzas(chunks, false)) {
    const text = textOf(raw);
    const { header, expectsHunks, end, nextLine } = readHeader(text, raw.line);
    if (expectsHunks !== end < text.length) endsWrong(text, end, nextLine);
    check(header, raw.line);
    yield { ...header, hunks: readHunks(text, end, nextLine, header.kind), line: raw.line };
  }
}

/** The same without the hunks, which nobody looks at: for following paths and ids along the history. */
export function* readStanzaHeaders(chunks: Iterable<Uint8Array>): Generator<StanzaHeader> {
  const check = orderCheck();
  const textOf = textReader();
  for (const raw of splitStanzas(chunks, true)) {
    const text = textOf(raw);
    const { header, expectsHunks, end, nextLine } = readHeader(text, raw.line);
    if (end < text.length || expectsHunks !== raw.hasHunks) endsWrong(text, end, nextLine);
    check(header, raw.line);
    yield header;
  }
}

/** Made once for a patch: a decoder costs as much as a short stanza. */
function textReader(): (raw: RawStanza) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return ({ bytes, line }) => {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      notUtf8(line);
    }
    return text.includes('\0') ? notUtf8(line) : text;
  };
}

function endsWrong(text: string, end: number, line: number): never {
  if (end >= text.length) cutPatch(line);
  badHeader(line, text.slice(end, text.indexOf('\n', end)), "the end of the stanza or 'diff --git'");
}

/** Refuses stanzas that are not sorted, and a path that is named twice, as an old one or a new one. */
function orderCheck(): (header: StanzaHeader, line: number) => void {
  const paths = new Set<string>();
  let previous: string | undefined;
  return ({ path, from }, line) => {
    for (const named of from === undefined ? [path] : [path, from]) {
      if (paths.has(named)) namedTwice(line, named);
      paths.add(named);
    }
    if (previous !== undefined && compareBytes(path, previous) < 0) unsorted(line, path, previous);
    previous = path;
  };
}
