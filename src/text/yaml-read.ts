/**
 * Reads canonical text by lines, a hundred times faster than a YAML library; and of what people write what is
 * sure to mean the same to every reader: comments, empty lines, ordinary text without quotation marks.
 *
 * It refuses what it does not know, and never takes a text for something else than a YAML reader does. That a
 * text has the one spelling dbk gives it is another question (reader.ts, `parseOwnText`). Long because every part
 * of the grammar moves the same place in the text.
 */

import { block, type BlockMap, type LineMap, type List, type Scalar, type Value } from '../model/value.ts';
import { isPlainUnicode } from './names.ts';
import {
  byteOrderMark,
  carriageReturn,
  cutOff,
  duplicateKey,
  indentation,
  longKey,
  mergeMarker,
  newer,
  notCanonical,
  tab,
  tooDeep,
  unclosed,
  unwritable,
  wrongKind,
  type TextError,
} from './problems.ts';
import { DEEPEST, isLiteral, isPlain, literalHeader, LONGEST_KEY, NUMBER, VERSION } from './yaml-write.ts';

/** The line of each entry of a block map and of each member of a list that is written one a line. */
export type Places = ReadonlyMap<object, ReadonlyMap<string | number, number>>;

/** A text's entries, less the first line, and where they stand. */
export interface Parsed {
  readonly root: BlockMap;
  readonly places: Places;
}

/** What takes a text and the kind it has to be. */
export type Reader = (text: string, kind: string) => Parsed;

const TAB = 9;
const LF = 10;
const BLANK = 32;
const QUOTE = 34;
const HASH = 35;
const BACKSLASH = 92;

