/** Another repository that is a folder: what is taken of it, and that it is only read. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { openFolder, openFolderOf } from '../../src/flow/merge-source.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { SILENT } from '../../src/model/progress.ts';
import { takeCommits } from '../../src/store/incoming.ts';
import type { Transport } from '../../src/sync/transport.ts';
import { commitAll, newRepository, put, reopened } from '../flow/fixture.ts';
import { mergeFrom, otherContext } from '../flow/two-repositories.ts';
import { faultyDisk } from '../disk/faulty.ts';
import { linesIn, statsIn, temporary } from '../tools/tree.ts';

before(() => loadBlake3());

const LIMIT = 1 << 20;
const TAKING = { interrupted: () => false, progress: SILENT };

interface Given {
  /** With two commits. */
  readonly far: Repository;
  readonly head: CommitId;
  /** Where the directory of its newest commit is. */
  readonly directory: string;
  readonly near: Repository;
}

async function given(t: TestContext): Promise<Given> {
  const far = await newRepository(t);
  put(far.root, { a: 'a', 'folder/b': 'b' });
  await commitAll(far);
  put(far.root, { a: 'A' });
  await commitAll(far);
  const head = far.commits.readHead()!;
  return {
    far,
    head,
    directory: far.commits.directoryOf(head),
    near: await newRepository(t, otherContext('near')),
  };
}

/** What taking the head says, with names for what differs from run to run. */
async function takenFrom({ far, near, head }: Given): Promise<string> {
  try {
    const { taken } = await takeCommits(
      near.commits,
      openFolderOf(reopened(far), { place: '/far' }),
      head,
      TAKING,
    );
    return `${taken.length} taken`;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const said = `${error.problem.code}: ${error.problem.reason}`;
    return said
      .replaceAll(head, 'ID')
      .replaceAll(far.root, 'ROOT')
      .replace(/[0-9a-f]{64}/g, 'HASH')
      .replace(/\d{8}T\d{6}Z-[a-z]+-[0-9a-f]{16}/g, 'DIRECTORY');
  }
}

const cannot = (why: string): string => `store/foreign-damaged: cannot take commit ID from '/far': ${why}`;

const DAMAGES: readonly (readonly [what: string, damage: (directory: string) => void, said: string])[] = [
  [
    'has the name of another one',
    (directory) => fs.renameSync(directory, directory.replace('-laptop-', '-nas-')),
    cannot("commit ID is damaged: its directory should be '2026/DIRECTORY'"),
  ],
  [
    'stands in another year',
    (directory) => {
      fs.mkdirSync(directory.replace('/2026/', '/2025/'), { recursive: true });
      fs.renameSync(directory, directory.replace('/2026/', '/2025/'));
    },
    cannot("commit ID is damaged: its directory should be '2026/DIRECTORY'"),
  ],
  [
    'has a letter of 2 GiB',
    (directory) => fs.truncateSync(join(directory, 'commit.yaml'), 2 ** 31),
    cannot("'ROOT/.dbk/commits/2026/DIRECTORY/commit.yaml' is longer than 1073741824 bytes"),
  ],
  [
    'has a letter that was changed',
    (directory) => fs.appendFileSync(join(directory, 'commit.yaml'), 'x: y\n'),
    cannot('commit ID is damaged: it is HASH'),
  ],
  [
    'has no letter',
    (directory) => fs.rmSync(join(directory, 'commit.yaml')),
    cannot('commit ID is damaged: it is gone'),
  ],
  [
    'has a letter that is a link',
    (directory) => {
      fs.renameSync(join(directory, 'commit.yaml'), join(directory, 'letter'));
      fs.symlinkSync('letter', join(directory, 'commit.yaml'));
    },
    cannot("'ROOT/.dbk/commits/2026/DIRECTORY/commit.yaml' is not a regular file"),
  ],
  [
    'has a letter that is a fifo',
    (directory) => {
      fs.rmSync(join(directory, 'commit.yaml'));
      spawnSync('mkfifo', [join(directory, 'commit.yaml')]);
    },
    cannot("'ROOT/.dbk/commits/2026/DIRECTORY/commit.yaml' is not a regular file"),
  ],
  [
    'has a patch that is a fifo',
    (directory) => {
      fs.rmSync(join(directory, 'changes.patch'));
      spawnSync('mkfifo', [join(directory, 'changes.patch')]);
    },
    cannot('commit ID is damaged: it has no patch'),
  ],
  [
    'has a patch that is a link',
    (directory) => {
      fs.renameSync(join(directory, 'changes.patch'), join(directory, 'patch'));
      fs.symlinkSync('patch', join(directory, 'changes.patch'));
    },
    cannot('commit ID is damaged: it has no patch'),
  ],
  [
    'has a patch that was cut',
    (directory) => fs.truncateSync(join(directory, 'changes.patch'), 10),
    cannot('its patch is HASH, not HASH'),
  ],
  [
    'is gone',
    (directory) => fs.rmSync(directory, { recursive: true }),
    "store/foreign-missing: commit ID is not in '/far'",
  ],
];

