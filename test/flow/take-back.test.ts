import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { forget } from '../../src/flow/forget.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { takeBack } from '../../src/flow/take-back.ts';
import { exclusively } from '../../src/flow/exclusively.ts';
import { undo, type Undone } from '../../src/flow/undo.ts';
import type { Commit } from '../../src/model/commit.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { readRepositoryFile, writeRepositoryFile } from '../../src/store/repository-file.ts';
import { temporary } from '../tools/tree.ts';
import { faultyDisk, Killed } from '../disk/faulty.ts';
import {
  commitAll,
  leftoversIn,
  lines,
  move,
  newRepository,
  put,
  quick,
  remove,
  reopened,
  statusOf,
  textsIn,
  treeAt,
  treeOnDisk,
} from './fixture.ts';
import { judge, lacksTools } from './judges.ts';

before(() => loadBlake3());

/** Of a process that is no more: what it locked is nobody's. */
const DEAD = spawnSync('true').pid;

async function committed(repository: Repository, message = ''): Promise<CommitId> {
  await commitAll(reopened(repository), { message });
  return repository.commits.readHead()!;
}

/** Another repository says that it stands at the head. */
function share({ context, layout, commits }: Repository): void {
  const own = readRepositoryFile(context.disk, layout, 'laptop')!;
  const head = commits.readHead() ?? '';
  writeRepositoryFile(context.disk, layout, { ...own, id: 'f'.repeat(16), name: 'nas', head });
}

function back(repository: Repository): Promise<Undone> {
  return undo(reopened(repository), { dryRun: false });
}

/** Lines of `moved:` and `forgotten:`, as short as they can be said. */
function facts({ moved, forgotten }: Commit): string[] {
  return [
    ...moved.map(({ from, to, by }) => `${from} > ${to} ${by}`),
    ...forgotten.map((path) => `- ${path}`),
  ];
}

/** What a status says after an undo of a commit that nobody else has; then it is done again, and others have it. */
async function alone(repository: Repository): Promise<readonly string[]> {
  await back(repository);
  const { changes } = await statusOf(reopened(repository));
  await back(repository);
  share(repository);
  return changes;
}

const SIDECAR = 'tree/$a.metadata';

test('a commit that another repository has is taken back by one more; files and texts of people stay', async (t) => {
  const repository = await newRepository(t);
  const { root, layout, commits } = repository;
  put(root, { a: 'a', gone: 'g', 'm/b': 'b', 'm/.dbkignore': '#\n' });
  put(layout.index, { [SIDECAR]: 'about a\n' });
  const first = await committed(repository, 'First');
  remove(root, 'gone', 'm/.dbkignore');
  move(root, 'm', 'n');
  put(root, { a: 'edited', new: 'new', 'fresh/deep/x': 'x', 'n/y': 'y' });
  put(layout.index, { [SIDECAR]: 'edited\n', 'tree/$new.metadata': 'about new\n', ignore: 'x~\n' });
  const wanted = (await statusOf(reopened(repository))).changes;
  const second = await committed(repository, 'Second\n\nIn more words.');
  share(repository);
  const texts = textsIn(layout.index);
  const tree = lines(treeOnDisk(root));

  const planned = await undo(reopened(repository), { dryRun: true });
  assert.deepEqual(planned.head, { from: second, to: first, holder: 'nas' });
  assert.equal(commits.readHead(), second);

  const { head, problems } = await back(repository);
  const third = commits.readHead()!;
  assert.deepEqual([head, problems], [{ from: second, to: first, holder: 'nas', made: third }, []]);
  const commit = commits.readCommit(third);
  assert.deepEqual(
    [commit.parents, commit.index, commit.message],
    [[second], commits.readCommit(first).index, 'Undo: Second\n'],
  );
  assert.deepEqual(facts(commit), ['n/ > m/ inode', '- fresh/', '- n/y', '- new']);
  assert.deepEqual(commit.summary, { added: 2, changed: 1, moved: 1, removed: 0, metadata: 3 });
  assert.deepEqual(lines(treeAt(repository, third)), lines(treeAt(repository, first)));
  assert.deepEqual(lines(treeOnDisk(root)), tree);
  assert.deepEqual((await statusOf(reopened(repository))).changes, wanted);
  for (const path of [SIDECAR, 'tree/$new.metadata', 'ignore'])
    assert.equal(fs.readFileSync(join(layout.index, path), 'utf8'), texts.get(path), path);
  const own = readRepositoryFile(repository.context.disk, layout, 'laptop');
  assert.deepEqual([own?.head, own?.holds], [third, third]);
  assert.deepEqual(leftoversIn(repository), []);

  // That nobody else has: head goes back, and all is as it was.
  await back(repository);
  assert.deepEqual(
    [commits.readHead(), textsIn(layout.index), (await statusOf(reopened(repository))).changes],
    [second, texts, []],
  );
  // Done again, and known elsewhere meanwhile: taken back by one more.
  await back(repository);
  assert.equal(commits.readHead(), third);
  share(repository);
  await back(repository);
  const fourth = commits.readHead()!;
  assert.deepEqual(
    [commits.readCommit(fourth).parents, commits.readCommit(fourth).index, textsIn(layout.index)],
    [[third], commits.readCommit(second).index, texts],
  );
  assert.deepEqual(facts(commits.readCommit(fourth)), ['m/ > n/ inode', '- gone', '- m/.dbkignore']);
  if (!lacksTools(t)) judge(repository, temporary(t));
});

