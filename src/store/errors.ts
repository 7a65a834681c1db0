/** What an error of the file system is called, and what is tried in spite of one. */

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** Tries what follows an error; its own failure would hide the first one. */
export function quietly(action: () => unknown): void {
  try {
    action();
  } catch {
    // The error that came first passes on.
  }
}
