import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { beside, conflicted, type Story } from '../flow/conflicted.ts';
import { put } from '../flow/fixture.ts';
import { Stage, type Played } from './stage.ts';

before(() => loadBlake3());

const LINES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', ''].join('\n');
const APART: readonly [string, string] = [LINES.replace('2', 'two'), LINES.replace('8', 'eight')];
const SAME: readonly [string, string] = [LINES.replace('5', 'five'), LINES.replace('5', 'FIVE')];

function story([ours, theirs]: readonly [string, string], base: string | undefined = LINES): Story {
  const [low, high] = [ours, theirs].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)) as [string, string];
  const other = beside('notes.txt', high);
  return {
    base: { 'notes.txt': base },
    ours: { 'notes.txt': ours },
    theirs: { 'notes.txt': theirs },
    merged: { 'notes.txt': low, [other]: high },
    conflicts: [{ kind: 'content', paths: ['notes.txt', other], ids: [low, high] }],
  };
}

interface Scene {
  readonly repository: Repository;
  play(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Played>;
  notes(): string | undefined;
  names(): string[];
}

async function scene(t: TestContext, tale: Story, name?: string): Promise<Scene> {
  const { repository } = await conflicted(t, tale, name);
  const stage = new Stage(t);
  const { root } = repository;
  return {
    repository,
    play: (words, env = {}) => stage.play(['-C', root, ...words], { env }),
    notes: () => fs.readFileSync(join(root, 'notes.txt'), 'utf8'),
    names: () => fs.readdirSync(root).filter((each) => each.startsWith('notes')),
  };
}

/** An editor that puts a text into the file that it is given, and keeps what it was given. */
function editor(repository: Repository, text: string, exit = 0): string {
  const path = `${repository.root}-editor`;
  fs.writeFileSync(`${path}-text`, text);
  fs.writeFileSync(path, `#!/bin/sh\ncp "$1" '${path}-given'\ncp '${path}-text' "$1"\nexit ${exit}\n`, {
    mode: 0o755,
  });
  return `'${path}'`;
}

const given = ({ root }: Repository): string => fs.readFileSync(`${root}-editor-given`, 'utf8');

test('a list says what happened, what each side has and what to do, and ends with 1', async (t) => {
  const { play, repository } = await scene(t, story(APART));
  const { stdout, stderr, exit } = await play(['conflicts']);
  assert.deepEqual([stderr, exit], ['', 1]);
  const [low, high] = [APART[0], APART[1]].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)) as [
    string,
    string,
  ];
  const [ours, theirs] =
    low === APART[0] ? ['notes.txt', beside('notes.txt', high)] : [beside('notes.txt', high), 'notes.txt'];
  const merge = repository.commits.readHead()!.slice(0, 16);
  const sides = [`  ours      laptop: ${ours}`, `  theirs    nas: ${theirs}`];
  const lines = stdout.split('\n');
  assert.deepEqual(lines.filter((line) => /^ {2}(ours|theirs)/.test(line)).sort(), sides);
  assert.deepEqual(
    lines.filter((line) => !/^ {2}(ours|theirs)/.test(line)),
    [
      'notes.txt',
      '  both sides changed it, and both versions are here',
      `  since     ${merge}  2026-11-22`,
      '  settle    dbk resolve --merge|--ours|--theirs|--both notes.txt',
      '',
      '1 conflict to settle',
      '',
    ],
  );
  const status = await play(['status']);
  assert.match(status.stdout, /\n1 conflict: dbk conflicts\n$/);
});

test('programs get every side of every conflict', async (t) => {
  const { play } = await scene(t, story(APART));
  const [line, summary] = (await play(['conflicts', '--json'])).stdout
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each));
  assert.deepEqual(summary, { type: 'summary', conflicts: 1 });
  assert.deepEqual(
    [line.type, line.kind, line.path, line.paths.length],
    ['conflict', 'content', 'notes.txt', 2],
  );
  const sides = line.sides as { repositories: string[]; ours: boolean; path: string }[];
  assert.deepEqual(sides.map(({ repositories, ours }) => `${repositories.join()} ${ours}`).sort(), [
    'laptop true',
    'nas false',
  ]);
  assert.deepEqual(sides.map(({ path }) => path).sort(), line.paths.sort());
});

test('without conflicts there is nothing to say, and nothing to settle', async (t) => {
  const { play } = await scene(t, { ...story(APART), conflicts: [] });
  const none = await play(['conflicts']);
  assert.deepEqual([none.stdout, none.exit], ['No conflicts.\n', 0]);
  const resolved = await play(['resolve', '--both', 'notes.txt']);
  assert.deepEqual(
    [resolved.exit, resolved.stderr],
    [
      1,
      "dbk: error: there is no conflict about 'notes.txt'\nhint: see those that are open with: dbk conflicts\n",
    ],
  );
});

test('what is asked for has to be one thing', async (t) => {
  const { play } = await scene(t, story(APART));
  for (const words of [
    [],
    ['notes.txt'],
    ['--ours', '--theirs', 'notes.txt'],
    ['--ours'],
    ['--ours', '--all', 'notes.txt'],
    ['--take', 'nas', '--both', '.'],
  ])
    assert.equal((await play(['resolve', ...words])).exit, 2, words.join(' '));
});

