import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { extname, join as joinPath } from 'node:path/posix';
import { test } from 'node:test';
import { join, littleEndian, utf8 } from '../../fixtures/sample/bytes.ts';
import { mp3 } from '../../fixtures/sample/mp3.ts';
import { temporary } from '../tools/tree.ts';
import { FFMPEG, makeSong, missing, MUTAGEN, output, PYTHON, run, said, saidOf, tagged } from './songs.ts';

type Retag = (from: string, to: string) => string | undefined;

const LONG = 'Nobody has a title as long as this one '.repeat(2000);

/** Writes other tags with a tool that knows the format. */
const RETAGS: Readonly<Record<string, Retag>> = {
  ffmpeg: (from, to) =>
    run('ffmpeg', '-v', 'error', '-nostdin', '-y', '-i', from, '-c', 'copy', ...tagged({ title: LONG }), to),
  mutagen: (from, to) => inPlace(from, to, PYTHON, '-c', MUTAGEN_SCRIPT),
  id3v2: (from, to) => inPlace(from, to, 'id3v2', '-a', 'Other', '-t', 'Title'),
  metaflac: (from, to) => inPlace(from, to, 'metaflac', '--set-tag', `TITLE=${LONG}`),
  vorbiscomment: (from, to) => inPlace(from, to, 'vorbiscomment', '-w', '-t', `TITLE=${LONG}`),
  AtomicParsley: (from, to) => run('AtomicParsley', from, '--title', 'Other', '--output', to),
  exiftool: (from, to) => run('exiftool', '-q', '-o', to, '-Title=Other', from),
};

const MUTAGEN_SCRIPT = `
import sys, mutagen
song = mutagen.File(sys.argv[1], easy=True)
if song.tags is None: song.add_tags()
try: song['title'] = 'Other' * 20000
except Exception: song['TIT2'] = mutagen.id3.TIT2(encoding=3, text=['Other' * 20000])
song.save()`;

function inPlace(from: string, to: string, tool: string, ...words: readonly string[]): string | undefined {
  copyFileSync(from, to);
  return run(tool, ...words, to);
}

interface Row {
  readonly name: string;
  readonly options?: readonly string[];
  readonly id: string;
  readonly retags: readonly (keyof typeof RETAGS)[];
}

const ROWS: readonly Row[] = [
  { name: 'a.flac', id: 'flac-pcm-md5', retags: ['ffmpeg', 'metaflac', 'mutagen'] },
  { name: 'a.mp3', id: 'mp3-frames', retags: ['ffmpeg', 'id3v2', 'mutagen'] },
  { name: 'vbr.mp3', options: ['-q:a', '4'], id: 'mp3-frames', retags: ['ffmpeg', 'id3v2', 'mutagen'] },
  {
    name: 'bare.mp3',
    options: ['-write_xing', '0', '-id3v2_version', '0', '-write_id3v1', '1', '-write_apetag', '1'],
    id: 'mp3-frames',
    retags: ['ffmpeg', 'id3v2', 'mutagen'],
  },
  { name: 'a.mp2', id: 'mp3-frames', retags: ['id3v2'] },
  { name: 'a.aac', id: 'aac-frames', retags: ['id3v2'] },
  { name: 'a.opus', id: 'ogg-packets', retags: ['ffmpeg', 'mutagen'] },
  { name: 'a.ogg', id: 'ogg-packets', retags: ['ffmpeg', 'mutagen', 'vorbiscomment'] },
  { name: 'flac.oga', options: ['-c:a', 'flac'], id: 'ogg-packets', retags: ['ffmpeg', 'mutagen'] },
  { name: 'a.m4a', id: 'mp4-media', retags: ['ffmpeg', 'AtomicParsley', 'exiftool', 'mutagen'] },
  { name: 'alac.m4a', options: ['-c:a', 'alac'], id: 'mp4-media', retags: ['ffmpeg', 'mutagen'] },
  { name: 'a.mka', id: 'matroska-media', retags: ['ffmpeg'] },
  { name: 'a.wav', id: 'wav-samples', retags: ['ffmpeg', 'mutagen'] },
  { name: 'a.aiff', id: 'aiff-samples', retags: ['ffmpeg', 'mutagen'] },
  { name: 'a.wv', id: 'music-untagged', retags: ['ffmpeg', 'mutagen'] },
  { name: 'a.tta', id: 'music-untagged', retags: ['ffmpeg', 'mutagen'] },
  { name: 'a.wma', id: 'wma-packets', retags: ['mutagen'] },
];

