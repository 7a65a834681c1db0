/** What the header of a stanza says: which text, what happens to it, and its ids. */

import { isContentId, type ContentId } from '../model/id.ts';
import { DELETED_EMPTY, NEW_EMPTY, NO_TEXT } from './patch-ids.ts';
import { headerPath, isTextPath } from './patch-path.ts';
import { badHeader, badIds, badPath, cutPatch } from './patch-problems.ts';

/** What happens to one text; `path` is its new path, or the last one of a text that is deleted. */
export interface StanzaHeader {
  readonly kind: 'new' | 'deleted' | 'changed' | 'renamed';
  readonly path: string;
  /** The old path of a text that is renamed. */
  readonly from?: string;
  /** Absent where there was no text, and where a text is renamed and stays as it is. */
  readonly oldId?: ContentId;
  readonly newId?: ContentId;
}

/** A header, and where it ends. */
export interface ReadHeader {
  readonly header: StanzaHeader;
  /** Whether hunks follow. */
  readonly expectsHunks: boolean;
  readonly end: number;
  readonly nextLine: number;
}

const GIT_LINE = /^diff --git (?:"a\/([^"]*)"|a\/([^ "]*)) (?:"b\/([^"]*)"|b\/([^ "]*))$/;

/** Reads the header that a stanza begins with; `line` is the number of its first line. */
export function readHeader(text: string, line: number): ReadHeader {
  return new HeaderReader(text, line).read();
}

class HeaderReader {
  readonly #text: string;
  #at = 0;
  #line: number;

  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
  }

  read(): ReadHeader {
    const [from, path] = this.#paths();
    const header = this.#rest(from, path);
    const unchanged = header.oldId === undefined && header.newId === undefined;
    const expectsHunks = !unchanged && !this.#isEmpty(header.kind);
    if (expectsHunks) {
      this.#expect(`--- ${header.kind === 'new' ? '/dev/null' : headerPath('a/', from)}`);
      this.#expect(`+++ ${header.kind === 'deleted' ? '/dev/null' : headerPath('b/', path)}`);
    }
    return { header, expectsHunks, end: this.#at, nextLine: this.#line };
  }

  #rest(from: string, path: string): StanzaHeader {
    const start = this.#peek();
    if (start.startsWith('similarity index ')) return this.#renamed(from, path);
    if (from !== path) badHeader(this.#line, start, "'similarity index'");
    if (start.startsWith('index ')) return { kind: 'changed', path, ...this.#bothIds(path) };
    const kind = start.startsWith('new') ? 'new' : 'deleted';
    this.#expect(
      `${kind} file mode 100644`,
      `'index' or 'new file mode 100644' or 'deleted file mode 100644'`,
    );
    const [old, now] = this.#ids('');
    const [none, id] = kind === 'new' ? [old, now] : [now, old];
    if (none !== NO_TEXT) badIds(this.#line - 1, path, `a text that is ${kind} has one`);
    if (!isContentId(id) || id === NO_TEXT) badIds(this.#line - 1, path, 'its own is missing');
    return kind === 'new' ? { kind, path, newId: id } : { kind, path, oldId: id };
  }

  #renamed(from: string, path: string): StanzaHeader {
    const [, share] = /^similarity index (0|[1-9][0-9]?|100)%$/.exec(this.#peek()) ?? [];
    if (share === undefined) badHeader(this.#line, this.#peek(), 'a similarity of 0% to 100%');
    if (from === path) badHeader(this.#line, this.#peek(), 'a text with one path');
    this.#take();
    this.#expect(`rename from ${headerPath('', from)}`);
    this.#expect(`rename to ${headerPath('', path)}`);
    return { kind: 'renamed', path, from, ...(share === '100' ? {} : this.#bothIds(path)) };
  }

  /** Whether a text that comes or goes is said to be empty. */
  #isEmpty(kind: StanzaHeader['kind']): boolean {
    const said = kind === 'new' ? NEW_EMPTY : kind === 'deleted' ? DELETED_EMPTY : undefined;
    const empty = said !== undefined && this.#peek() === said;
    if (empty) this.#take();
    return empty;
  }

  #paths(): [from: string, path: string] {
    const found = this.#take();
    const match = GIT_LINE.exec(found);
    const from = match?.[1] ?? match?.[2];
    const path = match?.[3] ?? match?.[4];
    const line = this.#line - 1;
    if (from === undefined || path === undefined) badHeader(line, found, "'diff --git a/PATH b/PATH'");
    if (!isTextPath(from)) badPath(line, from);
    if (path !== from && !isTextPath(path)) badPath(line, path);
    const expected = `diff --git ${headerPath('a/', from)} ${headerPath('b/', path)}`;
    if (found !== expected) badHeader(line, found, `'${expected}'`);
    return [copyOf(from), copyOf(path)];
  }

  #bothIds(path: string): { oldId: ContentId; newId: ContentId } {
    const [oldId, newId] = this.#ids(' 100644');
    const absent = oldId === NO_TEXT || newId === NO_TEXT;
    if (absent) badIds(this.#line - 1, path, 'a text that is changed has two');
    if (oldId === newId) badIds(this.#line - 1, path, 'a text that is changed has two different ones');
    return { oldId, newId };
  }

  #ids(mode: string): [ContentId, ContentId] {
    const found = this.#take();
    const old = found.slice(6, 70);
    const now = found.slice(72, 136);
    if (found !== `index ${old}..${now}${mode}` || !isContentId(old) || !isContentId(now))
      badHeader(this.#line - 1, found, `'index' and two ids of 64 digits${mode && " and '100644'"}`);
    return [copyOf(old), copyOf(now)];
  }

  #expect(expected: string, said = `'${expected}'`): void {
    const found = this.#take();
    if (found !== expected) badHeader(this.#line - 1, found, said);
  }

  #take(): string {
    const found = this.#peek();
    this.#at += found.length + 1;
    this.#line++;
    return found;
  }

  #peek(): string {
    if (this.#at >= this.#text.length) cutPatch(this.#line);
    return this.#text.slice(this.#at, this.#text.indexOf('\n', this.#at));
  }
}

/** A string of its own: a slice keeps the whole stanza alive for as long as anybody keeps its path. */
function copyOf<T extends string>(slice: T): T {
  return ` ${slice}`.slice(1) as T;
}
