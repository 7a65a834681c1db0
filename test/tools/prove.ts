/** How often a random test runs: little in `npm test`, long in `npm run prove`, which says its seed. */

/** `npm run prove` sets it; DBK_SEED=N repeats a run. */
const isProving = process.env['DBK_PROVE'] === '1';
const given = process.env['DBK_SEED'];

export interface Runs {
  readonly count: number;
  /** The seed of the first run; that of each next one is one more. */
  readonly first: number;
}

/** `usual` runs from always the same seed; to prove, `proving` from one that differs each time. */
export function runsOf(usual: number, proving: number): Runs {
  if (!isProving) return { count: usual, first: Number(given ?? 1) };
  return { count: proving, first: Number(given ?? Date.now() % 1_000_000_000) };
}

/** What a test says first, so that it can be repeated. */
export function seedLine({ count, first }: Runs): string {
  return `${count} runs; DBK_SEED=${first} repeats them`;
}
