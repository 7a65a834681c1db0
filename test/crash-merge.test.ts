/**
 * A merge is broken off: a changing file call fails, or is the last one the process makes. Afterwards no content is
 * lost and no file is torn, `status` takes nothing that has not arrived for something that a person did, and merging
 * again gives what it gives when nothing goes wrong. The same of taking it back.
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
import { listOperations, undo } from '../src/flow/undo.ts';
import type { CommitId } from '../src/model/id.ts';
import { faultyDisk, Killed, type Fault, type FaultyDisk } from './disk/faulty.ts';
import * as fixture from './flow/fixture.ts';
import { mergeFrom, otherContext, repositories } from './flow/two-repositories.ts';
import { runsOf } from './tools/prove.ts';
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

/** Each fault comes at about so many of the calls of a merge; to prove, at every one. */
const { count: POINTS } = runsOf(4, Infinity);

const BASE = {
  '.dbkignore': 'unknown\n',
  edited: 'as it was',
  both: 'of both',
  gone: 'gone',
  a: 'a',
  b: 'bb',
  c: 'ccc',
  'Pictures/2014/one': '1',
  'Pictures/2014/deep/two': '22',
  'Pictures/2014/link': '-> ../../a',
  'file-to-folder': 'file',
  'folder-to-file/in': 'in',
  'link-to-folder': '-> a',
};

type Change = (root: string, index: string) => void;

interface Scenario {
  readonly what: string;
  /** Absent: nothing has been committed here yet. */
  readonly ours?: Change;
  readonly theirs: Change;
}

const touchOurs: Change = (root) => fixture.put(root, { ours: 'ours', both: 'ours changed it' });

/** One folder or file takes the place of another, round a ring. */
function ring(root: string, ...names: readonly string[]): void {
  const last = names.at(-1)!;
  fixture.move(root, last, 'aside');
  for (let i = names.length - 1; i > 0; i--) fixture.move(root, names[i - 1]!, names[i]!);
  fixture.move(root, 'aside', names[0]!);
}

const SCENARIOS: readonly Scenario[] = [
  {
    what: 'what is new, edited and deleted',
    ours: touchOurs,
    theirs: (root) => {
      fixture.put(root, { edited: 'otherwise', 'new/one': 'n', 'new/two': 'nn', 'new/link': '-> one' });
      fixture.remove(root, 'gone');
    },
  },
  {
    what: 'both changed one file',
    ours: touchOurs,
    theirs: (root) => fixture.put(root, { both: 'theirs changed it' }),
  },
  {
    what: 'moves, of files in a ring and of a folder with an edit in it',
    ours: touchOurs,
    theirs: (root) => {
      ring(root, 'a', 'b', 'c');
      fixture.move(root, 'Pictures/2014', 'Photos');
      fixture.put(root, { 'Photos/one': 'edited there' });
    },
  },
  {
    what: 'moves, of two files and of two folders that are swapped, and of what is in them',
    ours: touchOurs,
    theirs: (root) => {
      ring(root, 'a', 'b');
      ring(root, 'Pictures', 'folder-to-file');
      fixture.move(root, 'folder-to-file/2014', 'folder-to-file/2015');
      fixture.move(root, 'folder-to-file/2015/one', 'folder-to-file/2015/first');
      fixture.put(root, { 'folder-to-file/2014/one': 'another' });
    },
  },
  {
    what: 'what changed its kind',
    ours: touchOurs,
    theirs: (root) => {
      fixture.remove(root, 'file-to-folder', 'folder-to-file', 'link-to-folder');
      fixture.put(root, { 'file-to-folder/in': 'in', 'folder-to-file': 'file', 'link-to-folder/in': 'in' });
    },
  },
  {
    what: 'what people wrote',
    ours: (_root, index) => fixture.put(index, { 'tree/$a.metadata': '---\nx: 1\n---\nours\n' }),
    theirs: (root, index) => {
      fixture.put(index, { 'tree/$a.metadata': '---\nx: 2\n---\n', 'tree/$b.metadata': '---\ny: 1\n---\n' });
      fixture.move(root, 'b', 'Pictures/b');
    },
  },
  {
    what: 'what is in the way of it',
    ours: (root) =>
      fixture.put(root, { ours: 'ours', 'Pictures/2014/unknown': 'mine', 'folder-to-file/unknown': 'mine' }),
    theirs: (root) => {
      fixture.remove(root, 'Pictures/2014', 'folder-to-file');
      fixture.put(root, { edited: 'otherwise', 'folder-to-file': 'file' });
    },
  },
  {
    what: 'all of it, where nothing was',
    theirs: (root, index) => {
      fixture.put(index, { 'tree/$a.metadata': '---\nx: 1\n---\n' });
      fixture.move(root, 'a', 'Pictures/a');
    },
  },
];

function contextAt(pid: number, disk = fixture.quick): Context {
  const context = fixture.contextOf(disk);
  return { ...context, identity: { ...context.identity, pid } };
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
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) contents.add(digest(fs.readFileSync(join(entry.path, entry.name))));
  return contents;
}

function isExpected(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof Killed || code === 'EIO' || code === 'ENOSPC';
}

async function attempt(
  command: (repository: Repository) => Promise<unknown>,
  folder: string,
  disk: FaultyDisk,
) {
  try {
    await command(openRepository(contextAt(DEAD, disk), folder));
  } catch (error) {
    if (!isExpected(error)) throw error;
  }
}

function restart(folder: string): void {
  const lock = join(folder, '.dbk/local/lock');
  if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
}

interface Story {
  readonly one: string;
  readonly other: Repository;
}

