/** A program of compiled modules, bundled into few files that start fast; bundle.ts says why so. */

import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { commonJs, PRELUDE } from './common-js.ts';
import { packsOf, packText, programText } from './packs.ts';
import type { Chunk } from './packs.ts';

export interface Program {
  readonly name: string;
  /** The compiled module that it begins with. */
  readonly entry: string;
  readonly isExecutable: boolean;
  /** What is begun with most often; it loads the fewest files. */
  readonly first: readonly string[];
}

/** Bundles one program into chunks of CommonJS; nothing is written yet. */
async function bundle(
  program: Program,
  folder: string,
  external: readonly string[],
): Promise<{ chunks: readonly Chunk[]; inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: { [program.name]: program.entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [...external],
    legalComments: 'none',
    metafile: true,
    write: false,
  });
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const chunks = outputFiles.map(async (file): Promise<Chunk> => {
    const name = basename(file.path);
    const own = outputs.get(name)!.imports.filter((it) => !it.external);
    const imported = (kind: string): readonly string[] =>
      own.filter((it) => it.kind === kind).map((it) => basename(it.path));
    return {
      name,
      code: await commonJs(file.text.replace(/^#!.*\n/, '')),
      needs: imported('import-statement'),
      mayLoad: imported('dynamic-import'),
    };
  });
  return { chunks: await Promise.all(chunks), inputs: Object.keys(metafile.inputs) };
}

/** Writes a program into a folder, and gives the files that it is made of. */
export async function writeProgram(
  program: Program,
  folder: string,
  external: readonly string[],
): Promise<readonly string[]> {
  const { chunks, inputs } = await bundle(program, folder, external);
  const entry = `${program.name}.js`;
  const packs = packsOf(chunks, entry, program.first);
  for (const [name, members] of packs) {
    const path = join(folder, name === entry ? entry : `${program.name}-${name}`);
    const isOwn = name === entry;
    const shell = isOwn && program.isExecutable ? '#!/usr/bin/env node\n' : '';
    // What Node itself loads it compiles each time: the less that is, the better.
    const own = isOwn && program.isExecutable ? 'main.js' : undefined;
    const prefix = `${program.name}-`;
    if (own !== undefined) writeFileSync(join(folder, prefix + own), fileOf(packText(members)));
    const text = isOwn ? programText(entry, packs, `./${prefix}`, own) : packText(members);
    writeFileSync(path, shell + fileOf(text));
    if (shell !== '') chmodSync(path, 0o755);
  }
  return inputs;
}

function fileOf(text: string): string {
  return `'use strict';\n${PRELUDE}${text}`;
}

/** The licences of the packages that bundled files are from, as one text. */
export function licencesOf(inputs: Iterable<string>): string {
  const notices = new Map<string, string>();
  for (const input of inputs) {
    const found = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input);
    if (found === null || notices.has(found[2]!)) continue;
    const licence = readdirSync(found[1]!).find((name) => /^licen[cs]e/i.test(name));
    notices.set(found[2]!, licence ? readFileSync(join(found[1]!, licence), 'utf8') : 'see its package.json');
  }
  const sections = [...notices].sort().map(([name, text]) => `${name}\n\n${text.trim()}\n`);
  return sections.join('\n----\n\n');
}
