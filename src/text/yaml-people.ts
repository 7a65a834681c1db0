/**
 * Reads what people make of a text in YAML's full width, with the `yaml` library: gives what the line reader
 * gives for the same values, and refuses what is dangerous or means different things to different readers.
 *
 * Loading the library costs more than most commands: nothing imports this page but on demand (people.ts).
 */

import { CST, isMap, isPair, isScalar, isSeq, Lexer, LineCounter, parseDocument } from 'yaml';
import type { Pair, Scalar as ScalarNode, YAMLMap, YAMLSeq } from 'yaml';
import { block, type BlockMap, type LineMap, type List, type Scalar, type Value } from '../model/value.ts';
import { isPlainUnicode } from './names.ts';
import {
  directive,
  documentMarker,
  duplicateKey,
  longKey,
  mergeKey,
  notYaml,
  reference,
  tag,
  tooDeep,
  tooLong,
  tooMuch,
  unwritable,
  wrongKind,
  type TextError,
} from './problems.ts';
import { checkKind, type Reader } from './yaml-read.ts';
import { DEEPEST, LONGEST_KEY, NUMBER, VERSION, writeKey } from './yaml-write.ts';

/** No text that a person edits is longer, in bytes. */
export const LONGEST_TEXT = 1024 * 1024;

/** The library takes tens of microseconds for each; what people write by hand has hundreds. */
const MOST_TOKENS = 100_000;

/** Nothing that is at most DEEPEST levels deep is indented further. */
const WIDEST_INDENTATION = 512;

const encoder = new TextEncoder();

