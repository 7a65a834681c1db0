/**
 * What the person asked for: command, options and arguments, each value exactly as it was typed.
 *
 * Options follow getopt's rules, which no guessing blurs: an option that takes a value takes the next argument
 * whatever it looks like, `--` ends options, and nothing ever becomes a number unless the table says `count`.
 */

import type { Command, Option } from './command.ts';
import { GLOBAL_OPTIONS } from './command.ts';
import type { Problem } from '../model/problem.ts';
import { Refusal } from '../model/problem.ts';
import * as problems from './problems.ts';

/** What was given with a command. Asking for an option that the command does not declare is a bug, and throws. */
export interface Given {
  readonly operands: readonly string[];
  /** How many operands stood before `--`; undefined where there was none. */
  readonly beforeDashes: number | undefined;
  flag(name: string): boolean;
  /** The last value. */
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  count(name: string): number | undefined;
}

export type Request<C extends Command> =
  | { readonly kind: 'run'; readonly command: C; readonly given: Given }
  /** `short`: nothing was asked. `all`: the overview. `page`: one command. `family`: those that begin with a word. */
  | { readonly kind: 'help'; readonly about: 'short' | 'all'; readonly given: Given }
  | { readonly kind: 'help'; readonly about: 'page'; readonly command: C; readonly given: Given }
  | { readonly kind: 'help'; readonly about: 'family'; readonly family: string; readonly given: Given }
  | { readonly kind: 'version'; readonly given: Given };

/** Reads the arguments (without program and script); refuses (`usage`) what the table does not know. */
export function parseArguments<C extends Command>(table: readonly C[], argv: readonly string[]): Request<C> {
  const reader = new Reader(table);
  for (const argument of argv) reader.take(argument);
  return reader.request();
}

class Reader<C extends Command> {
  readonly #table: readonly C[];
  readonly #operands: string[] = [];
  readonly #values = new Map<string, string[]>();
  #command: C | undefined;
  #family = '';
  #beforeDashes: number | undefined;
  /** The option that the next argument is the value of, and how it was written. */
  #waiting: { readonly option: Option; readonly written: string } | undefined;
  /** Said at the end, so that `--help` answers first. */
  #problem: Problem | undefined;

  constructor(table: readonly C[]) {
    this.#table = table;
  }

  take(argument: string): void {
    if (this.#waiting !== undefined) {
      const { option, written } = this.#waiting;
      this.#waiting = undefined;
      this.#set(option, written, argument);
    } else if (this.#beforeDashes !== undefined || argument === '-' || !argument.startsWith('-')) {
      this.#takeWord(argument);
    } else if (argument === '--') {
      this.#beforeDashes = this.#operands.length;
    } else if (argument.startsWith('--')) {
      this.#takeLong(argument);
    } else {
      this.#takeShort(argument);
    }
  }

