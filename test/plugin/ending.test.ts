import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contractOfModule } from '../../src/plugin/suite.ts';
import {
  BYTES,
  DATA,
  SAMPLES,
  VALIDATE,
  brokenAmong,
  brokenBy,
  entityReader,
  mediaId,
  moduleOf,
  reader,
} from './broken.ts';

test('code that does not end, or takes all memory, is ended', async () => {
  const rows: readonly (readonly [module: URL, broken: string])[] = [
    [moduleOf(reader('for (;;);')), `${BYTES}: readers 1, a.epub: empty: takes longer than 300 ms`],
    [
      moduleOf(reader('for (;;) await file.bytes.read(0, 1);')),
      `${BYTES}: readers 1, a.epub: empty: takes longer than 300 ms`,
    ],
    [moduleOf(reader('await new Promise(() => {});')), `${BYTES}: readers 1, a.epub: empty: ends its thread`],
    [
      moduleOf(reader('const all = []; for (;;) all.push({}, [all.length]);')),
      `${BYTES}: readers 1, a.epub: empty: ends its thread: Worker terminated due to reaching memory limit`,
    ],
    [
      moduleOf(reader('globalThis.kept = new Uint8Array(4.5e7); return {};')),
      `${BYTES}: readers 1, a.epub: empty: takes 4`,
    ],
    [
      moduleOf(
        reader(
          'setTimeout(() => { throw new Error(); }); await new Promise((done) => setTimeout(done, 50)); return {};',
        ),
      ),
      `${BYTES}: readers 1, a.epub: empty: ends its thread`,
    ],
  ];
  for (const [module, broken] of rows) {
    const found = await brokenBy(module, broken.includes('300') ? 300 : 10_000);
    assert.ok(
      found.some((fault) => fault.startsWith(broken)),
      `${broken}\nnot in\n${found.join('\n')}`,
    );
  }
});

test('modules that do not load, and judging that does not end, are found and ended', async () => {
  const LOADS = 'its module loads';
  const text = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const rows: readonly (readonly [module: URL, broken: string, milliseconds?: number])[] = [
    [text('for (;;);'), `${LOADS}: takes longer than 300 ms`, 300],
    [text('await new Promise(() => {});'), `${LOADS}: ends its thread`],
    [text("throw new Error('no');"), `${LOADS}: ends its thread: no`],
    [text('process.exit(0);'), `${LOADS}: ends its thread`],
    [text('export default {'), `${LOADS}: ends its thread: Unexpected`],
    [text("import 'no-such-package';"), `${LOADS}: ends its thread`],
    [
      text('const all = []; for (;;) all.push({}, [all.length]);'),
      `${LOADS}: ends its thread: Worker terminated`,
    ],
    [text(''), `${DATA}: plugin '?': its module exports no plugin as its default`],
    [text('export default () => 1;'), `${DATA}: plugin '?': its module exports no plugin as its default`],
    [text('export default { get api() { return 1; }, get name() { throw 1; } };'), `${LOADS}: throws 1`],
    [moduleOf('validate: () => { for (;;); }'), `${VALIDATE}: takes longer than 300 ms`, 300],
    [moduleOf('validate: function* () { for (;;) yield {}; }'), `${VALIDATE}: `, 1000],
    [moduleOf('validate: () => process.exit()'), `${VALIDATE}: ends its thread`],
    [
      moduleOf(mediaId("return 'a';", 'similarity: () => { for (;;); }')),
      `${VALIDATE}: takes longer than 300 ms`,
      300,
    ],
    // A regular expression that tries every way to cut a row of letters.
    [
      moduleOf(
        reader(
          "const b = await file.bytes.read(0, 99999); /^(a+)+$/.test(new TextDecoder('latin1').decode(b) + '!'); return {};",
        ),
      ),
      `${BYTES}: readers 1, a.epub: 100 bytes of text: takes longer than 300 ms`,
      300,
    ],
    // Each file is compared with each other one.
    [
      moduleOf(
        entityReader(
          'for (const a of entity.files.keys()) for (const b of entity.files.keys()) if (a + b + a === b) throw a; return {};',
        ),
      ),
      `${BYTES}: entityReaders 1, many files: takes longer than 300 ms`,
      300,
    ],
  ];
  for (const [module, broken, milliseconds = 10_000] of rows) {
    const checks = await contractOfModule(module, { samples: SAMPLES, milliseconds, megabytes: 32 });
    const found = await brokenAmong(checks);
    assert.ok(
      found.some((fault) => fault.startsWith(broken)),
      `${broken}\nnot in\n${found.join('\n')}`,
    );
  }
});
