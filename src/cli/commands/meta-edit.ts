/** `dbk meta set`, `meta add` and `meta remove`: change fields of files and folders, for scripts. */

import { editFields, type FieldEdit, type FieldsEdited } from '../../flow/edit-fields.ts';
import { Refusal, type Problem } from '../../model/problem.ts';
import { DRY_RUN, FILES_FROM, type Option } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pathLine } from '../json.ts';
import { placeOf } from '../operands.ts';
import { counted } from '../quantities.ts';
import { shownPath } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { typedPaths } from './paths.ts';
import * as problems from './problems.ts';

const MANY = `More than one path: write the fields first, then '--' and the paths, or give a list with --files-from.`;
const LATER = `Only the lines of these fields change, and nothing is committed: 'dbk status' shows the texts, 'dbk commit' records them.`;
const OPTIONS: readonly Option[] = [DRY_RUN, ...FILES_FROM];

export const META_SET: Entry = {
  name: 'meta set',
  group: 'knowledge',
  summary: 'Give fields of files and folders a value',
  description: [
    `A value that the type of the folder does not allow is refused. A field that takes several values is given again for each: 'tags=sea tags=night'. 'FIELD VALUE' as two words is as good as FIELD=VALUE. Where a field is of people, a name that one of them alone has is written as the handle ('dbk people list').`,
    MANY,
    LATER,
  ],
  usage: 'PATH FIELD=VALUE… | FIELD=VALUE… -- PATH…',
  arguments: [{ name: 'PATH' }, { name: 'FIELD=VALUE', many: true }],
  options: OPTIONS,
  examples: [
    { line: 'dbk meta set Music/a.flac rating=5', says: 'One field of a file' },
    { line: 'dbk meta set rating=5 -- Music/*.flac', says: 'Of several files' },
    {
      line: `find Pictures -name '*.jpg' -print0 | dbk meta set tags=sea -z --files-from -`,
      says: 'Of those in a list',
    },
  ],
  run: (work) => run(work, 'set'),
};

export const META_ADD: Entry = {
  name: 'meta add',
  group: 'knowledge',
  summary: 'Add a value to fields that have several',
  description: [`A value that is there already is not added again. ${MANY}`, LATER],
  usage: 'PATH FIELD=VALUE… | FIELD=VALUE… -- PATH…',
  arguments: [{ name: 'PATH' }, { name: 'FIELD=VALUE', many: true }],
  options: OPTIONS,
  examples: [{ line: 'dbk meta add Pictures/a.jpg tags=sea tags=night', says: 'Two words more' }],
  run: (work) => run(work, 'add'),
};

export const META_REMOVE: Entry = {
  name: 'meta remove',
  group: 'knowledge',
  summary: 'Take values or whole fields away',
  description: [
    `FIELD=VALUE takes one value away, FIELD all of the field. A text that says nothing any more goes with it. ${MANY}`,
    LATER,
  ],
  usage: 'PATH FIELD[=VALUE]… | FIELD[=VALUE]… -- PATH…',
  arguments: [{ name: 'PATH' }, { name: 'FIELD[=VALUE]', many: true }],
  options: OPTIONS,
  examples: [
    { line: 'dbk meta remove Pictures/a.jpg tags=sea', says: 'One word less' },
    { line: 'dbk meta remove Pictures/a.jpg rating', says: 'The whole field' },
  ],
  run: (work) => run(work, 'remove'),
};

type Kind = FieldEdit['kind'];

async function run(work: Work, kind: Kind): Promise<ExitCode> {
  const repository = await work.open();
  const { words, paths: operands } = split(work);
  const typed = await typedPaths(work, operands);
  if (typed.length === 0) throw new Refusal('usage', problems.noPaths(`meta ${kind}`));
  if (words.length === 0) throw new Refusal('usage', problems.noFields(`meta ${kind}`));
  const edits = editsOf(kind, words);
  const paths = new Set(typed.map((each) => placeOf(repository, work.directory, each)));
  const dryRun = work.given.flag('dry-run');
  const counts = { changed: 0, unchanged: 0, refused: 0 };
  const met: Problem[] = [];
  const report = (edited: FieldsEdited): void => {
    counts[edited.kind] += 1;
    met.push(...edited.problems);
    tell(work, edited, dryRun);
  };
  const before = await work.uncut(() =>
    editFields(repository, { command: `meta ${kind}`, paths, edits, dryRun, report }),
  );
  const isTold =
    work.isJson || work.isQuiet || work.isVerbose || dryRun || paths.size === 1 || counts.changed === 0;
  if (!isTold) await work.print([`changed what is written about ${counted(counts.changed, 'path')}`]);
  work.report([...before, ...met]);
  work.summary(counts);
  return exitOf(counts);
}

/** Fields and paths: `PATH FIELD…`, `FIELD… -- PATH…`, or fields alone where paths are in a list. */
function split({ given }: Work): { readonly words: readonly string[]; readonly paths: readonly string[] } {
  const { operands, beforeDashes = 0 } = given;
  if (beforeDashes > 0)
    return { words: operands.slice(0, beforeDashes), paths: operands.slice(beforeDashes) };
  if (given.text('files-from') !== undefined) return { words: operands, paths: [] };
  return { words: operands.slice(1), paths: operands.slice(0, 1) };
}

function editsOf(kind: Kind, words: readonly string[]): FieldEdit[] {
  const edits: FieldEdit[] = [];
  const sets = new Map<string, string[]>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const equals = word.indexOf('=');
    const field = equals === -1 ? word : word.slice(0, equals);
    if (field === '') throw new Refusal('usage', problems.notAField(word));
    if (equals === -1 && kind === 'remove') {
      edits.push({ kind, field });
      continue;
    }
    const value = equals === -1 ? words[++at] : word.slice(equals + 1);
    if (value === undefined) throw new Refusal('usage', problems.notAField(word));
    if (kind !== 'set') edits.push({ kind, field, value });
    else if (sets.has(field)) sets.get(field)!.push(value);
    else sets.set(field, [value]);
  }
  return [...edits, ...Array.from(sets, ([field, values]) => ({ kind: 'set', field, values }) as const)];
}

function tell(work: Work, { path, kind }: FieldsEdited, dryRun: boolean): void {
  if (work.isJson) {
    work.stdout.write(`${pathLine('edit', path, { kind })}\n`);
  } else if (kind === 'changed' && (dryRun || work.isVerbose)) {
    work.stdout.write(`${dryRun ? 'would change' : 'changed'} what is written about ${shownPath(path)}\n`);
  }
}

function exitOf({ changed, unchanged, refused }: Readonly<Record<FieldsEdited['kind'], number>>): ExitCode {
  if (refused === 0) return EXIT.done;
  return changed + unchanged === 0 ? EXIT.no : EXIT.partly;
}
