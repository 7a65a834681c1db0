/** Whose code runs: plugins that a person trusts, and everything that ends that trust. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { quick, Stage, type Play, type Played } from './stage.ts';

const PROGRAM = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** A plugin as the text of a module. */
const plugin = (name: string, more = ''): string => `export default {
  api: 1, name: '${name}', version: 1, top: '${name}', merge: 'files', boundaries: [{ at: '{a}/' }], fields: {}, ${more}
};\n`;

/** What a module does when it runs, for the test to see. */
const leavesTrace = (path: string): string =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(path)}, '');\n`;

class Bench {
  readonly stage: Stage;
  readonly list: string;

  constructor(t: TestContext) {
    this.stage = new Stage(t);
    this.list = join(this.stage.folder, '../.config/dbk/plugins.yaml');
  }

  write(path: string, text: string): void {
    const whole = join(this.stage.folder, path);
    fs.mkdirSync(dirname(whole), { recursive: true });
    fs.writeFileSync(whole, text);
  }

  play(line: string, play?: Play): Promise<Played> {
    return this.stage.play(line.split(' '), play);
  }

  /** The plugins of `plugin list --json` that do not come with dbk: name, state, reason. */
  async others(): Promise<readonly string[]> {
    const { stdout } = await this.play('plugin list --json');
    const lines = stdout.trim().split('\n');
    const all = lines.map((line) => JSON.parse(line) as Record<string, string>);
    const others = all.filter(({ type, from }) => type === 'plugin' && from !== 'dbk');
    return others.map(({ name, state }) => `${name} ${state}`);
  }

  trusted(): string {
    return fs.existsSync(this.list) ? fs.readFileSync(this.list, 'utf8') : '';
  }
}

test('nothing of a plugin runs before the person says yes; then it is trusted as it is', async (t) => {
  const bench = new Bench(t);
  const trace = join(bench.stage.folder, 'ran');
  bench.write('books.mjs', leavesTrace(trace) + plugin('books'));
  const rows: [line: string, play: Play, exit: number][] = [
    ['plugin trust books.mjs', {}, 5],
    ['plugin trust books.mjs', { stdin: Buffer.from('y\n') }, 5],
    ['plugin trust books.mjs', { typed: ['n'] }, 1],
    ['plugin trust books.mjs', { typed: [''] }, 1],
    ['plugin trust --json books.mjs', { typed: ['y'] }, 5],
    ['plugin trust -n books.mjs', {}, 0],
    ['plugin trust -n -y books.mjs', {}, 0],
    [`plugin trust --hash ${'0'.repeat(64)} books.mjs`, {}, 5],
    [`plugin trust -y --hash ${'0'.repeat(64)} books.mjs`, {}, 5],
  ];
  for (const [line, play, exit] of rows) {
    assert.equal((await bench.play(line, play)).exit, exit, line);
    assert.deepEqual([fs.existsSync(trace), bench.trusted()], [false, ''], line);
  }
  assert.equal((await bench.play('plugin trust books.mjs', { typed: ['yes'] })).exit, 0);
  assert.ok(fs.existsSync(trace));
  assert.deepEqual(await bench.others(), ['books ready']);
});

test('the hash is what b3sum says, and given it needs no person', async (t) => {
  if (spawnSync('b3sum', ['--version']).error !== undefined) return t.skip('needs b3sum');
  const bench = new Bench(t);
  bench.write('one.js', plugin('one'));
  bench.write('many/plugin.js', `export { default } from './deep/it.js';\n`);
  bench.write('many/deep/it.js', plugin('many'));
  bench.write('many/a b', 'x');
  bench.write('many/a', '');
  const sums =
    "cd many && find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 b3sum | b3sum --no-names";
  const hashes = {
    'one.js': bench.stage.shell('b3sum --no-names one.js').trim(),
    many: bench.stage.shell(sums).trim(),
  };
  for (const [path, hash] of Object.entries(hashes)) {
    const { exit, stderr } = await bench.play(`plugin trust --hash ${hash} ${path}`);
    assert.deepEqual([exit, stderr], [0, '']);
  }
  assert.deepEqual(await bench.others(), ['many ready', 'one ready']);
});

test('only its owner can read and write the list; one that others can write counts for nothing', async (t) => {
  const bench = new Bench(t);
  bench.write('books.js', plugin('books'));
  const umask = process.umask(0);
  t.after(() => process.umask(umask));
  await bench.play('plugin trust -y books.js');
  assert.equal(fs.statSync(bench.list).mode & 0o777, 0o600);
  assert.equal(fs.statSync(dirname(bench.list)).mode & 0o777, 0o700);
  for (const mode of [0o660, 0o602, 0o622]) {
    fs.chmodSync(bench.list, mode);
    assert.deepEqual(await bench.others(), [], mode.toString(8));
    const { exit, stderr } = await bench.play('plugin trust -y books.js');
    assert.equal(exit, 1);
    assert.match(stderr, /others may write to it \(mode 6\d\d\)\nhint: .*chmod 600/);
  }
  fs.chmodSync(bench.list, 0o644);
  assert.deepEqual(await bench.others(), ['books ready']);
  // Of the list alone another user is said to be the owner.
  const owned = (path: string, uid: bigint): Play['disk'] & object => ({
    ...quick,
    statExact: (at) => {
      const stats = quick.statExact(at);
      return at === path && stats !== undefined ? Object.assign(stats, { uid }) : stats;
    },
  });
  const list = join(dirname(bench.stage.folder), '.config/dbk/plugins.yaml');
  const world: Play['world'] = (its) => ({ ...its, plugins: { ...its.plugins, user: 1234 } });
  const said = async (uid: bigint): Promise<string> =>
    (await bench.play('plugin list', { disk: owned(list, uid), world })).stderr;
  assert.match(await said(4711n), /belongs to another user\nhint: /);
  assert.deepEqual([await said(1234n), await said(0n)], ['', '']);
});

test('whatever changes of a plugin, it fails', async (t) => {
  const changes: readonly ((folder: string) => void)[] = [
    (folder) => fs.appendFileSync(join(folder, 'plugin.js'), ' '),
    (folder) => fs.appendFileSync(join(folder, 'node_modules/x/index.js'), ' '),
    (folder) => fs.writeFileSync(join(folder, 'new'), ''),
    (folder) => fs.rmSync(join(folder, 'notes')),
    (folder) => fs.renameSync(join(folder, 'notes'), join(folder, 'Notes')),
    (folder) => fs.rmSync(folder, { recursive: true }),
    (folder) => fs.rmSync(join(folder, 'plugin.js')),
    (folder) => {
      fs.rmSync(join(folder, 'link'));
      fs.symlinkSync('plugin.js', join(folder, 'link'));
    },
    (folder) => fs.symlinkSync('/etc/hostname', join(folder, 'out')),
  ];
  for (const [i, change] of changes.entries()) {
    const bench = new Bench(t);
    bench.write('books/plugin.js', plugin('books'));
    bench.write('books/node_modules/x/index.js', '');
    bench.write('books/notes', '');
    fs.symlinkSync('notes', join(bench.stage.folder, 'books/link'));
    if (i === 0) await bench.play('init --name laptop');
    assert.equal((await bench.play('plugin trust -y books')).exit, 0);
    assert.deepEqual(await bench.others(), ['books ready']);
    change(join(bench.stage.folder, 'books'));
    assert.deepEqual(await bench.others(), ['books fails'], String(i));
    if (i > 0) continue;
    const { exit, stderr } = await bench.play('commit -m x');
    assert.equal(exit, 1);
    assert.match(
      stderr,
      /cannot use the plugin 'books', which you trust: .*\nhint: .*dbk plugin trust .*books.*dbk plugin untrust books/,
    );
    assert.equal((await bench.play('plugin untrust books')).exit, 0);
    assert.equal((await bench.play('commit -m x')).exit, 0);
  }
});

test('what is no plugin, or would run unseen bytes, is never trusted', async (t) => {
  const bench = new Bench(t);
  bench.write('lib.js', 'export const a = 1;\n');
  bench.write('outside.js', `import './lib.js';\n${plugin('outside')}`);
  bench.write('package.js', `import 'yaml';\n${plugin('package')}`);
  bench.write('throws.js', `throw new Error('boom\\nboom');\n`);
  bench.write('wrong.js', 'export default { api: 1 };\n');
  bench.write('nothing.js', '');
  bench.write('music.js', plugin('music'));
  bench.write('text.txt', plugin('text'));
  bench.write('empty/other.js', plugin('empty'));
  bench.write('link-out/plugin.js', plugin('link-out'));
  fs.symlinkSync('../lib.js', join(bench.stage.folder, 'link-out/lib.js'));
  bench.write('dangling/plugin.js', plugin('dangling'));
  fs.symlinkSync('nowhere', join(bench.stage.folder, 'dangling/x'));
  bench.write('is-link/other.js', plugin('is-link'));
  fs.symlinkSync('other.js', join(bench.stage.folder, 'is-link/plugin.js'));
  bench.write('getter.js', `export default { get name() { throw new Error('no'); } };\n`);
  bench.write('.dbk/index/plugin.js', plugin('synced'));
  bench.stage.shell('mkdir pipe && mkfifo pipe/x');
  bench.write('pipe/plugin.js', plugin('pipe'));
  const imports: readonly (readonly [name: string, code: string])[] = [
    ['above', `import '../lib.js';`],
    ['absolute', `import ${JSON.stringify(join(bench.stage.folder, 'lib.js'))};`],
    ['later', `await import('../lib.js');`],
    ['made', `import { createRequire } from 'node:module'; createRequire(import.meta.url)('./old.cjs');`],
    ['package-above', `import 'above';`],
  ];
  bench.write('node_modules/above/index.js', '');
  for (const [name, code] of imports) {
    bench.write(`imports/${name}/plugin.js`, `${code}\n${plugin(name)}`);
    bench.write(`imports/${name}/old.cjs`, `require('../lib.cjs');\n`);
  }
  bench.write('imports/lib.js', '');
  bench.write('imports/lib.cjs', '');
  const rows: [path: string, reason: RegExp][] = [
    ...imports.map(([name]): [string, RegExp] => [
      `imports/${name}`,
      /'[^']*' is not in the plugin's own folder\nhint: put all that it imports/,
    ]),
    ['outside.js', /does not load: .*'?"?\.\/lib\.js[^]*hint: put all that it imports into one folder/],
    ['package.js', /does not load: /],
    ['throws.js', /does not load: boom\n/],
    ['wrong.js', /plugin '\?': name is not/],
    ['nothing.js', /exports no plugin as its default/],
    ['music.js', /is called 'music', as one that comes with dbk/],
    ['text.txt', /is no plugin\nhint: /],
    ['empty', /is no plugin\nhint: /],
    ['absent', /there is nothing at/],
    ['link-out', /link-out\/lib\.js' does not lead to something in the plugin's own folder/],
    ['dangling', /dangling\/x' does not lead/],
    ['is-link', /is no plugin/],
    ['getter.js', /does not load: no/],
    ['.dbk/index', /what is in '\.dbk' comes from elsewhere/],
    ['pipe', /holds 'x', which is no file/],
  ];
  for (const [path, reason] of rows) {
    const { exit, stderr } = await bench.play(`plugin trust -y ${path}`);
    assert.match(stderr, reason, path);
    assert.deepEqual([exit, bench.trusted()], [1, ''], path);
  }
});

test('what CommonJS requires is held to the folder too, and what it throws ends no command', (t) => {
  const bench = new Bench(t);
  const { folder } = bench.stage;
  bench.write('lib.cjs', '');
  bench.write('required/old.cjs', `require('../lib.cjs');\n`);
  bench.write('throws/old.cjs', `throw new Error('boom');\n`);
  bench.write('inside/old.cjs', `require('./deep/lib.cjs'); require('path');\n`);
  bench.write('inside/deep/lib.cjs', '');
  for (const name of ['required', 'throws', 'inside'])
    bench.write(`${name}/plugin.js`, `import './old.cjs';\n${plugin(name)}`);
  // A test runner has its own word on promises that nobody catches.
  const trust = (path: string): string => {
    const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config') };
    const words = [PROGRAM, 'plugin', 'trust', '-y', path];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return `${status} ${stdout}${stderr.split('\n')[0]}`;
  };
  assert.match(trust('required'), /^1 dbk: error: .* '\.\.\/lib\.cjs' is not in the plugin's own folder$/);
  assert.match(trust('throws'), /^1 dbk: error: .* does not load: boom$/);
  assert.match(trust('inside'), /^0 trusted 'inside'/);
});

test('a list that a person wrote is held to what it says', async (t) => {
  const bench = new Bench(t);
  const { folder } = bench.stage;
  bench.write('books.js', plugin('books'));
  const hash = /hash ([0-9a-f]{64})/.exec((await bench.play('plugin trust -n books.js')).stdout)![1]!;
  const rows: [lines: string, others: readonly string[], said: RegExp][] = [
    [`- {name: books, path: ${folder}/books.js, blake3: ${hash}}`, ['books ready'], /^$/],
    [
      `# mine\n- name: books\n  path: ${folder}/books.js\n  blake3: "${hash}"\n  note: x`,
      ['books ready'],
      /^$/,
    ],
    [`- {name: books, path: books.js, blake3: ${hash}}`, [], /'path' is not an absolute path/],
    [`- {name: other, path: ${folder}/books.js, blake3: ${hash}}`, ['other fails'], /is called 'books'/],
    [
      [1, 2].map(() => `- {name: books, path: ${folder}/books.js, blake3: ${hash}}`).join('\n'),
      ['books ready', 'books fails'],
      /is called 'books', as the one you trust/,
    ],
    [`- {name: books, path: ${folder}/books.js}`, [], /'blake3' is missing/],
  ];
  for (const [lines, others, said] of rows) {
    fs.mkdirSync(dirname(bench.list), { recursive: true });
    fs.writeFileSync(bench.list, `dbk: plugins 1\nplugins:\n${lines}\n`, { mode: 0o600 });
    assert.deepEqual(await bench.others(), others, lines);
    assert.match((await bench.play('plugin list -q')).stderr, /^$/);
    assert.match((await bench.play('plugin list')).stderr, said, lines);
  }
});

