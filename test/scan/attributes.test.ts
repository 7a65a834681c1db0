import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { bytesOfName } from '../../src/model/name.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Accounts, readAttributes, type AttributeKind, type RunTool } from '../../src/scan/attributes.ts';

const paths = (...texts: string[]): RepositoryPath[] => texts as RepositoryPath[];
const wanted = (...kinds: AttributeKind[]): ReadonlySet<AttributeKind> => new Set(kinds);
const nobodyAsked = (): never => assert.fail('nobody asked for the owner');
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** Names that command lines, headers of answers and complaints could be mistaken about. */
const NAMES = [
  'plain',
  'a b',
  '-',
  '-R',
  '--help',
  '--',
  'c: d',
  '# file: x',
  '#',
  'n\nl',
  '\n',
  't\tb\\s',
  '\\012',
  '\\\\',
  'é',
  '\udcff\udcfe',
  'x\udce9\n',
  '%41',
  "'",
  '$(id)',
  '*',
  'a='.repeat(100),
  'user.a="b"',
];

function folder(t: TestContext): string {
  const at = mkdtempSync(join(tmpdir(), 'dbk-test-attributes-'));
  // Node's own way does not reach beyond the longest path.
  t.after(() => spawnSync('rm', ['-rf', at]));
  return at;
}

function touch(at: string, mode = 0o644): void {
  nodeDisk.close(nodeDisk.openNew(at, mode));
  nodeDisk.chmod(at, mode);
}

/** Runs a judge; false where it is missing or the file system of the temporary folder cannot do it. */
function tool(command: string, ...parameters: readonly string[]): boolean {
  return spawnSync(command, parameters, { stdio: 'ignore' }).status === 0;
}

function canXattrs(at: string): boolean {
  touch(join(at, 'try'));
  return tool('setfattr', '-n', 'user.try', '-v', 'x', join(at, 'try'));
}

function canAcl(at: string): boolean {
  touch(join(at, 'try'));
  return tool('setfacl', '-m', 'user:12345:r', join(at, 'try'));
}

const NEEDS_XATTRS = 'needs setfattr, getfattr and a file system with user attributes';
const NEEDS_ACL = 'needs setfacl, getfacl and a file system with access lists';

test('owners have the names that stat gives them', (t) => {
  const names = nodeDisk.readdir('/etc') as string[];
  const listed = spawnSync('stat', ['-c', '%u %g %U %G', '--', ...names], { cwd: '/etc', encoding: 'utf8' });
  if (listed.status !== 0) return t.skip('needs stat of the GNU coreutils');
  const rows = listed.stdout.trimEnd().split('\n');
  const stats = new Map(names.map((name, i) => [name, rows[i]!.split(' ')]));
  const read = readAttributes('/etc', paths(...names), wanted('owner', 'group'), (path) => {
    const [uid, gid] = stats.get(path)!;
    return { uid: Number(uid), gid: Number(gid) };
  });
  const nameOf = (name: string, number: string): string => (name === 'UNKNOWN' ? number : name);
  const expected = new Map(
    [...stats].map(([name, [uid, gid, user, group]]) => [
      name,
      { owner: nameOf(user!, uid!), group: nameOf(group!, gid!) },
    ]),
  );
  assert.deepEqual(read, { attributes: expected, unknown: new Set(), problems: [] });
});

