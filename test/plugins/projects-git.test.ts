import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { parseGitConfig } from '../../plugins/projects/git-config.ts';
import { findInPack } from '../../plugins/projects/git-pack-index.ts';
import type { ByteSource } from '../../src/plugin/api.ts';
import { temporary } from '../tools/tree.ts';
import { filesIn, readProject } from './project-files.ts';

const hasGit = spawnSync('git', ['--version']).status === 0;
const NO_GIT = 'needs git';

/** Nothing of the machine's configuration, and no repository above. */
const ENVIRONMENT = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

function git(folder: string, ...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: folder, env: ENVIRONMENT, encoding: 'utf8', stdio: 'pipe' });
}

function commit(folder: string, seconds: number, zone: string, message = 'x\n'): void {
  const date = `${seconds} ${zone}`;
  const env = { ...ENVIRONMENT, GIT_AUTHOR_DATE: '1600000000 +0000', GIT_COMMITTER_DATE: date };
  execFileSync('git', ['commit', '-q', '--allow-empty', '-F', '-'], { cwd: folder, env, input: message });
}

function repository(t: TestContext, ...options: readonly string[]): string {
  const folder = join(temporary(t), 'project');
  mkdirSync(folder);
  git(folder, 'init', '-q', '-b', 'main', ...options);
  return folder;
}

/** The date that git gives, as a moment and a zone. */
function judged(folder: string): string | undefined {
  const { status, stdout } = spawnSync(
    'git',
    ['log', '-1', '--format=%cd', '--date=format:%Y-%m-%dT%H:%M:%S%z'],
    {
      cwd: folder,
      env: ENVIRONMENT,
      encoding: 'utf8',
    },
  );
  return status === 0 ? stdout.trim().replace(/(\d\d)$/, ':$1') : undefined;
}

async function committed(folder: string): Promise<unknown> {
  return (await readProject(filesIn(folder))).fields['committed'];
}

type Row = readonly [what: string, make: (folder: string) => void, options?: readonly string[]];

const ROWS: readonly Row[] = [
  ['nothing', () => undefined],
  ['a loose commit', (folder) => commit(folder, 1718000000, '+0200')],
  ['a zone behind', (folder) => commit(folder, 1718000000, '-0330')],
  ['a long message', (folder) => commit(folder, 1718000000, '+0000', 'long\n'.repeat(100_000))],
  [
    'a detached head',
    (folder) => (commit(folder, 1718000000, '+0200'), void git(folder, 'checkout', '-q', '--detach')),
  ],
  ['packed refs', (folder) => (commit(folder, 1718000000, '+0200'), void git(folder, 'pack-refs', '--all'))],
  [
    'another branch',
    (folder) => {
      commit(folder, 1718000000, '+0200');
      git(folder, 'checkout', '-q', '-b', 'feature/ünï');
      commit(folder, 1718000009, '+0200');
      git(folder, 'pack-refs', '--all');
    },
  ],
  [
    'SHA-256',
    (folder) => (commit(folder, 1718000000, '+0200'), void git(folder, 'gc', '-q')),
    ['--object-format=sha256'],
  ],
  ['a pack', (folder) => (many(folder), void git(folder, 'gc', '-q'))],
  [
    'a pack in which all is a difference to the last',
    (folder) => {
      many(folder);
      git(folder, 'repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
      // Older commits are stored as differences to newer ones.
      git(folder, 'checkout', '-q', 'HEAD~30');
      assert.match(chains(folder), /chain length = [1-9]/);
    },
  ],
  [
    'a pack with ids of bases',
    (folder) => {
      many(folder);
      git(folder, 'config', 'repack.useDeltaBaseOffset', 'false');
      git(folder, 'repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
      git(folder, 'checkout', '-q', 'HEAD~31');
    },
  ],
  [
    'several packs',
    (folder) => {
      for (let i = 0; i < 3; i++) {
        commit(folder, 1718000000 + i, '+0200');
        git(folder, 'repack', '-q', '-d');
      }
    },
  ],
  [
    'large offsets',
    (folder) => {
      many(folder);
      git(folder, 'gc', '-q');
      const packs = join(folder, '.git/objects/pack');
      const pack = readdirSync(packs).find((name) => name.endsWith('.pack'))!;
      git(packs, 'index-pack', '--index-version=2,12', '-o', 'x.idx', pack);
      renameSync(join(packs, 'x.idx'), join(packs, pack.replace(/pack$/, 'idx')));
      // The newest stands first, and that has a small one.
      git(folder, 'checkout', '-q', 'HEAD~5');
    },
  ],
];

function many(folder: string): void {
  for (let i = 0; i < 40; i++)
    commit(folder, 1718000000 + i, '+0200', `${'The same words again and again. '.repeat(20)}\n${i}\n`);
}

function chains(folder: string): string {
  const packs = join(folder, '.git/objects/pack');
  const index = readdirSync(packs).find((name) => name.endsWith('.idx'))!;
  return git(packs, 'verify-pack', '-v', index);
}

test('the last commit is dated as git dates it', async (t) => {
  if (!hasGit) return t.skip(NO_GIT);
  for (const [what, make, options = []] of ROWS) {
    const folder = repository(t, ...options);
    make(folder);
    const expected = judged(folder);
    assert.equal(await committed(folder), expected, what);
    assert.equal(expected !== undefined, what !== 'nothing', what);
  }
});

test('an index has every object of its pack where git has it, and no other', async (t) => {
  if (!hasGit) return t.skip(NO_GIT);
  const folder = repository(t);
  const blobs = Array.from({ length: 3000 }, (_, i) => `blob\ndata ${String(i).length}\n${i}\n`).join('');
  const env = { ...ENVIRONMENT };
  execFileSync('git', ['-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet'], {
    cwd: folder,
    env,
    input: blobs,
  });
  const [path, bytes] = [...filesIn(folder)].find(([name]) => name.endsWith('.idx'))!;
  const index: ByteSource = {
    size: bytes.length,
    read: async (at, length) => bytes.subarray(at, at + length),
  };
  const listed = execFileSync('git', ['show-index'], { cwd: folder, env, input: bytes, encoding: 'utf8' });
  const lines = listed.trim().split('\n');
  assert.equal(lines.length, 3000, path);
  for (const line of lines) {
    const [offset, id] = line.split(' ');
    assert.equal(await findInPack(index, id!), Number(offset), id);
    assert.equal(
      await findInPack(
        index,
        id!.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
      ),
      undefined,
      id,
    );
  }
});

test('a work tree beside its bare repository is read, one that leads away is not', async (t) => {
  if (!hasGit) return t.skip(NO_GIT);
  const folder = repository(t, '--separate-git-dir=.bare');
  commit(folder, 1718000000, '+0200');
  assert.equal(await committed(folder), judged(folder));
  const away = join(folder, '../away');
  git(folder, 'worktree', 'add', '-q', '-b', 'other', away);
  assert.deepEqual((await readProject(filesIn(away))).fields, {});
});

test('a damaged repository is answered with nothing, not with an exception', async (t) => {
  if (!hasGit) return t.skip(NO_GIT);
  const folder = repository(t);
  many(folder);
  git(folder, 'gc', '-q');
  const files = filesIn(folder);
  const date = judged(folder);
  const paths = [...files.keys()].filter((path) => /HEAD|packed-refs|\.idx|\.pack/.test(path));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.nat(),
      fc.nat(255),
      fc.boolean(),
      async (path, at, byte, isCut) => {
        const bytes = files.get(path)!;
        const damaged = isCut
          ? bytes.slice(0, at % bytes.length)
          : bytes.slice().fill(byte, at % bytes.length, (at % bytes.length) + 1);
        const { fields } = await readProject(new Map([...files, [path, damaged]]));
        assert.ok(fields['committed'] === undefined || /^\d{4}-/.test(String(fields['committed'])));
      },
    ),
    { seed: 20261123, numRuns: 300 },
  );
  assert.equal((await readProject(files)).fields['committed'], date);
});

