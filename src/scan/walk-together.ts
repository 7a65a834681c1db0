/** Walks a tree with one thread or two, sharing directories out as either runs dry. */

import type { Disk } from '../disk/disk.ts';
import { Interrupted } from '../model/problem.ts';
import type { IgnoreRules } from './ignore.ts';
import { breathe, type Colleague } from './crew.ts';
import type { FromWorker } from './messages.ts';
import { topOfChain } from './rules-chain.ts';
import * as T from './table.ts';
import { receive, send } from './tasks.ts';
import { keepsOf, type HomeVolume } from './volume.ts';
import { Walker, type Found, type WalkOptions } from './walk.ts';

/** How long a thread works before it looks up. */
const SLICE = 8;
/** A tree below this many known files is walked by one thread: starting another takes longer. */
const WORTH_A_THREAD = 5000;
/** An unknown tree counts as large when so many files were met, or so many milliseconds went by. */
const SURPRISING_FILES = 1000;
const SURPRISE = 50;

export interface WalkTogether extends Omit<WalkOptions, 'keeps' | 'links'> {
  readonly disk: Disk;
  readonly home: HomeVolume;
  readonly rules: IgnoreRules;
  readonly rulesText: string;
  readonly colleague: (() => Colleague) | undefined;
  readonly interrupted: () => boolean;
  readonly tell: (path: string, files: number) => void;
}

export async function walkTogether(request: WalkTogether): Promise<Found[]> {
  const links = shareLinks(T.linksOf(request.cached));
  const walker = new Walker(request.disk, { ...request, links, keeps: keepsOf(request.home, request.disk) });
  walker.stack.push({
    path: '',
    row: request.cached.directories > 0 ? 0 : -1,
    parentDevice: request.disk.lstat(request.root)?.dev ?? -1,
    reread: false,
    ignored: false,
    rules: topOfChain(request.rules),
  });
  const began = Date.now();
  let colleague: Colleague | undefined;
  const takeAll = (): void => {
    for (let message = colleague?.take(); message !== undefined; message = colleague?.take())
      takeTasks(message);
  };
  const takeTasks = (message: FromWorker): void => {
    if (message.kind !== 'tasks') return;
    // One by one: half a million of them are too many to be the arguments of one call.
    for (const task of receive(message.tasks, request.rules, request.disk, request.root))
      walker.stack.push(task);
  };
  for (;;) {
    workFor(SLICE, walker);
    request.tell(walker.path, walker.files + (colleague?.files ?? 0));
    if (request.interrupted()) {
      colleague?.stop();
      throw new Interrupted();
    }
    await breathe();
    takeAll();
    if (
      colleague === undefined &&
      walker.stack.length > 1 &&
      isWorthIt(request, walker.files, Date.now() - began)
    ) {
      colleague = request.colleague?.();
      if (colleague !== undefined) introduce(colleague, request, links);
    }
    if (colleague?.isReady === true && colleague.isIdle && walker.stack.length > 1) {
      colleague.post({ kind: 'tasks', tasks: send(walker.stack.splice(0, walker.stack.length >> 1)) });
    }
    if (walker.stack.length > 0) continue;
    if (colleague === undefined || !colleague.isReady || colleague.isIdle) break;
    colleague.askForWork();
    takeTasks(await colleague.next());
  }
  if (colleague === undefined) return [walker.found()];
  colleague.post({ kind: 'finish' });
  for (;;) {
    const message = await colleague.next();
    if (message.kind === 'found') return [walker.found(), message.found];
  }
}

function workFor(milliseconds: number, walker: Walker): void {
  const end = Date.now() + milliseconds;
  while (walker.stack.length > 0 && Date.now() < end) walker.step();
}

function isWorthIt({ cached }: WalkTogether, files: number, elapsed: number): boolean {
  if (cached.entries > 0) return cached.entries >= WORTH_A_THREAD || elapsed > SURPRISE;
  return files > SURPRISING_FILES || elapsed > SURPRISE;
}

function introduce(colleague: Colleague, request: WalkTogether, links: T.Links): void {
  const { cached, root, standsInRoot = false, marks, checkEverything, rereadEverything, home } = request;
  colleague.post({
    kind: 'walk',
    control: colleague.control,
    walk: {
      root,
      standsInRoot,
      directories: cached.directories,
      entries: cached.entries,
      columns: cached.columns,
      names: cached.names,
      links,
      marks,
      checkEverything,
      rereadEverything,
      protecting: request.protecting,
      home,
      rules: request.rulesText,
    },
  });
}

/** Links in memory that both threads see. */
function shareLinks(links: T.Links): T.Links {
  const share = (array: Int32Array): Int32Array => {
    const shared = new Int32Array(new SharedArrayBuffer(array.byteLength));
    shared.set(array);
    return shared;
  };
  return { firstChild: share(links.firstChild), nextSibling: share(links.nextSibling) };
}
