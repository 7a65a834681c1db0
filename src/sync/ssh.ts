/** Another repository on another machine: `dbk serve` is started there by the system's `ssh`, and asked (remote.ts). */

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Disk } from '../disk/disk.ts';
import { Interrupted, Refusal } from '../model/problem.ts';
import { codeOf } from '../store/errors.ts';
import {
  parseSshAddress,
  USUAL_PROGRAMS,
  wordsFor,
  type RemoteCommand,
  type SshPrograms,
} from './address.ts';
import type { Line } from './conversation.ts';
import * as say from './problems.ts';
import { remoteTransport } from './remote.ts';
import type { Pipes } from './serve.ts';
import type { Transport } from './transport.ts';

export interface SshOptions {
  readonly programs?: Partial<SshPrograms> | undefined;
  /** The machines on the way, the nearest first. */
  readonly jumps?: readonly string[] | undefined;
  /** Whether the person asked to stop: the signal goes to `ssh` as well, and that it ends is no surprise then. */
  readonly interrupted: () => boolean;
}

/** What `ssh` says of itself at its end, and not of what it ran. */
const OF_SSH = 255;
const NO_SUCH_PROGRAM = 127;
const LONGEST_SAID = 4096;
const LAST_LINES = 3;
/** After the last answer nothing is left to do there. */
const PATIENCE = 5000;

/** Nothing is started before the first question. Refuses ('usage') an address that is none. */
export function sshTransport(disk: Disk, place: string, options: SshOptions): Transport {
  return remoteTransport(disk, place, lineTo(place, options, 'serve'));
}

/** Pipes to a dbk there that asks, where the other way round it is asked. */
export interface CalledPipes extends Pipes {
  /** Why nothing more comes, once that is known. */
  readonly ended: () => Promise<Error>;
  readonly close: (isDone: boolean) => Promise<void>;
}

/** Calls the dbk there to take what is here. Refuses ('usage') an address that is none. */
export function sshPipes(place: string, options: SshOptions): CalledPipes {
  const line = lineTo(place, options, 'receive');
  return {
    incoming: line.incoming,
    send: (bytes) => line.sendWhenFree(bytes),
    ended: () => line.ended(),
    close: (isDone) => line.close(isDone),
  };
}

function lineTo(place: string, options: SshOptions, command: RemoteCommand): SshLine {
  const programs = { ...USUAL_PROGRAMS, ...options.programs };
  const words = wordsFor(parseSshAddress(place), programs, options.jumps, command);
  return new SshLine(place, words, options.interrupted);
}

/** How a program ended: by its code, by a signal, or never begun. */
type End = { readonly code: number | null } | { readonly error: unknown };

class SshLine implements Line {
  private readonly place: string;
  private readonly words: readonly string[];
  private readonly interrupted: () => boolean;
  private started: { readonly child: ChildProcessWithoutNullStreams; readonly end: Promise<End> } | undefined;
  private said = '';

  constructor(place: string, words: readonly string[], interrupted: () => boolean) {
    this.place = place;
    this.words = words;
    this.interrupted = interrupted;
  }

  readonly incoming: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => this.start().child.stdout[Symbol.asyncIterator](),
  };

  send(bytes: Uint8Array): void {
    this.start().child.stdin.write(bytes);
  }

  /** Resolves when more can be taken, or nothing any more. */
  async sendWhenFree(bytes: Uint8Array): Promise<void> {
    const { stdin } = this.start().child;
    if (stdin.destroyed || stdin.write(bytes)) return;
    // Not its end: what it said before has to be read for that.
    await new Promise<void>((resolve) => {
      const go = (): void => {
        stdin.off('drain', go).off('close', go);
        resolve();
      };
      stdin.on('drain', go).on('close', go);
    });
  }

  async ended(): Promise<Error> {
    const { child, end } = this.start();
    // What closes its output and goes on is not waited for.
    child.stdin.end();
    const timer = setTimeout(() => child.kill(), PATIENCE);
    const how = await end;
    clearTimeout(timer);
    if (this.interrupted()) return new Interrupted();
    return new Refusal(
      'remote',
      say.unreachable(this.place, this.wordsOf(how), this.lastSaid(), hintOf(how)),
    );
  }

  async close(isDone: boolean): Promise<void> {
    if (this.started === undefined) return;
    const { child, end } = this.started;
    child.stdin.end();
    child.stdout.destroy();
    if (!isDone) child.kill();
    // Killed at once, it would take others along that use its connection.
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    await end;
    clearTimeout(timer);
  }

  private start(): NonNullable<SshLine['started']> {
    return (this.started ??= this.begin());
  }

  private begin(): NonNullable<SshLine['started']> {
    // An argument vector, so no shell on this machine ever reads the address.
    const child = spawn(this.words[0]!, this.words.slice(1), { stdio: 'pipe' });
    const end = new Promise<End>((resolve) => {
      child.once('error', (error) => resolve({ error }));
      child.once('close', (code) => resolve({ code }));
    });
    // That a pipe broke is told by how the program ended.
    child.stdin.on('error', () => undefined);
    child.stdout.on('error', () => undefined);
    // Node throws away what nobody listens for when a program ends; it may end before it is heard.
    child.stdout.on('readable', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-LONGEST_SAID);
    });
    return { child, end };
  }

  private wordsOf(how: End): string {
    const program = this.words[0]!;
    if ('error' in how) return `'${program}' cannot be started: ${String(codeOf(how.error))}`;
    if (how.code === null) return `'${program}' was killed`;
    return `'${program}' ended with code ${how.code}`;
  }

  private lastSaid(): string {
    const lines = this.said.split(/[\r\n]+/).map((line) => line.trim());
    return lines.filter(Boolean).slice(-LAST_LINES).join('; ');
  }
}

function hintOf(how: End): string {
  if ('error' in how) return 'install OpenSSH, or name a program like it with DBK_SSH';
  if (how.code === OF_SSH) return 'see whether ssh itself gets there, and see the name, the port and the key';
  if (how.code === NO_SUCH_PROGRAM)
    return 'install dbk there, or say with DBK_REMOTE what it is called there';
  return 'see whether the path there is a repository, and whether its dbk is as new as this one';
}
