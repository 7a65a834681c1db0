/** `dbk prune`: what the guard may free, and freeing it. */

import { prune, type Amount, type Pruned } from '../../flow/prune.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { counted, shownSize } from '../quantities.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const PRUNE: Entry = {
  name: 'prune',
  group: 'safety',
  summary: 'Show what the guard may free, and free it',
  description: [
    `The guard keeps what you deleted or changed until a commit has confirmed that and 'keep' in 'dbk config' allows it to go. Commits free what is due by themselves; this shows what that would be, and frees it with --free, the oldest first.`,
    `What is missing and was never confirmed stays, whatever the options. What dbk itself replaced or removed stays too, as long as nobody else is known to hold it, unless --last-copies is given.`,
  ],
  options: [
    { name: 'free', type: 'flag', summary: "free what 'keep' allows" },
    {
      name: 'last-copies',
      type: 'flag',
      summary: 'also what dbk replaced or removed and nobody else is known to hold',
    },
    DRY_RUN,
  ],
  examples: [
    { line: 'dbk prune', says: 'What could be freed, and what stays' },
    { line: 'dbk prune --free', says: 'Frees it' },
    { line: 'dbk config keep.age 7d', says: 'Lets it be freed after a week' },
  ],
  also: ['gc', 'clean', 'purge', 'expire'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const free = work.given.flag('free') && !work.given.flag('dry-run');
  const lastCopies = work.given.flag('last-copies');
  const found = await work.uncut(() => prune(repository, { free, lastCopies }));
  if (!work.isJson) await work.print(lines(work, found, free));
  const { age, space, unconfirmed, lastCopies: last, young, freed } = found;
  const kept = { unconfirmed: { ...unconfirmed }, lastCopies: { ...last }, young: { ...young } };
  work.summary({ due: { age: { ...age }, space: { ...space } }, kept, freed: { ...freed } });
  return EXIT.done;
}

function* lines(work: Work, found: Pruned, free: boolean): Generator<string> {
  const { age, space, unconfirmed, lastCopies, young, freed } = found;
  if (free) yield `freed ${said(freed)}`;
  if (work.isQuiet) return;
  const rows: [string, Amount][] = free
    ? []
    : [
        ["may go: confirmed longer ago than 'keep' asks for", age],
        ['may go: the volume is nearly full', space],
      ];
  rows.push(
    ["stays: confirmed, and 'keep' does not allow it yet", young],
    ['stays: missing or changed, and not confirmed', unconfirmed],
    ['stays: replaced by dbk, and perhaps the last copy (--last-copies)', lastCopies],
  );
  const shown = rows.filter(([, { files }]) => files > 0);
  for (const [words, amount] of shown) {
    yield `${shownSize(amount.bytes).padStart(9)}  ${words} (${counted(amount.files, 'file')})`;
  }
  if (shown.length === 0 && !free) yield 'The guard holds nothing that your files do not.';
  if (age.files + space.files > 0 && !free) yield 'free it with: dbk prune --free';
}

function said({ files, bytes }: Amount): string {
  return `${counted(files, 'file')} (${shownSize(bytes)})`;
}
