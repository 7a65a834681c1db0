/**
 * What has to be done to a person's files so that conflicts are settled, and whether that may be done now: what a
 * conflict takes away has to be as it is recorded, or it would be lost what nobody has seen yet.
 */

import { USUAL_FOLDER_MODE, type Entry } from '../model/manifest.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Standing, Wanted } from '../sync/plan.ts';
import { FOLDER_SIDECAR } from '../text/mirror.ts';
import { TextError } from '../text/problems.ts';
import { rulerOf } from '../text/ruler.ts';
import type { Deed } from './conflict-deeds.ts';
import { planKeepFolder, planSwap } from './conflict-folders.ts';
import * as say from './conflict-problems.ts';
import { rewritten } from './conflict-texts.ts';
import { NOTHING, type Ground, type Stands, type Work } from './conflict-work.ts';
import type { EntityWork } from './entity-work.ts';
import { hintForElsewhere } from './sources.ts';

export class ConflictPlanner implements Ground {
  readonly work: EntityWork;
  readonly stands: Stands;
  private readonly edited: ReadonlySet<string>;

  constructor(work: EntityWork, stands: Stands) {
    this.work = work;
    this.stands = stands;
    const { edited } = work.seen.texts;
    this.edited = new Set(edited.flatMap(({ path }) => (rulerOf(path) === 'person' ? [path] : [])));
  }

  /** `text` is what a deed of writing writes. */
  async plan(deed: Deed, text: Extract<Wanted, { kind: 'file' }> | undefined): Promise<Work | Problem> {
    switch (deed.kind) {
      case 'close':
        return NOTHING;
      case 'keep':
        return deed.stays === deed.name
          ? ((await this.chosenElsewhere(deed)) ?? this.removing(deed.goes))
          : this.replacing(deed.name, deed.stays, undefined);
      case 'write':
        return this.replacing(deed.name, deed.goes, text);
      case 'remove':
        return this.isFolder(deed.path) ? this.removingFolder(deed.path) : this.removing(deed.path);
      case 'keep-folder':
        return planKeepFolder(this, deed);
      case 'swap':
        return planSwap(this, deed);
      case 'move':
        return this.moving(deed.from, deed.to);
      case 'field':
      case 'prose':
        return (await this.rewriting(deed)) ?? NOTHING;
    }
  }

  private async rewriting(deed: Extract<Deed, { kind: 'field' | 'prose' }>): Promise<Problem | undefined> {
    const { path } = deed;
    if (!this.isFolder(path) && this.entry(path) === undefined) return say.notRecorded(path);
    try {
      await rewritten(this.work.edit.text(this.sidecar(path)), deed);
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      return say.textRefused(path, error.problem);
    }
    return this.textProblem(path);
  }

  /** What goes while what stays is not here would leave nothing here. */
  private async chosenElsewhere({
    stays,
    goes,
  }: Extract<Deed, { kind: 'keep' }>): Promise<Problem | undefined> {
    if (this.stands(stays).kind !== 'absent' || this.stands(goes).kind === 'absent') return undefined;
    return this.notHere(stays);
  }

  async notHere(path: RepositoryPath): Promise<Problem> {
    return say.notHere(path, await hintForElsewhere(this.work.seen.repository));
  }

  entry(path: RepositoryPath): Entry | undefined {
    return path === ROOT ? undefined : this.work.edit.recorded(parentOf(path))?.files.get(nameOf(path));
  }

  isFolder(path: RepositoryPath): boolean {
    return this.work.edit.recorded(path) !== undefined;
  }

  /** Where what is written about a recorded path stands. */
  sidecar(path: RepositoryPath): string {
    const { edit } = this.work;
    return this.isFolder(path) ? `${edit.mirror.of(path)!}/${FOLDER_SIDECAR}` : edit.sidecarPath(path);
  }

  private removing(path: RepositoryPath): Work | Problem {
    const entry = this.entry(path);
    if (entry === undefined) return say.notRecorded(path);
    const problem = this.textProblem(path) ?? this.changed(path, entry);
    if (problem !== undefined) return problem;
    return this.stands(path).kind === 'absent' ? NOTHING : { wanted: new Map([[path, { kind: 'nothing' }]]) };
  }

