/** What a volume shows of what it is given: where it cannot keep something, that what it shows differs is no change. */

export interface Rendering {
  /** Whether permission bits stay as they are set. */
  readonly modes: boolean;
  /** Whether it has symbolic links. */
  readonly links: boolean;
  /** Nanoseconds: what a time may differ by from the one that was set, this excluded; 1 is a volume that keeps all. */
  readonly times: bigint;
  /** Whether names may hold `< > : " | ? * \` and control characters. */
  readonly signs: boolean;
  /** Whether names may end in a dot or a blank. */
  readonly endings: boolean;
  /** Whether names may hold bytes that are not UTF-8. */
  readonly bytes: boolean;
  /** Whether names that differ only in case, or in how a letter is composed, are two. */
  readonly cases: boolean;
}

export const FAITHFUL: Rendering = {
  modes: true,
  links: true,
  times: 1n,
  signs: true,
  endings: true,
  bytes: true,
  cases: true,
};

/** What FAT keeps: nothing keeps less. */
export const POOREST: Rendering = {
  modes: false,
  links: false,
  times: 2_000_000_000n,
  signs: false,
  endings: false,
  bytes: false,
  cases: false,
};

/** Of a volume that is none of the usual ones and cannot be tried: no name is made there. */
export const UNTRIED: Rendering = { ...POOREST, signs: true, endings: true, bytes: true, cases: true };

/** 1980 to 2107: what FAT and exFAT can count; they show the nearest. */
const FIRST = 315_532_800_000_000_000n;
const LAST = 4_354_819_199_000_000_000n;

/** Whether any two names are two names there. */
export function takesAllNames({ signs, endings, bytes, cases }: Rendering): boolean {
  return signs && endings && bytes && cases;
}

/** Whether permission bits that are shown are those that are meant. */
export function showsMode({ modes }: Rendering, shown: number, meant: number): boolean {
  return !modes || shown === meant;
}

/** Whether a time that is shown is the one that is meant; both in nanoseconds since 1970. */
export function showsTime({ times }: Rendering, shown: bigint, meant: bigint): boolean {
  if (shown === meant) return true;
  if (times === 1n) return false;
  const kept = meant < FIRST ? FIRST : meant > LAST ? LAST : meant;
  const difference = shown - kept;
  return difference < times && -difference < times;
}
