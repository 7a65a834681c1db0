import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { allCommands } from '../../src/cli/commands/table.ts';
import { contextOf, settingsOfPerson } from '../../src/cli/context.ts';
import type { Sink } from '../../src/cli/terminal.ts';
import { VERSION } from '../../src/cli/version.ts';
import type { World } from '../../src/cli/world.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { Refusal } from '../../src/model/problem.ts';
import { SILENT } from '../../src/model/progress.ts';
import { layoutOf } from '../../src/store/layout.ts';
import { acquireLock } from '../../src/store/lock.ts';
import { identifyProcess } from '../../src/store/process-identity.ts';
import { quick, Stage, type Play, type Played } from './stage.ts';

/** A stage with a repository in which two commits are. */
async function repository(t: TestContext): Promise<Stage> {
  const stage = new Stage(t);
  stage.shell('mkdir Music; printf one > Music/a; printf two > Music/b; printf three > c');
  await stage.play(['init', '--name', 'laptop']);
  await stage.play(['commit', '-m', 'First']);
  stage.shell('printf four > d');
  await stage.play(['commit', '-m', 'Second']);
  return stage;
}

const EVERY: readonly (readonly string[])[] = [
  ['status'],
  ['commit'],
  ['diff'],
  ['log'],
  ['show'],
  ['ls'],
  ['why', 'c'],
  ['forget', 'c'],
  ['config'],
  ['config', 'confirm', '5'],
  ['difftool', '-t', 'true'],
  ['export', 'b3sums'],
];

const codesOf = async (stage: Stage, commands = EVERY): Promise<string[]> => {
  const codes: string[] = [];
  for (const argv of commands) codes.push(`${argv.join(' ')}: ${(await stage.play(argv)).exit}`);
  return codes;
};

const allWith = (code: number): string[] => EVERY.map((argv) => `${argv.join(' ')}: ${code}`);

test('every command that needs a repository says so where there is none', async (t) => {
  const stage = new Stage(t);
  assert.deepEqual(await codesOf(stage), allWith(10));
});

test('every command leaves a repository of a newer format alone', async (t) => {
  const stage = await repository(t);
  stage.shell('printf "dbk 2\\n" > .dbk/format');
  assert.deepEqual(await codesOf(stage), allWith(1));
  const { stderr } = await stage.play(['status']);
  assert.match(stderr, /^dbk: error: this repository was written by a newer dbk \(format 2\)/);
});

test('before the first commit each command says what there is', async (t) => {
  const stage = new Stage(t);
  stage.shell('printf three > c');
  await stage.play(['init', '--name', 'laptop']);
  const commands = EVERY.filter(([name]) => name !== 'commit');
  assert.deepEqual(await codesOf(stage, commands), [
    'status: 0',
    'diff: 0',
    'log: 1',
    'show: 2',
    'ls: 0',
    'why c: 0',
    'forget c: 5',
    'config: 0',
    'config confirm 5: 0',
    'difftool -t true: 0',
    'export b3sums: 2',
  ]);
});

test('while another process writes, what writes is refused and what reads is not', async (t) => {
  const stage = await repository(t);
  const layout = layoutOf(join(stage.folder, '.dbk'));
  const holder = {
    ...identifyProcess(nodeDisk, 'laptop', process.pid),
    command: 'sync',
    since: '2026-11-22T18:00:00Z',
  };
  const lock = acquireLock(nodeDisk, layout, holder, () => true);
  assert.deepEqual(await codesOf(stage), [
    'status: 0',
    'commit: 11',
    'diff: 0',
    'log: 0',
    'show: 0',
    'ls: 0',
    'why c: 0',
    'forget c: 11',
    'config: 0',
    'config confirm 5: 11',
    'difftool -t true: 0',
    'export b3sums: 0',
  ]);
  const { stderr, stdout } = await stage.play(['commit']);
  const where = `process ${process.pid} on ${holder.host}, since 2026-11-22T18:00:00Z`;
  assert.equal(
    stderr,
    `dbk: error: this repository is locked by 'sync' (${where}) ('/home/ada/Data/.dbk/local/lock')\nhint: wait until it is done\n`,
  );
  assert.equal(stdout, '');
  lock.release();
  assert.equal((await stage.play(['commit'])).exit, 0);
});

