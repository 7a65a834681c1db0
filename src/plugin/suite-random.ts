/** Numbers that look random and are the same in every run. */

/** Whole numbers from 0 up to, not including, a bound; the same ones for the same seed (xorshift, Marsaglia 2003). */
export function randomOf(seed: number): (bound: number) => number {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
}

export function randomBytes(length: number, seed: number): Uint8Array {
  const next = randomOf(seed);
  return Uint8Array.from({ length }, () => next(256));
}

/** The same things in another order. */
export function shuffled<T>(things: readonly T[], seed: number): T[] {
  const next = randomOf(seed);
  const all = [...things];
  for (let i = all.length - 1; i > 0; i--) {
    const j = next(i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}
