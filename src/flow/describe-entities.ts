/** Sidecars of entities after a commit: what it touched, and what was not read before, is read. */

import type { TextChange } from '../model/change.ts';
import type { ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { entityOf } from '../plugin/boundaries.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { replaceExtracted } from '../text/sidecar-edit.ts';
import { LONGEST_SIDECAR, parseSidecar } from '../text/sidecar.ts';
import type { EntityAt } from './entities.ts';
import { IndexHere, OTHER } from './index-here.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import * as say from './reading-problems.ts';
import { hasReaders, readEntity } from './read-entities.ts';
import type { Repository } from './repository.ts';
import type { Types } from './types.ts';
import { keepUnread, unreadEntities } from './unread.ts';

export interface DescribeQuestion {
  readonly repository: Repository;
  readonly types: Types;
  /** Those of the new head. */
  readonly entities: ReadonlyMap<RepositoryPath, EntityAt>;
  /** Directories that the commit changed. */
  readonly touched: Iterable<RepositoryPath>;
  readonly mirror: MirrorAfter;
  /** The id of a text at the new head. */
  readonly idOf: (path: string) => ContentId | undefined;
  readonly tell: (problem: Problem) => void;
}

/** Texts that change together. */
export interface Batch {
  /** In the order of a patch. */
  readonly changes: readonly TextChange[];
  /** Of how many things they are. */
  readonly count: number;
}

/** So many sidecars make a commit: whoever stops the program loses no more than these. */
const BATCH = 500;

/** Changed sidecars, in batches in the order of their paths; a batch is recorded when the next one is asked for. */
export async function* describeEntities(question: DescribeQuestion): AsyncGenerator<Batch> {
  const { repository } = question;
  const before = unreadEntities(repository);
  const left = new Map<string, RepositoryPath>();
  for (const path of entitiesToRead(question, before)) left.set(question.entities.get(path)!.id, path);
  if (left.size === 0) {
    if (before.size > 0) keepUnread(repository, new Set());
    return;
  }
  keepUnread(repository, new Set(left.keys()));
  const paths = [...left].sort(([, a], [, b]) => compareBytes(a, b));
  const describing = new Describing(question);
  for (let at = 0; at < paths.length; at += BATCH) {
    const changes: TextChange[] = [];
    for (const [id, path] of paths.slice(at, at + BATCH)) {
      if (repository.context.interrupted()) break;
      repository.context.progress.tell({
        phase: 'Describing',
        path,
        files: at,
        bytes: 0,
        totalFiles: paths.length,
      });
      const { isRead, change } = await describing.describe(path);
      if (change !== undefined) changes.push(change);
      if (isRead) left.delete(id);
    }
    changes.sort((a, b) => compareBytes(a.path, b.path));
    if (changes.length > 0) yield { changes, count: changes.length };
    keepUnread(repository, new Set(left.keys()));
    if (repository.context.interrupted()) return;
  }
}

function* entitiesToRead(
  { entities, touched, types }: DescribeQuestion,
  unread: ReadonlySet<string>,
): Generator<RepositoryPath> {
  const hit = new Set<RepositoryPath>();
  for (const directory of touched) {
    const root = entityOf(directory, entities);
    if (root !== undefined) hit.add(root);
  }
  const directories = new Set(touched);
  for (const [path, { id, type, kind }] of entities) {
    const isHit = hit.has(path) || unread.has(id) || (kind === 'file' && directories.has(parentOf(path)));
    if (isHit && hasReaders(types, type)) yield path;
  }
}

class Describing {
  private readonly question: DescribeQuestion;
  private readonly index: IndexHere;

  constructor(question: DescribeQuestion) {
    this.question = question;
    this.index = new IndexHere(question.repository, question.mirror, question.idOf);
  }

  async describe(path: RepositoryPath): Promise<{ readonly isRead: boolean; readonly change?: TextChange }> {
    const { repository, types, entities, tell } = this.question;
    const entity = entities.get(path)!;
    const place = this.sidecarOf(path, entity);
    const before = place && this.index.text(place, LONGEST_SIDECAR);
    // What somebody is writing there just now is asked about at the next commit.
    if (place === undefined || before === OTHER) return { isRead: false };
    try {
      const sidecar = before === undefined ? undefined : await parseByPeople(parseSidecar, before);
      const read = await readEntity(
        repository,
        this.index,
        types,
        { path, entity, known: sidecar?.extracted },
        tell,
      );
      if (read.kind === 'unstable' || this.index.isOdd) return { isRead: false };
      if (read.kind === 'known') return { isRead: true };
      const { extracted } = read;
      const after = await parseByPeople(
        (text, people) => replaceExtracted(text, extracted, people),
        before ?? '',
      );
      const isSame = (after === '' ? undefined : after) === before;
      return { isRead: true, ...(!isSame && { change: { path: place, before, after } }) };
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      tell(say.sidecarInTheWay(place, error.problem));
      return { isRead: true };
    }
  }

  /** undefined where the entity itself cannot be found in the index any more. */
  private sidecarOf(path: RepositoryPath, { kind }: EntityAt): string | undefined {
    return kind === 'directory' ? this.index.folderSidecar(path) : this.index.fileSidecar(path);
  }
}
