import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { undoEdit } from '../../src/store/edited.ts';
import { emptyRepository, quick, readTree, temporary } from './fixture.ts';

test('an edit that is undone is kept beside, once, and what was recorded is there again', (t) => {
  const { layout } = emptyRepository(temporary(t), quick);
  const path = 'tree/Music/manifest.yaml';
  const place = join(layout.index, path);
  fs.mkdirSync(join(layout.index, 'tree/Music'), { recursive: true });
  const rows: [edited: string | undefined, recorded: string | undefined, kept: RegExp | undefined][] = [
    ['edited\n', 'recorded\n', /^tree\/Music\/manifest\.yaml\.[0-9a-f]{8}$/],
    ['edited\n', 'recorded\n', /^tree\/Music\/manifest\.yaml\.[0-9a-f]{8}$/],
    ['edited again\n', 'recorded\n', /^tree\/Music\/manifest\.yaml\.[0-9a-f]{8}$/],
    [undefined, 'recorded\n', undefined],
    ['made by hand\n', undefined, /^tree\/Music\/manifest\.yaml\.[0-9a-f]{8}$/],
    [undefined, undefined, undefined],
    [undefined, 'recorded\n', undefined],
  ];
  for (const [edited, recorded, kept] of rows) {
    if (edited === undefined) fs.rmSync(place, { force: true });
    else fs.writeFileSync(place, edited);
    const found = undoEdit(quick, layout, path, recorded);
    if (kept === undefined) assert.equal(found, undefined);
    else assert.match(found!, kept);
    if (found !== undefined) assert.equal(fs.readFileSync(join(layout.edited, found), 'utf8'), edited);
    assert.equal(fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined, recorded);
  }
  fs.rmSync(join(layout.index, 'tree/Music'), { recursive: true });
  fs.symlinkSync('/nowhere', join(layout.index, 'tree/Music'));
  assert.throws(() => undoEdit(quick, layout, path, 'recorded\n'), {
    message: /tree\/Music' is not a directory$/,
  });
  assert.deepEqual([...readTree(layout.edited).values()].sort(), [
    'edited\n',
    'edited again\n',
    'made by hand\n',
  ]);
});
