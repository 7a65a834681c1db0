/** What the two threads of a scan say to each other. */

import type { Way } from '../disk/guard-folder.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { GuardSetting, Previous } from './protect.ts';
import type { Columns, Links } from './table.ts';
import type { Found } from './walk.ts';
import type { HomeVolume } from './volume.ts';

/** A directory to look at, without what cannot cross threads. */
export interface SentTask {
  readonly path: string;
  readonly row: number;
  readonly parentDevice: number;
  readonly reread: boolean;
  readonly ignored: boolean;
  readonly folders: readonly RepositoryPath[];
}

/** A walk's whole setting; tables and marks are shared memory. */
export interface SentWalk {
  readonly root: string;
  readonly standsInRoot: boolean;
  readonly directories: number;
  readonly entries: number;
  readonly columns: Columns;
  readonly names: Uint8Array;
  readonly links: Links;
  readonly marks: Uint8Array;
  readonly checkEverything: boolean;
  readonly rereadEverything: boolean;
  readonly protecting: Way | undefined;
  readonly home: HomeVolume;
  readonly rules: string;
}

export type ToWorker =
  | { readonly kind: 'walk'; readonly walk: SentWalk; readonly control: Int32Array }
  | { readonly kind: 'tasks'; readonly tasks: readonly SentTask[] }
  | { readonly kind: 'finish' }
  | {
      readonly kind: 'hash';
      readonly batch: number;
      readonly paths: readonly string[];
      /** What each file was when it was last read, where that is known and matters. */
      readonly previous: ReadonlyMap<number, Previous>;
      readonly guard: GuardSetting | undefined;
      /** For each batch whether a thread has begun it, in memory that both see: who sets it first hashes it. */
      readonly begun: Int32Array;
      readonly control: Int32Array;
    };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'idle'; readonly received: number }
  | { readonly kind: 'tasks'; readonly tasks: readonly SentTask[] }
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'hashed'; readonly batch: number; readonly contents: Contents };

/** The outcome of a batch, in columns; one row a path. */
export interface Contents {
  readonly outcomes: Uint8Array;
  readonly hashes: Uint8Array;
  /**
   * SEEN_WIDTH numbers a row: size, mtimeMs, ctimeMs, birthtimeMs, ino, mode, nlink, and the ctimeMs there was while
   * it was read: linking it into the guard made another one.
   */
  readonly seen: Float64Array;
  readonly mtimes: BigInt64Array;
  /** What the guard made of it (see protect.ts). */
  readonly guarding: Uint8Array;
  /** The error code of each path that failed, or that the guard was refused. */
  readonly codes: ReadonlyMap<number, string>;
}

export const SEEN_WIDTH = 8;

/** Cells of the control array. */
export const HUNGRY = 0;
export const STOP = 1;
export const FILES = 2;
/** Bytes hashed by the worker, in CHUNKs. */
export const CHUNKS = 3;
export const CONTROL_CELLS = 4;
export const CHUNK = 65536;
/** Bytes read at a time: what is hashed stays in the cache nearest to the processor (a tenth faster than 1 MiB). */
export const READ_BUFFER = 256 * 1024;
