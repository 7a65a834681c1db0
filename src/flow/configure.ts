/** The settings of a repository: what they are, and how one is changed; and what a person set for all of theirs. */

import { refuse, Refusal, type RefusalKind } from '../model/problem.ts';
import { readText, removeFile, replaceFile } from '../store/files.ts';
import { SETTINGS, setConfigLine, settingOf, type Config, type GuardKind } from '../text/config.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parsePeoplesText, someText } from '../text/reader.ts';
import { parseRepository, writeRepository } from '../text/repository.ts';
import type { Reader } from '../text/yaml-read.ts';
import { readConfig } from './config.ts';
import type { Context } from './context.ts';
import { checkedGuard } from './guard.ts';
import { recordPath } from '../store/repository-file.ts';
import { exclusively } from './exclusively.ts';
import type { Repository } from './repository.ts';

export interface SettingShown {
  /** `confirm`, `keep.age`. */
  readonly key: string;
  /** As a person would type it; '' where it is not set. */
  readonly value: string;
  readonly doc: string;
}

const LONGEST = 1024 * 1024;
const LONGEST_RECORD = 512 * 1024 * 1024;

/** All of them, in the order in which the format lists them. */
export async function settings(repository: Repository): Promise<readonly SettingShown[]> {
  const config = await readConfig(repository);
  return SETTINGS.map(({ key, doc }) => ({ key, doc, value: settingOf(config, key) }));
}

/** One of them; refuses ('usage') a key that is none. */
export async function setting(repository: Repository, key: string): Promise<SettingShown> {
  const config = await readConfig(repository);
  const value = await refusing('usage', () => settingOf(config, key));
  return { key, value, doc: SETTINGS.find((known) => known.key === key)!.doc };
}

/**
 * Changes one line of `config.yaml`; every other byte of it stays. Gives the setting as it was before.
 *
 * Refuses ('usage') a key that is none and a value that the setting cannot have. A dry run asks no file system
 * whether it can do what `guard` wants.
 */
export async function changeSetting(
  repository: Repository,
  key: string,
  value: string,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<SettingShown> {
  return exclusively(repository, 'config', async () => {
    const { disk } = repository.context;
    const { config: path } = repository.layout;
    const config = await readConfig(repository);
    const text = readText(disk, path, LONGEST) ?? '';
    const before = await setting(repository, key);
    const change = (whole: string, people?: Reader): string => setConfigLine(whole, key, value, people);
    const changed = await refusing('usage', () => parseByPeople(change, text));
    if (dryRun) return before;
    if (key === 'guard') checkedGuard(disk, repository.layout, value as GuardKind);
    if (key === 'name' && value !== config.name) await introduceAs(repository, config, value);
    if (changed !== text) replaceFile(disk, path, changed, { durable: true });
    if (key === 'name' && value !== config.name) removeFile(disk, recordPath(repository.layout, config.name));
    return before;
  });
}

/** What the repository said of itself goes on under the new name, before the config has it. */
async function introduceAs(repository: Repository, { id, name }: Config, next: string): Promise<void> {
  const { disk } = repository.context;
  const there = await readRecord(repository, next);
  if (there !== undefined && there.id !== id) {
    refuse('usage', 'flow/name-taken', `another repository is called '${next}'`, {
      hint: 'choose another name',
    });
  }
  const own = await readRecord(repository, name);
  if (own === undefined) return;
  const text = writeRepository({ ...own, name: next, serial: own.serial + 1 });
  replaceFile(disk, recordPath(repository.layout, next), text, { durable: true });
}

async function readRecord(
  repository: Repository,
  name: string,
): Promise<ReturnType<typeof parseRepository> | undefined> {
  const text = readText(repository.context.disk, recordPath(repository.layout, name), LONGEST_RECORD);
  return text === undefined ? undefined : refusing('failed', () => parseByPeople(parseRepository, text));
}

/**
 * The author that a person's own settings name; undefined where there are none.
 *
 * The file is YAML with the one key `author`; the line `dbk: config 1` may stand above it. Refuses ('failed') what
 * cannot be read: a commit by somebody else cannot be taken back.
 */
export async function authorOfPerson(disk: Context['disk'], path: string): Promise<string | undefined> {
  const text = readText(disk, path, LONGEST);
  if (text === undefined || text.trim() === '') return undefined;
  const header = text.startsWith('dbk:') ? '' : 'dbk: config 1\n';
  const parse = (whole: string, people?: Reader): string | undefined =>
    parsePeoplesText(whole, 'config', (fields) => fields.optional('author', someText).author, people);
  return refusing('failed', () => parseByPeople(parse, header + text), {
    path,
    before: header === '' ? 0 : 1,
  });
}

/** Runs what may throw a TextError, which becomes a refusal. */
async function refusing<T>(kind: RefusalKind, run: () => T | Promise<T>, file?: TextPlace): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new Refusal(kind, placed(error.problem, file));
  }
}

/** Where a text was read from, and how many lines were put above it. */
interface TextPlace {
  readonly path: string;
  readonly before: number;
}

function placed(problem: TextError['problem'], file: TextPlace | undefined): TextError['problem'] {
  const { place, ...rest } = problem;
  if (file === undefined) return rest;
  const line = place?.line === undefined ? {} : { line: Math.max(1, place.line - file.before) };
  return { ...rest, place: { path: file.path, ...line } };
}
