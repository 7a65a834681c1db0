/** `dbk init`: makes a folder a repository. */

import { basename, dirname, resolve } from 'node:path/posix';
import type { GuardKind } from '../../flow/guard.ts';
import { readConfig } from '../../flow/config.ts';
import { init, nameFor } from '../../flow/init.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT } from '../exit.ts';
import { shownPath } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const INIT: Entry = {
  name: 'init',
  group: 'start',
  summary: 'Make a folder a repository',
  description: [
    `Makes a folder '.dbk' in DIR (this folder, if DIR is not given), which will hold the index and its history as plain text. DIR is created where it is missing. Nothing else in it is touched, and nothing is recorded before the first commit.`,
    `The guard keeps what you delete, so that 'dbk undelete' has it back: as hard links, or as reflinks, which survive writing in place and which few file systems have. A link frees no space until it is released, and other backup tools read each file once more because its change time is new.`,
    `The name says in commits, and later to other repositories, which one this is: small letters, digits and '-'. Without --name it is called like the machine.`,
  ],
  arguments: [{ name: 'DIR', optional: true }],
  options: [
    { name: 'name', type: 'text', value: 'NAME', summary: 'what the repository is called' },
    {
      name: 'guard',
      type: 'text',
      choices: ['links', 'reflinks', 'none'],
      summary: 'how deleted files are kept (links, where the file system has them)',
    },
    DRY_RUN,
  ],
  examples: [
    { line: 'dbk init', says: 'This folder' },
    { line: 'dbk init Pictures --name pictures', says: 'Another folder, with a name of its own' },
  ],
  also: ['create', 'new', 'setup'],
  run,
};

/** One sentence about the guard a new repository has, and whether the person chose it. */
const GUARD_WORDS: Readonly<Record<GuardKind, (isChosen: boolean) => string>> = {
  links: () => 'What you delete stays in the guard, as hard links, until it is released.',
  reflinks: () => 'What you delete or write over stays in the guard, as reflinks, until it is released.',
  none: (isChosen) =>
    isChosen
      ? 'It has no guard: what you delete is gone.'
      : 'It has no guard, because this file system has no hard links: what you delete is gone.',
};

async function run(work: Work): Promise<typeof EXIT.done> {
  const folder = placeFor(work, work.given.operands[0] ?? '.');
  const name = work.given.text('name');
  const guard = work.given.text('guard') as GuardKind | undefined;
  const context = await work.context();
  const options = { folder, ...(name !== undefined && { name }), ...(guard !== undefined && { guard }) };
  if (work.given.flag('dry-run')) {
    const chosen = nameFor(context, options);
    work.summary({ root: folder, name: chosen });
    if (!work.isJson) await work.print([`would make a repository '${chosen}' in ${shownPath(folder)}`]);
    return EXIT.done;
  }
  const repository = await work.uncut(() => init(context, options));
  const config = await readConfig(repository);
  work.summary({ root: repository.root, name: config.name, id: config.id, guard: config.guard });
  if (work.isJson) return EXIT.done;
  await work.print([
    `Made a repository '${config.name}' in ${shownPath(folder)}`,
    GUARD_WORDS[config.guard](guard !== undefined),
  ]);
  work.note(
    `hint: record what is in it with: dbk${isHere(work, folder) ? '' : ` -C ${quoted(folder)}`} commit`,
  );
  return EXIT.done;
}

/** The folder may not be there yet; what is there is taken without symlinks. */
function placeFor(work: Work, typed: string): string {
  const { disk } = work.world;
  const whole = resolve(work.directory, typed);
  for (let above = whole, rest: string[] = []; ; above = dirname(above)) {
    if (disk.statExact(above) !== undefined) return resolve(disk.realpath(above), ...rest);
    if (above === '/') return whole;
    rest = [basename(above), ...rest];
  }
}

function isHere(work: Work, folder: string): boolean {
  return folder === work.directory && work.given.texts('directory').length === 0;
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
