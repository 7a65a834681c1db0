/**
 * How the program is made to start fast: the compiled modules become a few files in `dist/bin`.
 *
 * `npm run build` calls it after tsc. The library (`dist/src`) stays as tsc wrote it.
 */

// What was measured (Node 20, interleaved runs, medians of the wall time by that of `node -e 0`; a program of 13
// modules and 100 kB that can load 600 kB more): modules as they are 1.33, and each further one costs; ES modules
// with splitting 1.27; one CommonJS file with everything in it 1.53; CommonJS with splitting 1.13. Hence CommonJS
// chunks, with a package.json beside them that says so. Minifying gains nothing that can be measured and makes the
// stack trace of a bug unreadable. A compile cache (Node 22) is left to the person's NODE_COMPILE_CACHE: it writes
// outside the repository.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import type { Metafile } from 'esbuild';

interface Program {
  readonly name: string;
  readonly entry: string;
  readonly executable: boolean;
}

const dist = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(dist, 'bin');

/** Each is bundled by itself, so that the worker is one file and its inner loops call nothing across files. */
const programs: readonly Program[] = [
  { name: 'dbk', entry: join(dist, 'src/cli/main.js'), executable: true },
  // Beside the chunks, so that `new URL('./worker.js', import.meta.url)` finds it as it does among tsc's files.
  { name: 'worker', entry: join(dist, 'src/scan/worker.js'), executable: false },
];

/** Packages with binaries of their own; `npm` installs them beside the bundle. */
const external = ['@napi-rs/blake-hash', 'hash-wasm'];

/** A namespace of a CommonJS module that costs nothing to make and nothing to read through. */
const NAMESPACE =
  'const __namespace = (it) =>\n' +
  "  it[Symbol.toStringTag] === 'Module' ? it : Object.create(it, { default: { value: it, enumerable: true } });\n";
const MODULE_URL = "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;\n";

/** Bundles one program into ES modules; the texts are not yet written. */
async function bundle(program: Program): Promise<{ texts: Map<string, string>; metafile: Metafile }> {
  const result = await build({
    entryPoints: { [program.name]: program.entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: `${program.name}-[name]-[hash]`,
    external,
    legalComments: 'none',
    metafile: true,
    write: false,
  });
  return {
    texts: new Map(result.outputFiles.map((file) => [basename(file.path), file.text])),
    metafile: result.metafile,
  };
}

/**
 * An ES module as CommonJS.
 *
 * esbuild reads what another file exports through two getters, one of them shared by all names: 11 ns for each
 * use of an imported function where a direct getter is inlined (0.3 ns). So the module's own getters become its
 * exports, and chunks are required as they are.
 */
async function commonJs(text: string): Promise<string> {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__moduleUrl' },
  });
  const direct = code
    .replace(/^module\.exports = __toCommonJS\d*\((\w+)\);$/m, 'module.exports = $1;')
    .replace(/\b__toESM\d*\((require\("\.\/[^"]+"\))(?:, 1)?\)/g, '$1')
    .replace(/\b__toESM\d*\((require\("[^"]+"\))(?:, 1)?\)/g, '__namespace($1)');
  // A package in CommonJS that is loaded lazily: esbuild leaves only its default, Node gives the names as well.
  const whole = /^export default require_\w+\(\);$/m.test(text)
    ? `${direct}module.exports = __namespace(module.exports.default);\n`
    : direct;
  return (
    (whole.includes('__namespace(') ? NAMESPACE : '') +
    (whole.includes('__moduleUrl') ? MODULE_URL : '') +
    whole
  );
}

async function write(program: Program, notices: Map<string, string>): Promise<void> {
  const { texts, metafile } = await bundle(program);
  for (const [name, text] of texts) {
    const body = await commonJs(text.replace(/^#!.*\n/, ''));
    const isEntry = name === `${program.name}.js`;
    const path = join(folder, name);
    writeFileSync(
      path,
      `${isEntry && program.executable ? '#!/usr/bin/env node\n' : ''}'use strict';\n${body}`,
    );
    if (isEntry && program.executable) chmodSync(path, 0o755);
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