test('a second plugin of a name waits until the first is no longer trusted; the same place is replaced', async (t) => {
  const bench = new Bench(t);
  bench.write('a.js', plugin('books'));
  bench.write('b.js', plugin('books', "usual: ['*.b'],"));
  bench.write('c.js', plugin('others').replace("top: 'others'", "top: 'books'"));
  await bench.play('plugin trust -y a.js');
  assert.match(
    (await bench.play('plugin trust -y b.js')).stderr,
    /hint: first say: dbk plugin untrust books/,
  );
  assert.match(
    (await bench.play('plugin trust -y c.js')).stderr,
    /'books' and 'others' both have the top folder/,
  );
  bench.write('a.js', plugin('novels'));
  const again = await bench.play('plugin trust a.js', { typed: ['y'] });
  assert.match(again.stderr, /It is not what you trusted: that had the hash\n {2}[0-9a-f]{64}\n/);
  assert.equal((await bench.play('plugin trust -y b.js')).exit, 0);
  assert.deepEqual(await bench.others(), ['books ready', 'novels ready', 'others ready']);
  assert.equal((await bench.play('plugin untrust -n books')).exit, 0);
  assert.equal((await bench.play('plugin untrust books')).exit, 0);
  assert.match((await bench.play('plugin untrust books')).stderr, /you trust no plugin called 'books'/);
  assert.deepEqual(await bench.others(), ['novels ready', 'others ready']);
});

