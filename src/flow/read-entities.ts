/** What entities say of themselves: after a commit the readers of their types are asked, and sidecars are told. */

import { join } from 'node:path/posix';
import { parseInstant } from '../model/instant.ts';
import type { FileEntry } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import { Answers } from '../plugin/answers.ts';
import { MOST_READ, type EntityReader, type Finding, type TypePlugin } from '../plugin/api.ts';
import { takes } from '../plugin/file-patterns.ts';
import { NotAsRecorded, OpenFiles } from '../scan/byte-source.ts';
import type { Extracted } from '../text/sidecar.ts';
import type { EntityAt } from './entities.ts';
import { contentOfEntity, filesOfEntity, type IndexNow } from './entity-files.ts';
import { byOf } from './files-to-read.ts';
import { inTime } from './in-time.ts';
import { fieldsAt, together } from './own-entity.ts';
import * as say from './reading-problems.ts';
import { absolute, type Repository } from './repository.ts';
import type { Types } from './types.ts';

export interface EntityToRead {
  readonly path: RepositoryPath;
  readonly entity: EntityAt;
  /** What was read of it last. */
  readonly known: Extracted | undefined;
}

/**
 * What came of it: nothing new, facts (undefined: none, what was known goes), or a file that is not what is recorded,
 * so that it has to be asked again.
 */
export type EntityRead =
  | { readonly kind: 'known' }
  | { readonly kind: 'read'; readonly extracted: Extracted | undefined }
  | { readonly kind: 'unstable' };

/** Whether a type has anything to tell of its entities. */
export function hasReaders({ plugins }: Types, type: string): boolean {
  return (plugins.get(type)?.entityReaders ?? []).length > 0;
}

/** Asks the readers of one entity; what they do wrong is told, and the rest counts. */
export async function readEntity(
  repository: Repository,
  index: IndexNow,
  types: Types,
  { path, entity, known }: EntityToRead,
  tell: (problem: Problem) => void,
): Promise<EntityRead> {
  const plugin = types.plugins.get(entity.type);
  const declared = types.declared.get(entity.type);
  if (plugin === undefined || declared === undefined) return { kind: 'known' };
  const readers = plugin.entityReaders ?? [];
  const files = filesOfEntity(index, path, entity);
  const patterns = readers.map((reader) => reader.files);
  const isFile = entity.kind === 'file';
  const of = (isFile ? files.get(nameOf(path))?.blake3 : undefined) ?? contentOfEntity(files, patterns);
  const by = byOf(plugin);
  const isKnown = known?.of === of && known.by === by;
  // The block of a file that is an entity may be there for the file alone.
  if (isKnown && !isFile) return { kind: 'known' };
  const base = isFile ? parentOf(path) : path;
  const reading = new Reading(repository, plugin, declared, base, files, tell);
  for (const reader of readers) await reading.ask(reader);
  if (!reading.isAsRecorded) return { kind: 'unstable' };
  const ofFile = isFile && isKnown ? fieldsAt(known.fields, declared, 'file') : new Map<string, never>();
  const fields = together(ofFile, reading.answers.fields);
  return { kind: 'read', extracted: fields.size === 0 ? undefined : { of, by, fields } };
}

/** One entity and what its readers have said so far. */
class Reading {
  readonly answers: Answers;
  isAsRecorded = true;
  private readonly repository: Repository;
  private readonly plugin: TypePlugin;
  private readonly base: RepositoryPath;
  private readonly files: ReadonlyMap<string, FileEntry>;
  private readonly tell: (problem: Problem) => void;

  constructor(
    repository: Repository,
    plugin: TypePlugin,
    declared: TypeDeclaration,
    base: RepositoryPath,
    files: ReadonlyMap<string, FileEntry>,
    tell: (problem: Problem) => void,
  ) {
    this.repository = repository;
    this.plugin = plugin;
    this.answers = new Answers('entity', declared, (field, wrong) =>
      tell(say.wrongFieldRead(plugin.name, base, field, wrong)),
    );
    this.base = base;
    this.files = files;
    this.tell = tell;
  }

  async ask(reader: EntityReader): Promise<void> {
    const open = new OpenFiles(this.repository.context.disk, MOST_READ, this.repository.rendering);
    try {
      const answer = await inTime(
        reader.read(
          {
            files: new Map(Array.from(this.files, ([path, { size }]) => [path, size])),
            open: (path) => this.source(open, reader, path),
          },
          (finding) => this.tell(say.found(finding, this.placeOf(finding))),
        ),
      );
      this.answers.take(answer);
    } catch (error) {
      // The disk is no fault of the reader's.
      if (!(error instanceof NotAsRecorded)) this.tell(say.readerFailed(this.plugin.name, this.base, error));
    } finally {
      open.close();
    }
    if (!open.areAsRecorded) this.isAsRecorded = false;
  }

  private source(
    open: OpenFiles,
    reader: EntityReader,
    path: string,
  ): ReturnType<OpenFiles['source']> | undefined {
    const entry = this.files.get(path);
    if (entry === undefined || !takes(reader.files, path)) return undefined;
    const place = join(absolute(this.repository, this.base), path);
    return open.source(place, { size: entry.size, mtime: parseInstant(entry.mtime) ?? 0n });
  }

  private placeOf({ path }: Finding): RepositoryPath {
    return path === undefined ? this.base : childOf(this.base, path as Name);
  }
}