  request(): Request<C> {
    const given = givenOf(this.#operands, this.#beforeDashes, this.#values, this.#options());
    if (this.#waiting !== undefined) {
      const { option, written } = this.#waiting;
      this.#problem ??= problems.missingValue(written, valueName(option));
    }
    if (this.#values.has('help') || this.#command?.name === 'help') return this.#help(given);
    if (this.#values.has('version')) return { kind: 'version', given };
    if (this.#problem !== undefined) throw new Refusal('usage', this.#problem);
    if (this.#command !== undefined) return { kind: 'run', command: this.#checked(this.#command), given };
    if (this.#family === '') return { kind: 'help', about: 'short', given };
    throw new Refusal('usage', problems.incompleteCommand(this.#family, this.#members(this.#family)));
  }

  #help(given: Given): Request<C> {
    const named = this.#command?.name ?? this.#family;
    const byWord = named === 'help' && (this.#operands.length > 0 || !this.#values.has('help'));
    const asked = byWord ? this.#operands.join(' ') : named;
    if (asked === '') return { kind: 'help', about: 'all', given };
    const command = this.#table.find((candidate) => candidate.name === asked);
    if (command !== undefined) return { kind: 'help', about: 'page', command, given };
    if (this.#members(asked).length > 0) return { kind: 'help', about: 'family', family: asked, given };
    return this.#unknown(asked);
  }

  #takeWord(word: string): void {
    if (this.#command !== undefined) {
      this.#operands.push(word);
      return;
    }
    const name = this.#family === '' ? word : `${this.#family} ${word}`;
    this.#command = this.#table.find((command) => command.name === name);
    if (this.#command !== undefined) return;
    if (this.#members(name).length === 0) this.#unknown(name);
    this.#family = name;
  }

  #takeLong(argument: string): void {
    const equals = argument.indexOf('=');
    const written = equals === -1 ? argument : argument.slice(0, equals);
    const option = this.#options().find(({ name }) => name === written.slice(2));
    if (option === undefined) this.#unknownOption(written);
    else if (equals !== -1) this.#set(option, written, argument.slice(equals + 1));
    else if (option.type === 'flag') this.#set(option, written);
    else this.#waiting = { option, written };
  }

  /** `-q`, `-qy`, `-m TEXT`, `-mTEXT`, `-qmTEXT`. */
  #takeShort(argument: string): void {
    for (let rest = argument.slice(1); rest !== '';) {
      const letter = String.fromCodePoint(rest.codePointAt(0)!);
      const written = `-${letter}`;
      rest = rest.slice(letter.length);
      const option = this.#options().find(({ short }) => short === letter);
      if (option === undefined) return this.#unknownOption(written);
      if (option.type === 'flag') this.#set(option, written);
      else if (rest === '') this.#waiting = { option, written };
      else return this.#set(option, written, rest);
    }
  }

  #set(option: Option, written: string, value?: string): void {
    if (option.type === 'flag' && value !== undefined) this.#problem ??= problems.unwantedValue(written);
    if (option.choices !== undefined && !option.choices.includes(value!)) {
      this.#problem ??= problems.notAChoice(written, value!, option.choices);
    }
    if (option.type === 'count' && !/^[0-9]{1,15}$/.test(value!)) {
      this.#problem ??= problems.notACount(written, value!);
    }
    const values = this.#values.get(option.name);
    if (values === undefined) this.#values.set(option.name, [value ?? '']);
    else values.push(value ?? '');
  }

  #checked(command: C): C {
    const declared = command.arguments ?? [];
    const missing = declared.find((argument, i) => !argument.optional && i >= this.#operands.length);
    if (missing !== undefined && !this.#values.has('files-from')) {
      throw new Refusal('usage', problems.missingArgument(command.name, missing.name));
    }
    const extra = this.#operands[declared.length];
    if (extra !== undefined && !declared.at(-1)?.many) {
      throw new Refusal('usage', problems.tooManyArguments(command.name, extra, declared.length));
    }
    return command;
  }

  #options(): readonly Option[] {
    return optionsOf(this.#command);
  }

  #members(family: string): readonly string[] {
    return this.#table.map(({ name }) => name).filter((name) => name.startsWith(`${family} `));
  }

  #unknown(name: string): never {
    const words = new Map<string, string>();
    for (const command of this.#table) for (const word of command.also ?? []) words.set(word, command.name);
    for (const command of this.#table) words.set(command.name, command.name);
    // After an option that nobody knows, its value is easily taken for a command.
    throw new Refusal('usage', this.#problem ?? problems.unknownCommand(name, words));
  }

  #unknownOption(written: string): void {
    const names = this.#options().flatMap(({ name, short }) => [
      `--${name}`,
      ...(short === undefined ? [] : [`-${short}`]),
    ]);
    const has = ({ options }: Command) =>
      options?.some(({ name, short }) => written === `--${name}` || written === `-${short}`);
    const later = this.#command === undefined ? this.#table.find(has)?.name : undefined;
    this.#problem ??= problems.unknownOption(written, names, later);
  }
}

/** A command's own options come first, so that they win over the global ones. */
function optionsOf(command: Command | undefined): readonly Option[] {
  return command?.options === undefined ? GLOBAL_OPTIONS : [...command.options, ...GLOBAL_OPTIONS];
}

/** What help calls the value of an option. */
export function valueName(option: Option): string {
  return option.value ?? option.choices?.join('|') ?? (option.type === 'count' ? 'COUNT' : 'TEXT');
}

function givenOf(
  operands: readonly string[],
  beforeDashes: number | undefined,
  values: ReadonlyMap<string, readonly string[]>,
  declared: readonly Option[],
): Given {
  const texts = (name: string): readonly string[] => {
    if (!declared.some((option) => option.name === name)) throw new Error(`option '${name}' is not declared`);
    return values.get(name) ?? [];
  };
  return {
    operands,
    beforeDashes,
    flag: (name) => texts(name).length > 0,
    text: (name) => texts(name).at(-1),
    texts,
    count: (name) => {
      const text = texts(name).at(-1);
      return text === undefined ? undefined : Number(text);
    },
  };
}
