import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleLibrary } from '../../fixtures/sample/library.ts';
import { applyDelta } from '../../plugins/projects/git-delta.ts';
import { parseGitConfig } from '../../plugins/projects/git-config.ts';
import { committedOf } from '../../plugins/projects/git-fields.ts';
import { withoutSecrets } from '../../plugins/projects/git-remote.ts';
import { utf8 } from '../../fixtures/sample/bytes.ts';
import { readProject, texts } from './project-files.ts';

test('the sample project says what it is', async () => {
  const folder = 'Projects/Weather station/';
  const all = [...sampleLibrary()].filter(([path]) => path.startsWith(folder));
  const files = new Map(all.map(([path, bytes]) => [path.slice(folder.length), bytes as Uint8Array]));
  assert.deepEqual(await readProject(files), {
    fields: {
      name: 'Weather station',
      description: 'Reads a thermometer and draws a line.',
      languages: ['Python'],
      committed: '2024-06-10T08:13:20+02:00',
    },
    findings: [],
  });
});

test('name and description come from the file that knows them best', async () => {
  const readme = '# Read me\n\n[![badge](x)](y)\n\nWhat it\nis for.\n\nMore.\n';
  const rows: readonly (readonly [
    files: Readonly<Record<string, string>>,
    fields: object,
    codes?: readonly string[],
  ])[] = [
    [{}, {}],
    [
      { 'package.json': '{"name": "a", "description": " An \\u0000 a\\n"}', 'README.md': readme },
      { name: 'a', description: 'An a' },
    ],
    [
      { 'package.json': '\ufeff{"name": "a"}', 'README.md': readme },
      { name: 'a', description: 'What it is for.' },
    ],
    [
      { 'package.json': '{', 'README.md': readme },
      { name: 'Read me', description: 'What it is for.' },
      ['projects/unreadable'],
    ],
    [{ 'package.json': 'null' }, {}],
    [{ 'package.json': '[1]' }, {}],
    [{ 'package.json': '"text"' }, {}],
    [{ 'package.json': '{"name": {"a": 1}, "description": ""}' }, {}],
    [{ 'package.json': '{"name": "\\ud800 a"}' }, { name: 'a' }],
    [{ 'package.json': '['.repeat(1_000_000) }, {}, ['projects/unreadable']],
    [{ 'package.json': `{"name": "${'x'.repeat(2_000_000)}"}` }, {}],
    [{ 'package.json': `{"name": "${'é'.repeat(600)}"}` }, { name: `${'é'.repeat(499)}…` }],
    [{ 'sub/package.json': '{"name": "a"}' }, {}],
    [
      {
        'Cargo.toml':
          '[package]\nname = "a" # comment\ndescription = \'A "crate"\'\n[dependencies]\nname = "b"\n',
      },
      { name: 'a', description: 'A "crate"' },
    ],
    [
      {
        'pyproject.toml':
          '[build-system]\nname = "x"\n[project]\ndescription = """\n[tool.poetry]\nname = "y"\n"""\nname = "a\\u00e9"\n',
      },
      { name: 'aé' },
    ],
    [{ 'pyproject.toml': '[project]\ndescription = """\nname = "y"\n"""\n' }, {}],
    [{ 'go.mod': '// x\nmodule example.org/ada/weather/v2 // y\n\ngo 1.22\n' }, { name: 'weather' }],
    [
      { '.git/description': "Unnamed repository; edit this file 'description' to name the repository.\n" },
      {},
    ],
    [{ '.git/description': 'A station\n' }, { description: 'A station' }],
    [{ README: 'No heading.\n' }, {}],
  ];
  for (const [files, fields, codes = []] of rows) {
    const answer = await readProject(texts(files));
    assert.deepEqual(answer.fields, fields, JSON.stringify(files).slice(0, 200));
    assert.deepEqual(
      answer.findings.map(({ code }) => code),
      codes,
    );
  }
});

test('languages are those of what people wrote there', async () => {
  const rows: readonly (readonly [
    files: Readonly<Record<string, number>>,
    languages: readonly string[] | undefined,
  ])[] = [
    [{ 'a.c': 100, 'a.h': 10, 'b.PY': 100 }, ['C', 'Python']],
    [{ 'a.ts': 1000, 'b.sh': 19 }, ['TypeScript']],
    [{ 'a.ts': 980, 'b.sh': 20 }, ['Shell', 'TypeScript']],
    [{ 'node_modules/a.js': 1000, 'x/vendor/b.php': 9, 'src/a.rs': 1, '.git/x.c': 9 }, ['Rust']],
    [{ '.c': 9, c: 9, 'a.txt': 9, 'dir.c/x': 9 }, undefined],
    [{ 'a.c': 0 }, undefined],
    [{ build: 9, 'target.rs': 1 }, ['Rust']],
  ];
  for (const [sizes, languages] of rows) {
    const files = new Map(Object.entries(sizes).map(([path, size]) => [path, new Uint8Array(size)]));
    assert.deepEqual((await readProject(files)).fields['languages'], languages, JSON.stringify(sizes));
  }
});

