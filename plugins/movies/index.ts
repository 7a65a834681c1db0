/** Movies: a folder with what belongs to one movie is an entity, and so is a movie that is a single file. */

import { defineType } from '../../src/plugin/api.ts';

/** Only files of these names are movies by themselves: a cover beside them is none. */
const SUFFIXES = ['avi', 'm4v', 'mkv', 'mov', 'mp4', 'mpg', 'ts', 'webm', 'wmv'];

export default defineType({
  api: 1,
  name: 'movies',
  version: 1,
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
    tags: { of: 'entity', type: 'text', merge: 'set', doc: 'Words to find it by' },
    title: { of: 'entity', type: 'text', merge: 'one', doc: 'What it is called' },
    watched: { of: 'entity', type: 'date', merge: 'max', doc: 'When you last saw it' },
    year: { of: 'entity', type: 'integer', merge: 'one', min: 1870, max: 2999, doc: 'When it came out' },
    duration: { of: 'file', type: 'number', merge: 'one', min: 0, doc: 'In seconds' },
    height: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'In pixels' },
    language: { of: 'file', type: 'text', merge: 'set', doc: 'Languages of sound or subtitles, as de or en' },
    recorded: { of: 'file', type: 'date', merge: 'one', doc: 'When it was filmed, if you filmed it' },
    width: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'In pixels' },
  },
});
