/** The fields that the tags of a song give, and what its sound is like. */

import { momentOf } from '../reading/moment.ts';
import { linesOf, oneLine, prose } from '../reading/text.ts';
import type { Song } from './parse-song.ts';

export interface SongFields {
  readonly title?: string;
  readonly artists?: readonly string[];
  readonly 'album-title'?: string;
  readonly 'album-artist'?: string;
  readonly composer?: readonly string[];
  readonly track?: number;
  readonly disc?: number;
  readonly date?: string;
  readonly 'original-date'?: string;
  readonly genres?: readonly string[];
  readonly comment?: string;
  readonly lyrics?: string;
  readonly rating?: number;
  readonly acoustid?: string;
  readonly isrc?: readonly string[];
  readonly 'musicbrainz-recording'?: string;
  readonly 'musicbrainz-track'?: string;
  readonly 'musicbrainz-release'?: string;
  readonly 'musicbrainz-release-group'?: string;
  readonly 'musicbrainz-work'?: string;
  readonly 'musicbrainz-artist'?: readonly string[];
  readonly 'musicbrainz-album-artist'?: readonly string[];
  readonly bitrate?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly codec?: string;
  readonly duration?: number;
  readonly lossless?: boolean;
  readonly 'sample-rate'?: number;
}

type Common = Song['common'];
type Format = Song['format'];

/** Whatever of it is what a field can hold: the values come from the file, and may be anything. */
export function fieldsOfSong({ common, format, native }: Song): SongFields {
  return {
    ...namesOf(common),
    ...placeOf(common),
    ...given('date', dateOf(common.date) ?? dateOfYear(common.year, native)),
    ...given('original-date', dateOf(common.originaldate) ?? dateOf(String(common.originalyear))),
    ...given('comment', commentOf(common.comment)),
    ...given('lyrics', lyricsOf(common.lyrics)),
    ...given('rating', ratingOf(common.rating, native)),
    ...idsOf(common),
    ...soundOf(format),
  };
}

export function given<K extends string, V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: V });
}

function some(values: unknown): readonly string[] | undefined {
  const lines = linesOf(Array.isArray(values) ? (values as readonly unknown[]) : [values]);
  return lines.length === 0 ? undefined : lines;
}

function namesOf(common: Common): SongFields {
  return {
    ...given('title', oneLine(common.title)),
    ...given('artists', some(common.artists ?? common.artist)),
    ...given('album-title', oneLine(common.album)),
    ...given('album-artist', oneLine(common.albumartist)),
    ...given('composer', some(common.composer)),
    ...given('genres', some(common.genre)),
  };
}

function placeOf({ track, disk }: Common): SongFields {
  return { ...given('track', count(track?.no)), ...given('disc', count(disk?.no)) };
}

/** A whole number from 1 on. */
function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 1 ? (value as number) : undefined;
}

/** As exactly as it is a day of the calendar: programs write `1997-00-00`, and the time at which a shop opened. */
export function dateOf(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const date = text.trim();
  return [10, 7, 4].map((length) => momentOf(date.slice(0, length))).find((moment) => moment !== undefined);
}

/** ID3v2.3 has the year in one frame, day and month as DDMM in another. */
function dateOfYear(year: unknown, native: Song['native']): string | undefined {
  const ofYear = dateOf(String(year));
  const value = native['ID3v2.3']?.find(({ id }) => id === 'TDAT')?.value;
  const [, day, month] = /^(\d\d)(\d\d)$/.exec(typeof value === 'string' ? value : '') ?? [];
  return ofYear === undefined || month === undefined ? ofYear : dateOf(`${ofYear}-${month}-${day}`);
}

/** Not what iTunes and others note for themselves: those have names. */
function commentOf(comments: Common['comment']): string | undefined {
  const all = (comments ?? []).filter(
    ({ descriptor }) => !/^(?:iTun|Songs-DB|ID3v1 )/.test(descriptor ?? ''),
  );
  return prose(linesOrText(all.map(({ text }) => text)));
}

/** Each once. */
function linesOrText(texts: readonly unknown[]): string {
  return [...new Set(texts.filter((text) => typeof text === 'string'))].join('\n');
}