test('a number is named by the file, else by getent, else by itself', () => {
  const files: Record<string, string> = {
    '/etc/passwd':
      'root:x:0:0::/:/bin/sh\nada:x:1000:1000::/:/bin/sh\nsecond:x:1000:1::/:/bin/sh\nbad\n+::::::\n',
    '/etc/group': 'wheel:x:0:\nusers:x:100:ada\n\xff:x:101:\n',
  };
  const disk: Disk = { ...nodeDisk, readFile: (path) => Buffer.from(files[path]!, 'latin1') };
  const asked: (readonly string[])[] = [];
  const run: RunTool = (command, parameters) => {
    asked.push([command, ...parameters]);
    return { status: 2, stdout: parameters[0] === 'passwd' ? 'far\xc3\xa9:*:70000:1::/:\n' : '', stderr: '' };
  };
  const accounts = new Accounts(disk, run);
  const owners: Record<string, { uid: number; gid: number }> = {
    a: { uid: 0, gid: 0 },
    b: { uid: 1000, gid: 100 },
    c: { uid: 70000, gid: 101 },
    d: { uid: 70001, gid: 100 },
  };
  const read = (...kinds: AttributeKind[]): unknown =>
    readAttributes('/nowhere', paths('a', 'b', 'c', 'd', 'gone'), wanted(...kinds), (path) => owners[path], {
      accounts,
    }).attributes;
  const expected = new Map([
    ['a', { owner: 'root', group: 'wheel' }],
    ['b', { owner: 'ada', group: 'users' }],
    ['c', { owner: 'faré', group: '101' }],
    ['d', { owner: '70001', group: 'users' }],
  ]);
  assert.deepEqual(read('owner', 'group'), expected);
  assert.deepEqual(read('owner'), new Map([...expected].map(([path, { owner }]) => [path, { owner }])));
  assert.deepEqual(read('group'), new Map([...expected].map(([path, { group }]) => [path, { group }])));
  assert.deepEqual(asked, [
    ['getent', 'passwd', '70000', '70001'],
    ['getent', 'group', '101'],
  ]);
});

test('extended attributes come back whatever a file is called', (t) => {
  const root = folder(t);
  if (!canXattrs(root)) return t.skip(NEEDS_XATTRS);
  const expected = new Map<string, object>([['try', { xattrs: new Map([['user.try', base64('x')]]) }]]);
  for (const [i, name] of NAMES.entries()) {
    // Under a name that any tool takes, which is changed afterwards.
    const at = join(root, 'new');
    if (i % 3 === 0) nodeDisk.mkdir(at);
    else touch(at);
    assert.ok(tool('setfattr', '-n', 'user.own', '-v', `0s${base64(name)}`, at));
    nodeDisk.rename(at, `${root}/${name}`);
    expected.set(name, { xattrs: new Map([['user.own', base64(name)]]) });
  }
  touch(join(root, 'none'));
  expected.set('none', {});
  const all = paths(...expected.keys(), 'vanished', 'plain/below', 'van\nished: x', '\udcff', '\udcff/b');
  const read = readAttributes(root, all, wanted('xattrs'), nobodyAsked);
  assert.deepEqual(read, { attributes: expected, unknown: new Set(), problems: [] });
});

test('extended attributes come back whatever they are called and hold', (t) => {
  const root = folder(t);
  if (!canXattrs(root)) return t.skip(NEEDS_XATTRS);
  const values = new Map([
    ['user.b', ''],
    ['user.a=b', '\0\n"=\xff'],
    ['user.back\\slash', 'x'],
    ['user.\\012', 'not a line'],
    ['user.a b: c', '# file: x\n'],
    ['user.é', 'é'],
    ['user.long', 'x'.repeat(200)],
  ]);
  const set = (name: string, value: string): void => {
    const quoted = name.replaceAll('\\', '\\134');
    const given = value === '' ? [] : ['-v', `0s${base64(value)}`];
    assert.ok(tool('setfattr', '-n', quoted, ...given, join(root, 'try')), name);
  };
  for (const [name, value] of values) set(name, value);
  set('user.line\nfeed', 'x');
  assert.ok(tool('setfattr', '-n', 'user.\\377', '-v', 'x', join(root, 'try')));
  tool('setfattr', '-n', 'trusted.t', '-v', 'x', join(root, 'try'));
  tool('setfattr', '-n', 'security.s', '-v', 'x', join(root, 'try'));
  values.set('user.try', 'x');
  const sorted = [...values].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const read = readAttributes(root, paths('try'), wanted('xattrs'), nobodyAsked);
  const xattrs = read.attributes.get(paths('try')[0]!)?.xattrs;
  assert.deepEqual(
    [...(xattrs ?? [])],
    sorted.map(([name, value]) => [name, base64(value)]),
  );
  const unnamed = (name: string): object => ({
    code: 'scan/attribute-name',
    severity: 'warning',
    place: { path: 'try' },
    reason: `cannot record the attribute '${name}' of 'try': no text can hold its name`,
  });
  const byReason = read.problems.sort((a, b) => (a.reason < b.reason ? -1 : 1));
  assert.deepEqual(byReason, [unnamed('user.%FF'), unnamed('user.line%0Afeed')]);
});

