/** What the container of a movie says of it, as MediaInfo reads it: how long, how large, how coded, in which languages. */

import type { FileView, Report } from '../../src/plugin/api.ts';
import { momentOf } from '../reading/moment.ts';
import { linesOf, oneLine } from '../reading/text.ts';

export interface ContainerFields {
  readonly duration?: number;
  readonly width?: number;
  readonly height?: number;
  readonly video?: string;
  readonly audio?: readonly string[];
  readonly language?: readonly string[];
  readonly chapters?: readonly string[];
  readonly recorded?: string;
}

/** A part of the answer, by the words of MediaInfo. */
type Track = Readonly<Record<string, unknown>>;

const CHUNK = 1024 * 1024;
/** It asks here and there; one that asks for more goes in circles, or through a file that is none. */
const MOST = 64 * CHUNK;

/** A run of its own for each file: what a damaged one does to MediaInfo's memory concerns no other. */
export async function readContainer({ bytes }: FileView, report: Report): Promise<ContainerFields> {
  if (bytes.size === 0) return {};
  const { default: startMediaInfo } = await import('mediainfo.js');
  const mediaInfo = await startMediaInfo({ format: 'JSON', chunkSize: CHUNK });
  const failed: { error?: unknown } = {};
  let read = 0;
  const piece = async (length: number, offset: number): Promise<Uint8Array> => {
    read += length;
    // Nothing is the end for it.
    if (read > MOST || length <= 0) return new Uint8Array();
    try {
      return await bytes.read(offset, Math.min(length, CHUNK));
    } catch (error) {
      failed.error = error;
      throw error;
    }
  };
  try {
    return fieldsOf(tracksOf(await mediaInfo.analyzeData(bytes.size, piece)));
  } catch {
    // The disk's failures are not the file's.
    if ('error' in failed) throw failed.error;
    report({ code: 'movies/not-read', severity: 'warning', reason: 'makes MediaInfo fail' });
    return {};
  }
}

function tracksOf(answer: string): readonly Track[] {
  const { media } = JSON.parse(answer) as { readonly media?: { readonly track?: unknown } | null };
  const tracks = media?.track;
  return Array.isArray(tracks) ? (tracks as readonly Track[]) : [];
}

function fieldsOf(tracks: readonly Track[]): ContainerFields {
  const of = (type: string): readonly Track[] => tracks.filter((track) => track['@type'] === type);
  const [general = {}] = of('General');
  const [video] = of('Video');
  const sounds = of('Audio');
  // Without any of these it is none of its formats, and what it says is about bytes.
  if (video === undefined && sounds.length === 0) return {};
  const duration = numberOf(general['Duration']);
  const audio = linesOf(sounds.map((track) => track['Format']));
  const language = linesOf([...sounds, ...of('Text')].map((track) => languageOf(track['Language'])));
  const chapters = of('Menu').flatMap(chaptersOf);
  const recorded = momentOf(oneLine(general['Recorded_Date']));
  return {
    ...(duration === undefined ? {} : { duration: Math.round(duration * 1000) / 1000 }),
    ...(video === undefined ? {} : pictureOf(video)),
    ...(audio.length === 0 ? {} : { audio }),
    ...(language.length === 0 ? {} : { language }),
    ...(chapters.length === 0 ? {} : { chapters: chapters.slice(0, MOST_CHAPTERS) }),
    ...(recorded === undefined ? {} : { recorded }),
  };
}

const MOST_CHAPTERS = 1000;

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
  return number !== undefined && number > 0 && Number.isFinite(number) ? number : undefined;
}

/** As it is shown: a phone that is held upright writes how to turn what it filmed. */
function pictureOf(track: Track): ContainerFields {
  const [width, height] = [numberOf(track['Width']), numberOf(track['Height'])];
  const format = oneLine(track['Format']);
  const video = format === undefined ? {} : { video: format };
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height)) return video;
  const isAcross = [90, 270].includes(Number(track['Rotation']));
  return isAcross
    ? { width: height!, height: width!, ...video }
    : { width: width!, height: height!, ...video };
}

/** `de`, `pt-BR`; undefined for none, several and unknown ones. */
function languageOf(value: unknown): string | undefined {
  const isLanguage = typeof value === 'string' && /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(value);
  return isLanguage && !['und', 'mul', 'zxx', 'mis'].includes(value.toLowerCase()) ? value : undefined;
}

/** `0:05:00 The Nostromo`, in their order. */
function chaptersOf({ extra }: Track): readonly string[] {
  if (typeof extra !== 'object' || extra === null) return [];
  return Object.entries(extra).flatMap(([key, value]) => {
    const [, hours, minutes, seconds] = /^_(\d+)_(\d\d)_(\d\d)_\d{3}$/.exec(key) ?? [];
    if (hours === undefined) return [];
    // With several languages the first of them: `en:Title`.
    const title = typeof value === 'string' ? value.replace(/^[a-z]{2,3}:/, '') : '';
    const line = oneLine(`${Number(hours)}:${minutes}:${seconds} ${title}`);
    return line === undefined ? [] : [line];
  });
}