async function prepare(t: TestContext, { ours, theirs }: Scenario): Promise<Story> {
  const names = ours === undefined ? (['nas'] as const) : (['nas', 'laptop'] as const);
  const [other, clone] = (await repositories(t, names, BASE)) as [Repository, Repository?];
  const one =
    clone ?? (await init(otherContext('laptop'), { folder: join(temporary(t), 'laptop'), name: 'laptop' }));
  theirs(other.root, other.layout.index);
  await fixture.commitAll(fixture.reopened(other));
  ours?.(one.root, one.layout.index);
  if (ours !== undefined) await fixture.commitAll(fixture.reopened(one));
  return { one: one.root, other };
}

interface Outcome {
  readonly head: CommitId | undefined;
  readonly tree: readonly string[];
  readonly texts: readonly (readonly [path: string, text: string])[];
}

/** What a merge is to give: files, texts and head, but for dates of what is only here. */
function outcomeOf(folder: string): Outcome {
  const { commits, layout } = openRepository(contextAt(process.pid), folder);
  return {
    head: commits.readHead(),
    tree: fixture.lines(fixture.treeOnDisk(folder)),
    texts: [...fixture.textsIn(layout.index)].filter(([path]) => !path.startsWith('repositories/')),
  };
}

/** Files that stand with neither their old nor their new content. */
function tornIn(folder: string, old: fixture.Tree, now: fixture.Tree): string[] {
  const idsOf = (tree: fixture.Tree): Set<string> =>
    new Set([...tree.values()].map((thing) => (thing.kind === 'file' ? thing.id : '')));
  const known = new Set([...idsOf(old), ...idsOf(now)]);
  return [...fixture.treeOnDisk(folder)].flatMap(([path, thing]) =>
    thing.kind === 'file' && !known.has(thing.id) ? [path] : [],
  );
}

for (const scenario of SCENARIOS) {
  test(`${scenario.what}: a merge that is broken off loses nothing, and the next one completes it`, async (t) => {
    const { one, other } = await prepare(t, scenario);
    const command = (repository: Repository): Promise<unknown> => mergeFrom(repository, other);
    const clean = copyOf(one, 'clean');
    await command(openRepository(contextAt(process.pid), clean));
    const expected = outcomeOf(clean);
    await everyFault(one, command, clean, async (later, where) => {
      await mergeFrom(later(), other);
      assert.deepEqual(outcomeOf(later().root), expected, `merged again ${where}`);
    });
  });

  test(`${scenario.what}: taking the merge back, broken off, loses nothing`, async (t) => {
    const { one, other } = await prepare(t, scenario);
    // What stands in a new index goes with the merge that had the same.
    const before = { ...outcomeOf(one), ...(scenario.ours === undefined && { texts: [] }) };
    const merged = copyOf(one, 'merged');
    await mergeFrom(openRepository(contextAt(process.pid), merged), other);
    const clean = copyOf(merged, 'clean');
    const command = (repository: Repository): Promise<unknown> => undo(repository, { dryRun: false });
    await command(openRepository(contextAt(process.pid), clean));
    assert.deepEqual(outcomeOf(clean), before);
    const after = outcomeOf(merged);
    await everyFault(merged, command, clean, async (later, where) => {
      // Where head went back but not all files did, they are known to be older, and the next merge takes them.
      const isUnborn = later().commits.readHead() === undefined;
      // Before the first commit what is left is a person's, who has to say that it is the same history.
      await mergeFrom(later(), other, { unrelated: isUnborn });
      const seen = isUnborn ? { ...outcomeOf(later().root), head: after.head } : outcomeOf(later().root);
      assert.deepEqual(seen, after, `merged again ${where}`);
    });
  });
}

async function everyFault(
  folder: string,
  command: (repository: Repository) => Promise<unknown>,
  clean: string,
  check: (later: () => Repository, where: string) => Promise<void>,
): Promise<void> {
  const [old, now] = [fixture.treeOnDisk(folder), fixture.treeOnDisk(clean)];
  const contents = [...old.values()].flatMap((thing) => (thing.kind === 'file' ? [thing.id] : []));
  const counting = faultyDisk(fixture.quick);
  await command(openRepository(contextAt(DEAD, counting), copyOf(folder, 'counted')));
  const calls = counting.calls.length;
  const step = Math.max(1, calls / POINTS);
  for (const [i, [what, make]] of FAULTS.entries()) {
    // Other calls for each fault, and all of them together.
    for (let point = 1 + (i * step) / FAULTS.length; point <= calls; point += step) {
      const at = Math.floor(point);
      const disk = faultyDisk(fixture.quick, make(at));
      const broken = copyOf(folder, 'broken');
      await attempt(command, broken, disk);
      assert.ok(disk.happened, `call ${at} of ${calls}`);
      const where = `after it ${what} at call ${at}: ${disk.calls[at - 1]}`;
      restart(broken);
      assert.deepEqual(tornIn(broken, old, now), [], where);
      const later = (): Repository => openRepository(contextAt(process.pid), broken);
      const { changes } = await fixture.statusOf(later());
      // Before the first commit the folder itself may be new.
      const isUnborn = later().commits.readHead() === undefined;
      const untrue = changes.filter((change) => !(isUnborn && change === 'added directory '));
      assert.deepEqual(untrue, [], `status ${where}`);
      assert.deepEqual(tornIn(broken, old, now), [], `status ${where}`);
      const here = contentsBelow(broken);
      for (const content of contents) assert.ok(here.has(content), `a content is lost ${where}`);
      await check(later, where);
      assert.deepEqual(fixture.leftoversIn(later()), [], where);
      assert.deepEqual((await fixture.statusOf(later())).changes, [], `in the end ${where}`);
      assert.ok([...listOperations(later(), () => undefined)].length > 0);
    }
  }
}
