/** Which of very many ids stand more than once: some 20 bytes an id in memory, and no text. Pure. */

const FIRST_ROWS = 1 << 12;
const EMPTY = 0;

/**
 * A list of the first 64 bits of ids that knows which of them are in it more than once. Two different ids may be
 * taken for one; whoever asks compares the whole ones afterwards.
 */
export class Repeated {
  length = 0;
  private high = new Uint32Array(FIRST_ROWS);
  private low = new Uint32Array(FIRST_ROWS);
  /** Of the first place where an id stands: whether there is another. */
  private again = new Uint8Array(FIRST_ROWS);
  /** One more than the first place where an id stands; half of it at least is empty. */
  private table = new Uint32Array(FIRST_ROWS * 2);

  /** Puts an id of at least 16 hexadecimal digits behind the others. */
  push(id: string): void {
    const at = this.length;
    if (at === this.high.length) this.grow();
    this.high[at] = Number.parseInt(id.slice(0, 8), 16);
    this.low[at] = Number.parseInt(id.slice(8, 16), 16);
    this.length++;
    const row = this.rowOf(this.high[at], this.low[at]);
    if (this.table[row] === EMPTY) this.table[row] = at + 1;
    else this.again[this.table[row]! - 1] = 1;
  }

  /** Whether an id stands at several places. */
  has(id: string): boolean {
    return this.isAgain(Number.parseInt(id.slice(0, 8), 16), Number.parseInt(id.slice(8, 16), 16));
  }

  /** Whether one of those at the places from `from` to before `to` stands elsewhere too. */
  hasAny(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.isAgain(this.high[at]!, this.low[at]!)) return true;
    return false;
  }

  private isAgain(high: number, low: number): boolean {
    const first = this.table[this.rowOf(high, low)]!;
    return first !== EMPTY && this.again[first - 1] === 1;
  }

  /** The row of an id, or the free one that it would have. */
  private rowOf(high: number, low: number): number {
    const { table } = this;
    const mask = table.length - 1;
    for (let row = low & mask; ; row = (row + 1) & mask) {
      const at = table[row]! - 1;
      if (at === -1 || (this.high[at] === high && this.low[at] === low)) return row;
    }
  }

  private grow(): void {
    const rows = this.high.length * 2;
    this.high = grown(this.high, new Uint32Array(rows));
    this.low = grown(this.low, new Uint32Array(rows));
    this.again = grown(this.again, new Uint8Array(rows));
    const firsts = this.table.filter((first) => first !== EMPTY);
    this.table = new Uint32Array(rows * 2);
    for (const first of firsts) this.table[this.rowOf(this.high[first - 1]!, this.low[first - 1]!)] = first;
  }
}

function grown<T extends Uint8Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
