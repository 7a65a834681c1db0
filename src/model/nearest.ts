/** Which of the known words a mistyped one was meant to be. */

/**
 * The meaning of the known word that is nearest to what was typed, or undefined where none is near.
 *
 * `known` maps words to what they mean (a command; an old word for it). A word that begins with what was typed
 * is near; so is one that a few inserted, left out, replaced or swapped letters give: one of three letters, two of
 * up to seven, else three.
 */
export function nearest(typed: string, known: ReadonlyMap<string, string>): string | undefined {
  const word = typed.toLowerCase();
  const letters = word.replace(/^-+/, '').length;
  if (letters === 0 || letters > 64) return undefined;
  let best: string | undefined;
  let least = letters <= 1 ? 0 : letters <= 3 ? 1 : letters <= 7 ? 2 : 3;
  least += 1;
  for (const [candidate, meaning] of known) {
    const distance =
      letters >= 2 && candidate.startsWith(word) ? 0.5 : editDistance(word, candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = meaning;
    }
  }
  return best;
}

/** How many letters have to be inserted, removed, replaced, or swapped with their neighbour. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