test('the id of a song stays when others write tags into it, and is another one for other sound', async (t) => {
  const need = missing(
    FFMPEG,
    MUTAGEN,
    ['id3v2', '--version'],
    ['metaflac', '--version'],
    ['vorbiscomment', '--version'],
    ['AtomicParsley', '--version'],
    ['exiftool', '-ver'],
  );
  if (need !== undefined) return t.skip(need);
  const folder = temporary(t);
  for (const { name, options = [], id, retags } of ROWS) {
    const song = makeSong(folder, name, [...options, ...tagged({ title: 'One', artist: 'Ada' })]);
    const { ids } = await saidOf(song);
    assert.deepEqual(Object.keys(ids), [id], name);
    for (const retag of retags) {
      const other = joinPath(folder, `by ${retag} ${name}`);
      assert.equal(RETAGS[retag]!(song, other), undefined, `${name} by ${retag}`);
      assert.ok(!readFileSync(other).equals(readFileSync(song)), `${retag} changed nothing of ${name}`);
      assert.deepEqual((await saidOf(other)).ids, ids, `${name} by ${retag}`);
    }
    const sound = makeSong(folder, `sound${extname(name)}`, options, 441);
    assert.notEqual((await saidOf(sound)).ids[id], ids[id], name);
  }
});

test('the id of a FLAC is what metaflac says; without one its frames count; one that is cut off has none', async (t) => {
  const need = missing(FFMPEG, ['metaflac', '--version']);
  if (need !== undefined) return t.skip(need);
  const song = makeSong(temporary(t), 'a.flac', ['-bits_per_raw_sample', '16']);
  const md5 = output('metaflac', '--show-md5sum', song).trim();
  assert.match(md5, /^[0-9a-f]{32}$/);
  const bytes = new Uint8Array(readFileSync(song));
  assert.deepEqual((await said('a.flac', bytes)).ids, { 'flac-pcm-md5': md5 });
  const behind = join(bytes, utf8('TAG'), new Uint8Array(125));
  assert.deepEqual((await said('a.flac', behind)).ids, { 'flac-pcm-md5': md5 });
  const cut = await said('a.flac', bytes.subarray(0, bytes.length - 2000));
  assert.deepEqual([cut.ids, cut.codes], [{}, ['music/cut-off']]);
  const zeros = bytes.slice().fill(0, 26, 42);
  const { ids } = await said('a.flac', zeros);
  assert.deepEqual(Object.keys(ids), ['flac-frames']);
  assert.deepEqual((await said('a.flac', join(zeros, utf8('TAG'), new Uint8Array(125)))).ids, ids);
});

