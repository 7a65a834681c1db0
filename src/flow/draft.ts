/** One commit in the making: text by text into its patch, then its letter, then `index/` and head. */

import { digest } from '../disk/blake3.ts';
import type { Summary, TextChange } from '../model/change.ts';
import type { Commit, Move } from '../model/commit.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { CommitWriter } from '../store/commit-writer.ts';
import { advance, isUnfinished } from '../store/working.ts';
import { cleanMessage } from '../text/commit.ts';
import { writeStanza } from '../text/patch-write.ts';
import type { Config } from '../text/config.ts';
import { authorOf, localDate } from './config.ts';
import { digestOf } from '../store/index-digest.ts';
import type { IndexTexts } from './index-texts.ts';
import type { Repository } from './repository.ts';

/** Ids of texts that commits changed since the index was looked at; undefined: the text was removed. */
export type ChangedIds = Map<string, ContentId | undefined>;

export interface Letter {
  /** What the person asked for: `commit`, `forget`. */
  readonly command: string;
  readonly parent: CommitId | undefined;
  readonly summary: Summary;
  readonly message: string;
  readonly moved?: readonly Move[];
  readonly forgotten?: readonly RepositoryPath[];
}

export class Draft {
  /** How many texts change. */
  changed = 0;
  private readonly repository: Repository;
  private readonly config: Config;
  private readonly texts: IndexTexts;
  private readonly ids: ChangedIds;
  private readonly writer: CommitWriter;
  /** What the texts that change were before. */
  private readonly before: ChangedIds = new Map();
  private last: string | undefined;

  /** `ids` holds what earlier commits of the same command changed, and is added to. */
  constructor(repository: Repository, config: Config, texts: IndexTexts, ids: ChangedIds) {
    this.repository = repository;
    this.config = config;
    this.texts = texts;
    this.ids = ids;
    this.writer = repository.commits.beginCommit();
  }

  /** Texts come in the order of the bytes of their paths, each once: a commit of others could not be read again. */
  take(change: TextChange): void {
    const { path, from = path } = change;
    if (this.last !== undefined && compareBytes(this.last, path) >= 0)
      throw new Error(`'${path}' is out of order in a commit`);
    this.last = path;
    const before = this.idOf(from);
    this.before.set(from, before);
    if (from !== path) {
      this.before.set(path, this.idOf(path));
      this.ids.set(from, undefined);
    }
    const after = change.after === undefined ? undefined : digest(change.after);
    this.ids.set(path, after);
    this.changed++;
    this.writer.write(writeStanza(change, digest, { ...(before && { before }), ...(after && { after }) }));
  }

  /** Writes the letter and goes there; what could not be placed in `index/` is told. */
  finish(letter: Letter): { readonly id: CommitId; readonly problems: readonly Problem[] } {
    // Upon one that is not there nothing could be brought back from the history any more.
    if (letter.parent !== undefined) this.repository.commits.readCommit(letter.parent);
    const id = this.writer.finish(this.commit(letter));
    return { id, problems: this.advance(letter, id) };
  }

  abandon(): void {
    this.writer.abandon();
  }

  private commit({ parent, summary, message, moved = [], forgotten = [] }: Letter): Omit<Commit, 'changes'> {
    return {
      parents: parent === undefined ? [] : [parent],
      index: digestOf(this.textsAfter()),
      author: authorOf(this.repository, this.config),
      repository: this.config.name,
      date: localDate(this.repository.context.clock),
      moved,
      forgotten,
      summary,
      message: cleanMessage(message),
    };
  }

  /** Where advancing cannot even begin (a full disk), the commit is taken back and all is as before. */
  private advance({ command, parent }: Letter, to: CommitId): Problem[] {
    const { commits, context, layout } = this.repository;
    const recorded = (path: string): ContentId | undefined =>
      this.before.has(path) ? this.before.get(path) : this.idOf(path);
    try {
      return advance(commits, { command, from: parent, to, recorded });
    } catch (error) {
      if (!isUnfinished(context.disk, layout) && commits.readHead() !== to) commits.withdrawCommit(to);
      throw error;
    }
  }

  /** After what was written so far. */
  private idOf(path: string): ContentId | undefined {
    return this.ids.has(path) ? this.ids.get(path) : this.texts.recordedId(path);
  }

  /** Every text after what was written so far, sorted by path. */
  private *textsAfter(): Generator<{ path: string; id: ContentId }> {
    const changed = [...this.ids].sort(([a], [b]) => compareBytes(a, b));
    let next = 0;
    for (const text of this.texts.recorded()) {
      while (next < changed.length && compareBytes(changed[next]![0], text.path) < 0)
        yield* present(changed[next++]!);
      if (next < changed.length && changed[next]![0] === text.path) yield* present(changed[next++]!);
      else yield text;
    }
    for (; next < changed.length; next++) yield* present(changed[next]!);
  }
}

function* present([path, id]: [string, ContentId | undefined]): Generator<{ path: string; id: ContentId }> {
  if (id !== undefined) yield { path, id };
}
