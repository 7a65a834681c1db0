/** A repository on another machine: this one, reached through the real ssh and sshd. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { clone } from '../../src/flow/clone.ts';
import { mergeSource } from '../../src/flow/merge-source.ts';
import { merge, type MergeResult } from '../../src/flow/merge.ts';
import { push, type Pushed, type PushOptions } from '../../src/flow/push.ts';
import { acceptRemote, openRemote, readRemotes, remoteAt } from '../../src/flow/remotes.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { Context } from '../../src/flow/context.ts';
import { Refusal } from '../../src/model/problem.ts';
import { SILENT, type Moment } from '../../src/model/progress.ts';
import { readRepositoryFile, writeRepositoryFile } from '../../src/store/repository-file.ts';
import { sshTransport } from '../../src/sync/ssh.ts';
import type { Transport } from '../../src/sync/transport.ts';
import { bytesOfFrame } from '../../src/sync/wire.ts';
import {
  commitAll,
  contextOf,
  newRepository,
  put,
  quick,
  reopened,
  statusOf,
  treeOnDisk,
} from '../flow/fixture.ts';
import { otherContext, repositories, UNWATCHED } from '../flow/two-repositories.ts';
import { temporary } from '../tools/tree.ts';
import { SshMachine, WITHOUT_SSHD, type Daemon } from './sshd.ts';
import { transportSuite } from './transport-suite.ts';

before(() => loadBlake3());

const skip = WITHOUT_SSHD;

interface Reached {
  readonly machine: SshMachine;
  readonly daemon: Daemon;
  readonly addressOf: (folder: string) => string;
}

async function reached(t: TestContext): Promise<Reached> {
  const machine = new SshMachine(t);
  const daemon = await machine.daemon();
  const start = `ssh://${machine.user}@127.0.0.1:${daemon.port}`;
  return { machine, daemon, addressOf: (folder) => start + encodeURI(folder) };
}

function through(
  { machine }: Pick<Reached, 'machine'>,
  place: string,
  jumps: readonly string[] = [],
): Transport {
  const { ssh, remote } = machine;
  return sshTransport(quick, place, { programs: { ssh, remote }, jumps, interrupted: () => false });
}

transportSuite(
  'ssh',
  async (t, { root }) => {
    const there = await reached(t);
    return through(there, there.addressOf(root));
  },
  skip,
);

/** With the programs of the machine. */
function contextFor({ machine: { ssh, remote } }: Reached, context: Context = contextOf()): Context {
  return { ...context, programs: { ssh, remote } };
}

async function mergeFrom(to: Repository, there: Reached, address: string): Promise<MergeResult> {
  const repository = reopened({ ...to, context: contextFor(there, to.context) });
  const source = await mergeSource(repository, '/', address);
  assert.ok(source.kind === 'repository');
  try {
    return await merge(repository, {
      source,
      ...UNWATCHED,
      confirmDeletions: true,
    });
  } finally {
    await source.transport.close();
  }
}

function filesIn({ root }: Pick<Repository, 'root'>): Record<string, string> {
  const files = [...treeOnDisk(root)].filter(([, { kind }]) => kind === 'file');
  return Object.fromEntries(
    files.map(([path]) => [path, fs.readFileSync(join(root, path), 'latin1')]).sort(),
  );
}

test('merging through ssh gives what merging with the folder gives', { skip }, async (t) => {
  const there = await reached(t);
  const [one, two] = (await repositories(t, ['one', 'two'], { 'a/b': 'b', 'a/c': 'c', d: 'd' })) as [
    Repository,
    Repository,
  ];
  put(one.root, {
    "new 'quoted' $name!": 'new',
    'copy of d': 'd',
    'another new': 'new',
    big: 'x'.repeat(1_000_000),
  });
  fs.renameSync(join(one.root, 'a'), join(one.root, 'moved'));
  fs.rmSync(join(one.root, 'd'));
  await commitAll(reopened(one));
  put(two.root, { e: 'e' });
  const made = await mergeFrom(two, there, there.addressOf(one.root));
  assert.deepEqual(made.problems, []);
  assert.deepEqual(filesIn(two), { ...filesIn(one), e: 'e' });
  assert.deepEqual(await statusOf(reopened(two)), { changes: [], problems: [] });
  assert.equal(fs.existsSync(join(two.layout.local, 'fetched')), false);
  const inodes = ["new 'quoted' $name!", 'another new'].map((name) => fs.lstatSync(join(two.root, name)).ino);
  assert.notEqual(inodes[0], inodes[1], 'two paths are never one inode');
  assert.equal((await mergeFrom(two, there, there.addressOf(one.root))).how, 'same');
});

