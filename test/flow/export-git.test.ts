/** What git makes of an exported history: the same texts at each commit, the same letters, the same graph. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { exportGit } from '../../src/flow/export-git.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { Commit } from '../../src/model/commit.ts';
import type { CommitId } from '../../src/model/id.ts';
import { Interrupted } from '../../src/model/problem.ts';
import { history } from '../../src/store/history.ts';
import { recordedIds, textsAt } from '../../src/store/texts.ts';
import { dateOf, differences, fieldsOf, type Texts } from '../store/fixture.ts';
import { writeStanza } from '../../src/text/patch-write.ts';
import { digest } from '../../src/disk/blake3.ts';
import { commitAll, contextOf, move, newRepository, put, quick, remove, reopened } from './fixture.ts';
import { lacksTools, shell } from './judges.ts';

const REF = 'refs/heads/dbk';

before(() => loadBlake3());

/** A git repository into which a history was imported, beside the person's folder. */
function imported(repository: Repository, from: CommitId, name = 'history'): string {
  const folder = join(repository.root, '..', name);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(folder);
    shell('git init -q -b dbk', folder);
  }
  fs.writeFileSync(join(folder, 'stream'), [...exportGit(repository, from, REF)].join(''));
  shell('git fast-import --quiet < stream && rm stream', folder);
  assert.equal(shell('git fsck --strict --no-dangling', folder), '');
  return folder;
}

/** Exactly what git prints, as bytes. */
function git(folder: string, ...words: readonly string[]): Buffer {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', TZ: 'UTC' };
  const { status, stdout, stderr } = spawnSync('git', words, { cwd: folder, env, maxBuffer: 1 << 30 });
  assert.equal(status, 0, `git ${words.join(' ')}: ${String(stderr)}`);
  return stdout;
}

/** The texts of a git commit, by the plumbing that knows no attributes and no work tree. */
function textsInGit(folder: string, commit: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const entry of String(git(folder, 'ls-tree', '-rz', commit)).split('\0')) {
    const [, mode, id, path] = /^(\d+) blob ([0-9a-f]+)\t([^]*)$/.exec(entry) ?? [];
    if (path === undefined) continue;
    assert.equal(mode, '100644');
    texts.set(path, String(git(folder, 'cat-file', 'blob', id!)));
  }
  return texts;
}

