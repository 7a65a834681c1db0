import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { nodeDisk } from '../../src/disk/disk.ts';
import { bytesOfName, nameOfBytes } from '../../src/model/name.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { buildRules, rulesText, withFolder, type RuleSource } from '../../src/scan/ignore.ts';

const SEED = 20261122;
const path = (text: string): RepositoryPath => text as RepositoryPath;
const source = (directory: string, text: string): RuleSource => ({
  directory: path(directory),
  origin: directory === '' ? '.dbkignore' : `${directory}/.dbkignore`,
  text,
});
const root = (text: string): RuleSource => ({ directory: path(''), origin: 'ignore', text });

test('a repository without rules never loads the library', () => {
  const loaded = (): boolean =>
    Object.keys(createRequire(import.meta.url).cache).some((file) => file.endsWith('/ignore/index.js'));
  const none = buildRules([source('', '# nothing\n\n')]);
  assert.deepEqual(
    [none.empty, none.isIgnored(path('a'), false), none.explain(path('a'), false)],
    [true, false, { ignored: false }],
  );
  assert.equal(loaded(), false);
  assert.equal(buildRules([root('a')]).isIgnored(path('a'), false), true);
  assert.equal(loaded(), true);
});

/** What gitignore's page says, and what it leaves to be found out: rules, then paths that they ignore or do not. */
const TABLE: readonly (readonly [text: string, ignored: readonly string[], kept: readonly string[]])[] = [
  // A blank line, a comment.
  ['\n\n', [], ['a', 'a/']],
  ['#a\n', [], ['#a', 'a']],
  ['\\#a\n', ['#a', 'b/#a'], ['a', '\\#a']],
  [' #a\n', [' #a'], ['#a']],
  // Negation.
  ['*.txt\n!b.txt\n', ['a.txt'], ['b.txt', 'x/b.txt']],
  ['!b.txt\n*.txt\n', ['a.txt', 'b.txt'], []],
  ['\\!a\n', ['!a'], ['a']],
  ['*\n!!a\n', ['a'], ['!a']],
  ['!\n', [], ['!', 'a']],
  // Trailing blanks, line ends.
  ['a  \n', ['a'], ['a ', 'a  ']],
  ['a\\ \n', ['a '], ['a', 'a\\ ']],
  ['a\\ \\  \n', ['a  '], ['a', 'a ']],
  ['a\\\\ \n', ['a\\'], ['a', 'a ']],
  ['a\t\n', ['a\t'], ['a']],
  [' a\n', [' a'], ['a']],
  ['a\r\nb\r\r\n\r\n', ['a', 'b\r'], ['a\r', 'b', '\r']],
  ['a\r', ['a'], ['a\r']],
  ['\ufeffa\n\ufeffb', ['a', '\ufeffb'], ['\ufeffa', 'b']],
  // A slash at the end, at the beginning, in the middle.
  ['a/\n', ['a/', 'x/a/'], ['a', 'x/a']],
  ['/a\n', ['a', 'a/'], ['x/a']],
  ['/a/\n', ['a/'], ['a', 'x/a/']],
  ['a/b\n', ['a/b', 'a/b/'], ['b', 'x/a/b']],
  ['a/b/\n', ['a/b/'], ['a/b', 'x/a/b/']],
  ['/\n//\na//\n/a//b\n', [], ['a', 'a/', 'a/b']],
  // Asterisks and question marks stop at a slash.
  ['a*\n', ['a', 'abc', 'x/ab/'], ['ba']],
  ['*.c\n', ['.c', 'a.c', 'x/a.c'], ['a.cc']],
  ['/*.c\n', ['a.c'], ['x/a.c']],
  ['a/*\n', ['a/b', 'a/b/'], ['a/', 'a', 'x/a/b']],
  ['a/*/c\n', ['a/b/c'], ['a/c', 'a/b/b/c']],
  ['?\n', ['a', 'x/a', '*'], ['ab']],
  ['a?b\n', ['acb'], ['ab', 'a/b']],
  ['f*o/*\n', ['foo/b', 'fo/b'], ['foo/', 'fa/b']],
  ['\\*\\?\\[\n', ['*?['], ['a?[', '*a[']],
  ['\\a\\bc\n', ['abc'], ['\\a\\bc']],
  ['a\\\\b\n', ['a\\b'], ['a\\\\b', 'ab']],
  ['a\\\n', [], ['a', 'a\\']],
  // Ranges.
  ['[a-c]x\n', ['ax', 'bx', 'cx'], ['dx', '-x', 'Ax']],
  ['[!a-c]x\n[^a]y\n', ['dx', '-x', 'by'], ['ax', 'x', '/x', 'ay']],
  ['[]a]\n', [']', 'a'], ['[', 'b']],
  ['[!]a]\n', ['b', '['], [']', 'a']],
  ['[a-]\n[\\]]\n', ['a', '-', ']'], ['b', '\\']],
  ['[[:digit:][:upper:]]\n', ['1', 'A'], ['a', ':', '[']],
  ['[a\n[\n', [], ['[a', 'a', '[']],
  ['[c-a]\n', ['c'], ['a', 'b', '-']],
  // Two asterisks.
  ['**/a\n', ['a', 'x/a', 'x/y/a/'], ['ab']],
  ['**/a/b\n', ['a/b', 'x/a/b'], ['a/x/b', 'b']],
  ['a/**\n', ['a/b', 'a/b/', 'a/b/c'], ['a', 'a/', 'x/a/b']],
  ['a/**/\n', ['a/b/', 'a/b/c/'], ['a/', 'a/b']],
  ['a/**/b\n', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb', 'x/a/b', 'a/b/c']],
  ['**\n', ['a', 'a/', 'a/b'], []],
  ['/**\n', ['a', 'a/b/'], []],
  ['**/\n', ['a/', 'a/b/'], ['a', 'a/b']],
  ['a**\n', ['a', 'abc', 'x/ab'], ['ba']],
  ['a*/**/b\n', ['a/b', 'ax/y/b'], ['b', 'x/a/b']],
  ['**/a/**\n', ['a/b', 'x/a/b/c'], ['a', 'a/', 'x/a']],
  ['**/a/**/b\n', ['a/b', 'x/a/y/z/b', 'a/b/a/c/b'], ['b', 'a/c', 'x/b/a']],
  ['a/**/b/**/c/\n', ['a/b/c/', 'a/b/x/c/', 'a/x/b/b/c/c/'], ['a/b/c', 'a/c/b/', 'a/c/']],
  ['**/**/a \\ /**/b*\n', ['a  /b', 'x/a  /y/bc'], ['a /b', 'a  /c']],
  // Case, bytes, and names that no text has by itself.
  ['A\n', ['A'], ['a']],
  ['é\n??x\n', ['é', 'éx'], ['e\u0301', '\udce9']],
  ['*\udcff*\nx?y\n', ['x\udcfey'], ['xéy']],
  ['a*b\n', ['a\nb', 'a\udcffb', 'a\u2028b', 'a\\b', 'ab'], ['a\nbc']],
  ['__proto__\nconstructor/\n', ['__proto__', 'constructor/'], ['constructor', 'toString']],
  ['\ue000\na\ue001\n', ['\ue000', 'a\ue001'], ['a', 'b', 'ab']],
];

test('rules mean what gitignore says', () => {
  for (const [text, ignored, kept] of TABLE) {
    const rules = buildRules([root(text)]);
    const verdicts = [...ignored, ...kept].map((at) => [at, judge(rules, at)]);
    const expected = [...ignored.map((at) => [at, true]), ...kept.map((at) => [at, false])];
    assert.deepEqual(verdicts, expected, JSON.stringify(text));
  }
});

function judge(rules: ReturnType<typeof buildRules>, at: string): boolean {
  const isDirectory = at.endsWith('/');
  return rules.isIgnored(path(isDirectory ? at.slice(0, -1) : at), isDirectory);
}

test('deeper rules are stronger, and are about their own folder', () => {
  const rules = buildRules([
    root('*.log\n/x\n'),
    source('', '!keep.log\ny\n'),
    source('a', '*.log\n/x\n!y\n'),
    source('a/b', '!*.log\n'),
  ]);
  const rows: readonly (readonly [string, boolean])[] = [
    ['m.log', true],
    ['keep.log', false],
    ['a/keep.log', true],
    ['a/b/keep.log', false],
    ['a/b/c/m.log', false],
    ['ab/m.log', true],
    ['x', true],
    ['a/x', true],
    ['b/x', false],
    ['a/b/x', false],
    ['y', true],
    ['a/y', false],
    ['a/b/c/y', false],
  ];
  assert.deepEqual(
    rows.map(([at]) => [at, judge(rules, at)]),
    rows,
  );
});

test('rules are added folder by folder and earlier ones stay as they are', () => {
  const top = buildRules([root('*.log\n')]);
  const below = withFolder(top, source('a', '!m.log\n'));
  assert.deepEqual(
    [judge(top, 'a/m.log'), judge(below, 'a/m.log'), judge(below, 'm.log')],
    [true, false, true],
  );
  assert.equal(withFolder(top, source('a', '# nothing\n')), top);
});

test('equal rules have equal digest inputs', () => {
  const one = buildRules([root('a\nb\n'), source('x', 'c'), source('y', 'd')]);
  const other = buildRules([root('# words\na\n\nb  \n'), source('y', 'd\r\n'), source('x', 'c\n')]);
  assert.equal(one.digestInput(), other.digestInput());
  for (const different of [
    [root('b\na\n'), source('x', 'c'), source('y', 'd')],
    [root('a\nb\n'), source('x', 'c')],
    [root('a\nb\n'), source('x', 'c'), source('z', 'd')],
    [root('a\n!b\n'), source('x', 'c'), source('y', 'd')],
  ]) {
    assert.notEqual(buildRules(different).digestInput(), one.digestInput());
  }
});

test('the deciding rule is named, negations and folders above included', () => {
  const rules = buildRules([
    root('# first\n*.log\nbuild/\n\n!keep.log\n'),
    source('a', '\n  \n!build/  \n'),
    source('build/x', '!*\n'),
  ]);
  const log = { origin: 'ignore', line: 2, pattern: '*.log' };
  const build = { origin: 'ignore', line: 3, pattern: 'build/' };
  const keep = { origin: 'ignore', line: 5, pattern: '!keep.log' };
  const rows: readonly (readonly [string, boolean, object])[] = [
    ['m.log', false, { ignored: true, rule: log }],
    ['x/keep.log', false, { ignored: false, rule: keep }],
    ['x', true, { ignored: false }],
    ['build', true, { ignored: true, rule: build }],
    ['build', false, { ignored: false }],
    ['build/x/keep.log', false, { ignored: true, rule: build, at: 'build' }],
    ['a/build', true, { ignored: false, rule: { origin: 'a/.dbkignore', line: 3, pattern: '!build/' } }],
    ['a/build/m.log', false, { ignored: true, rule: log }],
    ['', true, { ignored: false }],
  ];
  for (const [at, isDirectory, expected] of rows) {
    assert.deepEqual(rules.explain(path(at), isDirectory), expected, at);
  }
});

test('a file of rules that is no text is a problem with its line', () => {
  const bytes = (text: string): Uint8Array => bytesOfName(text);
  assert.equal(rulesText(bytes('\ufeffa\r\né\n')), '\ufeffa\r\né\n');
  assert.equal(rulesText(bytes('')), '');
  assert.equal(typeof rulesText(new Uint8Array(1024 * 1024).fill(97)), 'string');
  const bad: readonly (readonly [Uint8Array, string, number | undefined])[] = [
    [bytes('a\nb\udcff\n'), 'not UTF-8', 2],
    [bytes('\udced\udca0\udc80'), 'not UTF-8', 1],
    [bytes('a\nb\n\0c'), 'it has a NUL byte', 3],
    [new Uint8Array(1024 * 1024 + 1).fill(97), 'longer than 1 MiB', undefined],
  ];
  for (const [input, why, line] of bad) {
    assert.deepEqual(rulesText(input, 'a/.dbkignore'), {
      code: 'scan/bad-ignore-file',
      severity: 'warning',
      place: line === undefined ? { path: 'a/.dbkignore' } : { path: 'a/.dbkignore', line },
      reason: `cannot use the ignore rules in 'a/.dbkignore': ${why}`,
      hint: 'correct the file; until then it ignores nothing',
    });
  }
});

test('verdicts stay right over more names than the library is let remember', () => {
  const rules = buildRules([root('*7\n/x/*5\n')]);
  let ignored = 0;
  for (let i = 0; i < 30_000; i++) if (rules.isIgnored(path(`x/${i}`), false)) ignored++;
  assert.equal(ignored, 6000);
});

test('no rule stops a scan', () => {
  const deep = `${'a/'.repeat(1500)}c`;
  const long = 'a'.repeat(255);
  const rows: readonly (readonly [string, string])[] = [
    ['a/**/a/**/a/**/a/**/a/**/b', deep],
    ['**/a/**/a/**/a/**/b/', `${deep}/`],
    [`${'*a'.repeat(100)}b`, long],
    [`${'a*/'.repeat(5)}${'*?'.repeat(60)}b`, `${`${long}/`.repeat(5)}${long}`],
  ];
  for (const [text, at] of rows) assert.equal(judge(buildRules([root(text)]), at), false, text);
});

const PIECES = [
  'a',
  'b',
  'a',
  'b',
  'ab',
  'A',
  '*',
  '*',
  '**',
  '?',
  '/',
  '/',
  '**/',
  '/**',
  '/**/',
  '[ab]',
  '[!a]',
];
const ODD_PIECES = [
  '\\',
  '\\ ',
  ' ',
  '!',
  '#',
  '[[:alpha:]]',
  '[a-',
  ']',
  '.',
  'é',
  '\t',
  '\r',
  '\u2028',
  '-',
];
const line = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '!', '/'),
    fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
        { weight: 1, arbitrary: fc.constantFrom(...ODD_PIECES) },
      ),
      { minLength: 1, maxLength: 6 },
    ),
    fc.constantFrom('', '', '', '/', ' ', '\r'),
  )
  .map(([start, pieces, end]) => start + pieces.join('') + end)
  .filter(isDocumented);
