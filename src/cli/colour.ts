/** Whether a stream is coloured, and what each colour means. */

import pico from 'picocolors';
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
  const colours = pico.createColors(coloured);
  return {
    coloured,
    added: colours.green,
    changed: colours.yellow,
    gone: colours.red,
    moved: colours.cyan,
    alarm: (text) => colours.bold(colours.red(text)),
    heading: colours.bold,
    quiet: colours.dim,
  };
}
