/** Asks another dbk over a pair of pipes (wire.ts): questions go ahead of their answers, which come in their order. */

import { Refusal } from '../model/problem.ts';
import {
  bytesOfFrame,
  bytesOfHello,
  FRAME,
  LONGEST_FRAME,
  numberAfter,
  WireReader,
  type FrameKind,
} from './wire.ts';

/** The two pipes, and what is behind them. */
export interface Line {
  readonly incoming: AsyncIterable<Uint8Array>;
  /** Takes all of it at once; what could not be sent shows in that nothing comes. */
  readonly send: (bytes: Uint8Array) => void;
  /** Why nothing more comes, once that is known. */
  readonly ended: () => Promise<Error>;
  /** `isDone`: every question was answered, so the other side ends by itself. */
  readonly close: (isDone: boolean) => Promise<void>;
}

export interface Question<T> {
  readonly kind: FrameKind;
  readonly bytes: Uint8Array;
  /** What whoever asks knows it by. */
  readonly about: T;
}

/** `end`, `nothing` or `problem` is the last one. */
export interface Part {
  readonly kind: 'data' | 'name' | 'again' | 'end' | 'nothing' | 'problem';
  readonly bytes: Uint8Array;
}

export interface Answer<T> {
  readonly about: T;
  /** To be taken to the end before the next answer. */
  readonly parts: AsyncIterable<Part>;
}

/** So many small files cross a distance of a tenth of a second at some ten thousand a second. */
const AHEAD = 1024;
const PARTS: ReadonlyMap<FrameKind, Part['kind']> = new Map([
  [FRAME.data, 'data'],
  [FRAME.name, 'name'],
  [FRAME.again, 'again'],
  [FRAME.end, 'end'],
  [FRAME.nothing, 'nothing'],
  [FRAME.problem, 'problem'],
]);
const LAST: ReadonlySet<Part['kind']> = new Set(['end', 'nothing', 'problem']);

export class Conversation {
  private readonly line: Line;
  private readonly reader: WireReader;
  private begun: Promise<void> | undefined;
  private number = 0;
  /** The numbers of questions that are still to be answered. */
  private readonly open = new Set<number>();

  constructor(line: Line) {
    this.line = line;
    this.reader = new WireReader(line.incoming);
  }

  /** The parts of one answer. */
  async *ask(kind: FrameKind, bytes: Uint8Array): AsyncGenerator<Part> {
    for await (const { parts } of this.askAll([{ kind, bytes, about: undefined }])) yield* parts;
  }

  /** Whoever leaves before the end has ended the conversation: what follows cannot be told from the rest of it. */
  async *askAll<T>(questions: Iterable<Question<T>>): AsyncGenerator<Answer<T>> {
    await (this.begun ??= this.begin());
    if (this.open.size > 0) throw badAnswer('an earlier one was left in the middle');
    const waiting: { readonly number: number; readonly about: T }[] = [];
    const left = questions[Symbol.iterator]();
    for (;;) {
      while (waiting.length < AHEAD) {
        const { done, value } = left.next();
        if (done === true) break;
        waiting.push({ number: this.send(value), about: value.about });
      }
      const asked = waiting.shift();
      if (asked === undefined) return;
      yield { about: asked.about, parts: this.partsOf(asked.number) };
      if (this.open.has(asked.number)) throw badAnswer('an earlier one was left in the middle');
    }
  }

  /** Sends what is no question, so that nothing answers. */
  tell(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += LONGEST_FRAME) {
      const part = bytes.subarray(at, at + LONGEST_FRAME);
      this.line.send(bytesOfFrame({ kind: FRAME.tell, number: 0, bytes: part }));
    }
  }

  async close(): Promise<void> {
    await this.line.close(this.open.size === 0 && this.begun !== undefined);
  }

  private async begin(): Promise<void> {
    this.line.send(bytesOfHello());
    if ((await this.heard(() => this.reader.hello())) === undefined) throw await this.line.ended();
  }

  private send({ kind, bytes }: Question<unknown>): number {
    this.number = numberAfter(this.number);
    this.open.add(this.number);
    this.line.send(bytesOfFrame({ kind, number: this.number, bytes }));
    return this.number;
  }

  private async *partsOf(number: number): AsyncGenerator<Part> {
    for (;;) {
      const frame = await this.heard(() => this.reader.next());
      if (frame === undefined) throw await this.line.ended();
      const kind = PARTS.get(frame.kind);
      if (kind === undefined || frame.number !== number) throw badAnswer('it is to another question');
      if (kind === 'data' && frame.bytes.length === 0) throw badAnswer('a part of it is empty');
      if (LAST.has(kind)) this.open.delete(number);
      yield { kind, bytes: frame.bytes };
      if (LAST.has(kind)) return;
    }
  }

  /** A pipe that breaks is one that ends. */
  private async heard<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw error instanceof Refusal ? error : await this.line.ended();
    }
  }
}

/** What the other side says, and nobody who speaks this protocol would. */
export function badAnswer(why: string): Refusal {
  const reason = `what the other side says is no answer: ${why}`;
  return new Refusal('remote', { code: 'sync/bad-answer', severity: 'error', reason });
}
