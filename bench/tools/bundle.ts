/**
 * How the program is made to start fast: the compiled modules become a few files in `dist/bin`.
 *
 * `npm run build` calls it after tsc. The library (`dist/src`) stays as tsc wrote it.
 */

// What was measured (Node 20, interleaved runs, medians of the wall time by that of `node -e 0`; a program of 13
// modules and 100 kB that can load 600 kB more): modules as they are 1.33, and each further one costs; ES modules
// with splitting 1.27; one CommonJS file with everything in it 1.53; CommonJS with splitting 1.13. Hence CommonJS
// chunks (common-js.ts), a few of them to a file (packs.ts: forty more files cost 15 ms). Minifying gains nothing
// that can be measured and makes the stack trace of a bug unreadable. What V8 compiled is kept at build time
// (warm-up.ts): `status` went from 1.38 to 1.21.

import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licencesOf, writeProgram } from './program.ts';
import type { Program } from './program.ts';
import { warmUp } from './warm-up.ts';

const dist = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(dist, 'bin');

/** Each is bundled by itself, so that the worker is one file and its inner loops call nothing across files. */
const programs: readonly Program[] = [
  {
    name: 'dbk',
    entry: join(dist, 'src/cli/main.js'),
    isExecutable: true,
    first: ['status', 'commit', 'load-plugins', 'plugins'],
  },
  // Beside the chunks, so that `new URL('./worker.js', import.meta.url)` finds it as it does among tsc's files.
  { name: 'worker', entry: join(dist, 'src/scan/worker.js'), isExecutable: false, first: [] },
  {
    name: 'reading-thread',
    entry: join(dist, 'src/cli/reading-thread.js'),
    isExecutable: false,
    first: ['plugins'],
  },
  { name: 'suite-worker', entry: join(dist, 'src/plugin/suite-worker.js'), isExecutable: false, first: [] },
];

/** Packages with binaries or files of their own; `npm` installs them beside the bundle. */
const external = ['@napi-rs/blake-hash', 'exiftool-vendored', 'hash-wasm', 'mediainfo.js'];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
const inputs = new Set<string>();
for (const program of programs) {
  if (!existsSync(program.entry)) console.error(`bundle: there is no '${program.entry}'`);
  else for (const input of await writeProgram(program, folder, external)) inputs.add(input);
}
writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(inputs));
warmUp(join(folder, 'dbk.js'));

// `npx dbk` in the checkout: npm makes no link to a package's own program, and what npx makes instead it keeps,
// also when it was made before there was a program to link to.
const links = fileURLToPath(new URL('../../../node_modules/.bin/', import.meta.url));
if (existsSync(links)) {
  rmSync(join(links, 'dbk'), { force: true });
  symlinkSync('../../dist/bin/dbk.js', join(links, 'dbk'));
}
