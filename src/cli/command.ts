/** What a command of the command line is: the one table that parsing, help and completion read. */

/** Groups in the order in which help shows them. */
export const GROUPS = {
  start: 'Start',
  daily: 'Every day',
  undo: 'Undo',
  copies: 'Copies on other disks',
  knowledge: 'What you know of your files',
  safety: 'Safety',
  exchange: 'Exchange',
  tools: 'Tools',
} as const;

export type Group = keyof typeof GROUPS;

/** `flag` takes no value, `text` any value exactly as it was typed, `count` a whole number. */
export type OptionType = 'flag' | 'text' | 'count';

export interface Option {
  /** Without dashes; also the key its value is asked for by. */
  readonly name: string;
  /** One character. */
  readonly short?: string;
  readonly type: OptionType;
  /** What help calls the value: `TEXT`. */
  readonly value?: string;
  /** The only values that are taken. */
  readonly choices?: readonly string[];
  readonly summary: string;
}

export interface Argument {
  /** As help shows it: `PATH`. */
  readonly name: string;
  readonly optional?: boolean;
  /** Takes all that is left; only the last argument can. */
  readonly many?: boolean;
}

export interface Example {
  readonly line: string;
  readonly says: string;
}

export interface Command {
  /** One word, or two for a command of a family: `entity list`. */
  readonly name: string;
  readonly group: Group;
  /** Started by programs: it has a page, and is in no list. */
  readonly isHidden?: boolean;
  /** What it does, imperative, without full stop. */
  readonly summary: string;
  /** Paragraphs that follow the summary on the command's own page. */
  readonly description?: readonly string[];
  readonly arguments?: readonly Argument[];
  /** Stands for the arguments in the usage line where they depend on each other: `[A [B]] [PATH…]`. */
  readonly usage?: string;
  readonly options?: readonly Option[];
  /** At least one. */
  readonly examples: readonly [Example, ...Example[]];
  /** Words of other programs by which a person may look for it; they are suggested, never taken. */
  readonly also?: readonly string[];
}

/** Taken by every command, before or after its name. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  {
    name: 'directory',
    short: 'C',
    type: 'text',
    value: 'DIR',
    summary: 'work as if started in DIR; a second one is relative to the first',
  },
  { name: 'quiet', short: 'q', type: 'flag', summary: 'print results and errors only' },
  { name: 'verbose', short: 'v', type: 'flag', summary: 'show all, however long' },
  { name: 'json', type: 'flag', summary: 'print JSON Lines for programs' },
  {
    name: 'color',
    type: 'text',
    choices: ['auto', 'always', 'never'],
    summary: 'whether to colour the output (auto: on a terminal)',
  },
  { name: 'no-progress', type: 'flag', summary: 'show no status line' },
  {
    name: 'yes',
    short: 'y',
    type: 'flag',
    summary: 'answer yes to questions; never to deletions, last copies or unrelated histories',
  },
  { name: 'help', short: 'h', type: 'flag', summary: 'show the help of a command' },
  { name: 'version', type: 'flag', summary: 'print the version' },
];

/** For every command that writes. */
export const DRY_RUN: Option = {
  name: 'dry-run',
  short: 'n',
  type: 'flag',
  summary: 'say what would be done and do nothing',
};

/** For every command that takes many paths; the two go together. */
export const FILES_FROM: readonly Option[] = [
  {
    name: 'files-from',
    type: 'text',
    value: 'FILE',
    summary: 'read paths from FILE, one a line; - is stdin',
  },
  { name: 'null', short: 'z', type: 'flag', summary: 'paths in FILE end with NUL instead of a line feed' },
];

/** A member of every table; parsing answers it. */
export const HELP: Command = {
  name: 'help',
  group: 'tools',
  summary: 'Show what there is, or all about one command',
  arguments: [{ name: 'COMMAND', optional: true, many: true }],
  examples: [
    { line: 'dbk help', says: 'All commands in groups' },
    { line: 'dbk help commit', says: 'The page of one command' },
  ],
};
