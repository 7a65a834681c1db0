/** How a patch is shown on a terminal: coloured as git does, and unable to command it. */

import type { Palette } from './colour.ts';
import { HOSTILE } from './shown.ts';

/** A patch goes in in pieces cut anywhere and comes out in lines; `end` gives what is left. */
export interface PatchPainter {
  push(piece: string): string;
  end(): string;
}

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
/** A line feed never comes here. */
const HOSTILE_BUT_TAB = new RegExp(`(?!\\t)${HOSTILE.source}`, 'gu');

/**
 * Only for terminals: what could command one becomes `^[` (as `cat -v` shows it) or `<U+202E>`, so the result is
 * no patch any more. Counts the lines of hunks, because `--- a` in one is the removed line `-- a` and no header.
 */
export function patchPainter(palette: Palette): PatchPainter {
  let rest = '';
  let old = 0;
  let now = 0;
  const paint = (line: string): string => {
    const shown = line.replace(HOSTILE_BUT_TAB, visible);
    if (old === 0 && now === 0) {
      const hunk = HUNK.exec(line);
      if (hunk === null) return line.startsWith('\\') ? shown : palette.heading(shown);
      old = Number(hunk[1] ?? 1);
      now = Number(hunk[2] ?? 1);
      return palette.moved(hunk[0]) + shown.slice(hunk[0].length);
    }
    const sign = line[0];
    if (sign === '\\') return shown;
    if (sign !== '+') old = Math.max(0, old - 1);
    if (sign !== '-') now = Math.max(0, now - 1);
    return sign === '+' ? palette.added(shown) : sign === '-' ? palette.gone(shown) : shown;
  };
  return {
    push: (piece) => {
      const lines = (rest + piece).split('\n');
      rest = lines.pop()!;
      return lines.map((line) => `${paint(line)}\n`).join('');
    },
    end: () => {
      const last = rest === '' ? '' : paint(rest);
      rest = '';
      return last;
    },
  };
}

function visible(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  return code === 0x7f ? '^?' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
