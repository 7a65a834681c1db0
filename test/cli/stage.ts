/** A folder, a clock and a terminal of their own, on which command lines are played as a person types them. */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path/posix';
import type { TestContext } from 'node:test';
import { PLUGINS } from '../../plugins/index.ts';
import { run } from '../../src/cli/run.ts';
import type { Sink } from '../../src/cli/terminal.ts';
import type { World } from '../../src/cli/world.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import type { Context } from '../../src/flow/context.ts';
import { bytesOfName, nameOfBytes } from '../../src/model/name.ts';
import { clockAhead } from '../tools/clock.ts';
import { roomy } from '../tools/roomy.ts';
import { FakeSource } from './fakes.ts';

/** What a command said and how it ended. */
export interface Played {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What went to each, in the order in which it was written. */
  readonly pieces: readonly { readonly to: 'stdout' | 'stderr'; readonly text: string }[];
}

export interface Play {
  /** Lines typed at the prompt: the terminal is one then. */
  readonly typed?: readonly string[];
  /** What is piped in. */
  readonly stdin?: Uint8Array;
  /** The folder where the command is started, below the stage's. */
  readonly from?: string;
  readonly disk?: Disk;
  readonly interrupted?: boolean;
  readonly isTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** What is different in the world: made from the one that would be. */
  readonly world?: (world: World) => World;
}

/** Flushing costs a hundred times what the rest does, and a test cannot see it. */
export const quick: Disk = roomy({ ...nodeDisk, fsync: () => undefined, flushVolume: () => undefined });

const PLACE = fs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** What stands for the folder around the stage's, `Data`, where names are shown. */
const HOME = '/home/ada';
/** 2026-11-22T19:20:11+01:00; each command is a minute later. */
const BEGIN = Date.UTC(2026, 10, 22, 18, 20, 11);
/** Files that were not touched by `touch -d` have times of their own, by the step at which they changed. */
const OLD = Date.UTC(2026, 0, 1) / 1000;
/** How long after the files were touched a command seems to run. */
const MINUTE = 60_000;
/** No session has so many steps. */
const LONGEST = 10_000;

export class Stage {
  readonly folder: string;
  readonly #begin = Date.now();
  #steps = 0;
  #random = 0;

  constructor(t: TestContext) {
    const place = fs.realpathSync(fs.mkdtempSync(join(PLACE, 'dbk-stage-')));
    t.after(() => fs.rmSync(place, { recursive: true, force: true }));
    this.folder = join(place, 'Data');
    fs.mkdirSync(this.folder);
    fs.chmodSync(this.folder, 0o755);
  }

  /** Runs a line of the shell as a person would, and sets the times of what it changed. */
  shell(line: string, from = '.'): string {
    const options = {
      cwd: join(this.folder, from),
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    } as const;
    const result = spawnSync('sh', ['-c', `umask 022; ${line}`], options);
    if (result.status !== 0) throw new Error(`'${line}' failed: ${result.stderr}`);
    this.settle();
    return result.stdout;
  }

  /** Gives what changed since the last time a time that is the same in every run. */
  settle(): void {
    this.#steps += 1;
    this.#settle(Buffer.from(this.folder), OLD + this.#steps);
  }

  /** Names may hold any bytes. */
  #settle(folder: Buffer, seconds: number): void {
    for (const name of fs.readdirSync(folder, { encoding: 'buffer' })) {
      const path = Buffer.concat([folder, Buffer.from('/'), name]);
      const stats = fs.lstatSync(path);
      if (stats.isDirectory() && String(name) !== '.dbk') this.#settle(path, seconds);
      else if (stats.isFile() && this.#isNews(stats.mtimeMs)) fs.utimesSync(path, seconds, seconds);
    }
  }

  /** Whether a time is neither one that was given here nor one that `touch -d` chose. */
  #isNews(milliseconds: number): boolean {
    const isGiven = milliseconds >= OLD * 1000 && milliseconds < (OLD + LONGEST) * 1000;
    return !isGiven && milliseconds > this.#begin - 3_600_000;
  }

  /** Plays one command; `argv` without the program. */
  async play(argv: readonly string[], play: Play = {}): Promise<Played> {
    const pieces: { to: 'stdout' | 'stderr'; text: string }[] = [];
    const world = this.#world(play, (to, bytes) => pieces.push({ to, text: this.#shown(bytes) }));
    const exit = await run(argv, play.world?.(world) ?? world);
    const of = (name: string): string =>
      pieces
        .filter(({ to }) => to === name)
        .map(({ text }) => text)
        .join('');
    return { exit, stdout: of('stdout'), stderr: of('stderr'), pieces };
  }

  /** The arguments of a line, as the shell takes them apart. */
  words(line: string, from = '.'): string[] {
    const result = spawnSync('sh', ['-c', `printf '%s\\0' ${line}`], { cwd: join(this.folder, from) });
    const words: string[] = [];
    for (let rest = result.stdout; rest.length > 0;) {
      const end = rest.indexOf(0);
      words.push(nameOfBytes(rest.subarray(0, end)));
      rest = rest.subarray(end + 1);
    }
    return line.trim() === '' ? [] : words;
  }

  #shown(bytes: Uint8Array): string {
    const shown = nameOfBytes(bytes).replaceAll(this.folder, `${HOME}/Data`);
    return shown.replaceAll(`${dirname(this.folder)}/.config`, `${HOME}/.config`);
  }

  #world(play: Play, take: (to: 'stdout' | 'stderr', bytes: Uint8Array) => void): World {
    const isTTY = play.isTerminal === true || play.typed !== undefined;
    const sink = (to: 'stdout' | 'stderr'): Sink => ({
      isTTY,
      columns: 80,
      write: (bytes) => {
        take(to, bytes.slice());
        return bytes.length;
      },
    });
    const disk = clockAhead(play.disk ?? quick, () => MINUTE);
    const stdin =
      play.stdin === undefined
        ? new FakeSource(isTTY, [...(play.typed ?? []).map((line) => `${line}\n`), undefined])
        : piped(play.stdin);
    return {
      terminal: {
        stdout: sink('stdout'),
        stderr: sink('stderr'),
        stdin,
        env: { TERM: 'dumb', DBK_PAGER: 'cat', ...play.env },
      },
      disk,
      startedIn: () => resolve(this.folder, play.from ?? '.'),
      readAll: (path) => fs.readFileSync(Buffer.from(bytesOfName(path))),
      context: (parts) => this.#context(disk, parts, play.interrupted === true),
      settingsOfPerson: undefined,
      plugins: {
        builtIn: () => Promise.resolve(PLUGINS),
        list: resolve(this.folder, '../.config/dbk/plugins.yaml'),
        user: process.getuid?.(),
      },
      watchSignals: () => () => undefined,
    };
  }

  #context(disk: Disk, parts: Pick<Context, 'progress' | 'interrupted'>, interrupted: boolean): Context {
    const now = BEGIN + this.#steps * MINUTE;
    this.#steps += 1;
    return {
      ...parts,
      ...(interrupted && { interrupted: () => true }),
      disk,
      clock: { now: () => now, offset: () => 60 },
      random: (length) => new Uint8Array(length).fill((this.#random += 1)),
      identity: { host: 'laptop', user: 'ada', author: 'Ada <ada@example.org>', pid: process.pid },
      threads: 1,
    };
  }
}

function piped(bytes: Uint8Array): World['terminal']['stdin'] {
  return {
    isTTY: false,
    listen: (take) => {
      queueMicrotask(() => {
        take(bytes);
        take(undefined);
      });
      return () => undefined;
    },
  };
}
