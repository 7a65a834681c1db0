/** The one rule of every merge: a side that did not change gives way. */

/** What came of one value. */
export type Outcome<T> = { readonly kind: 'is'; readonly value: T } | { readonly kind: 'both' };

/**
 * The value of a dimension by itself; `both` where both sides changed it, to different values.
 *
 * So `merge(base, x, base)` is x, `merge(base, x, x)` is x, and swapping the sides changes nothing.
 */
export function mergeValue<T>(base: T, ours: T, theirs: T, isSame: (a: T, b: T) => boolean): Outcome<T> {
  if (isSame(ours, theirs)) return { kind: 'is', value: ours };
  if (isSame(ours, base)) return { kind: 'is', value: theirs };
  if (isSame(theirs, base)) return { kind: 'is', value: ours };
  return { kind: 'both' };
}

/** The same where somebody decides between two changes; `decide` must not care which is first. */
export function settleValue<T>(
  base: T,
  ours: T,
  theirs: T,
  decide: (a: T, b: T) => T,
  isSame: (a: T, b: T) => boolean = Object.is,
): T {
  const merged = mergeValue(base, ours, theirs, isSame);
  return merged.kind === 'is' ? merged.value : decide(ours, theirs);
}
