/** Answers another dbk over a pair of pipes (wire.ts): a repository is read, and what is told is heard. */

import { wordsOfCode } from '../disk/error-words.ts';
import type { Disk } from '../disk/disk.ts';
import type { Instant } from '../model/instant.ts';
import { Refusal } from '../model/problem.ts';
import { codeOf } from '../store/errors.ts';
import {
  bytesOfFacts,
  bytesOfText,
  readAsked,
  readCommitId,
  readNumber,
  type ContentAsked,
} from './questions.ts';
import { readThrough } from './stand.ts';
import type { Transport } from './transport.ts';
import { bytesOfFrame, bytesOfHello, FRAME, LONGEST_FRAME, WireReader } from './wire.ts';
import type { Frame, FrameKind } from './wire.ts';

/** The two pipes. */
export interface Pipes {
  readonly incoming: AsyncIterable<Uint8Array>;
  /** Resolves when more can be taken. */
  readonly send: (bytes: Uint8Array) => Promise<void>;
}

/** The other side has been called to do something, and asks what it needs for it. */
export interface Calling {
  readonly order: string;
  /** Told of each part of what the other side says of its work. */
  readonly hear: (bytes: Uint8Array) => void;
  /** Told of each content before it is sent, and may throw. */
  readonly sending: (content: ContentAsked) => void;
}

type Part = readonly [kind: FrameKind, bytes: Uint8Array];

const NO_BYTES = new Uint8Array(0);
/** A commit of any size is asked for by its id alone; who asks bounds it. */
const LONGEST_COMMIT = 1 << 30;
const LONGEST_REASON = 2000;

/** Until the other side ends. Its questions are answered in their order. */
export async function serve(
  disk: Disk,
  repository: Transport,
  { incoming, send }: Pipes,
  calling?: Calling,
): Promise<void> {
  const reader = new WireReader(incoming);
  await send(bytesOfHello());
  if ((await reader.hello()) === undefined) return;
  for (let asked = await reader.next(); asked !== undefined; asked = await reader.next()) {
    const { number } = asked;
    if (asked.kind === FRAME.tell && calling !== undefined) {
      calling.hear(asked.bytes);
      continue;
    }
    for await (const [kind, bytes] of answerTo({ disk, repository, calling }, asked))
      await send(bytesOfFrame({ kind, number, bytes }));
  }
}

interface Asked {
  readonly disk: Disk;
  readonly repository: Transport;
  readonly calling: Calling | undefined;
}

async function* answerTo(of: Asked, asked: Frame): AsyncGenerator<Part> {
  try {
    yield* partsOf(of, asked);
  } catch (error) {
    yield [FRAME.problem, bytesOfText(reasonOf(error).slice(0, LONGEST_REASON))];
  }
}

/** What is neither a refusal nor an error of the disk is a bug. */
function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.problem.reason;
  const code = codeOf(error);
  if (typeof code !== 'string') throw error;
  return wordsOfCode(code);
}

function partsOf({ disk, repository, calling }: Asked, { kind, bytes }: Frame): AsyncIterable<Part> {
  if (kind === FRAME.facts) return factsOf(repository);
  if (kind === FRAME.commit) return commitOf(repository, bytes);
  if (kind === FRAME.patch) return patchOf(repository, bytes);
  if (kind === FRAME.records) return recordsOf(repository, bytes);
  if (kind === FRAME.witness) return witnessOf(repository, bytes);
  if (kind === FRAME.content) return contentOf(disk, repository, bytes, calling);
  if (kind === FRAME.order && calling !== undefined) return orderOf(calling);
  throw notUnderstood();
}

async function* factsOf(repository: Transport): AsyncGenerator<Part> {
  yield [FRAME.data, bytesOfFacts(await repository.facts())];
  yield [FRAME.end, NO_BYTES];
}

async function* commitOf(repository: Transport, bytes: Uint8Array): AsyncGenerator<Part> {
  const id = readCommitId(bytes);
  if (id === undefined) throw notUnderstood();
  const text = await repository.readCommit(id, LONGEST_COMMIT);
  if (text === undefined) yield [FRAME.nothing, NO_BYTES];
  else {
    yield* inFrames(text);
    yield [FRAME.end, NO_BYTES];
  }
}

async function* patchOf(repository: Transport, bytes: Uint8Array): AsyncGenerator<Part> {
  const id = readCommitId(bytes);
  if (id === undefined) throw notUnderstood();
  for await (const chunk of repository.readPatch(id)) yield* inFrames(chunk);
  yield [FRAME.end, NO_BYTES];
}

async function* recordsOf(repository: Transport, bytes: Uint8Array): AsyncGenerator<Part> {
  const limit = readNumber(bytes);
  if (limit === undefined) throw notUnderstood();
  for (const [name, text] of await repository.records(limit)) {
    yield [FRAME.name, bytesOfText(name)];
    yield* inFrames(bytesOfText(text));
  }
  yield [FRAME.end, NO_BYTES];
}

async function* witnessOf(repository: Transport, bytes: Uint8Array): AsyncGenerator<Part> {
  const asked = readAsked(bytes);
  if (asked === undefined) throw notUnderstood();
  const seen = await repository.witness([asked], () => undefined);
  yield [seen.has(asked.blake3) ? FRAME.end : FRAME.nothing, NO_BYTES];
}

async function* orderOf({ order }: Calling): AsyncGenerator<Part> {
  yield* inFrames(bytesOfText(order));
  yield [FRAME.end, NO_BYTES];
}

async function* contentOf(
  disk: Disk,
  repository: Transport,
  bytes: Uint8Array,
  calling: Calling | undefined,
): AsyncGenerator<Part> {
  const asked = readAsked(bytes);
  if (asked === undefined) throw notUnderstood();
  calling?.sending(asked);
  for (const { path } of sourcesOf(repository, asked)) {
    const stats = readable(() => disk.lstatExact(path));
    if (stats?.isFile() !== true || stats.size !== BigInt(asked.size)) continue;
    if ((yield* piecesOf(disk, path, asked.size)) === asked.blake3) {
      yield [FRAME.end, NO_BYTES];
      return;
    }
    yield [FRAME.again, NO_BYTES];
  }
  yield [FRAME.nothing, NO_BYTES];
}

function sourcesOf(repository: Transport, { path, blake3, size }: ContentAsked) {
  // Permissions and time of what is asked for matter to nobody here.
  return repository.localSources(path, { kind: 'file', blake3, size, mode: 0, mtime: '' as Instant });
}

/** No more than the size; the id of what was sent, undefined where the file cannot be read. */
function* piecesOf(disk: Disk, path: string, size: number): Generator<Part, string | undefined> {
  const reading = readThrough(disk, path);
  let left = size;
  try {
    for (;;) {
      const piece = readable(() => reading.next());
      if (piece === undefined || piece.done === true) return piece?.value;
      left -= piece.value.length;
      if (left < 0) return undefined;
      yield* inFrames(piece.value);
    }
  } finally {
    reading.return('' as never);
  }
}

/** What one file cannot give may be in another. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (typeof codeOf(error) !== 'string') throw error;
    return undefined;
  }
}

function* inFrames(bytes: Uint8Array): Generator<Part> {
  for (let at = 0; at < bytes.length; at += LONGEST_FRAME)
    yield [FRAME.data, bytes.subarray(at, at + LONGEST_FRAME)];
}

function notUnderstood(): Refusal {
  return new Refusal('failed', {
    code: 'sync/not-understood',
    severity: 'error',
    reason: 'what was asked is not understood',
  });
}
