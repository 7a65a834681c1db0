import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bigEndian, join, utf8 } from '../../fixtures/sample/bytes.ts';
import { flac } from '../../fixtures/sample/flac.ts';
import { mp3 } from '../../fixtures/sample/mp3.ts';
import music from '../../plugins/music/index.ts';
import { dateOf } from '../../plugins/music/song-fields.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import type { TypePlugin } from '../../src/plugin/api.ts';
import { beginnings, entityOf, type DirectoryFacts } from '../../src/plugin/boundaries.ts';
import { declarationOf } from '../../src/plugin/declared.ts';
import { testPlugin } from '../../src/plugin/suite.ts';
import { temporary } from '../tools/tree.ts';
import {
  FFMPEG,
  makeSong,
  missing,
  MUTAGEN,
  output,
  PYTHON,
  run,
  said,
  saidOf,
  sourceOf,
  tagged,
} from './songs.ts';

const TAGS = {
  title: 'Airbag',
  artist: 'AC/DC',
  album: 'Übers Meer',
  album_artist: 'Die Höhenflieger',
  composer: 'Ada Lovelace',
  track: '3/12',
  disc: '2/2',
  date: '1997-05-21',
  genre: 'Rock',
};

/** The same, as the plugin says it. */
const WORDS = {
  title: 'Airbag',
  artists: ['AC/DC'],
  'album-title': 'Übers Meer',
  'album-artist': 'Die Höhenflieger',
  composer: ['Ada Lovelace'],
  track: 3,
  disc: 2,
  date: '1997-05-21',
  genres: ['Rock'],
};

const FORMATS: readonly (readonly [
  name: string,
  codec: string,
  isLossless: boolean,
  ...options: string[],
])[] = [
  ['a.flac', 'FLAC', true],
  ['a.mp3', 'MP3', false],
  ['v3.mp3', 'MP3', false, '-id3v2_version', '3'],
  ['a.m4a', 'AAC', false],
  ['alac.m4a', 'ALAC', true, '-c:a', 'alac'],
  ['a.opus', 'Opus', false],
  ['a.ogg', 'Vorbis', false],
];

interface Probed {
  readonly streams: readonly { readonly sample_rate: string; readonly channels: number }[];
  readonly format: { readonly duration: string };
}

test('facts agree with what was written, with ffprobe and with exiftool', async (t) => {
  const need = missing(FFMPEG, ['ffprobe', '-version'], ['exiftool', '-ver']);
  if (need !== undefined) return t.skip(need);
  const folder = temporary(t);
  for (const [name, codec, isLossless, ...options] of FORMATS) {
    const path = makeSong(folder, name, [...options, ...tagged(TAGS)]);
    const { fields, codes } = await saidOf(path);
    const { bitrate, bits, duration, lossless, comment: _, ...rest } = fields;
    const probe = JSON.parse(
      output('ffprobe', '-v', 'error', '-show_streams', '-show_format', '-of', 'json', path),
    ) as Probed;
    const [stream] = probe.streams;
    const sound = { codec, channels: stream!.channels, 'sample-rate': Number(stream!.sample_rate) };
    assert.deepEqual(rest, { ...WORDS, ...sound }, name);
    assert.ok(
      Math.abs(Number(duration) - Number(probe.format.duration)) < 0.06,
      `${name} ${String(duration)}`,
    );
    assert.ok(Number(bitrate) >= 1 && Number(bitrate) < 1500, name);
    // Vorbis and Opus say nothing of it.
    assert.equal(lossless ?? false, isLossless, name);
    assert.equal(bits, isLossless ? 16 : undefined, name);
    assert.deepEqual(codes, [], name);
    const [seen] = JSON.parse(output('exiftool', '-j', path)) as [Readonly<Record<string, unknown>>];
    assert.deepEqual(
      [seen!['Title'], seen!['Artist'], seen!['Album'], seen!['Genre']],
      [fields['title'], 'AC/DC', fields['album-title'], 'Rock'],
      name,
    );
    assert.match(String(seen!['TrackNumber'] ?? seen!['Track']), /^3\b/, name);
  }
});

