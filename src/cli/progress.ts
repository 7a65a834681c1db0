/** The one status line, which updates itself in place. */

import type { Moment, Progress } from '../model/progress.ts';
import { SILENT } from '../model/progress.ts';
import { cutStart, widthOf } from './layout.ts';
import type { Output } from './output.ts';
import { counted, shownDuration, shownSize } from './quantities.ts';
import { shownPath } from './shown.ts';
import type { Terminal } from './terminal.ts';

/** Ten times a second at most. */
const INTERVAL = 100;
/** No guess before so long. */
const SETTLED = 1000;
/** A path cut to less says nothing. */
const SHORTEST_PATH = 8;
const ERASE_REST = '\x1b[K';

/** The status line of a terminal; nothing elsewhere, or where it is not wanted. `now` is in milliseconds. */
export function progressFor(
  terminal: Terminal,
  stderr: Output,
  wanted: boolean,
  now: () => number,
): Progress {
  const { stderr: sink, env } = terminal;
  if (!wanted || !sink.isTTY || env['TERM'] === 'dumb') return SILENT;
  return statusLine(stderr, () => sink.columns, now);
}

/** Draws at the first moment told, then at most every tenth of a second; whoever prints calls `clear` before. */
export function statusLine(output: Output, columns: () => number, now: () => number): Progress {
  let drawnAt = -Infinity;
  let shown = false;
  let begin: { readonly at: number; readonly moment: Moment } | undefined;
  return {
    tell: (moment) => {
      const time = now();
      if (begin?.moment.phase !== moment.phase) begin = { at: time, moment };
      // A clock that was set back must not silence the line.
      if (time >= drawnAt && time - drawnAt < INTERVAL) return;
      drawnAt = time;
      shown = true;
      const left = secondsLeft(begin.moment, moment, time - begin.at);
      output.write(`\r${lineOf(moment, left, columns())}${ERASE_REST}`);
    },
    clear: () => {
      if (shown) output.write(`\r${ERASE_REST}`);
      shown = false;
    },
  };
}

/** One column stays free: a full line makes some terminals begin the next. */
function lineOf(moment: Moment, left: number | undefined, columns: number): string {
  const width = (columns > 0 ? columns : 80) - 1;
  const counts = [
    ...(moment.files > 0 ? [counted(moment.files, 'file')] : []),
    ...(moment.bytes > 0 ? [shownSize(moment.bytes)] : []),
    ...(left === undefined ? [] : [`eta ${shownDuration(left)}`]),
  ];
  const without = [moment.phase, ...counts].join('  ');
  const space = width - without.length - 1;
  const path = shownPath(moment.path);
  if (moment.path === '' || (space < SHORTEST_PATH && widthOf(path) > space)) return without.slice(0, width);
  return [`${moment.phase} ${cutStart(path, space)}`, ...counts].join('  ');
}

/** By the share of bytes done since the phase began, or of files where the bytes are not known. */
function secondsLeft(begin: Moment, moment: Moment, elapsed: number): number | undefined {
  if (elapsed < SETTLED) return undefined;
  const byBytes = moment.totalBytes !== undefined && moment.totalBytes > 0;
  const total = byBytes ? moment.totalBytes : moment.totalFiles;
  const done = byBytes ? moment.bytes - begin.bytes : moment.files - begin.files;
  if (total === undefined || done <= 0) return undefined;
  const rest = Math.max(0, total - (byBytes ? moment.bytes : moment.files));
  return (elapsed * rest) / done / 1000;
}
