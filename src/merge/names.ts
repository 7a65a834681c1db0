/** What a content is called that may not keep its name; it follows from the content alone. */

import { bytesOfName, isUtf8, type Name } from '../model/name.ts';

/** Bytes that a name may have. */
const LONGEST = 255;
const DIGITS = 8;

/** `STEM (conflict 9c1d2e3f).EXTENSION`, or with more digits; cut so that it can be stored. */
export function conflictName(name: Name, id: string, digits = DIGITS): Name {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const extension = dot > 0 ? name.slice(dot) : '';
  const mark = ` (conflict ${id.slice(0, digits)})`;
  const room = LONGEST - mark.length - bytesOfName(extension).length;
  // Of such an ending nothing is left to be recognised by.
  if (room < 1) return (cut(name, LONGEST - mark.length) + mark) as Name;
  return (cut(stem, room) + mark + extension) as Name;
}

/** The longest beginning of whole characters that has at most so many bytes. */
function cut(text: string, bytes: number): string {
  if (bytesOfName(text).length <= bytes) return text;
  let kept = '';
  let length = 0;
  for (const character of text) {
    length += isUtf8(character) ? bytesOfName(character).length : 1;
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}
