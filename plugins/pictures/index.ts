/** Pictures: an event is an entity, of which a folder says the date. */

import { defineType } from '../../src/plugin/api.ts';
import { mp4Media } from '../reading/mp4-media.ts';
import { hashedImage } from './hashed-image.ts';
import { jpegImage } from './jpeg-image.ts';
import { pngImage } from './png-image.ts';
import { readPicture } from './read-picture.ts';

const names = (...suffixes: readonly string[]): readonly string[] => suffixes.map((suffix) => `*.${suffix}`);

const JPEG = names('jpeg', 'jpg');
const PNG = names('png');
/** What exiftool knows to hash. */
const HASHED = names(
  ...['avif', 'heic', 'heif', 'hif', 'jp2', 'jxl', 'tif', 'tiff', 'webp'],
  ...['arw', 'cr2', 'cr3', 'crw', 'dng', 'erf', 'fff', 'iiq', 'kdc', 'mef', 'mos', 'mrw', 'nef', 'nrw'],
  ...['orf', 'ori', 'pef', 'raf', 'raw', 'rw2', 'rwl', 'sr2', 'srf', 'srw', 'x3f', '3fr'],
);
/** Short movies are among pictures, for cameras make both. */
const MP4 = names('3gp', 'm4v', 'mov', 'mp4');

export default defineType({
  api: 1,
  name: 'pictures',
  version: 3,
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
    altitude: { of: 'file', type: 'number', merge: 'one', doc: 'In metres above the sea' },
    aperture: { of: 'file', type: 'number', merge: 'one', min: 0, doc: 'F-number of the aperture' },
    camera: { of: 'file', type: 'text', merge: 'one', doc: 'Maker and model of the camera' },
    caption: { of: 'file', type: 'text', merge: 'prose', doc: 'What is to be seen' },
    city: { of: 'file', type: 'text', merge: 'one', doc: 'Town where it was taken' },
    country: { of: 'file', type: 'text', merge: 'one', doc: 'Country where it was taken' },
    'focal-length': { of: 'file', type: 'number', merge: 'one', min: 0, doc: 'Of the lens, in millimetres' },
    height: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'In pixels, as it is shown' },
    iso: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'How sensitive the film or sensor was' },
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
    orientation: {
      of: 'file',
      type: 'integer',
      merge: 'one',
      min: 1,
      max: 8,
      doc: 'How it is to be turned, as EXIF counts; 1 is upright',
    },
    people: { of: 'file', type: 'person', merge: 'set', doc: 'Who is to be seen' },
    place: { of: 'file', type: 'text', merge: 'one', doc: 'Where it was taken, more closely than the town' },
    rating: { of: 'file', type: 'integer', merge: 'one', min: 1, max: 5, doc: 'Your rating, 1 to 5' },
    region: { of: 'file', type: 'text', merge: 'one', doc: 'State or province where it was taken' },
    shutter: {
      of: 'file',
      type: 'text',
      merge: 'one',
      doc: 'How long the exposure was, in seconds, as 1/250',
    },
    tags: {
      of: 'file',
      type: 'text',
      merge: 'set',
      doc: 'Words to find it by; below another as Places/Italy',
    },
    taken: { of: 'file', type: 'date', merge: 'one', doc: 'When it was taken' },
    title: { of: 'file', type: 'text', merge: 'one', doc: 'What it is called' },
    width: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'In pixels, as it is shown' },
  },
  readers: [
    { files: [...JPEG, ...PNG, ...HASHED, ...MP4, ...names('avi', 'gif', 'm2ts', 'mts')], read: readPicture },
  ],
  mediaIds: [
    { name: 'jpeg-image', level: 'payload', files: JPEG, compute: jpegImage },
    { name: 'png-image', level: 'payload', files: PNG, compute: pngImage },
    { name: 'mp4-media', level: 'payload', files: MP4, compute: mp4Media },
    { name: 'pictures-image', level: 'payload', files: HASHED, compute: hashedImage },
  ],
});
