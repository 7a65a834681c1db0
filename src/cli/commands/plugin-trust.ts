/** `dbk plugin trust` and `dbk plugin untrust`: whose code may run. */

import { resolve } from 'node:path/posix';
import type { PluginContent } from '../../flow/plugin-content.ts';
import { consentNeeded } from '../../flow/plugin-problems.ts';
import { trustPlugin, untrustPlugin, type TrustRequest } from '../../flow/trust-plugin.ts';
import { Refusal } from '../../model/problem.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { counted, shownSize } from '../quantities.ts';
import { restOf } from '../render.ts';
import { shownPath, shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const PLUGIN_TRUST: Entry = {
  name: 'plugin trust',
  group: 'tools',
  summary: 'Let dbk use a plugin of somebody else, as it is now',
  description: [
    `PATH is a file that ends in '.js' or '.mjs', or a folder that holds 'plugin.js'. A plugin is code that runs with your rights: read it first. Its files and its hash are shown and you are asked before any of it runs; then it is loaded, and what it is is shown.`,
    `The hash of all its bytes (of a folder, those of every file in it, 'node_modules' included) is kept in '$XDG_CONFIG_HOME/dbk/plugins.yaml'; any change of them ends the trust. Of one file 'b3sum' prints it. Nothing that comes with a repository is ever trusted, and no plugin can be called as one that comes with dbk.`,
    `A script gives --hash, which is refused where the plugin has another one, or -y, which takes whatever is there.`,
  ],
  arguments: [{ name: 'PATH' }],
  options: [
    { name: 'hash', type: 'text', value: 'HASH', summary: 'what you looked at; do not ask' },
    { ...DRY_RUN, summary: 'show files and hash, run nothing' },
  ],
  examples: [
    { line: 'dbk plugin trust -n books', says: 'Its files and its hash' },
    { line: 'dbk plugin trust -y books', says: 'Trusts it, for one who wrote it' },
  ],
  also: ['install', 'allow'],
  run,
};

export const PLUGIN_UNTRUST: Entry = {
  name: 'plugin untrust',
  group: 'tools',
  summary: 'Use a plugin no more',
  description: [
    `NAME is as 'dbk plugin list' shows it. Its files stay where they are, and what it declared and read stays recorded: folders have their type and texts are checked as before. Only nothing new is read.`,
  ],
  arguments: [{ name: 'NAME' }],
  options: [DRY_RUN],
  examples: [{ line: 'dbk plugin untrust books', says: 'This one' }],
  also: ['uninstall', 'distrust'],
  run: runUntrust,
};

async function run(work: Work): Promise<ExitCode> {
  const { disk } = await work.context();
  const hash = work.given.text('hash')?.toLowerCase();
  const path = resolve(work.directory, work.given.operands[0]!);
  const request = { path, ...(hash !== undefined && { hash }), ask: askFor(work, hash !== undefined) };
  const trusted = await work.uncut(() => trustPlugin(disk, work.world.plugins, request));
  const isDry = work.given.flag('dry-run');
  if (trusted === undefined) return isDry ? EXIT.done : EXIT.no;
  const { plugin, content, problems } = trusted;
  const { name, version, top } = plugin;
  if (!work.isJson)
    await work.print([`trusted '${name}', version ${version}, for folders called '${shownText(top)}'`]);
  work.report(problems);
  const { path: real, blake3, files, bytes } = content;
  work.summary({ name, version, top, path: real, blake3, files: files.length, bytes });
  return EXIT.done;
}

function askFor(work: Work, isHashGiven: boolean): TrustRequest['ask'] {
  return async (content, before) => {
    const isDry = work.given.flag('dry-run');
    const { path, blake3, files, bytes } = content;
    if (isDry && work.isJson) work.summary({ path, blake3, files: files.length, bytes });
    if (isDry && !work.isJson) await work.print(contentLines(work, content));
    if (isDry) return false;
    if (isHashGiven || work.given.flag('yes')) return true;
    if (!work.canAsk) throw new Refusal('safety', consentNeeded(path, blake3));
    for (const line of contentLines(work, content)) work.stderr.write(`${line}\n`);
    if (before !== undefined && before.blake3 !== blake3)
      work.stderr.write(`It is not what you trusted: that had the hash\n  ${before.blake3}\n`);
    work.stderr.write('It runs with all your rights. Nothing of it has run yet: read it first.\n');
    return work.confirm('Trust it?');
  };
}

function* contentLines(work: Work, { kind, path, blake3, files, bytes }: PluginContent): Generator<string> {
  const what = kind === 'file' ? 'one file' : `a folder of ${counted(files.length, 'file')}`;
  yield `${shownPath(path)}: ${what}, ${shownSize(bytes)}`;
  const isShort = files.length <= work.limit + 1;
  for (const file of isShort ? files : files.slice(0, work.limit))
    yield `  ${shownSize(file.size).padStart(9)}  ${shownPath(file.path)}`;
  if (!isShort) yield `  ${restOf(files.length - work.limit, work.palette)}`;
  yield `  hash ${blake3}`;
}

async function runUntrust(work: Work): Promise<ExitCode> {
  const { disk } = await work.context();
  const dryRun = work.given.flag('dry-run');
  const gone = await untrustPlugin(disk, work.world.plugins, work.given.operands[0]!, dryRun);
  const words = dryRun ? 'would no longer trust' : 'no longer trusted:';
  if (!work.isJson) await work.print([`${words} '${gone.name}', ${shownPath(gone.path)}`]);
  work.summary({ name: gone.name, path: gone.path, blake3: gone.blake3 });
  return EXIT.done;
}
