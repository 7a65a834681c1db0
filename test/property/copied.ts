/** Which sidecars a commit may have copied: those of recorded things that are equal to something new. */

import type { RepositoryPath } from '../../src/model/path.ts';
import type { Thing, Tree } from '../flow/fixture.ts';
import { mirrorOf } from './expected.ts';
import type { Facts } from './moved.ts';

export interface Copying {
  /** Before and after the commit. */
  readonly recorded: Tree;
  readonly expected: Tree;
  readonly facts: Facts;
  /** The sidecars before the commit, by path. */
  readonly before: ReadonlyMap<string, string>;
  /** The same after it, as far as they are known without copies. */
  readonly after: ReadonlyMap<string, string>;
  /** What stands in `index/` now. */
  readonly texts: ReadonlyMap<string, string>;
}

/** With those that were copied, of all that may be; that they have to be is a matter of other tests. */
export function withCopied({
  recorded,
  expected,
  facts,
  before,
  after,
  texts,
}: Copying): Map<string, string> {
  const places = mirrorOf(expected).sidecars;
  const all = new Map(after);
  for (const [path, thing] of expected) {
    const old = recorded.get(path);
    const isNew = old === undefined || isFolder(old) !== isFolder(thing);
    if (!isNew || after.has(path) || facts.backwards(path as RepositoryPath) !== undefined) continue;
    const text = texts.get(places.get(path)!);
    const isCopy = [...before].some(([from, its]) => {
      return its === text && isSame({ tree: recorded, path: from }, { tree: expected, path });
    });
    if (text !== undefined && isCopy) all.set(path, text);
  }
  return all;
}

interface At {
  readonly tree: Tree;
  readonly path: string;
}

function isFolder({ kind }: Thing): boolean {
  return kind === 'directory';
}

/** Files by content, folders by all that is below them; what is empty is equal to nothing. */
function isSame(a: At, b: At): boolean {
  const [one, other] = [contents(a), contents(b)];
  return one.some((line) => line.endsWith(' full')) && one.join('\n') === other.join('\n');
}

function contents({ tree, path }: At): string[] {
  const lines: string[] = [];
  for (const [at, thing] of tree) {
    if (at !== path && !at.startsWith(path === '' ? '' : `${path}/`)) continue;
    const rest = at.slice(path.length);
    if (thing.kind === 'file') lines.push(`${rest} ${thing.id} ${thing.size === 0 ? 'empty' : 'full'}`);
    else lines.push(`${rest} ${thing.kind === 'link' ? `to ${thing.target}` : '/'}`);
  }
  return lines.sort();
}
