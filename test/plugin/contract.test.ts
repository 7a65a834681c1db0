import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testPlugin } from '../../src/plugin/suite.ts';
import {
  ANSWERS,
  BEGIN,
  BYTES,
  DATA,
  FINDINGS,
  TWICE,
  VALIDATE,
  brokenBy,
  entityReader,
  merger,
  MERGING,
  mediaId,
  moduleOf,
  reader,
} from './broken.ts';

test('a plugin that keeps the contract passes, with readers and without', async () => {
  const careful = `
    const bytes = await file.bytes.read(0, 100);
    const pages = /pages: (\\d{1,5})\\n/.exec(new TextDecoder().decode(bytes));
    if (!pages || pages[1] < 1) { report({ code: 'books/no-pages', severity: 'note', reason: 'no pages' }); return {}; }
    return { pages: Number(pages[1]) };`;
  const rows: readonly URL[] = [
    moduleOf(''),
    moduleOf(reader(careful)),
    moduleOf(entityReader("return entity.files.size > 0 ? { title: 'A' } : {};")),
    moduleOf(mediaId('return file.bytes.size > 9 ? `length-${file.bytes.size}` : undefined;')),
    moduleOf(merger(MERGING)),
    moduleOf("validate: function* () { yield { code: 'books/odd', severity: 'warning', reason: 'odd' }; }"),
  ];
  for (const module of rows) assert.deepEqual(await brokenBy(module), []);
});

