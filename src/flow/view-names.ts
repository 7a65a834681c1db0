/** What links are called in one folder: as what they lead to, and where names collide with a number. Pure. */

import type { Name } from '../model/name.ts';
import { fold } from '../text/fold.ts';
import { fitsIn, LONGEST_NAME } from '../text/names.ts';

/**
 * A name for each target, in their order. A target keeps the name that it `has`; other names are not taken that
 * anything else in the folder has, in whatever case.
 */
export function namesOfLinks(
  targets: Iterable<readonly [target: string, name: Name]>,
  has: ReadonlyMap<string, Name>,
  taken: Iterable<Name>,
): Map<string, Name> {
  const all = [...targets];
  const used = new Set(Array.from(taken, fold));
  for (const [target] of all) {
    const name = has.get(target);
    if (name !== undefined) used.add(fold(name));
  }
  const names = new Map<string, Name>();
  /** The number that was given last to a name, so that many of one name are not all tried again. */
  const last = new Map<string, number>();
  for (const [target, wished] of all) {
    const own = has.get(target);
    if (own !== undefined) {
      names.set(target, own);
      continue;
    }
    let name = wished;
    let number = last.get(wished) ?? 1;
    while (used.has(fold(name))) name = numbered(wished, ++number);
    last.set(wished, number);
    used.add(fold(name));
    names.set(target, name);
  }
  return names;
}

/** `a (2).jpg`; cut before the number where that would be too long. */
function numbered(name: Name, number: number): Name {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const suffix = ` (${number})${ending}`;
  const characters = Array.from(stem);
  while (characters.length > 0 && !fitsIn(characters.join('') + suffix, LONGEST_NAME)) characters.pop();
  // What is all ending has none that could stay.
  return (characters.length > 0 ? characters.join('') + suffix : String(number)) as Name;
}
