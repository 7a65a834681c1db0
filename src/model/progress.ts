/** How far a long work has come, told to whoever shows it. */

export type Phase =
  | 'Scanning'
  | 'Indexing'
  | 'Writing'
  | 'Describing'
  | 'Reading history'
  | 'Checking'
  | 'Fetching'
  | 'Sending';

/** One moment of a work; totals are there once they are known. */
export interface Moment {
  readonly phase: Phase;
  /** What is being worked on; '' for nothing in particular. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  readonly totalFiles?: number;
  readonly totalBytes?: number;
}

/** Told often (a hundred times a second), so it has to be cheap and to decide itself what to show. */
export interface Progress {
  tell(moment: Moment): void;
  /** The work is done, or output is about to be printed: nothing of the status line remains. */
  clear(): void;
}

export const SILENT: Progress = { tell: () => undefined, clear: () => undefined };
