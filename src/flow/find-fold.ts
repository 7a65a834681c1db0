/** How search compares texts: without case, without accents, and without what cannot be seen. */

const ASCII = /^[\0-\x7f]*$/;
const UNSEEN = /[\p{M}\p{Default_Ignorable_Code_Point}]+/gu;
/** Letters that no decomposition takes apart, as people type them who have no key for them. */
const LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ł: 'l',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};
const OTHER_LETTERS = /[æœøđðħłþıς]/g;
const WORD = /[\p{L}\p{N}]/u;

/**
 * Texts that a person would call the same word give the same.
 *
 * Not `fold` of src/text: nothing that is written depends on this, so the engine's own tables are good enough, and a
 * hundred times as quick on long prose. Upper case comes first since it knows what `ß` is.
 */
export function foldWords(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const plain = text.normalize('NFKD').replace(UNSEEN, '').toUpperCase().toLowerCase();
  // Upper case may put accents back: it has no single letter for some small ones.
  const bare = plain.normalize('NFKD').replace(UNSEEN, '');
  return bare.replace(OTHER_LETTERS, (letter) => LETTERS[letter]!);
}

/** Whether folded words stand in a folded text as whole words. */
export function holdsWords(text: string, words: string): boolean {
  if (words === '') return false;
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    if (isEdge(text, at, words, 0) && isEdge(text, at + words.length, words, words.length)) return true;
  }
  return false;
}

/** Whether a word ends between two characters; what is looked for may itself begin or end in none. */
function isEdge(text: string, at: number, words: string, end: number): boolean {
  const inside = end === 0 ? words.slice(0, 2) : words.slice(-2);
  const outside = end === 0 ? text.slice(Math.max(0, at - 2), at) : text.slice(at, at + 2);
  const last = (pair: string): string => Array.from(pair).at(-1) ?? '';
  const first = (pair: string): string => Array.from(pair)[0] ?? '';
  const [one, other] = end === 0 ? [last(outside), first(inside)] : [last(inside), first(outside)];
  return !(WORD.test(one) && WORD.test(other));
}
