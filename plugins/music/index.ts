/** Music: an album is an entity. */

import { defineType } from '../../src/plugin/api.ts';
import { PLAYLISTS } from './merge-playlists.ts';

export default defineType({
  api: 1,
  name: 'music',
  version: 1,
  top: 'Music',
  merge: 'files',
  boundaries: [{ at: '{genre}/{artist}/{album}/' }],
  usual: [
    ...['aac', 'aif', 'aiff', 'ape', 'flac', 'm4a', 'mka', 'mp3', 'oga', 'ogg', 'opus', 'wav', 'wma', 'wv'],
    ...['cue', 'lrc', 'm3u', 'm3u8'],
  ].map((suffix) => `*.${suffix}`),
  mergers: [PLAYLISTS],
  fields: {
    about: { of: 'entity', type: 'text', merge: 'prose', doc: 'What there is to say about the album' },
    album: { of: 'entity', type: 'text', merge: 'one', doc: 'What the album is called' },
    artist: { of: 'entity', type: 'text', merge: 'one', doc: 'Whose album it is' },
    genre: { of: 'entity', type: 'text', merge: 'set', doc: 'What kind of music it is' },
    label: { of: 'entity', type: 'text', merge: 'one', doc: 'Who published it' },
    musicbrainz: { of: 'entity', type: 'text', merge: 'one', doc: 'Id of the release at MusicBrainz' },
    released: { of: 'entity', type: 'date', merge: 'one', doc: 'When it came out' },
    bought: { of: 'entity', type: 'date', merge: 'one', doc: 'When you got it' },
    comment: { of: 'file', type: 'text', merge: 'prose', doc: 'What there is to say about the piece' },
    composer: { of: 'file', type: 'text', merge: 'set', doc: 'Who wrote it' },
    disc: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'On which disc' },
    duration: { of: 'file', type: 'number', merge: 'one', min: 0, doc: 'In seconds' },
    lyrics: { of: 'file', type: 'text', merge: 'prose', doc: 'What is sung' },
    performer: {
      of: 'file',
      type: 'text',
      merge: 'list',
      doc: 'Who plays, where it is not the artist of the album alone',
    },
    played: { of: 'file', type: 'date', merge: 'max', doc: 'When you last heard it' },
    plays: { of: 'file', type: 'integer', merge: 'sum', min: 0, doc: 'How often you heard it' },
    rating: { of: 'file', type: 'integer', merge: 'one', min: 1, max: 5, doc: 'Your rating, 1 to 5' },
    tags: { of: 'file', type: 'text', merge: 'set', doc: 'Words to find it by' },
    title: { of: 'file', type: 'text', merge: 'one', doc: 'What the piece is called' },
    track: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'At which place on the disc' },
  },
});
