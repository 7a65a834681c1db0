/** Which fields a path has: of the type of the entity that it is or stands in, or of the folder it is in. */

import type { EntityReference } from '../model/manifest.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import { beginnings, type Beginning, type DirectoryFacts } from '../plugin/boundaries.ts';
import { namesIn } from '../store/directories.ts';
import type { Declared } from '../text/field-check.ts';
import type { IndexView } from './index-on-disk.ts';
import { absolute } from './repository.ts';
import { topOf, typeOf, type Types } from './types.ts';

export interface DeclaredFor {
  readonly kind: 'file' | 'folder' | 'entity';
  /** Absent where no type declares any for it: such as a folder between its type's top and an entity. */
  readonly declared?: Declared;
  /** Fields that stand in the path of an entity. */
  readonly values: ReadonlyMap<string, string>;
}

/** Directories whose names are kept. */
const MOST_KEPT = 100;
const NO_VALUES: ReadonlyMap<string, string> = new Map();

/** Answers for one command; each directory is looked at once. What the next commit makes an entity counts as one. */
export class Declarations {
  private readonly index: IndexView;
  private readonly types: Pick<Types, 'declared' | 'folders'>;
  private readonly around = new Map<RepositoryPath, string | undefined>();
  private readonly names = new Map<RepositoryPath, ReadonlySet<string>>();

  constructor(index: IndexView, types: Pick<Types, 'declared' | 'folders'>) {
    this.index = index;
    this.types = types;
  }

  for(path: RepositoryPath, kind: 'file' | 'folder'): DeclaredFor {
    const own = this.entityAt(path, kind);
    const above = own === undefined ? this.typeAround(kind === 'file' ? parentOf(path) : path) : undefined;
    const beginning = above === undefined ? this.beginningAt(path, kind) : undefined;
    const entity = own?.type ?? beginning?.type;
    const values = beginning?.type === entity ? (beginning?.fields ?? NO_VALUES) : NO_VALUES;
    if (kind === 'folder') {
      if (entity === undefined) return { kind, values };
      return { kind: 'entity', values, ...this.fieldsOf(entity, 'entity') };
    }
    if (entity !== undefined) return { kind: 'entity', values, ...this.fieldsOfBoth(entity) };
    return { kind, values, ...this.fieldsOf(above ?? typeOf(this.types.folders, path), 'file') };
  }

  private entityAt(path: RepositoryPath, kind: 'file' | 'folder'): EntityReference | undefined {
    if (kind === 'folder') return this.index.recordedManifest(path)?.entity;
    const entry = this.index.recordedManifest(parentOf(path))?.files.get(nameOf(path));
    return entry?.kind === 'file' ? entry.entity : undefined;
  }

  /** The type of the nearest entity that is a directory's, or that it is in. */
  private typeAround(path: RepositoryPath): string | undefined {
    if (!this.around.has(path)) {
      const own = this.index.recordedManifest(path)?.entity?.type;
      this.around.set(path, own ?? (path === ROOT ? undefined : this.typeAround(parentOf(path))));
    }
    return this.around.get(path);
  }

  private fieldsOf(type: string, of: Declared['of']): { readonly declared?: Declared } {
    const fields = this.types.declared.get(type)?.fields;
    const has = fields !== undefined && Array.from(fields.values()).some((field) => field.of === of);
    return has ? { declared: { of, fields } } : {};
  }

  /** The fields of a file that is an entity by itself. */
  private fieldsOfBoth(type: string): { readonly declared?: Declared } {
    const fields: TypeDeclaration['fields'] = this.types.declared.get(type)?.fields ?? new Map();
    const all = Array.from(fields, ([name, field]) => [name, { ...field, of: 'entity' }] as const);
    return all.length === 0 ? {} : { declared: { of: 'entity', fields: new Map(all) } };
  }

  /** The entity that begins at a path when it is recorded; entities below it, which forbid that, are not looked for. */
  private beginningAt(path: RepositoryPath, kind: 'file' | 'folder'): Beginning | undefined {
    const { declared, folders } = this.types;
    const top = topOf(folders, path);
    if (top === undefined || path === top || declared.get(folders.get(top)!) === undefined) return undefined;
    const chain: DirectoryFacts[] = [];
    for (let at = path, is = kind; ; at = parentOf(at), is = 'folder') {
      if (is === 'folder') chain.push({ path: at, files: this.filesIn(at, path, kind) });
      if (at === top) break;
    }
    const begun = beginnings({ types: declared, folders, existing: [], directories: chain });
    return begun.find((one) => one.path === path);
  }

  /** What stands in a directory, less the folder on the way to a path: nobody takes that for a file. */
  private filesIn(
    directory: RepositoryPath,
    path: RepositoryPath,
    kind: 'file' | 'folder',
  ): ReadonlySet<string> {
    const names = this.namesIn(directory);
    const next = path.slice(directory === ROOT ? 0 : directory.length + 1).split('/')[0]!;
    const isFile = kind === 'file' && parentOf(path) === directory;
    if (directory === path || isFile || !names.has(next)) return names;
    return new Set(Array.from(names).filter((name) => name !== next));
  }

  private namesIn(directory: RepositoryPath): ReadonlySet<string> {
    let names = this.names.get(directory);
    if (names === undefined) {
      if (this.names.size >= MOST_KEPT) this.names.clear();
      names = new Set(this.read(directory));
      this.names.set(directory, names);
    }
    return names;
  }

  private read(directory: RepositoryPath): readonly string[] {
    const { repository } = this.index;
    try {
      return namesIn(repository.context.disk, absolute(repository, directory));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return [];
    }
  }
}