test('a remote is the one git has', async (t) => {
  if (!hasGit) return t.skip(NO_GIT);
  const rows: readonly string[] = [
    '[remote "origin"]\n\turl = git@example.org:a.git\n\tfetch = x\n',
    '[REMOTE "origin"] URL=x\n',
    '[remote.origin]\nurl = x\n',
    '[remote.ORIGIN]\nurl = x\n',
    '[remote "Origin"]\nurl = other\n[remote "origin"]\nurl = x\n',
    '[remote "origin"]\nurl = a b  c   # comment\n',
    '[remote "origin"]\nurl = "a # b ; c "  ; comment\n',
    '[remote "origin"]\nurl = a"b"c\n',
    '[remote "origin"]\nurl = a\\\\b\\"c\n',
    '[remote "origin"]\nurl = a\\\n  b\n',
    '[remote "origin"]\r\nurl = x\r\n',
    '\ufeff[remote "origin"]\nurl = x\n',
    '# c\n; c\n\n[core]\nbare\n[remote "origin"]\nurl = x\n',
    '[remote "or\\"igin"]\nurl = y\n[remote "origin"]\nurl = x\n',
    '[remote "origin"]\nurl = "x"\n',
    '[include]\npath = other\n[remote "origin"]\nurl = x\n',
  ];
  const folder = repository(t);
  const config = join(folder, '.git/config');
  for (const text of rows) {
    writeFileSync(config, text);
    const { status, stdout } = spawnSync(
      'git',
      ['config', '--file', config, '--no-includes', '--get-all', 'remote.origin.url'],
      { env: ENVIRONMENT, encoding: 'utf8' },
    );
    assert.equal(status, 0, text);
    assert.equal(
      (await readProject(filesIn(folder))).fields['remote'],
      stdout.split('\n')[0]!.replace(/\s+/g, ' ').trim(),
      text,
    );
  }
});

test('a configuration says what git reads in it', async (t) => {
  if (!hasGit) return t.skip(NO_GIT);
  const file = join(temporary(t), 'config');
  // A tab outside of quotes is a space for older ones, and stays one for newer ones.
  const piece = fc.constantFrom(
    'a',
    'b c',
    ' ',
    '  ',
    '"',
    '\\"',
    '\\\\',
    '\\n',
    '\\t',
    '#',
    ';',
    '\\\n',
    '=',
    'é',
  );
  const value = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  let compared = 0;
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
      writeFileSync(file, `[s]\n${values.map((text, i) => `k${i} = ${text}\n`).join('')}`);
      const { status, stdout } = spawnSync('git', ['config', '--file', file, '--null', '--list'], {
        env: ENVIRONMENT,
        encoding: 'utf8',
      });
      // What git refuses has no other reading.
      if (status !== 0) return;
      compared++;
      const ours = parseGitConfig(`[s]\n${values.map((text, i) => `k${i} = ${text}\n`).join('')}`);
      assert.deepEqual(
        ours.map(({ section, key, value: text }) => `${section}.${key}\n${text}`),
        stdout
          .split('\0')
          .slice(0, -1)
          .map((one) => (one.includes('\n') ? one : `${one}\ntrue`)),
      );
    }),
    { seed: 20261123, numRuns: 250, examples: [[['a "" ']], [['a \\\n ']]] },
  );
  assert.ok(compared > 30, `only ${compared}`);
});
