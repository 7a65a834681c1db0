/** The settings of one repository (README.md, section 13), and how one of them is changed in the text. */

import { line, type LineMap, type Scalar, type Value } from '../model/value.ts';
import { fixedSetting, TextError, uneditable, unknownSetting } from './problems.ts';
import {
  fields,
  like,
  number,
  oneOf,
  parsePeoplesText,
  repositoryId,
  repositoryName,
  someText,
} from './reader.ts';
import type { Fields, More } from './reader.ts';
import type { Reader } from './yaml-read.ts';
import { byBytes, NUMBER, writeEntry, writeFlow, writeKey, writeText } from './yaml-write.ts';

export type GuardKind = 'none' | 'links' | 'reflinks';

/** What the guard keeps of what was confirmed: by number of commits, by age, by free space. */
export interface Keep extends More {
  readonly commits: number;
  /** A number and `h`, `d`, `w` or `y`. */
  readonly age: string;
  /** A share of the volume, `10%`, or a size, `50G`. */
  readonly free: string;
}

export interface Config extends More {
  readonly name: string;
  readonly id: string;
  readonly author?: string;
  readonly guard: GuardKind;
  readonly index: 'files' | 'commits';
  /** How many deletions only `--confirm-deletions` records. */
  readonly confirm: number;
  readonly keep: Keep;
}

/** A setting that `dbk config KEY` prints and, unless it is fixed, `dbk config KEY VALUE` changes. */
export interface Setting {
  readonly key: string;
  readonly doc: string;
  readonly isFixed?: boolean;
}

export const SETTINGS: readonly Setting[] = [
  { key: 'name', doc: 'what this repository is called in commits and by other repositories' },
  { key: 'id', doc: 'what this repository is known by, whatever it is called; made once', isFixed: true },
  { key: 'author', doc: 'who makes the commits: a name, and an address in <> if you like' },
  { key: 'guard', doc: 'how deleted files are kept: links, reflinks or none' },
  { key: 'index', doc: 'where the texts of the index stand: files, or commits to keep no index/' },
  { key: 'confirm', doc: 'from how many deletions on only --confirm-deletions records them' },
  { key: 'keep.commits', doc: 'after how many commits what the guard holds may be freed' },
  { key: 'keep.age', doc: 'after what time it may be freed: 30d (h, d, w, y)' },
  { key: 'keep.free', doc: 'below what free space it is freed sooner: 10% or 50G' },
];

export const DEFAULT_KEEP: Keep = { commits: 0, age: '30d', free: '10%' };

/** What a config says that names nothing but the repository. */
export const DEFAULT_CONFIG: Omit<Config, 'name' | 'id'> = {
  guard: 'none',
  index: 'files',
  confirm: 1000,
  keep: DEFAULT_KEEP,
};

/** The canonical text, with every setting. */
export function writeConfig(config: Config): string {
  const entries: [string, Value][] = [
    ['name', config.name],
    ['id', config.id],
  ];
  if (config.author !== undefined) entries.push(['author', config.author]);
  entries.push(['guard', config.guard], ['index', config.index], ['confirm', config.confirm]);
  entries.push(['keep', keepValue(config.keep)], ...byBytes(config.more));
  return writeText('config', entries);
}

/** The config that a text says; throws a TextError. For `people` see reader.ts, `parsePeoplesText`. */
export function parseConfig(text: string, people?: Reader): Config {
  return parsePeoplesText(text, 'config', readConfig, people);
}

/** The value of a setting as `dbk config KEY` prints it; '' where it is not set. */
export function settingOf(config: Config, key: string): string {
  requireSetting(key);
  const [first, second] = key.split('.') as [keyof Config, keyof Keep | undefined];
  const value = second === undefined ? config[first] : config.keep[second];
  return value === undefined ? '' : String(value);
}

/**
 * The text with one setting changed: one line changes (its comment stays) or one is added at the end, every
 * other byte stays. Throws a TextError for a setting that is not one, for a value it cannot have, and where a
 * person's layout does not allow it.
 */
export function setConfigLine(text: string, key: string, value: string, people?: Reader): string {
  if (requireSetting(key).isFixed === true) throw fixedSetting(key);
  const written: Scalar = key === 'confirm' || key === 'keep.commits' ? numberOr(value) : value;
  const before = parseConfig(text, people);
  const [first, second] = key.split('.') as [string, string | undefined];
  const expected = writeConfig(withSetting(before, first, second, written));
  withoutLine(() => parseConfig(expected));
  const changed =
    second === undefined ? changeLine(text, first, written) : changeKeep(text, before, second, written);
  if (!says(changed, expected, people)) throw uneditable(undefined, key);
  return changed;
}

