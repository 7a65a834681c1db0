/** The thread in which files are read by plugins, so that one that hangs or takes all memory ends nothing else. */

import type { Disk } from '../disk/disk.ts';
import type { TypePlugin } from '../plugin/api.ts';
import { declarationOf } from '../plugin/declared.ts';
import type { TrustPlace } from './trusted-plugins.ts';
import { readFileBy, type FileRead, type FileTask, type Reading } from './read-file.ts';

/** What it is started with. */
export interface ThreadStart {
  /** A folder for links, and what all of this thread's begin with. */
  readonly links: string;
  readonly prefix: string;
  /** Where the person says which plugins they trust. */
  readonly trust: TrustPlace;
}

export interface ToThread {
  readonly id: number;
  readonly task: FileTask;
}

export type FromThread =
  /** Its plugins are loaded. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly read: FileRead }
  /** What is wrong with this program, or what it runs in. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** Node's `parentPort`. */
interface Port {
  postMessage(message: FromThread): void;
  on(event: 'message', take: (message: ToThread) => void): unknown;
}

/** Answers tasks, several at a time, in no order. */
export async function serveReading(
  port: Port,
  start: ThreadStart,
  disk: Disk,
  load: () => Promise<readonly TypePlugin[]>,
): Promise<void> {
  const read = readerOf(disk, start, await load());
  port.on('message', ({ id, task }) => {
    read(task).then(
      (done) => port.postMessage({ kind: 'done', id, read: done }),
      (error: unknown) => port.postMessage({ kind: 'failed', id, message: String(error) }),
    );
  });
  port.postMessage({ kind: 'ready' });
}

/** Reads files with some plugins. */
export function readerOf(
  disk: Disk,
  { links, prefix }: Pick<ThreadStart, 'links' | 'prefix'>,
  plugins: readonly TypePlugin[],
): (task: FileTask) => Promise<FileRead> {
  const known = new Map<string, Reading>();
  for (const plugin of plugins)
    if (!known.has(plugin.name)) known.set(plugin.name, { plugin, declared: declarationOf(plugin) });
  let count = 0;
  const folder = { path: links, nextName: () => `${prefix}${count++}` };
  return async (task) => {
    const reading = known.get(task.type);
    if (reading === undefined) throw new Error(`no plugin '${task.type}'`);
    return readFileBy(disk, reading, task, folder);
  };
}
