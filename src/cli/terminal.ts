/** What the command line knows of the world outside; main.ts makes one from `process`, tests make their own. */

/** Where text goes: one file descriptor, written synchronously. */
export interface Sink {
  readonly isTTY: boolean;
  /** How wide the terminal is now; 80 where nobody knows. */
  readonly columns: number;
  /** Writes some of the bytes and says how many; throws Node's errors (EPIPE, EAGAIN, ENOSPC …). */
  write(bytes: Uint8Array): number;
}

/** Where answers come from. */
export interface Source {
  readonly isTTY: boolean;
  /**
   * Hands over what is typed as it comes, undefined at its end, until the function it returns is called; never
   * before `listen` has returned. While nobody listens, the source does not keep the process alive.
   */
  listen(take: (chunk: Uint8Array | undefined) => void): () => void;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Terminal {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: Source;
  readonly env: Environment;
}
