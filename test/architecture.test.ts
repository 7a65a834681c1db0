/** Whether the sources keep to the house: layers, no cycles, purity, and the rules that a machine can see. */

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { readSource } from './tools/source-text.ts';
import type { SourceText } from './tools/source-text.ts';

interface Layer {
  /** Other layers whose files may be imported; a layer may always import itself. */
  readonly layers: readonly string[];
  /** Packages and Node's modules, `node:*` for any of Node's but `node:fs`, which is the disk's alone. */
  readonly packages: readonly string[];
  /** Whether it does without clock, random, disk, process and module state. */
  readonly pure?: boolean;
}

/** Who may import what. A file below `src` or `plugins` that belongs to no row is a failure. */
const LAYERS: Readonly<Record<string, Layer>> = {
  'src/model': { layers: [], packages: [], pure: true },
  'src/text': { layers: ['src/model'], packages: ['yaml', 'diff'], pure: true },
  'src/diff': { layers: ['src/model'], packages: [], pure: true },
  'src/merge': {
    layers: ['src/model', 'src/text', 'src/diff', 'src/plugin'],
    packages: ['diff'],
    pure: true,
  },
  'src/plugin': { layers: ['src/model', 'src/plugin/suite-local.ts'], packages: ['node:*'] },
  plugins: { layers: ['src/plugin'], packages: ['*'] },
  'src/disk': { layers: ['src/model'], packages: ['node:*', 'node:fs', '@napi-rs/blake-hash', 'hash-wasm'] },
  'src/scan': { layers: ['src/model', 'src/text', 'src/plugin', 'src/disk'], packages: ['node:*', 'ignore'] },
  'src/store': { layers: ['src/model', 'src/text', 'src/disk'], packages: ['node:*'] },
  'src/sync': { layers: ['src/model', 'src/text', 'src/disk', 'src/store'], packages: ['node:*'] },
  'src/flow': {
    layers: [
      'src/model',
      'src/text',
      'src/diff',
      'src/merge',
      'src/plugin',
      'src/disk',
      'src/scan',
      'src/store',
      'src/sync',
    ],
    packages: ['node:*'],
  },
  'src/cli': { layers: ['src/model', 'src/flow'], packages: ['node:*'] },
  // Single files that are allowed more, or less, than their folder.
  // The suite runs where dbk is only a dependency: its files are its own, and no disk of a person's.
  'src/plugin/suite-local.ts': { layers: [], packages: ['node:*', 'node:fs'] },
  'src/index.ts': { layers: ['src/model', 'src/flow'], packages: [] },
  'src/cli/main.ts': {
    layers: ['src/model', 'src/flow', 'src/cli', 'src/disk', 'src/plugin', 'plugins'],
    packages: ['node:*'],
  },
  // The other way into the program: it begins in a thread.
  'src/cli/reading-thread.ts': { layers: ['src/flow', 'src/plugin', 'plugins'], packages: ['node:*'] },
};

/** Files of a shell layer that are pure nevertheless. */
const ALSO_PURE = [
  'src/plugin/answers.ts',
  'src/plugin/api.ts',
  'src/plugin/ask-file.ts',
  'src/plugin/at-pattern.ts',
  'src/plugin/boundaries.ts',
  'src/plugin/declared.ts',
  'src/plugin/field-values.ts',
  'src/plugin/file-patterns.ts',
  'src/plugin/plugin-check.ts',
  'src/plugin/problems.ts',
  'src/plugin/registry.ts',
  'src/plugin/suite-boundaries.ts',
  'src/plugin/suite-cases.ts',
  'src/plugin/suite-random.ts',
  'src/plugin/suite-source.ts',
  'src/plugin/suite-validate.ts',
  'src/sync/address.ts',
  'src/sync/own-name.ts',
  'src/sync/pairs.ts',
  'src/sync/plan.ts',
  'src/sync/reverse.ts',
];

