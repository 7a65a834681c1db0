import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test } from 'node:test';
import { nodeDisk } from '../../src/disk/disk.ts';
import { Refusal } from '../../src/model/problem.ts';
import { openCommits } from '../../src/store/commits.ts';
import { createRepository } from '../../src/store/create.ts';
import { checkFormat, findRepository, layoutOf } from '../../src/store/layout.ts';
import { README } from '../../src/store/readme.ts';
import { advance } from '../../src/store/working.ts';
import { parseConfig } from '../../src/text/config.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import {
  CONFIG,
  dateOf,
  emptyRepository,
  quick,
  leftoversIn,
  readTree,
  sorted,
  temporary,
  texts,
  writeTexts,
} from './fixture.ts';

/** Names of directories end in '/', with what is in them by name alone. */
function namesBelow(folder: string): string[] {
  return [...readTree(folder).keys()];
}

const NEW = [
  'README.txt',
  'commits/',
  'config.yaml',
  'format',
  'index/ignore',
  'index/policy.yaml',
  'local/new/',
  'operations/',
  'repositories/',
];

test("a new repository has the files that the format says, and is nobody else's to read", (t) => {
  const home = join(temporary(t), '.dbk');
  const layout = createRepository(nodeDisk, home, CONFIG);
  assert.deepEqual(layout, layoutOf(home));
  assert.deepEqual(namesBelow(home), NEW);
  assert.equal(fs.readFileSync(join(home, 'format'), 'utf8'), 'dbk 1\n');
  assert.deepEqual(parseConfig(fs.readFileSync(join(home, 'config.yaml'), 'utf8')), CONFIG);
  assert.equal(fs.statSync(home).mode & 0o777, 0o700);
  const ignore = fs.readFileSync(join(home, 'index/ignore'), 'utf8');
  assert.match(ignore, /^(?:#.*\n)+$/);
  assert.deepEqual(findRepository(nodeDisk, dirname(home)), { root: dirname(home), home });
  checkFormat(nodeDisk, layout);
});

test('a repository may have its home elsewhere, below folders that are not there yet', (t) => {
  const home = join(temporary(t), 'a/b/index-of-c');
  createRepository(nodeDisk, home, CONFIG);
  assert.deepEqual(namesBelow(home), NEW);
});

test('what is a repository, or looks as if it had been one, is left as it is', (t) => {
  const rows: [code: string, make: (home: string) => void][] = [
    ['store/already-there', (home) => void createRepository(quick, home, CONFIG)],
    ['store/format-lost', (home) => fs.mkdirSync(join(home, 'commits/2026'), { recursive: true })],
    ['store/format-lost', (home) => (fs.mkdirSync(home), fs.writeFileSync(join(home, 'head'), ''))],
    ['store/home-not-a-directory', (home) => fs.writeFileSync(home, '')],
  ];
  for (const [code, make] of rows) {
    const home = join(temporary(t), '.dbk');
    make(home);
    const before = readTree(dirname(home));
    assert.throws(
      () => createRepository(quick, home, { ...CONFIG, name: 'other' }),
      (error) => error instanceof Refusal && error.problem.code === code,
      code,
    );
    assert.deepEqual(readTree(dirname(home)), before, code);
  }
});

test('wherever creating is broken off, there is no repository or a whole one, and it can be created again', (t) => {
  const root = temporary(t);
  fs.writeFileSync(join(root, 'a.flac'), 'of the person');
  const home = join(root, '.dbk');
  const faults: ((at: number) => Fault)[] = [
    (at) => ({ kind: 'dies', at }),
    (at) => ({ kind: 'dies', at, torn: true }),
    (at) => ({ kind: 'dies', at, powerLoss: true }),
    (at) => ({ kind: 'fails', at, code: 'EIO' }),
    (at) => ({ kind: 'fails', at, code: 'ENOSPC', onwards: true }),
  ];
  for (const fault of faults) {
    for (let at = 1, happened = true; happened; at++) {
      const disk = faultyDisk(quick, fault(at));
      try {
        createRepository(disk, home, { ...CONFIG, name: 'first' });
      } catch (error) {
        if (!(error instanceof Killed) && !/^(EIO|ENOSPC)/.test((error as Error).message)) throw error;
      }
      happened = disk.happened;
      const isThere = findRepository(quick, root) !== undefined;
      if (!isThere) createRepository(quick, home, { ...CONFIG, name: 'first' });
      const names = namesBelow(root).filter((name) => !name.includes('$new-'));
      const message = `${JSON.stringify(fault(at))}`;
      assert.deepEqual(names, [...NEW.map((name) => `.dbk/${name}`), 'a.flac'], message);
      if (!isThere) assert.deepEqual(leftoversIn(layoutOf(home)), [], message);
      assert.equal(parseConfig(fs.readFileSync(join(home, 'config.yaml'), 'utf8')).name, 'first', message);
      assert.equal(fs.readFileSync(join(home, 'README.txt'), 'utf8'), README, message);
      fs.rmSync(home, { recursive: true });
    }
  }
});

test('a full disk leaves nothing of a repository that could not be created', (t) => {
  const root = temporary(t);
  for (let at = 2, happened = true; happened; at++) {
    const disk = faultyDisk(quick, { kind: 'fails', at, code: 'ENOSPC' });
    try {
      createRepository(disk, join(root, '.dbk'), CONFIG);
    } catch {
      // The call before the last fails after format is written; what is cleared away then is all there was.
    }
    happened = disk.happened;
    if (happened && at > 2) assert.deepEqual(fs.readdirSync(root), [], `call ${at}`);
    fs.rmSync(join(root, '.dbk'), { recursive: true, force: true });
  }
});

test('what README.txt says about checking and rebuilding works', (t) => {
  for (const tool of ['git', 'b3sum', 'sh', 'sed', 'find']) {
    if (spawnSync(tool, ['--version']).error !== undefined) return t.skip(`needs ${tool}`);
  }
  const root = join(temporary(t), "it's a folder");
  fs.mkdirSync(root);
  const commits = emptyRepository(root);
  const states = [
    texts({
      'tree/manifest.yaml': 'one\n',
      'tree/$a b.metadata': 'two',
      'tree/é/manifest.yaml': '',
      gone: 'x\n',
    }),
    texts({
      'tree/manifest.yaml': 'one\ntwo\n',
      'tree/b/$a b.metadata': 'two',
      'tree/é/manifest.yaml': 'full\n',
    }),
    texts({
      'tree/manifest.yaml': 'one\ntwo\n',
      'tree/b/$a b.metadata': 'two',
      'tree/é/manifest.yaml': 'full\n',
    }),
    texts({ 'tree/manifest.yaml': 'three\n' }),
  ];
  let [before, head] = [texts({}), commits.readHead()];
  for (const [number, after] of states.entries()) {
    const parents = head === undefined ? [] : [head];
    const options = {
      parents,
      date: dateOf(number),
      renames: new Map(number === 1 ? [['tree/b/$a b.metadata', 'tree/$a b.metadata']] : []),
    };
    const id = writeTexts(commits, before, after, options);
    advance(commits, { command: 'commit', from: head, to: id });
    [before, head] = [after, id];
  }
  const { home, index } = commits.layout;
  const [check, digest, rebuild] = README.split('\n\n').filter((part) => part.startsWith('    '));
  const sh = (script: string): string => {
    const result = spawnSync('sh', ['-c', script], { cwd: home, encoding: 'utf8' });
    assert.deepEqual([result.status, result.stderr], [0, '']);
    return result.stdout;
  };
  for (const line of sh(check!).trim().split('\n')) {
    const [id, path] = line.split(/ +/) as [string, string];
    assert.equal(dirname(path).slice(-16), id.slice(0, 16));
  }
  assert.equal(sh(digest!).slice(0, 64), openCommits(nodeDisk, commits.layout).readCommit(head!).index);
  sh(rebuild!);
  assert.deepEqual(sorted(readTree(join(home, 'rebuilt'))), sorted(readTree(index)));
  assert.deepEqual(sorted(readTree(index)), sorted(states.at(-1)!));
});
