/** Moves of things whose tags changed on the way: known by their media ids, with the sidecar kept. */

import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import type { Repository } from '../../src/flow/repository.ts';
import { commitAll, contextOf, newRepository, put, reopened, statusOf, type Committed } from './fixture.ts';
import { letter, letters, type Letters } from './letters.ts';

async function typed(t: TestContext, { plugin }: Letters): Promise<Repository> {
  return newRepository(t, { ...contextOf(), plugins: async () => [plugin] });
}

/** As a program that retags does: a new file takes the place of the old one. */
function retag({ root }: Repository, from: string, to: string, content: string): void {
  const [old, place] = [join(root, from), join(root, to)];
  fs.mkdirSync(dirname(place), { recursive: true });
  fs.writeFileSync(join(root, 'new'), content);
  fs.rmSync(old);
  fs.renameSync(join(root, 'new'), place);
}

function movesOf({ changes }: Committed): string[] {
  return changes
    .filter(({ kind }) => kind === 'moved')
    .map(
      (change) =>
        `${'from' in change ? String(change.from) : ''} → ${change.path} ${'by' in change ? String(change.by) : ''}`,
    );
}

function sidecarOf({ layout }: Repository, path: string): string | undefined {
  const place = join(layout.index, `tree/${path.replace(/[^/]*$/, '$$$&')}.metadata`);
  return fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined;
}

function rate(repository: Repository, path: string): void {
  const place = join(repository.layout.index, `tree/${path.replace(/[^/]*$/, '$$$&')}.metadata`);
  fs.writeFileSync(place, fs.readFileSync(place, 'utf8').replace('---\n', '---\nrating: 5  # mine\n'));
}

test('what is retagged and moved is one move by media: its sidecar goes along and its facts are read again', async (t) => {
  const asked = letters();
  const repository = await typed(t, asked);
  const [from, to] = ['Letters/home/a.txt', 'Letters/away/b.txt'];
  put(repository.root, { [from]: letter('Old', 'the body'), 'Letters/home/c.txt': letter('C', 'c') });
  await commitAll(repository);
  rate(repository, from);
  await commitAll(reopened(repository));
  asked.read.length = 0;
  retag(repository, from, to, letter('New', 'the body'));
  put(repository.root, { 'Letters/away/x.txt': letter('Old', 'another body') });
  const made = await commitAll(reopened(repository));
  assert.deepEqual(movesOf(made), [`${from} → ${to} media`]);
  assert.equal(sidecarOf(repository, from), undefined);
  assert.match(
    sidecarOf(repository, to)!,
    /^---\nrating: 5 {2}# mine\nextracted:\n(?: .*\n)*? {2}title: New\n---\n$/,
  );
  const { moved } = repository.commits.readCommit(made.commits[0]!);
  assert.deepEqual(moved, [{ from, to, by: 'media' }]);
  assert.deepEqual(asked.read.sort(), ['b.txt', 'x.txt']);
  assert.deepEqual((await statusOf(reopened(repository))).changes, []);
});

test('nothing is read ahead where nothing with an id is gone, or content and inode say it', async (t) => {
  const asked = letters();
  const repository = await typed(t, asked);
  put(repository.root, { 'Letters/home/a.txt': letter('A', 'a'), 'plain.txt': 'plain' });
  await commitAll(repository);
  const order: string[] = [];
  const watching = letters((path) => order.push(path));
  const later = reopened({
    ...repository,
    context: { ...repository.context, plugins: async () => [watching.plugin] },
  });
  fs.renameSync(join(repository.root, 'Letters/home/a.txt'), join(repository.root, 'Letters/home/z.txt'));
  fs.rmSync(join(repository.root, 'plain.txt'));
  put(repository.root, { 'Letters/home/b.txt': letter('B', 'b') });
  assert.deepEqual(movesOf(await commitAll(later)), ['Letters/home/a.txt → Letters/home/z.txt inode']);
  assert.deepEqual(order, ['b.txt']);
});

test('other bodies are other letters, and of two with one id each is taken once', async (t) => {
  const asked = letters();
  const repository = await typed(t, asked);
  put(repository.root, {
    'Letters/home/a.txt': letter('A', 'same'),
    'Letters/home/b.txt': letter('B', 'same'),
    'Letters/home/c.txt': letter('C', 'own'),
  });
  await commitAll(repository);
  retag(repository, 'Letters/home/c.txt', 'Letters/home/d.txt', letter('C', 'other'));
  assert.deepEqual(movesOf(await commitAll(reopened(repository))), []);
  retag(repository, 'Letters/home/a.txt', 'Letters/home/e.txt', letter('E', 'same'));
  retag(repository, 'Letters/home/b.txt', 'Letters/home/f.txt', letter('F', 'same'));
  const moved = movesOf(await commitAll(reopened(repository)));
  assert.equal(moved.length, new Set(moved.map((each) => each.split(' → ')[0])).size, moved.join());
});