/** A disk on which one path cannot be looked into. */
function without(folder: string): Disk {
  const refuse = (call: string): never => {
    throw Object.assign(new Error(`EACCES: permission denied, ${call} '${folder}'`), { code: 'EACCES' });
  };
  return {
    ...quick,
    readdir: (path) => (path === folder ? refuse('scandir') : quick.readdir(path)),
    openRead: (path, keep) => (path === folder ? refuse('open') : quick.openRead(path, keep)),
  };
}

test('what cannot be read is listed, stays recorded, and makes the work partly done', async (t) => {
  const stage = await repository(t);
  stage.shell('rm c; touch Music');
  const disk = without(join(stage.folder, 'Music'));
  const seen = await stage.play(['status'], { disk });
  assert.equal(seen.exit, 3);
  assert.match(seen.stdout, /^Unreadable: 1 folder\n {13}Music\/$/m);
  assert.match(seen.stdout, /^1 missing(?:, 1 unreadable)?; /m);
  assert.match(seen.stderr, /^dbk: error: cannot read 'Music': permission denied\nhint: make it readable/);
  const json = await stage.play(['status', '--json'], { disk });
  const lines = json.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.filter(({ kind }) => kind === 'unreadable'),
    [{ type: 'change', kind: 'unreadable', what: 'directory', path: 'Music' }],
  );
  assert.equal(json.stderr, '');
  const made = await stage.play(['commit', '--confirm-deletions'], { disk });
  assert.equal(made.exit, 3);
  assert.match(made.stdout, /^commit [0-9a-f]{16}\n1 removed\n$/);
  assert.equal((await stage.play(['ls', 'Music/a'])).exit, 0);
});

/** A disk on which a file's bytes changed and nothing else did. */
function rotten(path: string): { readonly disk: Disk; rot(): void } {
  const before = new Map<string, unknown>();
  const fds = new Map<number, string>();
  const kept = <T>(call: string, at: string, now: T): T => {
    if (at !== path) return now;
    if (!before.has(call)) before.set(call, now);
    return before.get(call) as T;
  };
  const disk: Disk = {
    ...quick,
    lstat: (at) => kept('lstat', at, quick.lstat(at)),
    lstatExact: (at) => kept('exact', at, quick.lstatExact(at)),
    openRead: (at, keep) => {
      const fd = quick.openRead(at, keep);
      fds.set(fd, at);
      return fd;
    },
    fstat: (fd) => kept('lstat', fds.get(fd) ?? '', quick.fstat(fd)),
    fstatExact: (fd) => kept('exact', fds.get(fd) ?? '', quick.fstatExact(fd)),
    close: (fd) => {
      fds.delete(fd);
      quick.close(fd);
    },
  };
  const rot = (): void => {
    disk.lstat(path);
    disk.lstatExact(path);
    fs.writeFileSync(path, 'eno');
  };
  return { disk, rot };
}

test('bytes that changed while size and times did not are suspect, and are no commit', async (t) => {
  const stage = await repository(t);
  const { disk, rot } = rotten(join(stage.folder, 'Music/a'));
  rot();
  const seen = await stage.play(['status', '--checksum'], { disk });
  assert.equal(seen.exit, 4, seen.stderr);
  assert.match(seen.stdout, /^Suspect: 1 file/m);
  const made = await stage.play(['commit', '--checksum', '-m', 'Rot'], { disk });
  assert.equal(made.exit, 4);
  assert.match(made.stdout, /^Nothing to commit: /);
  assert.match(made.stderr, /^dbk: error: cannot trust 'Music\/a'/);
});

test('an interrupted command says so, leaves all as it was, and can be run again', async (t) => {
  const stage = await repository(t);
  stage.shell('printf more > e');
  const stopped = await stage.play(['commit', '-m', 'Third'], { interrupted: true });
  assert.deepEqual(
    [stopped.exit, stopped.stdout, stopped.stderr],
    [
      130,
      '',
      'dbk: error: interrupted; nothing is left half done\nhint: run the same command again to go on\n',
    ],
  );
  assert.match((await stage.play(['commit', '-m', 'Third'])).stdout, /\n1 added\n$/);
});

