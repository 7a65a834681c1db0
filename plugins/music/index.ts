/** Music: an album is an entity. */

import { defineType } from '../../src/plugin/api.ts';
import { matroskaMedia } from '../reading/matroska-media.ts';
import { mp4Media } from '../reading/mp4-media.ts';
import { aiffSamples, dsfSamples, wavSamples, wmaPackets } from './chunks.ts';
import { flacFrames, flacMd5 } from './flac.ts';
import { aacFrames, mp3Frames } from './frames.ts';
import { PLAYLISTS } from './merge-playlists.ts';
import { oggPackets } from './ogg-packets.ts';
import { readSong } from './read-song.ts';
import { AAC, AIFF, DSF, FLAC, MATROSKA, MP3, MP4, OGG, SONGS, UNTAGGED, WAV, WMA } from './suffixes.ts';
import { untaggedAudio } from './untagged-audio.ts';

export default defineType({
  api: 1,
  name: 'music',
  version: 2,
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
    acoustid: { of: 'file', type: 'text', merge: 'one', doc: 'Its id at AcoustID' },
    'album-artist': { of: 'file', type: 'text', merge: 'one', doc: 'Whose album it is on, as its tags say' },
    'album-title': { of: 'file', type: 'text', merge: 'one', doc: 'Which album it is on, as its tags say' },
    artists: { of: 'file', type: 'text', merge: 'list', doc: 'Who plays and sings, the first first' },
    bitrate: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'In kilobits a second' },
    bits: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'Of each sample, as 16 or 24' },
    channels: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'Of the sound; 2 is stereo' },
    codec: { of: 'file', type: 'text', merge: 'one', doc: 'How its sound is coded, as FLAC' },
    comment: { of: 'file', type: 'text', merge: 'prose', doc: 'What there is to say about the piece' },
    composer: { of: 'file', type: 'text', merge: 'set', doc: 'Who wrote it' },
    date: { of: 'file', type: 'date', merge: 'one', doc: 'When it came out' },
    disc: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'On which disc' },
    duration: { of: 'file', type: 'number', merge: 'one', min: 0, doc: 'In seconds' },
    genres: { of: 'file', type: 'text', merge: 'set', doc: 'What kind of music the piece is' },
    isrc: { of: 'file', type: 'text', merge: 'set', doc: 'Its codes as a recording, as GBAYE9700123' },
    lossless: { of: 'file', type: 'boolean', merge: 'one', doc: 'Whether every sample is as it was' },
    lyrics: { of: 'file', type: 'text', merge: 'prose', doc: 'What is sung' },
    'musicbrainz-album-artist': {
      of: 'file',
      type: 'text',
      merge: 'set',
      doc: 'Ids at MusicBrainz of those whose album it is on',
    },
    'musicbrainz-artist': {
      of: 'file',
      type: 'text',
      merge: 'set',
      doc: 'Ids at MusicBrainz of those who play and sing',
    },
    'musicbrainz-recording': {
      of: 'file',
      type: 'text',
      merge: 'one',
      doc: 'Its id at MusicBrainz, the same on every release',
    },
    'musicbrainz-release': {
      of: 'file',
      type: 'text',
      merge: 'one',
      doc: 'Id at MusicBrainz of the release it is on',
    },
    'musicbrainz-release-group': {
      of: 'file',
      type: 'text',
      merge: 'one',
      doc: 'Id at MusicBrainz of all releases of the album',
    },
    'musicbrainz-track': {
      of: 'file',
      type: 'text',
      merge: 'one',
      doc: 'Its id at MusicBrainz on this release',
    },
    'musicbrainz-work': {
      of: 'file',
      type: 'text',
      merge: 'one',
      doc: 'Id at MusicBrainz of what is played, whoever plays it',
    },
    'original-date': {
      of: 'file',
      type: 'date',
      merge: 'one',
      doc: 'When it came out for the first time',
    },
    played: { of: 'file', type: 'date', merge: 'max', doc: 'When you last heard it' },
    plays: { of: 'file', type: 'integer', merge: 'sum', min: 0, doc: 'How often you heard it' },
    rating: { of: 'file', type: 'integer', merge: 'one', min: 1, max: 5, doc: 'Your rating, 1 to 5' },
    'sample-rate': {
      of: 'file',
      type: 'integer',
      merge: 'one',
      min: 1,
      doc: 'In samples a second, as 44100',
    },
    tags: { of: 'file', type: 'text', merge: 'set', doc: 'Words to find it by' },
    title: { of: 'file', type: 'text', merge: 'one', doc: 'What the piece is called' },
    track: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'At which place on the disc' },
  },
  readers: [{ files: SONGS, read: readSong }],
  mediaIds: [
    { name: 'flac-pcm-md5', level: 'payload', files: FLAC, compute: flacMd5 },
    { name: 'flac-frames', level: 'payload', files: FLAC, compute: flacFrames },
    { name: 'mp3-frames', level: 'payload', files: MP3, compute: mp3Frames },
    { name: 'aac-frames', level: 'payload', files: AAC, compute: aacFrames },
    { name: 'ogg-packets', level: 'payload', files: OGG, compute: oggPackets },
    { name: 'mp4-media', level: 'payload', files: MP4, compute: mp4Media },
    { name: 'matroska-media', level: 'payload', files: MATROSKA, compute: matroskaMedia },
    { name: 'wav-samples', level: 'payload', files: WAV, compute: wavSamples },
    { name: 'aiff-samples', level: 'payload', files: AIFF, compute: aiffSamples },
    { name: 'dsf-samples', level: 'payload', files: DSF, compute: dsfSamples },
    { name: 'wma-packets', level: 'payload', files: WMA, compute: wmaPackets },
    { name: 'music-untagged', level: 'payload', files: UNTAGGED, compute: untaggedAudio },
  ],
});
