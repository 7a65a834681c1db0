/** Shows what is gone and asks whether to record it, where there is somebody to ask. */

import type { Ask } from '../../flow/decide.ts';
import { counted } from '../quantities.ts';
import { Groups } from '../render.ts';
import type { Work } from '../work.ts';

/** How commands record first what changed here that are about something else. */
export function recordingFirst(work: Work, dryRun: boolean) {
  return {
    message: '',
    confirmDeletions: false,
    checkEverything: false,
    dryRun,
    ask: new AskDeletions(work, dryRun).ask,
    reportOwn: () => undefined,
  };
}

export class AskDeletions {
  /** What is gone, where it was not shown already. */
  missing: Groups | undefined;
  /** How many folders are gone. */
  folders = 0;
  /** Whether the flow asked: it does not where too much is gone. */
  isAsked = false;
  readonly #work: Work;
  readonly #isDry: boolean;

  constructor(work: Work, isDry: boolean) {
    this.#work = work;
    this.#isDry = isDry;
  }

  readonly ask: Ask = async ({ files, directories, count }) => {
    const work = this.#work;
    const isShown = work.canAsk && !this.#isDry;
    const missing = new Groups({ palette: isShown ? work.errorPalette : work.palette, limit: work.limit });
    for (const { path, files: held, bytes } of directories) {
      missing.add({ kind: 'missing', what: 'directory', path, files: held, bytes });
    }
    for (const path of files) missing.add({ kind: 'missing', what: 'file', path });
    this.isAsked = true;
    this.folders = directories.length;
    if (!isShown) {
      this.missing = missing;
      return false;
    }
    for (const line of missing.lines()) work.stderr.write(`${line}\n`);
    const what = count === 0 ? counted(directories.length, 'empty folder') : counted(count, 'file');
    return work.confirm(`Record the deletion of ${what}?`);
  };
}
