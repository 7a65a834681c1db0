/** What `collect` makes of homes: which folders have a type, what is left out, and that it changes nothing. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLUGINS } from '../../plugins/index.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { collect, type CollectRequest } from '../../src/flow/collect.ts';
import { policyLines } from '../../src/flow/collect-policy.ts';
import { machineContext } from '../../src/flow/machine.ts';
import { parsePolicy } from '../../src/text/policy.ts';
import { parseByPeople } from '../../src/text/people.ts';
import type { TypePlugin } from '../../src/plugin/api.ts';
import {
  directory,
  hole,
  link,
  named,
  plant,
  statsIn,
  temporary,
  tree,
  type Literal,
} from '../tools/tree.ts';

const context = machineContext({ pid: process.pid });

function asked(folder: string, more: Partial<CollectRequest> = {}): CollectRequest {
  return { folder, plugins: PLUGINS, not: [], least: 1, otherVolumes: false, ...more };
}

/** `Fotos: pictures 2 of 40`, and what stands alone as `- dotfiles: projects`. */
async function found(folder: string, more: Partial<CollectRequest> = {}): Promise<string[]> {
  const { mappings, entities } = await collect(context, asked(folder, more));
  const alone = entities.filter(({ isAlone }) => isAlone);
  return [
    ...mappings.map(({ path, type, entities: count, files }) => `${path}: ${type} ${count} of ${files}`),
    ...alone.map(({ path, type }) => `- ${path}: ${type}`),
  ];
}

/** So many files of a name with `#` in it. */
function many(pattern: string, count: number): Literal {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [pattern.replace('#', String(i)), 'x'] as const),
  );
}

const project = (path: string): Literal => ({ [`${path}/.git/HEAD`]: 'x', [`${path}/a.c`]: 'x' });

test('the uppermost folder in which most files are of a type has it', async (t) => {
  const rows: [what: string, home: Literal, expected: readonly string[]][] = [
    ['nothing', {}, []],
    ['other files', many('a#.pdf', 20), []],
    [
      'folders in folders',
      { ...many('Fotos/2014/Rom/#.jpg', 3), ...many('Fotos/2015/Wien/#.JPG', 2), 'Fotos/list.txt': 'x' },
      ['Fotos: pictures 2 of 5'],
    ],
    ['the looked through folder itself is never one', many('#.jpg', 5), []],
    ['half is not most', { ...many('a/#.jpg', 2), ...many('a/#.pdf', 2) }, []],
    [
      'markers anywhere, whatever the project holds',
      { ...project('Code/a'), ...project('Code/b'), ...many('Code/b/art/#.png', 20), ...project('dotfiles') },
      ['Code: projects 2 of 24', '- dotfiles: projects'],
    ],
    [
      'a home that is a repository of git',
      { ...project('.'), ...project('Code/a'), ...project('Code/b') },
      ['Code: projects 2 of 4'],
    ],
    [
      'a folder in one that holds other things',
      { ...project('Documents/Code/a'), ...project('Documents/Code/b'), 'Documents/letter.pdf': 'x' },
      ['Documents/Code: projects 2 of 4'],
    ],
    [
      'and in one that holds nothing else',
      { ...many('Music/Rock/A/x/#.mp3', 3), ...many('Music/Rock/A/y/#.mp3', 3) },
      ['Music: music 2 of 6'],
    ],
    [
      'another type within, if it is much',
      {
        ...many('Disk/Film/#.mkv', 4),
        ...many('Disk/a/#.jpg', 10),
        ...many('Disk/b/#.jpg', 10),
        ...many('Disk/c/d/#.mp3', 1),
      },
      ['Disk: pictures 1 of 20', 'Disk/Film: movies 4 of 4'],
    ],
    [
      'movies with what belongs to them',
      { 'Film/Alien (1979)/a.mkv': 'x', 'Film/Alien (1979)/a.srt': 'x', 'Film/Alien (1979)/c.jpg': 'x' },
      ['Film: movies 1 of 2'],
    ],
    ['sources without a marker', many('Uni/blatt#/a.py', 4), ['Uni: projects 0 of 4']],
    ['a project among others', { ...project('Stuff/p'), ...many('Stuff/#.pdf', 9) }, ['- Stuff/p: projects']],
  ];
  for (const [what, home, expected] of rows) assert.deepEqual(await found(tree(t, home)), expected, what);
});

test('of names of any bytes, policies are written that say the same', async (t) => {
  const odd = named('caf', 0xe9);
  const home = tree(t, {
    ...many(`${odd}/a: b/#.jpg`, 3),
    ...many(`${odd}/c/#.jpg`, 3),
    ...many('x#\n/y.mp3', 2),
  });
  const { mappings } = await collect(context, asked(home));
  assert.deepEqual(
    mappings.map(({ path, type }) => [path, type]),
    [
      [odd, 'pictures'],
      ['x0\n', 'music'],
      ['x1\n', 'music'],
    ].sort(),
  );
  const text = `dbk: policy 1\n${policyLines(mappings).join('\n')}\n`;
  const { folders } = await parseByPeople(parsePolicy, text);
  assert.deepEqual(
    [...folders],
    mappings.map(({ path, type }) => [path, type]),
  );
});

