/** What a commit looks at in `index/` after it has written there: what it wrote, and nothing is overlooked for that. */

import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import type { Disk } from '../../src/disk/disk.ts';
import { openEyes } from '../../src/flow/eyes.ts';
import { lookAtTexts } from '../../src/flow/index-texts.ts';
import { clockAhead } from '../tools/clock.ts';
import { plant } from '../tools/tree.ts';
import { commitAll, contextOf, newRepository, quick, statusOf } from './fixture.ts';

const FILES = { 'a/1': '1', 'a/b/2': '2', 'c/3': '3', 'c/d/4': '4', 'e/5': '5' };

test('what a person does in the index while it is written is seen by the next look, wherever it is', async (t) => {
  let meanwhile: (() => void) | undefined;
  const disk: Disk = {
    ...quick,
    rename: (from, to) => {
      quick.rename(from, to);
      if (to.endsWith('.dbk/head')) meanwhile?.();
    },
  };
  const repository = await newRepository(t, contextOf(clockAhead(disk, () => 60_000)));
  const { root, layout } = repository;
  plant(root, FILES);
  await commitAll(repository);
  assert.deepEqual((await statusOf(repository)).changes, []);
  const written: Readonly<Record<string, string>> = {
    'tree/c/$3.metadata': 'in a directory that the commit leaves alone\n',
    'tree/c/d/$4.metadata': 'below one\n',
    'tree/a/$1.metadata': 'in one that it changes\n',
    'tree/a/b/$2.metadata': 'below it\n',
    ignore: '*.none\n',
  };
  meanwhile = () => {
    for (const [path, text] of Object.entries(written)) fs.writeFileSync(join(layout.index, path), text);
    fs.mkdirSync(join(layout.index, 'tree/a/new'));
    fs.writeFileSync(join(layout.index, 'tree/a/new/$6.metadata'), 'in one that is new\n');
  };
  plant(root, { 'a/1': 'changed', 'f/g/6': 'new' });
  fs.rmSync(join(root, 'e'), { recursive: true });
  await commitAll(repository);
  meanwhile = undefined;
  const edited = (await lookAtTexts(repository, repository.commits.readHead(), openEyes(repository))).edited;
  assert.deepEqual(
    edited.map(({ path }) => path),
    [...Object.keys(written), 'tree/a/new/$6.metadata'].sort(),
  );
});

test('after a commit no texts are looked at but those that it wrote, and what is above them', async (t) => {
  const looked = new Set<string>();
  const note = <T>(path: string, answer: T): T => (looked.add(path), answer);
  const disk: Disk = {
    ...quick,
    lstat: (path) => note(path, quick.lstat(path)),
    lstatOrdinary: (path) => note(path, quick.lstatOrdinary(path)),
  };
  let atHead: (() => void) | undefined;
  Object.assign(disk, {
    rename: (from: string, to: string) => {
      quick.rename(from, to);
      if (to.endsWith('.dbk/head')) atHead?.();
    },
  });
  const repository = await newRepository(t, contextOf(disk));
  const { root, layout } = repository;
  plant(root, FILES);
  await commitAll(repository);
  plant(root, { 'a/1': 'changed', 'f/g/6': 'new' });
  fs.rmSync(join(root, 'e'), { recursive: true });
  atHead = () => looked.clear();
  await commitAll(repository);
  atHead = undefined;
  const texts = [...looked].filter((path) => path.startsWith(`${layout.index}/`) && path.endsWith('.yaml'));
  assert.deepEqual(texts.map((path) => path.slice(layout.index.length + 1)).sort(), [
    'policy.yaml',
    'tree/a/manifest.yaml',
    'tree/f/g/manifest.yaml',
    'tree/f/manifest.yaml',
    'tree/manifest.yaml',
  ]);
});
