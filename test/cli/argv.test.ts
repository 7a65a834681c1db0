import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseArguments } from '../../src/cli/argv.ts';
import type { Request } from '../../src/cli/argv.ts';
import type { Command } from '../../src/cli/command.ts';
import { GLOBAL_OPTIONS } from '../../src/cli/command.ts';
import { Refusal } from '../../src/model/problem.ts';
import { TABLE } from './fakes.ts';

const SEED = 20261122;

/** What a request says, whole: options that were given, each with its values. */
function told(request: Request<Command>): unknown {
  if (request.kind === 'version') return 'version';
  if (request.kind === 'help') {
    if (request.about === 'page') return `help page ${request.command.name}`;
    return request.about === 'family' ? `help family ${request.family}` : `help ${request.about}`;
  }
  const { command, given } = request;
  const values: Record<string, readonly string[]> = {};
  for (const { name } of [...(command.options ?? []), ...GLOBAL_OPTIONS]) {
    if (given.flag(name)) values[name] = given.texts(name);
  }
  const dashes = given.beforeDashes === undefined ? {} : { beforeDashes: given.beforeDashes };
  return { command: command.name, operands: given.operands, values, ...dashes };
}

function parse(...argv: string[]): unknown {
  return told(parseArguments(TABLE, argv));
}

function refused(...argv: string[]): unknown {
  try {
    return parse(...argv);
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.kind, 'usage');
    const { code, severity, reason, hint } = error.problem;
    assert.equal(severity, 'error');
    return [code.replace('cli/', ''), reason, ...(hint === undefined ? [] : [hint])];
  }
}

test('every value stays as it was typed', () => {
  const message = (text: string) => ({ command: 'commit', operands: [], values: { message: [text] } });
  for (const text of [
    '007',
    '',
    '1e3',
    '0x10',
    'true',
    'null',
    '-dash',
    '--',
    '--json',
    '-1',
    ' a ',
    '=',
    '__proto__',
  ]) {
    assert.deepEqual(parse('commit', '-m', text), message(text), `-m ${text}`);
    assert.deepEqual(parse('commit', `--message=${text}`), message(text), `--message=${text}`);
    assert.deepEqual(parse('commit', '--message', text), message(text), `--message ${text}`);
    if (text !== '') assert.deepEqual(parse('commit', `-m${text}`), message(text), `-m${text}`);
    const operands = { command: 'commit', operands: [text], values: {}, beforeDashes: 0 };
    assert.deepEqual(parse('commit', '--', text), operands, `-- ${text}`);
  }
});

