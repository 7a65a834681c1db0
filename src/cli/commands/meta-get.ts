/** `dbk meta get`: what is known of files and folders, for people and programs. */

import { isConflict, readFields, type FieldValue, type Metadata } from '../../flow/read-fields.ts';
import { ROOT, type RepositoryPath } from '../../model/path.ts';
import { isMap, type Value } from '../../model/value.ts';
import { FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { jsonOf, pathLine, type Json, type JsonMap } from '../json.ts';
import { placeOf } from '../operands.ts';
import { shownLines, shownPath, shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { typedPaths } from './paths.ts';

export const META_GET: Entry = {
  name: 'meta get',
  group: 'knowledge',
  summary: 'Show what is known of files and folders',
  description: [
    `Fields that you wrote and, marked as read, those that were read from the content; what you wrote wins. Without PATH it is all that is known at and below the folder you are in.`,
    `With --field only the values are printed, a line each, after their path where there can be several.`,
  ],
  arguments: [{ name: 'PATH', optional: true, many: true }],
  options: [
    {
      name: 'field',
      short: 'f',
      type: 'text',
      value: 'FIELD',
      summary: 'only this field; give it again for more',
    },
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk meta get Music/a.flac', says: 'All fields of a file' },
    { line: 'dbk meta get -f rating Music/a.flac', says: 'The value of one' },
    { line: 'dbk meta get --json > metadata.jsonl', says: 'All that is known, for programs' },
  ],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = await typedPaths(work, work.given.operands);
  const isAll = typed.length === 0 && work.given.text('files-from') === undefined;
  const paths = isAll ? undefined : typed.map((each) => placeOf(repository, work.directory, each));
  const below = isAll ? placeOf(repository, work.directory, '.') : ROOT;
  const only = work.given.texts('field');
  const show = shower(work, only, paths?.length === 1);
  let found = 0;
  const report = (metadata: Metadata): boolean => {
    if (isFound(metadata, only)) found += 1;
    return show(metadata);
  };
  const met = await work.uncut(() => readFields(repository, { paths, below, report }));
  if (found === 0 && met.length === 0) work.note(only.length > 0 ? 'no such field' : 'nothing is written');
  work.report(met);
  work.summary({ found });
  return found === 0 ? EXIT.no : exitAfter(met);
}

function shower(work: Work, only: readonly string[], isOne: boolean): (metadata: Metadata) => boolean {
  let count = 0;
  return (metadata) => {
    if (work.isJson) work.stdout.write(`${jsonLine(metadata, only)}\n`);
    else if (only.length > 0)
      for (const line of valueLines(metadata, only, isOne)) work.stdout.write(`${line}\n`);
    else if (isFound(metadata, only)) {
      if (count++ > 0) work.stdout.write('\n');
      for (const line of pageOf(work, metadata)) work.stdout.write(`${line}\n`);
    }
    return !work.stdout.closed;
  };
}

function isFound({ sidecar }: Metadata, only: readonly string[]): boolean {
  if (sidecar === undefined) return false;
  const has = (key: string): boolean =>
    sidecar.fields.has(key) || sidecar.extracted?.fields.has(key) === true;
  return only.length === 0 || only.some(has);
}

function jsonLine({ path, sidecar, people }: Metadata, only: readonly string[]): string {
  const isWanted = (key: string): boolean => only.length === 0 || only.includes(key);
  const fields = Array.from(sidecar?.fields ?? []).filter(([key]) => isWanted(key));
  const extracted = Array.from(sidecar?.extracted?.fields ?? []).filter(([key]) => isWanted(key));
  return pathLine('metadata', path, {
    fields: jsonMap(fields.map(([key, value]) => [key, jsonOfField(value)])),
    extracted: jsonMap(extracted.map(([key, value]) => [key, jsonOf(value)])),
    people: jsonOfPeople(people, isWanted),
    text: only.length === 0 ? (sidecar?.prose ?? '') : undefined,
  });
}

/** What refers to people, with their names; left out where nothing does. */
function jsonOfPeople(people: Metadata['people'], isWanted: (key: string) => boolean): JsonMap | undefined {
  const all = [...people].flatMap(([key, meant]) => (isWanted(key) ? [...meant] : []));
  return all.length === 0 ? undefined : jsonMap(all);
}

/** `fromEntries` defines keys where an assignment would follow `__proto__`. */
function jsonMap(entries: readonly (readonly [string, Json])[]): JsonMap {
  return Object.fromEntries(entries);
}

export function jsonOfField(value: FieldValue): Json {
  if (!isConflict(value)) return jsonOf(value);
  const base = value.base === undefined ? [] : ([['base', jsonOf(value.base)]] as const);
  const sides = Array.from(
    value.values,
    ([side, said]) => [side, said === undefined ? null : jsonOf(said)] as const,
  );
  return { conflict: jsonMap([...base, ...sides]) };
}

/** What holds of each field, for a program that takes lines. */
function* valueLines(
  { path, sidecar }: Metadata,
  only: readonly string[],
  isOne: boolean,
): Generator<string> {
  for (const key of only) {
    const value = sidecar?.fields.get(key) ?? sidecar?.extracted?.fields.get(key);
    if (value === undefined) continue;
    const members = Array.isArray(value) ? (value as readonly Value[]) : [value];
    const start = `${isOne ? '' : `${shownPath(path)}: `}${only.length > 1 ? `${shownText(key)}: ` : ''}`;
    for (const member of members)
      yield start + (start === '' ? shownLines(wordsOf(member)) : shownText(wordsOf(member)));
  }
}

function* pageOf(work: Work, { path, kind, sidecar, people }: Metadata): Generator<string> {
  const { palette } = work;
  yield palette.heading(shownPath(path as RepositoryPath, kind === 'folder' ? 'directory' : 'other'));
  for (const [key, value] of sidecar?.fields ?? [])
    yield `  ${shownText(`${key}: ${wordsWith(value, people.get(key))}`)}`;
  for (const [key, value] of sidecar?.extracted?.fields ?? []) {
    const isOver = sidecar?.fields.has(key) === true;
    if (!isOver)
      yield `  ${shownText(`${key}: ${wordsWith(value, people.get(key))}`)}  ${palette.quiet('(read)')}`;
  }
  const prose = sidecar?.prose.trim() ?? '';
  if (prose !== '')
    for (const line of shownLines(prose.replaceAll('\r\n', '\n')).split('\n'))
      yield line === '' ? '' : `  ${line}`;
}

/** Of people the name behind what refers to them, where that is not the name itself. */
function wordsWith(value: FieldValue, meant: ReadonlyMap<string, string> | undefined): string {
  if (meant === undefined || isConflict(value) || isMap(value)) return wordsOf(value);
  const members = Array.isArray(value) ? (value as readonly Value[]) : [value];
  const named = (text: string): string => {
    const name = meant.get(text);
    return name === undefined || name === text ? text : `${text} (${name})`;
  };
  return members.map((member) => named(wordsOf(member))).join(', ');
}

export function wordsOf(value: FieldValue): string {
  if (isConflict(value)) {
    const sides = Array.from(
      value.values,
      ([side, said]) => `${side} ${said === undefined ? 'removed it' : wordsOf(said)}`,
    );
    return `not agreed: ${sides.join(', ')}`;
  }
  if (isMap(value)) return `{${Array.from(value.map, ([key, one]) => `${key}: ${wordsOf(one)}`).join(', ')}}`;
  return Array.isArray(value) ? value.map(wordsOf).join(', ') : String(value);
}
