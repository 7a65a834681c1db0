/** The words for what can be wrong with a command line. */

import type { Problem } from '../model/problem.ts';
import { nearest } from '../model/nearest.ts';

function wrong(word: string, reason: string, hint?: string): Problem {
  return { code: `cli/${word}`, severity: 'error', reason, ...(hint === undefined ? {} : { hint }) };
}

export function unknownCommand(name: string, known: ReadonlyMap<string, string>): Problem {
  const found = nearest(name, known);
  const hint = found === undefined ? `run 'dbk help' to see all commands` : `did you mean '${found}'?`;
  return wrong('unknown-command', `there is no command '${name}'`, hint);
}

export function incompleteCommand(family: string, members: readonly string[]): Problem {
  const words = members.map((name) => name.slice(family.length + 1));
  return wrong('incomplete-command', `'${family}' needs one of ${listed(words)}`, `run 'dbk help ${family}'`);
}

/** `later` is a command that has the option, where it stood before any command. */
export function unknownOption(option: string, known: readonly string[], later?: string): Problem {
  const found = nearest(option, new Map(known.map((name) => [name, name])));
  const hint =
    later !== undefined
      ? `write it after the command: 'dbk ${later} ${option}'`
      : found !== undefined
        ? `did you mean '${found}'?`
        : `write '--' before a path that begins with '-'`;
  return wrong('unknown-option', `there is no option '${option}'`, hint);
}

export function missingValue(option: string, value: string): Problem {
  return wrong('missing-value', `option '${option}' needs a value: ${value}`);
}

export function unwantedValue(option: string): Problem {
  return wrong('unwanted-value', `option '${option}' takes no value`);
}

export function notAChoice(option: string, value: string, choices: readonly string[]): Problem {
  const found = nearest(value, new Map(choices.map((choice) => [choice, choice])));
  const hint = found === undefined ? undefined : `did you mean '${found}'?`;
  return wrong('not-a-choice', `option '${option}' is one of ${listed(choices)}, not '${value}'`, hint);
}

export function notACount(option: string, value: string): Problem {
  return wrong('not-a-count', `option '${option}' needs a whole number, not '${value}'`);
}

export function missingArgument(command: string, argument: string): Problem {
  return wrong('missing-argument', `'dbk ${command}' needs ${argument}`, `run 'dbk help ${command}'`);
}

export function tooManyArguments(command: string, first: string, most: number): Problem {
  const words =
    most === 0 ? 'takes no argument' : most === 1 ? 'takes one argument' : `takes ${most} arguments`;
  return wrong(
    'too-many-arguments',
    `'dbk ${command}' ${words}, '${first}' is one too many`,
    `run 'dbk help ${command}'`,
  );
}

export function interrupted(): Problem {
  return wrong(
    'interrupted',
    'interrupted; nothing is left half done',
    'run the same command again to go on',
  );
}

export function cannotWriteOutput(reason: string): Problem {
  return wrong('output', `cannot write the output: ${reason}`);
}

/** Another program has started this one, and went away while this one needed it. */
export function callerGone(): Problem {
  return wrong('caller-gone', 'the other side has gone', 'push again to go on');
}

export function bug(message: string): Problem {
  return wrong('bug', `this is a bug in dbk: ${message}`, 'please report it with the lines above');
}

export function pagerMissing(pager: string): Problem {
  const hint = `set DBK_PAGER to a program that is installed, or to 'cat'`;
  return { ...wrong('pager', `cannot start the pager '${pager}'`, hint), severity: 'warning' };
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
