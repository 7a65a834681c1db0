/** Every format that is written in dbk's YAML, with what writes it, what reads it, and random values of it. */

import type { Arbitrary } from 'fast-check';
import { parseCommit, writeCommit } from '../../src/text/commit.ts';
import { parseConfig, writeConfig } from '../../src/text/config.ts';
import { parseConflict, writeConflict } from '../../src/text/conflict.ts';
import {
  parseHere,
  parseJournal,
  parseLock,
  writeHere,
  writeJournal,
  writeLock,
} from '../../src/text/journal.ts';
import { parseManifest, writeManifest } from '../../src/text/manifest.ts';
import { parseOperation, writeOperation } from '../../src/text/operation.ts';
import { parsePolicy, writePolicy } from '../../src/text/policy.ts';
import { parseRemotes, writeRemotes } from '../../src/text/remotes.ts';
import { parseRepository, writeRepository } from '../../src/text/repository.ts';
import { parseTrustedPlugins, writeTrustedPlugins } from '../../src/text/trusted-plugins.ts';
import { parseType, writeType } from '../../src/text/types.ts';
import type { Reader } from '../../src/text/yaml-read.ts';
import {
  someCommit,
  someConfig,
  someConflict,
  someHere,
  someHolder,
  someJournal,
  someManifest,
  someOperation,
  somePolicy,
  someRemotes,
  someRepository,
  someTrustedPlugins,
  someType,
  someVolume,
} from './arbitrary-formats.ts';

import { parseVolume, writeVolume } from '../../src/text/volume.ts';

export interface Format {
  readonly kind: string;
  readonly some: Arbitrary<unknown>;
  readonly write: (value: unknown) => string;
  readonly parse: (text: string, people?: Reader) => unknown;
  /** Whether people edit it, so that it is read in any layout. */
  readonly isPeoples: boolean;
}

function format<T>(
  kind: string,
  some: Arbitrary<T>,
  write: (value: T) => string,
  parse: (text: string, people?: Reader) => T,
  isPeoples = false,
): Format {
  return { kind, some, write: write as (value: unknown) => string, parse, isPeoples };
}

export const FORMATS: readonly Format[] = [
  format('manifest', someManifest, writeManifest, parseManifest),
  format('commit', someCommit, writeCommit, parseCommit),
  format('type', someType, writeType, parseType),
  format('operation', someOperation, writeOperation, parseOperation),
  format('journal', someJournal, writeJournal, parseJournal),
  format('lock', someHolder, writeLock, parseLock),
  format('volume', someVolume, writeVolume, parseVolume),
  format('here', someHere, writeHere, parseHere),
  format('config', someConfig, writeConfig, parseConfig, true),
  format('policy', somePolicy, writePolicy, parsePolicy, true),
  format('conflict', someConflict, writeConflict, parseConflict, true),
  format('remotes', someRemotes, writeRemotes, parseRemotes, true),
  format('repository', someRepository, writeRepository, parseRepository, true),
  format('plugins', someTrustedPlugins, writeTrustedPlugins, parseTrustedPlugins, true),
];
