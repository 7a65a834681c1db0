/** What a running command has at hand: where it works, what it was given, and how it speaks. */

import { resolve } from 'node:path/posix';
import type { Context } from '../flow/context.ts';
import { openRepository, type Repository } from '../flow/repository.ts';
import { Interrupted, Refusal, type Problem } from '../model/problem.ts';
import { SILENT, type Progress } from '../model/progress.ts';
import type { Given } from './argv.ts';
import { isColoured, paletteOf, type ColourChoice, type Palette } from './colour.ts';
import * as problems from './commands/problems.ts';
import { problemReport } from './errors.ts';
import { exitOfWork, type ExitCode } from './exit.ts';
import { lineOf, problemLine, summaryLine, type JsonMap } from './json.ts';
import { openOutput, printLines, type Output } from './output.ts';
import { pagerMissing } from './problems.ts';
import type { World } from './world.ts';

/** How many changes of a kind, or problems, are shown without -v. */
const SHOWN = 20;

type AuthorReader = (disk: Context['disk'], path: string) => Promise<string | undefined>;

export class Work {
  readonly world: World;
  readonly given: Given;
  readonly palette: Palette;
  readonly errorPalette: Palette;
  /** Results, which wait until there are many or the end has come. */
  readonly stdout: Output;
  /** Everything else, which never waits. */
  readonly stderr: Output;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  #progress: Progress = SILENT;
  #directory: string | undefined;
  #interrupted = false;
  #abort: AbortController | undefined;
  #loaded: Context['plugins'];

