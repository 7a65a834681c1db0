/** A text of the index that a commit may change. */

import type { TextChange } from '../model/change.ts';
import type { Look } from './look.ts';

/** A text that may change; what it becomes is found when it is asked for. */
export interface PlannedText {
  readonly path: string;
  /** undefined where nothing changes after all. */
  readonly make: () => TextChange | undefined;
}

/** What takes a recorded text out; undefined where there is none. */
export function removal(look: Look, path: string): TextChange | undefined {
  const before = look.texts.recordedText(path);
  return before === undefined ? undefined : { path, before, after: undefined };
}
