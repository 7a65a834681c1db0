/** A judge of the texts that people edit, loaded with the first such text: most commands meet none. */

import type { IndexView } from './index-on-disk.ts';
import type { IndexTexts } from './index-texts.ts';
import type { Judgement } from './sidecar-checks.ts';
import type { Types } from './types.ts';

/** `before` gives the text that is recorded. */
export type Judge = (path: string, text: string, before: () => string | undefined) => Promise<Judgement>;

export interface Seen extends IndexView {
  readonly texts: Pick<IndexTexts, 'recordedIn' | 'recordedText' | 'currentBytes'>;
}

/** As `judgeFor` of judge.ts. */
export function judgeLater(seen: Seen, types?: Types): Judge {
  let judge: Promise<Judge> | undefined;
  return async (...asked) => {
    judge ??= import('./judge.ts').then(({ judgeFor }) => judgeFor(seen, types));
    return (await judge)(...asked);
  };
}

/** Knows of no types, so of no fields either. */
export const byStructure: Judge = async (path, text) => {
  const { judgeText } = await import('./sidecar-checks.ts');
  return judgeText(path, text);
};
