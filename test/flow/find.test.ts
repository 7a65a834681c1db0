import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { find, parseQuery, type Found } from '../../src/flow/find.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import type { Problem } from '../../src/model/problem.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import { countingDisk } from '../tools/counting-disk.ts';
import {
  at,
  codesOf,
  commitAll,
  contextOf,
  leftoversIn,
  move,
  newRepository,
  put,
  quick,
  reopened,
} from './fixture.ts';
import { textIn, typedRepository, write } from './with-sidecars.ts';

before(() => loadBlake3());

const LONG = 'n'.repeat(250);

interface Search {
  readonly found: readonly Found[];
  readonly problems: readonly Problem[];
}

async function search(repository: Repository, query: string): Promise<Search> {
  const found: Found[] = [];
  const parsed = parseQuery(query, (typed) => typed as RepositoryPath);
  const problems = await find(repository, { query: parsed, report: (each) => found.push(each) > 0 });
  return { found, problems };
}

async function pathsOf(repository: Repository, query: string): Promise<readonly string[]> {
  const { found } = await search(repository, query);
  return found.map(({ path, kind }) => (kind === 'folder' ? `${path}/` : path));
}

function cacheOf({ layout }: Repository): string {
  return join(layout.local, 'find');
}

const LIBRARY = {
  'Music/Rock/Beatles/Help/1.flac': 'aa',
  'Music/Rock/Beatles/Help/2.flac': 'bb',
  'Pictures/2014 Rome/a.jpg': 'a',
  'Pictures/2014 Rome/b.jpg': 'b',
  'Pictures/2014 Rome+/c.jpg': 'c',
  'notes.txt': 'n',
};

test('it finds by names, types, fields of the file and of its entity, and notes', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, LIBRARY);
  await commitAll(repository);
  write(
    repository,
    'tree/Music/Rock/Beatles/Help/$.metadata',
    '---\ntags: [sixties]\nrating: 4\n---\n\nBought in Rome.\n',
  );
  write(repository, 'tree/Music/Rock/Beatles/Help/$2.flac.metadata', '---\nrating: 2\n---\n');
  write(repository, 'tree/Pictures/2014 Rome/$a.jpg.metadata', '---\npeople: [Anna]\n---\n');
  const rows: readonly (readonly [string, ...string[]])[] = [
    ['rating>=4', 'Music/Rock/Beatles/Help/', 'Music/Rock/Beatles/Help/1.flac'],
    ['rating:2', 'Music/Rock/Beatles/Help/2.flac'],
    ['genre:rock is:entity', 'Music/Rock/Beatles/Help/'],
    ['artist:beatles ext:flac', 'Music/Rock/Beatles/Help/1.flac', 'Music/Rock/Beatles/Help/2.flac'],
    ['tags:sixties name:1', 'Music/Rock/Beatles/Help/1.flac'],
    ['"bought in rome" is:folder', 'Music/Rock/Beatles/Help/'],
    ['people:anna', 'Pictures/2014 Rome/a.jpg'],
    [
      'type:pictures is:file',
      'Pictures/2014 Rome+/c.jpg',
      'Pictures/2014 Rome/a.jpg',
      'Pictures/2014 Rome/b.jpg',
    ],
    ['is:folder in:Pictures', 'Pictures/2014 Rome+/', 'Pictures/2014 Rome/'],
    ['size=2', 'Music/Rock/Beatles/Help/1.flac', 'Music/Rock/Beatles/Help/2.flac'],
    ['is:folder -in:Music -in:Pictures', '/', 'Music/', 'Pictures/'],
  ];
  for (const [query, ...paths] of rows) assert.deepEqual(await pathsOf(repository, query), paths, query);
  const { found, problems } = await search(repository, 'rating:2');
  assert.deepEqual(problems, []);
  const [{ entity, ...only }] = found as [Found];
  assert.match(entity!, /^[0-9a-z]{16}$/);
  assert.deepEqual(
    { ...only, time: undefined },
    {
      path: 'Music/Rock/Beatles/Help/2.flac',
      kind: 'file',
      size: 2,
      time: undefined,
      type: 'music',
      isRecorded: true,
      fields: new Map([['rating', [2]]]),
    },
  );
});

test('all is told in the order of the paths, folders with a slash', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, {
    'a/b': '1',
    'a b': '2',
    'a-/x': '3',
    'a/c/d': '4',
    'a/c+': '5',
    'b/': null,
    a0: '6',
  });
  await commitAll(repository);
  const all = await pathsOf(repository, '-name:none');
  const bytes = (path: string): Buffer => Buffer.from(path === '/' ? '' : path);
  assert.deepEqual(
    all,
    [...all].sort((x, y) => Buffer.compare(bytes(x), bytes(y))),
  );
  assert.equal(all.length, 11);
});

