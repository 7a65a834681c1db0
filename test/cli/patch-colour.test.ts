import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { paletteOf } from '../../src/cli/colour.ts';
import { patchPainter } from '../../src/cli/patch-colour.ts';

const SEED = 20261122;
const PATCH = `diff --git a/tree/manifest.yaml b/tree/manifest.yaml
index 11..22 100644
--- a/tree/manifest.yaml
+++ b/tree/manifest.yaml
@@ -1,3 +1,3 @@
 dbk: manifest 1
--- a removed line
+++ an added line
 mode: 755
@@ -9 +9 @@ more
-x
\\ No newline at end of file
+y
diff --git a/new b/new
new file mode 100644
`;

function paint(patch: string, coloured = true, cut = patch.length): string {
  const painter = patchPainter(paletteOf(coloured));
  let out = '';
  for (let i = 0; i < patch.length; i += cut) out += painter.push(patch.slice(i, i + cut));
  return out + painter.end();
}

test('headers are bold, hunks cyan, lines green and red, and what looks like a header in a hunk is a line', () => {
  const [bold, cyan, green, red] = [
    ['1', '22'],
    ['36', '39'],
    ['32', '39'],
    ['31', '39'],
  ].map(
    ([on, off]) =>
      (text: string) =>
        `\x1b[${on}m${text}\x1b[${off}m`,
  ) as [
    (text: string) => string,
    (text: string) => string,
    (text: string) => string,
    (text: string) => string,
  ];
  assert.deepEqual(paint(PATCH).split('\n'), [
    bold('diff --git a/tree/manifest.yaml b/tree/manifest.yaml'),
    bold('index 11..22 100644'),
    bold('--- a/tree/manifest.yaml'),
    bold('+++ b/tree/manifest.yaml'),
    cyan('@@ -1,3 +1,3 @@'),
    ' dbk: manifest 1',
    red('--- a removed line'),
    green('+++ an added line'),
    ' mode: 755',
    `${cyan('@@ -9 +9 @@')} more`,
    red('-x'),
    '\\ No newline at end of file',
    green('+y'),
    bold('diff --git a/new b/new'),
    bold('new file mode 100644'),
    '',
  ]);
});

test('a patch is painted alike however it is cut, and without colour stays as it is', () => {
  for (const cut of [1, 2, 7, 64]) assert.equal(paint(PATCH, true, cut), paint(PATCH), String(cut));
  assert.equal(paint(PATCH, false, 5), PATCH);
  assert.equal(
    paint('@@ -1 +1 @@\n-a\n+b'),
    '\x1b[36m@@ -1 +1 @@\x1b[39m\n\x1b[31m-a\x1b[39m\n\x1b[32m+b\x1b[39m',
  );
  assert.equal(paint(''), '');
});

test('nothing in a patch commands the terminal', () => {
  const patch = '@@ -1,2 +1 @@\n-a\x1b[31m\x9b2J\r\n-\tb\u202e\x7f\x00\n+c\udcff\n';
  assert.equal(paint(patch, false), '@@ -1,2 +1 @@\n-a^[[31m<U+009B>2J^M\n-\tb<U+202E>^?^@\n+c<U+DCFF>\n');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(paint(text, false), /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    }),
    { seed: SEED, numRuns: 300 },
  );
});

/** The first colour of each line, as a number; undefined for none. */
function colours(text: string): (string | undefined)[] {
  return text.split('\n').map((line) => /^\x1b\[(\d+)m/.exec(line)?.[1]);
}

test('git colours the same lines alike', (t) => {
  if (spawnSync('git', ['--version']).status !== 0) return t.skip('needs git');
  const folder = mkdtempSync(join(tmpdir(), 'dbk-test-'));
  try {
    const line = fc.constantFrom(
      '-- a',
      '++ b',
      '@@ -1 +1 @@',
      'diff --git a b',
      '',
      'plain',
      '\\ No newline',
    );
    const text = fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
      .map(([all, end]) => all.join('\n') + (end ? '\n' : ''));
    const samples = fc.sample(fc.tuple(text, text), { seed: SEED, numRuns: 40 });
    for (const [before, after] of samples) {
      writeFileSync(join(folder, 'a'), before);
      writeFileSync(join(folder, 'b'), after);
      const git = (colour: string) =>
        spawnSync(
          'git',
          [
            '-c',
            'core.whitespace=-trailing-space,-space-before-tab',
            'diff',
            '--no-index',
            `--color=${colour}`,
            'a',
            'b',
          ],
          {
            cwd: folder,
            encoding: 'utf8',
          },
        ).stdout;
      assert.deepEqual(colours(paint(git('never'))), colours(git('always')), JSON.stringify([before, after]));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