test('each way to break the contract is found, and said', async () => {
  const rows: readonly (readonly [module: URL, broken: string])[] = [
    [moduleOf('api: 2'), `${DATA}: plugin 'books': api is not 1`],
    [
      moduleOf("boundaries: [{ at: '../{title}/' }]"),
      `${DATA}: plugin 'books': boundary 1 is not a path such as`,
    ],
    [
      moduleOf("boundaries: [{ at: '{a}/' }, { at: '{a}/{b}/' }]"),
      `${BEGIN}: boundary 2: nothing begins at 'Books/a/a'`,
    ],
    [moduleOf(reader("throw new Error('no')")), `${BYTES}: readers 1, a.epub: empty: throws Error: no`],
    [
      moduleOf(
        reader(
          'const { buffer } = await file.bytes.read(0, 4); return { pages: 1 + new DataView(buffer).getUint8(0) };',
        ),
      ),
      `${TWICE}: readers 1, a.epub: empty: another answer the second time`,
    ],
    [
      moduleOf(
        reader(
          'const b = await file.bytes.read(0, 4); return { pages: 1 + new DataView(b.buffer, b.byteOffset, b.length).getUint32(0) };',
        ),
      ),
      `${BYTES}: readers 1, a.epub: empty: throws RangeError`,
    ],
    [
      moduleOf(reader('await file.bytes.read(0, file.bytes.size); return {};')),
      `${BYTES}: readers 1, a.epub: with zeros behind it: reads 1099511627796 bytes at once`,
    ],
    [
      moduleOf(
        reader(
          'try { for (let at = 0; at < file.bytes.size; at += 1e6) await file.bytes.read(at, 1e6); } catch {} return {};',
        ),
      ),
      `${BYTES}: readers 1, a.epub: with zeros behind it: reads more than 268435456 bytes`,
    ],
    [
      moduleOf(reader('await file.bytes.read(-1, 1); return {};')),
      `${BYTES}: readers 1, a.epub: empty: reads at -1`,
    ],
    [
      moduleOf(reader('return { pages: 0 };')),
      `${ANSWERS}: readers 1, a.epub: empty: 'pages' is less than 1`,
    ],
    [
      moduleOf(reader('return { pages: NaN };')),
      `${ANSWERS}: readers 1, a.epub: empty: 'pages' is not a whole number`,
    ],
    [
      moduleOf(reader("return { pages: '12' };")),
      `${ANSWERS}: readers 1, a.epub: empty: 'pages' is not a whole number`,
    ],
    [moduleOf(reader('return { words: [] };')), `${ANSWERS}: readers 1, a.epub: empty: 'words' is empty`],
    [
      moduleOf(reader("return { words: ['a', 'a'] };")),
      `${ANSWERS}: readers 1, a.epub: empty: 'words' has a member twice`,
    ],
    [
      moduleOf(reader("return { words: ['a\\u0000'] };")),
      `${ANSWERS}: readers 1, a.epub: empty: 'words' has characters that no text holds`,
    ],
    [
      moduleOf(reader("return { title: 'A' };")),
      `${ANSWERS}: readers 1, a.epub: empty: 'title' is no field of files`,
    ],
    [
      moduleOf(entityReader('return { pages: 1 };')),
      `${ANSWERS}: entityReaders 1, no files: 'pages' is no field of entities`,
    ],
    [
      moduleOf(reader('return () => 1;')),
      `${BYTES}: readers 1, a.epub: empty: answers what is no plain value`,
    ],
    [moduleOf(reader('return null;')), `${ANSWERS}: readers 1, a.epub: empty: answers no fields`],
    [
      moduleOf(reader('return { pages: 1 + Math.floor(Math.random() * 1e9) };')),
      `${TWICE}: readers 1, a.epub: empty: another answer the second time`,
    ],
    [
      moduleOf(reader('return { pages: ++calls };'), 'let calls = 0;'),
      `${TWICE}: readers 1, a.epub: empty: another answer the second time`,
    ],
    [
      moduleOf(reader('return { words: [file.path] };')),
      `${TWICE}: readers 1, renamed, Ünï 東京.epub: as it is, renamed: another answer under another name`,
    ],
    [
      moduleOf(reader("report({ code: 'music/bad', severity: 'note', reason: 'bad' }); return {};")),
      `${FINDINGS}: readers 1, a.epub: empty: the code 'music/bad' is not 'books/…'`,
    ],
    [
      moduleOf(reader("report({ code: 'books/bad', severity: 'fatal', reason: 'bad' }); return {};")),
      `${FINDINGS}: readers 1, a.epub: empty: 'books/bad' has no severity`,
    ],
    [
      moduleOf(reader("report({ code: 'books/bad', severity: 'note', reason: 'Bad.' }); return {};")),
      `${FINDINGS}: readers 1, a.epub: empty: 'books/bad' has no reason`,
    ],
    [moduleOf(merger("throw new Error('no')")), `${BYTES}: mergers 1, all empty: throws Error: no`],
    [moduleOf(merger("return 'a';")), `${ANSWERS}: mergers 1, all empty: answers what is no content`],
    [
      moduleOf(merger('return ours.read(0, 100);')),
      `${ANSWERS}: mergers 1, theirs empty: answers something else than what one side changed`,
    ],
    [
      moduleOf(merger('return undefined;')),
      `${ANSWERS}: mergers 1, all 'a.epub': does not take what one side changed`,
    ],
    [
      moduleOf(
        merger('return base?.size === 7 && ours.size === 7 ? new Uint8Array(2 ** 24 + 1) : undefined;'),
      ),
      `${ANSWERS}: mergers 1, all 7 zeros: answers more than 16777216 bytes`,
    ],
    [
      moduleOf(merger(`${MERGING} `.replace('> 1e6', '> 1e99'))),
      `${BYTES}: mergers 1, 'a.epub' with zeros behind it: reads 1099511627796 bytes at once`,
    ],
    [
      moduleOf(
        merger(`calls++; ${MERGING.replace(': undefined', ': new Uint8Array(calls)')}`),
        'let calls = 0;',
      ),
      `${TWICE}: mergers 1, 1 zeros and nothing, no base: another answer the second time`,
    ],
    [moduleOf(mediaId("return 'a b';")), `${ANSWERS}: mediaIds 1, a.epub: empty: answers what is no id`],
    [
      moduleOf(mediaId("return 'a';", 'similarity: (a, b) => a.length / 100')),
      `${VALIDATE}: similarity of 'epub-text' is not symmetric`,
    ],
    [
      moduleOf("validate: ({ fields }) => fields.title.split('').map(() => 1)"),
      `${VALIDATE}: validate throws TypeError`,
    ],
    [
      moduleOf("validate: () => [{ code: 'odd', severity: 'note', reason: 'odd' }]"),
      `${VALIDATE}: validate: the code 'odd' is not 'books/…'`,
    ],
  ];
  for (const [module, broken] of rows) {
    const found = await brokenBy(module);
    assert.ok(
      found.some((fault) => fault.startsWith(broken)),
      `${broken}\nnot in\n${found.join('\n')}`,
    );
  }
});

test('each promise becomes a test', async () => {
  const names: string[] = [];
  const broken: string[] = [];
  const runs: Promise<void>[] = [];
  const register = (name: string, run: () => Promise<void>): void => {
    names.push(name);
    runs.push(run().catch(() => void broken.push(name)));
  };
  await testPlugin(register, moduleOf(reader("throw new Error('no')")));
  await Promise.all(runs);
  assert.deepEqual(names, [
    DATA,
    BEGIN,
    'its boundaries are total and stable',
    BYTES,
    ANSWERS,
    TWICE,
    FINDINGS,
    VALIDATE,
  ]);
  assert.deepEqual(broken, [BYTES]);
});
