/**
 * Every changing file call of a command that changes a person's files fails once, or is the last one the process
 * makes: afterwards the next command continues, each file is its old or its new self, whole, no content is lost, and
 * doing the command again gives what it gives when nothing goes wrong.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../src/disk/blake3.ts';
import type { Context } from '../src/flow/context.ts';
import { init } from '../src/flow/init.ts';
import { openRepository, type Repository } from '../src/flow/repository.ts';
import { restore } from '../src/flow/restore.ts';
import { listOperations, undo } from '../src/flow/undo.ts';
import type { CommitId } from '../src/model/id.ts';
import { ROOT } from '../src/model/path.ts';
import { faultyDisk, Killed, type Fault, type FaultyDisk } from './disk/faulty.ts';
import * as fixture from './flow/fixture.ts';
import { temporary } from './tools/tree.ts';

before(() => loadBlake3());

/** Of a process that is no more: what it locked is nobody's. */
const DEAD = spawnSync('true').pid;

const FAULTS: readonly [what: string, make: (at: number) => Fault][] = [
  ['dies', (at) => ({ kind: 'dies', at })],
  ['loses power in the middle of a write', (at) => ({ kind: 'dies', at, torn: true, powerLoss: true })],
  ['fails once', (at) => ({ kind: 'fails', at, code: 'EIO' })],
  ['finds the disk full from there on', (at) => ({ kind: 'fails', at, code: 'ENOSPC', onwards: true })],
];

const TREE = {
  changed: 'as it was',
  gone: 'gone',
  'folder/one': '1',
  'folder/deep/two': '22',
  'folder/link': '-> ../changed',
  turned: '-> changed',
  bits: 'bits',
  twin: 'gone',
};

interface Scenario {
  readonly what: string;
  readonly guard: 'links' | 'none';
  readonly prepare: (repository: Repository) => Promise<void>;
  readonly command: (repository: Repository) => Promise<unknown>;
}

async function damaged(repository: Repository): Promise<void> {
  const { root } = repository;
  fixture.put(root, TREE);
  settleTimes(root);
  await fixture.commitAll(repository);
  fixture.remove(root, 'gone', 'folder', 'changed');
  fixture.put(root, { changed: 'otherwise', turned: 'a file', 'in/between': 'mine' });
  fs.chmodSync(join(root, 'bits'), 0o600);
  settleTimes(root);
}

function bringBack(repository: Repository): Promise<unknown> {
  const from = repository.commits.readHead()!;
  return restore(repository, { paths: [ROOT], from, checkEverything: false, dryRun: false });
}

async function restored(repository: Repository): Promise<void> {
  await damaged(repository);
  await bringBack(fixture.reopened(repository));
}

const SCENARIOS: readonly Scenario[] = (['links', 'none'] as const).flatMap((guard) => [
  { what: `a restore, guard ${guard}`, guard, prepare: damaged, command: bringBack },
  {
    what: `an undo of it, guard ${guard}`,
    guard,
    prepare: restored,
    command: (repository) => undo(repository, { dryRun: false }),
  },
]);

function contextAt(pid: number, disk = fixture.quick): Context {
  const context = fixture.contextOf(disk);
  return { ...context, identity: { ...context.identity, pid } };
}

/** Whole seconds: they have to be the same in each copy. */
function settleTimes(folder: string): void {
  for (const [path, { kind }] of fixture.treeOnDisk(folder)) {
    if (kind === 'file') fs.utimesSync(join(folder, path), 1_700_000_000, 1_700_000_000 + path.length);
  }
}

function copyOf(folder: string, name: string): string {
  const copy = `${folder}-${name}`;
  fs.rmSync(copy, { recursive: true, force: true });
  assert.equal(spawnSync('cp', ['-a', folder, copy]).status, 0);
  // It takes the place of the first one, and is no other repository.
  fs.rmSync(join(copy, '.dbk/local/here'), { force: true });
  return copy;
}

/** All contents below a folder, dbk's own included. */
function contentsBelow(folder: string): Set<string> {
  const contents = new Set<string>();
  const texts = (path: string): void => {
    for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
      const place = join(path, entry.name);
      if (entry.isDirectory()) texts(place);
      else if (entry.isFile()) contents.add(digest(fs.readFileSync(place)));
    }
  };
  texts(folder);
  return contents;
}

function isExpected(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof Killed || code === 'EIO' || code === 'ENOSPC';
}

async function attempt(scenario: Scenario, folder: string, disk: FaultyDisk): Promise<void> {
  try {
    await scenario.command(openRepository(contextAt(DEAD, disk), folder));
  } catch (error) {
    if (!isExpected(error)) throw error;
  }
}

function restart(folder: string): void {
  const lock = join(folder, '.dbk/local/lock');
  if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
}

async function prepare(t: TestContext, scenario: Scenario): Promise<string> {
  const folder = join(temporary(t), 'root');
  const repository = await init(contextAt(process.pid), { folder, name: 'laptop' });
  const { config } = repository.layout;
  const text = fs.readFileSync(config, 'utf8').replace(/^guard: .*$/m, `guard: ${scenario.guard}`);
  assert.match(text, new RegExp(`^guard: ${scenario.guard}$`, 'm'));
  fs.writeFileSync(config, text);
  await scenario.prepare(openRepository(contextAt(process.pid), folder));
  return folder;
}

