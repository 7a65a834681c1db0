/** Sidecars and media ids of files after a commit: what is new is read by the plugin of its type. */

import type { Name } from '../model/name.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Batch, DescribeQuestion } from './describe-entities.ts';
import { describedTexts, type ReadFile } from './described-texts.ts';
import { describedTypes, keepDescribed } from './described-types.ts';
import { FewProblems } from './few-problems.ts';
import { filesToRead, type FileToRead } from './files-to-read.ts';
import { IndexHere } from './index-here.ts';
import * as say from './reading-problems.ts';
import { MOST_AT_ONCE, openReadingCrew, type CrewRead, type ReadingCrew } from './reading-crew.ts';

export interface FilesQuestion extends DescribeQuestion {
  /** Contents that are new where they are, by their folders. */
  readonly fresh: ReadonlyMap<RepositoryPath, readonly Name[]>;
  /** Whether a folder was recorded before: of what is in it nothing is known but what the note says. */
  readonly wasRecorded: (folder: RepositoryPath) => boolean;
  /** Whether a person changed which folders have which type: the note says nothing of that. */
  readonly isPolicyNew: boolean;
  /** What is looked through in any case. */
  readonly through?: readonly RepositoryPath[];
}

/** At least so many files make a commit: whoever is killed loses no more. */
const BATCH = 500;
/** Writing a commit takes at most this part of the time: it costs more where there are more texts. */
const WRITING = 1 / 10;

/**
 * Changed texts, in batches; one is recorded when the next is asked for. Who is asked to stop gives what was read.
 *
 * Of each type a note says with which version all files were read. Without it, after a run that was broken off or
 * with a new version, everything of that type is looked through.
 */
export async function* describeFiles(question: FilesQuestion): AsyncGenerator<Batch> {
  const describing = new DescribingFiles(question);
  try {
    yield* describing.batches();
  } finally {
    await describing.close();
  }
}

class DescribingFiles {
  private readonly question: FilesQuestion;
  private readonly index: IndexHere;
  private readonly problems: FewProblems;
  private readonly missing = new Set<string>();
  private readonly left = new Set<RepositoryPath>();
  private crew: ReadingCrew | undefined;
  private done: ReadFile[] = [];
  private count = 0;
  private begun: number;
  private writing = 0;

  constructor(question: FilesQuestion) {
    const { repository, mirror, idOf, tell } = question;
    this.question = question;
    this.index = new IndexHere(repository, mirror, idOf);
    this.problems = new FewProblems(tell);
    this.begun = repository.context.clock.now();
  }

  async *batches(): AsyncGenerator<Batch> {
    const { repository } = this.question;
    const { context } = repository;
    const note = describedTypes(repository);
    const versions = this.versions();
    const isNoted = ([type, version]: readonly [string, number]): boolean =>
      !this.question.isPolicyNew && note.types.get(type) === version;
    const stale = [...versions].filter((each) => !isNoted(each));
    const through = this.through(new Set(stale.map(([type]) => type)));
    const asked = { ...this.question, index: this.index, waiting: note.files, through };
    const reading = new Set<Promise<void>>();
    for await (const file of filesToRead(asked)) {
      if (context.interrupted()) break;
      // Until the end nobody knows what is read.
      if (this.crew === undefined) keepDescribed(repository, { types: new Map(), files: new Set() });
      this.crew ??= openReadingCrew(context);
      const job = this.read(this.crew, file).finally(() => reading.delete(job));
      reading.add(job);
      if (reading.size >= MOST_AT_ONCE) await Promise.race(reading);
      if (this.isEnough()) yield* this.batch();
    }
    const isWhole = !context.interrupted();
    if (isWhole) await Promise.all(reading);
    yield* this.batch();
    this.problems.finish();
    const isAsBefore = this.crew === undefined && stale.length === 0 && note.files.size === 0;
    if (isWhole && !isAsBefore) keepDescribed(repository, { types: versions, files: this.left });
  }

  async close(): Promise<void> {
    await this.crew?.close();
  }

  /** The types whose plugins are here and have anything to say of files. */
  private versions(): ReadonlyMap<string, number> {
    const versions = new Map<string, number>();
    for (const [name, { version, readers = [], mediaIds = [] }] of this.question.types.plugins)
      if (readers.length + mediaIds.length > 0) versions.set(name, version);
    return versions;
  }

  /** The folders of types that are not noted. */
  private through(stale: ReadonlySet<string>): readonly RepositoryPath[] {
    const { types, wasRecorded, through = [], entities } = this.question;
    const found = new Set(through);
    for (const [folder, type] of types.folders) if (stale.has(type) && wasRecorded(folder)) found.add(folder);
    for (const [path, { type, kind }] of entities)
      if (kind === 'directory' && stale.has(type) && !isBelow(path, found) && wasRecorded(path))
        found.add(path);
    return [...found];
  }

  private async read(crew: ReadingCrew, file: FileToRead): Promise<void> {
    const { path } = file;
    const { progress } = this.question.repository.context;
    progress.tell({ phase: 'Describing', path, files: this.count++, bytes: 0 });
    this.take(
      file,
      await crew
        .read(file.task)
        .catch((error: unknown): CrewRead => ({ kind: 'failed', message: String(error) })),
    );
  }

  private take(file: FileToRead, read: CrewRead): void {
    const { path, plugin } = file;
    if (read.kind === 'unstable') this.left.add(path);
    else if (read.kind === 'failed')
      this.problems.take(say.readerFailed(plugin.name, path, new Error(read.message)));
    else {
      this.done.push({ file, answer: read.answer });
      for (const problem of problemsOf(file, read)) this.problems.take(problem);
      const { missing } = read.answer;
      if (missing !== undefined && !this.missing.has(missing.reason)) {
        this.missing.add(missing.reason);
        this.problems.take(say.toolMissing(plugin.name, missing));
      }
    }
  }

  private isEnough(): boolean {
    const passed = this.question.repository.context.clock.now() - this.begun;
    return this.done.length >= BATCH && this.writing <= passed * WRITING;
  }

  private async *batch(): AsyncGenerator<Batch> {
    const { clock } = this.question.repository.context;
    const start = clock.now();
    const read = this.done;
    this.done = [];
    const { changes, count, left } = await describedTexts(this.index, read, (problem) =>
      this.problems.take(problem),
    );
    for (const path of left) this.left.add(path);
    if (changes.length > 0) yield { changes, count };
    this.begun = clock.now();
    this.writing = this.begun - start;
  }
}

function* problemsOf(
  { path, plugin }: FileToRead,
  { answer }: CrewRead & { kind: 'read' },
): Generator<Problem> {
  for (const message of answer.failures) yield say.readerFailed(plugin.name, path, new Error(message));
  for (const [field, wrong] of answer.wrong) yield say.wrongFieldRead(plugin.name, path, field, wrong);
  for (const finding of answer.findings) yield say.found(finding, path);
}

function isBelow(path: RepositoryPath, folders: ReadonlySet<RepositoryPath>): boolean {
  for (const folder of folders) if (isWithin(path, folder)) return true;
  return false;
}
