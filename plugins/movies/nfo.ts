/** What an `.nfo` says of a movie: the XML that Kodi and others write, or text with an address of IMDb or TMDB in it. */

import { SaxesParser } from 'saxes';

/** The elements below the root, in order; of those inside of them the text of each by name. */
export interface Nfo {
  readonly root: string;
  readonly elements: readonly NfoElement[];
}

export interface NfoElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  readonly children: readonly NfoElement[];
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  text: string;
  readonly children: Open[];
}

const DEEPEST = 16;
const MOST_ELEMENTS = 10_000;

/**
 * The elements of an XML text; undefined where it has none.
 *
 * No document type is read, and no entity means anything but the five of XML itself and numbers: nothing grows, and
 * nothing is fetched. What is wrong in it is passed over: Kodi's may have an address behind its end.
 */
export function parseNfo(text: string): Nfo | undefined {
  const parser = new SaxesParser({ position: false });
  const stack: Open[] = [];
  const found: { root?: Open } = {};
  let elements = 0;
  let isOver = false;
  parser.on('error', () => undefined);
  parser.on('opentag', ({ name, attributes }) => {
    const element: Open = { name, attributes: new Map(Object.entries(attributes)), text: '', children: [] };
    elements++;
    isOver ||= elements > MOST_ELEMENTS || stack.length >= DEEPEST;
    if (isOver) return;
    if (stack.length > 0) stack.at(-1)!.children.push(element);
    else found.root ??= element;
    stack.push(element);
  });
  const add = (part: string): void => {
    if (!isOver && stack.length > 0) stack.at(-1)!.text += part;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    if (!isOver) stack.pop();
  });
  parser.write(text).close();
  return found.root === undefined ? undefined : { root: found.root.name, elements: found.root.children };
}
