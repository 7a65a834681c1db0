/** Every way of getting at another repository does the same; and what the other side may say, wrong on purpose. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { PassThrough } from 'node:stream';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { openFolderOf } from '../../src/flow/merge-source.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import type { Line } from '../../src/sync/conversation.ts';
import { remoteTransport } from '../../src/sync/remote.ts';
import { serve } from '../../src/sync/serve.ts';
import type { Transport } from '../../src/sync/transport.ts';
import { bytesOfFrame, FRAME, WireReader, type Frame, type FrameKind } from '../../src/sync/wire.ts';
import { temporary } from '../tools/tree.ts';
import { transportSuite } from './transport-suite.ts';

before(() => loadBlake3());

transportSuite('a folder', async (_t, repository) => openFolderOf(repository));

transportSuite('a pair of pipes', async (_t, repository) => {
  const [there, here] = [new PassThrough(), new PassThrough()];
  const send = async (bytes: Uint8Array): Promise<void> => void here.write(Buffer.from(bytes));
  const served = serve(nodeDisk, openFolderOf(repository), { incoming: there, send });
  return remoteTransport(nodeDisk, 'there', {
    incoming: here,
    send: (bytes) => void there.write(bytes),
    ended: async () => new Error('ended'),
    close: async () => {
      there.end();
      await served;
    },
  });
});

const HELLO = 'dbk serve 1\n';
const ID = 'a'.repeat(64) as CommitId;
const CONTENT = { path: 'a/b' as RepositoryPath, blake3: digest('content'), size: 7 };

/** A side that says this, whatever it is asked. */
function saying(pieces: readonly (string | Uint8Array)[]): Transport {
  const line: Line = {
    incoming: (async function* () {
      for (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;
    })(),
    send: () => undefined,
    ended: async () => new Error('it ended'),
    close: async () => undefined,
  };
  return remoteTransport(nodeDisk, 'there', line);
}

function frame(kind: FrameKind, text = '', number = 1): Uint8Array {
  return bytesOfFrame({ kind, number, bytes: Buffer.from(text, 'latin1') });
}

/** The head of a frame that says its own length. */
function head(kind: string, length: number): Uint8Array {
  const bytes = Buffer.alloc(9);
  bytes.write(kind, 'latin1');
  bytes.writeUInt32BE(1, 1);
  bytes.writeUInt32BE(length, 5);
  return bytes;
}

const facts = (transport: Transport): Promise<unknown> => transport.facts();
const commit = (transport: Transport): Promise<unknown> => transport.readCommit(ID, 100);
const records = (transport: Transport): Promise<unknown> => transport.records(100);
const patch = async (transport: Transport): Promise<void> => {
  for await (const piece of transport.readPatch(ID)) assert.notEqual(piece.length, 0);
};

const WRONG: readonly (readonly [
  what: string,
  pieces: readonly (string | Uint8Array)[],
  ask: (transport: Transport) => Promise<unknown>,
  said: string,
])[] = [
  ['nothing at all', [], facts, 'Error: it ended'],
  ['a banner', ['Welcome to nas!\nLast login: today\n', HELLO], facts, 'sync/no-hello'],
  ['a banner without an end', ['x'.repeat(100)], facts, 'sync/no-hello'],
  ['half a hello', ['dbk se'], facts, 'sync/no-hello'],
  ['a version that is none', ['dbk serve 01\n'], facts, 'sync/no-hello'],
  ['an end after the hello', [HELLO], facts, 'Error: it ended'],
  ['half a frame', [HELLO, head('D', 20), 'half'], facts, 'sync/bad-answer'],
  ['half a head', [HELLO, 'D\0\0'], facts, 'sync/bad-answer'],
  ['a frame of four gigabytes', [HELLO, head('D', 0xffffffff)], facts, 'sync/bad-answer'],
  ['a frame of no kind', [HELLO, head('?', 0)], facts, 'sync/bad-answer'],
  ['a question', [HELLO, frame(FRAME.facts)], facts, 'sync/bad-answer'],
  ['an answer to something else', [HELLO, frame(FRAME.end, '', 2)], facts, 'sync/bad-answer'],
  ['an empty part', [HELLO, frame(FRAME.data)], facts, 'sync/bad-answer'],
  ['facts that are none', [HELLO, frame(FRAME.data, 'x\ny\n\n'), frame(FRAME.end)], facts, 'sync/bad-answer'],
  ['no facts', [HELLO, frame(FRAME.nothing)], facts, 'sync/bad-answer'],
  ['a reason', [HELLO, frame(FRAME.problem, 'no such thing')], facts, 'sync/remote-failed'],
  ['too long a commit', [HELLO, frame(FRAME.data, 'x'.repeat(101))], commit, 'sync/bad-answer'],
  ['a commit with a name', [HELLO, frame(FRAME.name, 'x')], commit, 'sync/bad-answer'],
  ['a patch that is not there', [HELLO, frame(FRAME.nothing)], patch, 'sync/bad-answer'],
  ['a record of no name', [HELLO, frame(FRAME.data, 'x')], records, 'sync/bad-answer'],
  ['a record of a wrong name', [HELLO, frame(FRAME.name, '../x')], records, 'sync/bad-answer'],
  [
    'too long a record',
    [HELLO, frame(FRAME.name, 'x'), frame(FRAME.data, 'x'.repeat(101))],
    records,
    'sync/bad-answer',
  ],
];

for (const [what, pieces, ask, said] of WRONG) {
  test(`the other side says ${what}`, async () => {
    assert.equal(await saidBy(() => ask(saying(pieces))), said);
    // However it comes apart.
    const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece as Uint8Array)));
    const single = [...bytes.subarray(0, 400)].map((byte) => Uint8Array.of(byte));
    if (bytes.length <= 400) assert.equal(await saidBy(() => ask(saying(single))), said);
  });
}