test('the first signal stops where nothing is half done, the second ends at once', async (t) => {
  const stage = await repository(t);
  stage.shell('printf more > e');
  const taken: boolean[] = [];
  let released = 0;
  const world = (its: World): World => ({
    ...its,
    watchSignals: (take) => {
      queueMicrotask(() => taken.push(take('SIGINT'), take('SIGTERM')));
      return () => (released += 1);
    },
  });
  const { exit, stderr } = await stage.play(['commit'], { world });
  assert.deepEqual([exit, taken, released], [130, [true, false], 1]);
  assert.match(stderr, /^stopping…\ndbk: error: interrupted/);
});

test('a question that is interrupted is no answer', async (t) => {
  const stage = await repository(t);
  stage.shell('rm c');
  const world = (its: World): World => {
    let signal: () => unknown = () => undefined;
    return {
      ...its,
      terminal: {
        ...its.terminal,
        stdin: {
          isTTY: true,
          listen: () => {
            queueMicrotask(() => signal());
            return () => undefined;
          },
        },
      },
      watchSignals: (take) => {
        signal = () => take('SIGINT');
        return () => undefined;
      },
    };
  };
  const { exit, stderr } = await stage.play(['commit', '--no-progress'], { world, isTerminal: true });
  assert.equal(exit, 130);
  assert.match(stderr, /\? \[y\/N\] stopping…\ndbk: error: interrupted/);
  assert.equal((await stage.play(['ls', 'c'])).exit, 0);
});

test('a question at the end of input is a no', async (t) => {
  const stage = await repository(t);
  stage.shell('rm c');
  const { exit, stdout } = await stage.play(['commit', '--no-progress'], { typed: [] });
  assert.equal(exit, 0);
  assert.match(stdout, /^1 file is missing and stays recorded$/m);
});

test('what the operating system refuses is told as it is, and only a bug is called one', async (t) => {
  const stage = await repository(t);
  stage.shell('printf more > e');
  const failing = (code: string, words: string): Disk => ({
    ...quick,
    write: () => {
      throw Object.assign(new Error(`${code}: ${words}, write`), { code, syscall: 'write' });
    },
  });
  const full = await stage.play(['commit'], { disk: failing('ENOSPC', 'no space left on device') });
  assert.deepEqual(
    [full.exit, full.stdout, full.stderr],
    [
      1,
      '',
      'dbk: error: cannot write: no space left on device\nhint: free some space and run this again; nothing is left half done\n',
    ],
  );
  const broken: Disk = {
    ...quick,
    write: () => {
      throw new TypeError('x is not a function');
    },
  };
  const bug = await stage.play(['commit'], { disk: broken });
  assert.equal(bug.exit, 70);
  assert.match(
    bug.stderr,
    /^TypeError: x is not a function\n[^]*\ndbk: error: this is a bug in dbk: x is not a function\nhint: please report/,
  );
  assert.match((await stage.play(['commit'])).stdout, /\n1 added\n$/);
});

/** The same world with another stdout. */
const withStdout =
  (write: Sink['write']) =>
  (its: World): World => ({
    ...its,
    terminal: { ...its.terminal, stdout: { isTTY: false, columns: 80, write } },
  });

const throwing = (code: string): Sink['write'] => {
  return () => {
    throw Object.assign(new Error(`${code}: words, write`), { code, syscall: 'write' });
  };
};

test('a reader that went away is no failure, an output that is full is one', async (t) => {
  const stage = await repository(t);
  const gone = await stage.play(['log'], { world: withStdout(throwing('EPIPE')) });
  assert.deepEqual([gone.exit, gone.stderr], [0, '']);
  const full = await stage.play(['log'], { world: withStdout(throwing('ENOSPC')) });
  assert.equal(full.exit, 1);
  assert.match(full.stderr, /^dbk: error: cannot write the output: /);
});

