/** Patches: how they are written, that they go both ways, and what is refused. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import type { TextChange } from '../../src/model/change.ts';
import type { ContentId } from '../../src/model/id.ts';
import { applyStanza, revertStanza } from '../../src/text/patch-apply.ts';
import { PatchError } from '../../src/text/patch-problems.ts';
import { readPatch, readStanzaHeaders, type Stanza } from '../../src/text/patch-read.ts';
import { writeStanza } from '../../src/text/patch-write.ts';

before(() => loadBlake3());

const NONE = '0'.repeat(64);
const [ONE, TWO] = ['1', '2'].map((digit) => digit.repeat(64)) as [ContentId, ContentId];
const IDS = { before: ONE, after: TWO };
const NO_NEWLINE = '\\ No newline at end of file\n';

test('a change of a text is written as git writes it, with ids of dbk', () => {
  const rows: [change: TextChange, expected: string][] = [
    [{ path: 'ignore', before: 'a\n', after: 'a\n' }, ''],
    [{ path: 'ignore', before: undefined, after: undefined }, ''],
    [
      { path: 'tree/manifest.yaml', before: undefined, after: 'a\nb\n' },
      'diff --git a/tree/manifest.yaml b/tree/manifest.yaml\nnew file mode 100644\n' +
        `index ${NONE}..${TWO}\n--- /dev/null\n+++ b/tree/manifest.yaml\n@@ -0,0 +1,2 @@\n+a\n+b\n`,
    ],
    [
      { path: 'ignore', before: undefined, after: '' },
      `diff --git a/ignore b/ignore\nnew file mode 100644\nindex ${NONE}..${TWO}\nindex 0000000..e69de29\n`,
    ],
    [
      { path: 'ignore', before: 'a', after: undefined },
      `diff --git a/ignore b/ignore\ndeleted file mode 100644\nindex ${ONE}..${NONE}\n` +
        `--- a/ignore\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n${NO_NEWLINE}`,
    ],
    [
      { path: 'ignore', before: '', after: undefined },
      `diff --git a/ignore b/ignore\ndeleted file mode 100644\nindex ${ONE}..${NONE}\nindex e69de29..0000000\n`,
    ],
    [
      { path: 'ignore', before: 'a\n', after: '' },
      `diff --git a/ignore b/ignore\nindex ${ONE}..${TWO} 100644\n--- a/ignore\n+++ b/ignore\n@@ -1 +0,0 @@\n-a\n`,
    ],
    [
      { path: 'tree/$two words.metadata', before: 'a\n', after: 'b\n' },
      'diff --git "a/tree/$two words.metadata" "b/tree/$two words.metadata"\n' +
        `index ${ONE}..${TWO} 100644\n--- "a/tree/$two words.metadata"\n+++ "b/tree/$two words.metadata"\n` +
        '@@ -1 +1 @@\n-a\n+b\n',
    ],
    [
      { path: 'tree/é/$.metadata', from: 'tree/%41/$.metadata', before: 'a\n', after: 'a\n' },
      'diff --git a/tree/%41/$.metadata "b/tree/é/$.metadata"\nsimilarity index 100%\n' +
        'rename from tree/%41/$.metadata\nrename to "tree/é/$.metadata"\n',
    ],
    [
      { path: 'b', from: 'a', before: '1234567\nx\n', after: '1234567\né\n' },
      `diff --git a/a b/b\nsimilarity index 72%\nrename from a\nrename to b\nindex ${ONE}..${TWO} 100644\n` +
        '--- a/a\n+++ b/b\n@@ -1,2 +1,2 @@\n 1234567\n-x\n+é\n',
    ],
  ];
  for (const [change, expected] of rows) assert.equal(writeStanza(change, digest, IDS), expected);
  assert.ok(writeStanza({ path: 'a', before: undefined, after: 'x' }, digest).includes(`..${digest('x')}\n`));
});

test('similarity is the share of the bytes that stay, and never more than 99', () => {
  const rows: [before: string, after: string, share: string][] = [
    ['a\n'.repeat(200), 'a\n'.repeat(200) + 'b\n', '99%'],
    ['a\nb\n', 'a\nc\n', '50%'],
    ['', 'a\n', '0%'],
    ['a\n', '', '0%'],
    ['a\r\nb', 'a\r\nc', '75%'],
    ['a\n\u2028\u2028b\nc\nd\n', 'a\n\nc\nd\n', '42%'],
  ];
  for (const [before, after, share] of rows)
    assert.equal(
      /index (\d+%)/.exec(writeStanza({ path: 'b', from: 'a', before, after }, digest))?.[1],
      share,
    );
});

test('any change of a text goes forwards and back', () => {
  const line = fc.oneof(
    fc.constantFrom('', 'a', 'b', '-', '+', ' ', '\\', 'diff --git a/a b/a', '\ufeff', 'é\r'),
    fc.string({ unit: 'grapheme' }),
  );
  const text = fc.option(
    fc.tuple(fc.array(line, { maxLength: 40 }), fc.boolean()).map(([lines, complete]) => {
      return (lines.join('\n') + (complete ? '\n' : '')).replaceAll('\0', '');
    }),
    { nil: undefined },
  );
  fc.assert(
    fc.property(
      text,
      text,
      fc.boolean(),
      fc.integer({ min: 1, max: 300 }),
      (before, after, renames, size) => {
        const from = renames && before !== undefined && after !== undefined ? { from: 'old name' } : {};
        const patch = writeStanza({ path: 'name', before, after, ...from }, digest);
        const [stanza, ...others] = [...readPatch(pieces(patch, size))];
        assert.equal(others.length, 0);
        if (stanza === undefined) return assert.equal(before, after);
        assert.equal(applyStanza(stanza, before, digest), after);
        assert.equal(revertStanza(stanza, after, digest), before);
      },
    ),
    { seed: 5, numRuns: 2000 },
  );
});

test('what is read is what was written', () => {
  const patch = example();
  const stanzas = read(patch);
  const [a, b, c, d] = ['one\n', '', lines(20), lines(20).replace('3\n', '').replace('18\n', 'x\n')].map(
    digest,
  );
  const headers = [
    { kind: 'deleted', path: 'ignore', oldId: a },
    { kind: 'renamed', path: 'tree/b b', from: 'tree/a a' },
    { kind: 'renamed', path: 'tree/c', from: 'tree/z', oldId: a, newId: digest('two\n') },
    { kind: 'changed', path: 'tree/d', oldId: c, newId: d },
    { kind: 'new', path: 'tree/e', newId: b },
    { kind: 'new', path: 'tree/f', newId: a },
  ];
  assert.deepEqual([...readStanzaHeaders(pieces(patch, 7))], headers);
  assert.deepEqual(
    stanzas.map(({ hunks, line, ...header }) => [header, line, hunks.map((hunk) => [hunk.line, hunk.toEnd])]),
    [
      [headers[0], 1, [[6, true]]],
      [headers[1], 8, []],
      [headers[2], 12, [[19, true]]],
      [
        headers[3],
        22,
        [
          [26, false],
          [33, true],
        ],
      ],
      [headers[4], 41, []],
      [headers[5], 45, [[50, true]]],
    ],
  );
  assert.deepEqual(stanzas[3]!.hunks[0], {
    oldStart: 1,
    oldCount: 6,
    newStart: 1,
    newCount: 5,
    text: ' 1\n 2\n-3\n 4\n 5\n 6\n',
    line: 26,
    toEnd: false,
  });
});

test('a patch is read as it comes: a stanza is given before the next but one is asked for', () => {
  const asked: string[] = [];
  const stanzas = ['a', 'b', 'c'].map((path) =>
    writeStanza({ path, before: undefined, after: 'x\n' }, digest),
  );
  const chunks = function* (): Generator<Uint8Array> {
    for (const stanza of stanzas) {
      asked.push('chunk');
      yield bytes(stanza);
    }
  };
  for (const { path } of readPatch(chunks())) asked.push(path);
  assert.deepEqual(asked, ['chunk', 'chunk', 'a', 'chunk', 'b', 'c']);
  assert.deepEqual([...readPatch([])], []);
});

test('a patch that is cut anywhere is refused, or has lost whole stanzas, or does not give its texts', () => {
  const patch = bytes(example());
  const whole = read(example());
  let refused = 0;
  for (let length = 0; length < patch.length; length++) {
    const found = attempt(() => [...readPatch([patch.subarray(0, length)])]);
    const headers = attempt(() => [...readStanzaHeaders([patch.subarray(0, length)])]);
    if (found === undefined) refused++;
    else {
      const last = found.at(-1);
      const cut = last !== undefined && last.hunks.length < whole[found.length - 1]!.hunks.length;
      assert.deepEqual(cut ? found.slice(0, -1) : found, whole.slice(0, found.length - (cut ? 1 : 0)));
      if (cut) assert.throws(() => applyStanza(last, lines(20), digest), PatchError);
      assert.equal(headers?.length, found.length);
    }
  }
  // Six boundaries, the beginning among them, and the one between two hunks.
  assert.equal(refused, patch.length - 7);
});

test('what section 9 does not know is refused, with its line', () => {
  const start = 'diff --git a/x b/x\n';
  const ids = `index ${ONE}..${TWO} 100644\n`;
  const names = '--- a/x\n+++ b/x\n';
  const hunk = '@@ -1 +1 @@\n-a\n+b\n';
  const movedTo = (from: string, to: string): string =>
    `diff --git a/${from} b/${to}\nsimilarity index 100%\nrename from ${from}\nrename to ${to}\n`;
  const moved = movedTo('w', 'x');
  const good = start + ids + names + hunk;
  const made = `new file mode 100644\nindex ${NONE}..${TWO}\n`;
  const gone = `deleted file mode 100644\nindex ${ONE}..${NONE}\n`;
  const body = (text: string): string => start + ids + names + text;
  const rows: [code: string, line: number, patch: string][] = [
    // What other tools write.
    ['patch-header', 1, `From 1234\n${good}`],
    ['patch-header', 1, `\n${good}`],
    ['patch-header', 1, names + hunk],
    ['patch-header', 1, 'Index: x\n'],
    ['patch-header', 2, start + names + hunk],
    ['patch-header', 2, start + 'old mode 100644\nnew mode 100755\n'],
    ['patch-header', 2, start + ids.replace('100644', '100755') + names + hunk],
    ['patch-header', 2, start + ids.replace(' 100644', '') + names + hunk],
    [
      'patch-header',
      2,
      start + made.replace('100644', '120000') + '--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n',
    ],
    ['patch-header', 2, start + gone.replace('100644', '100755') + 'index e69de29..0000000\n'],
    ['patch-header', 2, start + 'dissimilarity index 90%\n' + ids + names + hunk],
    ['patch-header', 3, 'diff --git a/w b/x\nsimilarity index 100%\ncopy from w\ncopy to x\n'],
    ['patch-header', 3, start + ids + 'GIT binary patch\nliteral 0\n'],
    ['patch-header', 3, start + ids + 'Binary files a/x and b/x differ\n'],
    ['patch-header', 2, start + 'index 1111111..2222222 100644\n' + names + hunk],
    ['patch-header', 2, start + ids.replaceAll('1', 'A') + names + hunk],
    ['patch-header', 3, start + ids + '--- a/x\t\n+++ b/x\n' + hunk],
    ['patch-header', 4, start + ids + '--- a/x\n+++ b/y\n' + hunk],
    ['patch-header', 4, start + ids + '--- a/x\n+++ /dev/null\n' + hunk],
    ['patch-header', 3, start + ids + '--- /dev/null\n+++ b/x\n' + hunk],
    ['patch-path', 1, 'diff --git a/x b/x\r\n' + ids + names + hunk],
    ['patch-header', 1, 'diff --git a/x  b/x\n' + ids + names + hunk],
    ['patch-header', 1, 'diff --git x x\n' + ids + names + hunk],
    ['patch-header', 1, 'diff --cc x\n' + ids + names + hunk],
    ['patch-header', 1, 'diff --git "a/x" b/x\n' + ids + names + hunk],
    ['patch-header', 1, 'diff --git a/é b/é\n' + ids + names + hunk],
    ['patch-header', 2, `diff --git a/w b/x\n${ids}--- a/w\n+++ b/x\n${hunk}`],
    ['patch-header', 2, moved.replace('100%', '101%')],
    ['patch-header', 2, moved.replace('100%', '05%')],
    ['patch-header', 2, movedTo('x', 'x')],
    ['patch-header', 3, moved.replace('from w', 'from v')],
    ['patch-header', 4, moved.replace('to x', 'to v')],
    ['patch-header', 5, moved + ids + '--- a/w\n+++ b/x\n' + hunk],
    ['patch-header', 5, moved + hunk],
    ['patch-header', 4, start + made + '@@ -0,0 +1 @@\n+a\n'],
    ['patch-header', 5, start + made + 'index 0000000..e69de29\n@@ -0,0 +1 @@\n+a\n'],
    ['patch-cut', 5, moved.replace('100%', '99%')],
    ['patch-cut', 4, start + made],
    ['patch-cut', 5, start + ids + names],
    // Ids.
    ['patch-id', 2, start + ids.replace(ONE, NONE) + names + hunk],
    ['patch-id', 2, start + ids.replace(TWO, NONE) + names + hunk],
    ['patch-id', 2, start + ids.replace(ONE, TWO) + names + hunk],
    ['patch-id', 3, start + made.replace(NONE, ONE) + 'index 0000000..e69de29\n'],
    ['patch-id', 3, start + made.replace(TWO, NONE) + 'index 0000000..e69de29\n'],
    ['patch-id', 3, start + gone.replace(NONE, TWO) + 'index e69de29..0000000\n'],
    // Hunks.
    ['patch-hunk', 5, body('@@ -1,1 +1 @@\n-a\n+b\n')],
    ['patch-hunk', 5, body('@@ -01 +1 @@\n-a\n+b\n')],
    ['patch-hunk', 5, body('@@ -1 +1 @@ heading\n-a\n+b\n')],
    ['patch-hunk', 5, body('@@ -1 +2 @@\n-a\n+b\n')],
    ['patch-hunk', 5, body('@@ -2 +2 @@\n-a\n+b\n')],
    ['patch-hunk', 5, body('@@ -0 +0 @@\n-a\n+b\n')],
    ['patch-hunk', 5, body('@@ -1 +1 @@\n a\n')],
    ['patch-hunk', 5, body('@@ -0,0 +0,0 @@\n')],
    ['patch-hunk', 5, body(`@@ -1,5 +1,5 @@\n-a\n+b\n${' c\n'.repeat(4)}`)],
    ['patch-hunk', 5, body(`@@ -1,5 +1,5 @@\n${' c\n'.repeat(4)}-a\n+b\n`)],
    ['patch-hunk', 15, body(`@@ -1,9 +1,9 @@\n-a\n+b\n${' c\n'.repeat(7)}-a\n+b\n`)],
    ['patch-hunk', 7, body('@@ -1 +1,2 @@\n+b\n-a\n+b\n')],
    ['patch-hunk', 7, body('@@ -1 +1 @@\n-a\n-b\n+b\n')],
    ['patch-hunk', 8, body('@@ -1 +1 @@\n-a\n+b\n+c\n')],
    ['patch-hunk', 8, body('@@ -1 +1 @@\n-a\n+b\n\n')],
    ['patch-hunk', 6, body('@@ -1,2 +1,2 @@\n\n-a\n+b\n')],
    ['patch-hunk', 6, body('@@ -1 +1 @@\na\n')],
    ['patch-hunk', 7, body('@@ -1 +1 @@\n-a\n\\ Kein Zeilenvorschub\n+b\n')],
    ['patch-hunk', 8, body(`@@ -1,2 +1 @@\n-a\n${NO_NEWLINE}-b\n+b\n`)],
    ['patch-hunk', 8, body(`@@ -1,2 +1,2 @@\n a\n${NO_NEWLINE}-b\n+b\n`)],
    ['patch-hunk', 9, body(`@@ -1 +1,2 @@\n-a\n+b\n${NO_NEWLINE}+c\n`)],
    ['patch-hunk', 6, body(`@@ -1 +1 @@\n${NO_NEWLINE}-a\n+b\n`)],
    ['patch-hunk', 9, body(`@@ -1 +1 @@\n-a\n+b\n${NO_NEWLINE}${NO_NEWLINE}`)],
    ['patch-hunk', 11, body(`@@ -1,4 +1,4 @@\n-a\n+b\n c\n c\n c\n@@ -5,4 +5,4 @@\n c\n c\n c\n-a\n+b\n`)],
    ['patch-hunk', 11, body(`@@ -1,4 +1,4 @@\n-a\n+b\n c\n c\n c\n@@ -3,4 +3,4 @@\n c\n c\n c\n-a\n+b\n`)],
    ['patch-hunk', 11, body(`@@ -1,4 +1,4 @@\n-a\n+b\n c\n c\n c\n@@ -6,4 +7,4 @@\n c\n c\n c\n-a\n+b\n`)],
    ['patch-hunk', 11, body(`@@ -1,4 +1,4 @@\n-a\n+b\n c\n c\n c\n@@ -6,3 +6,3 @@\n c\n c\n-a\n+b\n`)],
    ['patch-hunk', 10, body(`@@ -1,3 +1,3 @@\n-a\n+b\n c\n c\n@@ -6,4 +6,4 @@\n c\n c\n c\n-a\n+b\n`)],
    [
      'patch-hunk',
      12,
      body(`@@ -1,4 +1,4 @@\n-a\n+b\n c\n c\n c\n${NO_NEWLINE}@@ -6,4 +6,4 @@\n c\n c\n c\n-a\n+b\n`),
    ],
    ['patch-hunk', 6, start + made + '--- /dev/null\n+++ b/x\n@@ -1 +1 @@\n-a\n+a\n'],
    ['patch-hunk', 6, start + gone + '--- a/x\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+a\n'],
    ['patch-cut', 7, body('@@ -1,2 +1 @@\n-a\n')],
    ['patch-cut', 8, body('@@ -1 +1,2 @@\n-a\n+b\n')],
    ['patch-cut', 8, body('@@ -1 +1,99999999999 @@\n-a\n+b\n')],
    // Which texts.
    ['patch-twice', 8, good + good],
    ['patch-order', 8, good + good.replaceAll('/x', '/w')],
    [
      'patch-order',
      8,
      good.replaceAll('/x', '/x/y') + good.replaceAll('/x', '/x!').replaceAll(/(a|b)\/x!/g, '"$1/x!"'),
    ],
    ['patch-twice', 8, good.replaceAll('/x', '/w') + moved],
    ['patch-twice', 5, moved + good],
    ['patch-twice', 5, moved + movedTo('w', 'y')],
    ['patch-twice', 5, moved + movedTo('x', 'y')],
    ['patch-twice', 5, moved + movedTo('y', 'w')],
    // Characters.
    ['patch-encoding', 1, good.replace('+b', '+\0')],
    ['patch-cut', 7, good.slice(0, -1)],
    ['patch-cut', 1, 'diff'],
  ];
  for (const [code, line, patch] of rows)
    assert.deepEqual(
      place(() => read(patch)),
      [`text/${code}`, line],
      JSON.stringify(patch),
    );
  for (const broken of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
    const patch = [bytes(body('@@ -1 +1 @@\n-a\n+')), Uint8Array.from([...broken, 10])];
    assert.deepEqual(
      place(() => [...readPatch(patch)]),
      ['text/patch-encoding', 1],
    );
  }
  assert.equal(read(good).length, 1);
});

test('headers alone refuse what headers alone show', () => {
  const good = writeStanza({ path: 'x', before: 'a\n', after: 'b\n' }, digest);
  const rows: [code: string, line: number, patch: string][] = [
    ['patch-twice', 8, good + good],
    ['patch-order', 8, good + good.replaceAll('/x', '/w')],
    ['patch-header', 3, good.replace('--- a/x', 'GIT binary patch')],
    ['patch-header', 5, good.replace('@@', 'rename to y\n@@')],
    ['patch-cut', 5, good.slice(0, good.indexOf('@@'))],
    ['patch-cut', 7, good.slice(0, -1)],
    ['patch-path', 1, good.replaceAll('/x', '/../x')],
  ];
  for (const [code, line, patch] of rows)
    assert.deepEqual(
      place(() => [...readStanzaHeaders([bytes(patch)])]),
      [`text/${code}`, line],
      patch,
    );
});

test('paths that lead out of the index, or that some file system takes amiss, are refused', () => {
  const quoted = (path: string): string => (/^[\w/.$%-]+$/.test(path) ? `a/${path}` : `"a/${path}"`);
  const patch = (path: string): string => {
    const name = quoted(path);
    const now = name.replace('a/', 'b/');
    return `diff --git ${name} ${now}\nindex ${ONE}..${TWO} 100644\n--- ${name}\n+++ ${now}\n@@ -1 +1 @@\n-a\n+b\n`;
  };
  const good = [
    'ignore',
    'tree/$.metadata',
    'tree/%2Egit/manifest.yaml',
    'tree/two words/é/🎵',
    'tree/..x',
    'tree/git~2',
    "it's",
    'tree/.DBK/x',
    '%252E',
  ];
  // prettier-ignore
  const bad = [
    '/etc/passwd', '../x', 'tree/../../x', 'tree/..', '..', '.', './x', 'tree/./x', 'tree//x', 'tree/', '.dbk/head',
    'tree/.dbk/x', '.git/config', 'tree/.GIT/x', 'tree/.git', 'tree/git~1/x', 'tree/GIT~1', 'tree/.gi\u200ct/x', 'tree/x.',
    'tree/x /y', 'tree/a:b', 'c:/x', 'tree\\x', 'tree/a*', 'tree/a?', 'tree/<a>', 'tree/a|b', 'tree/a\tb', 'tree/\x7f',
    'tree/\x85', 'tree/\u2028', 'tree/\u202e', 'tree/\ufeff', 'tree/\uffff', `tree/${'x'.repeat(256)}`, `tree/${'é'.repeat(128)}`,
  ];
  for (const path of good) assert.equal(read(patch(path))[0]!.path, path);
  for (const path of bad)
    assert.deepEqual(
      place(() => read(patch(path))),
      ['text/patch-path', 1],
      path,
    );
  // An escape is a way to say a second name.
  for (const path of ['"a/x\\"y" "b/x\\"y"', '"a/\\056\\056/x" "b/\\056\\056/x"', '"a/x" "b/x"', 'a/ b/'])
    assert.throws(() => read(`diff --git ${path}\nindex ${ONE}..${TWO} 100644\n`), PatchError, path);
  const renamed = 'diff --git a/../x b/x\nsimilarity index 100%\nrename from ../x\nrename to x\n';
  assert.deepEqual(
    place(() => read(renamed)),
    ['text/patch-path', 1],
  );
});

test('a stanza fits one text before, and one after', () => {
  const stanzaOf = (change: TextChange, ids = {}): Stanza => read(writeStanza(change, digest, ids))[0]!;
  const long = lines(20);
  const change = stanzaOf({ path: 'x', before: long, after: long.replace('10\n', 'x\n') });
  const lies = (before: string | undefined, after: string | undefined): Stanza =>
    stanzaOf({ path: 'x', before, after }, { before: digest(long), after: digest('after') });
  const rows: [code: string, line: number, act: () => unknown][] = [
    ['patch-misfit', 1, () => applyStanza(change, undefined, digest)],
    ['patch-misfit', 1, () => revertStanza(change, undefined, digest)],
    ['patch-misfit', 1, () => applyStanza(change, `${long}more\n`, digest)],
    ['patch-misfit', 1, () => revertStanza(change, long, digest)],
    ['patch-misfit', 1, () => applyStanza(stanzaOf({ path: 'x', before: undefined, after: '' }), '', digest)],
    [
      'patch-misfit',
      1,
      () => revertStanza(stanzaOf({ path: 'x', before: '', after: undefined }), '', digest),
    ],
    [
      'patch-misfit',
      1,
      () => applyStanza(stanzaOf({ path: 'y', from: 'x', before: '', after: '' }), undefined, digest),
    ],
    // The ids fit, the lines do not: elsewhere, further on, not to the end, one line feed too many.
    ['patch-misfit', 5, () => applyStanza(lies(long.replace('10\n', 'y\n'), long), long, digest)],
    [
      'patch-misfit',
      5,
      () => applyStanza(lies(`0\n${long}`, `0\n${long.replace('10\n', 'x\n')}`), long, digest),
    ],
    ['patch-misfit', 5, () => applyStanza(lies(long + long, `${long}${long}x\n`), long, digest)],
    ['patch-misfit', 5, () => applyStanza(lies(lines(10), lines(9)), long, digest)],
    ['patch-misfit', 5, () => applyStanza(lies(lines(10), `${lines(10)}x`), long, digest)],
    ['patch-misfit', 5, () => applyStanza(lies(long.slice(0, -1), lines(21)), long, digest)],
    ['patch-misfit', 6, () => applyStanza(lies(lines(19), undefined), long, digest)],
    ['patch-result', 1, () => applyStanza(lies(long, lines(21)), long, digest)],
    ['patch-result', 1, () => applyStanza(lies('', undefined), long, digest)],
    [
      'patch-misfit',
      5,
      () => applyStanza(lies(`${lines(19)}2`, `${lines(19).replace('17', 'x')}2`), long, digest),
    ],
    ['patch-result', 1, () => applyStanza(lies(undefined, 'x'), undefined, digest)],
    [
      'patch-result',
      1,
      () => revertStanza(stanzaOf({ path: 'x', before: 'a', after: 'b' }, { before: ONE }), 'b', digest),
    ],
  ];
  for (const [i, [code, line, act]] of rows.entries())
    assert.deepEqual(place(act), [`text/${code}`, line], `row ${i}`);
});

test('what is said names the text and shows no control characters', () => {
  const said = (act: () => unknown): unknown => {
    try {
      act();
    } catch (error) {
      if (error instanceof PatchError) return error.problem;
    }
    return undefined;
  };
  assert.deepEqual(
    said(() => read('diff --git a/x\x1b[2J b/x\n\n')),
    {
      code: 'text/patch-path',
      severity: 'error',
      place: { path: 'changes.patch', line: 1 },
      reason: "'x\ufffd[2J' cannot be the path of a text",
      hint: 'fetch the commit again; this patch is damaged or was not written by dbk',
    },
  );
  const [stanza] = read(writeStanza({ path: 'tree/x', before: 'a', after: 'b' }, digest));
  assert.deepEqual(
    said(() => applyStanza(stanza!, 'c', digest)),
    {
      code: 'text/patch-misfit',
      severity: 'error',
      place: { path: 'changes.patch', line: 1 },
      reason: `'tree/x' is not the text ${digest('a')}`,
      hint: 'apply it to the texts of the first parent, each in the place it has there',
    },
  );
});

/** One stanza of each kind. */
function example(): string {
  const long = lines(20);
  const changes: TextChange[] = [
    { path: 'ignore', before: 'one\n', after: undefined },
    { path: 'tree/b b', from: 'tree/a a', before: 'é\n', after: 'é\n' },
    { path: 'tree/c', from: 'tree/z', before: 'one\n', after: 'two\n' },
    { path: 'tree/d', before: long, after: long.replace('3\n', '').replace('18\n', 'x\n') },
    { path: 'tree/e', before: undefined, after: '' },
    { path: 'tree/f', before: undefined, after: 'one\n' },
  ];
  return changes.map((change) => writeStanza(change, digest)).join('');
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, i) => `${i + 1}\n`).join('');
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** One buffer for all of them, as one who reads a file has it. */
function* pieces(text: string, size: number): Generator<Uint8Array> {
  const all = bytes(text);
  const piece = Buffer.alloc(size);
  for (let at = 0; at < all.length; at += size) {
    const part = all.subarray(at, at + size);
    piece.fill(0).set(part);
    yield piece.subarray(0, part.length);
  }
}

function read(patch: string): Stanza[] {
  return [...readPatch([bytes(patch)])];
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof PatchError) return undefined;
    throw error;
  }
}

/** Code and line of what an act is refused with. */
function place(act: () => unknown): [code: string, line: number | undefined] | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof PatchError) return [error.problem.code, error.problem.place?.line];
    throw error;
  }
  return undefined;
}
