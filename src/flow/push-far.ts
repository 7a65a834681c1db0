/** A repository on another machine takes what we have: its dbk is called there (receive.ts), and asks for what it needs. */

import { Interrupted, Refusal } from '../model/problem.ts';
import { badAnswer } from '../sync/conversation.ts';
import type { ContentAsked } from '../sync/questions.ts';
import { serve } from '../sync/serve.ts';
import { sshPipes } from '../sync/ssh.ts';
import type { Change } from '../model/change.ts';
import { openFolderOf } from './merge-source.ts';
import type { Repository } from './repository.ts';
import { textOfOrder, type Order } from './push-order.ts';
import type { Remote } from '../text/remotes.ts';
import { readToldLine, type ToldLine } from './told-lines.ts';
import type { ToldMerge } from './told-merge.ts';

export interface PushFarOptions extends Order {
  /** Told of each change that was made there. */
  readonly report: (change: Change) => void;
}

/** No line is so long that anybody would mean it. */
const LONGEST_LINE = 1 << 26;

/** Refuses as the other side does; a connection that breaks refuses ('remote'), and there all is as `pull` leaves it. */
export async function pushFar(
  repository: Repository,
  { ssh, jump }: Pick<Extract<Remote, { readonly kind: 'ssh' }>, 'ssh' | 'jump'>,
  options: PushFarOptions,
): Promise<ToldMerge> {
  const { disk, interrupted, programs, progress } = repository.context;
  const pipes = sshPipes(ssh, { programs, jumps: jump, interrupted });
  const hearing = new Hearing(options.report);
  let [files, bytes] = [0, 0];
  const sending = ({ path, size }: ContentAsked): void => {
    if (interrupted()) throw new Interrupted();
    progress.tell({ phase: 'Sending', path, files, bytes });
    files += 1;
    bytes += size;
  };
  let isDone = false;
  try {
    const { message, unrelated, dryRun } = options;
    const order = textOfOrder({ message, unrelated, dryRun });
    await serve(disk, openFolderOf(repository), pipes, { order, hear: hearing.take, sending });
    if (hearing.last === undefined) throw await pipes.ended();
    isDone = true;
  } finally {
    await pipes.close(isDone);
  }
  return mergedBy(hearing.last, ssh);
}

function mergedBy(last: LastLine, address: string): ToldMerge {
  if (last.type === 'merged') return last.merged;
  if (last.type === 'interrupted') throw new Interrupted();
  const { kind, problem } = last.refusal;
  throw new Refusal(kind, { ...problem, reason: `at '${address}': ${problem.reason}` });
}

/** How it ended. */
type LastLine = Exclude<ToldLine, { readonly type: 'change' }>;

/** Puts the lines together that come in parts. */
class Hearing {
  /** The line that says how it ended. */
  last: LastLine | undefined;
  private rest = '';
  private readonly report: (change: Change) => void;
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(report: (change: Change) => void) {
    this.report = report;
  }

  readonly take = (bytes: Uint8Array): void => {
    const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split('\n');
    this.rest = lines.pop()!;
    if (this.rest.length > LONGEST_LINE) throw badAnswer('a line of it is too long');
    for (const line of lines) this.hear(readToldLine(line));
  };

  private hear(line: ToldLine): void {
    if (this.last !== undefined) throw badAnswer('it goes on after its end');
    if (line.type === 'change') this.report(line.change);
    else this.last = line;
  }
}