test('paths are relative to where one stands, and may be written in any way that leads there', async (t) => {
  const stage = await repository(t);
  stage.shell('ln -s Data ../again; ln -s Music link');
  const rows: readonly (readonly [from: string, typed: string, expected: string])[] = [
    ['.', 'Music/a', 'Music/a'],
    ['.', 'Music/', 'Music/'],
    ['.', './Music//a', 'Music/a'],
    ['.', '.', './'],
    ['Music', 'a', 'Music/a'],
    ['Music', '../c', 'c'],
    ['Music', '..', './'],
    ['Music', '../../Data/c', 'c'],
    ['.', `${stage.folder}/c`, 'c'],
    ['.', `${stage.folder}/../again/Music/a`, 'Music/a'],
    ['.', '../again/c', 'c'],
    ['.', 'link', 'link'],
    ['.', 'link/a', 'link/a'],
  ];
  for (const [from, typed, expected] of rows) {
    const { stdout } = await stage.play(['why', typed], { from });
    assert.equal(stdout.split(': ')[0], expected, `${typed} from ${from}`);
  }
  for (const typed of ['..', '../..', '/', '/etc/passwd', '../again/../x']) {
    const { exit, stderr } = await stage.play(['why', typed]);
    assert.equal(exit, 2, typed);
    assert.match(stderr, /is not in this repository, which is/, typed);
  }
  assert.equal(
    (await stage.play(['-C', '../again', '-C', 'Music', 'why', 'a'])).stdout,
    'Music/a: recorded\n',
  );
  assert.equal((await stage.play(['-C', 'c', 'status'])).exit, 1);
});

test('a folder that is gone is said to be gone', async (t) => {
  const stage = await repository(t);
  const startedIn = (): string => {
    throw Object.assign(new Error('ENOENT: no such file or directory, uv_cwd'), { code: 'ENOENT' });
  };
  const world = (its: World): World => ({ ...its, startedIn });
  const { exit, stderr } = await stage.play(['status'], { world });
  assert.equal(exit, 1);
  assert.equal(
    stderr,
    'dbk: error: cannot work here: this folder is gone\nhint: go to one that is there, or give -C DIR\n',
  );
  assert.equal((await stage.play(['-C', stage.folder, 'status'], { world })).exit, 0);
});

test('lists of paths come from files and from other programs', async (t) => {
  const stage = await repository(t);
  const stdin = Buffer.from('c\nMusic/a\n');
  const lines = 'c: recorded\nMusic/a: recorded\n';
  assert.equal((await stage.play(['why', '--files-from', '-'], { stdin })).stdout, lines);
  assert.equal((await stage.play(['why', '--files-from=-', 'd'], { stdin })).stdout, `d: recorded\n${lines}`);
  const nothing = await stage.play(['why', '--files-from', '-'], { stdin: Buffer.from('\n') });
  assert.deepEqual([nothing.exit, nothing.stdout], [2, '']);
  assert.match(nothing.stderr, /'dbk why' was given no path/);
  const alone = await stage.play(['why', 'c', '-z']);
  assert.deepEqual([alone.exit, alone.stdout], [2, '']);
});

test('a person is the same in all repositories, unless one says otherwise', async (t) => {
  const stage = await repository(t);
  const settings = join(stage.folder, '..', 'config.yaml');
  const world = (its: World): World => ({ ...its, settingsOfPerson: settings });
  const authorAfter = async (text: string): Promise<string> => {
    fs.writeFileSync(settings, text);
    stage.shell(`echo x >> e`);
    const { exit, stderr } = await stage.play(['commit'], { world });
    if (exit !== 0) return stderr.replace(settings, 'FILE').replace('/home/ada/Data/../config.yaml', 'FILE');
    const log = await stage.play(['log', '-n', '1', '--json']);
    return String((JSON.parse(log.stdout.split('\n')[0]!) as Record<string, unknown>)['author']);
  };
  assert.equal(await authorAfter('author: Grace <grace@example.org>\n'), 'Grace <grace@example.org>');
  assert.equal(await authorAfter('dbk: config 1\n# me\nauthor: "Grace"\ncolour: blue\n'), 'Grace');
  assert.equal(
    await authorAfter('author:\n    &me Grace\n'),
    `dbk: error: anchors and aliases are not taken (FILE, line 2)\nhint: write the value out\n`.replace(
      '(FILE',
      `('FILE'`,
    ),
  );
  assert.equal(await authorAfter(''), 'Ada <ada@example.org>');
  fs.writeFileSync(settings, 'author: [1\n');
  assert.equal((await stage.play(['status'], { world })).exit, 0);
  await stage.play(['config', 'author', 'Somebody']);
  assert.equal(await authorAfter('author: Grace\n'), 'Somebody');
});

