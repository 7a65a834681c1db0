/** Writes what was planned as a commit, or as several where one patch cannot hold it, and brings `index/` there. */

import { dirname, join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import { Tally } from '../diff/diff.ts';
import { changesWithMoves, type MovesTold } from '../diff/moved-changes.ts';
import type { Change, Summary, TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { Interrupted } from '../model/problem.ts';
import { breathe } from '../scan/crew.ts';
import { makeDirectories } from '../store/directories.ts';
import { replaceFile } from '../store/files.ts';
import { cleanMessage } from '../text/commit.ts';
import type { Move } from '../model/commit.ts';
import { MANIFEST } from '../text/mirror.ts';
import { writeStanza } from '../text/patch-write.ts';
import type { Config } from '../text/config.ts';
import { readConfig } from './config.ts';
import { asCopy, findCopies, type Copies } from './copies.ts';
import { Draft, type ChangedIds } from './draft.ts';
import type { Edits } from './edits.ts';
import type { IfAlone } from './exclusively.ts';
import type { Look } from './look.ts';
import { isWithinMoved, tellMoves, type Moves } from '../diff/move-lookup.ts';
import type { PlannedText } from './planned-text.ts';
import { planTexts, type Plan } from './record.ts';
import { evidenceLeft, type Decision, type Settled } from './settle.ts';

export interface WriteOptions {
  readonly message: string;
  readonly dryRun: boolean;
  readonly report: (change: Change) => void;
  /** Bytes that a patch may have; absent: what `git apply` takes. */
  readonly limit?: number;
}

export interface Written {
  readonly commits: readonly CommitId[];
  readonly head: CommitId | undefined;
  readonly summary: Summary;
  readonly problems: readonly Problem[];
}

/** Patches stay well below what `git apply` refuses (1 GiB). */
const LIMIT = 512 * 1024 * 1024;
/** How many texts are written between two looks at whether the person wants to stop. */
const STRIDE = 64;
/** The lock is held throughout. */
const now: IfAlone = (action) => action();

export async function writeCommits(
  look: Look,
  edits: Edits,
  decision: Decision,
  options: WriteOptions,
): Promise<Written> {
  return new Writing(look, await readConfig(look.repository), decision, options).run(edits, decision);
}

class Writing {
  private readonly look: Look;
  private readonly config: Config;
  private readonly options: WriteOptions;
  private readonly problems: Problem[] = [];
  /** Directories that are exactly as the index says, once all is written. */
  private readonly whole = new Set<string>();
  private readonly reported = new Set<string>();
  private readonly total = new Tally();
  private tally = new Tally();
  private readonly ids: ChangedIds = new Map();
  private edited: ReadonlySet<string> | undefined;
  private readonly moves: Moves;
  private readonly told: MovesTold;
  private readonly copies: Copies;

  constructor(look: Look, config: Config, decision: Decision, options: WriteOptions) {
    this.look = look;
    this.config = config;
    this.options = options;
    this.moves = decision.moves;
    this.told = tellMoves(decision.moves);
    this.copies = findCopies(look, decision.moves);
  }

  async run(edits: Edits, decision: Decision): Promise<Written> {
    const planned = planTexts(this.look, edits, decision, (settled) => this.settled(settled));
    if (!this.options.dryRun) this.carry(planned);
    const limit = this.options.limit ?? LIMIT;
    const groups = planned.estimate < limit / 2 ? [planned.texts] : await this.split(planned.texts, limit);
    const commits: CommitId[] = [];
    for (const [i, texts] of groups.entries()) {
      this.tally = new Tally();
      const part = groups.length > 1 ? ` (${i + 1} of ${groups.length})` : '';
      const moved = groups.length === 1 ? decision.moves.facts : [];
      const id = await this.write(texts, part, commits.at(-1) ?? this.look.head, moved);
      if (id !== undefined) commits.push(id);
    }
    const head = commits.at(-1) ?? this.look.head;
    if (!this.options.dryRun) await this.keep(head, commits.length > 0, decision);
    return { commits, head, summary: this.total.summary, problems: this.problems };
  }

  /** Where the process ends after this, they are still edits, at the place where they belong. */
  private carry({ unrecorded, removed }: Plan): void {
    const { context, layout } = this.look.repository;
    for (const { from, to } of unrecorded) {
      makeDirectories(context.disk, join(layout.index, dirname(to)));
      context.disk.rename(join(layout.index, from), join(layout.index, to));
    }
    for (const { path, text } of removed) replaceFile(context.disk, join(layout.index, path), text);
  }

  private settled(settled: Settled): void {
    const { path, before, after } = settled;
    let changes = 0;
    const isFirst = !this.reported.has(path);
    for (const plain of changesWithMoves({ path, before, after }, this.told, this.moves.targetsIn(path))) {
      const change = asCopy(plain, this.copies);
      changes++;
      this.tally.add(change);
      if (isFirst) this.total.add(change);
      if (isFirst && !isWithinMoved(change)) this.options.report(change);
    }
    if (isFirst) for (const problem of settled.problems) this.problems.push(problem);
    this.reported.add(path);
    if (settled.isWhole && (changes === 0 || !this.options.dryRun)) this.whole.add(path);
  }

  /** One commit; undefined where no text changes. */
  private async write(
    texts: readonly PlannedText[],
    part: string,
    parent: CommitId | undefined,
    moved: readonly Move[],
  ): Promise<CommitId | undefined> {
    if (this.options.dryRun) {
      await this.eachChange(texts, () => undefined);
      return undefined;
    }
    const draft = new Draft(this.look.repository, this.config, this.look.texts, this.ids);
    try {
      await this.eachChange(texts, (change) => draft.take(change));
      if (draft.changed === 0) {
        draft.abandon();
        return undefined;
      }
      const summary = this.tally.summary;
      const { id, problems } = draft.finish({
        command: 'commit',
        parent,
        summary,
        moved,
        message: this.message(part),
      });
      this.problems.push(...problems);
      return id;
    } catch (error) {
      draft.abandon();
      throw error;
    }
  }

  /** Which of several commits this is stands at the end of the first line. */
  private message(part: string): string {
    const [first = '', ...rest] = cleanMessage(this.options.message).split('\n');
    return [first + part, ...rest].join('\n');
  }

  private async eachChange(texts: readonly PlannedText[], use: (change: TextChange) => void): Promise<void> {
    const { interrupted, progress } = this.look.repository.context;
    for (const [i, planned] of texts.entries()) {
      const change = planned.make();
      if (change !== undefined) {
        use(change);
        if (!planned.path.endsWith(`/${MANIFEST}`)) this.addText(change);
      }
      if (i % STRIDE !== STRIDE - 1) continue;
      progress.tell({ phase: 'Writing', path: '', files: i, bytes: 0, totalFiles: texts.length });
      await breathe();
      if (interrupted()) throw new Interrupted();
    }
  }

  /** An edited text; copies of ignore rules and sidecars that go with their files are no news. */
  private addText(change: TextChange): void {
    this.edited ??= new Set(this.look.texts.edited.map(({ path }) => path));
    if (!this.edited.has(change.path) && !this.edited.has(change.from ?? change.path)) return;
    const told: Change = {
      kind: 'metadata',
      what: 'text',
      path: `.dbk/index/${change.path}` as RepositoryPath,
    };
    this.tally.add(told);
    if (this.reported.has(told.path)) return;
    this.reported.add(told.path);
    this.total.add(told);
    this.options.report(told);
  }

  /** Groups that each fit into a patch: manifests first, then the other texts. */
  private async split(texts: readonly PlannedText[], limit: number): Promise<PlannedText[][]> {
    const isManifest = ({ path }: PlannedText): boolean => path.endsWith(`/${MANIFEST}`);
    const ordered = [...texts.filter(isManifest), ...texts.filter((text) => !isManifest(text))];
    const groups: PlannedText[][] = [[]];
    let bytes = 0;
    let first: PlannedText | undefined;
    for (const text of ordered) {
      const change = text.make();
      if (change === undefined) continue;
      const length = Buffer.byteLength(writeStanza(change, digest));
      const startsOthers = first !== undefined && isManifest(first) && !isManifest(text);
      if (groups.at(-1)!.length > 0 && (bytes + length > limit || startsOthers)) {
        groups.push([]);
        bytes = 0;
      }
      if (groups.at(-1)!.length === 0) first = text;
      groups.at(-1)!.push(text);
      bytes += length;
      await breathe();
      if (this.look.repository.context.interrupted()) throw new Interrupted();
    }
    return groups;
  }

  private async keep(head: CommitId | undefined, isNew: boolean, decision: Decision): Promise<void> {
    const texts = isNew ? await this.look.texts.after(head!, this.ids) : this.look.texts;
    texts.save(now);
    this.look.save(
      {
        head,
        isRecorded: (path) => this.whole.has(path),
        isTaken: (path) => this.reported.has(path),
        isMissing: (path) => decision.kept.has(path as RepositoryPath),
        evidence: evidenceLeft(decision),
      },
      now,
    );
  }
}
