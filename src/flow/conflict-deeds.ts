/** What a person's choice means for one conflict: what stays, what goes, and where. Pure. */

import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Value } from '../model/value.ts';
import * as say from './conflict-problems.ts';
import type { Has, Version } from './conflict-versions.ts';
import { subjectOf, type OpenConflict } from './open-conflicts.ts';

export type Choice =
  | { readonly kind: 'ours' }
  | { readonly kind: 'theirs' }
  /** All stays as it is, and the conflict is over. */
  | { readonly kind: 'both' }
  | { readonly kind: 'take'; readonly repository: string }
  /** What a person, or a merge, made of two contents. */
  | { readonly kind: 'text'; readonly text: string | Uint8Array };

export type Deed =
  /** Nothing but the conflict goes. */
  | { readonly kind: 'close'; readonly stays: readonly RepositoryPath[] }
  /** The content at `stays` gets the name `name`; what else the conflict is about goes. */
  | {
      readonly kind: 'keep';
      readonly name: RepositoryPath;
      readonly stays: RepositoryPath;
      readonly goes: RepositoryPath;
    }
  | {
      readonly kind: 'write';
      readonly name: RepositoryPath;
      readonly goes: RepositoryPath;
      readonly text: string | Uint8Array;
    }
  /** The same of two folders, each a whole: the one that stays gets the name, the other goes with all in it. */
  | {
      readonly kind: 'keep-folder';
      readonly name: RepositoryPath;
      readonly stays: RepositoryPath;
      readonly goes: RepositoryPath;
    }
  /** Two different things for one name: they change places. */
  | { readonly kind: 'swap'; readonly name: RepositoryPath; readonly beside: RepositoryPath }
  | { readonly kind: 'remove'; readonly path: RepositoryPath }
  | { readonly kind: 'move'; readonly from: RepositoryPath; readonly to: RepositoryPath }
  /** undefined takes the field away. */
  | {
      readonly kind: 'field';
      readonly path: RepositoryPath;
      readonly field: string;
      readonly value: Value | undefined;
    }
  /** The prose of the text that gave way. */
  | { readonly kind: 'prose'; readonly path: RepositoryPath; readonly kept: string };

/** What is to be done, or why that cannot be said. */
export function deedOf(open: OpenConflict, versions: readonly Version[], choice: Choice): Deed | Problem {
  const { kind, paths, kept } = open.conflict;
  const name = subjectOf(open.conflict)!;
  const beside = paths[1];
  const close: Deed = {
    kind: 'close',
    stays: kind === 'content' || kind === 'entity' ? paths : [name],
  };
  if (choice.kind === 'both' || kind === 'entity') return close;
  if (choice.kind === 'text') {
    const isPair = kind === 'content' && beside !== undefined;
    return isPair ? { kind: 'write', name, goes: beside, text: choice.text } : say.noText(name);
  }
  // What is about no path is a text that a person edits.
  if (paths.length === 0) return say.cannotTell(name);
  const has = chosen(name, versions, choice);
  if ('code' in has) return has;
  switch (has.kind) {
    case 'unknown':
      return say.cannotTell(name);
    case 'gone':
      return { kind: 'remove', path: name };
    case 'value':
      return { kind: 'field', path: name, field: open.conflict.field, value: has.value };
    case 'text':
      return has.isKept && kept !== undefined ? { kind: 'prose', path: name, kept } : close;
    case 'at':
      return placed(open, has.path, close);
  }
}

function placed({ conflict }: OpenConflict, path: RepositoryPath, close: Deed): Deed | Problem {
  const [name, beside] = conflict.paths as readonly [RepositoryPath, RepositoryPath?];
  switch (conflict.kind) {
    case 'content': {
      if (beside === undefined || conflict.paths.length > 2) return say.cannotTell(name);
      return { kind: 'keep', name, stays: path, goes: path === name ? beside : name };
    }
    case 'rename':
    case 'directory': {
      const { ids, paths } = conflict;
      if (ids.length === 0) return path === name ? close : { kind: 'move', from: name, to: path };
      // What wants one name stands beside each other: there is no other place for one of them.
      if (conflict.kind === 'rename' || beside === undefined || paths.length > 2) return say.cannotTell(name);
      if (ids.length === 2)
        return { kind: 'keep-folder', name, stays: path, goes: path === name ? beside : name };
      // Neither is a version of the other: no side has said that one of them should go.
      return path === name ? { kind: 'close', stays: paths } : { kind: 'swap', name, beside };
    }
    default:
      return close;
  }
}

/** What the chosen side has; several sides may have the same. */
function chosen(
  path: RepositoryPath,
  versions: readonly Version[],
  choice: Extract<Choice, { kind: 'ours' | 'theirs' | 'take' }>,
): Has | Problem {
  const names = [...new Set(versions.flatMap(({ repositories }) => repositories))];
  const found = versions.filter((version) => isChosen(version, choice));
  if (found.length === 0)
    return choice.kind === 'take'
      ? say.noSuchSide(path, choice.repository, names)
      : say.sideUnknown(path, names);
  const first = found[0]!.has;
  return found.every(({ has }) => isSame(has, first)) ? first : say.severalSides(path, names);
}

function isChosen({ repositories, isOurs }: Version, choice: Choice): boolean {
  switch (choice.kind) {
    case 'ours':
      return isOurs === true;
    case 'theirs':
      return isOurs === false;
    case 'take':
      return repositories.includes(choice.repository);
    case 'both':
    case 'text':
      return false;
  }
}

function isSame(a: Has, b: Has): boolean {
  if (a.kind === 'at' && b.kind === 'at') return a.path === b.path;
  return a === b || (a.kind === b.kind && (a.kind === 'gone' || a.kind === 'unknown'));
}

/** The paths of what goes, and nowhere else. */
export function goneBy(deed: Deed): RepositoryPath[] {
  if (deed.kind === 'remove') return [deed.path];
  if (deed.kind === 'write' || deed.kind === 'keep-folder') return [deed.goes];
  return deed.kind === 'keep' && deed.stays === deed.name ? [deed.goes] : [];
}

/** The same, of things that have moved meanwhile. */
export function deedAlong(deed: Deed, follow: (path: RepositoryPath) => RepositoryPath): Deed {
  switch (deed.kind) {
    case 'close':
      return { ...deed, stays: deed.stays.map(follow) };
    case 'keep':
    case 'keep-folder':
      return { ...deed, name: follow(deed.name), stays: follow(deed.stays), goes: follow(deed.goes) };
    case 'write':
      return { ...deed, name: follow(deed.name), goes: follow(deed.goes) };
    case 'swap':
      return { ...deed, name: follow(deed.name), beside: follow(deed.beside) };
    case 'move':
      return { ...deed, from: follow(deed.from), to: follow(deed.to) };
    case 'remove':
    case 'field':
    case 'prose':
      return { ...deed, path: follow(deed.path) };
  }
}
