/** What commands that take something from elsewhere have in common: how they ask, and what they say. */

import type { MergeOptions } from '../../flow/merge.ts';
import { openedBy } from '../../flow/open-conflicts.ts';
import type { ToldMerge } from '../../flow/told-merge.ts';
import type { Change } from '../../model/change.ts';
import { shortId } from '../../model/id.ts';
import { Counts } from '../counts.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { changeLine } from '../json.ts';
import { counted, shownCount, shownSize } from '../quantities.ts';
import { committedLines, unconfirmedLines } from '../render-commit.ts';
import { keptLine } from '../render-plan.ts';
import { flatLine, Groups } from '../render.ts';
import { shownPath, shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import { AskDeletions } from './ask-deletions.ts';
import { conflictJson } from './conflict-words.ts';

/** Options that all of them have. */
export const TAKING_OPTIONS = [
  {
    name: 'message',
    short: 'm',
    type: 'text',
    summary: 'what happened here, for the commit at the beginning',
  },
  { name: 'confirm-deletions', type: 'flag', summary: 'record what is gone here as deleted' },
] as const;

/** One taking: what it is asked with, and how it is told. */
export class Taking {
  readonly counts = new Counts();
  readonly dryRun: boolean;
  readonly #work: Work;
  readonly #groups: Groups;

  constructor(work: Work, dryRun = false) {
    this.#work = work;
    this.#groups = new Groups({ palette: work.palette, limit: work.limit });
    this.dryRun = dryRun;
  }

  get options(): Omit<MergeOptions, 'source' | 'unrelated'> {
    const { given } = this.#work;
    return {
      message: given.texts('message').join('\n\n').trim(),
      confirmDeletions: given.flag('confirm-deletions'),
      checkEverything: false,
      dryRun: this.dryRun,
      ask: new AskDeletions(this.#work, this.dryRun).ask,
      reportOwn: () => undefined,
      report: this.report,
    };
  }

  readonly report = (change: Change): void => {
    const work = this.#work;
    // Conflicts are told by themselves.
    if (change.text?.startsWith('conflicts/') === true) return;
    this.counts.add(change);
    if (work.isJson) work.stdout.write(`${changeLine(change)}\n`);
    else if (work.isVerbose) work.stdout.write(`${flatLine(change, work.palette)}\n`);
    else this.#groups.add(change);
  };

  /** Says what was done; `place` is where it came from. */
  async tell(made: ToldMerge, place: string): Promise<ExitCode> {
    const work = this.#work;
    if (work.isJson) for (const one of made.conflicts) work.stdout.write(`${conflictJson(openedBy(one))}\n`);
    else await work.print(said(work, place, made, this.#groups, this.dryRun));
    work.report(made.problems);
    const code = exitAfter(made.problems);
    return code === EXIT.done && made.conflicts.length > 0 ? EXIT.no : code;
  }

  /** The last line for programs. */
  summarise(made: ToldMerge): void {
    this.#work.summary({
      how: made.how,
      dryRun: this.dryRun ? true : undefined,
      commit: made.own.commit,
      taken: made.taken,
      head: made.head,
      ...this.counts.json,
      planned: made.needs && { ...made.needs },
      done: made.done,
      absent: made.absent,
      older: made.older,
      conflicts: made.conflicts.length,
      unconfirmed: made.own.unconfirmed === 0 ? undefined : made.own.unconfirmed,
      operation: made.operation,
    });
  }
}

function* said(
  work: Work,
  place: string,
  made: ToldMerge,
  groups: Groups,
  dryRun: boolean,
): Generator<string> {
  if (!dryRun) yield* ownLines(work, made.own);
  if (made.taken > 0 && !work.isQuiet)
    yield `took ${counted(made.taken, 'commit')} from '${shownText(place)}'`;
  if (made.how === 'same' && made.planned === 0) {
    if (!work.isQuiet) yield 'Nothing to merge: everything from there is here already.';
    return;
  }
  if (!work.isQuiet) {
    const lines = [...groups.lines()];
    yield* lines;
    if (lines.length > 0) yield '';
  }
  yield headLine(made, dryRun);
  if (work.isQuiet) return;
  yield* keptLine(made.kept, dryRun);
  const left = made.absent + made.older;
  if (left > 0) yield `not here yet: ${counted(left, 'path')}; merge again to go on`;
  yield* conflictLines(made, work.limit);
}

function* conflictLines({ conflicts }: ToldMerge, limit: number): Generator<string> {
  if (conflicts.length === 0) return;
  yield '';
  for (const { kind, paths, field } of conflicts.slice(0, limit)) {
    const about = field === '' ? kind : `${kind} of '${shownText(field)}'`;
    yield `  conflict  ${about}  ${paths.map((path) => shownPath(path)).join('  ')}`;
  }
  if (conflicts.length > limit) yield `  … and ${shownCount(conflicts.length - limit)} more (-v shows all)`;
  yield `${counted(conflicts.length, 'conflict')}, both sides kept: see them with dbk conflicts`;
}

/** What was recorded at the beginning, and what is missing. */
export function* ownLines(work: Work, { summary, commit, unconfirmed }: ToldMerge['own']): Generator<string> {
  if (work.isQuiet) return;
  if (commit !== undefined)
    yield* committedLines({ id: commit, message: '', summary, unconfirmed }, work.palette);
  else if (unconfirmed > 0) yield* unconfirmedLines(unconfirmed, 'file', work.palette);
}

function headLine({ how, head, needs, own }: ToldMerge, dryRun: boolean): string {
  const bytes = needs?.bytes ?? 0;
  const size = bytes > 0 ? `, ${shownSize(bytes)} to write` : '';
  if (dryRun) {
    const first = own.summary.added + own.summary.changed + own.summary.removed + own.summary.moved > 0;
    return `would ${how === 'forward' ? 'go on to what is there' : 'merge'}${size}${first ? ', after recording what changed here' : ''}`;
  }
  if (how === 'same') return 'Brought what had not arrived before.';
  return how === 'forward' ? `now at commit ${shortId(head!)}` : `merged as commit ${shortId(head!)}`;
}
