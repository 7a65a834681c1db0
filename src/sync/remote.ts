/** Another repository that is asked over a pair of pipes: what it answers is bounded, and contents are checked. */

import type { Disk } from '../disk/disk.ts';
import type { ContentId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import { Refusal } from '../model/problem.ts';
import { Conversation, badAnswer, type Line, type Part } from './conversation.ts';
import { Fetched } from './fetched.ts';
import * as say from './problems.ts';
import { bytesOfAsked, bytesOfText, readFacts, readName, textOf } from './questions.ts';
import type { Prepared, Transport } from './transport.ts';
import { FRAME } from './wire.ts';

const NO_BYTES = new Uint8Array(0);
const LONGEST_FACTS = 1024;
const LONGEST_ORDER = 1 << 24;
/** Nobody has so many repositories; and what they say of themselves has to fit into memory. */
const MOST_RECORDS = 10_000;
const LONGEST_RECORDS = 1 << 28;

export function remoteTransport(disk: Disk, place: string, line: Line): Transport {
  return transportOver(disk, place, new Conversation(line));
}

/** The same where more is said on the way than what a transport asks. */
export function transportOver(disk: Disk, place: string, conversation: Conversation): Transport {
  const fetched = new Fetched(disk, place);
  const ask = (kind: Parameters<Conversation['ask']>[0], bytes: Uint8Array): AsyncIterable<Part> =>
    answered(place, conversation.ask(kind, bytes));
  return {
    place,
    isElsewhere: true,
    facts: async () => {
      const facts = readFacts((await gather(ask(FRAME.facts, NO_BYTES), LONGEST_FACTS)) ?? NO_BYTES);
      if (facts === undefined) throw badAnswer('it does not say which repository it is');
      return facts;
    },
    readCommit: async (id, limit) => gather(ask(FRAME.commit, bytesOfText(id)), limit),
    readPatch: async function* (id) {
      for await (const { kind, bytes } of ask(FRAME.patch, bytesOfText(id))) {
        if (kind === 'data') yield bytes;
        else if (kind !== 'end') throw badAnswer('a patch is no part of it');
      }
    },
    records: async (limit) => recordsIn(ask(FRAME.records, bytesOfText(String(limit))), limit),
    prepare: async (wanted, folder, hear) => {
      const problems: Problem[] = [];
      const missing = fetched.begin(wanted, folder);
      const questions = function* () {
        for (const about of missing) yield { kind: FRAME.content, bytes: bytesOfAsked(about), about };
      };
      let files = 0;
      let bytes = 0;
      for await (const { about, parts } of conversation.askAll<Prepared>(questions())) {
        hear(about, { files, bytes, totalFiles: missing.length });
        const problem = await fetched.take(about, parts);
        if (problem !== undefined) problems.push(problem);
        files += 1;
        bytes += about.size;
      }
      return problems;
    },
    localSources: (_path, { blake3 }) => fetched.sourcesOf(blake3),
    volume: () => undefined,
    witness: async (wanted, hear) => {
      const all = [...wanted];
      const questions = all.map((about) => ({ kind: FRAME.witness, bytes: bytesOfAsked(about), about }));
      const seen = new Set<ContentId>();
      let [files, bytes] = [0, 0];
      for await (const { about, parts } of conversation.askAll<Prepared>(questions)) {
        hear(about, { files: files++, bytes, totalFiles: all.length });
        // What could not be looked at was not seen.
        for await (const { kind } of parts) if (kind === 'end') seen.add(about.blake3);
        bytes += about.size;
      }
      return seen;
    },
    close: () => conversation.close(),
  };
}

/** What whoever called wants to have done; refuses ('remote') who wants nothing. */
export async function orderOf(place: string, conversation: Conversation): Promise<string> {
  const bytes = await gather(answered(place, conversation.ask(FRAME.order, NO_BYTES)), LONGEST_ORDER);
  if (bytes === undefined) throw badAnswer('it does not say what is to be done');
  return textOf(bytes);
}

/** What could not be answered refuses the command. */
async function* answered(place: string, parts: AsyncIterable<Part>): AsyncGenerator<Part> {
  for await (const part of parts) {
    if (part.kind === 'problem') throw new Refusal('remote', say.remoteFailed(place, textOf(part.bytes)));
    yield part;
  }
}

/** Refuses more than `limit` bytes; undefined where there is no such thing. */
async function gather(parts: AsyncIterable<Part>, limit: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const { kind, bytes } of parts) {
    if (kind === 'nothing') return undefined;
    if (kind !== 'data' && kind !== 'end') throw badAnswer('it has what was not asked for');
    length += bytes.length;
    if (length > limit) throw badAnswer(`it is longer than ${limit} bytes`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces, length);
}

async function recordsIn(parts: AsyncIterable<Part>, limit: number): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, Uint8Array[]>();
  let current: Uint8Array[] | undefined;
  let length = 0;
  let total = 0;
  for await (const { kind, bytes } of parts) {
    if (kind === 'name') {
      const name = readName(bytes);
      if (name === undefined || found.size === MOST_RECORDS)
        throw badAnswer('it has too many or wrong names');
      current = [];
      length = 0;
      found.set(name, current);
    } else if (kind === 'data') {
      length += bytes.length;
      total += bytes.length;
      if (length > limit || total > LONGEST_RECORDS) throw badAnswer('it has too long a record');
      if (current === undefined) throw badAnswer('it has a record without a name');
      current.push(bytes);
    } else if (kind !== 'end') throw badAnswer('it has what was not asked for');
  }
  return new Map([...found].map(([name, pieces]) => [name, textOf(Buffer.concat(pieces))]));
}