test('in an MP3 no tag counts, wherever it stands', async () => {
  const bare = mp3(20, []);
  const { ids } = await said('a.mp3', bare);
  assert.deepEqual(Object.keys(ids), ['mp3-frames']);
  const id3 = join(utf8('ID3'), [3, 0, 0, 0, 0, 1, 72], new Uint8Array(200).fill(0xff));
  const appended = join(
    utf8('ID3'),
    [4, 0, 0x10, 0, 0, 0, 20],
    new Uint8Array(20),
    utf8('3DI'),
    [4, 0, 0x10, 0, 0, 0, 20],
  );
  const id3v1 = join(utf8('TAG'), new Uint8Array(125).fill(0x20));
  const enhanced = join(utf8('TAG+'), new Uint8Array(223));
  const lyrics1 = utf8('LYRICSBEGINla la laLYRICSEND');
  const lyrics2 = utf8('LYRICSBEGININD0000200000021LYRICS200');
  const item = join(littleEndian(1, 4), littleEndian(0, 4), utf8('Title\0x'));
  const ape = (flags: number): Uint8Array =>
    join(
      utf8('APETAGEX'),
      littleEndian(2000, 4),
      littleEndian(32 + item.length, 4),
      littleEndian(1, 4),
      [0, 0, 0, flags],
      new Uint8Array(8),
    );
  const apev1 = join(item, ape(0));
  const apev2 = join(ape(0xa0), item, ape(0x80));
  const rows: readonly (readonly Uint8Array[])[] = [
    [id3, bare],
    [id3, id3, bare],
    [id3, new Uint8Array(500), bare],
    [apev2, bare],
    [bare, id3v1],
    [bare, enhanced, id3v1],
    [bare, lyrics1, id3v1],
    [bare, lyrics2, id3v1],
    [bare, lyrics2],
    [bare, apev1],
    [bare, apev2],
    [bare, apev2, id3v1],
    [bare, apev2, lyrics2, id3v1],
    [bare, appended],
    [id3, bare, appended, apev2, id3v1],
    [bare, new Uint8Array(100)],
  ];
  for (const [i, parts] of rows.entries())
    assert.deepEqual((await said('a.mp3', join(...parts))).ids, ids, `row ${i}`);
  assert.notDeepEqual((await said('a.mp3', join(bare, bare))).ids, ids);
  assert.notDeepEqual((await said('a.mp3', mp3(21, []))).ids, ids);
  const changed = bare.slice();
  changed[bare.length - 5]! ^= 1;
  assert.notDeepEqual((await said('a.mp3', changed)).ids, ids);
});

test('of Ogg streams that follow one another, or play together, all count, whatever their serial numbers', async (t) => {
  const need = missing(FFMPEG);
  if (need !== undefined) return t.skip(need);
  const folder = temporary(t);
  const [one, two] = [makeSong(folder, 'a.opus'), makeSong(folder, 'b.opus', [], 880)];
  const bytes = [one, two].map((path) => new Uint8Array(readFileSync(path)));
  const idOf = async (content: Uint8Array): Promise<string | undefined> =>
    (await said('a.opus', content)).ids['ogg-packets'];
  const chained = await idOf(join(...bytes));
  const all = [
    await idOf(bytes[0]!),
    await idOf(bytes[1]!),
    chained,
    await idOf(join(...bytes.toReversed())),
  ];
  assert.ok(!all.includes(undefined));
  const copy = (title: string, ...inputs: readonly string[]): string => {
    const path = joinPath(folder, `${title}.ogg`);
    const from = inputs.flatMap((input) => ['-i', input]);
    const maps = inputs.flatMap((_, i) => ['-map', `${i}:a`]);
    const tags = ['-metadata:s:a:0', `title=${title}`];
    assert.equal(
      run('ffmpeg', '-v', 'error', '-y', ...from, ...maps, '-c', 'copy', ...tags, path),
      undefined,
    );
    return path;
  };
  const together = (await saidOf(copy('together', one, two))).ids['ogg-packets'];
  assert.equal((await saidOf(copy(LONG.slice(0, 100), one, two))).ids['ogg-packets'], together);
  all.push(together, (await saidOf(copy('turned', two, one))).ids['ogg-packets']);
  assert.equal(new Set(all).size, all.length);
  assert.equal(await idOf(bytes[0]!.subarray(0, -1)), undefined);
  assert.equal(await idOf(join(bytes[0]!, utf8('OggS'))), undefined);
  const louder = bytes[0]!.slice();
  louder[28 + 16] = 7;
  assert.equal(await idOf(louder), all[0]);
});