/** A path at which neither the old nor the new thing stands; '' where there is none. */
function torn(folder: string, old: fixture.Tree, now: fixture.Tree, mayMiss: boolean): string {
  const found = fixture.treeOnDisk(folder);
  for (const path of new Set([...old.keys(), ...now.keys(), ...found.keys()])) {
    const [is, was, will] = [found, old, now].map((tree) => tree.get(path));
    if (is === undefined && mayMiss) continue;
    const kinds = [was, will].map((thing) => JSON.stringify(thing));
    // A folder gets its permission bits at the end.
    if (is?.kind === 'directory') continue;
    if (!kinds.includes(JSON.stringify(is))) return `${path} ${JSON.stringify(is)}`;
  }
  return '';
}

for (const scenario of SCENARIOS) {
  test(`${scenario.what}: wherever it is broken off, nothing is lost or torn, and again completes it`, async (t) => {
    const folder = await prepare(t, scenario);
    const old = fixture.treeOnDisk(folder);
    const clean = copyOf(folder, 'clean');
    await scenario.command(openRepository(contextAt(process.pid), clean));
    const now = fixture.treeOnDisk(clean);
    assert.notDeepEqual(now, old);
    const contents = [...old.values()].flatMap((thing) => (thing.kind === 'file' ? [thing.id] : []));
    const head = openRepository(contextAt(process.pid), folder).commits.readHead() as CommitId;
    const met = new Set<string>();
    // With the other guard little else happens.
    for (const [what, make] of scenario.guard === 'links' ? FAULTS : FAULTS.slice(1, 3)) {
      let states = 0;
      let continued = 0;
      for (let at = 1; ; at++) {
        const disk = faultyDisk(fixture.quick, make(at));
        const broken = copyOf(folder, 'broken');
        await attempt(scenario, broken, disk);
        if (!disk.happened) break;
        const where = `after it ${what} at call ${at}: ${disk.calls[at - 1]}`;
        restart(broken);
        const isOpen = fs.existsSync(join(broken, '.dbk/local/journal'));
        if (isOpen) continued++;
        assert.equal(torn(broken, old, now, isOpen), '', where);
        const later = (): Repository => openRepository(contextAt(process.pid), broken);
        const { problems } = await fixture.statusOf(later());
        assert.equal(fixture.codesOf(problems).includes('sync/resumed'), isOpen && hasSteps(disk), where);
        assert.equal(torn(broken, old, now, false), '', `status ${where}`);
        const here = contentsBelow(broken);
        for (const content of contents) assert.ok(here.has(content), `a content is lost ${where}`);
        states++;
        // Many calls leave the same behind, and what follows from that is the same.
        const left = stateLeft(later());
        if (met.has(left)) continue;
        met.add(left);
        await checkNoted(scenario, broken, old, where);
        await complete(scenario, later, now, where);
        assert.deepEqual(sorted(fixture.treeOnDisk(broken)), sorted(now), `again ${where}`);
        assert.equal(later().commits.readHead(), head);
        assert.deepEqual(fixture.leftoversIn(later()), [], where);
      }
      assert.ok(states > 40, `${what}: ${states} calls`);
      if (what === 'dies') assert.ok(continued > 10, `${continued} journals`);
    }
  });
}

function stateLeft(repository: Repository): string {
  const operations = [...listOperations(repository, () => undefined)].map(({ operation }) => operation.steps);
  const files = [...fixture.textsIn(repository.layout.local).keys()].filter(
    (path) => !/^cache|new/.test(path),
  );
  const guarded = [...fixture.textsIn(repository.layout.guard)].map(([path, text]) => [
    path.endsWith('t'),
    text,
  ]);
  const left = [fixture.lines(fixture.treeOnDisk(repository.root)), operations, files, guarded.sort()];
  return digest(JSON.stringify(left));
}

/** Whatever had been done of a restore can be taken back, also what was finished after a crash. */
async function checkNoted(
  scenario: Scenario,
  broken: string,
  old: fixture.Tree,
  where: string,
): Promise<void> {
  if (scenario.command !== bringBack) return;
  const copy = copyOf(broken, 'back');
  const repository = (): Repository => openRepository(contextAt(process.pid), copy);
  const [last] = listOperations(repository(), () => undefined);
  if (last?.operation.command === 'restore') await undo(repository(), { dryRun: false });
  assert.deepEqual(sorted(fixture.treeOnDisk(copy)), sorted(old), `taken back ${where}`);
}

/** Whether the journal had come to its place. */
function hasSteps(disk: FaultyDisk): boolean {
  return disk.calls.some((call) => /^rename .* .*\/journal$/.test(call));
}

/** A restore is asked for again; what an undo had begun is taken up again from what it noted. */
async function complete(
  scenario: Scenario,
  later: () => Repository,
  now: fixture.Tree,
  where: string,
): Promise<void> {
  if (scenario.command === bringBack) {
    await scenario.command(later());
    return;
  }
  // However often it was broken off: what is undone and what not is in the list of operations.
  for (const { name, operation } of [...listOperations(later(), () => undefined)]) {
    if (operation.command !== 'restore') continue;
    await undo(later(), { operation: name, dryRun: false });
  }
  assert.ok(now.size > 0, where);
}

function sorted(tree: fixture.Tree): string[] {
  return fixture.lines(tree);
}
