/** The whole history of `index/` as the stream that `git fast-import` reads. */

import type { CommitId, ContentId } from '../model/id.ts';
import { Interrupted } from '../model/problem.ts';
import { history } from '../store/history.ts';
import { applyOf, headersOf, patchOf } from '../store/trace.ts';
import type { Stanza, StanzaHeader } from '../text/patch-read.ts';
import { openAside, type Aside } from './aside.ts';
import { dataOf, momentOf, pathOf, personOf } from './git-words.ts';
import { PassingTexts } from './passing-texts.ts';
import type { Repository } from './repository.ts';

/**
 * The commits that `from` came from, the first one first, `from` last, each with its parents; `ref` is what points
 * to it afterwards. The committer is the repository that made the commit. Equal histories give equal streams, so
 * importing a longer one later continues the first.
 *
 * Memory is that of a text, of the ids of the texts that change, and of at most some 64 MB of texts that change
 * again (`held` characters); more are held on the disk meanwhile.
 */
export function* exportGit(
  repository: Repository,
  from: CommitId,
  ref: string,
  held?: number,
): Generator<string> {
  const commits = Array.from(history(repository.commits, from), ({ id }) => id).reverse();
  let aside: Aside | undefined;
  const folder = (): string => (aside ??= openAside(repository, 'export git')).folder;
  try {
    const texts = new PassingTexts(repository.context.disk, folder, held);
    yield* new Telling(repository, ref, texts).tell(commits);
  } finally {
    aside?.remove();
  }
}

class Telling {
  readonly #repository: Repository;
  readonly #ref: string;
  readonly #texts: PassingTexts;
  readonly #marks = new Map<CommitId, number>();
  /** The commits after which a name is gone. */
  readonly #removing = new Set<CommitId>();

  constructor(repository: Repository, ref: string, texts: PassingTexts) {
    this.#repository = repository;
    this.#ref = ref;
    this.#texts = texts;
  }

  *tell(commits: readonly CommitId[]): Generator<string> {
    for (const id of commits) this.#count(id);
    // With its end announced, a stream that was cut is an error.
    yield 'feature done\n';
    for (const id of commits) {
      yield this.#letter(id);
      yield* this.#changes(id);
      yield '\n';
    }
    yield 'done\n';
  }

  #count(id: CommitId): void {
    this.#stopIfAsked();
    for (const header of headersOf(this.#repository.commits, id)) {
      const source = sourceOf(header);
      if (source !== undefined) this.#texts.expect(source);
      if (header.kind === 'deleted' || header.kind === 'renamed') this.#removing.add(id);
    }
  }

  #letter(id: CommitId): string {
    const commit = this.#repository.commits.readCommit(id);
    const mark = this.#marks.size + 1;
    this.#marks.set(id, mark);
    const [first, ...others] = [...new Set(commit.parents)].map((parent) => `:${this.#marks.get(parent)!}\n`);
    const moment = momentOf(commit);
    return [
      // Else a second commit without parents would follow whatever was told before.
      first === undefined ? `reset ${this.#ref}\n` : '',
      `commit ${this.#ref}\nmark :${mark}\n`,
      `author ${personOf(commit.author)} ${moment}\n`,
      `committer ${personOf(commit.repository)} ${moment}\n`,
      dataOf(commit.message),
      first === undefined ? '' : `from ${first}`,
      ...others.map((parent) => `merge ${parent}`),
    ].join('');
  }

  /** What goes stands before what comes: a directory may take the place of a text, or the other way round. */
  *#changes(id: CommitId): Generator<string> {
    const { commits } = this.#repository;
    if (this.#removing.has(id)) {
      for (const { kind, path, from, newId } of headersOf(commits, id)) {
        if (kind === 'deleted') yield `D ${pathOf(path)}\n`;
        else if (from !== undefined && newId !== undefined) yield `D ${pathOf(from)}\n`;
        else if (from !== undefined) yield `R ${pathOf(from)} ${pathOf(path)}\n`;
      }
    }
    for (const stanza of patchOf(commits, id, false)) {
      this.#stopIfAsked();
      if (stanza.kind === 'deleted' || stanza.newId === undefined) continue;
      yield `M 100644 inline ${pathOf(stanza.path)}\n${dataOf(this.#textAfter(id, stanza, stanza.newId))}`;
    }
  }

  #textAfter(id: CommitId, stanza: Stanza, newId: ContentId): string {
    const source = sourceOf(stanza);
    const before = source === undefined ? undefined : this.#texts.use(source);
    const text = applyOf(this.#repository.commits, id, stanza, before)!;
    this.#texts.keep(newId, text);
    return text;
  }

  #stopIfAsked(): void {
    if (this.#repository.context.interrupted()) throw new Interrupted();
  }
}

/** The text that has to be at hand to make the one after; a text that only goes, or goes elsewhere, need not be. */
function sourceOf({ kind, oldId, newId }: StanzaHeader): ContentId | undefined {
  return kind === 'deleted' || newId === undefined ? undefined : oldId;
}
