/** Songs made by ffmpeg, and what the music plugin says of a file. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path/posix';
import music from '../../plugins/music/index.ts';
import type { ByteSource, Finding } from '../../src/plugin/api.ts';
import { takes } from '../../src/plugin/file-patterns.ts';

export interface Said {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly ids: Readonly<Record<string, string>>;
  readonly codes: readonly string[];
}

/** What readers and ids say of bytes under a name. */
export async function said(path: string, bytes: Uint8Array | ByteSource): Promise<Said> {
  const source = bytes instanceof Uint8Array ? sourceOf(bytes) : bytes;
  const view = { path, bytes: source, localPath: () => Promise.reject(new Error('no path is needed')) };
  const findings: Finding[] = [];
  const report = (finding: Finding): void => void findings.push(finding);
  let fields = {};
  const ids: Record<string, string> = {};
  for (const { files, read } of music.readers!)
    if (takes(files, path)) fields = { ...fields, ...(await read(view, report)) };
  for (const { name, files, compute } of music.mediaIds!) {
    const id = takes(files, path) ? await compute(view, report) : undefined;
    if (id !== undefined) ids[name] = id;
  }
  return { fields, ids, codes: findings.map(({ code }) => code) };
}

/** The same of a file of the disk. */
export async function saidOf(path: string): Promise<Said> {
  return said(basename(path), new Uint8Array(readFileSync(path)));
}

export function sourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (at, length) => bytes.subarray(at, at + length) };
}

/** Runs a tool; why not, where it is missing or fails. */
export function run(tool: string, ...words: readonly string[]): string | undefined {
  const { error, status, stderr } = spawnSync(tool, words, { encoding: 'utf8' });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return `needs ${tool}`;
  return status === 0 ? undefined : `${tool} ${words.join(' ')}: ${stderr}`;
}

export function output(tool: string, ...words: readonly string[]): string {
  return spawnSync(tool, words, { encoding: 'utf8' }).stdout;
}

/** What is missing of these tools, as a skip says it. */
export function missing(...tools: readonly (readonly [tool: string, word: string])[]): string | undefined {
  const absent = tools.find(([tool, word]) => run(tool, word)?.startsWith('needs ') === true);
  return absent && `needs ${absent[0]}`;
}

export const FFMPEG = ['ffmpeg', '-version'] as const;
/** Its library is the one of the system's Python, whatever others there are. */
export const PYTHON = '/usr/bin/python3';
export const MUTAGEN = ['mid3v2', '--version'] as const;

/** Three seconds of a tone, with the metadata and options given; the same samples for the same frequency. */
export function makeSong(
  folder: string,
  name: string,
  options: readonly string[] = [],
  frequency = 440,
): string {
  const path = join(folder, name);
  const tone = `sine=frequency=${frequency}:duration=3:sample_rate=44100`;
  const words = ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', tone, '-ac', '2', ...options, path];
  const fault = run('ffmpeg', ...words);
  if (fault !== undefined) throw new Error(fault);
  return path;
}

/** Options of ffmpeg for tags. */
export function tagged(tags: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(tags).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
}