test('a difference makes an object out of another, or nothing', () => {
  const base = utf8('0123456789'.repeat(10_000));
  // 100,000 and 65,536 in sevens of bits.
  const [from, to] = [
    [0xa0, 0x8d, 0x06],
    [0x80, 0x80, 0x04],
  ] as const;
  const rows: readonly (readonly [delta: readonly number[], made: string | undefined])[] = [
    [[...from, 2, 2, 0x61, 0x62], 'ab'],
    [[...from, 3, 0x90, 3], '012'],
    [[...from, 4, 0x91, 8, 3, 1, 0x61], '890a'],
    [[...from, 0], ''],
    [[...from, 1, 2, 0x61, 0x62], undefined],
    [[...from, 3, 2, 0x61, 0x62], undefined],
    [[...from, 3, 3, 0x61, 0x62], undefined],
    [[...from, 1, 0], undefined],
    [[...from, 1, 0x97, 0xa0, 0x86, 1, 1], undefined],
    [[5, 1, 1, 0x61], undefined],
    [[...from, 0xff, 0xff, 0xff, 0x7f, 1, 0x61], undefined],
    [[], undefined],
  ];
  for (const [delta, made] of rows) {
    const bytes = applyDelta(base, Uint8Array.from(delta), 100_000);
    assert.equal(bytes && new TextDecoder().decode(bytes), made, delta.join());
  }
  // A length of 0 is the longest there is.
  const longest = applyDelta(base, Uint8Array.from([...from, ...to, 0x80]), 100_000);
  assert.deepEqual(longest, base.slice(0, 65_536));
});

test('an address is told without what only its owner may know', () => {
  const rows: readonly (readonly [address: string, told: string])[] = [
    ['https://example.org/a.git', 'https://example.org/a.git'],
    ['https://ada:secret@example.org/a.git', 'https://example.org/a.git'],
    ['https://ghp_secret@example.org/a', 'https://example.org/a'],
    ['https://a@b:c@example.org/a', 'https://example.org/a'],
    ['HTTP://x:y@example.org/', 'HTTP://example.org/'],
    ['ssh://git@example.org:22/a', 'ssh://git@example.org:22/a'],
    ['ssh://git:secret@example.org/a', 'ssh://git@example.org/a'],
    ['git@example.org:a.git', 'git@example.org:a.git'],
    ['https://example.org/a@b', 'https://example.org/a@b'],
    ['../a b', '../a b'],
  ];
  for (const [address, told] of rows) assert.equal(withoutSecrets(address), told);
});

test('a configuration that git would refuse counts up to there', () => {
  const rows: readonly (readonly [text: string, values: readonly string[]])[] = [
    ['[a]\nb = 1\n[', ['1']],
    ['[a]\nb = "x\nc = 2', []],
    ['[a]\nb = \\q\n', []],
    ['b = 1', []],
    ['[a]\nb = 1\n= 2\nc = 3', ['1']],
    ['[a]\nb = 1\\', ['1']],
    ['', []],
  ];
  for (const [text, values] of rows)
    assert.deepEqual(
      parseGitConfig(text).map(({ value }) => value),
      values,
      text,
    );
});

test('the date of a commit is the one of who made it', () => {
  const commit = (line: string): string | undefined =>
    committedOf(utf8(`tree ${'0'.repeat(40)}\nauthor A <a> 1 +0000\n${line}\n\ncommitter B <b> 2 +0000\n`));
  const rows: readonly (readonly [line: string, date: string | undefined])[] = [
    ['committer A <a> 0 +0000', '1970-01-01T00:00:00+00:00'],
    ['committer Ünï <x> y> 1718000000 -0330', '2024-06-10T02:43:20-03:30'],
    ['committer A <a> 0 -0100', undefined],
    ['committer A <a> 1718000000 +2400', undefined],
    ['committer A <a> 999999999999 +0000', undefined],
    ['committer A <a> 1718000000', undefined],
    ['x', undefined],
  ];
  for (const [line, date] of rows) assert.equal(commit(line), date, line);
});

test('a .git that is a file is followed inside of the project only', async () => {
  const head = { HEAD: 'ref: refs/heads/main\n', config: '[remote "origin"]\nurl = x:y\n' };
  const bare = Object.fromEntries(Object.entries(head).map(([path, text]) => [`.bare/${path}`, text]));
  const tree = { '.bare/worktrees/a/HEAD': 'ref: refs/heads/a\n', '.bare/worktrees/a/commondir': '../..\n' };
  const rows: readonly (readonly [files: Readonly<Record<string, string>>, remote: string | undefined])[] = [
    [{ '.git': 'gitdir: ./.bare\n', ...bare }, 'x:y'],
    [{ '.git': 'gitdir: .bare/worktrees/a', ...bare, ...tree }, 'x:y'],
    [{ '.git': 'gitdir: /home/ada/Projects/p/.bare\n', ...bare }, 'x:y'],
    [{ '.git': 'gitdir: ../.bare\n', ...bare }, undefined],
    [{ '.git': 'gitdir: x/../../.bare\n', ...bare }, undefined],
    [{ '.git': 'gitdir: .\n', ...head }, undefined],
    [
      { '.git': 'gitdir: .bare/worktrees/a', ...bare, ...tree, '.bare/worktrees/a/commondir': '/etc' },
      undefined,
    ],
    [{ '.git': '.bare', ...bare }, undefined],
    [
      { '.git/HEAD': 'x', '.git/config': '[remote "b"]\nurl = 1\n[remote "origin"]\nurl = 2\nurl = 3\n' },
      '2',
    ],
    [{ '.git/HEAD': 'x', '.git/config': '[remote "b"]\nurl = 1\n[remote "c"]\nurl = 2\n' }, '1'],
  ];
  for (const [files, remote] of rows)
    assert.equal((await readProject(texts(files))).fields['remote'], remote, JSON.stringify(files));
});