/** Access lists as a person would set them, and what is recorded of them. */
const LISTS: readonly (readonly [
  kind: 'file' | 'folder',
  mode: number,
  set: string,
  recorded: string | undefined,
])[] = [
  ['file', 0o640, 'user::rw-', undefined],
  ['file', 0o640, 'user:12345:rw', 'user:12345:rw-,group::r--,mask::rw-'],
  ['file', 0o600, 'group:12345:r', 'group::---,group:12345:r--,mask::r--'],
  [
    'file',
    0o4755,
    'u:9999:r,u:12345:x,g:7:rwx,m::r',
    'user:12345:--x,user:9999:r--,group::r-x,group:7:rwx,mask::r--',
  ],
  ['file', 0o644, 'mask::r', 'group::r--,mask::r--'],
  ['folder', 0o755, 'user:12345:rwx', 'user:12345:rwx,group::r-x,mask::rwx'],
  [
    'folder',
    0o750,
    'd:user:12345:rwx',
    'default:user::rwx,default:user:12345:rwx,default:group::r-x,default:mask::rwx,default:other::---',
  ],
  [
    'folder',
    0o700,
    'user:12345:rx,d:u::rw,d:g::r,d:o::-',
    'user:12345:r-x,group::---,mask::r-x,default:user::rw-,default:group::r--,default:other::---',
  ],
];

test('of an access list that is recorded which the mode does not say', (t) => {
  const root = folder(t);
  if (!canAcl(root)) return t.skip(NEEDS_ACL);
  const make = (at: string, kind: 'file' | 'folder', mode: number): void => {
    if (kind === 'file') touch(at, mode);
    else nodeDisk.mkdir(at);
    nodeDisk.chmod(at, mode);
  };
  const all = paths(...LISTS.map((_, i) => `made ${i}`));
  for (const [i, [kind, mode, set]] of LISTS.entries()) {
    make(join(root, all[i]!), kind, mode);
    assert.ok(tool('setfacl', '-m', set, join(root, all[i]!)), set);
  }
  const read = readAttributes(root, all, wanted('acl'), nobodyAsked);
  assert.deepEqual(read.problems, []);
  const shown = (at: string): string =>
    spawnSync('getfacl', ['-cp', join(root, at)], { encoding: 'utf8' }).stdout;
  for (const [i, [kind, , set, recorded]] of LISTS.entries()) {
    const { acl } = read.attributes.get(all[i]!)!;
    // Names of small numbers differ from system to system.
    assert.equal(acl?.replace(/group:[a-z]+:/, 'group:7:'), recorded, set);
    // The judge: mode and recorded entries make the same access list again.
    const again = `again ${i}`;
    make(join(root, again), kind, nodeDisk.lstat(join(root, all[i]!))!.mode & 0o7777);
    assert.ok(acl === undefined || tool('setfacl', '-m', acl, join(root, again)));
    assert.equal(shown(again), shown(all[i]!), set);
  }
});

