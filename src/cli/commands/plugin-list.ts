/** `dbk plugin list`: which types there are, and who says so. */

import { listPlugins, repositoryIfAny, type ListedPlugin } from '../../flow/list-plugins.ts';
import { openRepository } from '../../flow/repository.ts';
import type { Problem } from '../../model/problem.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { padEnd } from '../layout.ts';
import { shownPath, shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const PLUGIN_LIST: Entry = {
  name: 'plugin list',
  group: 'tools',
  summary: 'List the types there are and the plugins that know them',
  description: [
    `A type says what a folder is made of. For each: its name, the version of its plugin, the folder that has it unless '.dbk/index/policy.yaml' names others, where the plugin is from, and which version the repository here has recorded, if there is one.`,
    `Plugins come with dbk or are yours: those that you trust stand in '$XDG_CONFIG_HOME/dbk/plugins.yaml' with the hash of what you looked at. One that has changed since, is gone or does not work fails: commands that write stop until you trust it again or no longer do.`,
  ],
  examples: [
    { line: 'dbk plugin list', says: 'All of them' },
    { line: 'dbk plugin list --json', says: 'With paths and hashes' },
  ],
  also: ['plugins', 'types', 'plugin'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const context = await work.context();
  const repository = repositoryIfAny(() => openRepository(context, work.directory));
  const met: Problem[] = [];
  const all = await work.uncut(() => listPlugins(context.disk, work.world.plugins, repository, met));
  if (work.isJson) for (const each of all) work.json('plugin', jsonOf(each));
  else await work.print(lines(work, all, repository !== undefined));
  const failing = all.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  work.report([...met, ...failing].map((problem) => ({ ...problem, severity: 'warning' })));
  work.summary({ plugins: all.length, failing: failing.length });
  return EXIT.done;
}

function jsonOf({ name, from, path, blake3, version, top, problem, recorded }: ListedPlugin) {
  const state = problem !== undefined ? 'fails' : from === 'recorded' ? 'absent' : 'ready';
  return { name, version, top, from, path, blake3, state, reason: problem?.reason, recorded };
}

function* lines(work: Work, all: readonly ListedPlugin[], isInRepository: boolean): Generator<string> {
  const rows = all.map((each) => [
    each.name,
    each.version === undefined ? '-' : String(each.version),
    each.top === undefined ? '-' : `${shownText(each.top)}/`,
    ...(isInRepository ? [each.recorded === undefined ? '-' : String(each.recorded)] : []),
  ]);
  const heads = ['type', 'version', 'folder', ...(isInRepository ? ['recorded'] : [])];
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const joined = (cells: readonly string[]): string =>
    cells.map((cell, i) => padEnd(cell, widths[i]!)).join('  ');
  if (!work.isQuiet) yield work.palette.quiet(`${joined(heads)}  plugin`);
  for (const [i, each] of all.entries()) yield `${joined(rows[i]!)}  ${placeOf(work, each)}`;
}

function placeOf({ palette }: Work, { from, path, problem }: ListedPlugin): string {
  if (from === 'dbk') return 'comes with dbk';
  if (from === 'recorded') return palette.quiet('none here');
  return problem === undefined ? shownPath(path!) : palette.gone(`fails: ${shownPath(path!)}`);
}
