/** A command line as one text (`meld --newtab 'a b'`), taken apart as a shell would and without one. */

const PIECE = /\s+|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)/y;

/**
 * Its words: blanks separate them; in single quotes everything stands for itself, in double quotes all but `\` before
 * `"` and `\`, and outside of quotes `\` takes the meaning from any character. undefined where a quote does not end.
 */
export function commandWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < line.length) {
    PIECE.lastIndex = at;
    const found = PIECE.exec(line);
    if (found === null) return undefined;
    at = PIECE.lastIndex;
    const [, single, double, escaped, plain] = found;
    const piece = single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? plain;
    if (piece !== undefined) word = (word ?? '') + piece;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