const CONTENTS: readonly (readonly [
  what: string,
  pieces: readonly (string | Uint8Array)[],
  said: string,
  isThere: boolean,
])[] = [
  ['is right', [frame(FRAME.data, 'content'), frame(FRAME.end)], '', true],
  ['comes in pieces', [frame(FRAME.data, 'con'), frame(FRAME.data, 'tent'), frame(FRAME.end)], '', true],
  [
    'is right the second time',
    [frame(FRAME.data, 'CONT'), frame(FRAME.again), frame(FRAME.data, 'content'), frame(FRAME.end)],
    '',
    true,
  ],
  ['is another one', [frame(FRAME.data, 'CONTENT'), frame(FRAME.end)], 'sync/not-as-recorded', false],
  ['is too short', [frame(FRAME.data, 'con'), frame(FRAME.end)], 'sync/not-as-recorded', false],
  ['is empty', [frame(FRAME.end)], 'sync/not-as-recorded', false],
  ['is not there', [frame(FRAME.nothing)], '', false],
  ['cannot be read', [frame(FRAME.problem, 'input/output error')], 'sync/not-sent', false],
  ['is too long', [frame(FRAME.data, 'content and more')], 'sync/bad-answer', false],
  ['begins again and again', Array.from({ length: 70 }, () => frame(FRAME.again)), 'sync/bad-answer', false],
  ['breaks off', [frame(FRAME.data, 'con')], 'Error: it ended', false],
];

for (const [what, pieces, said, isThere] of CONTENTS) {
  test(`a content that ${what}`, async (t) => {
    const folder = join(temporary(t), 'fetched');
    const transport = saying([HELLO, ...pieces]);
    const prepared = (): Promise<unknown> => transport.prepare([CONTENT], folder, () => undefined);
    assert.equal(await saidBy(prepared), said);
    assert.deepEqual(fs.readdirSync(folder), isThere ? [CONTENT.blake3] : []);
    const sources = [...transport.localSources(CONTENT.path, { ...CONTENT } as never)];
    assert.equal(sources.length, isThere ? 1 : 0);
  });
}

