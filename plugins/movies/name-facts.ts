/** Title and year in the name of a movie's file: `Alien (1979)`, `Alien.1979.1080p.BluRay.x264-GRP`. */

import { oneLine } from '../reading/text.ts';

export interface NameFacts {
  readonly title?: string;
  readonly year?: number;
}

/** Words that stand behind the title: how large, from where, how it was coded, which version. */
const BEHIND =
  /^(?:\d{3,4}[ip]|4k|8k|uhd|hdr(?:10)?|sdr|dv|10bit|8bit|blu-?ray|b[dr]rip|bd(?:25|50)?|dvd(?:rip|scr|r|5|9)?|hd(?:tv|rip|dvd)|web(?:rip|-?dl|-?hd)?|remux|[xh]\.?26[45]|hevc|avc|xvid|divx|av1|vc-?1|aac|ac-?3|e-?ac-?3|dd[p+]?(?:5|2|7)?|dts(?:-?hd|-?x)?|truehd|atmos|flac|multi|dual|proper|repack|extended|unrated|uncut|remastered|theatrical|imax|limited|internal|complete|criterion|subbed|dubbed|german|french|italian|spanish|english)(?:-.*)?$/i;
const YEAR = /^(?:18[7-9]|19\d|20\d)\d$/;
const BRACKETED = /^(.+?)[ ._]*[([]((?:18[7-9]|19\d|20\d)\d)[)\]]/;

/**
 * What a name says without its suffix. A year in brackets ends the title; else the last number that may be one before
 * any word of a release. A name with neither says nothing: it may be of a camera, or of a disc.
 */
export function factsOfName(stem: string): NameFacts {
  const [, before, bracketed] = BRACKETED.exec(stem) ?? [];
  if (before !== undefined) return facts(before.split(SEPARATORS), Number(bracketed));
  const words = stem.split(SEPARATORS).filter((word) => word !== '');
  const behind = words.findIndex((word, i) => i > 0 && BEHIND.test(word));
  const end = behind === -1 ? words.length : behind;
  const year = words.slice(0, end).findLastIndex((word, i) => i > 0 && YEAR.test(word));
  // In a name of plain words a number is more often part of the title.
  if (year > 0 && (behind !== -1 || /^\S+$/.test(stem)))
    return facts(words.slice(0, year), Number(words[year]));
  return behind === -1 ? {} : facts(words.slice(0, behind), undefined);
}

const SEPARATORS = /[ ._]+/;

function facts(words: readonly string[], year: number | undefined): NameFacts {
  const title = oneLine(words.join(' ').replace(/[\s([{-]+$/, ''));
  return { ...(title === undefined ? {} : { title }), ...(year === undefined ? {} : { year }) };
}
