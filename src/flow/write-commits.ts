/** Writes what was planned as a commit, or as several where one patch cannot hold it, and brings `index/` there. */

import { Tally } from '../diff/diff.ts';
import { changesWithMoves, type MovesTold } from '../diff/moved-changes.ts';
import type { Change, Summary, TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { Interrupted } from '../model/problem.ts';
import { breathe } from '../scan/crew.ts';
import { isFirstText } from '../store/create.ts';
import { cleanMessage } from '../text/commit.ts';
import type { Move } from '../model/commit.ts';
import { MANIFEST } from '../text/mirror.ts';
import type { Config } from '../text/config.ts';
import type { Typed } from './begin-entities.ts';
import { MirrorReader } from './changes-of-texts.ts';
import { readConfig } from './config.ts';
import { carryAhead, putBack } from './carry-texts.ts';
import { asCopy, findCopies, type Copies } from './copies.ts';
import { Draft, type ChangedIds } from './draft.ts';
import type { Edits } from './edits.ts';
import { DescribingCommit } from './describing-commit.ts';
import type { IfAlone } from './exclusively.ts';
import type { Look } from './look.ts';
import { isWithinMoved, tellMoves, type Moves } from '../diff/move-lookup.ts';
import { mirrorAfter } from './mirror-of-decision.ts';
import { groupsForPatches } from './patch-groups.ts';
import type { PlannedText } from './planned-text.ts';
import { planTexts } from './record.ts';
import { evidenceLeft, type Decision, type Settled } from './settle.ts';
import { toldText } from './told-text.ts';
import { NOTHING_DESCRIBED, type Described } from './write-described.ts';

export interface WriteOptions {
  /** The types of the repository and the entities at head; absent where it has no types. */
  readonly typed?: Typed | undefined;
  readonly message: string;
  readonly dryRun: boolean;
  readonly report: (change: Change) => void;
  /** Bytes that a patch may have; absent: what `git apply` takes. */
  readonly limit?: number;
}

export interface Written {
  readonly commits: readonly CommitId[];
  /** Entities whose own facts are new, in commits of their own behind the others. */
  readonly described: Described;
  readonly head: CommitId | undefined;
  readonly summary: Summary;
  readonly problems: readonly Problem[];
  /** Keeps what was learned for the next look: to be called when what stands here is told. */
  readonly keep: () => Promise<void>;
}

/** Patches stay well below what `git apply` refuses (1 GiB). */
const LIMIT = 512 * 1024 * 1024;
/** Texts written between two looks at whether the person wants to stop. */
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
  private readonly describing: DescribingCommit | undefined;
  private readonly reader: MirrorReader;

  constructor(look: Look, config: Config, decision: Decision, options: WriteOptions) {
    this.look = look;
    this.config = config;
    this.options = options;
    this.moves = decision.moves;
    this.told = tellMoves(decision.moves);
    this.copies = findCopies(look, decision.moves);
    this.describing = options.typed && new DescribingCommit(look, options.typed, decision.moves);
    this.reader = new MirrorReader((path) => [look.texts.recordedText(path)]);
  }

  async run(edits: Edits, decision: Decision): Promise<Written> {
    const planned = planTexts(this.look, edits, decision, (settled) => this.settled(settled));
    if (!this.options.dryRun) carryAhead(this.look.repository, planned);
    const limit = this.options.limit ?? LIMIT;
    const groups =
      planned.estimate < limit / 2
        ? [planned.texts]
        : await groupsForPatches(this.look.repository.context, planned.texts, limit);
    const commits: CommitId[] = [];
    for (const [i, texts] of groups.entries()) {
      this.tally = new Tally();
      const part = groups.length > 1 ? ` (${i + 1} of ${groups.length})` : '';
      const moved = groups.length === 1 ? decision.moves.facts : [];
      const id = await this.write(texts, part, commits.at(-1) ?? this.look.head, moved);
      if (id !== undefined) commits.push(id);
    }
    if (!this.options.dryRun) putBack(this.look.repository, planned);
    const parent = commits.at(-1) ?? this.look.head;
    const described = await this.describe(parent, edits, decision);
    const head = described.commits.at(-1) ?? parent;
    const keep = (): Promise<void> => this.keep(head, head !== this.look.head, decision);
    return { commits, described, head, summary: this.total.summary, problems: this.problems, keep };
  }

  /** What entities and files say of themselves; the contents are committed by now. */
  private async describe(parent: CommitId | undefined, edits: Edits, decision: Decision): Promise<Described> {
    if (this.options.dryRun || this.describing === undefined || parent === undefined)
      return NOTHING_DESCRIBED;
    const mirror = mirrorAfter(this.look, decision);
    const tell = (problem: Problem): void => void this.problems.push(problem);
    return this.describing.write({ mirror, edits, tell }, { config: this.config, ids: this.ids, parent });
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
    this.describing?.settle(settled, { isFirst, isChanged: changes > 0 });
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
      const message = this.message(part);
      const { id, problems } = draft.finish({ command: 'commit', parent, summary, moved, message });
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
    if (change.before === undefined && isFirstText(change.path, change.after)) return;
    const told = toldText(change.path, this.reader);
    this.tally.add(told);
    const key = `.dbk/index/${change.path}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.total.add(told);
    this.options.report(told);
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
