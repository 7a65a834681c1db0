import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { mergeContents, type MergedContent } from '../../src/flow/merge-contents.ts';
import { openRepository } from '../../src/flow/repository.ts';
import { resolve } from '../../src/flow/resolve.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { defineType, LONGEST_MERGED, type Merger, type TypePlugin } from '../../src/plugin/api.ts';
import { beside, conflicted, type Story } from './conflicted.ts';
import { contextOf } from './fixture.ts';

before(() => loadBlake3());

const PATH = 'Books/Jane/Emma/notes.bin' as RepositoryPath;
const [LOW, HIGH] = ['\0one', '\0two'].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)) as [string, string];
const OTHER = `Books/Jane/Emma/${beside('notes.bin', HIGH)}`;
const STORY: Story = {
  base: { [PATH]: '\0old' },
  ours: { [PATH]: '\0one' },
  theirs: { [PATH]: '\0two' },
  merged: { [PATH]: LOW, [OTHER]: HIGH },
  conflicts: [{ kind: 'content', paths: [PATH, OTHER], ids: [LOW, HIGH] }],
};

function books(...mergers: readonly Merger[]): TypePlugin {
  return defineType({
    api: 1,
    name: 'books',
    version: 1,
    top: 'Books',
    merge: 'files',
    boundaries: [{ at: '{author}/{title}/' }],
    fields: {
      author: { of: 'entity', type: 'text', merge: 'one', doc: 'Who made it' },
      title: { of: 'entity', type: 'text', merge: 'one', doc: 'What it is called' },
    },
    mergers,
  }) as TypePlugin;
}

const merger = (files: readonly string[], merge: Merger['merge']): Merger => ({ files, merge });
const never = merger(['*.other', '/notes.bin'], () => assert.fail('it takes no such file'));

/** A repository with the conflict, in which a plugin with some mergers is at hand. */
async function scene(t: TestContext, mergers: readonly Merger[]) {
  const { repository } = await conflicted(t, STORY);
  const context = { ...contextOf(), plugins: async () => [books(...mergers)] };
  return openRepository(context, repository.root);
}

async function asked(t: TestContext, ...mergers: readonly Merger[]): Promise<MergedContent | string> {
  const repository = await scene(t, mergers);
  try {
    return await mergeContents(repository, PATH, 'type');
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.deepEqual(fs.readdirSync(join(repository.root, 'Books/Jane/Emma')).length, 2);
    return `${error.problem.code} ${error.problem.reason}`;
  }
}

test('the first merger that takes a file gets all three versions, and its answer is recorded', async (t) => {
  const merge: Merger['merge'] = async ({ base, ours, theirs }, report) => {
    const all = await Promise.all([base!, ours, theirs].map((each) => each.read(0, each.size)));
    report({ code: 'books/joined', severity: 'error', reason: 'they were joined' });
    return Buffer.concat(all);
  };
  const repository = await scene(t, [never, merger(['*.BIN'], merge), merger(['*.bin'], never.merge)]);
  const made = await mergeContents(repository, PATH, 'type');
  assert.deepEqual(
    [
      Buffer.from(made.text).toString(),
      made.places,
      made.problems.map((each) => `${each.severity} ${each.reason}`),
    ],
    ['\0old\0one\0two', 0, [`warning '${PATH}': they were joined`]],
  );
  const choice = { kind: 'text', text: made.text } as const;
  const { left, problems } = await resolve(repository, { paths: [PATH], choice, dryRun: false });
  assert.deepEqual([left, problems], [0, []]);
  assert.deepEqual(fs.readFileSync(join(repository.root, PATH), 'utf8'), '\0old\0one\0two');
  assert.deepEqual(fs.readdirSync(join(repository.root, 'Books/Jane/Emma')), ['notes.bin']);
});

test('what no merger takes, or leaves to a person, is merged by lines', async (t) => {
  const noLines = `conflict/no-lines cannot merge '${PATH}' by lines: it is not text`;
  assert.equal(await asked(t), noLines);
  assert.equal(await asked(t, merger(['*.other'], never.merge)), noLines);
  assert.equal(
    await asked(
      t,
      merger(['*.bin'], async () => undefined),
    ),
    noLines,
  );
  // A loose file's path begins below the top folder.
  assert.equal(
    (await asked(
      t,
      merger(['/Jane/Emma/notes.bin'], async () => new Uint8Array()),
    )) === noLines,
    false,
  );
});

test('a merger that breaks its promise is told, and nothing changes', async (t) => {
  const rows: readonly [Merger['merge'], string][] = [
    [() => Promise.reject(new Error('oh')), 'Error: oh'],
    [
      () => {
        throw new TypeError('at once');
      },
      'TypeError: at once',
    ],
    [() => Promise.resolve('text' as never), 'it answers what is no content'],
    [async () => new Uint8Array(LONGEST_MERGED + 1), 'it answers more than 16777216 bytes'],
    [async ({ ours }) => ours.read(-1, 2), 'RangeError: offset and length are whole numbers'],
    [async ({ ours }) => ours.read(0, 2 ** 25), 'RangeError: more than 16777216 bytes at once'],
  ];
  for (const [merge, why] of rows)
    assert.equal(
      await asked(t, merger(['*.bin'], merge)),
      `conflict/merger-failed the plugin 'books' cannot merge '${PATH}': ${why}`,
    );
});