test('what a run that was broken off had brought is read, and asked for only where it is wrong', async (t) => {
  const folder = temporary(t);
  fs.writeFileSync(join(folder, CONTENT.blake3), 'content');
  fs.writeFileSync(join(folder, digest('other')), 'OTHER');
  fs.writeFileSync(join(folder, 'part'), 'half');
  const other = { path: 'c' as RepositoryPath, blake3: digest('other'), size: 5 };
  const transport = saying([HELLO, frame(FRAME.data, 'other'), frame(FRAME.end)]);
  const heard: string[] = [];
  await transport.prepare([CONTENT, other, CONTENT], folder, ({ path }) => heard.push(path));
  assert.deepEqual(heard, ['c']);
  assert.equal(fs.readFileSync(join(folder, other.blake3), 'utf8'), 'other');
  assert.deepEqual(fs.readdirSync(folder).sort(), [CONTENT.blake3, other.blake3].sort());
});

const ASKED: readonly (readonly [what: string, question: Uint8Array, answer: FrameKind])[] = [
  ['an answer', frame(FRAME.end), FRAME.problem],
  ['a commit that is none', frame(FRAME.commit, '../head'), FRAME.problem],
  ['a commit that is not there', frame(FRAME.commit, ID), FRAME.nothing],
  ['a content above the folder', frame(FRAME.content, `${CONTENT.blake3} 7 ../a`), FRAME.problem],
  ['a content of dbk itself', frame(FRAME.content, `${CONTENT.blake3} 7 .dbk/config.yaml`), FRAME.problem],
  ['a content of an absolute path', frame(FRAME.content, `${CONTENT.blake3} 7 /etc/passwd`), FRAME.problem],
  ['a content without a size', frame(FRAME.content, `${CONTENT.blake3} x a`), FRAME.problem],
  [
    'a content of a huge size',
    frame(FRAME.content, `${CONTENT.blake3} 99999999999999999999 a`),
    FRAME.problem,
  ],
  ['a content and nothing more', frame(FRAME.content, CONTENT.blake3), FRAME.problem],
];

for (const [what, question, answer] of ASKED) {
  test(`whoever asks for ${what} is answered, and the next question too`, async () => {
    const answers = await answersTo([HELLO, question, frame(FRAME.facts, '', 2)]);
    assert.deepEqual(
      answers.map(({ kind, number }) => [kind, number]),
      [
        [answer, 1],
        [FRAME.data, 2],
        [FRAME.end, 2],
      ],
    );
  });
}

test('whoever knows a later version is answered in this one', async () => {
  const answers = await answersTo(['dbk serve 9\n', frame(FRAME.facts)]);
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    [FRAME.data, FRAME.end],
  );
});

/** What a repository without anything in it answers. */
async function answersTo(questions: readonly (string | Uint8Array)[]): Promise<Frame[]> {
  const empty: Transport = {
    ...saying([]),
    facts: async () => ({ id: 'a'.repeat(16), name: 'empty', head: undefined }),
    readCommit: async () => undefined,
  };
  const sent: Uint8Array[] = [];
  const incoming = (async function* () {
    for (const piece of questions) yield Buffer.from(piece as Uint8Array);
  })();
  await serve(nodeDisk, empty, { incoming, send: async (bytes) => void sent.push(Buffer.from(bytes)) });
  const reader = new WireReader(
    (async function* () {
      yield* sent;
    })(),
  );
  assert.equal(await reader.hello(), 1);
  const frames: Frame[] = [];
  for (let next = await reader.next(); next !== undefined; next = await reader.next()) frames.push(next);
  return frames;
}

/** The code of a refusal, or of the only problem; '' where all is well. */
async function saidBy(run: () => Promise<unknown>): Promise<string> {
  try {
    const found = await run();
    return Array.isArray(found) ? ((found[0] as { code?: string } | undefined)?.code ?? '') : '';
  } catch (error) {
    return error instanceof Refusal ? error.problem.code : String(error);
  }
}
