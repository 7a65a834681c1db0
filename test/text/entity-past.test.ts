import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityReference, Manifest } from '../../src/model/manifest.ts';
import { line } from '../../src/model/value.ts';
import { pastOf, withPast } from '../../src/text/entity-past.ts';
import { parseManifest, writeManifest } from '../../src/text/manifest.ts';

const ENTITY: EntityReference = {
  id: '01jdb3k2x9q4n8v7',
  type: 'music',
  from: '01jdb3k2x9q4n8v6',
  was: ['01jdb3k2x9q4n8v8', '01jdb3k2x9q4n8v9'],
  more: new Map([['zz', 1]]),
};

test('what a folder was stands in its manifest and comes back from it', () => {
  const plain: Manifest = { mode: 0o755, files: new Map(), more: new Map([['kept', 'as it is']]) };
  const split = withPast(withPast(plain, 'split', ENTITY), 'joined', { id: ENTITY.id, type: 'music' });
  const text = [
    'dbk: manifest 1',
    'mode: 755',
    'joined: {id: 01jdb3k2x9q4n8v7, type: music}',
    'kept: as it is',
    'split: {id: 01jdb3k2x9q4n8v7, type: music, from: 01jdb3k2x9q4n8v6, was: [01jdb3k2x9q4n8v8, 01jdb3k2x9q4n8v9], zz: 1}',
    '',
  ].join('\n');
  assert.equal(writeManifest(split), text);
  assert.deepEqual(pastOf(parseManifest(text), 'split'), ENTITY);
  assert.deepEqual(pastOf(parseManifest(text), 'joined'), { id: ENTITY.id, type: 'music' });
  assert.deepEqual(withPast(withPast(split, 'split', undefined), 'joined', undefined), plain);
});

test('what another program wrote under these keys is no past', () => {
  const of = (value: Parameters<typeof line>[0]): Manifest => ({
    mode: 0o755,
    files: new Map(),
    more: new Map([['split', line(value)]]),
  });
  assert.equal(pastOf(of([['id', 'x']]), 'split'), undefined);
  assert.equal(pastOf({ more: new Map([['split', 'yes']]) }, 'split'), undefined);
  assert.equal(pastOf({}, 'split'), undefined);
});

test('the former ids of an entity are refused where they are no ids, none, doubled or out of order', () => {
  const text = (keys: string): string =>
    `dbk: manifest 1\nentity: {id: 01jdb3k2x9q4n8v7, type: music, ${keys}}\nmode: 755\n`;
  parseManifest(text('from: 01jdb3k2x9q4n8v6, was: [01jdb3k2x9q4n8v8]'));
  const rows = [
    'from: x',
    'was: []',
    'was: 01jdb3k2x9q4n8v8',
    'was: [01jdb3k2x9q4n8v8, 01jdb3k2x9q4n8v8]',
    'was: [01jdb3k2x9q4n8v9, 01jdb3k2x9q4n8v8]',
    'was: [01jdb3k2x9q4n8v8], from: 01jdb3k2x9q4n8v6',
  ];
  for (const row of rows) assert.throws(() => parseManifest(text(row)), { name: 'TextError' }, row);
});
