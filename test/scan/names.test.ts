import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { nodeDisk } from '../../src/disk/disk.ts';
import { linesIn, link, named, plant, type Literal } from '../tools/tree.ts';
import { repository } from '../tools/repository.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'not UTF-8': [
    named('caf', 0xe9),
    named(0xff),
    named(0x80, 0xbf),
    named('half ', 0xe2, 0x82),
    named(0xed, 0xa0, 0x80),
    named(0xc0, 0xaf),
    named(0xf4, 0x90, 0x80, 0x80),
  ],
  'what a terminal and a line reader choke on': [
    'new\nline',
    '\n',
    'tab\t',
    'bell\x07',
    'escape\x1b[31m',
    'delete\x7f',
    '\u0085',
    '\u2028',
    '\u202egnp.exe',
    '\ufeffbom',
    '\ufffe',
    '\ufffd',
  ],
  '255 bytes': [
    'x'.repeat(255),
    `${'ä'.repeat(127)}x`,
    `${'€'.repeat(85)}`,
    named(...Array<number>(255).fill(0xfe)),
  ],
  'twins that look alike': [
    '\u00e4',
    'a\u0308',
    '\ufb03',
    'ffi',
    '\u212b',
    '\u00c5',
    'A\u030a',
    'ß',
    'ss',
    'SS',
    'ẞ',
  ],
  'case twins': ['readme', 'README', 'Readme', 'ReadMe'],
  'what YAML takes for something else': [
    'yes',
    'null',
    '~',
    '1e5',
    '0x10',
    '1_000',
    '12:30',
    '2014-05-01',
    'a: b',
    '- x',
    '#',
    'a #b',
    '{a}',
    '[a]',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '"',
    "'",
    '%',
    '@',
    '`',
    '=',
    '<<',
    '?',
    '---',
    '...',
    ' blank first',
    'blank last ',
    '\\',
  ],
  'what dbk gives a meaning': [
    '%',
    '%41',
    '%~deadbeef',
    'a%~12345678',
    '$',
    '$.metadata',
    '$x.metadata',
    '$rules',
    'manifest.yaml',
    'MANIFEST.YAML',
    'manifest.yaml.',
    '$new-x',
    '.dbkignored',
    '.DBK',
  ],
  'what a JavaScript object holds': ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '0'],
  'what Windows reserves': [
    'con',
    'CON.txt',
    'nul',
    'aux .x',
    'com1',
    'LPT9.a.b',
    'com¹',
    'dot.',
    'dots...',
    'a<b>c:d|e?f*g',
  ],
  'what git reserves': [
    '.git',
    '.GIT',
    '.git ',
    '.git.',
    'git~1',
    'GIT~1',
    '.g\u200cit',
    '.gitmodules',
    '.gitattributes',
  ],
};

/** Each name as a file, as a directory with something in it, as a link and as its target. */
function everywhere(names: readonly string[]): Literal {
  const literal: Record<string, string | ReturnType<typeof link>> = {};
  for (const name of names) {
    literal[`files/${name}`] = name;
    literal[`links/${name}`] = link(name);
    literal[`folders/${name}/${name}`] = 'below';
    literal[`folders/${name}/deeper/x`] = 'deeper';
  }
  return literal;
}

for (const [what, names] of Object.entries(NAMES)) {
  test(`names: ${what}`, async (t) => {
    const bench = await repository(t, everywhere(names));
    const stands = linesIn(bench.root);
    const { problems } = await bench.commit();
    assert.deepEqual(problems, []);
    assert.deepEqual(bench.recorded(), stands);
    assert.deepEqual((await bench.status()).changes, []);
    const edited = names.map((name) => `files/${name}`).sort();
    plant(bench.root, Object.fromEntries(edited.map((path) => [path, `${path} edited`])));
    const { changes } = await bench.status();
    assert.deepEqual([...changes].sort(), edited.map((path) => `changed file ${path}`).sort());
    fs.rmSync(join(bench.root, 'folders'), { recursive: true });
    await bench.commit({ confirmDeletions: true });
    assert.deepEqual(bench.recorded(), linesIn(bench.root));
    // Without the cache the names come from the manifests alone.
    for (const cache of ['cache', 'cache-index']) fs.rmSync(join(bench.root, '.dbk/local', cache));
    assert.deepEqual((await bench.status()).changes, []);
  });
}

test('what is below a path of more than 4096 bytes is recorded, changes, moves and goes like the rest', async (t) => {
  const deep = Array.from({ length: 30 }, (_, i) => `${'ordner-'.repeat(25)}${i}`).join('/');
  assert.ok(Buffer.byteLength(deep) > 5000);
  const bench = await repository(t, {
    [`${deep}/file`]: 'x',
    [`${deep}/link`]: link('file'),
    [`${deep}/sub/é`]: 'y',
  });
  const { problems } = await bench.commit();
  assert.deepEqual(problems, []);
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
  plant(bench.root, { [`${deep}/file`]: 'edited' });
  assert.deepEqual((await bench.status()).changes, [`changed file ${deep}/file`]);
  fs.renameSync(join(bench.root, deep.slice(0, deep.indexOf('/'))), join(bench.root, 'moved'));
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
  const moved = deep.replace(/^[^/]*/, 'moved');
  nodeDisk.unlink(`${bench.root}/${moved}/file`);
  assert.deepEqual((await bench.status()).changes, [`missing file ${moved}/file`]);
  fs.rmSync(join(bench.root, '.dbk/local/cache'));
  assert.deepEqual((await bench.status()).changes, [`missing file ${moved}/file`]);
});
