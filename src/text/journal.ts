/** The texts of `local/` that are not a cache: journal, lock, here (README.md, section 15). */

import type { CommitId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import type { Value } from '../model/value.ts';
import { step, stepValue, type Step } from './operation.ts';
import { commitIdOrNone, instant, like, listOf, number, parseOwnText, someText, text } from './reader.ts';
import type { Fields, More } from './reader.ts';
import { byBytes, writeText } from './yaml-write.ts';

/** What a command was in the middle of. */
export interface Journal extends More {
  readonly command: string;
  /** Head before; '' for none. */
  readonly from: CommitId | '';
  /** The commit that `index/` is being brought to; '' for none. */
  readonly to: CommitId | '';
  readonly steps: readonly Step[];
  /** Of the operation that these steps are to become. */
  readonly date?: Instant;
  readonly undoes?: string;
  /** Where new contents are written until they are whole: a folder below `local/new/`, or part of a name. */
  readonly aside?: string;
}

/** Who has the lock. */
export interface Holder extends More {
  readonly host: string;
  /** The kernel's boot id; '' where there is none. */
  readonly boot: string;
  readonly pid: number;
  /** When the process began, in the kernel's ticks, as digits; '' where that is not known. */
  readonly started: string;
  readonly command: string;
  /** An instant in UTC. */
  readonly since: string;
}

/** Which `.dbk` this is: what a moved or copied one differs in. */
export interface Here extends More {
  /** In decimal digits (inodes have 64 bits); '' where the volume has none. */
  readonly inode: string;
  /** When `.dbk` was made; '' where the volume does not say. */
  readonly born: Instant | '';
  /** What the volume is known by; '' where it is not. */
  readonly volume: string;
}

export function writeJournal(journal: Journal): string {
  const entries: [string, Value][] = [
    ['command', journal.command],
    ['from', journal.from],
    ['to', journal.to],
    ['steps', journal.steps.map(stepValue)],
    ...(journal.date === undefined ? [] : [['date', journal.date] as [string, Value]]),
    ...(journal.undoes === undefined ? [] : [['undoes', journal.undoes] as [string, Value]]),
    ...(journal.aside === undefined ? [] : [['aside', journal.aside] as [string, Value]]),
    ...byBytes(journal.more),
  ];
  return writeText('journal', entries);
}

export function parseJournal(text: string): Journal {
  return parseOwnText(text, 'journal', readJournal, writeJournal);
}

export function writeLock(lock: Holder): string {
  const entries: [string, Value][] = [
    ['host', lock.host],
    ['boot', lock.boot],
    ['pid', lock.pid],
    ['started', lock.started],
    ['command', lock.command],
    ['since', lock.since],
    ...byBytes(lock.more),
  ];
  return writeText('lock', entries);
}

/** Throws a TextError for what a process that was killed left half written, too. */
export function parseLock(text: string): Holder {
  return parseOwnText(text, 'lock', readLock, writeLock);
}

export function writeHere(here: Here): string {
  const entries: [string, Value][] = [
    ['inode', here.inode],
    ['born', here.born],
    ['volume', here.volume],
    ...byBytes(here.more),
  ];
  return writeText('here', entries);
}

export function parseHere(text: string): Here {
  return parseOwnText(text, 'here', readHere, writeHere);
}

function readJournal(fields: Fields): Journal {
  return {
    command: fields.required('command', someText),
    from: fields.required('from', commitIdOrNone),
    to: fields.required('to', commitIdOrNone),
    steps: fields.required('steps', listOf(step)),
    ...fields.optional('date', instant),
    ...fields.optional('undoes', text),
    ...fields.optional('aside', like(/^[0-9a-f]{16}$/, '16 lower-case hexadecimal digits')),
    ...fields.more(),
  };
}

function readLock(fields: Fields): Holder {
  return {
    host: fields.required('host', text),
    boot: fields.required('boot', text),
    pid: fields.required('pid', number),
    started: fields.required('started', text),
    command: fields.required('command', someText),
    since: fields.required('since', instant),
    ...fields.more(),
  };
}

function readHere(fields: Fields): Here {
  return {
    inode: fields.required('inode', like(/^(?:|0|[1-9]\d{0,19})$/, 'decimal digits')),
    born: fields.required('born', (value, at) => (value === '' ? '' : instant(value, at))),
    volume: fields.required('volume', text),
    ...fields.more(),
  };
}
