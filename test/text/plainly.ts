/** Values in a shape that can be compared across readers and sent to another program: kind and content, types told apart. */

import { isMap as isYamlMap, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml';
import { isMap, type Value } from '../../src/model/value.ts';

/** `t` a text, `n` a number, `l` a list, `m` a map in its order, `?` anything else, named. */
export type Plain =
  readonly ['t', string] | readonly ['n', number] | readonly ['?', string] | PlainList | PlainMap;
export type PlainList = readonly ['l', readonly Plain[]];
export type PlainMap = readonly ['m', readonly (readonly [Plain, Plain])[]];

/** A text as its first line and entries together say. */
export function plainText(kind: string, entries: ReadonlyMap<string, Value>): Plain {
  return plainly({ kind: 'block', map: new Map<string, Value>([['dbk', `${kind} 1`], ...entries]) });
}

export function plainly(value: Value): Plain {
  if (typeof value === 'string') return ['t', value];
  if (typeof value === 'number') return ['n', value];
  if (isMap(value))
    return ['m', Array.from(value.map, ([key, inner]) => [['t', key], plainly(inner)] as const)];
  return ['l', value.map(plainly)];
}

/** What the `yaml` package reads, with all that its schema of a version makes of scalars. */
export function plainlyByLibrary(text: string, version: '1.1' | '1.2'): Plain {
  const documents = parseAllDocuments(text, { version, logLevel: 'silent', prettyErrors: false });
  if (!Array.isArray(documents) || documents.length !== 1) return ['?', 'not one document'];
  const [document] = documents;
  const wrong = document!.errors[0] ?? document!.warnings[0];
  return wrong === undefined ? ofNode(document!.contents) : ['?', wrong.message];
}

function ofNode(node: unknown): Plain {
  if (isYamlMap(node))
    return ['m', node.items.map(({ key, value }) => [ofNode(key), ofNode(value)] as const)];
  if (isSeq(node)) return ['l', node.items.map(ofNode)];
  if (!isScalar(node)) return ['?', isPair(node) ? 'a pair' : String(node)];
  if (typeof node.value === 'string') return ['t', node.value];
  return typeof node.value === 'number' ? ['n', node.value] : ['?', String(node.value)];
}
