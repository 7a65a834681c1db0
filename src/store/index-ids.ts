/** The ids of all texts at one commit, carried from there to another one by what the patches between them say. */

import type { CommitId, ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { StanzaHeader } from '../text/patch-read.ts';
import type { Commits } from './commits.ts';
import { firstParentsTo, forkOf } from './history.ts';
import { digestOf } from './index-digest.ts';
import { historyContradicts } from './problems.ts';
import { headersOf } from './trace.ts';

/** Takes a stanza's step; false, and nothing done, where the text it starts from is another one. */
export function follow(
  ids: Map<string, ContentId>,
  { kind, path, from = path, oldId, newId }: StanzaHeader,
): boolean {
  const old = ids.get(from);
  if (kind === 'new' ? old !== undefined : old === undefined || (oldId ?? old) !== old) return false;
  if (kind === 'renamed' && ids.has(path)) return false;
  if (from !== path || kind === 'deleted') ids.delete(from);
  if (kind !== 'deleted') ids.set(path, newId ?? old!);
  return true;
}

/** Takes it back; false, and nothing done, where the text it ended with is another one. */
function followBack(
  ids: Map<string, ContentId>,
  { kind, path, from = path, oldId, newId }: StanzaHeader,
): boolean {
  const now = ids.get(path);
  if (kind === 'deleted' ? now !== undefined : now === undefined || (newId ?? now) !== now) return false;
  if (kind === 'renamed' && ids.has(from)) return false;
  if (from !== path || kind === 'new') ids.delete(path);
  if (kind !== 'new') ids.set(from, oldId ?? now!);
  return true;
}

/**
 * Who looks at many commits in turn pays for what lies between one and the next, not for their whole history, and holds
 * the ids once.
 */
export class IndexIds {
  readonly #commits: Commits;
  #at: CommitId | undefined;
  #ids = new Map<string, ContentId>();
  /** The paths as they were last sorted: some are gone since, and those in `#came` are missing or were away. */
  #sorted: readonly string[] = [];
  #came = new Set<string>();

  constructor(commits: Commits) {
    this.#commits = commits;
  }

  get(path: string): ContentId | undefined {
    return this.#ids.get(path);
  }

  /** undefined is the state before the first commit. Refuses ('damage') a history that contradicts itself. */
  moveTo(id: CommitId | undefined): void {
    if (id === this.#at) return;
    const commits = this.#commits;
    const isApart = id === undefined || this.#at === undefined;
    const fork = isApart ? undefined : forkOf(commits, this.#at, id);
    if (fork === undefined) this.#clear();
    else for (const back of firstParentsTo(commits, this.#at, fork)) this.#take(back, followBack);
    for (const on of firstParentsTo(commits, id, fork).reverse()) this.#take(on, follow);
    this.#at = id;
  }

  /** A step of a commit that follows; false, and nothing done, where the text it starts from is another one. */
  step(header: StanzaHeader): boolean {
    return this.#step(header, follow);
  }

  /** All steps of this commit were taken. */
  arrive(id: CommitId): void {
    this.#at = id;
  }

  /** What a commit says of all texts (`index:`). */
  digest(): ContentId {
    const kept = this.#sorted.filter((path) => this.#ids.has(path) && !this.#came.has(path));
    const came = [...this.#came].filter((path) => this.#ids.has(path)).sort(compareBytes);
    this.#sorted = came.length === 0 ? kept : merged(kept, came);
    this.#came = new Set();
    return digestOf(this.#inOrder());
  }

  *#inOrder(): Generator<{ readonly path: string; readonly id: ContentId }> {
    for (const path of this.#sorted) yield { path, id: this.#ids.get(path)! };
  }

  #take(id: CommitId, way: typeof follow): void {
    for (const header of headersOf(this.#commits, id))
      if (!this.#step(header, way)) throw historyContradicts(id, header.path);
  }

  #step(header: StanzaHeader, way: typeof follow): boolean {
    if (!way(this.#ids, header)) return false;
    if (header.kind !== 'changed') {
      this.#came.add(header.path);
      if (header.from !== undefined) this.#came.add(header.from);
    }
    return true;
  }

  #clear(): void {
    this.#ids = new Map();
    this.#sorted = [];
    this.#came = new Set();
  }
}

/** Two sorted lists as one. */
function merged(a: readonly string[], b: readonly string[]): string[] {
  const all: string[] = [];
  let next = 0;
  for (const path of a) {
    while (next < b.length && compareBytes(b[next]!, path) < 0) all.push(b[next++]!);
    all.push(path);
  }
  return all.concat(b.slice(next));
}
