import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { test } from 'node:test';
import { nodeDisk } from '../../src/disk/disk.ts';
import { PassingTexts } from '../../src/flow/passing-texts.ts';
import type { ContentId } from '../../src/model/id.ts';
import { temporary } from '../tools/tree.ts';

const id = (letter: string): ContentId => letter.repeat(64) as ContentId;

for (const [where, limit] of [
  ['memory', 100],
  ['the disk', 0],
  ['both', 4],
] as const) {
  test(`a text is there until it was asked for as often as was said (${where})`, (t) => {
    const folder = temporary(t);
    const texts = new PassingTexts(nodeDisk, () => folder, limit);
    texts.expect(id('a'));
    texts.expect(id('b'));
    texts.expect(id('b'));
    texts.keep(id('a'), 'one');
    texts.keep(id('b'), 'two Ü');
    texts.keep(id('b'), 'two Ü');
    texts.keep(id('c'), 'nobody asks');
    const onDisk = { memory: 0, 'the disk': 2, both: 1 }[where];
    assert.equal(fs.readdirSync(folder).length, onDisk);
    assert.equal(texts.use(id('b')), 'two Ü');
    assert.equal(texts.use(id('a')), 'one');
    assert.equal(texts.use(id('b')), 'two Ü');
    assert.deepEqual(fs.readdirSync(folder), []);
    assert.equal(texts.use(id('b')), undefined);
    assert.equal(texts.use(id('c')), undefined);
  });
}

test('what was asked for makes place for others', (t) => {
  const folder = temporary(t);
  const texts = new PassingTexts(nodeDisk, () => folder, 3);
  for (const letter of ['a', 'b']) texts.expect(id(letter));
  texts.keep(id('a'), '123');
  texts.use(id('a'));
  texts.keep(id('b'), '456');
  assert.deepEqual(fs.readdirSync(folder), []);
});
