/** The program itself, as a shell starts it: arguments, streams, exit codes, and the examples of the help. */

import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { after, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allCommands } from '../../src/cli/commands/table.ts';

const PROGRAM = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** A folder with `dbk` on the path of its shell. */
class Shell {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(t: TestContext) {
    const place = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'dbk-program-')));
    t.after(() => fs.rmSync(place, { recursive: true, force: true }));
    this.folder = join(place, 'Data');
    fs.mkdirSync(this.folder);
    fs.writeFileSync(join(place, 'dbk'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, {
      mode: 0o755,
    });
    this.#env = { PATH: `${place}:${process.env['PATH']}`, HOME: place, TZ: 'UTC', EDITOR: 'true' };
  }

  run(line: string): SpawnSyncReturns<string> {
    return spawnSync('sh', ['-c', line], { cwd: this.folder, env: this.#env, encoding: 'utf8' });
  }

  /** Refuses to go on where a step fails. */
  must(line: string): string {
    const { status, stderr, stdout } = this.run(line);
    assert.equal(status, 0, `${line}: ${stderr}`);
    return stdout;
  }
}

let template: string | undefined;

/** A repository in which there is something for each example to find. */
function furnished(t: TestContext): Shell {
  const shell = new Shell(t);
  if (template === undefined) furnish(shell, (template = fs.mkdtempSync(join(tmpdir(), 'dbk-furnished-'))));
  else shell.must(`cp -a '${template}'/. .`);
  return shell;
}

after(() => template !== undefined && fs.rmSync(template, { recursive: true, force: true }));

function furnish(shell: Shell, copy: string): void {
  shell.must(
    'mkdir -p Music build Pictures/2014; echo 0 > notes.txt; echo 7 > Pictures/a.jpg; echo 8 > Pictures/2014/b.jpg',
  );
  shell.must('echo 1 > Music/a; echo 2 > build/out; echo 3 > x.tmp; dbk init --name laptop');
  shell.must(
    'dbk commit -qm First; echo 11 > t; mv t Music/a; dbk commit -qm Second; echo 4 > b; dbk commit -qm Third',
  );
  shell.must(`rm -r Pictures; echo 5 > c; cp -a . '${copy}'`);
}

/** Albums and a project, for the examples that are about them. */
const ENTITIES =
  "mkdir -p 'Music/Rock/Radiohead/OK Computer' Music/Rock/Beatles/Help Music/Mixtape Projects/tool; " +
  "echo '{}' > Projects/tool/package.json; dbk commit -qm Entities";

/** Something that is written about a file, and was written otherwise before. */
const WRITTEN =
  'echo 9 > Music/a.flac; dbk meta set Music/a.flac rating=4; dbk commit -qm Fourth; ' +
  'dbk meta set Music/a.flac rating=5; dbk commit -qm Fifth';

/** Files and folders to write about, with an editor that changes nothing. */
const FIELDS =
  'mkdir -p Music/Rock/Radiohead Pictures; echo 9 > Music/a.flac; echo 7 > Pictures/a.jpg; echo 6 > a.jpg; ' +
  "dbk commit -qm Fourth; dbk meta set Pictures/a.jpg tags=sea rating=4; dbk meta set Music/a.flac rating=3; printf '#!/bin/sh\n' > ../code; chmod +x ../code";

for (const { name, examples } of await allCommands()) {
  test(`the examples of 'dbk help ${name}' work`, (t) => {
    const shell = name === 'init' ? new Shell(t) : furnished(t);
    if (name.startsWith('plugin ') || name === 'collect') shell.must('dbk plugin new books');
    if (name.startsWith('entity ')) shell.must(ENTITIES);
    if (name === 'entity split') shell.must('dbk entity join Music/Rock/Beatles');
    if (name === 'log' || name === 'restore') shell.must(WRITTEN);
    if (name === 'edit' || name.startsWith('meta ')) shell.must(FIELDS);
    if (name === 'plugin untrust') shell.must('dbk plugin trust -y books');
    for (const { line } of examples) {
      const { status, stderr } = shell.run(line);
      assert.equal(status, 0, `${line}: ${stderr}`);
    }
  });
}

test('arguments, folders and lists of any bytes arrive as they are', (t) => {
  const shell = new Shell(t);
  shell.must(
    `cd "$(printf '.')" && mkdir "$(printf 'caf\\351')" && cd "$(printf 'caf\\351')" && dbk init --name laptop`,
  );
  const inside = `cd "$(printf 'caf\\351')" &&`;
  shell.must(`${inside} echo 1 > "$(printf 'na\\357ve')" && dbk commit -qm one`);
  assert.equal(shell.must(`${inside} dbk why "$(printf 'na\\357ve')"`), `'na%EFve': recorded\n`);
  assert.equal(
    shell.must(`${inside} printf 'na\\357ve\\0' | dbk why --files-from - -z`),
    `'na%EFve': recorded\n`,
  );
  assert.equal(
    shell.must(`${inside} printf 'na\\357ve\\n' > list; dbk why --files-from list`),
    `'na%EFve': recorded\n`,
  );
  assert.equal(shell.must(`dbk -C "$(printf 'caf\\351')" ls`), `'na%EFve'\n`);
});

test('exit codes and streams are those of the command', (t) => {
  const shell = furnished(t);
  const rows: readonly (readonly [string, number])[] = [
    ['dbk status', 0],
    ['dbk diff --exit-code', 1],
    ['dbk nonsense', 2],
    ['dbk forget Music', 5],
    ['dbk -C / status', 10],
  ];
  for (const [line, code] of rows) assert.equal(shell.run(line).status, code, line);
  assert.equal(shell.must('dbk log --oneline | head -n 1 | wc -l').trim(), '1');
  assert.equal(shell.must('dbk ls 2>&1 >/dev/null </dev/null'), '');
  assert.match(shell.run('dbk log > /dev/full').stderr, /^dbk: error: cannot write the output: /);
});

test('a patch that is piped is one that other programs take', (t) => {
  const shell = furnished(t);
  if (spawnSync('git', ['--version']).status !== 0) return t.skip('needs git');
  shell.must('dbk diff HEAD^ HEAD > ../forwards; dbk show > ../shown; cp -r .dbk/index ../index');
  shell.must('cd ../index && git apply -R ../forwards && git apply ../shown && diff -r . ../Data/.dbk/index');
});

test('an interrupted commit leaves a repository that the next one goes on in', async (t) => {
  const shell = furnished(t);
  shell.must('for i in $(seq 3000); do echo $i > f$i; done');
  const line =
    'dbk commit & child=$!; while [ ! -e .dbk/local/lock ] && kill -0 $child; do :; done; kill -INT $child; wait $child';
  const { status, stderr } = shell.run(`trap '' INT; ${line}`);
  assert.ok(status === 130 || status === 0, `${status}: ${stderr}`);
  if (status === 130) assert.match(stderr, /stopping…\n[^]*interrupted; nothing is left half done\n/);
  shell.must('dbk commit');
  assert.match(shell.must('dbk status'), /^Nothing changed/);
});
