/** Long output through the person's pager. */

import type { ChildProcessByStdio } from 'node:child_process';
import type { Writable } from 'node:stream';
import { bytesOfName } from '../model/name.ts';
import type { Output } from './output.ts';
import { openOutput } from './output.ts';
import type { Environment, Terminal } from './terminal.ts';

type Pager = ChildProcessByStdio<Writable, null, null>;

/** What needs no shell to be understood. */
const PLAIN = /^[\w./+=@%:, -]+$/;

/**
 * The output for `log`, `diff` and `show`: the pager where stdout is a terminal and the person has one, else
 * stdout itself. `end` waits until the person has left the pager. `missing` is told the name of a pager that
 * cannot be started. While a pager runs, an interrupt is the pager's matter.
 */
export async function pagedOutput(terminal: Terminal, missing: (pager: string) => void): Promise<Output> {
  const command = pagerOf(terminal.env);
  if (!terminal.stdout.isTTY || command === undefined) return openOutput(terminal.stdout);
  const pager = await start(command.line, { LESS: 'FRX', ...definedOf(terminal.env) });
  if (pager !== undefined) return outputTo(pager);
  if (command.chosen) missing(command.line);
  return openOutput(terminal.stdout);
}

/** DBK_PAGER, then PAGER, then `less`; '' and `cat` mean none. `chosen` says that the person named it. */
export function pagerOf(env: Environment): { readonly line: string; readonly chosen: boolean } | undefined {
  const chosen = env['DBK_PAGER'] ?? env['PAGER'];
  const line = (chosen ?? 'less').trim();
  return line === '' || line === 'cat' ? undefined : { line, chosen: chosen !== undefined };
}

async function start(line: string, env: Record<string, string>): Promise<Pager | undefined> {
  const { spawn } = await import('node:child_process');
  const words = line.split(/ +/);
  const shell = !PLAIN.test(line);
  const options = { stdio: ['pipe', 'inherit', 'inherit'] as ['pipe', 'inherit', 'inherit'], env, shell };
  const pager = shell ? spawn(line, options) : spawn(words[0]!, words.slice(1), options);
  // A program that is not there is known at once by its missing pid; the event only repeats it.
  pager.on('error', () => undefined);
  return pager.pid === undefined ? undefined : pager;
}

function outputTo(pager: Pager): Output {
  const { stdin } = pager;
  let closed = false;
  let wake = (): void => undefined;
  const ended = new Promise<void>((resolve) => pager.once('close', () => resolve()));
  const close = (): void => {
    closed = true;
    wake();
  };
  // The person left before the end: EPIPE, and nothing to say about it.
  stdin.on('error', close);
  stdin.on('drain', () => wake());
  void ended.then(close);
  return {
    write: (text) => void (closed || stdin.write(bytesOfName(text))),
    get full() {
      return !closed && stdin.writableNeedDrain;
    },
    drained: () =>
      new Promise((resolve) => (closed || !stdin.writableNeedDrain ? resolve() : (wake = resolve))),
    get closed() {
      return closed;
    },
    end: async () => {
      stdin.end();
      await ended;
    },
  };
}

function definedOf(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
