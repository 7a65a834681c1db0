import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pluginTemplate } from '../../src/flow/plugin-template.ts';
import { temporary } from '../tools/tree.ts';

/** What `package.json` says that others may import. */
const EXPORTS = {
  './plugin': { types: './src/plugin/api.d.ts', default: './src/plugin/api.js' },
  './plugin-test': { types: './src/plugin/suite.d.ts', default: './src/plugin/suite.js' },
};

const built = fileURLToPath(new URL('../../', import.meta.url));
const README = readFileSync('plugins/README.md', 'utf8');

/** The text of a file that the page shows. */
function shown(file: string): string {
  const text = README.split(`\`${file}\`:\n\n\`\`\`js\n`)[1]?.split('\n```')[0];
  assert.ok(text, `no ${file} in plugins/README.md`);
  return `${text}\n`;
}

function run(folder: string, program: string, ...words: readonly string[]): { ok: boolean; output: string } {
  // A test that runs tests: those would report to this one's runner.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: folder, env, encoding: 'utf8' });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

test('a plugin in ten minutes: what is shown is what plugin new writes, of the right types, and passes the suite', (t) => {
  const folder = temporary(t);
  const dbk = join(folder, 'node_modules/dbk');
  mkdirSync(dbk, { recursive: true });
  symlinkSync(join(built, 'src'), join(dbk, 'src'));
  writeFileSync(join(dbk, 'package.json'), JSON.stringify({ name: 'dbk', type: 'module', exports: EXPORTS }));
  for (const [file, text] of pluginTemplate('books')) writeFileSync(join(folder, file), text);
  for (const file of ['plugin.js', 'plugin.test.js'])
    assert.equal(shown(`books/${file}`), pluginTemplate('books').get(file));

  const options = [
    '--noEmit',
    '--strict',
    '--allowJs',
    '--checkJs',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ];
  const typescript = join(dirname(fileURLToPath(import.meta.resolve('typescript/package.json'))), 'bin/tsc');
  const types = run(folder, process.execPath, typescript, ...options, 'plugin.js');
  assert.deepEqual(types, { ok: true, output: '' });
  const tests = run(folder, process.execPath, '--test');
  assert.ok(tests.ok, tests.output);
  assert.match(tests.output, /pass 8\n/);

  // It is judged at all.
  const text = shown('books/plugin.js');
  writeFileSync(join(folder, 'plugin.js'), text.replace('pages }', "pages: 'many' }"));
  assert.equal(run(folder, process.execPath, '--test').ok, false);
  writeFileSync(join(folder, 'plugin.js'), text.replace("of: 'file'", "of: 'page'"));
  assert.equal(run(folder, process.execPath, typescript, ...options, 'plugin.js').ok, false);
});
