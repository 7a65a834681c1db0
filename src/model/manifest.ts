/** What a directory holds, as the index says it. */

import type { ContentId } from './id.ts';
import type { Instant } from './instant.ts';
import type { Name } from './name.ts';
import type { Value } from './value.ts';

/** What a file or a folder has of whose permission bits nobody knows anything. */
export const USUAL_FILE_MODE = 0o644;
export const USUAL_FOLDER_MODE = 0o755;

/** The smallest unit that is handled as one object: an album, a project, a movie. */
export interface EntityReference {
  readonly id: string;
  readonly type: string;
  /** The id of the entity that this one was split off. */
  readonly from?: string;
  /** Ids of entities that became this one, by bytes; they still mean it. */
  readonly was?: readonly string[];
  /** Keys that dbk does not know. */
  readonly more?: ReadonlyMap<string, Value>;
}

/** What may be recorded of the owner when `policy.yaml` asks for it; each is absent otherwise. */
export interface Attributes {
  readonly owner?: string;
  readonly group?: string;
  readonly acl?: string;
  /** Extended attributes: name to base64 of the value. */
  readonly xattrs?: ReadonlyMap<string, string>;
}

export interface FileEntry extends Attributes {
  readonly kind: 'file';
  /** Absent only for a file that has been seen and not read; such an entry is never written. */
  readonly blake3?: ContentId;
  readonly size: number;
  readonly mtime: Instant;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  /** 16 hexadecimal digits shared by the files that are hard links of one another. */
  readonly same?: string;
  /** A file that is an entity by itself. */
  readonly entity?: EntityReference;
  /** Other ids (media ids, other hashes) and keys that dbk does not know. */
  readonly more?: ReadonlyMap<string, Value>;
}

export interface LinkEntry extends Attributes {
  readonly kind: 'link';
  /** Where it points: bytes, held as a Name is. */
  readonly target: string;
  readonly more?: ReadonlyMap<string, Value>;
}

export type Entry = FileEntry | LinkEntry;

/** One directory: itself, and its files and links. Subdirectories have manifests of their own. */
export interface Manifest extends Attributes {
  readonly entity?: EntityReference;
  readonly mode: number;
  readonly files: ReadonlyMap<Name, Entry>;
  /** Mirror name to name, for subdirectories whose mirror name does not give the name back. */
  readonly directories?: ReadonlyMap<string, Name>;
  /** Keys that dbk does not know. */
  readonly more?: ReadonlyMap<string, Value>;
}
