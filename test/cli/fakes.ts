/** Stand-ins for the terminal, and a small command table. */

import type { Command } from '../../src/cli/command.ts';
import { DRY_RUN, FILES_FROM, HELP } from '../../src/cli/command.ts';
import type { Sink, Source, Terminal } from '../../src/cli/terminal.ts';

/** A sink that keeps what it gets; `plan` says what happens at each write: at most so many bytes, or an error. */
export class FakeSink implements Sink {
  readonly isTTY: boolean;
  columns: number;
  readonly pieces: string[] = [];
  readonly #plan: (number | string)[];
  readonly #chunks: Uint8Array[] = [];

  constructor(options: { isTTY?: boolean; columns?: number; plan?: (number | string)[] } = {}) {
    this.isTTY = options.isTTY ?? false;
    this.columns = options.columns ?? 80;
    this.#plan = options.plan ?? [];
  }

  write(bytes: Uint8Array): number {
    const next = this.#plan.shift() ?? bytes.length;
    if (typeof next === 'string') throw Object.assign(new Error(`${next}: write`), { code: next });
    const taken = bytes.slice(0, next);
    this.#chunks.push(taken);
    this.pieces.push(Buffer.from(taken).toString());
    return taken.length;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.bytes.toString();
  }
}

/** Typed lines, handed over one by one whenever somebody listens; undefined is the end of input. */
export class FakeSource implements Source {
  readonly isTTY: boolean;
  listeners = 0;
  readonly #typed: (string | undefined)[];

  constructor(isTTY: boolean, typed: (string | undefined)[] = []) {
    this.isTTY = isTTY;
    this.#typed = typed;
  }

  listen(take: (chunk: Uint8Array | undefined) => void): () => void {
    this.listeners += 1;
    let listening = true;
    const next = (): void => {
      if (!listening || this.#typed.length === 0) return;
      const chunk = this.#typed.shift();
      take(chunk === undefined ? undefined : new TextEncoder().encode(chunk));
      queueMicrotask(next);
    };
    queueMicrotask(next);
    return () => {
      listening = false;
      this.listeners -= 1;
    };
  }
}

export function fakeTerminal(parts: Partial<Terminal> = {}): Terminal {
  return {
    stdout: new FakeSink(),
    stderr: new FakeSink(),
    stdin: new FakeSource(false),
    env: {},
    ...parts,
  };
}

const INIT: Command = {
  name: 'init',
  group: 'start',
  summary: 'Make a folder a repository',
  arguments: [{ name: 'DIR', optional: true }],
  options: [{ name: 'name', type: 'text', value: 'NAME', summary: 'what the repository is called' }],
  examples: [{ line: 'dbk init', says: 'This folder' }],
  also: ['create'],
};

const STATUS: Command = {
  name: 'status',
  group: 'daily',
  summary: 'Show what changed since the last commit',
  examples: [{ line: 'dbk status', says: 'All changes in groups' }],
  also: ['st'],
};

export const COMMIT: Command = {
  name: 'commit',
  group: 'daily',
  summary: 'Record what changed',
  description: [
    'Looks at every file, reads those that are new or changed, and writes a commit. The files themselves are not touched.',
    'What is gone is recorded as deleted only when you confirm it.',
  ],
  arguments: [{ name: 'PATH', optional: true, many: true }],
  options: [
    {
      name: 'message',
      short: 'm',
      type: 'text',
      summary: 'what happened, in your words; a second one is a new paragraph',
    },
    { name: 'confirm-deletions', type: 'flag', summary: 'record what is gone as deleted' },
    DRY_RUN,
    ...FILES_FROM,
  ],
  examples: [
    { line: `dbk commit -m 'Sorted the Iceland pictures'`, says: 'Everything that changed' },
    {
      line: 'find Music -newer stamp -print0 | dbk commit --files-from - -z',
      says: 'Only what another program names; the names may hold anything but NUL, line feeds included',
    },
  ],
  also: ['add', 'save'],
};

const LOG: Command = {
  name: 'log',
  group: 'daily',
  summary: 'Show the history',
  arguments: [{ name: 'PATH', optional: true }],
  options: [{ name: 'count', short: 'n', type: 'count', summary: 'show so many commits' }],
  examples: [{ line: 'dbk log -n 5', says: 'The last five commits' }],
};

const WHY: Command = {
  name: 'why',
  group: 'daily',
  summary: 'Say why a path is recorded or not',
  arguments: [{ name: 'PATH' }],
  examples: [{ line: 'dbk why build', says: 'The rule that keeps it out' }],
};

const family = (name: string, summary: string): Command => ({
  name,
  group: 'knowledge',
  summary,
  examples: [{ line: `dbk ${name}`, says: summary }],
});

export const TABLE: readonly Command[] = [
  INIT,
  STATUS,
  COMMIT,
  LOG,
  WHY,
  family('entity list', 'List all entities'),
  family('entity show', 'Show one entity'),
  HELP,
];
