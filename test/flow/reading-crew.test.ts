/** Threads that read files: one that hangs or dies costs the file that did it, and no other. */

import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { openReadingCrew } from '../../src/flow/reading-crew.ts';
import type { FileTask } from '../../src/flow/read-file.ts';
import { FAITHFUL } from '../../src/model/rendering.ts';
import { temporary } from '../tools/tree.ts';
import { contextOf } from './fixture.ts';
import { letter } from './letters.ts';

const module = new URL('./unruly-thread.js', import.meta.url);
const trust = { list: undefined, user: undefined };
/** Long enough for a thread to start on a busy machine. */
const SILENCE = 5000;

function taskOf(folder: string, name: string): FileTask {
  const place = join(folder, name);
  fs.writeFileSync(place, letter(name, 'body'));
  const { size, mtimeNs } = fs.statSync(place, { bigint: true });
  return { type: 'letters', path: name, place, size: Number(size), mtime: mtimeNs, rendering: FAITHFUL };
}

for (const [name, reason] of [
  ['hangs.txt', /^no answer within 5 seconds$/],
  ['ends.txt', /^its reader ended$/],
  ['throws.txt', /^behind its back$/],
  ['grows.txt', /^it takes too much memory$/],
] as const) {
  test(`a file that ${name.replace('.txt', '')} is said, and those beside it are read`, async (t) => {
    const folder = temporary(t);
    const names = ['a.txt', 'b.txt', name, 'c.txt', 'd.txt', 'e.txt'];
    const crew = openReadingCrew({ ...contextOf(), threads: 2, readingThread: { module, trust } }, SILENCE);
    t.after(() => crew.close());
    const read = await Promise.all(names.map((each) => crew.read(taskOf(folder, each))));
    for (const [i, each] of names.entries()) {
      const answer = read[i]!;
      if (each === name) {
        assert.equal(answer.kind, 'failed');
        assert.match(answer.kind === 'failed' ? answer.message : '', reason);
      } else {
        assert.equal(answer.kind, 'read', `${each}: ${JSON.stringify(answer)}`);
        assert.deepEqual(answer.kind === 'read' && [...answer.answer.fields], [['title', each]]);
      }
    }
  });
}

test('a module that cannot be loaded fails every file, and is not tried for ever', async (t) => {
  const folder = temporary(t);
  const none = { module: new URL('./no-such-module.js', import.meta.url), trust };
  const crew = openReadingCrew({ ...contextOf(), threads: 2, readingThread: none }, SILENCE);
  t.after(() => crew.close());
  const read = await Promise.all(['a.txt', 'b.txt', 'c.txt'].map((each) => crew.read(taskOf(folder, each))));
  assert.deepEqual(
    read.map(({ kind }) => kind),
    ['failed', 'failed', 'failed'],
  );
  assert.equal((await crew.read(taskOf(folder, 'd.txt'))).kind, 'failed');
});
