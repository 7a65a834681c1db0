/** A text as a person might lay it out: other indentation, other quotation marks, comments, lists in brackets. */

import { isMap, type Value } from '../../src/model/value.ts';
import { writeKey } from '../../src/text/yaml-write.ts';

/** Longer keys stay as they are: with escapes they would be longer than YAML readers take. */
const LONG = 100;

/** Gives the next of some choices; round and round. */
export class Choices {
  readonly #all: readonly number[];
  #next = 0;

  constructor(all: readonly number[]) {
    this.#all = all;
  }

  of(count: number): number {
    return this.#all[this.#next++ % this.#all.length]! % count;
  }
}

/** The whole text, which says the same entries. */
export function restyle(kind: string, entries: ReadonlyMap<string, Value>, choices: Choices): string {
  const first = ['dbk', "'dbk'", '"\\x64bk"'][choices.of(3)]!;
  return `# a person's\n${first}: "${kind} 1"\n${blockOf(entries, '', choices)}`;
}

function blockOf(entries: ReadonlyMap<string, Value>, pad: string, choices: Choices): string {
  let text = '';
  for (const [key, value] of entries) {
    if (choices.of(4) === 0) text += `${pad}# a comment: {\n\n`;
    text += `${pad}${keyOf(key, choices)}:${valueOf(value, pad, choices)}`;
  }
  return text;
}

function valueOf(value: Value, pad: string, choices: Choices): string {
  const deeper = `${pad}${' '.repeat(1 + choices.of(5))}`;
  const end = choices.of(3) === 0 ? '   # and a comment\n' : '\n';
  if (Array.isArray(value) && value.length > 0 && choices.of(2) === 0) {
    const start = choices.of(2) === 0 ? pad : deeper;
    return `${end}${value.map((member) => `${start}-  ${flowOf(member, deeper, choices)}${end}`).join('')}`;
  }
  if (isMap(value) && value.kind === 'block' && value.map.size > 0)
    return `${end}${blockOf(value.map, deeper, choices)}`;
  return `${choices.of(3) === 0 ? `\n${deeper}` : '  '}${flowOf(value, deeper, choices)}${end}`;
}

function flowOf(value: Value, pad: string, choices: Choices): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return scalarOf(value, choices);
  const between = [',', ', ', `,\n${pad}   `, ` , # a comment\n${pad} `][choices.of(4)]!;
  const isList = !isMap(value);
  const members = isList
    ? value.map((member) => flowOf(member, pad, choices))
    : Array.from(value.map, ([key, inner]) => `${keyOf(key, choices)}: ${flowOf(inner, pad, choices)}`);
  return `${isList ? '[' : '{'}${[' ', ''][choices.of(2)]!}${members.join(between)}${isList ? ' ]' : ' }'}`;
}

function keyOf(key: string, choices: Choices): string {
  return key.length > LONG ? writeKey(key) : scalarOf(key, choices);
}

function scalarOf(text: string, choices: Choices): string {
  const kind = choices.of(3);
  if (kind === 0 && text.length <= LONG) return writeKey(text);
  return kind === 1 && !text.includes('\n') ? `'${text.replaceAll("'", "''")}'` : escaped(text);
}

function escaped(text: string): string {
  let inside = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code > 0xffff) inside += `\\U${code.toString(16).padStart(8, '0')}`;
    else if (code > 0x7e || code < 0x20 || '"\\'.includes(character))
      inside += `\\u${code.toString(16).padStart(4, '0')}`;
    else inside += character;
  }
  return `"${inside}"`;
}