test('a clone through ssh has every file', { skip }, async (t) => {
  const there = await reached(t);
  const one = await newRepository(t);
  const names = Array.from({ length: 500 }, (_, i) => `folder ${i % 7}/file ${i}`);
  put(one.root, Object.fromEntries(names.map((name) => [name, `content of ${name}`])));
  await commitAll(one);
  const folder = join(temporary(t), 'copy');
  const { made } = await clone(contextFor(there, otherContext('copy')), {
    source: there.addressOf(one.root),
    directory: '/',
    folder,
    name: 'copy',
    report: () => undefined,
  });
  assert.deepEqual(made.problems, []);
  assert.deepEqual(filesIn({ root: folder }), filesIn(one));
});

test(
  'a content that is damaged there is told, left out, and comes when it is right again',
  { skip },
  async (t) => {
    const there = await reached(t);
    const [one, two] = (await repositories(t, ['one', 'two'], { a: 'a' })) as [Repository, Repository];
    put(one.root, { good: 'good', bad: 'right' });
    await commitAll(reopened(one));
    fs.rmSync(one.layout.guard, { recursive: true, force: true });
    fs.writeFileSync(join(one.root, 'bad'), 'WRONG');
    const made = await mergeFrom(two, there, there.addressOf(one.root));
    assert.deepEqual(
      made.problems.map(({ code, place }) => [code, place?.path]),
      [['sync/nowhere', 'bad']],
    );
    assert.deepEqual(filesIn(two), { a: 'a', good: 'good' });
    fs.writeFileSync(join(one.root, 'bad'), 'right');
    assert.deepEqual((await mergeFrom(two, there, there.addressOf(one.root))).problems, []);
    assert.deepEqual(filesIn(two), { a: 'a', good: 'good', bad: 'right' });
  },
);

test('machines on the way are gone through', { skip }, async (t) => {
  const machine = new SshMachine(t);
  const [gate, behind] = [await machine.daemon(), await machine.daemon()];
  const repository = await newRepository(t);
  const direct = through({ machine }, `ssh://127.0.0.1:${behind.port}${repository.root}`);
  t.after(() => direct.close());
  const { id } = await direct.facts();
  assert.equal(gate.said().includes('Accepted publickey'), false);
  machine.settings(
    `Host nas\nHostName 127.0.0.1\nPort ${behind.port}\nProxyJump gate\nHost gate\nHostName 127.0.0.1\nPort ${gate.port}`,
  );
  const transport = through({ machine }, `ssh://nas${repository.root}`);
  t.after(() => transport.close());
  assert.equal((await transport.facts()).id, id);
  assert.match(gate.said(), /Accepted publickey/);
});

test(
  'the machines on the way that a repository says of itself are gone through once that is accepted',
  { skip },
  async (t) => {
    const machine = new SshMachine(t);
    const [gate, behind] = [await machine.daemon(), await machine.daemon()];
    const [far, own] = (await repositories(t, ['far', 'own'], { a: 'a' })) as [Repository, Repository];
    machine.settings(
      `Host nas\nHostName 127.0.0.1\nPort ${behind.port}\nHost gate\nHostName 127.0.0.1\nPort ${gate.port}`,
    );
    const { disk } = own.context;
    const record = readRepositoryFile(disk, far.layout, 'far')!;
    writeRepositoryFile(disk, own.layout, {
      ...record,
      reach: [{ kind: 'ssh', ssh: `ssh://nas${far.root}`, jump: ['gate'] }],
    });
    const { ssh, remote } = machine;
    const repository = reopened({ ...own, context: { ...own.context, programs: { ssh, remote } } });
    await acceptRemote(repository, 'far');
    assert.match(gate.said(), /Accepted publickey/);
    const { remotes } = await readRemotes(repository);
    assert.deepEqual(remotes, [{ name: 'far', kind: 'ssh', ssh: `ssh://nas${far.root}`, jump: ['gate'] }]);
    const { transport } = await openRemote(repository, '/', 'far');
    t.after(() => transport.close());
    assert.equal((await transport.facts()).id, record.id);
  },
);

interface PushMade {
  readonly pushed: Pushed;
  readonly changes: readonly string[];
}

