import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { conflicts, type ConflictShown } from '../../src/flow/conflicts.ts';
import { countOpenConflicts } from '../../src/flow/conflict-names.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { resolve } from '../../src/flow/resolve.ts';
import type { CommitId } from '../../src/model/id.ts';
import { ROOT, type RepositoryPath } from '../../src/model/path.ts';
import { writeConflict, type Conflict } from '../../src/text/conflict.ts';
import { beside, conflicted, type Story } from './conflicted.ts';
import { codesOf, commitAll, put, statusOf, textsIn } from './fixture.ts';

before(() => loadBlake3());

const [LOW, HIGH] = ['one', 'two'].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)) as [string, string];
const BESIDE = beside('a', HIGH);
const STORY: Story = {
  base: { 'P/a': 'old', 'P/b': 'b' },
  ours: { 'P/a': LOW },
  theirs: { 'P/a': HIGH },
  merged: { 'P/a': LOW, [`P/${BESIDE}`]: HIGH },
  conflicts: [{ kind: 'content', paths: ['P/a', `P/${BESIDE}`], ids: [LOW, HIGH] }],
};

async function listed(
  repository: Repository,
  paths: readonly string[] = [],
  limit = Infinity,
): Promise<{
  readonly shown: readonly ConflictShown[];
  readonly codes: readonly string[];
  readonly count: number;
}> {
  const shown: ConflictShown[] = [];
  const request = {
    paths: paths as RepositoryPath[],
    limit,
    report: (one: ConflictShown) => shown.push(one),
  };
  const { count, problems } = await conflicts(repository, request);
  return { shown, codes: codesOf(problems), count };
}

function namesOf(shown: readonly Pick<ConflictShown, 'conflict'>[]): string[] {
  return shown.map(({ conflict: { kind, paths } }) => `${kind} ${paths.join(' ')}`);
}

/** A text in `conflicts/`, whatever is in it. */
function write({ layout }: Repository, id: string, text: string | Uint8Array): string {
  const path = join(layout.index, 'conflicts', `${id}.yaml`);
  fs.mkdirSync(join(layout.index, 'conflicts'), { recursive: true });
  fs.writeFileSync(path, text);
  return path;
}

function conflict(path: string, more: Partial<Conflict> = {}): string {
  return writeConflict({
    kind: 'delete',
    paths: [path as RepositoryPath],
    ids: [],
    field: '',
    commits: [],
    ...more,
  });
}

const UNKNOWN = 'ab'.repeat(32) as CommitId;
const HEAD = 'dbk: conflict 1\nkind: delete\n';
const REST = 'ids: []\nfield: ""\ncommits: []\n';

test('each side is known by what the merge says, also where a folder was renamed since', async (t) => {
  const moved: Story = {
    ...STORY,
    theirs: { P: undefined, 'Q/a': HIGH, 'Q/b': 'b' },
    merged: { P: undefined, 'Q/b': 'b', 'Q/a': LOW, [`Q/${BESIDE}`]: HIGH },
    conflicts: [{ kind: 'content', paths: ['Q/a', `Q/${BESIDE}`], ids: [LOW, HIGH] }],
  };
  const { repository } = await conflicted(t, moved);
  fs.renameSync(join(repository.root, 'Q'), join(repository.root, 'R'));
  await commitAll(repository);
  const { shown } = await listed(repository);
  assert.deepEqual(namesOf(shown), [`content R/a R/${BESIDE}`]);
  const sides = shown[0]!.versions.map(({ repositories, isOurs, has }) => ({ repositories, isOurs, has }));
  assert.deepEqual(
    new Set(sides),
    new Set([
      { repositories: ['laptop'], isOurs: true, has: { kind: 'at', path: 'R/a' } },
      { repositories: ['nas'], isOurs: false, has: { kind: 'at', path: `R/${BESIDE}` } },
    ]),
  );
});

