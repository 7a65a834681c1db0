import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { PLUGINS } from '../../plugins/index.ts';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { temporary } from '../tools/tree.ts';
import { commitAll, contextOf, newRepository, reopened, statusOf } from './fixture.ts';
import { judge, lacksTools } from './judges.ts';

before(() => loadBlake3());

function typed(t: TestContext): Promise<Repository> {
  return newRepository(t, { ...contextOf(), plugins: async () => PLUGINS });
}

function write({ root }: Repository, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    fs.mkdirSync(join(root, path, '..'), { recursive: true });
    fs.writeFileSync(join(root, path), content);
  }
}

/** The entities that manifests name, `type path` to id, read with nothing of dbk's. */
function entitiesIn({ layout }: Repository): Map<string, string> {
  const found = new Map<string, string>();
  const tree = join(layout.index, 'tree');
  for (const name of fs.readdirSync(tree, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('manifest.yaml')) continue;
    const directory = name === 'manifest.yaml' ? '' : name.slice(0, -'/manifest.yaml'.length);
    for (const line of fs.readFileSync(join(tree, name), 'utf8').split('\n')) {
      const own = /^entity: \{id: (\w+), type: (\w+)/.exec(line);
      if (own) found.set(`${own[2]} ${directory}`, own[1]!);
      const file = /^ {2}(.+): \{.*entity: \{id: (\w+), type: (\w+)/.exec(line);
      if (file) found.set(`${file[3]} ${directory}/${file[1]}`, file[2]!);
    }
  }
  return found;
}

const names = (repository: Repository): string[] => [...entitiesIn(repository).keys()].sort();

const LIBRARY = {
  'Music/Rock/Radiohead/OK Computer/01 Airbag.flac': 'a',
  'Music/Rock/Radiohead/Kid A/01 Everything.flac': 'b',
  'Music/loose.flac': 'c',
  'Pictures/2014-05 Rome/IMG_1.jpg': 'd',
  'Projects/dbk/package.json': '{"name": "dbk", "description": "A backup"}',
  'Projects/dbk/sub/package.json': '{}',
  'Projects/notes.txt': 'e',
  'Else/Rock/Radiohead/x/y.flac': 'f',
};

test('a commit gives entities their ids, where the types say that they begin', async (t) => {
  const repository = await typed(t);
  write(repository, LIBRARY);
  await commitAll(repository);
  assert.deepEqual(names(repository), [
    'music Music/Rock/Radiohead/Kid A',
    'music Music/Rock/Radiohead/OK Computer',
    'pictures Pictures/2014-05 Rome',
    'projects Projects/dbk',
  ]);
  assert.deepEqual(fs.readdirSync(join(repository.layout.index, 'types')).sort(), [
    'music.yaml',
    'pictures.yaml',
    'projects.yaml',
  ]);
  assert.deepEqual((await statusOf(repository)).changes, []);
  assert.equal((await commitAll(repository)).commit, undefined);
});

test('an entity keeps its id wherever it goes, and a copy gets one of its own', async (t) => {
  const repository = await typed(t);
  write(repository, LIBRARY);
  await commitAll(repository);
  const first = entitiesIn(repository);
  const { root } = repository;
  fs.renameSync(join(root, 'Music/Rock/Radiohead'), join(root, 'Music/Rock/Radio Head'));
  fs.renameSync(join(root, 'Projects/dbk'), join(root, 'Projects/backup'));
  fs.cpSync(join(root, 'Pictures/2014-05 Rome'), join(root, 'Pictures/2014-06 Rome'), { recursive: true });
  await commitAll(repository);
  const now = entitiesIn(repository);
  assert.deepEqual(names(repository), [
    'music Music/Rock/Radio Head/Kid A',
    'music Music/Rock/Radio Head/OK Computer',
    'pictures Pictures/2014-05 Rome',
    'pictures Pictures/2014-06 Rome',
    'projects Projects/backup',
  ]);
  assert.equal(now.get('music Music/Rock/Radio Head/Kid A'), first.get('music Music/Rock/Radiohead/Kid A'));
  assert.equal(now.get('projects Projects/backup'), first.get('projects Projects/dbk'));
  assert.equal(now.get('pictures Pictures/2014-05 Rome'), first.get('pictures Pictures/2014-05 Rome'));
  assert.equal(new Set(now.values()).size, now.size);
});

test('boundaries only make new entities: around and inside of one that is there nothing begins', async (t) => {
  const repository = await typed(t);
  write(repository, { 'Projects/all/one/package.json': '{}', 'Projects/two/package.json': '{}' });
  await commitAll(repository);
  const first = entitiesIn(repository);
  write(repository, { 'Projects/all/Makefile': '', 'Projects/two/inner/Makefile': '' });
  await commitAll(repository);
  assert.deepEqual(entitiesIn(repository), first);
});

test('a folder that the policy gives a type has entities from the next commit on', async (t) => {
  const repository = await typed(t);
  write(repository, { 'Programmierung/a/Makefile': '', 'Programmierung/b/x': '', 'Projects/c/Makefile': '' });
  await commitAll(repository);
  assert.deepEqual(names(repository), ['projects Projects/c']);
  const policy = join(repository.layout.index, 'policy.yaml');
  fs.writeFileSync(policy, 'dbk: policy 1\nfolders:\n  Programmierung: projects\n');
  await commitAll(repository);
  assert.deepEqual(names(repository), ['projects Programmierung/a', 'projects Projects/c']);
});

test('without the plugins the index itself says where entities begin', async (t) => {
  const repository = await typed(t);
  write(repository, LIBRARY);
  await commitAll(repository);
  const { plugins: _none, ...context } = repository.context;
  const elsewhere = { ...reopened(repository), context };
  write(elsewhere, { 'Music/Rock/Radiohead/Amnesiac/01.flac': 'g', 'Movies/x.mkv': 'h' });
  await commitAll(elsewhere);
  assert.equal(names(elsewhere).includes('music Music/Rock/Radiohead/Amnesiac'), true);
});

test('what a project says of itself stands in its sidecar, in a commit behind that of the contents', async (t) => {
  const repository = await typed(t);
  write(repository, LIBRARY);
  const { commits, described } = await commitAll(repository);
  assert.deepEqual([commits.length, described.entities, described.commits.length], [1, 1, 1]);
  const sidecar = join(repository.layout.index, 'tree/Projects/dbk/$.metadata');
  const text = fs.readFileSync(sidecar, 'utf8');
  assert.match(text, /^---\nextracted:\n {2}of: [0-9a-f]{64}\n {2}by: projects 1\n/);
  assert.match(text, /\n {2}description: A backup\n(?:.*\n)* {2}name: dbk\n---\n$/);
  assert.deepEqual((await statusOf(repository)).changes, []);
  // What people wrote stays, and what did not change is not read again.
  fs.writeFileSync(sidecar, text.replace('---\n', '---\nstatus: active # for years\n'));
  const again = await commitAll(repository);
  assert.deepEqual([again.commits.length, again.described.commits.length], [1, 0]);
  write(repository, { 'Projects/dbk/package.json': '{"name": "dbk", "description": "The best backup"}' });
  await commitAll(repository);
  const now = fs.readFileSync(sidecar, 'utf8');
  assert.match(now, /^---\nstatus: active # for years\nextracted:\n/);
  assert.match(now, /description: The best backup\n/);
});

test('git apply rebuilds the index with its types, entities and what was read', async (t) => {
  if (lacksTools(t)) return;
  const repository = await typed(t);
  write(repository, LIBRARY);
  await commitAll(repository);
  fs.renameSync(join(repository.root, 'Projects/dbk'), join(repository.root, 'Projects/backup'));
  write(repository, { 'Projects/backup/package.json': '{"name": "backup"}' });
  await commitAll(repository);
  judge(repository, temporary(t));
});