  constructor(world: World, given: Given) {
    const { terminal } = world;
    this.world = world;
    this.given = given;
    this.isJson = given.flag('json');
    this.isQuiet = given.flag('quiet');
    this.isVerbose = given.flag('verbose');
    const choice = (given.text('color') ?? 'auto') as ColourChoice;
    this.palette = paletteOf(isColoured(choice, terminal.stdout, terminal.env));
    this.errorPalette = paletteOf(isColoured(choice, terminal.stderr, terminal.env));
    const results = openOutput(terminal.stdout);
    const words = openOutput(terminal.stderr, 0);
    this.stdout = before(results, () => this.#progress.clear());
    // Where both go to one file, what was said first stands first.
    this.stderr = before(words, () => {
      results.flush();
      this.#progress.clear();
    });
  }

  /** How many of a kind to show. */
  get limit(): number {
    return this.isVerbose ? Infinity : SHOWN;
  }

  /** The folder the command works in: absolute, without symlinks. */
  get directory(): string {
    return (this.#directory ??= this.#findDirectory());
  }

  #findDirectory(): string {
    const given = this.given.texts('directory');
    const start = given[0]?.startsWith('/') ? '/' : this.#startedIn();
    const path = resolve(start, ...given);
    if (given.length === 0) return path;
    try {
      const real = this.world.disk.realpath(path);
      if (this.world.disk.lstat(real)?.isDirectory()) return real;
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
    }
    throw new Refusal('failed', problems.noSuchFolder(given.at(-1)!));
  }

  /** The repository the folder is in. */
  async open(): Promise<Repository> {
    return openRepository(await this.context(), this.directory);
  }

  /** The same for a command that makes a commit, which names the person; `read` gives the author of a file. */
  async openToCommit(read: AuthorReader): Promise<Repository> {
    return openRepository(await this.contextToCommit(read), this.directory);
  }

  /** With the person's own name. */
  async contextToCommit(read: AuthorReader): Promise<Context> {
    const context = await this.context();
    const settings = this.world.settingsOfPerson;
    const author = settings === undefined ? undefined : await read(context.disk, settings);
    return author === undefined ? context : { ...context, identity: { ...context.identity, author } };
  }

  async context(): Promise<Context> {
    await this.#showProgress();
    const progress: Progress = {
      tell: (moment) => this.#progress.tell(moment),
      clear: () => this.#progress.clear(),
    };
    const context = this.world.context({ progress, interrupted: () => this.#interrupted });
    return { ...context, plugins: () => this.#plugins(context.disk) };
  }

  /** Loads what loads them no sooner than a flow asks for it. */
  async #plugins(disk: Context['disk']): ReturnType<Context['plugins'] & object> {
    const { pluginsFrom } = await import('../flow/load-plugins.ts');
    return (this.#loaded ??= pluginsFrom(disk, this.world.plugins))();
  }

  /** Runs what must not be cut off: asked to stop, it stops where nothing is half done; asked twice, at once. */
  async uncut<T>(run: () => Promise<T>): Promise<T> {
    const release = this.world.watchSignals(() => {
      if (this.#interrupted) return false;
      this.#interrupted = true;
      this.stderr.write('stopping…\n');
      this.#abort?.abort();
      return true;
    });
    try {
      return await run();
    } finally {
      release();
      this.#progress.clear();
    }
  }

  /** Whether a person is there to answer. */
  get canAsk(): boolean {
    const { stdin, stderr } = this.world.terminal;
    return !this.isJson && stdin.isTTY && stderr.isTTY;
  }

  async confirm(question: string): Promise<boolean> {
    if (this.#interrupted) throw new Interrupted();
    const { promptOf } = await import('./prompt.ts');
    this.#abort ??= new AbortController();
    return promptOf(this.world.terminal.stdin, this.stderr, this.#abort.signal).confirm(question);
  }

  async print(lines: Iterable<string>): Promise<void> {
    await printLines(this.stdout, lines);
  }

  /** A line on stderr that is no problem; not with -q. */
  note(text: string): void {
    if (!this.isQuiet) this.stderr.write(`${text}\n`);
  }

  json(type: string, fields: JsonMap): void {
    this.stdout.write(`${lineOf(type, fields)}\n`);
  }

  /** Hands what `use` prints to the person's pager, where there is a person and no program. */
  async paged(use: (output: Output) => Promise<void>): Promise<void> {
    const { terminal, watchSignals } = this.world;
    if (this.isJson || !terminal.stdout.isTTY) return use(this.stdout);
    const { pagedOutput } = await import('./pager.ts');
    // What is typed to the pager is not meant for us.
    const release = watchSignals((signal) => signal === 'SIGINT');
    try {
      const output = await pagedOutput(terminal, (pager) => this.report([pagerMissing(pager)]));
      try {
        await use(output);
      } finally {
        await output.end();
      }
    } finally {
      release();
    }
  }

  /** Whether patches are painted: for eyes, not for programs. */
  get isPainted(): boolean {
    return this.palette.coloured || this.world.terminal.stdout.isTTY;
  }

  /** Tells what was met on the way: to programs as lines of JSON, to people on stderr, at the end. */
  report(met: readonly Problem[]): void {
    if (this.isJson) for (const problem of met) this.stdout.write(`${problemLine(problem)}\n`);
    if (this.isJson || met.length === 0) return;
    const shown = this.isQuiet ? met.filter(({ severity }) => severity === 'error') : met;
    const style = { palette: this.errorPalette, limit: this.limit };
    for (const line of problemReport(shown, style)) this.stderr.write(`${line}\n`);
  }

  summary(fields: JsonMap): void {
    if (this.isJson) this.stdout.write(`${summaryLine(fields)}\n`);
  }

  async #showProgress(): Promise<void> {
    const { stderr } = this.world.terminal;
    if (!stderr.isTTY || this.isQuiet || this.given.flag('no-progress')) return;
    const { progressFor } = await import('./progress.ts');
    const line = openOutput(stderr, 0);
    this.#progress = progressFor(this.world.terminal, line, true, () => performance.now());
  }

  #startedIn(): string {
    try {
      return this.world.startedIn();
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      throw new Refusal('failed', problems.startingFolderGone());
    }
  }
}

/** The exit code by what was met: damage before what is only partly done. */
export function exitAfter(met: readonly Problem[]): ExitCode {
  return exitOfWork(met, { has: (kind) => met.some(({ code }) => code === `scan/${kind}`) });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** The output with something done before each writing. */
function before(output: Output, first: () => void): Output {
  return {
    write: (text) => {
      first();
      output.write(text);
    },
    get full() {
      return output.full;
    },
    drained: () => output.drained(),
    get closed() {
      return output.closed;
    },
    end: () => output.end(),
  };
}