interface Case {
  readonly what: string;
  readonly before: Readonly<Record<string, string>>;
  readonly moves: readonly (readonly [from: string, to: string])[];
  readonly puts?: Readonly<Record<string, string>>;
  readonly facts: readonly string[];
}

const CASES: readonly Case[] = [
  {
    what: 'a swap',
    before: { a: 'a', b: 'b' },
    moves: [
      ['a', 't'],
      ['b', 'a'],
      ['t', 'b'],
    ],
    facts: ['b > a inode', 'a > b inode'],
  },
  {
    what: 'a chain',
    before: { a: 'a', b: 'b' },
    moves: [
      ['b', 'c'],
      ['a', 'b'],
    ],
    facts: ['b > a inode', 'c > b inode'],
  },
  {
    what: 'two folders that joined',
    before: { 'a/1': '1', 'a/2': '2', 'b/3': '3', 'b/4': '4' },
    moves: [
      ['a', 'x'],
      ['b/3', 'x/3'],
      ['b/4', 'x/4'],
      ['b', 'x/empty'],
    ],
    facts: ['x/ > a/ inode', 'x/empty/ > b/ inode', 'x/3 > b/3 inode', 'x/4 > b/4 inode'],
  },
  {
    what: 'a folder in which a file was edited, one replaced and one added',
    before: { 'a/1': '1', 'a/2': '2', 'a/3': '3' },
    moves: [['a', 'b']],
    puts: { 'b/1': 'edited', 'b/new': 'new' },
    facts: ['b/ > a/ inode', '- b/new'],
  },
  {
    what: 'a file out of a folder that moved, into another that is new',
    before: { 'a/1': '1', 'a/2': '2', 'a/3': '3' },
    moves: [
      ['a', 'b'],
      ['b/3', 'c/3'],
    ],
    puts: { 'c/other': 'o' },
    facts: ['b/ > a/ inode', 'c/3 > a/3 inode', '- c/'],
  },
  {
    what: 'a file where a folder was, and a folder where a file was',
    before: { 'a/1': '1', b: 'b' },
    moves: [
      ['a', 't'],
      ['b', 'a'],
      ['t', 'b'],
    ],
    facts: ['b/ > a/ inode', 'a > b inode'],
  },
];

test('what moved moves back in the index, what came is forgotten, and a status says what it says of an unshared undo', async (t) => {
  for (const { what, before, moves, puts = {}, facts: expected } of CASES) {
    const repository = await newRepository(t);
    const { root, layout, commits } = repository;
    put(root, before);
    put(layout.index, { 'tree/$.metadata': 'about all\n' });
    const first = await committed(repository);
    for (const [from, to] of moves) move(root, from, to);
    put(root, puts);
    const wanted = (await statusOf(reopened(repository))).changes;
    await committed(repository);
    assert.deepEqual(await alone(repository), wanted, what);
    const shared = await back(repository);
    assert.deepEqual(shared.problems, [], what);
    const head = commits.readHead()!;
    assert.deepEqual(facts(commits.readCommit(head)), expected, what);
    assert.equal(commits.readCommit(head).index, commits.readCommit(first).index, what);
    assert.deepEqual((await statusOf(reopened(repository))).changes, wanted, what);
    const texts = textsIn(layout.index);
    await back(repository);
    assert.deepEqual((await statusOf(reopened(repository))).changes, [], what);
    await back(repository);
    assert.deepEqual(textsIn(layout.index), texts, what);
  }
});