test('what is edited counts as it stands, recorded or not, and what is gone does not', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, LIBRARY);
  const text = 'tree/Pictures/2014 Rome/$a.jpg.metadata';
  write(repository, text, '---\ntitle: First\n---\n');
  await commitAll(repository);
  assert.deepEqual(await pathsOf(repository, 'title:first'), ['Pictures/2014 Rome/a.jpg']);
  write(repository, text, '---\ntitle: Second\n---\n');
  assert.deepEqual(await pathsOf(repository, 'title:first'), []);
  assert.deepEqual(await pathsOf(repository, 'title:second'), ['Pictures/2014 Rome/a.jpg']);
  fs.rmSync(join(repository.layout.index, text));
  assert.deepEqual(await pathsOf(repository, 'title:*'), []);
  write(repository, text, '---\ntitle: Third\n---\n');
  await commitAll(repository);
  assert.deepEqual(await pathsOf(repository, 'title:third'), ['Pictures/2014 Rome/a.jpg']);
  // Not recorded: one is here, the other is nowhere.
  put(repository.root, { 'New/x.jpg': 'x' });
  write(repository, 'tree/New/$x.jpg.metadata', '---\ntitle: Third\n---\n');
  write(repository, 'tree/New/$y.jpg.metadata', '---\ntitle: Third\n---\n');
  assert.deepEqual(await pathsOf(repository, 'title:third'), ['New/x.jpg', 'Pictures/2014 Rome/a.jpg']);
  // Somebody broke a manifest: what is recorded counts.
  write(repository, 'tree/New/manifest.yaml', 'mine\n');
  fs.appendFileSync(join(repository.layout.index, 'tree/Pictures/manifest.yaml'), 'x');
  assert.deepEqual(await pathsOf(repository, 'title:third'), ['New/x.jpg', 'Pictures/2014 Rome/a.jpg']);
});

test('names of any bytes and of any length are found, and their texts', async (t) => {
  const repository = await newRepository(t);
  const odd = 'b\udcff\u001b[31m';
  fs.mkdirSync(at(repository.root, `${LONG}/${odd}`), { recursive: true });
  for (const name of [
    `${LONG}/${odd}/${LONG}`,
    `${LONG}/${odd}/x\ny`,
    '__proto__',
    `${LONG}/Größe`,
    `${LONG}/grösse`,
  ])
    fs.writeFileSync(at(repository.root, name), 'x');
  await commitAll(repository);
  assert.deepEqual(await pathsOf(repository, 'nnn is:file'), [`${LONG}/${odd}/${LONG}`]);
  assert.deepEqual(await pathsOf(repository, `name:"x\ny"`), [`${LONG}/${odd}/x\ny`]);
  assert.deepEqual(await pathsOf(repository, 'name:__proto__'), ['__proto__']);
  assert.deepEqual(await pathsOf(repository, 'größe'), [`${LONG}/Größe`, `${LONG}/grösse`]);
  // The text of the longest name stands beside its manifest under a name that was cut.
  const tree = join(repository.layout.index, 'tree');
  const folder = fs.readdirSync(tree).find((name) => name.startsWith('nnn'))!;
  const inside = fs.readdirSync(join(tree, folder)).find((name) => name.startsWith('b'))!;
  write(repository, 'tree/$__proto__.metadata', '---\n__proto__: mine\n---\n');
  assert.deepEqual(await pathsOf(repository, '__proto__:mine'), ['__proto__']);
  write(repository, `tree/${folder}/${inside}/$.metadata`, '---\ntitle: odd\n---\n');
  assert.deepEqual(await pathsOf(repository, 'title:odd'), [`${LONG}/${odd}/`]);
});