test('lines that both changed apart merge by themselves; nothing is lost of either', async (t) => {
  const { play, notes, names } = await scene(t, story(APART));
  const dry = await play(['resolve', '-n', '--merge', 'notes.txt']);
  assert.deepEqual([dry.exit, dry.stderr, names().length], [0, '', 2]);
  const { exit, stderr } = await play(['resolve', '--merge', 'notes.txt']);
  assert.deepEqual([exit, stderr], [0, '']);
  assert.equal(notes(), LINES.replace('2', 'two').replace('8', 'eight'));
  assert.deepEqual(names(), ['notes.txt']);
  assert.equal((await play(['undo'])).exit, 0);
  assert.equal(names().length, 2);
});

test('lines that both changed are for the person, in an editor, with what was there before', async (t) => {
  const { play, notes, names, repository } = await scene(t, story(SAME));
  const refused = await play(['resolve', '--merge', 'notes.txt']);
  assert.deepEqual([refused.exit, names().length], [1, 2]);
  assert.match(
    refused.stderr,
    /both sides changed 1 place of 'notes.txt'.*\nhint: .*dbk resolve --edit 'notes.txt'\n$/,
  );
  const { exit, stderr } = await play(['resolve', '--edit', 'notes.txt'], {
    EDITOR: editor(repository, LINES.replace('5', 'V')),
  });
  assert.deepEqual([exit, stderr], [0, '']);
  assert.equal(
    given(repository),
    LINES.replace('5\n', '<<<<<<< laptop\nfive\n||||||| before\n5\n=======\nFIVE\n>>>>>>> nas\n'),
  );
  assert.deepEqual([notes(), names()], [LINES.replace('5', 'V'), ['notes.txt']]);
  assert.ok(!fs.existsSync(join(repository.layout.local, 'resolving', 'x')));
});

test('what was written in an editor is kept until it is settled', async (t) => {
  const { play, names, repository } = await scene(t, story(SAME));
  const half = '1\n<<<<<<< laptop\nfive\n';
  const marks = await play(['resolve', '--edit', 'notes.txt'], { EDITOR: editor(repository, half) });
  assert.deepEqual([marks.exit, names().length], [1, 2]);
  assert.match(marks.stderr, /line 2 of what you wrote for 'notes.txt' is still a mark of the merge\n/);
  const failed = await play(['resolve', '--edit', 'notes.txt'], { EDITOR: editor(repository, 'done\n', 3) });
  assert.deepEqual([failed.exit, names().length, given(repository)], [1, 2, half]);
  const done = await play(['resolve', '--edit', 'notes.txt'], { EDITOR: editor(repository, 'done\n') });
  assert.deepEqual([done.exit, names(), given(repository)], [0, ['notes.txt'], 'done\n']);
  assert.deepEqual(
    fs.existsSync(join(repository.layout.local, 'resolving'))
      ? fs.readdirSync(join(repository.layout.local, 'resolving'))
      : [],
    [],
  );
});

test('without what was there before, the two are compared', async (t) => {
  const { play, repository } = await scene(t, story(SAME, 'gone'));
  fs.rmSync(repository.layout.guard, { recursive: true, force: true });
  const { exit, stderr } = await play(['resolve', '--edit', 'notes.txt'], {
    EDITOR: editor(repository, 'x\n'),
  });
  assert.equal(exit, 0);
  assert.match(stderr, /what 'notes.txt' held before both changed it is not on this machine/);
  assert.equal(given(repository), LINES.replace('5\n', '<<<<<<< laptop\nfive\n=======\nFIVE\n>>>>>>> nas\n'));
});

test('what is no text is not merged, and what was edited since neither', async (t) => {
  const binary = await scene(t, story(['\0one', '\0two']));
  const refused = await binary.play(['resolve', '--merge', 'notes.txt']);
  assert.deepEqual(
    [refused.exit, refused.stderr.split('\n')[0]],
    [1, "dbk: error: cannot merge 'notes.txt' by lines: it is not text"],
  );
  const edited = await scene(t, story(APART));
  put(edited.repository.root, { 'notes.txt': 'edited' });
  const changed = await edited.play(['resolve', '--merge', 'notes.txt']);
  assert.deepEqual(
    [changed.exit, changed.stderr.split('\n')[0]],
    [1, "dbk: error: 'notes.txt' was changed since the last commit"],
  );
  assert.equal(edited.notes(), 'edited');
});

test('a field is a conflict also where somebody wrote it so by hand, when its path is named', async (t) => {
  const { play, repository } = await scene(t, { ...story(APART), conflicts: [] });
  put(repository.layout.index, {
    'tree/$notes.txt.metadata': '---\nrating:\n  conflict:\n    laptop: 5\n    nas: 1\n---\n',
  });
  assert.equal((await play(['conflicts'])).exit, 0);
  for (const where of ['notes.txt', '.']) {
    const found = await play(['conflicts', where]);
    assert.deepEqual(
      [found.exit, found.stdout.split('\n').slice(0, 2)],
      [1, ['notes.txt', `  both sides wrote something different about it: 'rating'`]],
    );
  }
  assert.equal((await play(['commit', '-m', 'x'])).exit, 0);
  const { exit, stderr } = await play(['resolve', '--take', 'nas', 'notes.txt']);
  assert.deepEqual([exit, stderr], [0, '']);
  assert.equal(
    fs.readFileSync(join(repository.layout.index, 'tree/$notes.txt.metadata'), 'utf8'),
    '---\nrating: 1\n---\n',
  );
});
