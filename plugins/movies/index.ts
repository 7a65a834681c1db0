/** Movies: a folder with what belongs to one movie is an entity, and so is a movie that is a single file. */

import { defineType } from '../../src/plugin/api.ts';
import { matroskaMedia } from '../reading/matroska-media.ts';
import { mp4Media } from '../reading/mp4-media.ts';
import { readContainer } from './container.ts';
import { readMovie } from './read-movie.ts';
import { SUFFIXES } from './suffixes.ts';

export default defineType({
  api: 1,
  name: 'movies',
  version: 2,
  top: 'Movies',
  merge: 'files',
  boundaries: [
    { at: '{title} ({year})/' },
    { at: '{collection}/{title} ({year})/' },
    { at: '{collection}/{title}/' },
    ...SUFFIXES.flatMap((suffix) => [
      { at: `{title} ({year}).${suffix}` },
      { at: `{title}.${suffix}` },
      { at: `{collection}/{title} ({year}).${suffix}` },
      { at: `{collection}/{title}.${suffix}` },
    ]),
  ],
  // Not 'ts', which more often is a program in TypeScript.
  usual: [...SUFFIXES.filter((suffix) => suffix !== 'ts'), 'idx', 'nfo', 'srt', 'sub', 'vtt'].map(
    (suffix) => `*.${suffix}`,
  ),
  fields: {
    about: {
      of: 'entity',
      type: 'text',
      merge: 'prose',
      doc: 'What happens, and what there is to say of it',
    },
    cast: { of: 'entity', type: 'text', merge: 'list', doc: 'Who plays, the most important first' },
    country: { of: 'entity', type: 'text', merge: 'set', doc: 'Where it was made' },
    director: { of: 'entity', type: 'text', merge: 'set', doc: 'Who directed it' },
    genre: { of: 'entity', type: 'text', merge: 'set', doc: 'What kind of movie it is' },
    imdb: { of: 'entity', type: 'text', merge: 'one', doc: 'Its id at IMDb, as tt0083658' },
    rating: { of: 'entity', type: 'integer', merge: 'one', min: 1, max: 5, doc: 'Your rating, 1 to 5' },
    score: {
      of: 'entity',
      type: 'number',
      merge: 'one',
      min: 0,
      max: 10,
      doc: 'What others think of it, of 10',
    },
    tags: { of: 'entity', type: 'text', merge: 'set', doc: 'Words to find it by' },
    title: { of: 'entity', type: 'text', merge: 'one', doc: 'What it is called' },
    tmdb: { of: 'entity', type: 'text', merge: 'one', doc: 'Its id at TMDB, as 348' },
    watched: { of: 'entity', type: 'date', merge: 'max', doc: 'When you last saw it' },
    year: { of: 'entity', type: 'integer', merge: 'one', min: 1870, max: 2999, doc: 'When it came out' },
    audio: { of: 'file', type: 'text', merge: 'set', doc: 'How its sound is coded, as AAC' },
    chapters: {
      of: 'file',
      type: 'text',
      merge: 'list',
      doc: 'Where its chapters begin, as 0:05:00 The Nostromo',
    },
    duration: { of: 'file', type: 'number', merge: 'one', min: 0, doc: 'In seconds' },
    height: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'In pixels, as it is shown' },
    language: { of: 'file', type: 'text', merge: 'set', doc: 'Languages of sound or subtitles, as de or en' },
    recorded: { of: 'file', type: 'date', merge: 'one', doc: 'When it was filmed, if you filmed it' },
    video: { of: 'file', type: 'text', merge: 'one', doc: 'How its pictures are coded, as HEVC' },
    width: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'In pixels, as it is shown' },
  },
  readers: [{ files: SUFFIXES.map((suffix) => `*.${suffix}`), read: readContainer }],
  entityReaders: [{ files: ['*.nfo'], read: readMovie }],
  mediaIds: [
    { name: 'mp4-media', level: 'payload', files: ['*.m4v', '*.mov', '*.mp4'], compute: mp4Media },
    { name: 'matroska-media', level: 'payload', files: ['*.mkv', '*.webm'], compute: matroskaMedia },
  ],
});