test('what is printed of a plugin cannot command a terminal', async (t) => {
  const bench = new Bench(t);
  bench.write('a\u001b[31m/plugin.js', plugin('red'));
  const { stdout } = await bench.stage.play(['plugin', 'trust', '-n', 'a\u001b[31m']);
  assert.doesNotMatch(stdout, /\u001b/);
});

test('what plugin new writes keeps the contract, and a sample that is broken is found', async (t) => {
  const bench = new Bench(t);
  for (const name of ['books', 'board-games-2', 'x']) {
    assert.equal((await bench.play(`plugin new ${name}`)).exit, 0);
    const { exit, stdout } = await bench.play(`plugin test ${name}`);
    assert.deepEqual([exit, stdout.split('\n').at(-2)], [0, 'It keeps the contract: 8 promises.']);
    assert.equal((await bench.play(`plugin trust -y ${name}`)).exit, 0);
  }
  assert.deepEqual(await bench.others(), ['board-games-2 ready', 'books ready', 'x ready']);
  const text = fs.readFileSync(join(bench.stage.folder, 'x/plugin.js'), 'utf8');
  bench.write(
    'x/plugin.js',
    text.replace('const pages', "if (bytes.length === 5) throw new Error('5');\n        const pages"),
  );
  bench.write('five.txt', '12345');
  assert.equal((await bench.play('plugin test x')).exit, 0);
  const { exit, stdout } = await bench.play('plugin test --json x --sample five.txt');
  assert.equal(exit, 1);
  assert.match(stdout, /"kept":false,"faults":\["readers 1, five.txt: as it is: throws Error: 5"/);
  for (const line of ['plugin new Books', 'plugin new music', 'plugin new books', 'plugin new y five.txt'])
    assert.equal((await bench.play(line)).exit, 2, line);
});