test('access lists come back whatever a file is called', (t) => {
  const root = folder(t);
  if (!canAcl(root)) return t.skip(NEEDS_ACL);
  const expected = new Map<string, object>();
  for (const [i, name] of NAMES.entries()) {
    const at = join(root, 'new');
    if (i % 3 === 0) nodeDisk.mkdir(at, 0o755);
    else touch(at);
    assert.ok(tool('setfacl', '-m', `u:${10_000 + i}:---`, at));
    nodeDisk.rename(at, `${root}/${name}`);
    const rights = i % 3 === 0 ? 'r-x' : 'r--';
    expected.set(name, { acl: `user:${10_000 + i}:---,group::${rights},mask::${rights}` });
  }
  const all = paths(...expected.keys(), 'vanished', 'van\nished');
  const read = readAttributes(root, all, wanted('acl'), nobodyAsked);
  assert.deepEqual(read, { attributes: expected, unknown: new Set(), problems: [] });
});

test('everything at once, of more paths than one call takes, at any depth', (t) => {
  const root = folder(t);
  if (!canXattrs(root)) return t.skip(NEEDS_XATTRS);
  rmSync(join(root, 'try'));
  if (!canAcl(root)) return t.skip(NEEDS_ACL);
  rmSync(join(root, 'try'));
  touch(join(root, 'model'), 0o600);
  assert.ok(tool('setfattr', '-n', 'user.a', '-v', 'x', join(root, 'model')));
  assert.ok(tool('setfacl', '-m', 'u:12345:r', join(root, 'model')));
  const whole = {
    owner: '70001',
    group: '70002',
    acl: 'user:12345:r--,group::---,mask::r--',
    xattrs: new Map([['user.a', base64('x')]]),
  };
  const expected = new Map<string, object>();
  for (let i = 0; i < 2100; i++) {
    touch(join(root, `${i}`));
    expected.set(`${i}`, { owner: '70001', group: '70002' });
  }
  const folders = Array.from({ length: 20 }, (_, i) =>
    Array(i + 1)
      .fill('d'.repeat(200))
      .join('/'),
  );
  for (const name of folders) nodeDisk.mkdir(`${root}/${name}`);
  const deepest = `${folders.at(-1)!}/`;
  // Around the longest path that a program can be given, and beyond.
  const long = [4092, 4093, 4094, 4095, 4096, 4200].map((length) => deepest.padEnd(length, 'f'));
  for (const name of ['7777', 'é', '\udcff', ...long]) {
    expected.set(name, whole);
    // The same inode: what the tools say of it does not depend on how it is reached.
    nodeDisk.link(`${root}/model`, `${root}/${name}`);
  }
  symlink(root, 'link', 'model');
  symlink(root, 'dangling', 'nowhere');
  for (const name of ['link', 'dangling']) expected.set(name, { owner: '70001', group: '70002' });
  const read = readAttributes(
    root,
    paths(...expected.keys()),
    wanted('owner', 'group', 'acl', 'xattrs'),
    () => ({ uid: 70001, gid: 70002 }),
    {
      accounts: new Accounts({ ...nodeDisk, readFile: () => Buffer.alloc(0) }, () => ({
        status: 2,
        stdout: '',
        stderr: '',
      })),
    },
  );
  assert.deepEqual(read, { attributes: expected, unknown: new Set(), problems: [] });
});

function symlink(root: string, name: string, target: string): void {
  nodeDisk.symlink(target, join(root, name));
}

test('the folder itself, and one whose own name is not UTF-8', (t) => {
  const root = folder(t);
  if (!canXattrs(root)) return t.skip(NEEDS_XATTRS);
  assert.ok(tool('setfattr', '-n', 'user.a', '-v', 'x', root));
  nodeDisk.mkdir(`${root}/\udcff`);
  nodeDisk.rename(`${root}/try`, `${root}/\udcff/try`);
  nodeDisk.link(`${root}/\udcff/try`, `${root}/\udcff/\udcfe`);
  const own = { xattrs: new Map([['user.try', base64('x')]]) };
  for (const [at, all, expected] of [
    [root, paths(''), [['', { xattrs: new Map([['user.a', base64('x')]]) }]]],
    [
      `${root}/\udcff`,
      paths('', 'try', '\udcfe'),
      [
        ['', {}],
        ['try', own],
        ['\udcfe', own],
      ],
    ],
  ] as const) {
    const read = readAttributes(at, all, wanted('xattrs'), nobodyAsked);
    assert.deepEqual(read, { attributes: new Map(expected), unknown: new Set(), problems: [] });
  }
});

