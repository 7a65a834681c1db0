/** The second thread of a scan: walks directories it is given and hashes batches of files. */

import { parentPort } from 'node:worker_threads';
import { loadBlake3, newHasher } from '../disk/blake3.ts';
import { nodeDisk } from '../disk/disk.ts';
import { emptyContents, readInto } from './contents.ts';
import { buildRules } from './ignore.ts';
import {
  CHUNK,
  CHUNKS,
  CONTROL_CELLS,
  FILES,
  HUNGRY,
  READ_BUFFER,
  SEEN_WIDTH,
  STOP,
  type FromWorker,
  type SentTask,
  type SentWalk,
  type ToWorker,
} from './messages.ts';
import { Protector } from './protect.ts';
import { receive, send } from './tasks.ts';
import { keepsOf } from './volume.ts';
import { Walker } from './walk.ts';
import type { ReadingGear } from './hash.ts';

const port = parentPort!;
const post = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);

let control: Int32Array = new Int32Array(CONTROL_CELLS);
let walker: Walker | undefined;
let takeTasks: ((tasks: readonly SentTask[]) => void) | undefined;
let received = 0;
let gear: Promise<ReadingGear> | undefined;
/** One thread works for one scan after the other of the same repository: its guard stays the same. */
let protector: Protector | undefined;

type ToHash = Extract<ToWorker, { readonly kind: 'hash' }>;

function begin(walk: SentWalk): void {
  const rules = buildRules(
    walk.rules === '' ? [] : [{ directory: '' as never, origin: 'ignore', text: walk.rules }],
  );
  const cached = { ...walk, hashes: undefined };
  walker = new Walker(nodeDisk, { ...walk, cached, keeps: keepsOf(walk.home, nodeDisk) });
  const chosen = walker;
  takeTasks = (tasks) => {
    for (const task of receive(tasks, rules, nodeDisk, walk.root)) chosen.stack.push(task);
  };
}

/** Works until nothing is left, giving half away whenever the main thread has none. */
function work(chosen: Walker): void {
  while (chosen.stack.length > 0) {
    chosen.step();
    Atomics.store(control, FILES, chosen.files);
    if (isStopped()) chosen.stack.length = 0;
    if (chosen.stack.length > 1 && Atomics.compareExchange(control, HUNGRY, 1, 0) === 1) {
      const half = chosen.stack.splice(0, chosen.stack.length >> 1);
      post({ kind: 'tasks', tasks: send(half) });
    }
  }
  post({ kind: 'idle', received });
}

function finish(): void {
  const found = walker!.found();
  walker = undefined;
  post({ kind: 'found', found });
}

async function makeGear(): Promise<ReadingGear> {
  await loadBlake3();
  return { disk: nodeDisk, hasher: newHasher(), buffer: Buffer.allocUnsafe(READ_BUFFER) };
}

async function hash({ batch, paths, previous, guard, begun }: ToHash): Promise<void> {
  const made = await (gear ??= makeGear());
  if (Atomics.compareExchange(begun, batch, 0, 1) !== 0) return;
  const ready =
    guard === undefined ? made : { ...made, protector: (protector ??= new Protector(nodeDisk, guard)) };
  const contents = emptyContents(paths.length);
  for (let row = 0; row < paths.length; row++) {
    for (const bytes of readInto(contents, row, ready, paths[row]!, previous.get(row))) {
      Atomics.add(control, CHUNKS, Math.ceil(bytes / CHUNK));
      if (isStopped()) return;
    }
    Atomics.add(control, CHUNKS, Math.ceil((contents.seen[row * SEEN_WIDTH]! % READ_BUFFER) / CHUNK));
    if (isStopped()) return;
  }
  post({ kind: 'hashed', batch, contents });
}

function isStopped(): boolean {
  return Atomics.load(control, STOP) === 1;
}

post({ kind: 'ready' });
port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'walk':
      control = message.control;
      return begin(message.walk);
    case 'tasks':
      received++;
      takeTasks!(message.tasks);
      return work(walker!);
    case 'finish':
      return finish();
    case 'hash':
      control = message.control;
      return void hash(message);
  }
});
