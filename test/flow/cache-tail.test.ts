/** A commit after a small change writes the tail of the cache alone; losing it, or having an old one, changes no answer. */

import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { repository, type Workbench } from '../tools/repository.ts';
import { linesIn, plant, type Literal } from '../tools/tree.ts';

/** Enough that one folder of them is little. */
function many(): Literal {
  const literal: Record<string, Literal[string]> = {};
  for (let i = 0; i < 300; i++) literal[`folder ${i % 50}/file ${i}`] = `content ${i}`;
  return literal;
}

const localOf = (bench: Workbench, name: string): string => join(bench.root, '.dbk/local', name);

async function answers(bench: Workbench): Promise<unknown> {
  const { changes, problems, status } = await bench.status();
  return [changes, problems, status.files, status.bytes];
}

test('a small change leaves the cache as it is and writes a tail; a big one writes all anew', async (t) => {
  const bench = await repository(t, many());
  await bench.commit();
  const cache = fs.readFileSync(localOf(bench, 'cache'));
  for (const text of ['one', 'two']) {
    plant(bench.root, { 'folder 3/file 3': text });
    await bench.status();
    await bench.commit();
    assert.ok(fs.readFileSync(localOf(bench, 'cache')).equals(cache));
    bench.disk.forgetCounts();
    assert.deepEqual([(await bench.status()).changes, bench.disk.opened], [[], []], text);
  }
  assert.ok(fs.existsSync(localOf(bench, 'cache-tail')));
  for (let i = 0; i < 300; i++) plant(bench.root, { [`folder ${i % 50}/file ${i}`]: `changed ${i}` });
  await bench.commit();
  assert.ok(!fs.existsSync(localOf(bench, 'cache-tail')));
  bench.disk.forgetCounts();
  assert.deepEqual([(await bench.status()).changes, bench.disk.opened], [[], []]);
});

test('a tail that is lost, torn or older than the commit is made up for', async (t) => {
  const bench = await repository(t, many());
  await bench.commit();
  const path = localOf(bench, 'cache-tail');
  plant(bench.root, { 'folder 3/file 3': 'one', 'folder 3/new': 'new' });
  await bench.commit();
  const old = fs.readFileSync(path);
  plant(bench.root, { 'folder 4/file 4': 'two' });
  fs.rmSync(join(bench.root, 'folder 3/file 53'));
  await bench.commit({ confirmDeletions: true });
  const whole = fs.readFileSync(path);
  plant(bench.root, { 'folder 3/new': 'edited', 'folder 5/later': 'later' });
  const expected = await answers(bench);
  const tails: Readonly<Record<string, Buffer | undefined>> = {
    lost: undefined,
    empty: Buffer.alloc(0),
    torn: whole.subarray(0, whole.length >> 1),
    zeroed: Buffer.alloc(whole.length),
    'of the commit before': old,
  };
  const cache = fs.readFileSync(localOf(bench, 'cache'));
  for (const [what, tail] of Object.entries(tails)) {
    fs.writeFileSync(localOf(bench, 'cache'), cache);
    if (tail === undefined) fs.rmSync(path, { force: true });
    else fs.writeFileSync(path, tail);
    for (const round of [1, 2]) assert.deepEqual(await answers(bench), expected, `${what}, ${round}`);
  }
  await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});
