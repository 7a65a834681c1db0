/**
 * The program itself, killed at calls spread over commands that change a person's files: the next command finishes,
 * each file is its old or its new self, and no content is lost.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { digest, loadBlake3 } from '../src/disk/blake3.ts';
import { openRepository } from '../src/flow/repository.ts';
import * as fixture from './flow/fixture.ts';
import { temporary } from './tools/tree.ts';

before(() => loadBlake3());

const BUNDLE = fileURLToPath(new URL('../bin/dbk.js', import.meta.url));
const MODULE = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const PROGRAM = fs.existsSync(BUNDLE) ? BUNDLE : MODULE;
/** Calls that change something. */
const CALLS =
  'rename,unlink,mkdir,rmdir,link,linkat,symlink,fsync,fdatasync,chmod,fchmod,utimensat,utime,pwrite64,ftruncate';
const POINTS = 4;

const TREE = {
  changed: 'as it was',
  gone: 'gone',
  twin: 'gone',
  'folder/one': '1',
  'folder/deep/two': '22',
  'folder/link': '-> ../changed',
  turned: '-> changed',
  stays: 'stays',
};

interface Scenario {
  readonly command: readonly string[];
  /** From a repository with one commit and damage to it. */
  readonly prepare?: readonly (readonly string[])[];
}

const SCENARIOS: readonly Scenario[] = [
  { command: ['restore', '.'] },
  { command: ['undelete', 'gone', 'folder'] },
  { command: ['undo'], prepare: [['restore', '.']] },
  { command: ['undo'], prepare: [['commit', '--confirm-deletions', '-m', 'Second']] },
  { command: ['mv', 'in', 'other'] },
];

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
}

function start(folder: string, command: string, args: readonly string[]): Ended {
  const env = { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8' };
  const { status, signal, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  return { status, signal, output: stdout + stderr };
}

function dbk(folder: string, args: readonly string[]): void {
  const { status, output } = start(folder, process.execPath, [PROGRAM, ...args]);
  assert.equal(status, 0, `${args.join(' ')}: ${output}`);
}

function traced(folder: string, options: readonly string[], args: readonly string[]): Ended {
  return start(folder, 'strace', ['-f', '-qq', ...options, process.execPath, PROGRAM, ...args]);
}

function copyOf(folder: string, name: string): string {
  const copy = `${folder}-${name}`;
  assert.equal(spawnSync('cp', ['-a', folder, copy]).status, 0);
  // It takes the place of the first one, and is no other repository.
  fs.rmSync(join(copy, '.dbk/local/here'), { force: true });
  return copy;
}

interface Call {
  readonly name: string;
  /** How many of that name its thread had made with it: strace counts so. */
  readonly count: number;
}

/** What the thread that makes most of such calls does, in order. */
function callsOf(folder: string, args: readonly string[]): readonly Call[] {
  const log = `${folder}.trace`;
  const { status, output } = traced(folder, ['-o', log, '-e', `trace=${CALLS}`], args);
  assert.equal(status, 0, output);
  const threads = new Map<string, Call[]>();
  for (const [, thread = '', name = ''] of fs.readFileSync(log, 'utf8').matchAll(/^(\d+) +(\w+)\(/gm)) {
    const calls = threads.get(thread) ?? [];
    calls.push({ name, count: calls.filter((call) => call.name === name).length + 1 });
    threads.set(thread, calls);
  }
  return [...threads.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

/** All contents that are in a folder, or in its guard. */
function contentsIn(folder: string): ReadonlySet<string> {
  const contents = new Set<string>();
  for (const thing of fixture.treeOnDisk(folder).values()) if (thing.kind === 'file') contents.add(thing.id);
  const guard = join(folder, '.dbk/guard');
  for (const path of fs.existsSync(guard)
    ? fs.readdirSync(guard, { recursive: true, encoding: 'utf8' })
    : []) {
    const place = join(guard, path);
    if (fs.lstatSync(place).isFile()) contents.add(digest(fs.readFileSync(place)));
  }
  return contents;
}

/** Folders get new times, and modes that do not matter here. */
function linesOf(folder: string): string[] {
  return fixture.lines(
    new Map([...fixture.treeOnDisk(folder)].filter(([, { kind }]) => kind !== 'directory')),
  );
}

function prepared(folder: string, { prepare = [] }: Scenario): void {
  fixture.put(folder, TREE);
  dbk(folder, ['init', '-q']);
  dbk(folder, ['commit', '-q', '-m', 'First']);
  fixture.remove(folder, 'gone', 'folder', 'changed');
  fixture.put(folder, { changed: 'otherwise', turned: 'a file', 'in/between': 'mine' });
  for (const args of prepare) dbk(folder, args);
}

for (const [i, scenario] of SCENARIOS.entries()) {
  const { command, prepare = [] } = scenario;
  const what = [...prepare, command].map((args) => args[0]).join(', then ');
  test(`${what}: killed at any call, it is finished or taken up again, and no byte is lost`, (t) => {
    if (spawnSync('strace', ['-V']).status !== 0) return t.skip('needs strace');
    const folder = join(temporary(t), `root${i}`);
    prepared(folder, scenario);
    const old = linesOf(folder);
    const clean = copyOf(folder, 'clean');
    const calls = callsOf(clean, command);
    const possible = new Set([...old, ...linesOf(clean)]);
    const contents = contentsIn(folder);
    const states = new Set<string>();
    for (let point = 1; point <= POINTS; point++) {
      const { name, count } = calls[Math.ceil((calls.length * point) / POINTS) - 1]!;
      const copy = copyOf(folder, String(point));
      const inject = `inject=${name}:signal=KILL:when=${count}`;
      const options = ['-o', '/dev/null', '-e', `trace=${name}`, '-e', inject];
      const { status, output } = traced(copy, options, command);
      const where = `killed at ${name} ${count}: ${output}`;
      assert.notEqual(status, 0, where);
      // A command that reads finishes what was begun, and one that writes clears away besides.
      const isRead = point % 2 === 0;
      dbk(copy, isRead ? ['status'] : ['commit', '--confirm-deletions', '-m', 'After']);
      const now = linesOf(copy);
      for (const line of now) assert.ok(possible.has(line), `${line}: neither old nor new, ${where}`);
      const left = contentsIn(copy);
      for (const content of contents) assert.ok(left.has(content), `${content} is lost, ${where}`);
      if (!isRead)
        assert.deepEqual(fixture.leftoversIn(openRepository(fixture.contextOf(), copy)), [], where);
      states.add(now.join('\n'));
      fs.rmSync(copy, { recursive: true });
    }
    t.diagnostic(`${calls.length} calls, ${states.size} states`);
  });
}