test('a second search reads no sidecar, and one after an edit reads that one', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, LIBRARY);
  for (const name of ['a', 'b'])
    write(repository, `tree/Pictures/2014 Rome/$${name}.jpg.metadata`, `---\ntitle: ${name}\n---\n`);
  await commitAll(repository);
  const reads = async (query: string): Promise<readonly string[]> => {
    const counting = countingDisk(quick, repository.root);
    const read: string[] = [];
    const disk = {
      ...counting,
      readFile: (path: string, limit?: number) => (read.push(path), counting.readFile(path, limit)),
    };
    await search(reopened(repository, disk), query);
    return read
      .filter((path) => path.endsWith('.metadata'))
      .map((path) => path.slice(path.lastIndexOf('/') + 1))
      .sort();
  };
  assert.deepEqual(await reads('x'), ['$a.jpg.metadata', '$b.jpg.metadata']);
  assert.deepEqual(await reads('title:a'), []);
  write(repository, 'tree/Pictures/2014 Rome/$a.jpg.metadata', '---\ntitle: new\n---\n');
  assert.deepEqual(await reads('title:new'), ['$a.jpg.metadata']);
  assert.deepEqual(await reads('title:new'), []);
  await commitAll(repository);
  assert.deepEqual(await reads('title:new'), []);
  // Where the files go their texts go, and what they say is known.
  move(repository.root, 'Pictures/2014 Rome', 'Pictures/Rome');
  await commitAll(repository);
  assert.deepEqual(await reads('title:b'), []);
  assert.deepEqual(await pathsOf(repository, 'title:b'), ['Pictures/Rome/b.jpg']);
});

test('a broken text is said, its words are found, and the others go on', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, LIBRARY);
  await commitAll(repository);
  write(repository, 'tree/Pictures/2014 Rome/$a.jpg.metadata', '---\ntitle: *x\n---\n\nTrevi\n');
  write(repository, 'tree/Pictures/2014 Rome/$b.jpg.metadata', '---\ntitle: b\n---\n');
  write(repository, 'tree/Pictures/2014 Rome+/$c.jpg.metadata', Buffer.from([0x2d, 0xff, 0x0a]));
  for (let run = 0; run < 2; run++) {
    const { found, problems } = await search(repository, 'title:b or trevi');
    assert.deepEqual(
      found.map(({ path }) => path),
      ['Pictures/2014 Rome/a.jpg', 'Pictures/2014 Rome/b.jpg'],
    );
    assert.deepEqual(codesOf(problems), ['flow/text-not-read Pictures/2014 Rome/a.jpg']);
  }
});

test(
  'a text that cannot be read now is read when it can be',
  { skip: process.getuid?.() === 0 ? false : false },
  async (t) => {
    const repository = await newRepository(t);
    put(repository.root, LIBRARY);
    const text = 'tree/Pictures/2014 Rome/$a.jpg.metadata';
    write(repository, text, '---\ntitle: a\n---\n');
    await commitAll(repository);
    const refusing = {
      ...quick,
      readFile: (path: string, limit?: number) => {
        if (path.endsWith('$a.jpg.metadata'))
          throw Object.assign(new Error('EACCES: no'), { code: 'EACCES' });
        return quick.readFile(path, limit);
      },
    };
    assert.deepEqual(await pathsOf(reopened(repository, refusing), 'title:a'), []);
    assert.deepEqual(await pathsOf(repository, 'title:a'), ['Pictures/2014 Rome/a.jpg']);
  },
);

test('a field that nothing has is said, with the one that was meant', async (t) => {
  const repository = await typedRepository(t);
  put(repository.root, LIBRARY);
  await commitAll(repository);
  write(repository, 'tree/$notes.txt.metadata', '---\nmotto: x\n---\n');
  const said = async (query: string): Promise<readonly (string | undefined)[]> =>
    (await search(repository, query)).problems.flatMap(({ reason, hint }) => [reason, hint]);
  assert.deepEqual(await said('moto:x'), [`nothing has a field 'moto'`, `did you mean 'motto'?`]);
  assert.deepEqual(await said('qqqqqq:x'), [`nothing has a field 'qqqqqq'`, undefined]);
  assert.deepEqual(await said('motto:y'), []);
});

test('whatever becomes of the cache, the answer is the same', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, LIBRARY);
  write(repository, 'tree/Pictures/2014 Rome/$a.jpg.metadata', '---\ntitle: a\n---\n\nCafé\n');
  await commitAll(repository);
  const expected = (await search(repository, 'title:* or name:b.jpg')).found;
  assert.equal(expected.length, 2);
  const whole = fs.readFileSync(cacheOf(repository));
  const damaged: (Buffer | undefined)[] = [
    undefined,
    Buffer.alloc(0),
    Buffer.from('dbkfind 1 00000000\n'),
    Buffer.alloc(99),
  ];
  for (let at = 0; at < whole.length; at += 7) {
    damaged.push(whole.subarray(0, at));
    const other = Buffer.from(whole);
    other[at]! ^= 4;
    damaged.push(other);
  }
  for (const bytes of damaged) {
    fs.rmSync(cacheOf(repository), { force: true });
    if (bytes !== undefined) fs.writeFileSync(cacheOf(repository), bytes);
    assert.deepEqual((await search(repository, 'title:* or name:b.jpg')).found, expected);
    assert.deepEqual(fs.readFileSync(cacheOf(repository)), whole);
  }
});