const NO_LENGTH = new Uint8Array(4).fill(255);

test('a WAV is told by its samples and what they mean, however long the table of them is', async () => {
  const fmt = join(littleEndian(1, 2), littleEndian(2, 2), littleEndian(44_100, 4), littleEndian(176_400, 4));
  const bits = join(littleEndian(4, 2), littleEndian(16, 2));
  const chunk = (name: string, body: Uint8Array): Uint8Array =>
    join(utf8(name), littleEndian(body.length, 4), body, new Uint8Array(body.length % 2));
  const wav = (...chunks: readonly Uint8Array[]): Uint8Array => {
    const body = join(utf8('WAVE'), ...chunks);
    return join(utf8('RIFF'), littleEndian(body.length, 4), body);
  };
  const sound = chunk(
    'data',
    Uint8Array.from({ length: 4001 }, (_, i) => i),
  );
  const plain = join(fmt, bits);
  const guid = join(littleEndian(1, 2), new Uint8Array(14));
  const extensible = join(
    littleEndian(0xfffe, 2),
    plain.subarray(2),
    littleEndian(22, 2),
    new Uint8Array(6),
    guid,
  );
  const idOf = async (bytes: Uint8Array): Promise<string | undefined> =>
    (await said('a.wav', bytes)).ids['wav-samples'];
  const id = await idOf(wav(chunk('fmt ', plain), sound));
  assert.match(id!, /^[0-9a-f]{64}$/);
  assert.equal(await idOf(wav(chunk('LIST', utf8('odd')), chunk('fmt ', plain), sound)), id);
  assert.equal(await idOf(wav(chunk('fmt ', plain), sound, chunk('id3 ', utf8('ID3')))), id);
  assert.equal(await idOf(wav(chunk('fmt ', extensible), sound)), id);
  const ds64 = chunk('ds64', join(new Uint8Array(8), littleEndian(4001, 4), new Uint8Array(16)));
  const long = wav(ds64, chunk('fmt ', plain), utf8('data'), NO_LENGTH, sound.subarray(8));
  assert.equal(await idOf(join(utf8('RF64'), long.subarray(4))), id);
  assert.equal(await idOf(wav(chunk('fmt ', plain), utf8('data'), NO_LENGTH)), undefined);
  assert.equal(await idOf(wav(sound)), undefined);
  const mono = plain.slice();
  mono[2] = 1;
  assert.notEqual(await idOf(wav(chunk('fmt ', mono), sound)), id);
});

test('a DSF is told by its format and samples, not by the ID3v2 behind them and where that stands', async () => {
  const chunk = (name: string, body: Uint8Array): Uint8Array =>
    join(utf8(name), littleEndian(body.length + 12, 8), body);
  const sound = chunk('data', new Uint8Array(500).fill(0x69));
  const dsf = (fmt: Uint8Array, tag: Uint8Array): Uint8Array => {
    const rest = join(chunk('fmt ', fmt), sound);
    const place = tag.length === 0 ? 0 : 28 + rest.length;
    const size = littleEndian(28 + rest.length + tag.length, 8);
    return join(utf8('DSD '), littleEndian(28, 8), size, littleEndian(place, 8), rest, tag);
  };
  const idOf = async (bytes: Uint8Array): Promise<string | undefined> =>
    (await said('a.dsf', bytes)).ids['dsf-samples'];
  const id = await idOf(dsf(new Uint8Array(40), new Uint8Array()));
  assert.match(id!, /^[0-9a-f]{64}$/);
  assert.equal(await idOf(dsf(new Uint8Array(40), utf8('ID3\x03 and so on'))), id);
  assert.notEqual(await idOf(dsf(new Uint8Array(40).fill(1), new Uint8Array())), id);
  assert.equal(await idOf(dsf(new Uint8Array(40), new Uint8Array()).subarray(0, -1)), undefined);
});