for (const [what, damage, said] of DAMAGES) {
  test(`a commit there that ${what} is refused`, async (t) => {
    const it = await given(t);
    damage(it.directory);
    assert.equal(await takenFrom(it), said);
    assert.equal(it.near.commits.has(it.head), false);
    assert.deepEqual(fs.readdirSync(it.near.layout.scratch), []);
  });
}

test('a commit there behind a symlink is one, and stands here in a folder of its own', async (t) => {
  const it = await given(t);
  const elsewhere = join(temporary(t), 'elsewhere');
  fs.cpSync(it.directory, elsewhere, { recursive: true });
  fs.writeFileSync(join(elsewhere, 'more'), 'more');
  fs.rmSync(it.directory, { recursive: true });
  fs.symlinkSync(elsewhere, it.directory);
  assert.equal(await takenFrom(it), '2 taken');
  const here = it.near.commits.directoryOf(it.head);
  assert.equal(fs.lstatSync(here).isDirectory(), true);
  assert.deepEqual(fs.readdirSync(here).sort(), ['changes.patch', 'commit.yaml']);
});

test('nothing is written there, and no call that changes anything is made', async (t) => {
  const { far, near } = await given(t);
  const all = (): unknown => [linesIn(far.root), statsIn(far.root, () => true)];
  const stood = all();
  await mergeFrom(near, far);
  assert.deepEqual(all(), stood);
  assert.deepEqual(linesIn(near.root).slice(1), linesIn(far.root).slice(1));

  const counting = faultyDisk(nodeDisk);
  const transport = openFolderOf(reopened(far, counting));
  await everythingOf(transport, far.commits.readHead()!);
  assert.deepEqual(counting.calls, []);
});

test('what nobody may write to can be merged from', async (t) => {
  const { far, near } = await given(t);
  t.after(() => spawnSync('chmod', ['-R', 'u+w', far.root]));
  assert.equal(spawnSync('chmod', ['-R', 'a-w', far.root]).status, 0);
  // The superuser may write all the same: each call that would is one too many.
  const counting = faultyDisk(nodeDisk, { kind: 'fails', at: 1, code: 'EROFS', onwards: true });
  await everythingOf(openFolderOf(reopened(far, counting)), far.commits.readHead()!);
  await mergeFrom(near, far);
  assert.equal(fs.readFileSync(join(near.root, 'folder/b'), 'utf8'), 'b');
});

/** Asks for all that a transport can be asked for. */
async function everythingOf(transport: Transport, head: CommitId): Promise<void> {
  await transport.facts();
  await transport.records(LIMIT);
  assert.notEqual(await transport.readCommit(head, LIMIT), undefined);
  for await (const piece of transport.readPatch(head)) assert.notEqual(piece.length, 0);
  assert.equal(sourcesOf(transport, 'a', 'A')[0], 'a');
  await transport.close();
}

