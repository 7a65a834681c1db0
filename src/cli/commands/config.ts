/** `dbk config`: the settings of a repository. */

import { changeSetting, setting, settings, type SettingShown } from '../../flow/configure.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { padEnd, widthOf } from '../layout.ts';
import { shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const CONFIG: Entry = {
  name: 'config',
  group: 'start',
  summary: 'Show or change the settings of a repository',
  description: [
    `Without KEY all settings with what they are for, with KEY its value; with VALUE it is changed. They stand in '.dbk/config.yaml', of which only that one line changes, and are never copied to another repository.`,
    `Who you are in all your repositories can stand in '$XDG_CONFIG_HOME/dbk/config.yaml' (as a rule '~/.config/dbk/config.yaml'), as a line like 'author: Ada <ada@example.org>'; the setting of a repository wins.`,
  ],
  usage: '[KEY [VALUE]]',
  arguments: [
    { name: 'KEY', optional: true },
    { name: 'VALUE', optional: true },
  ],
  options: [DRY_RUN],
  examples: [
    { line: 'dbk config', says: 'All settings' },
    { line: 'dbk config confirm', says: 'The value of one' },
    { line: `dbk config author 'Ada <ada@example.org>'`, says: 'Changes one' },
  ],
  also: ['settings', 'set', 'configure'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const [key, value] = work.given.operands;
  let code: ExitCode = EXIT.done;
  let shown = 1;
  if (key === undefined) {
    const all = await settings(repository);
    shown = all.length;
    if (work.isJson) for (const each of all) work.json('setting', { ...each });
    else await work.print(listLines(work, all));
  } else if (value === undefined) {
    const one = await setting(repository, key);
    if (work.isJson) work.json('setting', { ...one });
    else if (one.value !== '') await work.print([shownText(one.value)]);
    else work.note(`${key} is not set`);
    if (one.value === '') code = EXIT.no;
  } else {
    const dryRun = work.given.flag('dry-run');
    const before = await work.uncut(() => changeSetting(repository, key, value, { dryRun }));
    const was = before.value === '' ? 'not set' : `'${shownText(before.value)}'`;
    if (work.isJson) work.json('setting', { ...before, value, before: before.value });
    else if (dryRun) await work.print([`${key} would be '${shownText(value)}'; it is ${was}`]);
    else if (!work.isQuiet) await work.print([`${key} is '${shownText(value)}'; it was ${was}`]);
  }
  work.summary({ settings: shown });
  return code;
}

function* listLines(work: Work, all: readonly SettingShown[]): Generator<string> {
  const keys = Math.max(...all.map(({ key }) => key.length));
  const shown = all.map(({ value }) => (value === '' ? '-' : shownText(value)));
  const values = Math.min(40, Math.max(...shown.map(widthOf)));
  for (const [i, { key, doc }] of all.entries()) {
    yield `${padEnd(key, keys)}  ${padEnd(shown[i]!, values)}  ${work.palette.quiet(doc)}`;
  }
}