test('on a terminal there is one status line, which leaves nothing behind', async (t) => {
  const stage = await repository(t);
  const play = (argv: readonly string[], more: Play = {}): Promise<Played> =>
    stage.play(argv, { isTerminal: true, env: { TERM: 'xterm', NO_COLOR: '1' }, ...more });
  const { stderr, pieces } = await play(['status']);
  assert.match(stderr, /^\r[^\n]*\x1b\[K(?:\r[^\n]*\x1b\[K)*\r\x1b\[K$/);
  const erased = pieces.findLastIndex(({ to }) => to === 'stderr');
  assert.ok(erased < pieces.findIndex(({ to }) => to === 'stdout'), 'it is gone before anything is printed');
  for (const argv of [['status', '-q'], ['status', '--no-progress'], ['help']]) {
    assert.equal((await play(argv)).stderr, '', argv.join(' '));
  }
  assert.equal((await play(['status'], { env: { TERM: 'dumb' } })).stderr, '');
});

test('colour is for those who want it, in words and in patches', async (t) => {
  const stage = await repository(t);
  stage.shell('printf more > e');
  const plain = async (...argv: string[]): Promise<string> => (await stage.play(argv)).stdout;
  for (const argv of [
    ['status'],
    ['diff'],
    ['log'],
    ['show'],
    ['ls', '-l'],
    ['config'],
    ['help'],
    ['commit', '-n'],
  ]) {
    const coloured = await plain('--color=always', ...argv);
    assert.match(coloured, /\x1b\[\d+m/, argv.join(' '));
    assert.equal(coloured.replace(/\x1b\[\d+m/g, ''), await plain(...argv), argv.join(' '));
  }
  const { stderr } = await stage.play(['--color=always', 'stauts']);
  assert.match(stderr, /^dbk: \x1b\[1m\x1b\[31merror:/);
});

test('long lists are cut, and -v shows all', async (t) => {
  const stage = await repository(t);
  stage.shell('for i in $(seq 100 160); do printf $i > f$i; done');
  const cut = await stage.play(['status']);
  assert.match(
    cut.stdout,
    /^Added: 61 files, 183 B\n(?: {8}3 B {2}f1\d\d\n){20} {2}… and 41 more \(-v shows all\)\n\n61 added; /m,
  );
  const all = await stage.play(['status', '-v']);
  assert.match(all.stdout, /^(?:added {13}3 B {2}f1\d\d\n){61}\n61 added; /);
});

test('the version is that of the package', async (t) => {
  const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string };
  assert.equal(VERSION, version);
  assert.equal((await new Stage(t).play(['--version'])).stdout, `dbk ${version}\n`);
});

test('each command has its own name and says more than it', async () => {
  const commands = await allCommands();
  const names = commands.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, summary, examples, run } of commands) {
    assert.match(summary, /^[A-Z].*[^.]$/, name);
    assert.ok(
      examples.every(({ line }) => line.includes('dbk') || line.includes('.dbk')),
      name,
    );
    assert.equal(run === undefined, name === 'help', name);
  }
});

test('the environment says where a person keeps settings, and how many threads there are', () => {
  const rows: readonly (readonly [Readonly<Record<string, string>>, string | undefined])[] = [
    [{ HOME: '/home/ada' }, '/home/ada/.config/dbk/config.yaml'],
    [{ HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/ada' }, '/etc/ada/dbk/config.yaml'],
    [{ HOME: '/home/ada', XDG_CONFIG_HOME: 'relative' }, '/home/ada/.config/dbk/config.yaml'],
    [{}, undefined],
  ];
  for (const [env, expected] of rows) assert.equal(settingsOfPerson(env), expected);
  const threads = (DBK_THREADS: string): number =>
    contextOf({ DBK_THREADS }, 1, { progress: SILENT, interrupted: () => false }).threads;
  assert.deepEqual(['1', '2'].map(threads), [1, 2]);
  assert.ok([1, 2].includes(threads('')));
  assert.throws(
    () => threads('4'),
    (error: Refusal) => error.kind === 'usage',
  );
});
