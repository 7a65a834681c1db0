/** Looks things up in a table by path: the texts of an index, with their ids. */

import type { ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { hexOf } from '../disk/blake3.ts';
import * as T from './table.ts';

export interface TextsTable {
  /** The id of the text at a path; undefined where there is none. */
  idOf(path: string): ContentId | undefined;
  /** The names of the directories in a directory. */
  directoriesIn(path: string): readonly string[];
  /** The names of the texts in a directory. */
  namesIn(path: string): readonly string[];
  has(path: string): boolean;
  /** Every text with its id, in the order of the bytes of the whole path. */
  all(): { readonly path: string; readonly id: ContentId }[];
}

interface Node {
  readonly row: number;
  readonly directories: ReadonlyMap<string, number>;
  readonly files: ReadonlyMap<string, number>;
}

/** `hashes` are those of the table; directories are opened when they are first asked for. */
export function textsTable(table: T.Table, hashes: () => Uint8Array): TextsTable {
  const links = T.linksOf(table);
  const nodes = new Map<string, Node | undefined>();
  const open = (row: number): Node => {
    const directories = new Map<string, number>();
    for (let child = links.firstChild[row]!; child !== -1; child = links.nextSibling[child]!) {
      directories.set(T.nameOfRow(table, child), child);
    }
    const first = table.columns.firstEntry[row]!;
    const files = new Map(
      T.namesOf(table, row)
        .slice(1)
        .map((name, i) => [name as string, first + i]),
    );
    return { row, directories, files };
  };
  const nodeOf = (path: string): Node | undefined => {
    if (nodes.has(path)) return nodes.get(path);
    const row = path === '' ? (table.directories > 0 ? 0 : undefined) : rowBelow(path);
    const node = row === undefined ? undefined : open(row);
    nodes.set(path, node);
    return node;
  };
  const rowBelow = (path: string): number | undefined => {
    const slash = path.lastIndexOf('/');
    return nodeOf(path.slice(0, Math.max(0, slash)))?.directories.get(path.slice(slash + 1));
  };
  const entryAt = (path: string): number | undefined => {
    const slash = path.lastIndexOf('/');
    return nodeOf(path.slice(0, Math.max(0, slash)))?.files.get(path.slice(slash + 1));
  };
  const idAt = (entry: number): ContentId => hexOf(hashes().subarray(entry * 32, entry * 32 + 32));
  return {
    idOf: (path) => {
      const entry = entryAt(path);
      return entry === undefined ? undefined : idAt(entry);
    },
    directoriesIn: (path) => [...(nodeOf(path)?.directories.keys() ?? [])],
    namesIn: (path) => [...(nodeOf(path)?.files.keys() ?? [])],
    has: (path) => entryAt(path) !== undefined,
    all: () => {
      const texts: { path: string; id: ContentId }[] = [];
      const addBelow = (row: number, prefix: string): void => {
        for (const { name, entry, child } of childrenOf(table, links, row)) {
          if (entry !== undefined) texts.push({ path: prefix + name, id: idAt(entry) });
          else addBelow(child, `${prefix}${name}`);
        }
      };
      if (table.directories > 0) addBelow(0, '');
      return texts;
    },
  };
}

type Child =
  | { readonly name: string; readonly entry: number; readonly child?: undefined }
  | { readonly name: string; readonly entry?: undefined; readonly child: number };

/** In the order of the bytes of whole paths: directories, with a `/` behind their names, among the texts. */
function childrenOf(table: T.Table, links: T.Links, row: number): Child[] {
  const first = table.columns.firstEntry[row]!;
  const children: Child[] = T.namesOf(table, row)
    .slice(1)
    .map((name, i) => ({ name, entry: first + i }));
  const texts = children.length;
  for (let child = links.firstChild[row]!; child !== -1; child = links.nextSibling[child]!)
    children.push({ name: `${T.nameOfRow(table, child)}/`, child });
  // The texts are in order as they are.
  return children.length === texts ? children : children.sort((a, b) => compareBytes(a.name, b.name));
}