/** Pushes from a repository to what is at an address. */
async function pushTo(
  from: Repository,
  there: Reached,
  address: string,
  more: Partial<PushOptions> = {},
): Promise<PushMade> {
  const repository = reopened({ ...from, context: contextFor(there, from.context) });
  const changes: string[] = [];
  const pushed = await push(repository, {
    remote: remoteAt('there', address, '/'),
    ...UNWATCHED,
    confirmDeletions: true,
    report: ({ kind, path, from: old, by }) =>
      changes.push(
        [kind, ...(old === undefined ? [] : [old]), path, ...(by === undefined ? [] : [by])].join(' '),
      ),
    ...more,
  });
  return { pushed, changes };
}

test('pushing through ssh does what pulling there does, and tells what was done', { skip }, async (t) => {
  const there = await reached(t);
  const odd = "new 'quoted' $name!\nand more";
  const [one, two] = (await repositories(t, ['one', 'two'], { 'a/b': 'b', 'a/c': 'c', d: 'd' })) as [
    Repository,
    Repository,
  ];
  put(one.root, { [odd]: 'new', big: 'x'.repeat(1_000_000) });
  fs.renameSync(join(one.root, 'a'), join(one.root, 'moved'));
  fs.writeFileSync(join(one.root, 'd'), 'D and more');
  put(two.root, { e: 'e' });
  const message = 'it\'s $HOME; `rm` "all"\nand a second line \u{1f600}';
  const { pushed, changes } = await pushTo(one, there, there.addressOf(two.root), { message });
  assert.deepEqual(pushed.there.problems, []);
  assert.equal(pushed.there.how, 'merged');
  assert.deepEqual(changes.toSorted(), ['added big', `added ${odd}`, 'changed d', 'moved a moved inode']);
  assert.deepEqual(filesIn(two), { ...filesIn(one), e: 'e' });
  assert.deepEqual(await statusOf(reopened(two)), { changes: [], problems: [] });
  assert.equal(reopened(two).commits.readHead(), pushed.there.head);
  assert.equal(reopened(two).commits.readCommit(pushed.there.own.commit!).message, `${message}\n`);
  const again = await pushTo(one, there, there.addressOf(two.root));
  assert.deepEqual([again.pushed.there.how, again.changes], ['same', []]);
  assert.equal(pushed.there.kept, 1);
});

test('what is pushed through ssh for nothing changes nothing there', { skip }, async (t) => {
  const there = await reached(t);
  const [one, two] = (await repositories(t, ['one', 'two'], { a: 'a' })) as [Repository, Repository];
  put(one.root, { b: 'b' });
  await commitAll(reopened(one));
  const [files, head] = [filesIn(two), reopened(two).commits.readHead()];
  const { pushed, changes } = await pushTo(one, there, there.addressOf(two.root), { dryRun: true });
  assert.deepEqual(changes, ['added b']);
  assert.equal(pushed.there.needs?.written, 1);
  assert.equal(pushed.there.done, undefined);
  assert.deepEqual([filesIn(two), reopened(two).commits.readHead()], [files, head]);
});

test('what is refused there is refused here, in the same way', { skip }, async (t) => {
  const there = await reached(t);
  const [one] = (await repositories(t, ['one', 'two'], { a: 'a' })) as [Repository, Repository];
  const stranger = await newRepository(t, otherContext('stranger'));
  put(stranger.root, { z: 'z' });
  await commitAll(stranger);
  const address = there.addressOf(stranger.root);
  await assert.rejects(pushTo(one, there, address), {
    kind: 'safety',
    message: `at '${address}': the two have no commit in common`,
  });
  await assert.rejects(pushTo(one, there, there.addressOf('/nowhere')), {
    kind: 'remote',
    message: /no repository at '\/nowhere'/,
  });
});

test('many large contents go through while many questions are on their way', { skip }, async (t) => {
  const there = await reached(t);
  const [one, two] = (await repositories(t, ['one', 'two'], { a: 'a' })) as [Repository, Repository];
  const long = 'a rather long name of a file '.repeat(6);
  const files = Array.from({ length: 1500 }, (_, i) => [`${long}${i}`, `${i}`.repeat(20_000)]);
  put(one.root, Object.fromEntries(files));
  const { pushed } = await pushTo(one, there, there.addressOf(two.root));
  assert.deepEqual(pushed.there.problems, []);
  assert.deepEqual(filesIn(two), filesIn(one));
});

