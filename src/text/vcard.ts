/** The cards of a vCard file, each as its properties (RFC 6350, RFC 2426 and what there was before). */

import { contentLines, writeLine, type Property } from './vcard-lines.ts';

export type VcardVersion = '3.0' | '4.0';

export interface Card {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly properties: readonly Property[];
  /** Lines that have no value here: binary ones, too long ones, and what is no line. */
  readonly left: readonly LeftLine[];
}

export interface LeftLine {
  readonly line: number;
  /** '' where not even that can be told. */
  readonly name: string;
  readonly why: string;
}

/** A card that cannot be taken. */
export interface WrongCard {
  readonly line: number;
  readonly wrong: string;
}

/** Of one card; a hostile file may have a card that never ends. */
const MOST_LINES = 2000;

/** The cards of a file in their order; what stands outside of cards, and cards in cards, are passed over. */
export function* cardsIn(file: Uint8Array): Generator<Card | WrongCard> {
  let open: { readonly line: number; readonly properties: Property[]; readonly left: LeftLine[] } | undefined;
  let depth = 0;
  for (const { line, property, wrong } of contentLines(file)) {
    const mark = property !== undefined && /^VCARD\s*$/i.test(property.value) ? property.name : '';
    if (mark === 'BEGIN') {
      if (depth++ === 0) open = { line, properties: [], left: [] };
    } else if (mark === 'END' && depth > 0) {
      if (--depth > 0 || open === undefined) continue;
      yield finished(open);
      open = undefined;
    } else if (depth === 1 && open !== undefined && open.properties.length + open.left.length <= MOST_LINES) {
      if (property === undefined || wrong !== undefined)
        open.left.push({ line, name: property?.name ?? '', why: wrong ?? '' });
      else open.properties.push(property);
    }
  }
  if (open !== undefined) yield { line: open.line, wrong: 'it has no end' };
}

/** A card as it stands in a file. */
export function writeCard(properties: readonly Property[], version: VcardVersion): string {
  const lines = properties.map(writeLine).join('');
  return `BEGIN:VCARD\r\nVERSION:${version}\r\n${lines}END:VCARD\r\n`;
}

function finished(card: Card): Card | WrongCard {
  const lines = card.properties.length + card.left.length;
  return lines > MOST_LINES ? { line: card.line, wrong: `it has more than ${MOST_LINES} lines` } : card;
}