export const readPeople: Reader = (text, kind) => {
  if (text.length > LONGEST_TEXT || encoder.encode(text).length > LONGEST_TEXT) throw tooLong(LONGEST_TEXT);
  // Editors put these in; they say nothing.
  const source = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  guard(source);
  const lines = new LineCounter();
  const document = parseDocument(source, {
    schema: 'failsafe',
    version: '1.2',
    strict: true,
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const wrong = document.errors[0] ?? document.warnings[0];
  if (wrong !== undefined) throw notYaml(lines.linePos(wrong.pos[0]).line, asReason(wrong.message));
  const converter = new Converter(lines);
  const root = converter.root(document.contents, kind);
  return { root, places: converter.places };
};

/** Looks at the tokens, before anything is built of them. */
function guard(source: string): void {
  let count = 0;
  let depth = 0;
  let line = 1;
  const onLine = new LineOfTokens();
  let isScalarNext = false;
  for (const token of new Lexer().lex(source)) {
    if (++count > MOST_TOKENS) throw tooMuch(line);
    const type = isScalarNext ? 'scalar' : CST.tokenType(token);
    isScalarNext = !isScalarNext && token === CST.SCALAR;
    const refusal = REFUSED.get(type);
    if (refusal !== undefined) throw refusal(line);
    if (type === 'flow-map-start' || type === 'flow-seq-start') depth++;
    if (type === 'flow-map-end' || type === 'flow-seq-end') depth--;
    if (depth > DEEPEST || onLine.isTooDeep(type, token)) throw tooDeep(line, DEEPEST);
    if (hasWrongEscape(type, token))
      throw notYaml(line, 'a backslash in quotation marks that escapes nothing');
    if (!isPlainUnicode(token) && !CONTROLS.includes(token)) throw unwritable(line, token);
    for (let at = token.indexOf('\n'); at !== -1; at = token.indexOf('\n', at + 1)) line++;
  }
}

/** The library needs seconds for a text full of wrong escapes. */
const ESCAPE =
  /\\(?:[0abtnvfre "/\\N_LP\t\n]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})/g;

function hasWrongEscape(type: string | null, token: string): boolean {
  return type === 'double-quoted-scalar' && token.replace(ESCAPE, '').includes('\\');
}

/** Tokens of the lexer that are not in the source. */
const CONTROLS: readonly string[] = [CST.DOCUMENT, CST.FLOW_END, CST.SCALAR];

const REFUSED: ReadonlyMap<string | null, (line: number) => TextError> = new Map([
  ['anchor', reference],
  ['alias', reference],
  ['tag', tag],
  ['directive-line', directive],
  ['doc-start', documentMarker],
  ['doc-end', documentMarker],
]);

/** Counts what opens levels without brackets: indentation, and indicators one behind the other. */
class LineOfTokens {
  #indentation = 0;
  #indicators = 0;
  #isStart = true;

  isTooDeep(type: string | null, token: string): boolean {
    if (type === 'newline') {
      this.#isStart = true;
      this.#indicators = 0;
      this.#indentation = 0;
    } else if (type === 'space') {
      if (this.#isStart) this.#indentation = token.length;
    } else if (type !== 'comment') {
      this.#isStart = false;
      if (type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind')
        this.#indicators++;
    }
    return !this.#isStart && (this.#indentation > WIDEST_INDENTATION || this.#indicators > DEEPEST + 1);
  }
}

class Converter {
  readonly places = new Map<object, Map<string | number, number>>();
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  root(node: unknown, kind: string): BlockMap {
    if (!isMap(node)) throw wrongKind(kind, VERSION);
    const whole = this.map(node, 1, 'block');
    checkKind(whole.map.get('dbk'), kind);
    const entries = block(Array.from(whole.map).filter(([key]) => key !== 'dbk'));
    this.places.set(entries, this.places.get(whole)!);
    return entries;
  }

  private value(node: unknown, depth: number, isFlow: boolean, line: number): Value {
    if (isMap(node)) {
      // Of two maps without entries, the text does not say which kind they are.
      const isLine = isFlow || (node.flow === true && node.items.length > 0);
      return this.map(node, depth + 1, isLine ? 'line' : 'block');
    }
    if (isSeq(node)) return this.list(node, depth + 1);
    // A key without a value.
    if (node === null || node === undefined) return '';
    if (isScalar(node)) return this.scalar(node, line);
    throw reference(line);
  }

  private map(node: YAMLMap, depth: number, kind: 'block' | 'line'): BlockMap | LineMap {
    if (depth > DEEPEST) throw tooDeep(this.lineOf(node, 1), DEEPEST);
    const map = new Map<string, Value>();
    const lines = new Map<string | number, number>();
    for (const pair of node.items) {
      const line = this.lineOf(pair.key, this.lineOf(node, 1));
      const key = this.key(pair, line);
      if (map.has(key)) throw duplicateKey(line, key);
      map.set(key, this.value(pair.value, depth, kind === 'line', line));
      lines.set(key, line);
    }
    const entries: BlockMap | LineMap = { kind, map };
    this.places.set(entries, lines);
    return entries;
  }

  private list(node: YAMLSeq, depth: number): List {
    if (depth > DEEPEST) throw tooDeep(this.lineOf(node, 1), DEEPEST);
    const lines = new Map<string | number, number>();
    const list = node.items.map((member, i) => {
      const line = this.lineOf(member, this.lineOf(node, 1));
      lines.set(i, line);
      // What a list holds is written on its line.
      if (isPair(member)) throw notYaml(line, 'a map without braces in a list in brackets');
      return this.value(member, depth, true, line);
    });
    this.places.set(list, lines);
    return list;
  }

  private key(pair: Pair, line: number): string {
    if (!isScalar(pair.key)) throw notYaml(line, 'a key that is not a text');
    if (pair.key.type === 'PLAIN' && pair.key.source === '<<') throw mergeKey(line);
    const key = String(this.scalar(pair.key, line));
    if (writeKey(key).length > LONGEST_KEY) throw longKey(line, LONGEST_KEY);
    return key;
  }

  private scalar(node: ScalarNode, line: number): Scalar {
    const text = typeof node.value === 'string' ? node.value : '';
    if (!isPlainUnicode(text)) throw unwritable(line, text);
    if (node.type !== 'PLAIN' || !NUMBER.test(text)) return text;
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : text;
  }

  private lineOf(node: unknown, otherwise: number): number {
    const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
    return range === undefined || range === null ? otherwise : this.#lines.linePos(range[0]).line;
  }
}

/** The library's sentence as ours are: lower case, no full stop. */
function asReason(message: string): string {
  const first = message.split('\n')[0]!.replace(/\.$/, '');
  return first.slice(0, 1).toLowerCase() + first.slice(1);
}
