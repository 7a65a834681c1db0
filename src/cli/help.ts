/** The pages of `dbk help`: an overview in groups, and one page for each command. */

import type { Command, Example, Option } from './command.ts';
import { GLOBAL_OPTIONS, GROUPS } from './command.ts';
import type { Group } from './command.ts';
import { valueName } from './argv.ts';
import type { Palette } from './colour.ts';
import { twoColumns, wrap } from './layout.ts';

const WIDTH = 80;
const MOTTO = 'dbk keeps a versioned index of your files in plain text, and leaves the files where they are.';

/** What `dbk` alone prints: the groups a newcomer needs. */
export function shortHelp(table: readonly Command[], palette: Palette): string {
  const groups = groupLines(table, palette, ['start', 'daily']);
  const more = `'dbk help' shows all commands, 'dbk help COMMAND' shows one.`;
  return page([...wrap(MOTTO, WIDTH), '', ...groups, more]);
}

/** Every command in the table, in groups, and the options that all of them take. */
export function overview(table: readonly Command[], palette: Palette): string {
  return page([
    ...wrap(MOTTO, WIDTH),
    '',
    'usage: dbk [OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]',
    '',
    ...groupLines(table, palette, Object.keys(GROUPS) as Group[]),
    palette.heading('Options of every command'),
    ...optionLines(GLOBAL_OPTIONS),
    '',
    `'--' ends options. 'dbk help COMMAND' shows one command, with examples.`,
  ]);
}

/** The commands that begin with one word, as `entity`. */
export function familyHelp(table: readonly Command[], family: string, palette: Palette): string {
  const members = table.filter(({ name }) => name.startsWith(`${family} `));
  return page([palette.heading(`dbk ${family}`), '', ...commandLines(members)]);
}

/** All about one command. */
export function commandHelp(command: Command, palette: Palette): string {
  const options = command.options ?? [];
  return page([
    `${palette.heading(`dbk ${command.name}`)} - ${command.summary}`,
    '',
    `usage: ${usageOf(command)}`,
    '',
    ...(command.description ?? []).flatMap((paragraph) => [...wrap(paragraph, WIDTH), '']),
    ...(options.length === 0 ? [] : [palette.heading('Options'), ...optionLines(options), '']),
    palette.heading('Examples'),
    ...command.examples.flatMap(exampleLines),
    '',
    `'dbk help' shows the options that every command takes.`,
  ]);
}

export function usageOf(command: Command): string {
  const shown = (command.arguments ?? []).map(({ name, optional, many }) => {
    const word = many ? `${name}…` : name;
    return optional ? `[${word}]` : word;
  });
  const options = command.options === undefined || command.options.length === 0 ? [] : ['[OPTIONS]'];
  const operands = command.usage ?? shown.join(' ');
  return ['dbk', command.name, ...options, ...(operands === '' ? [] : [operands])].join(' ');
}

function groupLines(table: readonly Command[], palette: Palette, groups: readonly Group[]): string[] {
  return groups.flatMap((group) => {
    const members = table.filter((command) => command.group === group && command.isHidden !== true);
    return members.length === 0 ? [] : [palette.heading(GROUPS[group]), ...commandLines(members), ''];
  });
}

function commandLines(commands: readonly Command[]): string[] {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return twoColumns(rows, { indent: 2, left: 16, width: WIDTH });
}

function optionLines(options: readonly Option[]): string[] {
  const rows = options.map((option) => [optionWords(option), option.summary] as const);
  return twoColumns(rows, { indent: 2, left: 26, width: WIDTH });
}

/** `-m, --message TEXT`; long names stand below each other. */
function optionWords(option: Option): string {
  const value = option.type === 'flag' ? '' : ` ${valueName(option)}`;
  return `${option.short === undefined ? '    ' : `-${option.short}, `}--${option.name}${value}`;
}

function exampleLines(example: Example): string[] {
  return [`  ${example.line}`, ...wrap(example.says, WIDTH - 6).map((line) => `      ${line}`)];
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
