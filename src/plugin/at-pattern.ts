/** Where an entity begins by its path: `{genre}/{artist}/{album}/`, read and matched (api.ts, `Boundary`). */

import type { FieldDeclaration } from '../model/type-declaration.ts';
import { isTextOf } from './field-values.ts';
import { lowerAscii } from './file-patterns.ts';

/** `{title} ({year})` is the literals '', ' (' and ')' around the names `title` and `year`. */
interface Component {
  readonly literals: readonly string[];
  readonly names: readonly string[];
}

export interface AtPattern {
  readonly components: readonly Component[];
  readonly kind: 'directory' | 'file';
}

const LONGEST = 1000;
const NAME = /^[a-z][a-z0-9-]*$/;

/** The pattern that a text is; undefined where it is none. */
export function parseAt(text: string): AtPattern | undefined {
  if (text.length > LONGEST) return undefined;
  const parts = text.split('/');
  const isDirectory = parts.at(-1) === '';
  if (isDirectory) parts.pop();
  const components = parts.map(parseComponent);
  const names = components.flatMap((component) => component?.names ?? []);
  const isWhole = components.length > 0 && components.every((component) => component !== undefined);
  if (!isWhole || new Set(names).size < names.length) return undefined;
  return { components, kind: isDirectory ? 'directory' : 'file' };
}

/**
 * What the names in braces stand for where a path, by its names, matches; undefined where it does not.
 *
 * Names that are none of the fields may stand for anything, and are not in the answer.
 */
export function matchAt(
  { components }: AtPattern,
  path: readonly string[],
  fields: ReadonlyMap<string, FieldDeclaration>,
): ReadonlyMap<string, string> | undefined {
  if (path.length !== components.length) return undefined;
  const found = new Map<string, string>();
  const isMatch = components.every((component, i) => matchComponent(component, path[i]!, fields, found));
  return isMatch ? found : undefined;
}

function parseComponent(text: string): Component | undefined {
  const pieces = text.split(/\{([^{}]*)\}/);
  const literals = pieces.filter((_, i) => i % 2 === 0).map(lowerAscii);
  const names = pieces.filter((_, i) => i % 2 === 1);
  const isLiteral = (piece: string): boolean => !/[{}\0]/.test(piece);
  const isApart = literals.slice(1, -1).every((piece) => piece !== '');
  const isName = text !== '' && text !== '.' && text !== '..';
  return isName && isApart && literals.every(isLiteral) && names.every((name) => NAME.test(name))
    ? { literals, names }
    : undefined;
}

/** From the end backwards, each text between braces at its last place: if there is a way to match, this is one. */
function matchComponent(
  { literals, names }: Component,
  name: string,
  fields: ReadonlyMap<string, FieldDeclaration>,
  found: Map<string, string>,
): boolean {
  const lower = lowerAscii(name);
  if (names.length === 0) return lower === literals[0];
  if (!lower.startsWith(literals[0]!) || !lower.endsWith(literals.at(-1)!)) return false;
  let end = lower.length - literals.at(-1)!.length;
  const texts: string[] = [];
  for (let i = names.length - 1; i >= 0; i--) {
    const literal = literals[i]!;
    const latest = end - literal.length - 1;
    const at = i === 0 ? 0 : latest < 0 ? -1 : lower.lastIndexOf(literal, latest);
    const begin = at + literal.length;
    if (at === -1 || begin >= end) return false;
    texts.unshift(name.slice(begin, end));
    end = at;
  }
  return names.every((one, i) => fill(one, texts[i]!, fields, found));
}

function fill(
  name: string,
  text: string,
  fields: ReadonlyMap<string, FieldDeclaration>,
  found: Map<string, string>,
): boolean {
  const field = fields.get(name);
  if (field?.of !== 'entity') return true;
  const isValue = isTextOf(field, text);
  if (isValue) found.set(name, text);
  // What no text can hold is still a name; only a field that is not text decides.
  return isValue || field.type === 'text';
}
