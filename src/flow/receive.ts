/** Takes what another dbk, which has called this one, has: `pull`, told to whoever called (push-far.ts). */

import { Interrupted, Refusal } from '../model/problem.ts';
import { Conversation, type Line } from '../sync/conversation.ts';
import { bytesOfText } from '../sync/questions.ts';
import { orderOf, transportOver } from '../sync/remote.ts';
import { merge } from './merge.ts';
import type { Repository } from './repository.ts';
import { readOrder } from './push-order.ts';
import { lineOfTold, type ToldLine } from './told-lines.ts';
import { toldOf } from './told-merge.ts';

/** The two pipes to whoever called. */
export type CallersLine = Line;

/** As others see whoever called. */
const CALLER = 'the repository that pushes';
/** So much of what there is to say goes in one piece. */
const PIECE = 1 << 16;

/** Nobody here is asked, so no deletion is confirmed. What the merge refuses is told, and no error of this. */
export async function receive(repository: Repository, line: Line): Promise<void> {
  const conversation = new Conversation(line);
  const telling = new Telling(conversation);
  try {
    telling.say(await received(repository, conversation, telling));
  } catch (error) {
    if (error instanceof Refusal) telling.say({ type: 'refused', refusal: error });
    else if (error instanceof Interrupted) telling.say({ type: 'interrupted' });
    else throw error;
  } finally {
    telling.flush();
    await conversation.close();
  }
}

async function received(
  repository: Repository,
  conversation: Conversation,
  telling: Telling,
): Promise<ToldLine> {
  const order = readOrder(await orderOf(CALLER, conversation));
  const transport = transportOver(repository.context.disk, CALLER, conversation);
  const made = await merge(repository, {
    ...order,
    source: { kind: 'repository', transport },
    command: 'pull',
    confirmDeletions: false,
    checkEverything: false,
    reportOwn: () => undefined,
    report: (change) => telling.say({ type: 'change', change }),
  });
  return { type: 'merged', merged: toldOf(made) };
}

class Telling {
  private waiting = '';
  private readonly conversation: Conversation;

  constructor(conversation: Conversation) {
    this.conversation = conversation;
  }

  say(line: ToldLine): void {
    this.waiting += lineOfTold(line);
    if (this.waiting.length >= PIECE) this.flush();
  }

  flush(): void {
    this.conversation.tell(bytesOfText(this.waiting));
    this.waiting = '';
  }
}