function lyricsOf(lyrics: Common['lyrics']): string | undefined {
  const texts = (lyrics ?? []).map(
    ({ text, syncText }) => text ?? (syncText ?? []).map((line) => line.text).join('\n'),
  );
  return prose(linesOrText(texts));
}

/** Of ID3v2 and iTunes, of which it is known how much is all: others write 5, 10 or 100 for that. */
function ratingOf(ratings: Common['rating'], native: Song['native']): number | undefined {
  const isKnown = Object.keys(native).every((type) => type.startsWith('ID3') || type === 'iTunes');
  const rating = ratings?.map((each) => each.rating).find((each) => Number.isFinite(each));
  if (!isKnown || rating === undefined || rating < 0 || rating > 1) return undefined;
  return Math.max(1, native['iTunes'] === undefined ? 1 + Math.round(rating * 4) : Math.round(rating * 5));
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ISRC = /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/;

function idsOf(common: Common): SongFields {
  const isrc = matching(common.isrc, ISRC, (text) => text.toUpperCase().replace(/[- ]/g, ''));
  return {
    ...given('acoustid', uuids(common.acoustid_id)?.[0]),
    ...given('isrc', isrc),
    ...given('musicbrainz-recording', uuids(common.musicbrainz_recordingid)?.[0]),
    ...given('musicbrainz-track', uuids(common.musicbrainz_trackid)?.[0]),
    ...given('musicbrainz-release', uuids(common.musicbrainz_albumid)?.[0]),
    ...given('musicbrainz-release-group', uuids(common.musicbrainz_releasegroupid)?.[0]),
    ...given('musicbrainz-work', uuids(common.musicbrainz_workid)?.[0]),
    ...given('musicbrainz-artist', uuids(common.musicbrainz_artistid)),
    ...given('musicbrainz-album-artist', uuids(common.musicbrainz_albumartistid)),
  };
}

function uuids(values: unknown): readonly string[] | undefined {
  return matching(values, UUID, (text) => text.toLowerCase());
}

function matching(
  values: unknown,
  shape: RegExp,
  spelled: (text: string) => string,
): readonly string[] | undefined {
  const all = new Set((some(values) ?? []).map(spelled).filter((text) => shape.test(text)));
  return all.size === 0 ? undefined : [...all];
}

function soundOf(format: Format): SongFields {
  const { duration, bitrate, bitsPerSample, lossless } = format;
  const codec = codecOf(format);
  return {
    ...given('codec', codec),
    ...given('duration', secondsOf(duration)),
    ...given('bitrate', count(Math.round((bitrate ?? NaN) / 1000))),
    // What is coded as differences has none.
    ...given('bits', lossless === true ? count(bitsPerSample) : undefined),
    ...given('channels', count(format.numberOfChannels)),
    ...given('lossless', typeof lossless === 'boolean' && codec !== undefined ? lossless : undefined),
    // RFC 7845, 5.1: what an Opus file says is what was recorded; it sounds at this.
    ...given('sample-rate', codec === 'Opus' ? 48_000 : count(format.sampleRate)),
  };
}

export function secondsOf(duration: unknown): number | undefined {
  const seconds = typeof duration === 'number' ? Math.round(duration * 1000) / 1000 : NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** Short words, as people call them; of some formats the name of the file's own. */
const CODECS: readonly (readonly [RegExp, string])[] = [
  [/^MPEG [\d.]+ Layer ([123])$/, 'MP$1'],
  [/^MPEG\/L([123])$/, 'MP$1'],
  [/^(?:MPEG-4\/)?AAC(?:\/.*)?$/, 'AAC'],
  [/^Vorbis I$|^VORBIS$/, 'Vorbis'],
  [/^OPUS$/, 'Opus'],
];
const CONTAINERS: readonly (readonly [RegExp, string])[] = [
  [/^Monkey's Audio$/, "Monkey's Audio"],
  [/^WavPack$/, 'WavPack'],
  [/^Musepack/, 'Musepack'],
];

function codecOf({ codec, container }: Format): string | undefined {
  const own = CONTAINERS.find(([pattern]) => pattern.test(container ?? ''))?.[1];
  const text = own ?? oneLine(codec);
  const [shape, word] = CODECS.find(([pattern]) => pattern.test(text ?? '')) ?? [];
  return shape === undefined ? text : text!.replace(shape, word!);
}
