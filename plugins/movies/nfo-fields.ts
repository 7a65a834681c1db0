/** The fields that an `.nfo` gives: what it is called, what happens, who plays, and under which ids others know it. */

import { linesOf, oneLine, prose } from '../reading/text.ts';
import { parseNfo, type NfoElement } from './nfo.ts';

export interface NfoFields {
  readonly title?: string;
  readonly year?: number;
  readonly about?: string;
  readonly score?: number;
  readonly rating?: number;
  readonly director?: readonly string[];
  readonly cast?: readonly string[];
  readonly genre?: readonly string[];
  readonly country?: readonly string[];
  readonly tags?: readonly string[];
  readonly imdb?: string;
  readonly tmdb?: string;
}

const IMDB = /^tt\d{7,9}$/;
const TMDB = /^\d{1,9}$/;

export function fieldsOfNfo(text: string): NfoFields {
  const nfo = /<\s*movie\b/i.test(text) ? parseNfo(text) : undefined;
  const fields = nfo?.root.toLowerCase() === 'movie' ? fieldsOfElements(nfo.elements) : {};
  return { ...idsOfText(text), ...fields };
}

/** Addresses that people and programs write, also beside the XML. */
function idsOfText(text: string): NfoFields {
  const imdb = /\bimdb\.com\/title\/(tt\d{7,9})\b/.exec(text)?.[1];
  const tmdb = /\bthemoviedb\.org\/movie\/(\d{1,9})\b/.exec(text)?.[1];
  return { ...(imdb === undefined ? {} : { imdb }), ...(tmdb === undefined ? {} : { tmdb }) };
}

function fieldsOfElements(elements: readonly NfoElement[]): NfoFields {
  const all = (name: string): readonly NfoElement[] => elements.filter((element) => element.name === name);
  const first = (name: string): string | undefined => oneLine(all(name)[0]?.text);
  const lines = (name: string): readonly string[] => linesOf(all(name).map(({ text }) => text));
  const year = yearOf(first('year') ?? first('premiered') ?? first('releasedate'));
  const about = prose(all('plot')[0]?.text) ?? prose(all('outline')[0]?.text);
  return {
    ...given('title', first('title')),
    ...given('year', year),
    ...given('about', about),
    ...given('score', scoreOf(all('ratings')[0], first('rating'))),
    ...given('rating', ownRating(first('userrating'))),
    ...given('director', some(lines('director'))),
    ...given('cast', some(linesOf(all('actor').map(({ children }) => textOf(children, 'name'))))),
    ...given('genre', some(parts(lines('genre')))),
    ...given('country', some(parts(lines('country')))),
    ...given('tags', some(lines('tag'))),
    ...given('imdb', idOf(elements, 'imdb', IMDB)),
    ...given('tmdb', idOf(elements, 'tmdb', TMDB)),
  };
}

function given<K extends string, V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: V });
}

function some(lines: readonly string[]): readonly string[] | undefined {
  return lines.length === 0 ? undefined : lines;
}

function textOf(elements: readonly NfoElement[], name: string): string | undefined {
  return elements.find((element) => element.name === name)?.text;
}

/** Older programs write several in one element: `Horror / Science Fiction`. */
function parts(lines: readonly string[]): readonly string[] {
  return linesOf(lines.flatMap((line) => line.split(' / ')));
}

function yearOf(text: string | undefined): number | undefined {
  const [, digits] = /^(\d{4})(?:-|$)/.exec(text ?? '') ?? [];
  const year = Number(digits);
  return year >= 1870 && year <= 2999 ? year : undefined;
}

/** Of 10: the rating that is the default, else the first, else the one of older programs. */
function scoreOf(ratings: NfoElement | undefined, old: string | undefined): number | undefined {
  const all = (ratings?.children ?? []).filter(({ name }) => name === 'rating');
  const chosen = all.find(({ attributes }) => attributes.get('default') === 'true') ?? all[0];
  const most = Number(chosen?.attributes.get('max') ?? 10);
  const value = Number(chosen === undefined ? old : oneLine(textOf(chosen.children, 'value')));
  const score = Math.round((value * 1000) / most) / 100;
  return score > 0 && score <= 10 ? score : undefined;
}

/** What a person gave, of 10, as stars. */
function ownRating(text: string | undefined): number | undefined {
  const rating = Number(text);
  return rating >= 1 && rating <= 10 ? Math.ceil(rating / 2) : undefined;
}

/**
 * `<uniqueid type="imdb">`, and what was written before there was that: `<imdbid>`, `<tmdbid>`, `<id>`; a bare number
 * in the last may be anybody's.
 */
function idOf(elements: readonly NfoElement[], type: string, shape: RegExp): string | undefined {
  const isOf = ({ name, attributes }: NfoElement): boolean =>
    name === 'uniqueid'
      ? attributes.get('type')?.toLowerCase() === type
      : name === `${type}id` || (name === 'id' && type === 'imdb');
  const ids = elements.filter(isOf).map(({ text }) => text.trim());
  return ids.find((id) => shape.test(id));
}
