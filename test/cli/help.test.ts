import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paletteOf } from '../../src/cli/colour.ts';
import { commandHelp, familyHelp, overview, shortHelp, usageOf } from '../../src/cli/help.ts';
import { widthOf } from '../../src/cli/layout.ts';
import type { Command } from '../../src/cli/command.ts';
import { COMMIT, TABLE } from './fakes.ts';

const plain = paletteOf(false);

test('the overview shows the groups and commands of the table, and no others', () => {
  assert.equal(
    overview(TABLE, plain),
    `dbk keeps a versioned index of your files in plain text, and leaves the files
where they are.

usage: dbk [OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]

Start
  init            Make a folder a repository

Every day
  status          Show what changed since the last commit
  commit          Record what changed
  log             Show the history
  why             Say why a path is recorded or not

What you know of your files
  entity list     List all entities
  entity show     Show one entity

Tools
  help            Show what there is, or all about one command

Options of every command
  -C, --directory DIR       work as if started in DIR; a second one is relative
                            to the first
  -q, --quiet               print results and errors only
  -v, --verbose             show all, however long
      --json                print JSON Lines for programs
      --color auto|always|never
                            whether to colour the output (auto: on a terminal)
      --no-progress         show no status line
  -y, --yes                 answer yes to questions; never to deletions, last
                            copies or unrelated histories
  -h, --help                show the help of a command
      --version             print the version

'--' ends options. 'dbk help COMMAND' shows one command, with examples.
`,
  );
});

test('dbk alone shows where to begin', () => {
  assert.equal(
    shortHelp(TABLE, plain),
    `dbk keeps a versioned index of your files in plain text, and leaves the files
where they are.

Start
  init            Make a folder a repository

Every day
  status          Show what changed since the last commit
  commit          Record what changed
  log             Show the history
  why             Say why a path is recorded or not

'dbk help' shows all commands, 'dbk help COMMAND' shows one.
`,
  );
});

test('a page has usage, options and examples', () => {
  assert.equal(
    commandHelp(COMMIT, plain),
    `dbk commit - Record what changed

usage: dbk commit [OPTIONS] [PATH…]

Looks at every file, reads those that are new or changed, and writes a commit.
The files themselves are not touched.

What is gone is recorded as deleted only when you confirm it.

Options
  -m, --message TEXT        what happened, in your words; a second one is a new
                            paragraph
      --confirm-deletions   record what is gone as deleted
  -n, --dry-run             say what would be done and do nothing
      --files-from FILE     read paths from FILE, one a line; - is stdin
  -z, --null                paths in FILE end with NUL instead of a line feed

Examples
  dbk commit -m 'Sorted the Iceland pictures'
      Everything that changed
  find Music -newer stamp -print0 | dbk commit --files-from - -z
      Only what another program names; the names may hold anything but NUL, line
      feeds included

'dbk help' shows the options that every command takes.
`,
  );
});

test('a family has a page of its members', () => {
  assert.equal(
    familyHelp(TABLE, 'entity', plain),
    `dbk entity

  entity list     List all entities
  entity show     Show one entity
`,
  );
});

test('the usage line says what is needed and what is not', () => {
  const base = { name: 'x', group: 'daily', summary: '', examples: [{ line: '', says: '' }] } as const;
  const rows: [Command, string][] = [
    [base, 'dbk x'],
    [{ ...base, arguments: [{ name: 'A' }, { name: 'B', optional: true }] }, 'dbk x A [B]'],
    [{ ...base, arguments: [{ name: 'PATH', many: true }] }, 'dbk x PATH…'],
    [{ ...base, options: COMMIT.options!, usage: '[A [B]] [PATH…]' }, 'dbk x [OPTIONS] [A [B]] [PATH…]'],
  ];
  for (const [command, expected] of rows) assert.equal(usageOf(command), expected);
});

test('no line is wider than 80 columns, and colour changes nothing but colour', () => {
  const pages = (palette = plain) => [
    overview(TABLE, palette),
    shortHelp(TABLE, palette),
    ...TABLE.map((command) => commandHelp(command, palette)),
  ];
  for (const line of pages().join('').split('\n')) assert.ok(widthOf(line) <= 80, line);
  const coloured = pages(paletteOf(true)).join('');
  assert.notEqual(coloured, pages().join(''));
  assert.equal(coloured.replace(/\x1b\[\d+m/g, ''), pages().join(''));
});
