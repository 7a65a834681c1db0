/** What files say of themselves: read after their contents are committed, once for each content. */

import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import type { Context } from '../../src/flow/context.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { Interrupted } from '../../src/model/problem.ts';
import { ToolMissing, type TypePlugin } from '../../src/plugin/api.ts';
import { codesOf, commitAll, contextOf, newRepository, put, reopened, statusOf } from './fixture.ts';
import { letter, letters, type Letters } from './letters.ts';

const [A, B] = ['Letters/home/a.txt', 'Letters/home/b.txt'];

async function typed(t: TestContext, plugin: TypePlugin, more: Partial<Context> = {}): Promise<Repository> {
  return newRepository(t, { ...contextOf(), plugins: async () => [plugin], ...more });
}

/** As another run finds it, with another plugin. */
function readBy(repository: Repository, { plugin }: Letters): Repository {
  return reopened({ ...repository, context: { ...repository.context, plugins: async () => [plugin] } });
}

function placeOf(path: string): string {
  return `tree/${path.replace(/[^/]*$/, '$$$&')}.metadata`;
}

function textOf({ layout }: Repository, path: string): string | undefined {
  const place = join(layout.index, placeOf(path));
  return fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined;
}

function extracted(content: string, title: string, version = 1): string {
  return `extracted:\n  of: ${digest(content)}\n  by: letters ${version}\n  title: ${title}\n`;
}

function bodyIdOf({ layout }: Repository, path: string): string | undefined {
  const [, folder, name] = /^(.*)\/(.*)$/.exec(path)!;
  const manifest = fs.readFileSync(join(layout.index, 'tree', folder!, 'manifest.yaml'), 'utf8');
  const line = manifest.split('\n').find((each) => each.startsWith(`  ${name}: `));
  return /letter-body: (\w+)/.exec(line ?? '')?.[1];
}

async function assertClean(repository: Repository): Promise<void> {
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
}

test('contents are committed first; what they say stands in sidecars and manifests, and is read once', async (t) => {
  const asked = letters();
  const repository = await typed(t, asked.plugin);
  const [first, second] = [letter('Hello', 'How are you?'), letter('Again', 'Still?')];
  put(repository.root, {
    [A]: first,
    [B]: second,
    'Letters/home/c.txt': 'nothing to say',
    'else.txt': first,
  });
  const made = await commitAll(repository);
  assert.deepEqual(asked.read, ['a.txt', 'b.txt', 'c.txt']);
  assert.equal(made.described.files, 2);
  assert.equal(made.described.commits.length, 1);
  assert.equal(made.commits.length, 1);
  assert.equal(textOf(repository, A), `---\n${extracted(first, 'Hello')}---\n`);
  assert.equal(bodyIdOf(repository, A), digest('How are you?'));
  assert.equal(textOf(repository, 'Letters/home/c.txt'), undefined);
  assert.equal(textOf(repository, 'else.txt'), undefined);
  await assertClean(repository);
  const nothing = await commitAll(reopened(repository));
  assert.deepEqual([nothing.commits, nothing.described.commits], [[], []]);
  assert.equal(asked.read.length, 3);
});

test('what moves or changes only its times is not read again; what is edited is', async (t) => {
  const asked = letters();
  const repository = await typed(t, asked.plugin);
  const [first, second] = [letter('Hello', 'How are you?'), letter('Hello again', 'How are you?')];
  put(repository.root, { [A]: first, [B]: letter('B', 'b') });
  await commitAll(repository);
  fs.writeFileSync(
    join(repository.layout.index, placeOf(A)),
    `---\n# mine\nrating: 4\n${extracted(first, 'Hello')}---\nProse\n`,
  );
  fs.renameSync(join(repository.root, 'Letters/home'), join(repository.root, 'Letters/away'));
  fs.utimesSync(join(repository.root, 'Letters/away/b.txt'), 1, 1);
  await commitAll(reopened(repository));
  assert.deepEqual(asked.read.splice(0), ['a.txt', 'b.txt']);
  put(repository.root, { 'Letters/away/a.txt': second });
  await commitAll(reopened(repository));
  assert.deepEqual(asked.read, ['a.txt']);
  assert.equal(
    textOf(repository, 'Letters/away/a.txt'),
    `---\n# mine\nrating: 4\n${extracted(second, 'Hello again')}---\nProse\n`,
  );
  assert.equal(bodyIdOf(repository, 'Letters/away/a.txt'), digest('How are you?'));
  put(repository.root, { 'Letters/away/a.txt': 'no letter any more' });
  await commitAll(reopened(repository));
  assert.equal(textOf(repository, 'Letters/away/a.txt'), '---\n# mine\nrating: 4\n---\nProse\n');
  assert.equal(bodyIdOf(repository, 'Letters/away/a.txt'), undefined);
  await assertClean(repository);
});

