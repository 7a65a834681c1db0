/** What the merged types and the merged policy rule: which fields a thing has, and which entities are wholes. */

import type { EntityReference, Manifest } from '../model/manifest.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import { typedFolders } from '../plugin/boundaries.ts';
import type { Declared } from '../text/field-check.ts';
import { DEFAULT_POLICY, parsePolicy, type Policy } from '../text/policy.ts';
import { TextError } from '../text/problems.ts';
import { parseType } from '../text/types.ts';
import { readPeople } from '../text/yaml-people.ts';
import { typeOf } from './types.ts';

/** The texts of the merged index that rule the others. */
export interface RulingTexts {
  policy: string | undefined;
  /** By the names of the types. */
  readonly types: ReadonlyMap<string, string>;
}

export interface JoinTypes {
  /** Types of which an entity is one whole. */
  readonly wholes: ReadonlySet<string>;
  /** The fields of a file or folder of a tree; undefined where no type declares any. */
  declaredFor(
    path: RepositoryPath,
    what: 'file' | 'directory',
    manifest: (path: RepositoryPath) => Manifest | undefined,
  ): Declared | undefined;
}

export function joinTypes({ policy, types }: RulingTexts): JoinTypes {
  const declared = new Map<string, TypeDeclaration>();
  for (const [name, text] of types) {
    const type = readable(() => parseType(text));
    if (type !== undefined) declared.set(name, type);
  }
  const ruled: Policy =
    policy === undefined
      ? DEFAULT_POLICY
      : (readable(() => parsePolicy(policy, readPeople)) ?? DEFAULT_POLICY);
  const folders = typedFolders(declared, ruled.folders);
  const fieldsOf = (type: string | undefined, of: Declared['of'], all = false): Declared | undefined => {
    const fields = type === undefined ? undefined : declared.get(type)?.fields;
    if (fields === undefined) return undefined;
    if (!all) return { of, fields };
    return { of, fields: new Map([...fields].map(([name, field]) => [name, { ...field, of }])) };
  };
  return {
    wholes: new Set([...declared].filter(([, { merge }]) => merge === 'whole').map(([name]) => name)),
    declaredFor: (path, what, manifest) => {
      if (what === 'directory') return fieldsOf(manifest(path)?.entity?.type, 'entity');
      const entry = manifest(parentOf(path))?.files.get(nameOf(path));
      const own = entry?.kind === 'file' ? entry.entity : undefined;
      if (own !== undefined) return fieldsOf(own.type, 'entity', true);
      return fieldsOf(entityAround(parentOf(path), manifest)?.type ?? typeOf(folders, path), 'file');
    },
  };
}

function entityAround(
  directory: RepositoryPath,
  manifest: (path: RepositoryPath) => Manifest | undefined,
): EntityReference | undefined {
  for (let at = directory; ; at = parentOf(at)) {
    const own = manifest(at)?.entity;
    if (own !== undefined || at === ROOT) return own;
  }
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}