/** Who may use the global `process`, and why. */
const PROCESS: ReadonlyMap<string, string> = new Map([
  ['src/cli/main.ts', 'it is the program: arguments, streams, signals and the exit code come from here'],
  [
    'src/store/process-identity.ts',
    'it asks whether another process lives, and the global is how Node answers',
  ],
]);

const FORBIDDEN_FOLDERS = /^(?:utils?|helpers?|common|shared|misc|lib|managers?)$/i;
const LONGEST_FILE = 250;

/** What a pure file may not say, with the word that tells. */
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bset(?:Timeout|Interval|Immediate)\b/, 'the clock'],
  [/\bMath\.random\b|\bcrypto\b/, 'random'],
  [/\bconsole\b/, 'the console'],
  [/\bBuffer\b|\bglobalThis\b/, 'globals of Node'],
  [/^(?:export )?(?:let|var)\b/m, 'module state'],
  [
    /^(?:export )?const \w+\b(?!: [Rr]eadonly)[^=]*= (?:new (?:Weak)?(?:Map|Set)(?:<[^;]*>)?\(\)|\[\]|\{\});$/m,
    'module state',
  ],
];

type Sources = ReadonlyMap<string, SourceText>;

const isProduct = (path: string): boolean => path.startsWith('src/') || path.startsWith('plugins/');

/** The name of a file's row. */
function layerOf(path: string): string | undefined {
  if (path in LAYERS) return path;
  const [first, second] = path.split('/');
  const name = first === 'plugins' ? first : `${first}/${second}`;
  return name in LAYERS ? name : undefined;
}

/** What a specifier of a file names: a path from the top, or a package. */
function target(path: string, specifier: string): string {
  return specifier.startsWith('.') ? join(dirname(path), specifier) : specifier;
}

function* wrongImports(sources: Sources): Generator<string> {
  for (const [path, { imports }] of sources) {
    if (!isProduct(path)) continue;
    const layer = layerOf(path);
    if (layer === undefined) {
      yield `${path} belongs to no layer`;
      continue;
    }
    for (const { specifier } of imports) {
      const reason = whyNot(path, layer, specifier, sources);
      if (reason !== undefined) yield `${path} imports '${specifier}': ${reason}`;
    }
  }
}

function whyNot(path: string, layer: string, specifier: string, sources: Sources): string | undefined {
  const { layers, packages } = LAYERS[layer]!;
  if (!specifier.startsWith('.'))
    return isAllowed(specifier, packages) ? undefined : `not in the row of ${layer}`;
  const file = target(path, specifier);
  if (!sources.has(file)) return 'there is no such file';
  const theirs = layerOf(file);
  if (theirs === 'src/cli/main.ts') return 'nothing imports the program';
  return theirs === layer || (theirs !== undefined && layers.includes(theirs))
    ? undefined
    : `${layer} may not import ${theirs ?? 'it'}`;
}

/** `*` is any package, `node:*` any module of Node; `node:fs` is always named. */
function isAllowed(specifier: string, packages: readonly string[]): boolean {
  if (/^(?:node:)?fs(?:\/|$)/.test(specifier)) return packages.includes('node:fs');
  if (specifier === 'node:path/posix') return true;
  if (specifier === 'node:process') return false;
  if (specifier.startsWith('node:')) return packages.includes('node:*');
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return packages.includes(name) || packages.includes('*');
}

/** Cycles of imports that remain after compiling, each told once, from its first file by name. */
function* cycles(sources: Sources): Generator<string> {
  const done = new Set<string>();
  const visit = function* (path: string, trail: readonly string[]): Generator<string> {
    const start = trail.indexOf(path);
    if (start !== -1) yield [...trail.slice(start), path].join(' → ');
    if (start !== -1 || done.has(path)) return;
    for (const { specifier, kind } of sources.get(path)?.imports ?? []) {
      if (kind !== 'type' && specifier.startsWith('.'))
        yield* visit(target(path, specifier), [...trail, path]);
    }
    done.add(path);
  };
  for (const path of [...sources.keys()].sort()) yield* visit(path, []);
}