test('a first commit, a forget, and commits that one command made are taken back, too', async (t) => {
  const repository = await newRepository(t);
  const { root, layout, commits } = repository;
  put(root, { a: 'a', 'm/b': 'b', 'm/n/c': 'c' });
  const first = await committed(repository);
  const unshared = await alone(repository);
  const shared = await back(repository);
  assert.equal(shared.head?.to, undefined);
  const empty = commits.readHead()!;
  assert.deepEqual(facts(commits.readCommit(empty)), ['- a', '- m/']);
  const { changes } = await statusOf(reopened(repository));
  // Where there is no commit at all, the texts that every repository begins with are no news.
  const begun = ['metadata text .dbk/index/ignore', 'metadata text .dbk/index/policy.yaml'];
  assert.deepEqual(changes, [...unshared, ...begun]);
  assert.ok(![...textsIn(layout.index).keys()].some((path) => path.startsWith('tree/')));

  await back(repository);
  assert.equal(commits.readHead(), first);
  fs.appendFileSync(join(layout.index, 'ignore'), '/m/\n');
  const ignoring = await committed(repository);
  await forget(reopened(repository), { paths: ['m'] as RepositoryPath[], message: 'forget', dryRun: false });
  share(repository);
  await back(repository);
  const taken = commits.readCommit(commits.readHead()!);
  assert.deepEqual([taken.index, facts(taken)], [commits.readCommit(ignoring).index, []]);
  assert.deepEqual(taken.summary, { added: 2, changed: 0, moved: 0, removed: 0, metadata: 0 });

  // More than one patch may hold.
  await exclusively(reopened(repository), 'undo', ({ eyes }) => takeBack(repository, eyes, first, 1));
  const chain = [commits.readHead()!];
  while (chain.at(-1) !== first) chain.push(commits.readCommit(chain.at(-1)!).parents[0]!);
  assert.equal(chain.length, 7);
  assert.equal(commits.readCommit(chain[0]!).index, commits.readCommit(first).index);
  await exclusively(reopened(repository), 'undo', ({ eyes }) => takeBack(repository, eyes, ignoring));
  assert.equal(commits.readCommit(commits.readHead()!).index, commits.readCommit(ignoring).index);
  const elsewhere = '0'.repeat(64) as CommitId;
  await assert.rejects(
    exclusively(reopened(repository), 'undo', ({ eyes }) => takeBack(repository, eyes, elsewhere)),
    (error) => error instanceof Refusal && error.problem.code === 'flow/not-on-the-way',
  );
  fs.rmSync(commits.directoryOf(empty), { recursive: true });
  if (!lacksTools(t)) judge(repository, temporary(t));
});

test('wherever that is broken off, head and index agree, and what people wrote stands', async (t) => {
  const prepared = await newRepository(t);
  const { root } = prepared;
  put(root, { a: 'a', 'm/b': 'b' });
  await committed(prepared);
  move(root, 'm', 'n');
  put(root, { a: 'edited', new: 'new' });
  put(prepared.layout.index, { [SIDECAR]: 'about a\n', 'tree/n/$b.metadata': 'about b\n' });
  const wanted = (await statusOf(reopened(prepared))).changes;
  const second = await committed(prepared);
  share(prepared);
  const states = new Set<string>();
  for (let at = 1; ; at++) {
    const copy = `${root}-${at}`;
    assert.equal(spawnSync('cp', ['-a', root, copy]).status, 0);
    const disk = faultyDisk(quick, { kind: 'dies', at });
    const context = { ...prepared.context, identity: { ...prepared.context.identity, pid: DEAD } };
    await undo(openRepository({ ...context, disk }, copy), { dryRun: false }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    if (!disk.happened) break;
    const where = `after call ${at}: ${disk.calls[at - 1]}`;
    const lock = join(copy, '.dbk/local/lock');
    if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
    const repository = openRepository(prepared.context, copy);
    const { changes } = await statusOf(repository);
    const head = repository.commits.readHead();
    states.add(head === second ? 'not' : 'taken back');
    const moved = changes.map((line) => line.replace('metadata file n/b', 'moved directory n'));
    assert.deepEqual(head === second ? changes : moved, head === second ? [] : wanted, where);
    assert.equal(fs.readFileSync(join(copy, '.dbk/index', SIDECAR), 'utf8'), 'about a\n', where);
    assert.equal(fs.readFileSync(join(copy, '.dbk/index/tree/n/$b.metadata'), 'utf8'), 'about b\n', where);
    // The newest operation is known in any case, and leads to the other state.
    await back(repository);
    assert.equal(repository.commits.readHead() === second, head !== second, where);
    assert.deepEqual(leftoversIn(repository), [], where);
    fs.rmSync(copy, { recursive: true });
  }
  assert.deepEqual([...states].sort(), ['not', 'taken back']);
});
