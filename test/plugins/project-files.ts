/** What the reader of projects answers for files in memory or in a folder. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { utf8 } from '../../fixtures/sample/bytes.ts';
import projects from '../../plugins/projects/index.ts';
import type { EntityFiles, Finding } from '../../src/plugin/api.ts';
import { compareBytes } from '../../src/model/name.ts';
import { takes } from '../../src/plugin/file-patterns.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

export interface Answer {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
}

export async function readProject(files: Files): Promise<Answer> {
  const [reader] = projects.entityReaders!;
  const findings: Finding[] = [];
  const sizes = [...files].map(([path, bytes]) => [path, bytes.length] as const);
  const entity: EntityFiles = {
    files: new Map(sizes.sort(([a], [b]) => compareBytes(a, b))),
    open: (path) => {
      const bytes = takes(reader!.files, path) ? files.get(path) : undefined;
      return bytes && { size: bytes.length, read: async (at, length) => bytes.subarray(at, at + length) };
    },
  };
  const fields = await reader!.read(entity, (finding) => findings.push(finding));
  return { fields, findings };
}

/** Texts by their paths. */
export function texts(files: Readonly<Record<string, string>>): Files {
  return new Map(Object.entries(files).map(([path, text]) => [path, utf8(text)]));
}

/** The files below a folder of the disk; links are left out. */
export function filesIn(folder: string): Files {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = all.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), new Uint8Array(readFileSync(path))]));
}