test('what programs fill is left out, what a person names too, and links are not followed', async (t) => {
  const home = tree(t, {
    ...many('node_modules/a/#.jpg', 5),
    ...many('.cache/a/#.jpg', 5),
    ...many('.thumbnails/#.png', 5),
    ...many('deep/Trash/files/#.jpg', 5),
    ...many('Library/Caches/x/#.mp3', 5),
    ...many('snap/x/#.jpg', 5),
    ...many('.dbk/guard/#.jpg', 5),
    ...many('Downloads/#.jpg', 5),
    ...project('.vscode/extensions/a'),
    ...many('Code/a/node_modules/b/#.js', 5),
    ...project('Code/a'),
    ...many('elsewhere/#.txt', 5),
    Fotos: link('Downloads'),
    'elsewhere/up': link('..'),
  });
  assert.deepEqual(await found(home), ['Code: projects 1 of 2', 'Downloads: pictures 0 of 5']);
  assert.deepEqual(await found(home, { not: ['/Downloads/'] }), ['Code: projects 1 of 2']);
  assert.deepEqual(await found(home, { not: ['*.c', '!node_modules/', 'b', 'Down*'] }), [
    'Code: projects 1 of 1',
    'node_modules: pictures 0 of 5',
  ]);
  assert.deepEqual(await found(home, { least: 3 }), ['Downloads: pictures 0 of 5', '- Code/a: projects']);
});

test('other volumes are said and left out, unless they are asked for; virtual ones always', async (t) => {
  const home = tree(t, { ...many('Disk/#.jpg', 3), ...many('proc/#.jpg', 3), ...many('b/#.jpg', 3) });
  const elsewhere = [`${home}/Disk`, `${home}/proc`];
  const disk = {
    ...nodeDisk,
    lstat: (path: string) => {
      const stats = nodeDisk.lstat(path);
      if (stats !== undefined && elsewhere.some((at) => path === at || path.startsWith(`${at}/`)))
        stats.dev += 1;
      return stats;
    },
    statfs: (path: string) => {
      const stats = nodeDisk.statfs(path);
      return path.endsWith('/proc') ? Object.assign(stats, { type: 0x9fa0n }) : stats;
    },
  };
  const mounted = { ...context, disk };
  const left = await collect(mounted, asked(home));
  assert.deepEqual(
    left.mappings.map(({ path }) => path),
    ['b'],
  );
  assert.deepEqual(
    left.problems.map(({ code, place }) => [code, place?.path]),
    [['flow/other-volume', `${home}/Disk`]],
  );
  const all = await collect(mounted, asked(home, { otherVolumes: true }));
  assert.deepEqual(
    all.mappings.map(({ path }) => path),
    ['Disk', 'b'],
  );
  assert.deepEqual(all.problems, []);
});

test('folders that cannot be read are said once, and the rest goes on', async (t) => {
  const home = tree(t, { ...many('Fotos/a/#.jpg', 3), ...many('Fotos/b/#.jpg', 3) });
  const disk = {
    ...nodeDisk,
    readdir: (path: string) => {
      if (path.endsWith('/b')) throw Object.assign(new Error('EACCES: no'), { code: 'EACCES' });
      return nodeDisk.readdir(path);
    },
  };
  const { mappings, problems } = await collect({ ...context, disk }, asked(home));
  assert.deepEqual(
    mappings.map(({ path, files }) => [path, files]),
    [['Fotos', 3]],
  );
  assert.deepEqual(
    problems.map(({ code, reason }) => [code, reason]),
    [['flow/unreadable-folder', `cannot look into '${home}/Fotos/b': EACCES`]],
  );
  await assert.rejects(collect(context, asked(`${home}/none`)), {
    message: `there is no folder '${home}/none'`,
  });
});

test('it changes nothing, and sizes are those of the files', async (t) => {
  const home = temporary(t);
  plant(home, { 'a/1.jpg': hole(3_000_000_000), 'a/2.jpg': 'xx', 'a/3.jpg': 'x', empty: directory(0o500) });
  const before = statsIn(home, () => true);
  const { mappings, files, bytes } = await collect(context, asked(home));
  assert.deepEqual(mappings, [{ path: 'a', type: 'pictures', entities: 0, files: 3, bytes: 3_000_000_003 }]);
  assert.deepEqual([files, bytes], [3, 3_000_000_003]);
  assert.deepEqual(
    statsIn(home, () => true),
    before,
  );
});

test('plugins of a person are asked as those of dbk are', async (t) => {
  const sheets: TypePlugin = {
    api: 1,
    name: 'sheets',
    version: 1,
    top: 'Sheets',
    merge: 'files',
    boundaries: [{ at: '{composer}/' }, { marker: ['score.list'] }],
    fields: {},
    usual: ['*.ly', 'Score-*', '*.TAR.gz'],
  };
  const home = tree(t, {
    ...many('Noten/Bach/#.LY', 2),
    'Noten/Verdi/score-1': 'x',
    'Noten/Verdi/old.tar.gz': 'x',
    'Noten/Verdi/readme': 'x',
    'Chor/score.list': 'x',
  });
  const expected = ['Noten: sheets 2 of 4', '- Chor: sheets'];
  assert.deepEqual(await found(home, { plugins: [...PLUGINS, sheets] }), expected);
});

test('a path of any depth is looked through', async (t) => {
  const deep = Array.from({ length: 300 }, () => 'a folder with a long name').join('/');
  const home = tree(t, { [`x/${deep}/a.jpg`]: 'x', 'y/a.pdf': 'x' });
  const [only] = await found(home);
  assert.match(only!, /^x: pictures 1 of 1$/);
});