const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'ab', 'aa', 'ba') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'A',
      'a.b',
      'é',
      'a ',
      ' ',
      '#a',
      '!a',
      '-',
      'a\nb',
      'a\\b',
      '[ab]',
      '*',
      'a\udcff',
      '\r',
    ),
  },
);
interface Folder {
  readonly rules: string | undefined;
  readonly names: ReadonlyMap<string, Folder | 'file'>;
}
const folder: fc.Memo<Folder> = fc.memo((depth) =>
  fc.record({
    rules: fc.option(text, { nil: undefined, freq: 1 }),
    names: fc
      .uniqueArray(
        fc.tuple(
          name,
          depth > 1
            ? fc.oneof(fc.constant('file' as const), folder(depth - 1))
            : fc.constant('file' as const),
        ),
        { minLength: 1, maxLength: 9, selector: ([key]) => key },
      )
      .map((entries) => new Map(entries)),
  }),
);

/** Two things that git does and gitignore's page does not say: `a**` + `/`, and '**' beside an escaped slash. */
function isDocumented(rule: string): boolean {
  return !/^!?\/?(?:[^*?[\\/][^*?[\\]*)?[^*?[\\/]\*\*+\//.test(rule) && !/\\\/|\[[^\]]*\//.test(rule);
}

test('verdict and deciding rule are those of git', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'dbk-test-ignore-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const repository = join(dir, 'git');
  if (spawnSync('git', ['init', '-q', '--bare', repository]).status !== 0) return t.skip('needs git');
  let checks = 0;
  let matched = 0;
  fc.assert(
    fc.property(fc.tuple(text, folder(4)), ([weakest, top]) => {
      const tree = join(dir, 'tree');
      rmSync(tree, { recursive: true, force: true });
      writeFileSync(join(repository, 'info/exclude'), weakest);
      const sources = [root(weakest)];
      const paths: Found[] = [];
      plant(tree, '', top, sources, paths);
      const expected = judgedByGit(repository, tree, paths);
      const rules = buildRules(sources);
      for (const { at, isDirectory } of paths) {
        const { ignored, rule, at: above } = rules.explain(at, isDirectory);
        assert.deepEqual([at, rule?.origin, rule?.line], [at, ...expected.get(at)!]);
        if (above === undefined) assert.equal(rules.isIgnored(at, isDirectory), ignored);
        else assert.equal(rules.isIgnored(above, true), true);
        assert.equal(ignored, rule !== undefined && !rule.pattern.startsWith('!'));
        checks++;
        if (rule !== undefined) matched++;
      }
    }),
    { seed: SEED, numRuns: 48 },
  );
  assert.ok(checks >= 5000 && matched >= 1000, `${checks} checks, ${matched} with a rule`);
});

interface Found {
  readonly at: RepositoryPath;
  readonly isDirectory: boolean;
}

/** Makes a folder on the disk, as git reads it, and says what is in it. */
function plant(on: string, at: string, folder: Folder, sources: RuleSource[], found: Found[]): void {
  nodeDisk.mkdir(on);
  if (folder.rules !== undefined) {
    const fd = nodeDisk.openNew(`${on}/.gitignore`, 0o644);
    nodeDisk.write(fd, bytesOfName(folder.rules));
    nodeDisk.close(fd);
    sources.push(source(at, folder.rules));
  }
  for (const [name, child] of folder.names) {
    const below = at === '' ? name : `${at}/${name}`;
    found.push({ at: path(below), isDirectory: child !== 'file' });
    if (child === 'file') nodeDisk.close(nodeDisk.openNew(`${on}/${name}`, 0o644));
    else plant(`${on}/${name}`, below, child, sources, found);
  }
}

/** The origin and line of the deciding rule of each path. */
function judgedByGit(
  repository: string,
  tree: string,
  paths: readonly Found[],
): Map<string, readonly [string | undefined, number | undefined]> {
  const settings = ['core.ignoreCase=false', 'core.excludesFile=/dev/null', 'core.bare=false'];
  const result = spawnSync(
    'git',
    [
      `--git-dir=${repository}`,
      `--work-tree=${tree}`,
      ...settings.flatMap((setting) => ['-c', setting]),
      'check-ignore',
      '--no-index',
      '--verbose',
      '--non-matching',
      '-z',
      '--stdin',
    ],
    { cwd: tree, input: bytesOfName(paths.map(({ at }) => `${at}\0`).join('')), maxBuffer: 1 << 28 },
  );
  assert.ok(result.status === 0 || result.status === 1, result.stderr.toString());
  const fields = nameOfBytes(result.stdout).split('\0');
  const verdicts = new Map<string, readonly [string | undefined, number | undefined]>();
  for (let i = 0; i + 3 < fields.length; i += 4) {
    const [origin, line, , at] = fields.slice(i, i + 4) as [string, string, string, string];
    verdicts.set(at, origin === '' ? [undefined, undefined] : [ourOrigin(origin), Number(line)]);
  }
  return verdicts;
}

function ourOrigin(origin: string): string {
  return origin.endsWith('/info/exclude') ? 'ignore' : origin.replace(/\.gitignore$/, '.dbkignore');
}
