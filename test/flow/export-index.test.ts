import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { exportIndex, type ExportedIndex } from '../../src/flow/export-index.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { CommitId } from '../../src/model/id.ts';
import { Interrupted } from '../../src/model/problem.ts';
import { refusedWith } from '../store/fixture.ts';
import { commitAll, newRepository, put, remove, reopened, textsIn } from './fixture.ts';
import { indexDigest, lacksTools, shell } from './judges.ts';

before(() => loadBlake3());

function write(repository: Repository, at: CommitId, folder: string): ExportedIndex {
  const steps = exportIndex(repository, at, folder);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

interface Furnished {
  readonly repository: Repository;
  /** The texts of `index/` after each commit. */
  readonly states: readonly (readonly [CommitId, Map<string, string>])[];
  readonly place: string;
}

/** Three commits; of the last one `head` knows nothing. */
async function furnished(t: TestContext): Promise<Furnished> {
  const repository = await newRepository(t);
  const { root, layout } = repository;
  const states: [CommitId, Map<string, string>][] = [];
  const keep = async (): Promise<void> => {
    const { commit } = await commitAll(repository);
    states.push([commit!, textsIn(layout.index)]);
  };
  put(root, { a: '1', 'Mü sic/C:/b': '2', ['x'.repeat(250) + '/y']: '3', 'caf\udce9/z': '4' });
  await keep();
  put(layout.index, { 'tree/$a.metadata': '---\nx: 1\n---\n', 'tree/$.metadata': '' });
  remove(root, 'Mü sic');
  await keep();
  put(root, { a: '11', 'new/c': '5' });
  await keep();
  repository.commits.writeHead(states[1]![0]);
  return { repository: reopened(repository), states, place: join(root, '..') };
}

test('a folder has the texts of any commit, and no tool finds another digest than the commit says', async (t) => {
  if (lacksTools(t)) return;
  const { repository, states, place } = await furnished(t);
  // What stands in the index is trusted for nothing.
  fs.appendFileSync(join(repository.layout.index, 'tree/manifest.yaml'), '# edited\n');
  for (const [number, [id, texts]] of states.entries()) {
    const folder = join(place, `deep/${number}`);
    const done = write(repository, id, folder);
    assert.deepEqual(textsIn(folder), texts);
    assert.equal(indexDigest(folder), repository.commits.readCommit(id).index);
    const bytes = [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    assert.deepEqual(done, { texts: texts.size, bytes });
  }
});

test('a repository without an index gives the same', async (t) => {
  const { repository, states, place } = await furnished(t);
  fs.rmSync(repository.layout.index, { recursive: true });
  const [id, texts] = states[2]!;
  write(repository, id, join(place, 'out'));
  assert.deepEqual(textsIn(join(place, 'out')), texts);
});

test('an empty folder is taken, and a link to one', async (t) => {
  const { repository, states, place } = await furnished(t);
  fs.mkdirSync(join(place, 'empty'));
  fs.symlinkSync('empty', join(place, 'link'));
  write(repository, states[0]![0], join(place, 'link'));
  assert.deepEqual(textsIn(join(place, 'empty')), states[0]![1]);
});

test('what is no new or empty folder is refused and left as it is', async (t) => {
  if (lacksTools(t)) return;
  const { repository, states, place } = await furnished(t);
  put(place, { 'full/mine': 'x', file: 'y', dangling: '-> nowhere' });
  const rows: [folder: string, code: string][] = [
    [join(place, 'full'), 'flow/not-empty'],
    [join(place, 'file'), 'flow/not-a-folder'],
    [join(place, 'dangling'), 'flow/not-a-folder'],
    [join(repository.layout.home, 'x'), 'flow/own-folder'],
    [join(repository.layout.home, 'index/x/y'), 'flow/own-folder'],
    [repository.layout.scratch, 'flow/own-folder'],
  ];
  fs.mkdirSync(repository.layout.scratch, { recursive: true });
  const before = shell('find . | sort', place);
  for (const [folder, code] of rows) {
    assert.equal(
      refusedWith(() => write(repository, states[0]![0], folder)),
      code,
      folder,
    );
    assert.equal(shell('find . | sort', place), before);
  }
});

test('what does not come to its end leaves nothing, but what somebody else put there', async (t) => {
  if (lacksTools(t)) return;
  const { repository, states, place } = await furnished(t);
  const before = shell('find . | sort', place);
  let asked = 0;
  const context = { ...repository.context, interrupted: () => ++asked > 3 };
  assert.throws(() => write({ ...repository, context }, states[0]![0], join(place, 'out/er')), Interrupted);
  assert.equal(shell('find . | sort', place), before);
  const steps = exportIndex(repository, states[0]![0], join(place, 'out'));
  steps.next();
  put(place, { 'out/tree/mine': 'x' });
  steps.return({ texts: 0, bytes: 0 });
  assert.deepEqual(textsIn(join(place, 'out')), new Map([['tree/mine', 'x']]));
});