function* impurities(sources: Sources): Generator<string> {
  for (const [path, { code }] of sources) {
    if (!isProduct(path)) continue;
    if (/(?<![.\w$])process\b(?!\s*[?:])/.test(code) && !PROCESS.has(path))
      yield `${path} uses the global process`;
    if (!ALSO_PURE.includes(path) && !LAYERS[layerOf(path) ?? '']?.pure) continue;
    for (const [pattern, what] of IMPURE) {
      const found = pattern.exec(code);
      if (found) yield `${path} uses ${what}: ${found[0].trim()}`;
    }
  }
}

function* badlyHeaded(path: string, code: string, head: string): Generator<string> {
  if (!/^\/[/*]/.test(head)) yield `${path} does not begin with a comment that says what it is`;
  const lines = code.split('\n').length - 1;
  if (lines > LONGEST_FILE && !/\blong because\b/i.test(head)) {
    yield `${path} has ${lines} lines and its first comment does not say 'Long because …'`;
  }
}

function* unhouselike(sources: Sources): Generator<string> {
  for (const [path, { code, head, imports }] of sources) {
    // A test file is a table for one source file, which says what it is.
    if (!path.endsWith('.test.ts')) yield* badlyHeaded(path, code, head);
    const folder = path.split('/').find((part) => FORBIDDEN_FOLDERS.test(part.replace(/\.ts$/, '')));
    if (folder !== undefined) yield `${path}: '${folder}' says nothing`;
    if (path.startsWith('src/') && /^export default\b/m.test(code)) yield `${path} has a default export`;
    for (const { specifier } of imports) {
      if (specifier.startsWith('.') && !specifier.endsWith('.ts'))
        yield `${path} imports '${specifier}' without '.ts'`;
    }
  }
}

function sourcesOf(files: Readonly<Record<string, string>>): Sources {
  return new Map(Object.entries(files).map(([path, text]) => [path, readSource(text)]));
}

function sourcesHere(): Sources {
  const files: Record<string, string> = {};
  for (const top of ['src', 'plugins', 'fixtures', 'test', 'bench']) {
    for (const name of readdirSync(top, { recursive: true, encoding: 'utf8' })) {
      const path = join(top, name);
      if (path.endsWith('.ts') && !path.endsWith('.d.ts')) files[path] = readFileSync(path, 'utf8');
    }
  }
  return sourcesOf(files);
}

const RULES = { wrongImports, cycles, impurities, unhouselike };
const here = sourcesHere();

test('there is something to look at', () => {
  assert.ok(
    here.has('src/model/path.ts') && here.has('test/architecture.test.ts'),
    'run it from the top folder',
  );
});

test('every file imports only what its layer may', () => assert.deepEqual([...wrongImports(here)], []));

test('no file imports itself by way of others', () => assert.deepEqual([...cycles(here)], []));

test('pure layers are pure, and one file knows the process', () =>
  assert.deepEqual([...impurities(here)], []));

test('files say what they are, are short or say why, and have names that mean something', () =>
  assert.deepEqual([...unhouselike(here)], []));

test('each rule refuses what it is for', () => {
  const a = "/** A. */\nimport { b } from './b.ts';\n";
  const rows: readonly (readonly [
    keyof typeof RULES,
    Readonly<Record<string, string>>,
    readonly string[],
  ])[] = [
    [
      'wrongImports',
      { 'src/model/a.ts': "import { b } from '../text/b.ts';", 'src/text/b.ts': '' },
      ["src/model/a.ts imports '../text/b.ts': src/model may not import src/text"],
    ],
    [
      'wrongImports',
      {
        'src/text/a.ts': "type B = import('../disk/b.ts').B;\nconst c = () => import('../scan/c.ts');",
        'src/disk/b.ts': '',
        'src/scan/c.ts': '',
      },
      [
        "src/text/a.ts imports '../disk/b.ts': src/text may not import src/disk",
        "src/text/a.ts imports '../scan/c.ts': src/text may not import src/scan",
      ],
    ],
    [
      'wrongImports',
      { 'src/model/a.ts': "export * from './b.ts';" },
      ["src/model/a.ts imports './b.ts': there is no such file"],
    ],
    [
      'wrongImports',
      { 'src/store/a.ts': "import * as fs from 'node:fs';" },
      ["src/store/a.ts imports 'node:fs': not in the row of src/store"],
    ],
    [
      'wrongImports',
      { 'src/store/a.ts': "import { open } from 'fs/promises';" },
      ["src/store/a.ts imports 'fs/promises': not in the row of src/store"],
    ],
    [
      'wrongImports',
      { 'src/text/a.ts': "import type { X } from 'node:os';" },
      ["src/text/a.ts imports 'node:os': not in the row of src/text"],
    ],
    [
      'wrongImports',
      { 'src/text/a.ts': "import { posix } from 'node:path/posix';\nimport { parse } from 'yaml';" },
      [],
    ],
    ['wrongImports', { 'src/odd/a.ts': '' }, ['src/odd/a.ts belongs to no layer']],
    [
      'cycles',
      {
        'src/model/a.ts': a,
        'src/model/b.ts': "export { c } from './c.ts';",
        'src/model/c.ts': "const x = await import('./a.ts');",
      },
      ['src/model/a.ts → src/model/b.ts → src/model/c.ts → src/model/a.ts'],
    ],
    ['cycles', { 'src/model/a.ts': a, 'src/model/b.ts': "import type { A } from './a.ts';" }, []],
    [
      'impurities',
      { 'src/model/a.ts': 'const now = Date.now();' },
      ['src/model/a.ts uses the clock: Date.now'],
    ],
    [
      'impurities',
      { 'src/diff/a.ts': 'const now = new Date();' },
      ['src/diff/a.ts uses the clock: new Date()'],
    ],
    ['impurities', { 'src/diff/a.ts': 'const then = new Date(0);' }, []],
    ['impurities', { 'src/merge/a.ts': 'let count = 0;' }, ['src/merge/a.ts uses module state: let']],
    [
      'impurities',
      { 'src/text/a.ts': 'const seen = new Map<string, X>();' },
      ['src/text/a.ts uses module state: const seen = new Map<string, X>();'],
    ],
    ['impurities', { 'src/text/a.ts': 'const NONE: ReadonlyMap<A, B> = new Map();' }, []],
    ['impurities', { 'src/scan/a.ts': 'let count = 0; Date.now();' }, []],
    [
      'impurities',
      { 'src/scan/a.ts': 'const x = `${process.pid}`;' },
      ['src/scan/a.ts uses the global process'],
    ],
    [
      'impurities',
      { 'src/scan/a.ts': "// process.pid\nconst x = 'process' + `process` + y.process + /process/.source;" },
      [],
    ],
    [
      'unhouselike',
      { 'src/model/a.ts': 'const a = 1;' },
      ['src/model/a.ts does not begin with a comment that says what it is'],
    ],
    [
      'unhouselike',
      { 'src/model/a.ts': `/** A. */\n${'\n'.repeat(250)}` },
      ["src/model/a.ts has 251 lines and its first comment does not say 'Long because …'"],
    ],
    ['unhouselike', { 'src/model/a.ts': `/** A. Long because it is a table. */\n${'\n'.repeat(250)}` }, []],
    ['unhouselike', { 'test/utils/a.ts': '// A.' }, ["test/utils/a.ts: 'utils' says nothing"]],
    [
      'unhouselike',
      { 'src/model/a.ts': '// A.\nexport default 1;' },
      ['src/model/a.ts has a default export'],
    ],
  ];
  for (const [rule, files, expected] of rows) {
    assert.deepEqual([...RULES[rule](sourcesOf(files))], expected, `${rule} ${JSON.stringify(files)}`);
  }
});
