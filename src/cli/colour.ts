/** Whether a stream is coloured, and what each colour means. */

// Not by a library (picocolors): to find out for itself what was already decided here, it opens process.stdout, which takes 4 ms.

import type { Environment, Sink } from './terminal.ts';

export type ColourChoice = 'auto' | 'always' | 'never';

export type Paint = (text: string) => string;

/** Paints by meaning; each leaves its text as it is where there is no colour. */
export interface Palette {
  readonly coloured: boolean;
  readonly added: Paint;
  readonly changed: Paint;
  readonly gone: Paint;
  readonly moved: Paint;
  /** Something is wrong with a person's data. */
  readonly alarm: Paint;
  readonly heading: Paint;
  /** Beside the point. */
  readonly quiet: Paint;
}

/**
 * Whether to colour one stream. What the person says now wins; then NO_COLOR (any text), then FORCE_COLOR (any
 * text, but `0` and `false` say no); else a terminal that is not `dumb` is coloured.
 */
export function isColoured(choice: ColourChoice, stream: Pick<Sink, 'isTTY'>, env: Environment): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force) return force !== '0' && force !== 'false';
  return stream.isTTY && env['TERM'] !== 'dumb';
}

export function paletteOf(coloured: boolean): Palette {
  const paint = (begin: number, end: number): Paint =>
    coloured ? (text) => `\x1b[${begin}m${text}\x1b[${end}m` : (text) => text;
  const [bold, red] = [paint(1, 22), paint(31, 39)];
  return {
    coloured,
    added: paint(32, 39),
    changed: paint(33, 39),
    gone: red,
    moved: paint(36, 39),
    alarm: (text) => bold(red(text)),
    heading: bold,
    quiet: paint(2, 22),
  };
}