const UUIDS = [1, 2, 3, 4, 5].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`);

/** As Picard writes, which uses mutagen itself. */
const PICARD = `
import sys, mutagen
from mutagen.id3 import UFID, TXXX, TSRC, POPM, TPE1
path, ids = sys.argv[1], sys.argv[2:]
song = mutagen.File(path)
names = ['Release Track Id', 'Album Id', 'Artist Id', 'Release Group Id']
if path.endswith('.mp3'):
    song.tags.add(UFID(owner='http://musicbrainz.org', data=ids[0].encode()))
    for name, id in zip(names, ids[1:]): song.tags.add(TXXX(encoding=3, desc='MusicBrainz ' + name, text=[id]))
    song.tags.add(TSRC(encoding=3, text=['GBAYE9700123']))
    song.tags.add(POPM(email='a@b', rating=196, count=1))
    song.tags.add(TPE1(encoding=3, text=['One', 'Two']))
elif path.endswith('.m4a'):
    for name, id in zip(['Track Id'] + names, ids):
        song.tags['----:com.apple.iTunes:MusicBrainz ' + name] = [id.encode()]
    song.tags['----:com.apple.iTunes:ISRC'] = [b'GBAYE9700123']
    song.tags['\\xa9ART'] = ['One', 'Two']
else:
    for name, id in zip(['TRACKID', 'RELEASETRACKID', 'ALBUMID', 'ARTISTID', 'RELEASEGROUPID'], ids):
        song['MUSICBRAINZ_' + name] = [id.upper()]
    song['ISRC'] = ['GB-AYE-97-00123']
    song['ARTIST'] = ['One', 'Two']
