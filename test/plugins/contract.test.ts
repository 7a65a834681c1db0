import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleLibrary } from '../../fixtures/sample/library.ts';
import { PLUGINS } from '../../plugins/index.ts';
import { testPlugin, type Sample } from '../../src/plugin/suite.ts';

/** The entity of the sample library below a folder. */
function sample(folder: string): Sample {
  const all = [...sampleLibrary()].filter(([path]) => path.startsWith(`${folder}/`));
  const files = all.flatMap(([path, thing]) => (thing instanceof Uint8Array ? [[path, thing] as const] : []));
  assert.ok(files.length > 0, folder);
  return new Map(files.map(([path, bytes]) => [path.slice(folder.length + 1), bytes]));
}

const PLAYLIST: Sample = new Map([
  [
    'Road.m3u8',
    new TextEncoder().encode('#EXTM3U\r\n#EXTINF:61,Übers Meer\r\n01 Übers Meer.flac\r\n../b.mp3'),
  ],
]);

const SAMPLES: ReadonlyMap<string, readonly Sample[]> = new Map([
  ['movies', [sample('Movies/Short films/The Slow Clock (2021)')]],
  ['music', [sample('Music/Electronic/Die Höhenflieger/Übers Meer'), PLAYLIST]],
  ['pictures', [sample('Pictures/2024/東京')]],
  ['projects', [sample('Projects/Weather station'), sample('Projects/Übungen in C')]],
]);

test('there are four, by name', () =>
  assert.deepEqual(
    PLUGINS.map(({ name }) => name),
    [...SAMPLES.keys()],
  ));

for (const { name } of PLUGINS) {
  const module = new URL(`../../plugins/${name}/index.js`, import.meta.url);
  await testPlugin((promise, run) => test(`${name}: ${promise}`, run), module, {
    samples: SAMPLES.get(name)!,
  });
}