/** Every reader takes this for one text, whatever words it is made of. */
const EASY = /^[A-Za-z0-9_./][ -"$-9;-~]*$/;

/** Reads a whole text of a kind. */
export const readLines: Reader = (text, kind) => {
  const reader = new LineReader(text);
  reader.first(kind);
  const root = reader.entries();
  if (reader.at < text.length) throw reader.refused();
  return { root, places: reader.places };
};

/** Refuses a first line's value that does not fit; a higher version with a sentence of its own. */
export function checkKind(value: Value | undefined, kind: string): void {
  const match = typeof value === 'string' ? /^([a-z]+) ([1-9][0-9]{0,8})$/.exec(value) : null;
  if (match?.[1] !== kind) throw wrongKind(kind, VERSION);
  if (Number(match[2]) > VERSION) throw newer(kind, Number(match[2]), VERSION);
}

export class LineReader {
  readonly text: string;
  /** Where the next character stands: at the start of a line between calls. */
  at = 0;
  line = 1;
  readonly places = new Map<object, Map<string | number, number>>();

  constructor(text: string) {
    this.text = text;
  }

  /** Reads the first line, and refuses what no text of dbk's is. */
  first(kind: string): void {
    const { text } = this;
    if (text.charCodeAt(0) === 0xfeff) throw byteOrderMark();
    const head = /^dbk: ([^\r\n#]*?)[ ]*(?:#.*)?(?:\r?\n|$)/.exec(text.slice(0, 200));
    checkKind(head?.[1], kind);
    const carriage = text.indexOf('\r');
    if (carriage !== -1) throw carriageReturn(lineAt(text, carriage));
    if (!text.endsWith('\n')) throw cutOff(lineAt(text, text.length));
    this.at = 'dbk: '.length + head![1]!.length;
    this.endLine();
  }

  /**
   * The entries of a block map that stand at an indentation, up to the first line that is indented less; at the
   * top also up to a line that is `stop`.
   */
  entries(indent = 0, depth = 1, stop?: string): BlockMap {
    const map = new Map<string, Value>();
    const lines = new Map<string | number, number>();
    while (this.nextLine(indent)) {
      if (stop !== undefined && this.text.startsWith(stop, this.at)) break;
      const line = this.line;
      const key = this.key();
      const isFirstLines = depth === 1 && key === 'dbk';
      if (isFirstLines || map.has(key)) throw duplicateKey(line, key);
      lines.set(key, line);
      map.set(key, this.entryValue(indent, depth));
    }
    const entries: BlockMap = { kind: 'block', map };
    this.places.set(entries, lines);
    return entries;
  }

  /** A map on one line, at the place; afterwards the place is behind it. */
  lineMap(depth: number): LineMap {
    if (depth > DEEPEST) throw tooDeep(this.line, DEEPEST);
    const map = new Map<string, Value>();
    if (this.text.startsWith('{}', this.at)) this.at += 2;
    else {
      do {
        this.at += map.size === 0 ? 1 : 2;
        const key = this.key();
        if (map.has(key)) throw duplicateKey(this.line, key);
        if (this.text.charCodeAt(this.at) !== BLANK) throw this.refused();
        this.at++;
        map.set(key, this.flow(depth));
      } while (this.text.startsWith(', ', this.at));
      this.close('}');
    }
    return { kind: 'line', map };
  }

  /** A key and its colon; afterwards the place is behind the colon. */
  key(): string {
    const { text, at } = this;
    let key: string;
    if (text.charCodeAt(at) === QUOTE) key = this.quoted();
    else {
      this.at = endOfPlain(text, at);
      key = text.slice(at, this.at);
      if (!isPlain(key)) throw this.refused();
    }
    if (text.charCodeAt(this.at) !== 58) throw this.refused();
    if (this.at - at > LONGEST_KEY) throw longKey(this.line, LONGEST_KEY);
    this.at++;
    return key;
  }

  /** Why the line at the place cannot be read. */
  refused(): TextError {
    const start = this.text.lastIndexOf('\n', this.at - 1) + 1;
    const beginning = this.text.slice(start, start + 100);
    if (/^(?:<{7} |={7}\n|>{7} |\|{7} )/.test(beginning)) return mergeMarker(this.line);
    return /^ *\t/.test(beginning) ? tab(this.line) : notCanonical(this.line);
  }

  /** Steps over comments and empty lines; whether the next line stands at the indentation, which is stepped over too. */
  private nextLine(indent: number): boolean {
    const { text } = this;
    for (;;) {
      let start = this.at;
      while (text.charCodeAt(start) === BLANK) start++;
      const code = text.charCodeAt(start);
      if (code === LF || code === HASH) {
        this.at = start;
        this.restOfLine();
        continue;
      }
      if (this.at >= text.length || start - this.at < indent) return false;
      if (start - this.at > indent) throw code === TAB ? tab(this.line) : indentation(this.line);
      this.at = start;
      return true;
    }
  }

  private entryValue(indent: number, depth: number): Value {
    const { text } = this;
    if (text.charCodeAt(this.at) === BLANK && text.charCodeAt(this.at + 1) === 124)
      return this.literal(indent + 2);
    if (this.isEndOfLine()) return this.nested(indent + 2, depth + 1);
    if (text.charCodeAt(this.at) !== BLANK) throw this.refused();
    this.at++;
    if (text.startsWith('{}', this.at)) {
      this.at += 2;
      this.endLine();
      return block([]);
    }
    return this.valueOfLine(depth);
  }

  private nested(indent: number, depth: number): BlockMap | List {
    if (depth > DEEPEST) throw tooDeep(this.line, DEEPEST);
    const line = this.line;
    this.restOfLine();
    const before = { at: this.at, line: this.line };
    if (!this.nextLine(indent)) throw notCanonical(line);
    const isList = this.text.startsWith('- ', this.at);
    // The line is looked at again as the first of its kind.
    this.at = before.at;
    this.line = before.line;
    return isList ? this.list(indent, depth) : this.entries(indent, depth);
  }

  private list(indent: number, depth: number): List {
    const list: Value[] = [];
    const lines = new Map<string | number, number>();
    while (this.nextLine(indent)) {
      if (!this.text.startsWith('- ', this.at)) throw this.refused();
      this.at += 2;
      lines.set(list.length, this.line);
      list.push(this.valueOfLine(depth));
    }
    this.places.set(list, lines);
    return list;
  }

  /** The value that is the rest of a line, with the comment behind it. */
  private valueOfLine(depth: number): Value {
    const code = this.text.charCodeAt(this.at);
    const value = code === QUOTE || code === 123 || code === 91 ? this.flow(depth) : this.easy();
    this.endLine();
    return value;
  }

  private flow(depth: number): Value {
    const { text, at } = this;
    const code = text.charCodeAt(at);
    if (code === QUOTE) return this.quoted();
    if (code === 123) return this.lineMap(depth + 1);
    if (code === 91) return this.flowList(depth + 1);
    this.at = endOfPlain(text, at);
    return this.scalar(text.slice(at, this.at), isPlain);
  }

  private flowList(depth: number): List {
    if (depth > DEEPEST) throw tooDeep(this.line, DEEPEST);
    const list: Value[] = [];
    if (this.text.startsWith('[]', this.at)) this.at += 2;
    else {
      do {
        this.at += list.length === 0 ? 1 : 2;
        list.push(this.flow(depth));
      } while (this.text.startsWith(', ', this.at));
      this.close(']');
    }
    return list;
  }

  /** A scalar without quotation marks, as the value of a line. */
  private easy(): Scalar {
    const { text, at } = this;
    let end = text.indexOf('\n', at);
    const comment = text.slice(at, end).indexOf(' #');
    if (comment !== -1) end = at + comment;
    while (end > at && text.charCodeAt(end - 1) === BLANK) end--;
    this.at = end;
    return this.scalar(text.slice(at, end), (plain) => isPlain(plain) || EASY.test(plain));
  }

  private scalar(text: string, isTaken: (text: string) => boolean): Scalar {
    if (NUMBER.test(text)) {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : text;
    }
    if (!isTaken(text)) throw this.refused();
    return text;
  }

  private quoted(): string {
    const { text, at } = this;
    let escaped = false;
    let end = at + 1;
    for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(++end)) {
      if (code === LF || end >= text.length) throw unclosed(this.line);
      if (code !== BACKSLASH) continue;
      escaped = true;
      if (!'"\\n'.includes(text.charAt(++end))) throw notCanonical(this.line);
    }
    const inside = text.slice(at + 1, end);
    const value = escaped ? inside.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)) : inside;
    if (!isPlainUnicode(value)) throw unwritable(this.line, value);
    this.at = end + 1;
    return value;
  }

  private literal(indent: number): string {
    const { text } = this;
    const header = /^ (\|2?([+-]?))\n/.exec(text.slice(this.at, this.at + 6));
    if (header === null) throw this.refused();
    this.at += header[0].length;
    const start = this.line++;
    const lines = this.literalLines(indent);
    const value = lines.join('\n') + (header[2] === '-' ? '' : '\n');
    if (!isLiteral(value) || literalHeader(value) !== header[1]) throw notCanonical(start);
    if (!isPlainUnicode(value)) throw unwritable(start, value);
    return value;
  }

  private literalLines(indent: number): string[] {
    const { text } = this;
    const pad = ' '.repeat(indent);
    const lines: string[] = [];
    while (this.at < text.length) {
      const end = text.indexOf('\n', this.at);
      if (end > this.at && !text.startsWith(pad, this.at)) {
        if (text.slice(this.at, end).trim() === '') throw notCanonical(this.line);
        break;
      }
      lines.push(text.slice(Math.min(this.at + indent, end), end));
      this.at = end + 1;
      this.line++;
    }
    return lines;
  }

  private close(bracket: string): void {
    if (this.text.startsWith(bracket, this.at)) this.at++;
    else throw this.text.charCodeAt(this.at) === LF ? unclosed(this.line) : this.refused();
  }

  /** The end of a line after a value: nothing, or blanks and a comment. */
  private endLine(): void {
    if (!this.isEndOfLine()) throw this.refused();
    this.restOfLine();
  }

  private isEndOfLine(): boolean {
    const { text } = this;
    let end = this.at;
    while (text.charCodeAt(end) === BLANK) end++;
    return text.charCodeAt(end) === LF || (text.charCodeAt(end) === HASH && end > this.at);
  }

  private restOfLine(): void {
    const end = this.text.indexOf('\n', this.at);
    const comment = this.text.slice(this.at, end);
    if (!isPlainUnicode(comment)) throw unwritable(this.line, comment);
    this.at = end + 1;
    this.line++;
  }
}

/** Where the characters end that a text without quotation marks may have on a line with others. */
function endOfPlain(text: string, at: number): number {
  for (let end = at; ; end++) {
    const code = text.charCodeAt(end);
    // Letters, digits, blank and ( ) + - . / @ _
    const isInside =
      (code >= 97 && code <= 122) ||
      (code >= 45 && code <= 57) ||
      (code >= 64 && code <= 90) ||
      code === BLANK ||
      code === 95 ||
      (code >= 40 && code <= 43 && code !== 42);
    if (!isInside) return end;
  }
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', end + 1)) line++;
  return line;
}
