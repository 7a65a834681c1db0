/**
 * How the program is made to start fast: the compiled modules become a few files in `dist/bin`.
 *
 * `npm run build` calls it after tsc. The library (`dist/src`) stays as tsc wrote it.
 */

// What was measured (Node 20, interleaved runs, medians of the wall time by that of `node -e 0`; a program of 13
// modules and 100 kB that can load 600 kB more): modules as they are 1.33, and each further one costs; ES modules
// with splitting 1.27; one CommonJS file with everything in it 1.53; CommonJS with splitting 1.13. Hence CommonJS
// chunks (common-js.ts), a few of them to a file (packs.ts: forty more files cost 15 ms). Minifying gains nothing
// that can be measured and makes the stack trace of a bug unreadable. A compile cache (Node 22) is left to the
// person's NODE_COMPILE_CACHE: it writes outside the repository.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { commonJs, PRELUDE } from './common-js.ts';
import { packsOf, packText, programText } from './packs.ts';
import type { Chunk } from './packs.ts';

interface Program {
  readonly name: string;
  readonly entry: string;
  readonly executable: boolean;
  /** What is begun with most often; it loads the fewest files. */
  readonly first: readonly string[];
}

const dist = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(dist, 'bin');

/** Each is bundled by itself, so that the worker is one file and its inner loops call nothing across files. */
const programs: readonly Program[] = [
  { name: 'dbk', entry: join(dist, 'src/cli/main.js'), executable: true, first: ['status', 'commit'] },
  // Beside the chunks, so that `new URL('./worker.js', import.meta.url)` finds it as it does among tsc's files.
  { name: 'worker', entry: join(dist, 'src/scan/worker.js'), executable: false, first: [] },
];

/** Packages with binaries of their own; `npm` installs them beside the bundle. */
const external = ['@napi-rs/blake-hash', 'hash-wasm'];

/** Bundles one program into chunks of CommonJS; nothing is written yet. */
async function bundle(program: Program): Promise<{ chunks: readonly Chunk[]; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    entryPoints: { [program.name]: program.entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external,
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
  return { chunks: await Promise.all(chunks), metafile };
}

async function write(program: Program, notices: Map<string, string>): Promise<void> {
  const { chunks, metafile } = await bundle(program);
  const entry = `${program.name}.js`;
  const packs = packsOf(chunks, entry, program.first);
  for (const [name, members] of packs) {
    const path = join(folder, name === entry ? entry : `${program.name}-${name}`);
    const shell = name === entry && program.executable ? '#!/usr/bin/env node\n' : '';
    const text = name === entry ? programText(entry, packs, `./${program.name}-`) : packText(members);
    writeFileSync(path, `${shell}'use strict';\n${PRELUDE}${text}`);
    if (shell !== '') chmodSync(path, 0o755);
  }
  for (const input of Object.keys(metafile.inputs)) collectNotice(input, notices);
}

/** The licence of the package that a bundled file is from. */
function collectNotice(input: string, notices: Map<string, string>): void {
  const found = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input);
  if (found === null || notices.has(found[2]!)) return;
  const licence = readdirSync(found[1]!).find((name) => /^licen[cs]e/i.test(name));
  notices.set(found[2]!, licence ? readFileSync(join(found[1]!, licence), 'utf8') : 'see its package.json');
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
const notices = new Map<string, string>();
for (const program of programs) {
  if (existsSync(program.entry)) await write(program, notices);
  else console.error(`bundle: ${program.name}.js left out, there is no '${program.entry}'`);
}
const sections = [...notices].sort().map(([name, text]) => `${name}\n\n${text.trim()}\n`);
writeFileSync(join(folder, 'LICENSES.txt'), sections.join('\n----\n\n'));
