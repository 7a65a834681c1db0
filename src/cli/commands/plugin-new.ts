/** `dbk plugin new` and `dbk plugin test`: writing a plugin, and whether it keeps the contract. */

import { relative, resolve } from 'node:path/posix';
import { checkPlugin } from '../../flow/check-plugin.ts';
import { newPlugin } from '../../flow/new-plugin.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { counted } from '../quantities.ts';
import { shownPath, shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const PLUGIN_NEW: Entry = {
  name: 'plugin new',
  group: 'tools',
  summary: 'Write a small plugin to begin with',
  description: [
    `Makes DIR (without it, a folder called NAME) with 'plugin.js', its test, a page about it and a 'package.json'. It is a plugin as it stands: a boundary, some fields, and a reader for texts, with comments. Change it to what you have.`,
    `NAME is what the type is called: small letters, digits and '-'.`,
  ],
  arguments: [{ name: 'NAME' }, { name: 'DIR', optional: true }],
  options: [DRY_RUN],
  examples: [
    { line: 'dbk plugin new recipes', says: 'Writes it into the folder recipes' },
    { line: 'dbk plugin test recipes', says: 'It keeps the contract' },
  ],
  also: ['create', 'template'],
  run: runNew,
};

export const PLUGIN_TEST: Entry = {
  name: 'plugin test',
  group: 'tools',
  summary: 'Hold a plugin to the contract',
  description: [
    `Runs the contract suite ('dbk/plugin-test'): its data is what a plugin is; an entity begins at each boundary, in any order of the files; the code survives files that are empty, cut off, damaged, renamed, random and a terabyte long within 5 seconds and 256 MiB each; it answers what it declares, and the same the second time.`,
    `The plugin's code runs for that, whether or not you trust it. The exit code is 1 where a promise is broken.`,
  ],
  arguments: [{ name: 'PATH' }],
  options: [
    {
      name: 'sample',
      type: 'text',
      value: 'PATH',
      summary: 'a file or folder that its readers understand; may be given again',
    },
  ],
  examples: [{ line: 'dbk plugin test books', says: 'A folder with plugin.js, or a file' }],
  also: ['check', 'verify'],
  run: runTest,
};

async function runNew(work: Work): Promise<ExitCode> {
  const [name, typed = name] = work.given.operands as [string, string?];
  const { disk } = await work.context();
  const folder = resolve(work.directory, typed!);
  const dryRun = work.given.flag('dry-run');
  const files = await newPlugin(disk, work.world.plugins, { name, folder, dryRun });
  const shown = shownPath(relative(work.directory, folder));
  if (!work.isJson) {
    const paths = files.map((file) => `  ${shown === '.' ? '' : `${shown}/`}${file}`);
    await work.print([`${dryRun ? 'would write' : 'wrote'} the plugin '${name}':`, ...paths]);
    if (!dryRun) work.note(`hint: change it to what you have, then: dbk plugin test ${shown}`);
  }
  work.summary({ name, path: folder, files: files.length });
  return EXIT.done;
}

async function runTest(work: Work): Promise<ExitCode> {
  const context = await work.context();
  const path = resolve(work.directory, work.given.operands[0]!);
  const samples = work.given.texts('sample').map((sample) => resolve(work.directory, sample));
  let checks = 0;
  let broken = 0;
  await work.uncut(async () => {
    for await (const { name, faults } of checkPlugin(context, { path, samples })) {
      checks += 1;
      if (faults.length > 0) broken += 1;
      if (work.isJson) work.json('check', { name, kept: faults.length === 0, faults });
      else if (faults.length > 0 || !work.isQuiet) await work.print(linesOf(work, name, faults));
    }
  });
  if (!work.isJson) await work.print([wordsOf(checks, broken)]);
  work.summary({ checks, broken });
  return broken === 0 ? EXIT.done : EXIT.no;
}

function linesOf({ palette }: Work, name: string, faults: readonly string[]): string[] {
  const word = faults.length === 0 ? palette.added('kept  ') : palette.gone('broken');
  return [`${word}  ${shownText(name)}`, ...faults.map((fault) => `        ${shownText(fault)}`)];
}

function wordsOf(checks: number, broken: number): string {
  return broken === 0
    ? `It keeps the contract: ${counted(checks, 'promise')}.`
    : `It breaks ${broken} of ${counted(checks, 'promise')}.`;
}
