/** The program: the only place that knows the process. Everything is asked for as late as it can be. */

import { mayBeTerminal, readAll, writeSome } from '../disk/standard-streams.ts';
import { nodeDisk } from '../disk/disk.ts';
import { exactArguments } from './argument-bytes.ts';
import { contextOf, pluginsOfPerson, settingsOfPerson } from './context.ts';
import { EXIT } from './exit.ts';
import { isUtf8 } from '../model/name.ts';
import { run } from './run.ts';
import type { Sink, Source, Terminal } from './terminal.ts';
import type { World } from './world.ts';

const REPLACEMENT = '\ufffd';

void start();

async function start(): Promise<void> {
  const terminal = await openTerminal();
  process.exitCode = await run(exactArguments(process.argv.slice(2), readCommandLine), worldOf(terminal));
}

function worldOf(terminal: Terminal): World {
  const trust = { list: pluginsOfPerson(process.env), user: process.getuid?.() };
  const readingThread = { module: new URL('./reading-thread.js', import.meta.url), trust };
  return {
    terminal,
    disk: nodeDisk,
    startedIn,
    readAll,
    context: (parts) => contextOf(process.env, process.pid, { ...parts, standIn, readingThread }),
    settingsOfPerson: settingsOfPerson(process.env),
    plugins: {
      builtIn: async () => (await import('../../plugins/index.ts')).PLUGINS,
      ...trust,
      sheltered,
    },
    watchSignals: (take) => {
      const handle = (signal: NodeJS.Signals): void => {
        if (!take(signal as 'SIGINT' | 'SIGTERM')) process.exit(EXIT.interrupted);
      };
      process.on('SIGINT', handle);
      process.on('SIGTERM', handle);
      return () => {
        process.off('SIGINT', handle);
        process.off('SIGTERM', handle);
      };
    },
  };
}

/** What is rejected twice is told once. */
async function sheltered<T>(load: () => Promise<T>): Promise<T> {
  const ignore = (): void => undefined;
  process.on('unhandledRejection', ignore);
  try {
    return await load();
  } finally {
    // Node tells of a rejection when everything that could have caught it has run.
    await new Promise((done) => setImmediate(done));
    process.off('unhandledRejection', ignore);
  }
}

async function openTerminal(): Promise<Terminal> {
  const [stdin, stdout, stderr] = [0, 1, 2].map(mayBeTerminal) as [boolean, boolean, boolean];
  const { isatty } = stdin || stdout || stderr ? await import('node:tty') : { isatty: () => false };
  return {
    stdout: sinkOf(1, stdout && isatty(1)),
    stderr: sinkOf(2, stderr && isatty(2)),
    stdin: sourceOf(stdin && isatty(0)),
    env: process.env,
  };
}

/** Written synchronously: Node's own streams take milliseconds to load. Only how wide they are is asked of them. */
function sinkOf(fd: 1 | 2, isTTY: boolean): Sink {
  return {
    isTTY,
    get columns() {
      return (fd === 1 ? process.stdout : process.stderr).columns ?? 80;
    },
    write: (bytes) => writeSome(fd, bytes),
  };
}

function sourceOf(isTTY: boolean): Source {
  return {
    isTTY,
    listen: (take) => {
      const { stdin } = process;
      const onData = (chunk: Uint8Array): void => take(chunk);
      const onEnd = (): void => take(undefined);
      stdin.on('data', onData);
      stdin.on('end', onEnd);
      // Who was paused does not go on by having a listener again.
      stdin.resume();
      return () => {
        stdin.off('data', onData);
        stdin.off('end', onEnd);
        stdin.pause();
      };
    },
  };
}

/** Node replaces bytes that are not UTF-8; on Linux the system still knows them. */
function startedIn(): string {
  const path = process.cwd();
  return path.includes(REPLACEMENT) ? nodeDisk.readlink('/proc/self/cwd') : path;
}

/** The process is the command's own, so it may stand where it likes. */
function standIn(folder: string): boolean {
  // Node would take something else for bytes that are not UTF-8.
  if (!isUtf8(folder)) return false;
  try {
    process.chdir(folder);
    return true;
  } catch {
    return false;
  }
}

function readCommandLine(): Uint8Array | undefined {
  try {
    return nodeDisk.readFile('/proc/self/cmdline');
  } catch {
    // Another system.
    return undefined;
  }
}
