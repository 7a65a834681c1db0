/** One command from its arguments to its exit code; the whole program but for the process it runs in. */

import { Refusal } from '../model/problem.ts';
import { parseArguments, type Request } from './argv.ts';
import { HELP } from './command.ts';
import { isColoured, paletteOf, type ColourChoice, type Palette } from './colour.ts';
import type { Entry } from './commands/entry.ts';
import { allCommands, likelyCommand } from './commands/table.ts';
import { errorLines } from './errors.ts';
import { EXIT, exitOfError, type ExitCode } from './exit.ts';
import { openOutput } from './output.ts';
import { refusalOf } from './system-error.ts';
import { VERSION } from './version.ts';
import type { Work } from './work.ts';
import type { World } from './world.ts';

/** Never throws; nothing is left to be written when it resolves. `argv` is without program and script. */
export async function run(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    const request = await requestOf(argv);
    if (request.kind !== 'run') return await answer(request, world);
    const { Work } = await import('./work.ts');
    return await runCommand(request.command, new Work(world, request.given));
  } catch (error) {
    return tellError(refusalOf(error), argv, world);
  }
}

/** What the one command makes of its arguments, all would; for help and what nobody knows all are loaded. */
async function requestOf(argv: readonly string[]): Promise<Request<Entry>> {
  try {
    const request = parseArguments([(await likelyCommand(argv)) ?? HELP], argv);
    if (request.kind !== 'help') return request;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return parseArguments(await allCommands(), argv);
}

async function runCommand(command: Entry, work: Work): Promise<ExitCode> {
  try {
    const code = await command.run!(work);
    await work.stdout.end();
    return code;
  } catch (thrown) {
    const error = refusalOf(thrown);
    if (work.isJson && error instanceof Refusal) work.report([error.problem]);
    await endQuietly(work);
    for (const line of errorLines(error, work.errorPalette)) work.stderr.write(`${line}\n`);
    return exitOfError(error);
  }
}

/** What was printed before an error still gets out; if it cannot, the error that came first is told. */
async function endQuietly(work: Work): Promise<void> {
  try {
    await work.stdout.end();
  } catch (error) {
    if (exitOfError(refusalOf(error)) === EXIT.bug) throw error;
  }
}

/** Help and version, in words on stdout. */
async function answer(request: Exclude<Request<Entry>, { kind: 'run' }>, world: World): Promise<ExitCode> {
  const { terminal } = world;
  const output = openOutput(terminal.stdout);
  if (request.kind === 'version') {
    output.write(`dbk ${VERSION}\n`);
  } else {
    const choice = (request.given.text('color') ?? 'auto') as ColourChoice;
    const palette = paletteOf(isColoured(choice, terminal.stdout, terminal.env));
    output.write(await helpOf(request, palette));
  }
  await output.end();
  return EXIT.done;
}

async function helpOf(request: Extract<Request<Entry>, { kind: 'help' }>, palette: Palette): Promise<string> {
  const help = await import('./help.ts');
  const commands = await allCommands();
  switch (request.about) {
    case 'short':
      return help.shortHelp(commands, palette);
    case 'all':
      return help.overview(commands, palette);
    case 'page':
      return help.commandHelp(request.command, palette);
    case 'family':
      return help.familyHelp(commands, request.family, palette);
  }
}

/** An error before there was a command, so that its options are not known; colour still is. */
function tellError(error: unknown, argv: readonly string[], { terminal }: World): ExitCode {
  const choice = /^--color=(always|never)$/.exec(argv.find((word) => word.startsWith('--color=')) ?? '')?.[1];
  const palette = paletteOf(isColoured((choice ?? 'auto') as ColourChoice, terminal.stderr, terminal.env));
  const output = openOutput(terminal.stderr, 0);
  for (const line of errorLines(error, palette)) output.write(`${line}\n`);
  return exitOfError(error);
}
