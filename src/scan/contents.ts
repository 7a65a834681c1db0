/** Hashes a batch of files into columns, in whichever thread. */

import type { Contents } from './messages.ts';
import type { Previous } from './protect.ts';
import { SEEN_WIDTH } from './messages.ts';
import { READ, readContent, seenOf, type Content, type ReadingGear } from './hash.ts';

/** The columns for a number of files, not yet filled. */
export function emptyContents(count: number): Contents & { readonly codes: Map<number, string> } {
  return {
    outcomes: new Uint8Array(count),
    hashes: new Uint8Array(count * 32),
    seen: new Float64Array(count * SEEN_WIDTH),
    mtimes: new BigInt64Array(count),
    guarding: new Uint8Array(count),
    codes: new Map<number, string>(),
  };
}

/** Reads one file and puts what became of it at a row; yields as `readContent` does. */
export function* readInto(
  contents: ReturnType<typeof emptyContents>,
  row: number,
  gear: ReadingGear,
  path: string,
  previous?: Previous,
): Generator<number, void> {
  const content = yield* readContent(gear, path, previous);
  contents.outcomes[row] = content.outcome;
  if (content.error !== undefined)
    contents.codes.set(row, (content.error as NodeJS.ErrnoException).code ?? 'EIO');
  if (content.outcome !== READ) return;
  fill(contents, row, content);
  if (content.guarding === undefined) return;
  contents.guarding[row] = content.guarding.guarding;
  if (content.guarding.code !== undefined) contents.codes.set(row, content.guarding.code);
}

function fill(contents: Contents, row: number, { hash, stats, guarding }: Content): void {
  const seen = seenOf(stats!);
  const ctimeMs = guarding?.ctimeMs ?? seen.ctimeMs;
  const links = guarding?.links ?? Number(stats!.nlink);
  contents.hashes.set(hash!, row * 32);
  contents.seen.set(
    // prettier-ignore
    [seen.size, seen.mtimeMs, ctimeMs, seen.birthtimeMs, seen.ino, seen.mode, links, seen.ctimeMs],
    row * SEEN_WIDTH,
  );
  contents.mtimes[row] = stats!.mtimeNs;
}