song.save()`;

test('ids of MusicBrainz, ISRC and several artists are read as Picard writes them', async (t) => {
  const need = missing(FFMPEG, MUTAGEN);
  if (need !== undefined) return t.skip(need);
  const folder = temporary(t);
  for (const name of ['a.mp3', 'a.m4a', 'a.flac', 'a.opus', 'a.ogg']) {
    const path = makeSong(folder, name, tagged(TAGS));
    assert.equal(run(PYTHON, '-c', PICARD, path, ...UUIDS), undefined, name);
    const { fields } = await saidOf(path);
    assert.deepEqual(
      ['recording', 'track', 'release', 'artist', 'release-group'].map((it) => fields[`musicbrainz-${it}`]),
      [UUIDS[0], UUIDS[1], UUIDS[2], [UUIDS[3]], UUIDS[4]],
      name,
    );
    assert.deepEqual(fields['isrc'], ['GBAYE9700123'], name);
    assert.deepEqual(fields['artists'], ['One', 'Two'], name);
    assert.equal(fields['rating'], name === 'a.mp3' ? 4 : undefined);
  }
});

function id3(version: number, ...frames: readonly Uint8Array[]): Uint8Array {
  const size = frames.reduce((sum, frame) => sum + frame.length, 0);
  const bytes = [21, 14, 7, 0].map((bits) => (size >> bits) & 0x7f);
  return join(utf8('ID3'), [version, 0, 0, ...bytes], ...frames, mp3(20, []));
}

function frame(id: string, ...body: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const content = join(...body);
  const flags = id.length === 3 ? [] : [0, 0];
  return join(utf8(id), bigEndian(content.length, id.length), flags, content);
}

test('what stands in ID3v2.3 is one name unless NUL is in it, and its date is in two frames', async () => {
  const rows: readonly (readonly [version: number, frames: readonly Uint8Array[], expected: object])[] = [
    [3, [frame('TPE1', [0], utf8('AC/DC'))], { artists: ['AC/DC'] }],
    [3, [frame('TPE1', [0], utf8('Simon / Garfunkel\0'))], { artists: ['Simon / Garfunkel'] }],
    [3, [frame('TPE1', [0], utf8('AC/DC\0Queen'))], { artists: ['AC/DC', 'Queen'] }],
    [3, [frame('TPE1', [1, 0xff, 0xfe, 0x41, 0, 0x2f, 0, 0xfc, 0])], { artists: ['A/ü'] }],
    [3, [frame('TPE1', [1, 0xfe, 0xff, 0, 0x41, 0, 0x2f, 0, 0xfc])], { artists: ['A/ü'] }],
    [
      3,
      [frame('TPE1', [0], utf8('AC/DC')), frame('TXXX', [0], utf8('ARTISTS\0AC/DC'))],
      { artists: ['AC/DC'] },
    ],
    [
      3,
      [frame('TPE2', [0], utf8('A/B')), frame('TCOM', [0], utf8('C/D'))],
      { 'album-artist': 'A/B', composer: ['C/D'] },
    ],
    [2, [frame('TP1', [0], utf8('AC/DC'))], { artists: ['AC/DC'] }],
    [4, [frame('TPE1', [3], utf8('AC/DC\0Ü'))], { artists: ['AC/DC', 'Ü'] }],
    [3, [frame('TYER', [0], utf8('1997')), frame('TDAT', [0], utf8('2105'))], { date: '1997-05-21' }],
    [3, [frame('TYER', [0], utf8('1997')), frame('TDAT', [0], utf8('9905'))], { date: '1997-05' }],
    [
      3,
      [frame('COMM', [0], utf8('engiTunNORM\0 0001')), frame('COMM', [0], utf8('eng\0Hi'))],
      { comment: 'Hi' },
    ],
    [3, [frame('POPM', utf8('a@b\0'), [255])], { rating: 5 }],
    [3, [frame('POPM', utf8('a@b\0'), [0])], {}],
    [3, [frame('TRCK', [0], utf8('0/9')), frame('TIT2', [0], utf8('\u0007 '))], {}],
  ];
  const { fields: sound } = await said('a.mp3', mp3(20, []));
  for (const [version, frames, expected] of rows) {
    const { bitrate: _, ...fields } = (await said('a.mp3', id3(version, ...frames))).fields;
    const { bitrate: __, ...bare } = sound;
    assert.deepEqual(fields, { ...bare, ...expected }, JSON.stringify(expected));
  }
});

test('a date is as exact as it is one of the calendar', () => {
  const rows: readonly (readonly [text: unknown, date: string | undefined])[] = [
    ['1997', '1997'],
    ['1997-05', '1997-05'],
    ['1997-05-21', '1997-05-21'],
    ['1997:05:21', '1997-05-21'],
    ['1997-05-21T07:00:00Z', '1997-05-21'],
    ['1997-00-00', '1997'],
    ['1997-05-00', '1997-05'],
    ['1997-02-30', '1997-02'],
    [' 1997 ', '1997'],
    ['19970521', '1997'],
    ['0000', undefined],
    ['May 1997', undefined],
    ['', undefined],
    [1997, undefined],
    [undefined, undefined],
  ];
  for (const [text, date] of rows) assert.equal(dateOf(text), date, JSON.stringify(text));
});

test('how long a song is, is known also where nothing says so', async (t) => {
  const need = missing(FFMPEG);
  if (need !== undefined) return t.skip(need);
  const folder = temporary(t);
  const rows = [
    makeSong(folder, 'vbr.mp3', ['-write_xing', '0', '-q:a', '2']),
    makeSong(folder, 'a.aac'),
    makeSong(folder, 'long.opus', ['-page_duration', '20000']),
    makeSong(folder, 'flac.oga', ['-c:a', 'flac']),
  ];
  for (const path of rows) {
    const { duration } = (await saidOf(path)).fields;
    assert.ok(Math.abs(Number(duration) - 3) < 0.06, `${path} ${String(duration)}`);
  }
});

const SONG = flac(20, 100, [
  ['TITLE', 'Airbag'],
  ['TRACKNUMBER', '1'],
]);

test('of a damaged file what stands before the fault is told, and that there is one', async () => {
  const rows: readonly (readonly [
    name: string,
    bytes: Uint8Array,
    title: string | undefined,
    code: string,
  ])[] = [
    ['a.flac', utf8('Not at all a song, and long enough to be one.'), undefined, 'music/damaged'],
    ['a.m4a', SONG, undefined, 'music/damaged'],
    ['a.opus', SONG, undefined, 'music/damaged'],
    ['a.flac', SONG.subarray(0, -12), 'Airbag', 'music/cut-off'],
    ['a.flac', join(SONG.subarray(0, 42), [0x00, 0, 0, 9], new Uint8Array(99)), undefined, 'music/damaged'],
    [
      'a.flac',
      join(SONG.subarray(0, 42), [0x84, 0x7f, 0xff, 0xff], new Uint8Array(9e6)),
      undefined,
      'music/too-much',
    ],
    ['a.aac', new Uint8Array(70e6).fill(0xff), undefined, 'music/too-much'],
  ];
  for (const [name, bytes, title, code] of rows) {
    const { fields, codes } = await said(name, bytes);
    assert.equal(fields['title'], title, name);
    assert.equal(codes[0], code, `${name} ${code}`);
  }
  assert.deepEqual(await said('a.mp3', new Uint8Array()), { fields: {}, ids: {}, codes: [] });
});

test('more values than any song has are too much, in no time', async () => {
  const values = utf8(Array.from({ length: 100_000 }, (_, i) => i).join('/'));
  const { fields, codes } = await said('a.mp3', id3(3, frame('TPE1', [0], values)));
  assert.deepEqual([fields, codes], [{}, ['music/too-much']]);
});

test('pictures in a tag are not read', async () => {
  const picture = frame('APIC', [0], utf8('image/jpeg\0\x03\0'), new Uint8Array(3_000_000).fill(7));
  const bytes = id3(3, frame('TIT2', [0], utf8('One')), picture, frame('TALB', [0], utf8('Two')));
  let read = 0;
  const { size } = sourceOf(bytes);
  const source = {
    size,
    read: async (at: number, length: number): Promise<Uint8Array> => {
      read += Math.min(length, size - at);
      return bytes.subarray(at, at + length);
    },
  };
  const fields = await music.readers![0]!.read({ path: 'a.mp3', bytes: source } as never, () => undefined);
  assert.deepEqual([fields.title, fields['album-title']], ['One', 'Two']);
  assert.ok(read < 200_000, String(read));
});

test('what the disk says is not said of the file', async () => {
  const failing = { size: 1000, read: () => Promise.reject(new Error('the disk failed')) };
  for (const { files } of music.readers!)
    for (const pattern of files)
      await assert.rejects(said(pattern.replace('*', 'a'), failing), /^Error: the disk failed$/, pattern);
});

test('playlists, lyrics, cue sheets and covers are files of the album', async () => {
  const files = ['01.flac', '01.lrc', 'album.cue', 'album.m3u8', 'cover.jpg', 'rip.log'];
  const album = 'Music/Rock/Radiohead/OK Computer' as RepositoryPath;
  const found = beginnings({
    types: new Map([['music', declarationOf(music as TypePlugin)]]),
    folders: new Map(),
    existing: [],
    directories: [
      ...['', 'Music', 'Music/Rock', 'Music/Rock/Radiohead'].map((path) => facts(path, [])),
      facts(album, files),
    ],
  });
  const roots = new Set(found.map(({ path }) => path));
  assert.deepEqual([...roots], [album]);
  for (const name of [...files, 'scans/1.png'])
    assert.equal(entityOf(`${album}/${name}` as RepositoryPath, roots), album, name);
});

function facts(path: string, files: readonly string[]): DirectoryFacts {
  return { path: path as RepositoryPath, files: new Set(files), folders: new Set(), links: new Set() };
}

test('each format of the readers keeps the contract', async (t) => {
  const need = missing(FFMPEG);
  if (need !== undefined) return t.skip(need);
  const folder = temporary(t);
  const names = [
    'a.mp3',
    'a.m4a',
    'a.opus',
    'a.ogg',
    'a.wav',
    'a.aiff',
    'a.aac',
    'a.mka',
    'a.wma',
    'a.wv',
    'a.tta',
  ];
  const songs = names.map((name) => makeSong(folder, name, ['-t', '0.3', ...tagged(TAGS)]));
  const samples = songs.map((path, i) => new Map([[names[i]!, new Uint8Array(readFileSync(path))]]));
  const module = new URL('../../plugins/music/index.js', import.meta.url);
  const promises: Promise<unknown>[] = [];
  await testPlugin((name, go) => promises.push(t.test(name, go)), module, { samples });
  await Promise.all(promises);
});
