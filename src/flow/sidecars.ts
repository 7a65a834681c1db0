/** The sidecars that a command is about, by the paths a person gave: where they stand, what they say, what they may. */

import type { RepositoryPath } from '../model/path.ts';
import { Refusal, refuse } from '../model/problem.ts';
import type { Moves } from '../diff/move-lookup.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parseSidecar, type Sidecar } from '../text/sidecar.ts';
import { Declarations, type DeclaredFor } from './declared-for.ts';
import { textOf } from './edits.ts';
import type { Eyes } from './eyes.ts';
import { indexOnDisk, type IndexOnDisk } from './index-on-disk.ts';
import { typesForReading } from './judge.ts';
import { look } from './look.ts';
import { seeMoves } from './moves.ts';
import { readPeople, type People } from './people.ts';
import type { Repository } from './repository.ts';
import { Siblings, sidecarPlace, type SidecarPlace } from './sidecar-of.ts';

export interface SidecarAt {
  readonly path: RepositoryPath;
  /** Below `index/`. */
  readonly text: string;
  /** Absolute. */
  readonly file: string;
  readonly about: DeclaredFor;
}

/** Answers for one command. */
export class Sidecars {
  readonly index: IndexOnDisk;
  private readonly siblings: Siblings;
  private readonly repository: Repository;
  private readonly eyes: Eyes;
  private declarations: Promise<Declarations> | undefined;
  private moves: Promise<Moves> | undefined;
  private known: Promise<People> | undefined;

  constructor(repository: Repository, eyes: Eyes) {
    this.repository = repository;
    this.eyes = eyes;
    this.index = indexOnDisk(repository);
    this.siblings = new Siblings(this.index);
  }

  /**
   * The sidecar of a path, be there one or not. What was moved since the last commit has it where it was: from
   * there the next commit takes it along. Refuses ('failed') where nothing is here or recorded.
   */
  async at(path: RepositoryPath): Promise<SidecarAt> {
    const place = sidecarPlace(this.index, path, undefined, this.siblings);
    if (place === undefined) {
      refuse('failed', 'flow/nothing-here', `'${path}' is neither here nor recorded`, {
        hint: 'see what is recorded with: dbk ls',
      });
    }
    const isWritten = this.index.texts.currentBytes(place.text) !== undefined;
    const isNew = !place.isRecorded && !isWritten;
    const from = isNew ? await this.before(path, place) : undefined;
    const about = await this.declaredFor(from?.path ?? path, place.kind);
    return this.placed(path, from?.text ?? place.text, about);
  }

  /** What stands in a text; undefined where there is none. Refuses ('failed'), with the line, what cannot be read. */
  async read({
    text: path,
  }: Pick<SidecarAt, 'text'>): Promise<{ text: string; sidecar: Sidecar } | undefined> {
    const bytes = this.index.texts.currentBytes(path);
    if (bytes === undefined) return undefined;
    const text = textOf(path, bytes);
    if (typeof text === 'object') throw new Refusal('failed', text);
    try {
      return { text, sidecar: await parseByPeople(parseSidecar, text) };
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      const place = { ...error.problem.place, path: `.dbk/index/${path}` };
      throw new Refusal('failed', { hint: 'correct it with: dbk edit', ...error.problem, place });
    }
  }

  /** Those whom sidecars can refer to. */
  async people(): Promise<People> {
    return (this.known ??= readPeople(this.index.texts));
  }

  /** Where what stands at a path is recorded: elsewhere, if it was moved since the last commit. */
  async recordedAs(path: RepositoryPath): Promise<RepositoryPath> {
    const place = sidecarPlace(this.index, path);
    const isMoved = place !== undefined && !place.isRecorded;
    return (isMoved ? await this.before(path, place) : undefined)?.path ?? path;
  }

  placed(path: RepositoryPath, text: string, about: DeclaredFor): SidecarAt {
    return { path, text, file: `${this.repository.layout.index}/${text}`, about };
  }

  async declaredFor(path: RepositoryPath, kind: 'file' | 'folder'): Promise<DeclaredFor> {
    this.declarations ??= typesForReading(this.index).then((types) => new Declarations(this.index, types));
    return (await this.declarations).for(path, kind);
  }

  /** Where the sidecar stands of what has come to a path from another one; found by a look at everything. */
  private async before(
    path: RepositoryPath,
    { kind }: SidecarPlace,
  ): Promise<{ readonly path: RepositoryPath; readonly text: string } | undefined> {
    if (this.repository.commits.readHead() === undefined) return undefined;
    this.moves ??= this.look();
    const moves = await this.moves;
    const from = kind === 'folder' ? moves.folderInto(path) : moves.into(path)?.from.path;
    const place = from === undefined ? undefined : sidecarPlace(this.index, from, kind);
    return from === undefined || place === undefined ? undefined : { path: from, text: place.text };
  }

  private async look(): Promise<Moves> {
    return seeMoves(await look(this.repository, this.eyes, { hashNew: false, checkEverything: false }));
  }
}