test('whatever call of the disk fails, or is the last, the next search finds all', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, LIBRARY);
  write(repository, 'tree/$notes.txt.metadata', 'A note.\n');
  await commitAll(repository);
  const expected = ['Pictures/2014 Rome/b.jpg', 'notes.txt'];
  const query = 'name:b.jpg or note';
  // A lock of a process that is no more is removed by whoever comes next; this one lives on.
  const forget = (): void => {
    for (const name of ['find', 'cache-index', 'lock'])
      fs.rmSync(join(repository.layout.local, name), { force: true });
  };
  const attempt = async (fault?: Fault): Promise<readonly string[]> => {
    forget();
    const disk = faultyDisk(quick, fault);
    try {
      assert.deepEqual(await pathsOf(reopened(repository, disk), query), expected);
    } catch (error) {
      assert.ok(error instanceof Killed || (error as NodeJS.ErrnoException).code === 'ENOSPC', String(error));
    }
    return disk.calls;
  };
  const calls = await attempt();
  assert.ok(calls.some((call) => call.startsWith('rename') && call.endsWith('/local/find')));
  for (let at = 1; at <= calls.length; at++) {
    await attempt({ kind: 'fails', at, code: 'ENOSPC' });
    await attempt({ kind: 'dies', at, torn: true, powerLoss: true });
    assert.deepEqual(await pathsOf(repository, query), expected);
  }
  forget();
  await commitAll(repository, { message: 'again' });
  assert.deepEqual(leftoversIn(repository), []);
  assert.deepEqual(
    fs.readdirSync(repository.layout.local).filter((name) => /^find./.test(name)),
    [],
  );
});

test('after any edits the answer is that of one who reads everything', async (t) => {
  const names = ['a', 'b', 'd/a', 'd/e/a'];
  const step = fc.oneof(
    fc.record({
      do: fc.constant('write' as const),
      name: fc.constantFrom(...names),
      value: fc.constantFrom('x', 'y'),
    }),
    fc.record({ do: fc.constant('forget' as const), name: fc.constantFrom(...names) }),
    fc.record({
      do: fc.constant('move' as const),
      from: fc.constantFrom('d', 'f'),
      to: fc.constantFrom('d', 'f'),
    }),
    fc.record({ do: fc.constantFrom('commit' as const, 'look' as const) }),
  );
  const sidecar = (name: string): string => `tree/${name.replace(/([^/]+)$/, '$$$1.metadata')}`;
  const property = fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
    const repository = await newRepository(t, contextOf());
    put(repository.root, Object.fromEntries(names.map((name) => [name, name])));
    await commitAll(repository);
    for (const each of steps) {
      if (each.do === 'write')
        write(repository, sidecar(each.name), `---\nis: ${each.value}\nwas: ${each.value}\n---\n`);
      if (each.do === 'forget') fs.rmSync(join(repository.layout.index, sidecar(each.name)), { force: true });
      if (
        each.do === 'move' &&
        fs.existsSync(join(repository.root, each.from)) &&
        !fs.existsSync(join(repository.root, each.to))
      )
        move(repository.root, each.from, each.to);
      if (each.do === 'commit') await commitAll(repository);
      if (each.do === 'look') await search(repository, 'x');
    }
    const kept = await search(repository, 'was:x or name:a');
    fs.rmSync(cacheOf(repository), { force: true });
    assert.deepEqual(kept, await search(repository, 'was:x or name:a'));
  });
  await fc.assert(property, { numRuns: 25 });
});

test('who may not write here searches all the same', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, LIBRARY);
  await commitAll(repository);
  const refused = (): never => {
    throw Object.assign(new Error('EROFS: read-only'), { code: 'EROFS' });
  };
  const disk = {
    ...quick,
    openNew: refused,
    mkdir: refused,
    rename: refused,
    unlink: refused,
    link: refused,
  };
  assert.deepEqual(await pathsOf(reopened(repository, disk), 'name:b.jpg'), ['Pictures/2014 Rome/b.jpg']);
  assert.equal(nodeDisk.lstat(cacheOf(repository)), undefined);
  assert.equal(textIn(repository, 'tree/manifest.yaml')?.startsWith('dbk: manifest 1'), true);
});

test('before the first commit there is only what somebody wrote about', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { a: '1' });
  assert.deepEqual(await pathsOf(repository, 'a'), []);
  write(repository, 'tree/$a.metadata', 'A note.\n');
  assert.deepEqual(await pathsOf(repository, 'note'), ['a']);
});
