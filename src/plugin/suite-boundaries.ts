/** Part of the contract suite: whether boundaries say where entities begin, whatever stands there and in any order. */

import { childOf, isWithin, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Name } from '../model/name.ts';
import type { Boundary, FieldDeclaration, TypeDeclaration } from '../model/type-declaration.ts';
import { parseAt } from './at-pattern.ts';
import { beginnings, entityOf, type Beginning, type DirectoryFacts } from './boundaries.ts';
import { isTextOf } from './field-values.ts';
import { randomOf, shuffled } from './suite-random.ts';

const TREES = 100;
const DIRECTORIES = 40;
/** Names that are nobody's markers: ordinary, in other scripts, not UTF-8, and nasty for objects. */
const NAMES = [
  'a',
  'b',
  'Ünï',
  '東京',
  '2024',
  '2024 Rome',
  'A (1999)',
  'x.mkv',
  '__proto__',
  '\udcff',
  '{a}',
  '*',
];
const EXAMPLES = ['a', '1', '1999', '0.5', 'true'];

/** What is wrong with the boundaries of a type, in sentences. */
export function* faultsOfBegin(type: string, declared: TypeDeclaration): Generator<string> {
  for (const [i, boundary] of declared.boundaries.entries()) {
    const reason = whyNothingBegins(type, declared, boundary);
    if (reason !== undefined) yield `boundary ${i + 1}: ${reason}`;
  }
}

/** Whether boundaries are total and stable: on random trees made of the type's own names and others. */
export function* faultsOfStability(type: string, declared: TypeDeclaration): Generator<string> {
  for (let seed = 1; seed <= TREES; seed++) {
    const tree = randomTree(declared, seed);
    const fault = unstable(type, declared, tree, seed);
    if (fault !== undefined) yield `tree ${seed}: ${fault}`;
  }
}

function ask(
  type: string,
  declared: TypeDeclaration,
  directories: readonly DirectoryFacts[],
  existing: readonly RepositoryPath[] = [],
): ReadonlyMap<RepositoryPath, Beginning> {
  const types = new Map([[type, declared]]);
  const found = beginnings({ types, folders: new Map(), existing, directories });
  return new Map(found.map((begin) => [begin.path, begin]));
}

/** A tree made for a boundary: an entity has to begin there, and by this boundary. */
function whyNothingBegins(type: string, declared: TypeDeclaration, boundary: Boundary): string | undefined {
  const names = boundary.kind === 'marker' ? ['a'] : examplePath(boundary.at, declared.fields);
  if (names === undefined) return 'its braces have no example';
  const path = [declared.top, ...names].join('/') as RepositoryPath;
  const isFile = boundary.kind === 'at' && !boundary.at.endsWith('/');
  const directories = directoriesTo(isFile ? parentOf(path) : path);
  const holder = directories.at(-1)!;
  const held = isFile ? names.at(-1)! : boundary.kind === 'marker' ? boundary.marker[0]! : undefined;
  const files = new Set(held === undefined ? [] : [held]);
  const found = ask(type, declared, [...directories.slice(0, -1), { path: holder.path, files }]);
  return found.has(path) && found.size === 1
    ? undefined
    : `nothing begins at '${path}'${found.size > 0 ? ', since another boundary matches above it' : ''}`;
}

function directoriesTo(path: RepositoryPath): DirectoryFacts[] {
  const above = path === '' ? [] : directoriesTo(parentOf(path));
  return [...above, { path, files: new Set() }];
}

function examplePath(
  at: string,
  fields: ReadonlyMap<string, FieldDeclaration>,
): readonly string[] | undefined {
  const filled = at.replace(/\{([^{}]*)\}/g, (_, name: string) => exampleOf(fields.get(name)) ?? '/');
  return parseAt(at) === undefined || filled.includes('//')
    ? undefined
    : filled.replace(/\/$/, '').split('/');
}

function exampleOf(field: FieldDeclaration | undefined): string | undefined {
  if (field?.of !== 'entity') return 'a';
  const bounds = [field.min, field.max].flatMap((bound) => (bound === undefined ? [] : [String(bound)]));
  const words = typeof field.type === 'object' ? field.type : [];
  return [...words, ...EXAMPLES, ...bounds].find((text) => isTextOf(field, text));
}

function randomTree(declared: TypeDeclaration, seed: number): DirectoryFacts[] {
  const next = randomOf(seed);
  const own = declared.boundaries.flatMap((boundary) =>
    boundary.kind === 'marker' ? boundary.marker : (examplePath(boundary.at, declared.fields) ?? []),
  );
  const names = [...NAMES, ...own];
  const paths: RepositoryPath[] = [declared.top as RepositoryPath];
  for (let i = 0; i < DIRECTORIES; i++) {
    const parent = paths[next(paths.length)]!;
    paths.push(childOf(parent, names[next(names.length)]! as Name));
  }
  return [...new Set(paths)].map((path) => {
    const files = Array.from({ length: next(4) }, () => names[next(names.length)]!);
    const folders = paths.filter((other) => other !== path && parentOf(other) === path);
    return {
      path,
      files: new Set(files),
      folders: new Set(folders.map((other) => other.slice(path.length + 1))),
    };
  });
}

function unstable(
  type: string,
  declared: TypeDeclaration,
  tree: readonly DirectoryFacts[],
  seed: number,
): string | undefined {
  const found = ask(type, declared, tree);
  const paths = [...found.keys()];
  const nested = paths.find((path) => entityOf(parentOf(path), found) !== undefined);
  if (nested !== undefined) return `'${nested}' is in another entity`;
  if (!isEqual(found, ask(type, declared, shuffled(tree, seed)))) return 'another order gives other entities';
  if (ask(type, declared, tree, paths).size > 0) return 'entities that exist do not stay the only ones';
  const added = 'a file of nobody.unrelated';
  const more = tree.map((facts) => ({ ...facts, files: new Set([...facts.files.keys(), added]) }));
  const without = [...ask(type, declared, more)].filter(([path]) => !path.endsWith(added));
  if (!isEqual(found, new Map(without))) return 'unrelated files give other entities';
  const outside = paths.find((path) => !isWithin(path, declared.top as RepositoryPath));
  return outside === undefined ? undefined : `'${outside}' is not below '${declared.top}'`;
}

function isEqual(
  a: ReadonlyMap<RepositoryPath, Beginning>,
  b: ReadonlyMap<RepositoryPath, Beginning>,
): boolean {
  const same = (x: Beginning, y: Beginning | undefined): boolean =>
    x.kind === y?.kind && JSON.stringify([...x.fields]) === JSON.stringify([...y.fields]);
  return a.size === b.size && [...a].every(([path, begin]) => same(begin, b.get(path)));
}
