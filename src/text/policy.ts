/** What counts in a family of repositories: types of folders, what is recorded, how many copies (README.md, section 7). */

import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { block, type Value } from '../model/value.ts';
import { escapePath } from './names.ts';
import {
  listOf,
  mapOf,
  number,
  oneOf,
  parsePeoplesText,
  pathOrFolder,
  repositoryName,
  someText,
} from './reader.ts';
import type { At, Fields, More } from './reader.ts';
import type { Reader } from './yaml-read.ts';
import { byBytes, writeText } from './yaml-write.ts';

/** What else of a file may be recorded. */
export type Attribute = 'owner' | 'group' | 'acl' | 'xattrs';

export interface Policy extends More {
  /** Which folder has which type. */
  readonly folders: ReadonlyMap<RepositoryPath, string>;
  readonly record: ReadonlySet<Attribute>;
  /** How many other repositories must hold a content before it may be dropped. */
  readonly copies: number;
  /** Repositories that belong together, by the name of the group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

const ATTRIBUTES: readonly Attribute[] = ['owner', 'group', 'acl', 'xattrs'];

/** What a new repository begins with. */
export const DEFAULT_POLICY_TEXT = `dbk: policy 1
# Which folder has which type, one a line: "  Music: music" below "folders:".
folders: {}
# What else to record of files and folders: any of owner, group, acl, xattrs.
record: []
# How many other repositories must hold a content before it may be dropped here.
copies: 1
# Repositories that belong together, one group a line: "  home: [laptop, nas]" below "groups:".
groups: {}
`;

export const DEFAULT_POLICY: Policy = {
  folders: new Map(),
  record: new Set(),
  copies: 1,
  groups: new Map(),
};

/** The policy that a text says; throws a TextError. For `people` see reader.ts, `parsePeoplesText`. */
export function parsePolicy(text: string, people?: Reader): Policy {
  return parsePeoplesText(text, 'policy', readPolicy, people);
}

/** The canonical text, in which no comments are. */
export function writePolicy(policy: Policy): string {
  const folders = Array.from(policy.folders).sort(([a], [b]) => compareBytes(a, b));
  const entries: [string, Value][] = [
    ['folders', block(folders.map(([path, type]) => [escapePath(path), type]))],
    ['record', ATTRIBUTES.filter((attribute) => policy.record.has(attribute))],
    ['copies', policy.copies],
    ['groups', block(byBytes(policy.groups))],
    ...byBytes(policy.more),
  ];
  return writeText('policy', entries);
}

function readPolicy(fields: Fields): Policy {
  return {
    folders: fields.otherwise('folders', mapOf(folder, someText), DEFAULT_POLICY.folders),
    record: new Set(fields.otherwise('record', listOf(oneOf(...ATTRIBUTES)), [])),
    copies: fields.otherwise('copies', number, DEFAULT_POLICY.copies),
    groups: fields.otherwise('groups', mapOf(someText, listOf(repositoryName)), DEFAULT_POLICY.groups),
    ...fields.more(),
  };
}

/** A person may write a folder with or without its final '/'. */
function folder(value: Value, at: At): RepositoryPath {
  const path = pathOrFolder(value, at);
  return (path.endsWith('/') ? path.slice(0, -1) : path) as RepositoryPath;
}