function sortedTexts(texts: ReadonlyMap<string, string | undefined>): [string, string | undefined][] {
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Each commit has its texts, its letter and its parents in git; gives git's ids. */
function compare(repository: Repository, folder: string, from: CommitId): Map<CommitId, string> {
  const oldestFirst = [...history(repository.commits, from)].reverse();
  const ids = String(git(folder, 'log', '--topo-order', '--reverse', '--format=%H', 'dbk'))
    .trim()
    .split('\n');
  const byMessageAndDate = new Map<string, string[]>();
  for (const id of ids) {
    const key = String(git(folder, 'log', '-1', '--format=%ad%n%B', '--date=iso-strict', id)).trim();
    byMessageAndDate.set(key, [...(byMessageAndDate.get(key) ?? []), id]);
  }
  const found = new Map<CommitId, string>();
  for (const { id, commit } of oldestFirst) {
    const candidates = byMessageAndDate.get(`${commit.date}\n${commit.message}`.trim()) ?? [];
    const texts = textsAt(repository.commits, id, new Set(recordedIds(repository.commits, id).keys()));
    const mine = candidates.shift();
    assert.ok(mine !== undefined, `no git commit of ${commit.date} ${commit.message}`);
    assert.deepEqual(sortedTexts(textsInGit(folder, mine)), sortedTexts(texts));
    const parents = String(git(folder, 'log', '-1', '--format=%P', mine)).trim();
    assert.equal(parents, commit.parents.map((parent) => found.get(parent)).join(' '));
    found.set(id, mine);
  }
  assert.equal(found.size, ids.length);
  return found;
}

test('git has the texts, the letters and the order of every commit', async (t) => {
  if (lacksTools(t)) return;
  const repository = await newRepository(t);
  const { root, layout } = repository;
  put(root, {
    'a.txt': 'a',
    'Mü sic/it\'s "b".txt': 'b',
    'C:/x': '1',
    'caf\udce9': '2',
    'line\nfeed': '3',
    'b\\s': '4',
  });
  await commitAll(repository, { message: 'First: „Ümläut"\n\nbody\n' });
  put(layout.index, {
    'tree/$a.txt.metadata': '---\nrating: 5\n---\nno line feed',
    'tree/Mü sic/$.metadata': '',
  });
  await commitAll(repository);
  put(root, { 'Mü sic/c': 'c', 'deep/er/x': 'x' });
  remove(root, 'C:');
  await commitAll(repository, { message: 'data 5\nfrom :1\n' });
  put(layout.index, { 'tree/$a.txt.metadata': '---\nrating: 4\n---\nno line feed' });
  remove(root, 'deep');
  const { commit } = await commitAll(repository, { message: 'Last' });
  const folder = imported(repository, commit!);
  compare(repository, folder, commit!);
  git(folder, 'checkout', '-q', 'dbk', '--');
  assert.equal(shell(`diff -r --exclude=.git . '${layout.index}'`, folder), '');
});

test('git follows a sidecar that moved with its file', async (t) => {
  if (lacksTools(t)) return;
  const repository = await newRepository(t);
  const { root, layout } = repository;
  put(root, { 'old/a.txt': 'a', 'old/b.txt': 'b' });
  await commitAll(repository, { message: 'First' });
  put(layout.index, { 'tree/old/$a.txt.metadata': '---\nrating: 5\n---\nWhat I wrote.\n' });
  await commitAll(repository, { message: 'Wrote' });
  move(root, 'old/a.txt', 'new/z.txt');
  const { commit } = await commitAll(repository, { message: 'Moved' });
  const folder = imported(repository, commit!);
  compare(repository, folder, commit!);
  const words = ['log', '--follow', '--format=%s', 'dbk', '--', 'tree/new/$z.txt.metadata'];
  assert.equal(String(git(folder, ...words)), 'Moved\nWrote\n');
});

/** Commits of texts with letters of any kind. */
class Letters {
  readonly #repository: Repository;
  readonly #states = new Map<CommitId, Texts>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** `renames` are from new paths to old ones. */
  write(texts: Texts, fields: Partial<Commit>, renames?: ReadonlyMap<string, string>): CommitId {
    const before = this.#states.get(fields.parents?.[0] ?? ('' as CommitId)) ?? new Map<string, string>();
    const writer = this.#repository.commits.beginCommit();
    for (const change of differences(before, texts, renames)) writer.write(writeStanza(change, digest));
    const id = writer.finish({ ...fieldsOf(texts), ...fields });
    this.#states.set(id, texts);
    return id;
  }
}

test('authors, dates and zones of any kind are ones that git takes', async (t) => {
  if (lacksTools(t)) return;
  const rows: [author: string, date: string, expected: string][] = [
    ['Ada <ada@example.org>', '2026-11-22T19:20:11+01:00', 'Ada <ada@example.org> 1795371611 +0100'],
    ['Ada', '2026-11-22T18:20:11+00:00', 'Ada <> 1795371611 +0000'],
    ['<ada@example.org>', '2026-11-22T12:50:11-05:30', 'ada@example.org <ada@example.org> 1795371611 -0530'],
    ['Ünï  Code <a@b> Jr', '2026-11-22T18:20:11+00:00', 'Ünï Code a@b Jr <> 1795371611 +0000'],
    ['A<B <c@d>', '2026-11-22T18:20:11+00:00', 'A B <c@d> 1795371611 +0000'],
    ['<>', '1969-12-31T23:59:59+00:00', 'unknown <> 0 +0000'],
    ['Line\nfeed <a@b>', '2026-11-23T18:19:11+23:59', 'Line feed <a@b> 1795371611 +0000'],
    ['Far <a@b>', '9999-12-31T23:59:59+00:00', 'Far <a@b> 253402300799 +0000'],
    ['Kiribati <a@b>', '2026-11-23T08:20:11+14:00', 'Kiribati <a@b> 1795371611 +1400'],
  ];
  for (const [number, [author, date, expected]] of rows.entries()) {
    const repository = await newRepository(t);
    const texts = new Map([['a', `${number}`]]);
    const id = new Letters(repository).write(texts, { author, date });
    const folder = imported(repository, id);
    const [letter, message] = String(git(folder, 'cat-file', 'commit', 'dbk')).split(/\n\n/);
    const committer = expected.replace(/^.*>/, 'laptop <>');
    assert.deepEqual(letter!.split('\n').slice(1), [`author ${expected}`, `committer ${committer}`]);
    assert.equal(message, '');
  }
});

test('merges have all their parents, in order, and beginnings that know nothing of each other stay apart', async (t) => {
  if (lacksTools(t)) return;
  const repository = await newRepository(t);
  const text = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
  const one = new Map([['tree/a', text('1', '2', '3')]]);
  const left = new Map([...one, ['tree/b', text('left')]]);
  const right = new Map([['tree/a', text('1', '2', '4')]]);
  const other = new Map([['people/c', text('other')]]);
  const merged = new Map([...left, ...right, ...other]);
  const later = new Map([...merged, ['tree/a', text('1', '2', '5')]]);
  const letters = new Letters(repository);
  const ids: CommitId[] = [];
  const add = (texts: Texts, message: string, second: number, ...parents: readonly number[]): void => {
    const fields = { message: `${message}\n`, date: dateOf(second), parents: parents.map((at) => ids[at]!) };
    ids.push(letters.write(texts, fields));
  };
  add(one, 'one', 5);
  add(left, 'left', 6, 0);
  // Dated before all others.
  add(right, 'right', 1, 0);
  add(other, 'other', 7);
  add(merged, 'merge of three', 8, 1, 2, 3);
  add(later, 'later', 9, 4);
  add(merged, 'the same once more', 10, 5, 5);
  const head = ids.at(-2)!;
  const folder = imported(repository, head);
  compare(repository, folder, head);
  const graph = String(git(folder, 'log', '--format=%s', '--first-parent', 'dbk'));
  assert.equal(graph, 'later\nmerge of three\nleft\none\n');
  // Git knows no second parent that is the first one.
  imported(repository, ids.at(-1)!);
  const [parents, subject] = String(git(folder, 'log', '-1', '--format=%P%n%s', 'dbk')).split('\n');
  assert.deepEqual([parents!.split(' ').length, subject], [1, 'the same once more']);
});

test('a longer history continues the shorter one that git already has', async (t) => {
  if (lacksTools(t)) return;
  const repository = await newRepository(t);
  put(repository.root, { a: '1' });
  const first = await commitAll(repository, { message: 'First' });
  const folder = imported(repository, first.commit!);
  const before = String(git(folder, 'rev-parse', 'dbk')).trim();
  put(repository.root, { a: '22' });
  const second = await commitAll(repository, { message: 'Second' });
  imported(repository, second.commit!);
  assert.equal(String(git(folder, 'rev-parse', 'dbk^')).trim(), before);
});

test('names that need quotes arrive in git as they are', async (t) => {
  if (lacksTools(t)) return;
  const repository = await newRepository(t);
  const names = [
    'tree/with blank',
    'tree/$x.metadata',
    'tree/Ünïcode ♥',
    'tree/100%25',
    "tree/it's",
    'tree/-n',
    'tree/ b',
  ];
  const one = new Map(names.map((name) => [name, `${name}\n`]));
  const two = new Map(names.map((name) => [name, `${name} changed\n`]));
  const moved = new Map(names.map((name) => [`${name}.moved to`, `${name}\n`]));
  const renames = new Map(names.map((name) => [`${name}.moved to`, name]));
  const back = new Map([...renames].map(([path, from]) => [from, path]));
  const letters = new Letters(repository);
  const first = letters.write(one, { date: dateOf(1) });
  const second = letters.write(moved, { parents: [first], date: dateOf(2) }, renames);
  const last = letters.write(two, { parents: [second], date: dateOf(3) }, back);
  compare(repository, imported(repository, last), last);
});

test('a chain of many commits that change one text', async (t) => {
  if (lacksTools(t)) return;
  const repository = await newRepository(t);
  const letters = new Letters(repository);
  let parent: CommitId | undefined;
  for (let number = 0; number < 200; number++) {
    const lines = Array.from({ length: 20 }, (_, line) => `${line} ${line === number % 20 ? number : ''}\n`);
    const texts = new Map([
      ['tree/a', lines.join('')],
      [`tree/${number % 7}`, `${number % 3}`],
    ]);
    const parents = parent === undefined ? [] : [parent];
    parent = letters.write(texts, { parents, date: dateOf(number), message: `${number}\n` });
  }
  const folder = imported(repository, parent!);
  assert.equal(String(git(folder, 'rev-list', '--count', 'dbk')), '200\n');
  for (const back of [0, 1, 50, 198]) {
    const at = [...history(repository.commits, parent)][back]!.id;
    const texts = textsAt(repository.commits, at, new Set(recordedIds(repository.commits, at).keys()));
    assert.deepEqual(sortedTexts(textsInGit(folder, `dbk~${back}`)), sortedTexts(texts));
  }
});

test('what is too much for memory is held on the disk meanwhile', async (t) => {
  const repository = await furnished(t);
  const head = repository.commits.readHead()!;
  const [most, none] = [undefined, 0].map((held) => exportGit(repository, head, REF, held));
  const aside = join(repository.layout.local, 'aside');
  let met = 0;
  let stream = '';
  for (const piece of none!) {
    stream += piece;
    if (fs.existsSync(aside)) met += 1;
  }
  assert.equal(stream, [...most!].join(''));
  assert.ok(met > 0);
  assert.ok(!fs.existsSync(aside));
});

test('a stream that is cut off is refused by git, and one that is stopped leaves nothing', async (t) => {
  if (lacksTools(t)) return;
  const repository = await furnished(t);
  const head = repository.commits.readHead()!;
  const stream = [...exportGit(repository, head, REF)].join('');
  const folder = join(repository.root, '..', 'cut');
  fs.mkdirSync(folder);
  shell('git init -q', folder);
  const input = stream.slice(0, -5);
  const { status } = spawnSync('git', ['fast-import', '--quiet'], { cwd: folder, input });
  assert.notEqual(status, 0);
  let asked = 0;
  const stopping = reopened({
    ...repository,
    context: { ...repository.context, interrupted: () => ++asked > 3 },
  });
  assert.throws(() => [...exportGit(stopping, head, REF)], Interrupted);
  assert.ok(!fs.existsSync(join(repository.layout.local, 'aside')));
});

test('a patch that is not what its commit says is damage', async (t) => {
  const repository = await furnished(t);
  const head = repository.commits.readHead()!;
  fs.appendFileSync(join(repository.commits.directoryOf(head), 'changes.patch'), '\n');
  const damaged = reopened(repository);
  assert.throws(() => [...exportGit(damaged, head, REF)], { kind: 'damage' });
});

async function furnished(t: TestContext): Promise<Repository> {
  const repository = await newRepository(t, contextOf(quick));
  put(repository.root, { a: '1', 'b/c': '2' });
  await commitAll(repository, { message: 'First' });
  put(repository.root, { a: '11' });
  await commitAll(repository, { message: 'Second' });
  return repository;
}
