/** The bundled program does what the modules do that it is made of. */

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { licencesOf, writeProgram } from '../../bench/tools/program.ts';

/** Every way in which modules take from one another, and texts that look like what the bundler looks for. */
const modules = {
  'package.json': '{ "type": "module" }',
  'node_modules/old/package.json': '{ "name": "old", "main": "index.js" }',
  'node_modules/old/LICENSE': 'Do what you like.\n',
  'node_modules/old/index.js': 'exports.one = 1; exports.two = () => 2;',
  'node_modules/outside/package.json': '{ "name": "outside", "main": "index.js" }',
  'node_modules/outside/index.js': 'module.exports = function outside() { return this === undefined; };',
  'main.js': `
import * as fs from 'node:fs';
import os, { EOL } from 'node:os';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import old, { one } from 'old';
import { shared, count, up } from './shared.js';
const require = createRequire(import.meta.url);
const text = \`
module.exports = __toCommonJS(x);
var y = require("node:zlib");
// Annotate the CommonJS export names for ESM import in node:
\`;
const say = (...words) => console.log(JSON.stringify(words));
async function main() {
  say(fs.existsSync('/'), typeof os.cpus, EOL, one, old.two(), text, typeof require('outside'));
  const lazy = await import('./lazy.js');
  say(lazy.default(3), lazy.named, Object.keys(lazy).sort(), shared === lazy.theirs);
  say(count, (up(), count), lazy.counted());
  const { two, default: all } = await import('old');
  say(two(), Object.keys(all));
  const { default: outside } = await import('outside');
  say(outside());
  const again = await import('./lazy.js');
  say(again === lazy || again.default === lazy.default);
  say((await lazy.load('data:text/javascript,await 0; export default 7')).default, (await import(String(new URL('./elsewhere.mjs', import.meta.url)))).url.endsWith('elsewhere.mjs'));
  const worker = new Worker(new URL('./worker.js', import.meta.url));
  worker.on('message', (message) => say('worker', message));
}
void main();
`,
  'elsewhere.mjs': 'await 0; export const url = import.meta.url;',
  'shared.js': `
export const shared = { it: 'shared' };
export let count = 0;
export function up() { count++; }
`,
  'lazy.js': `
import { crc32 } from 'node:zlib';
import { shared, count } from './shared.js';
import { deep } from './deep.js';
export { shared as theirs };
export const named = crc32('abc');
export const counted = () => count;
export const load = (address) => import(address);
export default (x) => deep(x);
`,
  'deep.js': `
export class Deep { constructor(x) { this.x = x; } }
export const deep = (x) => new Deep(x * 2);
`,
  'worker.js': `
import { parentPort } from 'node:worker_threads';
import { deep } from './deep.js';
parentPort.postMessage(deep(21));
`,
} as const;

let folder = '';

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'dbk-program-test-'));
  for (const [path, text] of Object.entries(modules)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});

after(() => rmSync(folder, { recursive: true, force: true }));

function output(program: string): string {
  const result = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  assert.deepEqual([result.stderr, result.status], ['', 0]);
  return result.stdout;
}

test('it prints what the modules print, from a file for each thing that is loaded on demand', async () => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'package.json'), '{ "type": "commonjs" }');
  // No part of the bundle: what it finds beside itself when it runs.
  copyFileSync(join(folder, 'elsewhere.mjs'), join(bin, 'elsewhere.mjs'));
  const programs = [
    { name: 'main', entry: join(folder, 'main.js'), isExecutable: true, first: ['lazy'] },
    { name: 'worker', entry: join(folder, 'worker.js'), isExecutable: false, first: [] },
  ];
  const inputs: string[] = [];
  for (const program of programs) inputs.push(...(await writeProgram(program, bin, ['outside'])));
  const files = readdirSync(bin).map((name) => name.replace(/-[0-9A-Z]{8}\.js$/, '-ID.js'));
  assert.deepEqual(files.sort(), [
    'elsewhere.mjs',
    'main-lazy-ID.js',
    'main-main.js',
    'main-old-ID.js',
    'main.js',
    'package.json',
    'worker.js',
  ]);
  assert.equal(output(join(bin, 'main.js')), output(join(folder, 'main.js')));
  assert.equal(licencesOf(inputs), 'old\n\nDo what you like.\n');
});
