/** The package as others install it: its program, the interface for plugins, its types, and the suite. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporary } from './tools/tree.ts';

const built = fileURLToPath(new URL('../', import.meta.url));
const typescript = join(dirname(fileURLToPath(import.meta.resolve('typescript/package.json'))), 'bin/tsc');

interface Ended {
  readonly exit: number | null;
  readonly output: string;
}

function run(folder: string, program: string, ...words: readonly string[]): Ended {
  // A test that runs tests: those would report to this one's runner.
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const env = { ...inherited, HOME: folder, XDG_CONFIG_HOME: join(folder, 'config') };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: folder, env, encoding: 'utf8' });
  return { exit: status, output: `${stdout}${stderr}` };
}

/** A project in which the packed package is installed, with its dependencies from the checkout. */
function installed(t: TestContext): string {
  const place = temporary(t);
  const source = join(place, 'source');
  const project = join(place, 'project');
  mkdirSync(join(source, 'dist'), { recursive: true });
  for (const name of ['bin', 'src', 'plugins'])
    cpSync(join(built, name), join(source, 'dist', name), { recursive: true });
  for (const name of ['package.json', 'README.md']) cpSync(name, join(source, name));
  const packed = run(source, 'npm', 'pack', '--ignore-scripts', '--silent');
  assert.equal(packed.exit, 0, packed.output);
  const modules = join(project, 'node_modules');
  mkdirSync(modules, { recursive: true });
  const tarball = join(source, packed.output.trim().split('\n').at(-1)!);
  assert.equal(run(modules, 'tar', '-xzf', tarball).exit, 0);
  assert.equal(run(modules, 'mv', 'package', 'dbk').exit, 0);
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies)) {
    const at = join(modules, name);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(dirname(dirname(dirname(typescript))), name), at);
  }
  return project;
}

test('installed elsewhere, the package has a program, an interface for plugins, its types and the suite', (t) => {
  if (!existsSync(join(built, 'bin/dbk.js'))) return t.skip('needs the bundle that npm run build makes');
  const project = installed(t);
  const dbk = (...words: readonly string[]): Ended =>
    run(project, process.execPath, 'node_modules/dbk/dist/bin/dbk.js', ...words);
  const done = ({ exit, output }: Ended): string => (assert.equal(exit, 0, output), output);

  done(dbk('plugin', 'new', 'books'));
  // The suite's thread is found beside the bundle.
  assert.match(done(dbk('plugin', 'test', 'books')), /It keeps the contract: 8 promises\.\n$/);
  assert.match(done(run(join(project, 'books'), process.execPath, '--test')), /pass 8\n/);
  done(dbk('plugin', 'trust', '-y', 'books'));
  writeFileSync(
    join(project, 'one.mjs'),
    readFileSync(join(project, 'books/plugin.js'), 'utf8').replaceAll("'books", "'one"),
  );
  done(dbk('plugin', 'trust', '-y', 'one.mjs'));
  assert.match(done(dbk('plugin', 'list')), /^books .*\/project\/books\n[^]*^one .*\/project\/one\.mjs$/m);

  const both = "await import('dbk'); await import('dbk/plugin'); await import('dbk/plugin-test');";
  done(run(project, process.execPath, '--input-type=module', '-e', both));
  writeFileSync(join(project, 'typed.mts'), TYPED);
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
  const types = (): Ended => run(project, process.execPath, typescript, ...options, 'typed.mts');
  assert.deepEqual(types(), { exit: 0, output: '' });
  writeFileSync(join(project, 'typed.mts'), TYPED.replace('pages: 1', "pages: 'one'"));
  assert.match(types().output, /Type 'string' is not assignable to type 'number'/);
});

const TYPED = `import { defineType } from 'dbk/plugin';
import { testPlugin } from 'dbk/plugin-test';

export default defineType({
  api: 1, name: 'typed', version: 1, top: 'Typed', merge: 'files', boundaries: [{ at: '{a}/' }], usual: ['*.x'],
  fields: { pages: { of: 'file', type: 'integer', merge: 'one', doc: 'How many' } },
  readers: [{ files: ['*.x'], read: async (file) => (file.bytes.size > 1 ? { pages: 1 } : {}) }],
});
export const suite = testPlugin;
`;
