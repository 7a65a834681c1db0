/** What a repository last said of itself (README.md, section 12). */

import type { CommitId, ContentId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { line, type LineMap, type Value } from '../model/value.ts';
import { escapePath, escapeText } from './names.ts';
import { older, olderLine, type Older } from './older.ts';
import {
  commitIdOrNone,
  contentId,
  escapedText,
  fields,
  instant,
  listOf,
  number,
  oneOf,
  parsePeoplesText,
  path,
  pathOrFolder,
  repositoryId,
  repositoryName,
  someText,
  text,
  type Fields,
  type More,
} from './reader.ts';
import { rule, ruleValue, type WantRule } from './want.ts';
import type { Reader } from './yaml-read.ts';
import { byBytes, writeText } from './yaml-write.ts';

/** One way to get at a repository. */
export type Reach =
  | ({
      readonly kind: 'path';
      /** Absolute, on the machine it was written on. */
      readonly path: string;
      readonly volume?: string;
      readonly label?: string;
    } & More)
  | ({ readonly kind: 'ssh'; readonly ssh: string; readonly jump?: readonly string[] } & More)
  | ({ readonly kind: 'rclone'; readonly rclone: string } & More);

export interface Volume extends More {
  readonly id: string;
  readonly label: string;
}

/** A path with the content that is held there, or where the link points. */
export type Extra = { readonly path: RepositoryPath } & (
  { readonly blake3: ContentId } | { readonly link: string }
) &
  More;

/** A path, and what this volume had to call it. */
export interface Renamed extends More {
  readonly path: RepositoryPath;
  readonly as: string;
}

export interface RepositoryRecord extends More {
  readonly id: string;
  readonly name: string;
  /** One more with each writing. */
  readonly serial: number;
  /** In the order of preference. */
  readonly reach: readonly Reach[];
  readonly volume?: Volume;
  readonly head: CommitId | '';
  /** In order, the last that matches decides; none: everything. */
  readonly want: readonly WantRule[];
  readonly verified?: Instant;
  /** Bytes, when last written. */
  readonly free?: number;
  /** `none`: what it holds is no copy for anybody. */
  readonly trust: 'full' | 'none';
  /** It holds all that `want` takes at this commit, … */
  readonly holds: CommitId | '';
  /** … less these, not fetched yet (a whole folder ends in '/'), … */
  readonly absent: readonly string[];
  /** … less these, found gone and not confirmed, … */
  readonly missing: readonly string[];
  /** … plus these. */
  readonly extra: readonly Extra[];
  readonly older: readonly Older[];
  readonly as: readonly Renamed[];
}

/** The canonical text; what has no order of its own is sorted by the bytes of the paths. */
export function writeRepository(record: RepositoryRecord): string {
  const entries: [string, Value][] = [
    ['id', record.id],
    ['name', record.name],
    ['serial', record.serial],
  ];
  if (record.reach.length > 0) entries.push(['reach', record.reach.map(reachValue)]);
  if (record.volume !== undefined) entries.push(['volume', volumeValue(record.volume)]);
  entries.push(['head', record.head], ['want', record.want.map(ruleValue)]);
  if (record.verified !== undefined) entries.push(['verified', record.verified]);
  if (record.free !== undefined) entries.push(['free', record.free]);
  entries.push(['trust', record.trust], ['holds', record.holds]);
  for (const [key, list] of lists(record)) if (list.length > 0) entries.push([key, list]);
  return writeText('repository', [...entries, ...byBytes(record.more)]);
}

/** The record that a text says; throws a TextError. For `people` see reader.ts, `parsePeoplesText`. */
export function parseRepository(text: string, people?: Reader): RepositoryRecord {
  return parsePeoplesText(text, 'repository', readRecord, people);
}

function lists(record: RepositoryRecord): [string, Value[]][] {
  return [
    ['absent', [...record.absent].sort(compareBytes).map(escapeText)],
    ['missing', [...record.missing].sort(compareBytes).map(escapeText)],
    ['extra', byPath(record.extra).map((one) => pathLine(one, extraValue(one)))],
    ['older', byPath(record.older).map(olderLine)],
    ['as', byPath(record.as).map((one) => pathLine(one, { as: escapeText(one.as) }))],
  ];
}

function byPath<T extends { readonly path: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => compareBytes(a.path, b.path));
}

function pathLine(
  one: { readonly path: RepositoryPath } & More,
  keys: Readonly<Record<string, Value>>,
): LineMap {
  return line([['path', escapePath(one.path)], ...Object.entries(keys), ...byBytes(one.more)]);
}

function extraValue(one: Extra): Readonly<Record<string, Value>> {
  return 'link' in one ? { link: escapeText(one.link) } : { blake3: one.blake3 };
}

function volumeValue(volume: Volume): LineMap {
  return line([['id', volume.id], ['label', volume.label], ...byBytes(volume.more)]);
}

function reachValue(reach: Reach): LineMap {
  const keys: [string, Value][] = [];
  if (reach.kind === 'path') {
    keys.push(['path', escapeText(reach.path)]);
    if (reach.volume !== undefined) keys.push(['volume', reach.volume]);
    if (reach.label !== undefined) keys.push(['label', reach.label]);
  } else if (reach.kind === 'ssh') {
    keys.push(['ssh', reach.ssh]);
    if (reach.jump !== undefined) keys.push(['jump', reach.jump]);
  } else keys.push(['rclone', reach.rclone]);
  return line([...keys, ...byBytes(reach.more)]);
}

function readRecord(of: Fields): RepositoryRecord {
  return {
    id: of.required('id', repositoryId),
    name: of.required('name', repositoryName),
    serial: of.required('serial', number),
    reach: of.otherwise('reach', listOf(reach), []),
    ...of.optional('volume', volume),
    head: of.required('head', commitIdOrNone),
    want: of.required('want', listOf(rule)),
    ...of.optional('verified', instant),
    ...of.optional('free', number),
    trust: of.required('trust', oneOf('full', 'none')),
    holds: of.required('holds', commitIdOrNone),
    absent: of.otherwise('absent', listOf(pathOrFolder), []),
    missing: of.otherwise('missing', listOf(pathOrFolder), []),
    extra: of.otherwise('extra', listOf(extra), []),
    older: of.otherwise('older', listOf(older), []),
    as: of.otherwise('as', listOf(renamed), []),
    ...of.more(),
  };
}

const volume = fields<Volume>((of) => ({
  id: of.required('id', someText),
  label: of.otherwise('label', text, ''),
  ...of.more(),
}));

const reach = fields<Reach>((of) => {
  if (of.has('ssh')) {
    return {
      kind: 'ssh',
      ssh: of.required('ssh', someText),
      ...of.optional('jump', listOf(someText)),
      ...of.more(),
    };
  }
  if (of.has('rclone')) return { kind: 'rclone', rclone: of.required('rclone', someText), ...of.more() };
  return {
    kind: 'path',
    path: of.required('path', escapedText),
    ...of.optional('volume', someText),
    ...of.optional('label', text),
    ...of.more(),
  };
});

const extra = fields<Extra>((of) => {
  const at = of.required('path', path);
  if (of.has('link')) return { path: at, link: of.required('link', escapedText), ...of.more() };
  return { path: at, blake3: of.required('blake3', contentId), ...of.more() };
});

const renamed = fields<Renamed>((of) => ({
  path: of.required('path', path),
  as: of.required('as', escapedText),
  ...of.more(),
}));
