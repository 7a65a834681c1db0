/** What a conflict is to a person: what happened, what each side has, and what to do. */

import type { Deed } from '../../flow/conflict-deeds.ts';
import type { Version } from '../../flow/conflict-versions.ts';
import { valueWords, type ConflictShown } from '../../flow/conflicts.ts';
import { jsonOf, lineOf, nameKeys, type JsonMap } from '../json.ts';
import { shownPath, shownText } from '../shown.ts';

type Conflict = ConflictShown['conflict'];

const HAPPENED: Readonly<Record<Conflict['kind'], string>> = {
  content: 'both sides changed it, and both versions are here',
  delete: 'one side deleted it, the other changed it: it is still here',
  rename: 'both sides moved it, to different places',
  directory: 'both sides moved or changed this folder in different ways',
  entity: 'what is one object on one side holds another on the other side',
  metadata: 'both sides wrote something different about it',
};

/** The lines about one conflict; the first is its path. */
export function* conflictWords(shown: ConflictShown): Generator<string> {
  const { conflict, versions } = shown;
  const { kind, paths, field } = conflict;
  yield shownPath(shown.path);
  const about = field === '' ? '' : `: '${shownText(field)}'`;
  yield `  ${HAPPENED[kind]}${about}`;
  const told = new Set<string>();
  for (const version of oursFirst(versions)) {
    const words = versionWords(version);
    if (words === undefined) continue;
    yield `  ${words}`;
    if (version.has.kind === 'at') told.add(version.has.path);
  }
  for (const other of paths.slice(1)) if (!told.has(other)) yield `  see also  ${shownPath(other)}`;
  if (shown.since !== undefined)
    yield `  since     ${shown.since.commit.slice(0, 16)}  ${shown.since.date.slice(0, 10)}`;
  yield `  settle    ${advice(shown)}`;
}

function oursFirst(versions: readonly Version[]): readonly Version[] {
  return [...versions].sort((a, b) => Number(b.isOurs === true) - Number(a.isOurs === true));
}

/** `ours      laptop  Pictures/a.jpg`. */
function versionWords({ repositories, isOurs, has }: Version): string | undefined {
  const side = isOurs === undefined ? 'side' : isOurs ? 'ours' : 'theirs';
  const whose = repositories.length === 0 ? 'somebody' : repositories.map(shownText).join(', ');
  const head = `${side.padEnd(8)}  ${whose}`;
  switch (has.kind) {
    case 'at':
      return `${head}: ${shownPath(has.path)}`;
    case 'gone':
      return `${head}: deleted it`;
    case 'value':
      return `${head}: ${has.value === undefined ? 'took it away' : shownText(valueWords(has.value))}`;
    case 'text':
      return `${head}: ${has.isKept ? 'its text gave way' : 'its text stands here'}`;
    case 'unknown':
      return repositories.length === 0 ? undefined : head;
  }
}

function advice({ path: about, conflict, versions }: ConflictShown): string {
  if (conflict.paths.length === 0) return `edit ${quoted(about)}, then dbk resolve --both --all`;
  const path = quoted(about === '' ? '.' : about);
  if (conflict.kind === 'entity') return `dbk resolve --both ${path}`;
  const merge = conflict.kind === 'content' && conflict.paths.length === 2 ? '--merge|' : '';
  const isKnown = versions.some(({ isOurs, has }) => isOurs !== undefined && has.kind !== 'unknown');
  if (isKnown) return `dbk resolve ${merge}--ours|--theirs|--both ${path}`;
  const names = new Set(
    versions.flatMap(({ repositories, has }) => (has.kind === 'unknown' ? [] : repositories)),
  );
  return names.size === 0
    ? `dbk resolve --both ${path}`
    : `dbk resolve --take ${[...names].map(shownText).join('|')} ${path}, or --both`;
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) && !path.startsWith('-')
    ? path
    : `'${shownText(path).replaceAll("'", `'\\''`)}'`;
}

/** `{"type":"conflict",…}`: one shape, whatever command tells of it, and what that command adds. */
export function conflictJson(
  { id, path, conflict }: Pick<ConflictShown, 'id' | 'path' | 'conflict'>,
  more: JsonMap = {},
): string {
  const { kind, paths, field } = conflict;
  return lineOf('conflict', {
    kind,
    ...nameKeys('path', path),
    paths: paths.map((each) => nameKeys('path', each)['path']),
    field: field === '' ? undefined : field,
    id: id === '' ? undefined : id,
    ...more,
  });
}

export function sidesJson({ versions, since }: ConflictShown): JsonMap {
  return {
    since: since?.commit,
    sides: versions.map(({ repositories, isOurs, has }) => ({
      repositories,
      ours: isOurs,
      ...(has.kind === 'at' && nameKeys('path', has.path)),
      ...(has.kind === 'gone' && { deleted: true }),
      ...(has.kind === 'value' && { value: has.value === undefined ? null : jsonOf(has.value) }),
      ...(has.kind === 'text' && { kept: has.isKept }),
    })),
  };
}

/** What was done about a conflict, or would be. */
export function deedWords(deed: Deed, about: string, dryRun: boolean): string {
  const would = dryRun ? 'would ' : '';
  const path = shownPath(about);
  const guarded = dryRun ? 'would go' : 'went';
  switch (deed.kind) {
    case 'close':
      return `${would}${dryRun ? 'leave' : 'left'} ${deed.stays.map((each) => shownPath(each)).join(' and ')} as it is`;
    case 'keep': {
      const verb = dryRun ? 'keep' : 'kept';
      if (deed.stays === deed.name)
        return `${would}${verb} ${path}; ${shownPath(deed.goes)} ${guarded} into the guard`;
      const name = shownPath(deed.stays);
      return `${would}${verb} ${name} as ${path}; what stood there ${guarded} into the guard`;
    }
    case 'keep-folder': {
      const verb = dryRun ? 'keep' : 'kept';
      const other = `${shownPath(deed.goes)}, all of it, ${guarded} into the guard`;
      if (deed.stays === deed.name) return `${would}${verb} ${path}; ${other}`;
      return `${would}${verb} ${shownPath(deed.stays)} as ${path}; what stood there, all of it, ${guarded} into the guard`;
    }
    case 'swap':
      return `${would}${dryRun ? 'call' : 'called'} ${shownPath(deed.beside)} ${path}, and what stood there ${shownPath(deed.beside)}`;
    case 'write':
      return `${would}${dryRun ? 'write' : 'wrote'} the merged ${path}; both versions ${guarded} into the guard`;
    case 'remove':
      return `${would}${dryRun ? 'delete' : 'deleted'} ${path}: it ${guarded} into the guard`;
    case 'move':
      return `${would}${dryRun ? 'move' : 'moved'} ${path} to ${shownPath(deed.to)}`;
    case 'field': {
      const field = shownText(deed.field);
      if (deed.value === undefined) return `${would}${dryRun ? 'take' : 'took'} '${field}' of ${path} away`;
      return `${would}${dryRun ? 'set' : 'set'} '${field}' of ${path} to ${shownText(valueWords(deed.value))}`;
    }
    case 'prose':
      return `${would}${dryRun ? 'take' : 'took'} the text about ${path} that had given way`;
  }
}
