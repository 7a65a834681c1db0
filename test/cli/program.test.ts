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

  /** What is mounted, is mounted beside it. */
  run(line: string): SpawnSyncReturns<string> {
    const here = line.replaceAll('/media/', `${join(this.folder, '../media')}/`);
    return spawnSync('sh', ['-c', here], { cwd: this.folder, env: this.#env, encoding: 'utf8' });
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
  else shell.must(`cp -a '${template}'/. . && rm .dbk/local/here`);
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

/** Pictures with fields. */
const DESCRIBED =
  'mkdir -p Pictures Phone Music/rock/Beatles/Abbey; echo 7 > Pictures/a.jpg; cp Pictures/a.jpg Phone; ' +
  'echo 70 > Pictures/b.jpg; echo 1 > Music/rock/Beatles/Abbey/1; dbk commit -qm Fourth; ' +
  "dbk meta set Music/rock/Beatles/Abbey/1 'title=Abbey Road'; " +
  'dbk meta set Pictures/a.jpg people=Anna taken=2014-05-01 rating=4; ' +
  "echo 'At the Trevi fountain' >> '.dbk/index/tree/Pictures/$a.jpg.metadata'; dbk commit -qm Fifth";

/** Somebody who is known, and cards of others. */
const PEOPLE =
  "dbk people add 'Anna Lind'; printf 'BEGIN:VCARD\\r\\nVERSION:4.0\\r\\nFN:Thom\\r\\nEND:VCARD\\r\\n' > contacts.vcf";

/** Two other repositories, which are remotes; one has something new. */
const OTHERS =
  'mkdir Pictures; echo 7 > Pictures/a.jpg; dbk commit -qm Fourth; ' +
  'dbk clone . /media/disk/Data --name disk; dbk clone . ../Laptop --name nas; ' +
  '(cd ../Laptop; echo n > n.txt; dbk commit -qm There); echo h > h.txt; dbk commit -qm Here; ' +
  'dbk remote add disk /media/disk/Data; dbk remote add nas ../Laptop';

/** The same was changed there and here, by people who take both. */
const IN_CONFLICT =
  '(cd ../Laptop; echo n > notes.txt; echo 8 > Pictures/a.jpg; dbk commit -qm There); ' +
  'echo h > notes.txt; echo 9 > Pictures/a.jpg; dbk commit -qm Here; dbk merge ../Laptop > ../merged; ' +
  `printf '#!/bin/sh\nsed -i "/^[<=>|][<=>|]*/d" "$@"\n' > ../editor; chmod +x ../editor; grep -q conflict ../merged`;

/** Another repository knows where `nas` is, and nobody has agreed to that here. */
const HEARD =
  'dbk remote remove nas; (cd /media/disk/Data; dbk remote add nas ../../../Laptop; dbk pull nas; ' +
  'echo 6 > six; dbk commit -qm Six); dbk pull disk';

/** What `nas` has is not wanted here. */
const UNWANTED =
  '(cd ../Laptop; mkdir -p Movies/Alien; echo a > Movies/Alien/a.mkv; dbk commit -qm Alien); ' +
  "dbk want 'not:Movies/'; dbk pull nas";

/** What `ssh` would find on another machine. */
const NAS = `printf '#!/bin/sh\nfor last; do :; done\ncd /media/disk\nexec sh -c "$last"\n' > ../ssh; chmod +x ../ssh`;

/** One of the others is reached as if it were on another machine: it is not on this volume. */
const FAR =
  'mkdir -p Movies/Alien; echo a > Movies/Alien/a.mkv; dbk commit -qm Alien; dbk push nas; ' +
  `printf '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n' > ../ssh; chmod +x ../ssh; ` +
  'DBK_SSH="$PWD/../ssh" dbk remote add far "ssh://far$(cd ../Laptop; pwd)"';

/** What has to be there for examples to have something to do. */
const SETUPS: readonly { readonly of: RegExp; readonly line: string }[] = [
  { of: /^(plugin .*|collect)$/, line: 'dbk plugin new books' },
  { of: /^entity /, line: ENTITIES },
  { of: /^entity split$/, line: 'dbk entity join Music/Rock/Beatles' },
  { of: /^(log|restore)$/, line: WRITTEN },
  { of: /^(edit|meta .*)$/, line: FIELDS },
  { of: /^plugin untrust$/, line: 'dbk plugin trust -y books' },
  { of: /^(find|dupes|view)$/, line: DESCRIBED },
  { of: /^people /, line: PEOPLE },
  { of: /^backup$/, line: 'mkdir -p /media/usb' },
  { of: /^remote add$/, line: 'dbk clone . /media/disk/Data' },
  { of: /^(merge|fetch|pull|push|sync|resolve|get|drop|whereis|remote (remove|accept))$/, line: OTHERS },
  { of: /^resolve$/, line: IN_CONFLICT },
  { of: /^(push|remote add)$/, line: NAS },
  { of: /^get$/, line: UNWANTED },
  { of: /^adopt$/, line: 'mkdir -p /media/dvd; echo 1 > /media/dvd/x' },
  { of: /^(drop|whereis)$/, line: FAR },
  { of: /^remote accept$/, line: HEARD },
];

/** Commands of which each example begins anew. */
const APART: ReadonlySet<string> = new Set(['merge', 'resolve']);

for (const { name, examples } of await allCommands()) {
  test(`the examples of 'dbk help ${name}' work`, (t) => {
    if (!APART.has(name)) return runExamples(t, name, examples);
    for (const example of examples) runExamples(t, name, [example]);
  });
}

function runExamples(t: TestContext, name: string, examples: readonly { readonly line: string }[]): void {
  const shell = name === 'init' ? new Shell(t) : furnished(t);
  const needs = SETUPS.filter(({ of }) => of.test(name));
  for (const { line } of needs) shell.must(line);
  for (const { line } of examples) {
    // What a person sees in a log.
    const head = shell.run('dbk log').stdout.slice('commit '.length).slice(0, 8);
    const programs =
      '[ ! -x ../editor ] || export EDITOR=../editor; [ ! -x ../ssh ] || export DBK_SSH="$PWD/../ssh"';
    const { status, stderr } = shell.run(`${programs}; ${line.replace('9c1d2e3f', head)}`);
    assert.equal(status, 0, `${line}: ${stderr}`);
  }
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