test('a push that breaks off is gone on with', { skip }, async (t) => {
  const there = await reached(t);
  const [one, two] = (await repositories(t, ['one', 'two'], { a: 'a' })) as [Repository, Repository];
  put(one.root, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, `${i}`.repeat(10_000)])));
  let sent = 0;
  const progress = {
    ...SILENT,
    tell: ({ phase, files }: Moment) => void (phase === 'Sending' && (sent = files)),
  };
  const context = { ...one.context, progress, interrupted: () => sent > 20 };
  const broken = pushTo({ ...one, context }, there, there.addressOf(two.root));
  await assert.rejects(broken, { name: 'Interrupted' });
  assert.deepEqual(filesIn(two), { a: 'a' });
  const { pushed } = await pushTo(one, there, there.addressOf(two.root));
  assert.deepEqual(
    pushed.there.problems.map(({ code }) => code).filter((code) => code !== 'sync/resumed'),
    [],
  );
  assert.deepEqual(filesIn(two), filesIn(one));
});

const LIES: readonly (readonly [what: string, said: string])[] = [
  ['no JSON', 'x\n'],
  ['another kind of line', '{"type":"oops"}\n'],
  ['a list', '[]\n'],
  ['a path that leads out', '{"type":"change","kind":"added","what":"file","path":"../x"}\n'],
  ['a kind that everything has', '{"type":"change","kind":"constructor","what":"file","path":"x"}\n'],
  ['a result that has nothing', '{"type":"merged"}\n'],
  ['a number that is none', '{"type":"change","kind":"added","what":"file","path":"x","files":-1}\n'],
  ['more after the end', '{"type":"interrupted"}\n{"type":"interrupted"}\n'],
];

for (const [what, said] of LIES) {
  test(`a dbk that is called and says what cannot be is not believed: ${what}`, async (t) => {
    const one = await newRepository(t);
    put(one.root, { a: 'a' });
    const folder = temporary(t);
    const ssh = join(folder, 'ssh');
    const frame = Buffer.from(bytesOfFrame({ kind: 't', number: 0, bytes: Buffer.from(said) }));
    fs.writeFileSync(join(folder, 'said'), Buffer.concat([Buffer.from('dbk serve 1\n'), frame]));
    fs.writeFileSync(ssh, `#!/bin/sh\ncat '${join(folder, 'said')}'\n`, { mode: 0o755 });
    const context: Context = { ...one.context, programs: { ssh } };
    const pushing = push(reopened({ ...one, context }), {
      remote: remoteAt('liar', 'ssh://liar/data', '/'),
      ...UNWATCHED,
      confirmDeletions: true,
    });
    await assert.rejects(pushing, { kind: 'remote', message: /what the other side says is no answer/ });
  });
}

const REFUSED: readonly (readonly [
  what: string,
  change: (there: Reached, root: string) => string,
  said: RegExp,
])[] = [
  [
    'no repository there',
    ({ addressOf }) => addressOf('/nowhere'),
    /code 10 \(.*no repository at '\/nowhere'/,
  ],
  [
    'a key of the host that is not known',
    ({ machine, addressOf }, root) => {
      fs.writeFileSync(join(machine.folder, 'known_hosts'), '');
      return addressOf(root);
    },
    /code 255 \(.*Host key verification failed/,
  ],
  [
    'a person without the key',
    ({ machine, addressOf }, root) => {
      fs.rmSync(join(machine.folder, 'key.pub'));
      return addressOf(root);
    },
    /code 255 \(.*Permission denied \(publickey/,
  ],
  [
    'a machine without dbk',
    ({ machine, addressOf }, root) => {
      fs.rmSync(machine.remote);
      return addressOf(root);
    },
    /code 127 \(/,
  ],
  [
    'a machine that greets',
    ({ machine, addressOf }, root) => {
      fs.writeFileSync(machine.remote, `#!/bin/sh\necho 'Welcome to nas, where everything is fine.'\n`);
      return addressOf(root);
    },
    /began with 'Welcome to nas/,
  ],
];

for (const [what, change, said] of REFUSED) {
  test(`refuses with the words of ssh: ${what}`, { skip }, async (t) => {
    const there = await reached(t);
    const { root } = await newRepository(t);
    const transport = through(there, change(there, root));
    t.after(() => transport.close());
    const error: unknown = await transport.facts().catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.kind, 'remote');
    assert.match(error.problem.reason, said);
  });
}

test('a program that is not there is said to be missing', async () => {
  const programs = { ssh: '/nowhere/ssh' };
  const transport = sshTransport(quick, 'ssh://nas/data', { programs, interrupted: () => false });
  await assert.rejects(transport.facts(), {
    kind: 'remote',
    message: /'\/nowhere\/ssh' cannot be started: ENOENT/,
  });
  await transport.close();
});
