/** Everything that a plugin can say of one file: the fields that its readers read, and its media ids. */

import type { TypeDeclaration } from '../model/type-declaration.ts';
import type { Value } from '../model/value.ts';
import { Answers } from './answers.ts';
import type { FileView, Finding, MediaId, Reader, TypePlugin } from './api.ts';
import { takes } from './file-patterns.ts';

/** Plain data: it goes from one thread to another. */
export interface FileAnswer {
  readonly fields: ReadonlyMap<string, Value>;
  /** Media ids by name; of one that the file has not, undefined. */
  readonly ids: ReadonlyMap<string, string | undefined>;
  readonly findings: readonly Finding[];
  /** Fields whose values cannot be kept, and the end of a sentence that says why. */
  readonly wrong: readonly (readonly [field: string, wrong: string])[];
  /** What code of the plugin threw. */
  readonly failures: readonly string[];
  /** A program that it needs is not here: the file is not read. */
  readonly missing?: { readonly reason: string; readonly hint: string };
}

export interface FileQuestion {
  /** As the plugin is to see it; `bytes` is what readers share. */
  readonly file: FileView;
  /** The same, with bytes of which each media id may read all. */
  readonly whole: FileView;
  /** No reader is asked then. */
  readonly isForIds: boolean;
  /** Runs code of the plugin, and not for ever. */
  readonly inTime: <T>(answer: Promise<T>) => Promise<T>;
  /** Whether an exception is the disk's, and no fault of the plugin's. */
  readonly isOfDisk: (error: unknown) => boolean;
}

const ID = /^[!-~]{1,200}$/;
/** One file has no more to tell. */
const MOST_FINDINGS = 20;

/** Whether a plugin has anything to say of a file; the path is relative to its entity, or to the top folder. */
export function concerns({ readers = [], mediaIds = [] }: TypePlugin, path: string): boolean {
  return [...readers, ...mediaIds].some(({ files }) => takes(files, path));
}

/** The names of the media ids that a file may have. */
export function idNames({ mediaIds = [] }: Pick<TypePlugin, 'mediaIds'>, path: string): readonly string[] {
  return mediaIds.filter(({ files }) => takes(files, path)).map(({ name }) => name);
}

/** Asks all that take the file, at the same time: some wait for other programs. Does not throw. */
export async function askFile(
  plugin: TypePlugin,
  declared: TypeDeclaration,
  question: FileQuestion,
): Promise<FileAnswer> {
  const asking = new Asking(declared, question);
  const { path } = question.file;
  const { readers: all = [], mediaIds = [] } = plugin;
  const readers = question.isForIds ? [] : all;
  const ids = mediaIds.filter(({ files }) => takes(files, path)).map((each) => asking.identify(each));
  const read = readers.filter(({ files }) => takes(files, path)).map((each) => asking.read(each));
  // In the order of the readers, whoever is quicker.
  for (const answer of await Promise.all(read)) if (answer !== undefined) asking.take(answer);
  await Promise.all(ids);
  return asking.answer;
}

class Asking {
  private readonly question: FileQuestion;
  private readonly answers: Answers;
  private readonly ids = new Map<string, string | undefined>();
  private readonly findings: Finding[] = [];
  private readonly wrong: [string, string][] = [];
  private readonly failures: string[] = [];
  private missing: FileAnswer['missing'];

  constructor(declared: TypeDeclaration, question: FileQuestion) {
    this.question = question;
    this.answers = new Answers('file', declared, (field, wrong) => this.wrong.push([field, wrong]));
  }

  get answer(): FileAnswer {
    const { ids, findings, wrong, failures, missing } = this;
    return { fields: this.answers.fields, ids, findings, wrong, failures, ...(missing && { missing }) };
  }

  async read({ read }: Reader): Promise<object | undefined> {
    return this.run(async () => {
      const answer: unknown = await this.question.inTime(read(this.question.file, this.report));
      if (typeof answer !== 'object' || answer === null) throw new TypeError('the answer is no fields');
      return answer;
    });
  }

  take(answer: object): void {
    this.answers.take(answer);
  }

  async identify({ name, compute }: MediaId): Promise<void> {
    await this.run(async () => {
      const id: unknown = await this.question.inTime(compute(this.question.whole, this.report));
      if (id === undefined || (typeof id === 'string' && ID.test(id))) this.ids.set(name, id);
      else this.wrong.push([name, 'is no media id']);
    });
  }

  private readonly report = (finding: Finding): void => {
    if (this.findings.length < MOST_FINDINGS) this.findings.push(plain(finding));
  };

  private async run<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (this.question.isOfDisk(error)) return undefined;
      if (error instanceof Error && error.name === 'ToolMissing')
        this.missing = { reason: error.message, hint: String((error as { hint?: unknown }).hint ?? '') };
      else this.failures.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}

/** What somebody's code hands over may be anything, and has to be sent. */
function plain({ code, severity, reason, hint }: Finding): Finding {
  const weight = severity === 'error' || severity === 'warning' ? severity : 'note';
  return {
    code: String(code),
    severity: weight,
    reason: String(reason),
    ...(hint !== undefined && { hint: String(hint) }),
  };
}