/** The text of a copy that becomes a repository of its own: two lines change. Throws as `setConfigLine` does. */
export function setIdentity(
  text: string,
  { name, id }: Pick<Config, 'name' | 'id'>,
  people?: Reader,
): string {
  const expected = writeConfig({ ...parseConfig(text, people), name, id });
  withoutLine(() => parseConfig(expected));
  const changed = changeLine(changeLine(text, 'name', name), 'id', id);
  if (!says(changed, expected, people)) throw uneditable(undefined, 'id');
  return changed;
}

/** A wrong value was not read from a line. */
function withoutLine(check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new TextError(error.problem.code, undefined, error.problem.reason, error.problem.hint);
  }
}

function says(text: string, canonical: string, people: Reader | undefined): boolean {
  try {
    return writeConfig(parseConfig(text, people)) === canonical;
  } catch (error) {
    if (error instanceof TextError) return false;
    throw error;
  }
}

function keepValue(keep: Keep): LineMap {
  return line([['commits', keep.commits], ['age', keep.age], ['free', keep.free], ...byBytes(keep.more)]);
}

const keep = fields<Keep>((of) => ({
  commits: of.otherwise('commits', number, DEFAULT_KEEP.commits),
  age: of.otherwise('age', like(/^(?:0|[1-9]\d{0,5})[hdwy]$/, 'a time, as 30d'), DEFAULT_KEEP.age),
  free: of.otherwise(
    'free',
    like(/^(?:(?:0|[1-9]\d?)%|(?:0|[1-9]\d{0,8})[KMGT])$/, 'a share or a size, as 10% or 50G'),
    DEFAULT_KEEP.free,
  ),
  ...of.more(),
}));

function readConfig(fields: Fields): Config {
  return {
    name: fields.required('name', repositoryName),
    id: fields.required('id', repositoryId),
    ...fields.optional('author', someText),
    guard: fields.otherwise('guard', oneOf('none', 'links', 'reflinks'), DEFAULT_CONFIG.guard),
    index: fields.otherwise('index', oneOf('files', 'commits'), DEFAULT_CONFIG.index),
    confirm: fields.otherwise('confirm', number, DEFAULT_CONFIG.confirm),
    keep: fields.otherwise('keep', keep, DEFAULT_KEEP),
    ...fields.more(),
  };
}

function requireSetting(key: string): Setting {
  const setting = SETTINGS.find((known) => known.key === key);
  if (setting !== undefined) return setting;
  const known = SETTINGS.map(({ key }) => key);
  throw unknownSetting(key, known);
}

function numberOr(value: string): Scalar {
  return NUMBER.test(value) ? Number(value) : value;
}

function withSetting(config: Config, first: string, second: string | undefined, value: Scalar): Config {
  if (second === undefined) return { ...config, [first]: value };
  return { ...config, keep: { ...config.keep, [second]: value } };
}

function changeLine(text: string, key: string, value: Scalar): string {
  const entry = new RegExp(`^${key}:(?=[ \\r]|$)`);
  const lines = text.split('\n');
  const at = lines.findIndex((line) => entry.test(line));
  if (at === -1) return appended(text, writeEntry(key, value));
  lines[at] = replaceValue(lines[at]!, key.length + 1, writeFlow(value));
  return lines.join('\n');
}

/** `keep` is a map on one line, or one that a person wrote one entry a line. */
function changeKeep(text: string, config: Config, key: string, value: Scalar): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^keep:(?=[ \r]|$)/.test(line));
  if (at === -1) return appended(text, writeEntry('keep', line([[key, value]])));
  if (/^keep: +\{/.test(lines[at]!)) {
    const { keep } = withSetting(config, 'keep', key, value);
    lines[at] = replaceValue(lines[at]!, 'keep:'.length, writeFlow(keepValue(keep)));
    return lines.join('\n');
  }
  const indent = /^ +(?=[^ #\r])/.exec(lines[at + 1] ?? '')?.[0];
  if (indent === undefined) throw uneditable(at + 1, `keep.${key}`);
  let inner = at + 1;
  while (
    inner < lines.length &&
    lines[inner]!.startsWith(indent) &&
    !lines[inner]!.startsWith(`${indent}${key}:`)
  )
    inner++;
  const isThere = lines[inner]?.startsWith(`${indent}${key}:`) === true;
  if (isThere) lines[inner] = replaceValue(lines[inner]!, indent.length + key.length + 1, writeFlow(value));
  else lines.splice(at + 1, 0, `${indent}${writeKey(key)}: ${writeFlow(value)}`);
  return lines.join('\n');
}

/** The line with another value behind the colon; blanks and a comment behind the value stay. */
function replaceValue(line: string, colonEnd: number, written: string): string {
  const rest = line.slice(colonEnd);
  const value = /^ *(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\{[^}#]*\})/.exec(rest)?.[0];
  const end = value?.length ?? / +#| *\r?$/.exec(rest)?.index ?? rest.length;
  return `${line.slice(0, colonEnd)} ${written}${rest.slice(end)}`;
}

function appended(text: string, entry: string): string {
  return `${text}${text.endsWith('\n') ? '' : '\n'}${entry}`;
}
