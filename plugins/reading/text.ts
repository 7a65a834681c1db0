/** How what a file says becomes a text that a field can hold: one line, or prose. */

const LONGEST_LINE = 500;
const LONGEST_PROSE = 20_000;
/** Controls, halves of characters, separators, and marks that turn the direction of what follows. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;
/** The same, but for what prose may have. */
const UNPRINTABLE_IN_PROSE = /[^\P{C}\n\t]+|[\p{Zl}\p{Zp}]+/gu;

/** A text as one line of a field; undefined where nothing of it is left. */
export function oneLine(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const line = text
    .slice(0, 4 * LONGEST_LINE)
    .replace(UNPRINTABLE, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return bounded(line, LONGEST_LINE);
}

/** A text as prose of a field, its lines kept; undefined where nothing of it is left. */
export function prose(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const lines = text
    .slice(0, 4 * LONGEST_PROSE)
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE_IN_PROSE, ' ')
    .split('\n')
    .map((line) => line.trimEnd());
  return bounded(
    lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    LONGEST_PROSE,
  );
}

function bounded(text: string, most: number): string | undefined {
  const characters = Array.from(text);
  const short = characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
  return short === '' ? undefined : short;
}

/** Texts as the members of a set: lines, each once, in the order in which they first came. */
export function linesOf(texts: Iterable<unknown>): readonly string[] {
  const lines = new Set<string>();
  for (const text of texts) {
    const line = oneLine(text);
    if (line !== undefined) lines.add(line);
    if (lines.size === MOST_LINES) break;
  }
  return [...lines];
}

/** Nobody gives one picture more words than these. */
const MOST_LINES = 1000;
