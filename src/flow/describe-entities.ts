/** Sidecars of entities after a commit: what it touched, and what was not read before, is read. */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { TextChange } from '../model/change.ts';
import type { ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { entityOf } from '../plugin/boundaries.ts';
import { readBytes } from '../store/files.ts';
import { parseManifest } from '../text/manifest.ts';
import { FOLDER_SIDECAR, MANIFEST, mirrorNames, sidecarOf } from '../text/mirror.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { replaceExtracted } from '../text/sidecar-edit.ts';
import { LONGEST_SIDECAR, parseSidecar } from '../text/sidecar.ts';
import type { EntityAt } from './entities.ts';
import type { IndexNow } from './entity-files.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import * as say from './problems.ts';
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

/** So many sidecars make a commit: whoever stops the program loses no more than these. */
const BATCH = 500;
const LONGEST_MANIFEST = 512 * 1024 * 1024;

/** Changed sidecars, in batches in the order of their paths; a batch is recorded when the next one is asked for. */
export async function* describeEntities(question: DescribeQuestion): AsyncGenerator<readonly TextChange[]> {
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
      if (repository.context.interrupted()) return;
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
    yield changes.sort((a, b) => compareBytes(a.path, b.path));
    keepUnread(repository, new Set(left.keys()));
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
  private readonly index: IndexNow;
  /** Whether a manifest that was asked for is not the recorded one. */
  private isOdd = false;

  constructor(question: DescribeQuestion) {
    this.question = question;
    this.index = {
      manifest: (path) => {
        const text = this.text(`${question.mirror.of(path)}/${MANIFEST}`, LONGEST_MANIFEST);
        if (text === OTHER) this.isOdd = true;
        return typeof text === 'string' ? parseManifest(text) : undefined;
      },
      foldersIn: (path) => question.mirror.namesIn(path).keys(),
    };
  }

  async describe(path: RepositoryPath): Promise<{ readonly isRead: boolean; readonly change?: TextChange }> {
    const { repository, types, entities, tell } = this.question;
    const entity = entities.get(path)!;
    const place = this.sidecarOf(path, entity);
    const before = place && this.text(place, LONGEST_SIDECAR);
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
      if (read.kind === 'unstable' || this.isOdd) return { isRead: false };
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
    const { mirror } = this.question;
    if (kind === 'directory') return `${mirror.of(path)}/${FOLDER_SIDECAR}`;
    const files = this.index.manifest(parentOf(path))?.files.keys() ?? [];
    const name = mirrorNames(files, digest).get(nameOf(path));
    return name === undefined ? undefined : `${mirror.of(parentOf(path))}/${sidecarOf(name)}`;
  }

  /** A recorded text as it stands; OTHER where something else stands there. */
  private text(path: string, longest: number): string | typeof OTHER | undefined {
    const { repository, idOf } = this.question;
    const bytes = readBytes(repository.context.disk, join(repository.layout.index, path), longest);
    if (idOf(path) !== (bytes && digest(bytes))) return OTHER;
    return bytes && Buffer.from(bytes).toString('utf8');
  }
}

const OTHER = Symbol('other');