test('a tool that is missing or fails is one problem, and the rest goes on', (t) => {
  const root = folder(t);
  for (const name of ['a', 'b', '\udcff']) touch(`${root}/${name}`);
  const answer = (stdout: string, stderr = '', status: number | null = 0): ReturnType<RunTool> => ({
    status,
    stdout,
    stderr,
  });
  const good = answer('# file: ./a\nuser.x=0seA==\n\n');
  const missing = {
    code: 'scan/attributes-tool-missing',
    severity: 'warning',
    reason: "cannot read access lists: 'getfacl' is not installed",
    hint: "install the package 'acl', or take 'acl' out of 'record:' in policy.yaml",
  };
  const failed = (said: string): object => ({
    code: 'scan/attributes-tool-failed',
    severity: 'warning',
    reason: `cannot read access lists: 'getfacl' failed: ${said}`,
    hint: "see whether 'getfacl .' works in this folder",
  });
  const rows: readonly (readonly [ReturnType<RunTool>, object])[] = [
    [answer('', 'env: no such program', 127), missing],
    [
      answer('', "getfacl: unrecognized option '--skip-base'\nUsage: …", 1),
      failed("getfacl: unrecognized option '--skip-base'"),
    ],
    [answer('# file: ./a\nuser:x:r--\nmask::r--\n', '', 2), failed('2')],
    [answer('', 'killed', null), failed('killed')],
  ];
  for (const [said, problem] of rows) {
    const read = readAttributes(root, paths('a', 'b', '\udcff'), wanted('acl', 'xattrs'), nobodyAsked, {
      run: (command) => (command === 'getfacl' ? said : good),
    });
    const attributes = new Map<string, object>([
      ['a', { xattrs: new Map([['user.x', 'eA==']]) }],
      ['b', {}],
      ['\udcff', {}],
    ]);
    assert.deepEqual(read, { attributes, unknown: new Set(['acl']), problems: [problem] });
  }
});

test('a path that cannot be looked at is left out and said, and a bug is not', (t) => {
  const root = folder(t);
  for (const name of ['a', 'b', '\udcff']) touch(`${root}/${name}`);
  const denied = Object.assign(new Error("EACCES: permission denied, lstat '/x'"), { code: 'EACCES' });
  const refusing = (what: 'lstat' | 'openRead', refused: string): Disk => ({
    ...nodeDisk,
    [what]: (at: string) => {
      if (at === `${root}/${refused}`) throw denied;
      return nodeDisk[what](at);
    },
  });
  const run: RunTool = () => ({ status: 0, stdout: '', stderr: '' });
  const zero = { uid: 0, gid: 0 };
  const accounts = new Accounts({ ...nodeDisk, readFile: () => Buffer.from('root:x:0:0::/:/bin/sh\n') }, run);
  const stats = (path: string): typeof zero => {
    if (path === 'a') throw denied;
    return zero;
  };
  const rows = [
    [refusing('lstat', 'a'), wanted('acl'), 'a'],
    [refusing('openRead', '\udcff'), wanted('acl', 'xattrs'), '%FF'],
    [nodeDisk, wanted('owner'), 'a'],
  ] as const;
  for (const [disk, kinds, refused] of rows) {
    const read = readAttributes(root, paths('a', 'b', '\udcff'), kinds, stats, { disk, run, accounts });
    assert.equal(read.attributes.size, 2);
    const reasons = read.problems.map(({ reason }) => reason);
    assert.deepEqual(reasons, [`cannot read the attributes of '${refused}': permission denied`]);
  }
  const bug = (): never => {
    throw new TypeError('a bug');
  };
  assert.throws(() => readAttributes(root, paths('a'), wanted('owner'), bug), TypeError);
});