  private removingFolder(path: RepositoryPath): Work | Problem {
    const { edit, seen } = this.work;
    if (path === ROOT || edit.recorded(path)!.files.size > 0 || edit.foldersIn(path).length > 0)
      return say.notEmpty(path);
    const problem = this.textProblem(path);
    if (problem !== undefined) return problem;
    const standing = this.stands(path);
    if (standing.kind === 'absent') return NOTHING;
    const isEmpty = !seen.dirty.some(
      (directory) => directory.path === path && seen.describe(directory).present.files.size > 0,
    );
    if (standing.kind !== 'directory' || !isEmpty) return say.notEmpty(path);
    return { wanted: new Map([[path, { kind: 'nothing' }]]) };
  }

  /** What stands at `from`, or a new text, comes to `name`, and `from` goes. */
  private replacing(
    name: RepositoryPath,
    from: RepositoryPath,
    text: Extract<Wanted, { kind: 'file' }> | undefined,
  ): Work | Problem {
    const [old, entry] = [this.entry(name), this.entry(from)];
    if (entry === undefined) return say.notRecorded(from);
    if (old === undefined) return say.notRecorded(name);
    const after = text ?? wantedOf(entry);
    // Where an earlier try was broken off, it stands there already.
    const isThere = holds(this.stands(name), after);
    const problem =
      this.textProblem(name) ??
      this.textProblem(from) ??
      (isThere ? undefined : this.changed(name, old)) ??
      this.changed(from, entry);
    if (problem !== undefined) return problem;
    const isHere = [name, from].some((path) => this.stands(path).kind !== 'absent');
    // Of what is held elsewhere only the index says something.
    if (!isHere && text === undefined) return NOTHING;
    return {
      wanted: new Map([
        [name, after],
        [from, { kind: 'nothing' }],
      ]),
    };
  }

  private moving(from: RepositoryPath, to: RepositoryPath): Work | Problem {
    if (from === ROOT) return say.cannotTell('.');
    const isFolder = this.isFolder(from);
    if (!isFolder && this.entry(from) === undefined) return say.notRecorded(from);
    if (`${to}/`.startsWith(`${from}/`) || `${from}/`.startsWith(`${to}/`)) return say.placeTaken(from, to);
    const standing = this.stands(from);
    const isTaken = this.isFolder(to) || this.entry(to) !== undefined || this.stands(to).kind !== 'absent';
    if (isTaken) return say.placeTaken(from, to);
    if (standing.kind === 'absent') return NOTHING;
    const isSame = isFolder
      ? standing.kind === 'directory'
      : standing.kind === 'file' || standing.kind === 'link';
    if (!isSame) return say.uncommitted(from);
    return { wanted: this.foldersFor(to), moves: [{ from, to }] };
  }

  /** The folders above a path that are not here. */
  private foldersFor(path: RepositoryPath): Map<RepositoryPath, Wanted> {
    const wanted = new Map<RepositoryPath, Wanted>();
    for (let at = parentOf(path); at !== ROOT; at = parentOf(at)) {
      if (this.stands(at).kind === 'directory') continue;
      wanted.set(at, { kind: 'directory', mode: this.work.edit.recorded(at)?.mode ?? USUAL_FOLDER_MODE });
    }
    return wanted;
  }

  textProblem(path: RepositoryPath): Problem | undefined {
    if (this.entry(path) === undefined && !this.isFolder(path)) return undefined;
    return this.edited.has(this.sidecar(path)) ? say.uncommittedText(path) : undefined;
  }

  changed(path: RepositoryPath, entry: Entry): Problem | undefined {
    const standing = this.stands(path);
    switch (standing.kind) {
      case 'absent':
        return undefined;
      case 'file':
        return entry.kind === 'file' && entry.blake3 === standing.blake3 ? undefined : say.uncommitted(path);
      case 'link':
        return entry.kind === 'link' && entry.target === standing.target ? undefined : say.uncommitted(path);
      case 'other':
        return say.cannotChange(path, standing.why);
      case 'behind':
        return say.cannotChange(path, `'${standing.above}' is no folder`);
      case 'directory':
        return say.uncommitted(path);
    }
  }
}

function holds(standing: Standing, wanted: Wanted): boolean {
  if (standing.kind === 'file') return wanted.kind === 'file' && standing.blake3 === wanted.blake3;
  return standing.kind === 'link' && wanted.kind === 'link' && standing.target === wanted.target;
}

function wantedOf(entry: Entry): Wanted {
  if (entry.kind === 'link') return { kind: 'link', target: entry.target };
  const { blake3, size, mtime, mode } = entry;
  return { kind: 'file', blake3: blake3!, size, mtime, mode };
}
