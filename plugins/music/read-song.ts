/** What a song says of itself: its tags, and how it sounds. */

import type { ByteSource, FileView, Report } from '../../src/plugin/api.ts';
import { Window } from '../reading/window.ts';
import { aacFrameAt, mpegFrameAt } from './frame-header.ts';
import { lengthOfFrames } from './frames.ts';
import { id3Names } from './id3-names.ts';
import { oggLength } from './ogg-length.ts';
import type { Parsed, Song } from './parse-song.ts';
import { fieldsOfSong, given, secondsOf, type SongFields } from './song-fields.ts';

const REASONS: Readonly<Record<NonNullable<Parsed['fault']>, string>> = {
  damaged: 'is damaged, or no music of the kind that its name says',
  'too-much': 'has tags without end',
};

/** Read as a whole only where nothing else says how long it sounds: MP3 and AAC without a header. */
const LONGEST_WALK = 128 * 1024 * 1024;

export async function readSong({ path, bytes }: FileView, report: Report): Promise<SongFields> {
  if (bytes.size === 0) return {};
  const { parseSong } = await import('./parse-song.ts');
  const parsed = await parseSong(bytes, path);
  const { song } = parsed;
  const fault = parsed.fault ?? (isKnown(song) ? undefined : 'damaged');
  if (fault !== undefined) report({ code: `music/${fault}`, severity: 'warning', reason: REASONS[fault] });
  if (song === undefined) return {};
  const fields = fieldsOfSong(await withWholeNames(song, bytes));
  return fault === undefined ? { ...fields, ...(await lengthOf(song, fields, bytes)) } : fields;
}

/** Some formats are looked for until the end of the file. */
function isKnown(song: Song | undefined): boolean {
  return song?.format.codec !== undefined || song?.format.container !== undefined;
}

/** One name a value, separated by '/' there. */
const ARTISTS = 'TXXX:ARTISTS';
const NAMES = ['TP1', 'TPE1', 'TP2', 'TPE2', 'TCM', 'TCOM', ARTISTS];

/** Names that were taken apart at '/', as they were. */
async function withWholeNames(song: Song, bytes: ByteSource): Promise<Song> {
  const { 'ID3v2.2': second, 'ID3v2.3': third, 'ID3v2.4': fourth, APEv2: ape } = song.native;
  const tags = second ?? third ?? [];
  const names = tags.map(({ id }) => id.toUpperCase()).filter((id) => NAMES.includes(id));
  const isApart = names.includes(ARTISTS) || new Set(names).size < names.length;
  if (!isApart || fourth !== undefined || ape !== undefined) return song;
  const { artists, albumArtists, composers } = await id3Names(bytes);
  const { common } = song;
  return {
    ...song,
    common: {
      ...common,
      ...given('artists', artists),
      ...given('albumartist', albumArtists?.join(', ')),
      ...given('composer', composers && [...composers]),
    } as Song['common'],
  };
}

/** What music-metadata leaves open, or would read all of the file for. */
async function lengthOf({ format }: Song, { codec }: SongFields, bytes: ByteSource): Promise<SongFields> {
  if (format.container === 'Ogg') {
    const duration = secondsOf(await oggLength(bytes));
    const bitrate = duration === undefined ? 0 : Math.round((8 * bytes.size) / duration / 1000);
    return { ...given('duration', duration), ...(bitrate < 1 ? {} : { bitrate }) };
  }
  if (secondsOf(format.duration) !== undefined || bytes.size > LONGEST_WALK) return {};
  const frameAt = format.container?.startsWith('ADTS') ? aacFrameAt : mpegFrameAt;
  if (frameAt === mpegFrameAt && !/^MP[123]$/.test(codec ?? '')) return {};
  return given('duration', secondsOf(await lengthOfFrames(new Window(bytes), frameAt)));
}
