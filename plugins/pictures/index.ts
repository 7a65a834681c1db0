/** Pictures: an event is an entity, of which a folder says the date. */

import { defineType } from '../../src/plugin/api.ts';

export default defineType({
  api: 1,
  name: 'pictures',
  version: 1,
  top: 'Pictures',
  merge: 'files',
  boundaries: [
    { at: '{date} {event}/' },
    { at: '{year}/{date} {event}/' },
    { at: '{date}/{event}/' },
    { at: '{folder}/{event}/' },
  ],
  usual: [
    ...['avif', 'gif', 'heic', 'heif', 'jpeg', 'jpg', 'jxl', 'png', 'tif', 'tiff', 'webp', 'xcf', 'xmp'],
    ...['arw', 'cr2', 'cr3', 'dng', 'nef', 'orf', 'pef', 'raf', 'raw', 'rw2', 'srw'],
  ].map((suffix) => `*.${suffix}`),
  fields: {
    date: { of: 'entity', type: 'date', merge: 'one', doc: 'When it was: a year, a month or a day' },
    event: { of: 'entity', type: 'text', merge: 'one', doc: 'What the pictures are of' },
    about: { of: 'entity', type: 'text', merge: 'prose', doc: 'What there is to tell about it' },
    album: { of: 'file', type: 'text', merge: 'set', doc: 'Collections that the picture belongs to' },
    camera: { of: 'file', type: 'text', merge: 'one', doc: 'Maker and model of the camera' },
    caption: { of: 'file', type: 'text', merge: 'prose', doc: 'What is to be seen' },
    height: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'In pixels, as it is shown' },
    latitude: {
      of: 'file',
      type: 'number',
      merge: 'one',
      min: -90,
      max: 90,
      doc: 'In degrees, north of the equator',
    },
    lens: { of: 'file', type: 'text', merge: 'one', doc: 'Name of the lens' },
    longitude: {
      of: 'file',
      type: 'number',
      merge: 'one',
      min: -180,
      max: 180,
      doc: 'In degrees, east of Greenwich',
    },
    people: { of: 'file', type: 'text', merge: 'set', doc: 'Who is to be seen' },
    place: { of: 'file', type: 'text', merge: 'one', doc: 'Where it was taken' },
    rating: { of: 'file', type: 'integer', merge: 'one', min: 1, max: 5, doc: 'Your rating, 1 to 5' },
    tags: { of: 'file', type: 'text', merge: 'set', doc: 'Words to find it by' },
    taken: { of: 'file', type: 'date', merge: 'one', doc: 'When it was taken' },
    title: { of: 'file', type: 'text', merge: 'one', doc: 'What it is called' },
    width: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'In pixels, as it is shown' },
  },
});
