/** What should be recorded, told by a plain map: independent of how commits come to be. */

import { digest } from '../../src/disk/blake3.ts';
import type { Change } from '../../src/model/change.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Entry } from '../../src/model/manifest.ts';
import { compareBytes, type Name } from '../../src/model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../../src/model/path.ts';
import { writeManifest } from '../../src/text/manifest.ts';
import { isCut, mirrorNames } from '../../src/text/mirror.ts';
import * as fixture from '../flow/fixture.ts';
import type { Thing, Tree } from '../flow/fixture.ts';
import { CONTENTS } from './edits.ts';

/** What a commit records that may record no deletion: of what is gone everything stays, and nothing in its place. */
export function withUnconfirmed(recorded: Tree, onDisk: Tree): Tree {
  const result = new Map(onDisk);
  for (const [path, thing] of recorded) {
    const now = onDisk.get(path);
    if (now !== undefined && isDirectory(now) === isDirectory(thing)) continue;
    if (now !== undefined) for (const other of onDisk.keys()) if (isWithin(other, path)) result.delete(other);
  }
  for (const [path, thing] of recorded) if (!result.has(path)) result.set(path, thing);
  return result;
}

/** Of files, links and directories; that the index spells a directory in another way is no news. */
export function told(changes: readonly Change[]): string[] {
  const ofPerson = changes.filter(
    ({ kind, what }) => what !== 'text' && !(what === 'directory' && kind === 'metadata'),
  );
  return ofPerson.map(fixture.wordsOf).sort();
}

/** What a status tells of two trees, path by path; of what is gone a commit has another word. */
export function differences(recorded: Tree, onDisk: Tree, gone = 'missing'): string[] {
  const words: string[] = [];
  for (const path of new Set([...recorded.keys(), ...onDisk.keys()])) {
    const [before, after] = [recorded.get(path), onDisk.get(path)];
    if (before !== undefined && (after === undefined || isDirectory(before) !== isDirectory(after))) {
      words.push(`${gone} ${before.kind} ${path}`);
    }
    if (after !== undefined && (before === undefined || isDirectory(before) !== isDirectory(after))) {
      words.push(`added ${after.kind} ${path}`);
    }
    const kind = before && after && kindOf(before, after);
    if (kind !== undefined) words.push(`${kind} ${after!.kind} ${path}`);
  }
  return words.sort();
}

function kindOf(before: Thing, after: Thing): string | undefined {
  if (isDirectory(before) !== isDirectory(after)) return undefined;
  if (before.kind !== after.kind) return 'retyped';
  if (before.kind === 'link')
    return before.target === (after as typeof before).target ? undefined : 'changed';
  if (before.kind === 'directory') return before.mode === (after as typeof before).mode ? undefined : 'mode';
  const now = after as typeof before;
  if (before.id !== now.id) return 'changed';
  if (before.mode !== now.mode) return 'mode';
  return before.mtime === now.mtime ? undefined : 'metadata';
}

/** Whether what somebody wrote about a path is still about something: a file or link, or a folder, as it was. */
export function isSameThing(path: string, before: Tree, after: Tree): boolean {
  const [old, now] = [before.get(path), after.get(path)];
  return old !== undefined && now !== undefined && isDirectory(old) === isDirectory(now);
}

/** The file on the disk counts; where it is gone, or is none, those that were known stay until somebody confirms. */
export function rulesOf(
  expected: Tree,
  onDisk: Tree,
  before: ReadonlyMap<string, string>,
  mayGo: (path: RepositoryPath) => boolean,
): Map<string, string> {
  const rules = new Map<string, string>();
  for (const [path, { kind }] of expected) {
    if (kind !== 'directory') continue;
    const place = childOf(path as RepositoryPath, '.dbkignore' as Name);
    const file = onDisk.get(place);
    const isGone = file === undefined || file.kind === 'directory';
    const kept = isGone && mayGo(place) ? undefined : before.get(path);
    const text = file?.kind === 'file' ? CONTENTS.find((content) => digest(content) === file.id) : kept;
    if (text !== undefined) rules.set(path, text);
  }
  return rules;
}

export function treeTexts(texts: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...texts].filter(([path]) => /^(tree|ignore\.d)\//.test(path)).sort(byPath));
}

export function byPath([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return compareBytes(a, b);
}

interface Mirror {
  /** Path of the text to the text. */
  readonly manifests: ReadonlyMap<string, string>;
  /** Path of the person's to where a text about it stands. */
  readonly sidecars: ReadonlyMap<string, string>;
}

/** As if written anew: where each text stands and what it says is a function of the tree alone. */
export function mirrorOf(tree: Tree): Mirror {
  const manifests = new Map<string, string>();
  const sidecars = new Map<string, string>();
  const write = (directory: RepositoryPath, mirror: string): void => {
    const things = [...tree].filter(
      ([path]) => path !== '' && parentOf(path as RepositoryPath) === directory,
    );
    const named = things.map(([path, thing]) => [nameOf(path as RepositoryPath), thing] as const);
    const files = named.filter(([, thing]) => !isDirectory(thing)).sort(([a], [b]) => compareBytes(a, b));
    const mirrors = mirrorNames(
      named.filter(([, thing]) => isDirectory(thing)).map(([name]) => name),
      digest,
    );
    manifests.set(`${mirror}/manifest.yaml`, manifestText(tree.get(directory)!, files, mirrors));
    sidecars.set(directory, `${mirror}/$.metadata`);
    for (const [name, its] of mirrorNames(
      files.map(([file]) => file),
      digest,
    )) {
      sidecars.set(childOf(directory, name), `${mirror}/$${its}.metadata`);
    }
    for (const [name, its] of mirrors) write(childOf(directory, name), `${mirror}/${its}`);
  };
  write('' as RepositoryPath, 'tree');
  return { manifests, sidecars };
}

function manifestText(
  directory: Thing,
  files: readonly (readonly [Name, Thing])[],
  mirrors: ReadonlyMap<Name, string>,
): string {
  const { mode } = directory as Extract<Thing, { kind: 'directory' }>;
  const cut = [...mirrors].filter(([name, mirror]) => isCut(mirror, name, digest));
  const manifest = { mode, files: new Map(files.map(([name, thing]) => [name, entryOf(thing)] as const)) };
  if (cut.length === 0) return writeManifest(manifest);
  const byMirror = cut.map(([name, mirror]) => [mirror, name] as const).sort(byPath);
  return writeManifest({ ...manifest, directories: new Map(byMirror) });
}

function entryOf(thing: Thing): Entry {
  if (thing.kind !== 'file')
    return { kind: 'link', target: (thing as Extract<Thing, { kind: 'link' }>).target };
  const { mode, id, size, mtime } = thing;
  return { kind: 'file', mode, blake3: id as ContentId, size, mtime: mtime as Instant };
}

export function digestOf(texts: ReadonlyMap<string, string>): string {
  const sorted = [...texts].filter(([path]) => !path.endsWith('/')).sort(([a], [b]) => compareBytes(a, b));
  return digest(sorted.map(([path, text]) => `${digest(text)}  ${path}\n`).join(''));
}

function isDirectory({ kind }: Thing): boolean {
  return kind === 'directory';
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