test('texts that are no conflicts are told, each by itself, and stop nothing', async (t) => {
  const { repository } = await conflicted(t, STORY);
  const rows: readonly [text: string | Uint8Array, code: string][] = [
    ['', 'text/'],
    ['no: yaml: at: all', 'text/'],
    [`${HEAD}paths:\n  - ../../etc/passwd\n${REST}`, 'text/'],
    [`${HEAD}paths:\n  - /etc/passwd\n${REST}`, 'text/'],
    [`${HEAD}paths:\n  - .dbk/head\n${REST}`, 'text/'],
    [`${HEAD}paths:\n  - P/.dbk/x\n${REST}`, 'text/'],
    [`${HEAD}paths:\n  - ""\n${REST}`, 'text/'],
    [`${HEAD}paths: []\n${REST}`, 'conflict/of-nothing'],
    [`${HEAD}paths: &a\n  - *a\n${REST}`, 'text/'],
    [`dbk: conflict 9\nkind: delete\npaths:\n  - P/a\n${REST}`, 'text/'],
    [`dbk: conflict 1\nkind: war\npaths:\n  - P/a\n${REST}`, 'text/'],
    [new Uint8Array([0xff, 0xfe, 0]), 'store/'],
    ['x'.repeat(4 * 1024 * 1024 + 1), 'store/'],
  ];
  rows.forEach(([text], i) => write(repository, String(i).padStart(16, '0'), text));
  const folder = join(repository.layout.index, 'conflicts');
  fs.mkdirSync(join(folder, 'aaaaaaaaaaaaaaaa.yaml'));
  fs.symlinkSync('/etc/passwd', join(folder, 'bbbbbbbbbbbbbbbb.yaml'));
  write(repository, 'not one', 'x');
  const { shown, codes } = await listed(repository);
  assert.deepEqual(namesOf(shown), [`content P/a P/${BESIDE}`]);
  assert.equal(codes.length, rows.length + 2);
  for (const [, code] of rows)
    assert.ok(
      codes.some((each) => each.startsWith(code)),
      `${code} in ${codes.join()}`,
    );
  const before = textsIn(repository.root);
  const made = await resolve(repository, { paths: [ROOT], choice: { kind: 'both' }, dryRun: false });
  assert.deepEqual(namesOf(made.settled.map(({ open }) => open)), [`content P/a P/${BESIDE}`]);
  const files = (texts: Map<string, string>): unknown =>
    [...texts].filter(([path]) => !path.startsWith('.dbk'));
  assert.deepEqual(files(textsIn(repository.root)), files(before));
});

test('what a conflict claims moves and deletes nothing that it is not about', async (t) => {
  const { repository, ours, theirs } = await conflicted(t, STORY);
  fs.rmSync(join(repository.layout.index, 'conflicts'), { recursive: true });
  const commits = [ours, theirs].sort();
  const many = Array.from({ length: 100 }, (_, i) => digest(String(i)) as string as CommitId);
  const rows: readonly [text: string, code: string][] = [
    [conflict('nowhere', { commits }), 'conflict/not-recorded nowhere'],
    [conflict('P/b', { commits: [UNKNOWN] }), 'conflict/side-unknown P/b'],
    [conflict('P/b', { commits: many }), 'conflict/side-unknown P/b'],
    [conflict('P/b', { commits: [] }), 'conflict/side-unknown P/b'],
    [conflict('P', { kind: 'content', commits, ids: [digest(LOW), digest(HIGH)] }), 'conflict/cannot-tell P'],
    [conflict('P/b', { kind: 'rename', commits, paths: ['P/b', 'P/b/c'] as RepositoryPath[] }), ''],
    [
      conflict('P', {
        kind: 'directory',
        commits,
        ids: [digest(LOW), digest(HIGH)],
        paths: ['P', 'Q'] as RepositoryPath[],
      }),
      'conflict/cannot-tell P',
    ],
    [conflict('P/b', { kind: 'metadata', commits, field: 'nothing' }), 'conflict/side-unknown P/b'],
  ];
  for (const [text, code] of rows) {
    write(repository, '0'.repeat(16), text);
    const before = textsIn(join(repository.root, 'P'));
    const made = await resolve(repository, { paths: [ROOT], choice: { kind: 'theirs' }, dryRun: false });
    assert.deepEqual([text, codesOf(made.problems)], [text, code === '' ? [] : [code]]);
    assert.deepEqual([text, textsIn(join(repository.root, 'P'))], [text, before]);
  }
});

test('thousands are listed, counted and settled at once, in one commit', async (t) => {
  const { repository } = await conflicted(t, STORY);
  const COUNT = 3000;
  for (let i = 0; i < COUNT; i++)
    write(repository, i.toString(16).padStart(16, '0'), conflict(`P/b`, { field: String(i) }));
  assert.equal(countOpenConflicts(repository), COUNT + 1);
  const { shown, count } = await listed(repository, [], 20);
  assert.deepEqual(
    [shown.length, count, shown.filter(({ versions }) => versions.length > 0).length],
    [COUNT + 1, COUNT + 1, 1],
  );
  put(repository.root, { 'P/new': 'new' });
  await commitAll(repository);
  const made = await resolve(repository, { paths: [ROOT], choice: { kind: 'both' }, dryRun: false });
  assert.deepEqual(
    [made.settled.length, made.commits.length, made.left, codesOf(made.problems)],
    [COUNT + 1, 1, 0, []],
  );
  assert.equal(countOpenConflicts(repository), 0);
  assert.deepEqual(await statusOf(repository), { changes: [], problems: [] });
});