/** Where a content is looked for, less the folder of the guard. */
function sourcesOf(transport: Transport, path: string, content: string): string[] {
  const looks = { mode: 0o644, mtime: '2026-01-01T00:00:00Z' as Instant };
  const wanted = { kind: 'file' as const, blake3: digest(content), size: content.length, ...looks };
  const paths = Array.from(transport.localSources(path as RepositoryPath, wanted), (source) => source.path);
  const inGuard = (at: string): boolean => at.includes('/.dbk/guard/');
  return [...new Set(paths.map((at) => (inGuard(at) ? 'guard' : at.replace(/^.*\/root\//, ''))))];
}

test('a content is looked for at its path, in the guard there, and where else that repository has it', async (t) => {
  const { far } = await given(t);
  const transport = openFolderOf(far);
  const isGuarded = [...fs.readdirSync(far.layout.guard)].length > 0;
  const guard = isGuarded ? ['guard'] : [];
  assert.deepEqual(sourcesOf(transport, 'a', 'A'), ['a', ...guard]);
  assert.deepEqual(sourcesOf(transport, 'elsewhere/b', 'b'), ['elsewhere/b', ...guard, 'folder/b']);
});

test('nothing behind a symlink is looked for', async (t) => {
  const { far } = await given(t);
  const outside = temporary(t);
  fs.writeFileSync(join(outside, 'b'), 'b');
  fs.rmSync(join(far.root, 'folder'), { recursive: true });
  fs.rmSync(far.layout.guard, { recursive: true, force: true });
  fs.symlinkSync(outside, join(far.root, 'folder'));
  const transport = openFolderOf(far);
  assert.deepEqual(sourcesOf(transport, 'folder/b', 'b'), []);
  assert.deepEqual(sourcesOf(transport, 'x', 'b'), ['x']);
});

test('the journal of a command that was broken off there, and a lock, do not matter', async (t) => {
  const { far, near } = await given(t);
  fs.writeFileSync(far.layout.journal, 'dbk: journal 1\ncommand: commit\n');
  fs.writeFileSync(far.layout.lock, 'dbk: lock 1\n');
  await mergeFrom(near, far);
  assert.equal(near.commits.readHead(), far.commits.readHead());
  assert.equal(fs.readFileSync(far.layout.journal, 'utf8'), 'dbk: journal 1\ncommand: commit\n');
  assert.equal(fs.readFileSync(far.layout.lock, 'utf8'), 'dbk: lock 1\n');
});

test('a repository of a newer format is refused, and one whose settings cannot be read', async (t) => {
  const { far, near } = await given(t);
  fs.writeFileSync(far.layout.format, 'dbk 2\n');
  assert.throws(() => openFolder(near, 'far', far.root), {
    message: 'this repository was written by a newer dbk (format 2); this dbk reads format 1',
  });
  fs.writeFileSync(far.layout.format, 'dbk 1\n');
  for (const config of ['', 'dbk: config 1\nname: x\n', '&a [*a]\n', 'dbk: config 7\n']) {
    fs.writeFileSync(far.layout.config, config);
    await assert.rejects(
      openFolder(near, 'far', far.root).facts(),
      (error) => error instanceof Refusal && error.problem.code === 'sync/config-unreadable',
    );
  }
});

test('a record that is no text, or too long, is given as an empty one, and what is no record not at all', async (t) => {
  const { far } = await given(t);
  const { repositories } = far.layout;
  for (const name of fs.existsSync(repositories) ? fs.readdirSync(repositories) : [])
    fs.rmSync(join(repositories, name));
  fs.mkdirSync(repositories, { recursive: true });
  fs.writeFileSync(join(repositories, 'odd.yaml'), Buffer.from([0xff, 0xfe]));
  fs.symlinkSync('/etc/passwd', join(repositories, 'link.yaml'));
  fs.mkdirSync(join(repositories, 'folder.yaml'));
  fs.writeFileSync(join(repositories, 'good.yaml'), 'good\n');
  fs.writeFileSync(join(repositories, 'large.yaml'), '');
  fs.truncateSync(join(repositories, 'large.yaml'), 2 ** 31);
  fs.writeFileSync(join(repositories, '.hidden.yaml'), 'x');
  fs.writeFileSync(join(repositories, 'UPPER.yaml'), 'x');
  fs.writeFileSync(join(repositories, `${'long'.repeat(20)}.yaml`), 'x');
  const found = await openFolderOf(far).records(LIMIT);
  assert.deepEqual([...found].sort(), [
    ['folder', ''],
    ['good', 'good\n'],
    ['large', ''],
    ['link', ''],
    ['odd', ''],
  ]);
});
