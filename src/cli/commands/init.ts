/** `dbk init`: makes a folder a repository. */

import { basename, dirname, resolve } from 'node:path/posix';
import type { GuardKind } from '../../flow/guard.ts';
import { readConfig } from '../../flow/config.ts';
import { init, nameFor } from '../../flow/init.ts';
import { openRepository, type Repository } from '../../flow/repository.ts';
import { settleCopied, settleMoved } from '../../flow/settle-here.ts';
import { Refusal } from '../../model/problem.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT } from '../exit.ts';
import { shownPath } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import * as problems from './problems.ts';

export const INIT: Entry = {
  name: 'init',
  group: 'start',
  summary: 'Make a folder a repository',
  description: [
    `Makes a folder '.dbk' in DIR (this folder, if DIR is not given), which will hold the index and its history as plain text. DIR is created where it is missing. Nothing else in it is touched, and nothing is recorded before the first commit.`,
    `The guard keeps what you delete, so that 'dbk undelete' has it back: as hard links, or as reflinks, which survive writing in place and which few file systems have. A link frees no space until it is released, and other backup tools read each file once more because its change time is new.`,
    `A repository that was copied with 'cp -a', restored from a backup or moved to another disk still says that it is the old one, and exchanges nothing until you say what it is: with --copied it gets an id and a name of its own and keeps its history; with --moved it goes on as the one it was.`,
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
    { name: 'copied', type: 'flag', summary: 'of a copy: it becomes a repository of its own' },
    { name: 'moved', type: 'flag', summary: 'of one that is at another place: it is the same one' },
    DRY_RUN,
  ],
  examples: [
    { line: 'dbk init', says: 'This folder' },
    { line: 'dbk init Pictures --name pictures', says: 'Another folder, with a name of its own' },
    { line: 'dbk init Pictures --copied', says: 'A copy of a repository, from now on one of its own' },
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
  if (work.given.flag('copied') || work.given.flag('moved'))
    return settle(work, openRepository(context, folder));
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

/** A repository that is there, and not where it was. */
async function settle(work: Work, repository: Repository): Promise<typeof EXIT.done> {
  const isCopy = work.given.flag('copied');
  if (isCopy === work.given.flag('moved')) throw new Refusal('usage', problems.copiedOrMoved());
  const isDry = work.given.flag('dry-run');
  if (!isDry) {
    await work.uncut(async () => {
      if (isCopy) await settleCopied(repository, work.given.text('name'));
      else await settleMoved(repository);
    });
  }
  const { name, id } = await readConfig(repository);
  work.summary({ root: repository.root, name, id, dryRun: isDry ? true : undefined });
  if (work.isJson) return EXIT.done;
  const place = shownPath(repository.root);
  const copied = isDry ? 'would be a repository of its own' : `is a repository of its own now: '${name}'`;
  await work.print([`${place} ${isCopy ? copied : `${isDry ? 'would go' : 'goes'} on as '${name}'`}`]);
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