test('a newer plugin reads everything again; a lost note costs a look, and no reading', async (t) => {
  const old = letters();
  const repository = await typed(t, old.plugin);
  const content = letter('Hello', 'How are you?');
  put(repository.root, { [A]: content, [B]: letter('B', 'b') });
  await commitAll(repository);
  fs.rmSync(repository.layout.described);
  const made = await commitAll(reopened(repository));
  assert.deepEqual([made.described.commits, old.read.length], [[], 2]);
  const newer = letters(undefined, 2);
  const raised = await commitAll(readBy(repository, newer));
  assert.equal(raised.described.files, 2);
  assert.deepEqual(newer.read, ['a.txt', 'b.txt']);
  assert.equal(textOf(repository, A), `---\n${extracted(content, 'Hello', 2)}---\n`);
  await assertClean(repository);
});

test('who stops it keeps what was read, and the next commit reads the rest', async (t) => {
  let left = 3;
  const asked = letters(() => left--);
  const repository = await typed(t, asked.plugin, { interrupted: () => left <= 0 });
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => `Letters/home/${name}.txt`);
  put(repository.root, Object.fromEntries(names.map((name) => [name, letter(name, name)])));
  await assert.rejects(commitAll(repository), Interrupted);
  left = 100;
  const kept = names.filter((name) => textOf(repository, name) !== undefined);
  assert.ok(kept.length >= 1 && kept.length < names.length, kept.join());
  await assertClean(repository);
  asked.read.length = 0;
  await commitAll(reopened(repository));
  assert.equal(asked.read.length, names.length - kept.length);
  for (const name of names) assert.match(textOf(repository, name) ?? name, /title:/);
  await assertClean(repository);
});

test('a reader that throws is told a few times, and its files wait for a newer plugin', async (t) => {
  const asked = letters((path) => {
    if (path !== 'z.txt') throw new Error('cannot be');
  });
  const repository = await typed(t, asked.plugin);
  const names = Array.from({ length: 13 }, (_, i) => `Letters/home/${i}.txt`);
  put(
    repository.root,
    Object.fromEntries([...names, 'Letters/home/z.txt'].map((name) => [name, letter(name, name)])),
  );
  const made = await commitAll(repository);
  const codes = made.problems.map(({ code }) => code);
  assert.deepEqual(
    codes,
    Array.from({ length: 11 }, () => 'flow/reader-failed'),
  );
  assert.match(made.problems.at(-1)!.reason, /^and 3 more/);
  assert.match(textOf(repository, 'Letters/home/z.txt')!, /title:/);
  // The id was found all the same.
  assert.equal(bodyIdOf(repository, names[0]!), digest(names[0]!));
  asked.read.length = 0;
  await commitAll(reopened(repository));
  assert.deepEqual(asked.read, []);
});

test('a program that is missing is told once, and what was known stays', async (t) => {
  let isMissing = false;
  const asked = letters(() => {
    if (isMissing) throw new ToolMissing('there is no pen', 'buy a pen');
  });
  const repository = await typed(t, asked.plugin);
  put(repository.root, { [A]: letter('Hello', 'How are you?') });
  await commitAll(repository);
  const before = textOf(repository, A);
  isMissing = true;
  put(repository.root, { [A]: letter('Other', 'words'), [B]: letter('B', 'b') });
  const made = await commitAll(reopened(repository));
  assert.deepEqual(codesOf(made.problems), ['flow/tool-missing']);
  assert.match(made.problems[0]!.hint!, /^buy a pen, then/);
  assert.equal(textOf(repository, A), before);
  assert.equal(textOf(repository, B), undefined);
});

test('of a file that changes while it is read nothing is said before it is recorded', async (t) => {
  const states: { repository?: Repository } = {};
  const asked = letters((path) => {
    if (path === 'a.txt' && asked.read.length === 1)
      put(states.repository!.root, { [A]: letter('New', 'content') });
  });
  const repository = (states.repository = await typed(t, asked.plugin));
  put(repository.root, { [A]: letter('Hello', 'How are you?') });
  await commitAll(repository);
  assert.equal(textOf(repository, A), undefined);
  await commitAll(reopened(repository));
  assert.match(textOf(repository, A)!, /title: New/);
  await assertClean(repository);
});

test('a sidecar that is wrong is left alone and told; one that somebody is writing waits', async (t) => {
  const asked = letters();
  const repository = await typed(t, asked.plugin);
  put(repository.root, { [A]: letter('Hello', 'a'), [B]: letter('B', 'b') });
  const wrong = '---\nrating: 3\n\ttags: x\n---\n';
  fs.mkdirSync(join(repository.layout.index, 'tree/Letters/home'), { recursive: true });
  fs.writeFileSync(join(repository.layout.index, placeOf(A)), wrong);
  const made = await commitAll(repository);
  assert.equal(textOf(repository, A), wrong);
  assert.match(textOf(repository, B)!, /title: B/);
  assert.equal(made.described.files, 2);
  fs.writeFileSync(join(repository.layout.index, placeOf(A)), '---\nrating: 3\n---\n');
  await commitAll(reopened(repository));
  assert.equal(textOf(repository, A), `---\nrating: 3\n${extracted(letter('Hello', 'a'), 'Hello')}---\n`);
  await assertClean(repository);
});