test('what a tool said before it failed counts for nothing', (t) => {
  const root = folder(t);
  for (const name of ['a', '\udcff']) touch(`${root}/${name}`);
  const read = readAttributes(root, paths('a', '\udcff'), wanted('acl'), nobodyAsked, {
    run: (_command, _parameters, _directory, descriptors) =>
      descriptors.length === 0
        ? { status: 0, stdout: '# file: ./a\nuser:x:r--\nmask::r--\n\n', stderr: '' }
        : { status: null, stdout: '', stderr: 'killed' },
  });
  assert.deepEqual([...read.attributes, ...read.unknown], [['a', {}], ['\udcff', {}], 'acl']);
});

test('a path whose attributes cannot be read is left out and said once', (t) => {
  const root = folder(t);
  const names = ['a', 'a: b', 'n\nl', 'none', 'gone', 'good'];
  for (const name of names) touch(join(root, name));
  const read = readAttributes(root, paths(...names), wanted('acl', 'xattrs'), nobodyAsked, {
    run: (command) => ({
      status: 1,
      stdout: '# file: ./good\n\n',
      stderr:
        command === 'getfacl'
          ? 'getfacl: ./a: Permission denied\ngetfacl: ./gone: No such file or directory\n'
          : './a: user.x: Permission denied\n./a: b: user.y: z: Input/output error\n./n\\012l: Permission denied\n./none: user.x: No such attribute\n',
    }),
  });
  const said = (path: string, reason: string): object => ({
    code: 'scan/attributes-unreadable',
    severity: 'warning',
    place: { path },
    reason,
    hint: 'make it readable and run this again; until then they stay recorded as they were',
  });
  assert.deepEqual(read, {
    attributes: new Map([
      ['none', {}],
      ['good', {}],
    ]),
    unknown: new Set(),
    problems: [
      said('a', "cannot read the access lists of 'a': permission denied"),
      said('a: b', "cannot read the extended attributes of 'a: b': input/output error"),
      said('n\nl', "cannot read the extended attributes of 'n%0Al': permission denied"),
    ],
  });
});

test('what a user may not look at is a problem', (t) => {
  const root = folder(t);
  if (!canXattrs(root)) return t.skip(NEEDS_XATTRS);
  nodeDisk.chmod(root, 0o755);
  nodeDisk.chmod(join(root, 'try'), 0);
  // Who may look at everything asks as somebody else.
  const uid = process.getuid?.() === 0 ? { uid: 65534 } : {};
  const run: RunTool = (command, parameters, cwd) =>
    spawnSync('env', ['LC_ALL=C', command, ...parameters], { cwd, encoding: 'latin1', ...uid });
  const read = readAttributes(root, paths('try'), wanted('xattrs'), nobodyAsked, { run });
  assert.deepEqual(
    [read.attributes.size, read.problems.map(({ reason }) => reason)],
    [0, ["cannot read the extended attributes of 'try': permission denied"]],
  );
});

test('no call is longer than systems take', (t) => {
  const root = folder(t);
  const names = Array.from({ length: 400 }, (_, i) => `${i}`.padEnd(250, 'x'));
  for (const name of names) touch(join(root, name));
  const calls: number[] = [];
  readAttributes(root, paths(...names), wanted('acl'), nobodyAsked, {
    run: (_, parameters) => {
      calls.push(bytesOfName(parameters.join(' ')).length);
      return { status: 0, stdout: '', stderr: '' };
    },
  });
  assert.ok(calls.length === 2 && calls.every((length) => length < 66_000), String(calls));
});
