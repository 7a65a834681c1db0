/** What a movie says of itself: its `.nfo`, and where that is silent, the name of its file. */

import type { EntityFiles, Report } from '../../src/plugin/api.ts';
import { factsOfName } from './name-facts.ts';
import { fieldsOfNfo, type NfoFields } from './nfo-fields.ts';
import { stemOfMovie } from './suffixes.ts';

/** Of one movie with all who played in it; more is none, or hostile. */
const LONGEST_NFO = 1024 * 1024;
/** Files that are beside the movie, not it. */
const BESIDE =
  /(?:^|[ ._-])(?:sample|trailer|teaser|extras?|featurette|behindthescenes|deleted|interview)(?:$|[ ._-])/i;

export async function readMovie(entity: EntityFiles, report: Report): Promise<NfoFields> {
  const main = mainFile(entity.files);
  const named = main === undefined ? {} : factsOfName(stemOfMovie(main)!);
  const nfo = nfoOf(entity.files, main);
  return { ...named, ...(nfo === undefined ? {} : await readNfo(entity, nfo, report)) };
}

/** The largest movie that is not of another kind by its name or folder; of equal ones the first. */
function mainFile(files: ReadonlyMap<string, number>): string | undefined {
  let main: string | undefined;
  for (const [path, size] of files) {
    const isMovie = stemOfMovie(path) !== undefined && !path.split('/').some((name) => BESIDE.test(name));
    if (isMovie && (main === undefined || size > files.get(main)!)) main = path;
  }
  return main;
}

/** The one beside the movie that is called as it, else `movie.nfo`, else the only one of the folder. */
function nfoOf(files: ReadonlyMap<string, number>, main: string | undefined): string | undefined {
  const all = [...files.keys()].filter((path) => /\.nfo$/i.test(path));
  const stem = main?.slice(0, main.lastIndexOf('.')).toLowerCase();
  const isCalled = (name: string | undefined) => (path: string) => path.slice(0, -4).toLowerCase() === name;
  const named = all.find(isCalled(stem)) ?? all.find(isCalled('movie'));
  return named ?? (all.length === 1 && !all[0]!.includes('/') ? all[0] : undefined);
}

async function readNfo(entity: EntityFiles, path: string, report: Report): Promise<NfoFields> {
  const source = entity.open(path);
  if (source === undefined) return {};
  if (source.size > LONGEST_NFO) {
    report({ code: 'movies/long-nfo', severity: 'note', reason: 'is too long for an .nfo', path });
    return {};
  }
  return fieldsOfNfo(textOf(await source.read(0, source.size)));
}

/** UTF-8, or UTF-16 where a mark says so. */
function textOf(bytes: Uint8Array): string {
  const mark = bytes.length < 2 ? 0 : bytes[0]! * 256 + bytes[1]!;
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
