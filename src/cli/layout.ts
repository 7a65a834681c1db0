/** How texts are fitted into the columns of a terminal. */

const ASCII = /^[\x20-\x7e]*$/;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
const PICTURE = /^\p{Emoji_Presentation}$/u;

/** First and last code points that terminals show two columns wide (East Asian Width W and F, in broad strokes). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/** How many columns a text takes; it holds no controls. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

function widthOfCharacter(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) || PICTURE.test(character) ? 2 : 1;
}

/** The end of a text in at most `width` columns, with `…` for what was cut: of a path the end says most. */
export function cutStart(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  const characters = [...text];
  let start = characters.length;
  let used = 1;
  while (start > 0 && used + widthOfCharacter(characters[start - 1]!) <= width) {
    start -= 1;
    used += widthOfCharacter(characters[start]!);
  }
  // What combines with a character that was cut goes with it.
  while (start < characters.length && widthOfCharacter(characters[start]!) === 0) start += 1;
  return `…${characters.slice(start).join('')}`;
}

/** Lines of at most `width` columns, broken at blanks; a word that is longer has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Rows of two columns below each other, the right one wrapped; a left text too long for its column has a line. */
export function twoColumns(
  rows: readonly (readonly [string, string])[],
  options: { readonly indent: number; readonly left: number; readonly width: number },
): string[] {
  const indent = ' '.repeat(options.indent);
  const start = options.indent + options.left;
  return rows.flatMap(([left, right]) => {
    const lines = wrap(right, options.width - start).map((line) => ' '.repeat(start) + line);
    if (widthOf(left) > options.left - 2) return [indent + left, ...lines];
    return [indent + padEnd(left, options.left) + lines[0]!.slice(start), ...lines.slice(1)];
  });
}