test('any text is a value, in each of its spellings', () => {
  const text = fc.string({ unit: 'binary' });
  const many = fc.array(text, { maxLength: 5 });
  fc.assert(
    fc.property(text, many, (value, operands) => {
      const expected = { command: 'commit', operands, values: { message: [value] }, beforeDashes: 0 };
      assert.deepEqual(parse('commit', '-m', value, '--', ...operands), expected);
      assert.deepEqual(parse('commit', `--message=${value}`, '--', ...operands), expected);
      if (value !== '') assert.deepEqual(parse('commit', `-m${value}`, '--', ...operands), expected);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('options stand before and after the command, alone and grouped', () => {
  const status = (values: object, operands: string[] = []) => ({ command: 'status', operands, values });
  const commit = (values: object, operands: string[] = []) => ({ command: 'commit', operands, values });
  const rows: [string[], unknown][] = [
    [['status'], status({})],
    [['-q', 'status'], status({ quiet: [''] })],
    [['status', '-q'], status({ quiet: [''] })],
    [['-qy', 'status', '-v'], status({ quiet: [''], verbose: [''], yes: [''] })],
    [['-C', 'a', 'status', '-Cb', '--directory=c'], status({ directory: ['a', 'b', 'c'] })],
    [['-C', '007', 'status'], status({ directory: ['007'] })],
    [['-C', 'status', 'status'], status({ directory: ['status'] })],
    [
      ['--color', 'never', 'status', '--no-progress', '--json'],
      status({ json: [''], color: ['never'], 'no-progress': [''] }),
    ],
    [['commit', '-qym', 'x'], commit({ message: ['x'], quiet: [''], yes: [''] })],
    [['commit', '-qymx'], commit({ message: ['x'], quiet: [''], yes: [''] })],
    [['commit', '-m=x'], commit({ message: ['=x'] })],
    [['commit', '-m', 'a', '-m', 'b'], commit({ message: ['a', 'b'] })],
    [
      ['commit', '-n', 'a', '--confirm-deletions', 'b'],
      commit({ 'confirm-deletions': [''], 'dry-run': [''] }, ['a', 'b']),
    ],
    [['commit', '--files-from', '-', '-z'], commit({ 'files-from': ['-'], null: [''] })],
    [['commit', '-', 'status'], commit({}, ['-', 'status'])],
    [['commit', 'a', '--', '-m', '--', 'b'], { ...commit({}, ['a', '-m', '--', 'b']), beforeDashes: 1 }],
    [['--', 'status'], { ...status({}), beforeDashes: 0 }],
    [['log', '-n', '5', 'a'], { command: 'log', operands: ['a'], values: { count: ['5'] } }],
    [['log', '-n5'], { command: 'log', operands: [], values: { count: ['5'] } }],
    [['entity', '-q', 'list'], { command: 'entity list', operands: [], values: { quiet: [''] } }],
  ];
  for (const [argv, expected] of rows) assert.deepEqual(refused(...argv), expected, argv.join(' '));
});

test('help and version answer before anything is wrong', () => {
  const rows: [string[], string][] = [
    [[], 'help short'],
    [['-q'], 'help short'],
    [['help'], 'help all'],
    [['--help'], 'help all'],
    [['-h'], 'help all'],
    [['help', 'commit'], 'help page commit'],
    [['commit', '--help'], 'help page commit'],
    [['commit', '-qh', '--bogus'], 'help page commit'],
    [['-h', 'commit', 'a'], 'help page commit'],
    [['why', '-h'], 'help page why'],
    [['help', 'help'], 'help page help'],
    [['help', '--help'], 'help page help'],
    [['help', 'entity'], 'help family entity'],
    [['entity', '--help'], 'help family entity'],
    [['help', 'entity', 'list'], 'help page entity list'],
    [['--version'], 'version'],
    [['status', '--version'], 'version'],
  ];
  for (const [argv, expected] of rows) assert.equal(parse(...argv), expected, argv.join(' '));
  assert.deepEqual(parse('commit', '-m', '-h'), {
    command: 'commit',
    operands: [],
    values: { message: ['-h'] },
  });
});

test('what the table does not know is refused with a word that helps', () => {
  const run = (command: string) => `run 'dbk help ${command}'`;
  const rows: [string[], string[]][] = [
    [['statsu'], ['unknown-command', `there is no command 'statsu'`, `did you mean 'status'?`]],
    [
      ['stat', '-h'],
      ['unknown-command', `there is no command 'stat'`, `did you mean 'status'?`],
    ],
    [['COMMIT'], ['unknown-command', `there is no command 'COMMIT'`, `did you mean 'commit'?`]],
    [
      ['add', 'a'],
      ['unknown-command', `there is no command 'add'`, `did you mean 'commit'?`],
    ],
    [['007'], ['unknown-command', `there is no command '007'`, `run 'dbk help' to see all commands`]],
    [
      ['help', 'comit'],
      ['unknown-command', `there is no command 'comit'`, `did you mean 'commit'?`],
    ],
    [
      ['entity', 'lst'],
      ['unknown-command', `there is no command 'entity lst'`, `did you mean 'entity list'?`],
    ],
    [['entity'], ['incomplete-command', `'entity' needs one of list or show`, run('entity')]],
    [
      ['status', '--jsn'],
      ['unknown-option', `there is no option '--jsn'`, `did you mean '--json'?`],
    ],
    [
      ['commit', '--mess=x'],
      ['unknown-option', `there is no option '--mess'`, `did you mean '--message'?`],
    ],
    [
      ['status', '-Q'],
      ['unknown-option', `there is no option '-Q'`, `did you mean '-q'?`],
    ],
    [
      ['status', '-q5'],
      ['unknown-option', `there is no option '-5'`, `write '--' before a path that begins with '-'`],
    ],
    [
      ['-m', 'x', 'commit'],
      ['unknown-option', `there is no option '-m'`, `write it after the command: 'dbk commit -m'`],
    ],
    [
      ['commit', '-m'],
      ['missing-value', `option '-m' needs a value: TEXT`],
    ],
    [
      ['status', '--color'],
      ['missing-value', `option '--color' needs a value: auto|always|never`],
    ],
    [
      ['status', '-qC'],
      ['missing-value', `option '-C' needs a value: DIR`],
    ],
    [
      ['status', '--json=1'],
      ['unwanted-value', `option '--json' takes no value`],
    ],
    [
      ['status', '--json='],
      ['unwanted-value', `option '--json' takes no value`],
    ],
    [
      ['status', '--color=alway'],
      [
        'not-a-choice',
        `option '--color' is one of auto, always or never, not 'alway'`,
        `did you mean 'always'?`,
      ],
    ],
    [
      ['status', '--color='],
      ['not-a-choice', `option '--color' is one of auto, always or never, not ''`],
    ],
    [
      ['log', '-n', '-1'],
      ['not-a-count', `option '-n' needs a whole number, not '-1'`],
    ],
    [
      ['log', '-n', '1e3'],
      ['not-a-count', `option '-n' needs a whole number, not '1e3'`],
    ],
    [
      ['log', '--count='],
      ['not-a-count', `option '--count' needs a whole number, not ''`],
    ],
    [['why'], ['missing-argument', `'dbk why' needs PATH`, run('why')]],
    [
      ['why', 'a', 'b'],
      ['too-many-arguments', `'dbk why' takes one argument, 'b' is one too many`, run('why')],
    ],
    [
      ['status', ''],
      ['too-many-arguments', `'dbk status' takes no argument, '' is one too many`, run('status')],
    ],
  ];
  // One after the other is refused by the first; and that is no matter of the order of options and arguments.
  for (const [argv, expected] of rows) assert.deepEqual(refused(...argv), expected, argv.join(' '));
});

test('a count is a number, the last text wins, and an option nobody declared is a bug', () => {
  const log = parseArguments(TABLE, ['log', '-n', '007', '-n', '12']);
  assert.ok(log.kind === 'run');
  assert.equal(log.given.count('count'), 12);
  assert.equal(log.given.text('count'), '12');
  assert.equal(log.given.text('color'), undefined);
  assert.throws(() => log.given.flag('dry-run'), /not declared/);
});
