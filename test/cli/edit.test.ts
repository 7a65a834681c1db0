import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { Stage } from './stage.ts';

/** Names that a shell would make something of. */
const NAMES = ['a b.txt', '$(touch made).txt', '`touch made`; x', "it's", '"quoted"', '-n', '*', 'ä\\n'];

async function repository(t: TestContext): Promise<Stage> {
  const stage = new Stage(t);
  for (const name of NAMES) fs.writeFileSync(join(stage.folder, name), name);
  fs.mkdirSync(join(stage.folder, 'Music'));
  fs.writeFileSync(join(stage.folder, 'Music/a.flac'), 'a');
  await stage.play(['init', '--name', 'laptop']);
  await stage.play(['commit', '-m', 'First']);
  return stage;
}

/** A program that writes a text into its last argument, and beside the folder what it was given. */
function editor(stage: Stage, text: string, exit = 0): string {
  const path = join(stage.folder, '../the editor');
  fs.writeFileSync(join(stage.folder, '../text'), text);
  const script = `#!/bin/sh\nhere=$(dirname "$0")\nprintf '%s\\n' "$@" > "$here/given"\neval "cp \\"$here/text\\" \\"\\\${$#}\\""\nexit ${exit}\n`;
  fs.writeFileSync(path, script, { mode: 0o755 });
  return `'${path}'`;
}

const given = (stage: Stage): string[] =>
  fs
    .readFileSync(join(stage.folder, '../given'), 'utf8')
    .replaceAll(stage.folder, 'DATA')
    .trimEnd()
    .split('\n');
const text = (stage: Stage, path: string): string =>
  fs.readFileSync(join(stage.folder, '.dbk/index/tree', path), 'utf8');

test('the editor gets its own words and the path of the text as one word, whatever is in it', async (t) => {
  const stage = await repository(t);
  const EDITOR = `${editor(stage, '---\nmine: 1\n---\n')} -w 'two words'`;
  for (const name of NAMES) {
    const { exit, stderr } = await stage.play(['edit', '--', name], { env: { EDITOR } });
    assert.deepEqual([name, exit, stderr], [name, 0, '']);
    const [wait, words, file] = given(stage);
    assert.deepEqual([wait, words], ['-w', 'two words']);
    assert.match(file!, /^DATA\/\.dbk\/index\/tree\/\$.*\.metadata$/);
  }
  assert.ok(!fs.existsSync(join(stage.folder, 'made')));
  const { stdout } = await stage.play(['meta', 'get', '-f', 'mine', '--', ...NAMES]);
  assert.equal(stdout.split('\n').length, NAMES.length + 1);
});

test('VISUAL comes before EDITOR, and empty ones do not count', async (t) => {
  const stage = await repository(t);
  const real = editor(stage, '---\nmine: 1\n---\n');
  const rows: Record<string, string>[] = [
    { VISUAL: real, EDITOR: 'false' },
    { VISUAL: ' ', EDITOR: real },
    { EDITOR: real },
  ];
  for (const env of rows) {
    assert.equal((await stage.play(['edit', 'Music'], { env })).exit, 0);
    assert.equal(given(stage).length, 1);
  }
});

test('what an editor wrote that failed stays, and what it did not write goes', async (t) => {
  const stage = await repository(t);
  const failed = await stage.play(['edit', 'Music'], { env: { EDITOR: 'false' } });
  assert.deepEqual([failed.exit, failed.stderr], [1, "dbk: error: the editor 'false' ended with 1\n"]);
  assert.ok(!fs.existsSync(join(stage.folder, '.dbk/index/tree/Music/$.metadata')));
  const EDITOR = editor(stage, '---\nmine: 1\n---\n', 3);
  const kept = await stage.play(['edit', 'Music'], { env: { EDITOR } });
  assert.equal(kept.exit, 1);
  assert.match(
    kept.stderr,
    /ended with 3\nhint: find what was written in '\.dbk\/index\/tree\/Music\/\$\.metadata'\n$/,
  );
  assert.equal(text(stage, 'Music/$.metadata'), '---\nmine: 1\n---\n');
});

test('at a terminal a wrong text can be edited again, until it is right or nobody wants to', async (t) => {
  const stage = await repository(t);
  const place = join(stage.folder, '.dbk/index/tree/Music/$.metadata');
  const begin = '---\nmine: 1\n';
  const EDITOR =
    'echo "$(wc -l <"$1")" >> "$1".; test -s "$1". && test "$(wc -l <"$1".)" = 2 && echo --- >>"$1"; true';
  const rows: [typed: string[], exit: number, written: string, asked: number][] = [
    [['n'], 1, begin, 1],
    [['y', 'y'], 0, `${begin}---\n`, 1],
    [[], 1, begin, 1],
  ];
  for (const [typed, exit, written, asked] of rows) {
    fs.writeFileSync(place, begin);
    fs.rmSync(`${place}.`, { force: true });
    const played = await stage.play(['edit', 'Music'], { env: { EDITOR }, typed });
    assert.deepEqual([played.exit, fs.readFileSync(place, 'utf8')], [exit, written]);
    assert.equal(played.stderr.split('edit it again?').length - 1, asked);
  }
});

test('programs are told what became of the text', async (t) => {
  const stage = await repository(t);
  const rows: [text: string, kind: string, exit: number][] = [
    ['---\nmine: 1\n---\n', 'changed', 0],
    ['---\nmine: 1\n---\n', 'unchanged', 0],
    ['---\nmine: [\n---\n', 'wrong', 1],
    ['', 'removed', 0],
  ];
  for (const [written, kind, exit] of rows) {
    const played = await stage.play(['edit', '--json', 'Music/a.flac'], {
      env: { EDITOR: editor(stage, written) },
    });
    const lines = played.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    const file = '.dbk/index/tree/Music/$a.flac.metadata';
    assert.deepEqual(
      [played.exit, lines.filter(({ type }) => type !== 'problem')],
      [
        exit,
        [
          { type: 'edit', path: 'Music/a.flac', kind, file },
          { type: 'summary', kind },
        ],
      ],
    );
  }
});
