/** One shape of conflicts for programs, whichever command tells of them. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { Stage } from './stage.ts';

before(() => loadBlake3());

type Line = Readonly<Record<string, unknown>>;

test('conflicts are told in one shape when they come, when they are listed and when they are settled', async (t) => {
  const stage = new Stage(t);
  const play = async (line: string): Promise<readonly Line[]> => {
    const { pieces } = await stage.play(line.split(' '));
    const text = pieces.map((piece) => (piece.to === 'stdout' ? piece.text : '')).join('');
    const all = text === '' ? [] : text.trimEnd().split('\n');
    return all.filter((each) => each.startsWith('{"type":"conflict"')).map((each) => JSON.parse(each));
  };
  stage.shell('mkdir here; printf old > here/a.txt');
  await play('init here --name here');
  await play('-C here commit -m One');
  await play('clone here there --name there');
  stage.shell('printf one > here/a.txt; printf two > there/a.txt');
  await play('-C here commit -m One');
  await play('-C there commit -m Two');
  const [came] = await play('-C here merge --json ../there');
  const [listed] = await play('-C here conflicts --json');
  const [settled] = await play('-C here resolve --json --both --all');
  assert.deepEqual([came?.['kind'], came?.['path'], typeof came?.['id']], ['content', 'a.txt', 'string']);
  const { since: _since, sides: _sides, ...shown } = listed!;
  const { done, ...closed } = settled!;
  assert.deepEqual([shown, closed, done], [came, came, 'close']);
});
