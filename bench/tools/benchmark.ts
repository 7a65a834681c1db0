/** What a benchmark is: a piece of work, a peer that does the same, and a goal that is a ratio of the two. */

/** One of the two that are compared. */
export interface Side {
  readonly label: string;
  readonly command: readonly [program: string, ...words: readonly string[]];
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What has to be so before each run; not timed. */
  readonly before?: () => void;
}

export interface Contest {
  readonly peer: Side;
  readonly dbk: Side;
  /** Looks whether both did what they were to do, after the last run; throws where not. */
  readonly check?: () => void;
}

export interface Benchmark {
  readonly name: string;
  /** The work in words: `status`, 1,000,000 files, nothing changed. */
  readonly work: string;
  /** How many files the tree has; a person may ask for fewer. */
  readonly files: number;
  /** Nobody may ask for fewer. */
  readonly isFixed?: true;
  /** Disk space for the tree of so many files and for all that the runs leave until the end. */
  readonly gigabytes: number;
  /** At most this many times the peer's wall time. */
  readonly ratio: number;
  /** At most this much memory for dbk. */
  readonly megabytes?: number;
  /** Pairs of runs; at least five. */
  readonly pairs?: number;
  /** Programs of the peer and the package that has each. */
  readonly needs: Readonly<Record<string, string>>;
  /** Makes the tree below a new folder. */
  readonly prepare: (folder: string, files: number) => Contest;
}
