import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { changeLine, commitLine, entryLine, lineOf, problemLine, summaryLine } from '../../src/cli/json.ts';
import type { Commit } from '../../src/model/commit.ts';
import type { CommitId, ContentId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { FileEntry } from '../../src/model/manifest.ts';
import { nameOfBytes } from '../../src/model/name.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { line, type Value } from '../../src/model/value.ts';

const PYTHON = '/usr/bin/python3';
const at = (path: string) => path as RepositoryPath;
const MTIME = '2020-01-01T00:00:00Z' as Instant;
const file: FileEntry = {
  kind: 'file',
  size: 5,
  mode: 0o644,
  mtime: MTIME,
  blake3: '4b'.repeat(32) as ContentId,
};

test('a change', () => {
  const rows: [string, string][] = [
    [
      changeLine({ kind: 'added', path: at('a/b'), what: 'file', after: file }),
      '{"type":"change","kind":"added","what":"file","path":"a/b","size":5}',
    ],
    [
      changeLine({
        kind: 'moved',
        path: at('a\udcff'),
        from: at('\udcfe'),
        by: 'inode',
        what: 'directory',
        files: 2,
        bytes: 9,
      }),
      '{"type":"change","kind":"moved","what":"directory","path":"a\ufffd","pathBytes":"Yf8=","from":"\ufffd","fromBytes":"/g==","by":"inode","files":2,"size":9}',
    ],
    [
      changeLine({ kind: 'missing', path: at('big'), what: 'file', before: { ...file, size: 2 ** 53 } }),
      '{"type":"change","kind":"missing","what":"file","path":"big","size":"9007199254740992"}',
    ],
    [
      changeLine({ kind: 'unreadable', path: at('\x1b\x9b"\\\u202e\ufffd'), what: 'directory' }),
      '{"type":"change","kind":"unreadable","what":"directory","path":"\\u001b\\u009b\\"\\\\\\u202e\ufffd"}',
    ],
    [
      changeLine({ kind: 'added', path: at(''), what: 'link', after: { kind: 'link', target: 'x' } }),
      '{"type":"change","kind":"added","what":"link","path":""}',
    ],
  ];
  for (const [actual, expected] of rows) assert.equal(actual, expected);
});

test('a problem', () => {
  assert.equal(
    problemLine({
      code: 'scan/unreadable',
      severity: 'error',
      place: { path: 'a\udcff', line: 3 },
      reason: `cannot read 'a\udcff': permission denied`,
      hint: 'ask the owner',
    }),
    `{"type":"problem","code":"scan/unreadable","severity":"error","path":"a\ufffd","pathBytes":"Yf8=","line":3,"reason":"cannot read 'a\ufffd': permission denied","hint":"ask the owner"}`,
  );
  assert.equal(
    problemLine({ code: 'cli/x', severity: 'note', reason: 'r' }),
    '{"type":"problem","code":"cli/x","severity":"note","reason":"r"}',
  );
});

test('a commit', () => {
  const commit: Commit = {
    parents: ['a'.repeat(64) as CommitId],
    index: 'b'.repeat(64) as ContentId,
    changes: 'c'.repeat(64) as ContentId,
    author: 'Ada',
    repository: 'laptop',
    date: '2026-11-22T19:20:11+01:00',
    moved: [],
    forgotten: [],
    summary: { added: 1, changed: 0, moved: 0, removed: 0, metadata: 0, more: new Map([['later', 1]]) },
    message: 'One\n\ntwo\n',
  };
  assert.equal(
    commitLine('d'.repeat(64) as CommitId, commit),
    `{"type":"commit","id":"${'d'.repeat(64)}","parents":["${'a'.repeat(64)}"],"date":"2026-11-22T19:20:11+01:00","author":"Ada","repository":"laptop","message":"One\\n\\ntwo\\n","summary":{"added":1,"changed":0,"moved":0,"removed":0,"metadata":0}}`,
  );
});

test('an entry', () => {
  const more = new Map<string, Value>([
    ['flac', '9c1d'],
    ['__proto__', line([['n', 7]])],
    ['list', ['a', 1]],
  ]);
  const rows: [string, string][] = [
    [
      entryLine('d', { kind: 'directory', mode: 0o2755 }, true),
      '{"type":"directory","path":"d","mode":"2755","here":true}',
    ],
    [
      entryLine('l', { kind: 'link', target: '\udcff' }, true),
      '{"type":"link","path":"l","target":"\ufffd","targetBytes":"/w==","here":true}',
    ],
    [
      entryLine('f', { ...file, more, entity: { id: '01jdb3k2x9q4n8v7', type: 'music' } }, false),
      `{"type":"file","path":"f","size":5,"mode":"644","blake3":"${'4b'.repeat(32)}","ids":{"flac":"9c1d","__proto__":{"n":7},"list":["a",1]},"entity":{"id":"01jdb3k2x9q4n8v7","type":"music"},"here":false}`,
    ],
  ];
  for (const [actual, expected] of rows) assert.equal(actual, expected);
});

test('a summary, with numbers that no program rounds', () => {
  assert.equal(
    summaryLine({
      files: 3,
      bytes: 2n ** 64n,
      small: 7n,
      safe: 2 ** 53 - 1,
      unsafe: 2 ** 53 + 2,
      head: undefined,
      ok: true,
    }),
    '{"type":"summary","files":3,"bytes":"18446744073709551616","small":7,"safe":9007199254740991,"unsafe":"9007199254740994","ok":true}',
  );
});

test('another program reads the same texts and finds the bytes of every name', (t) => {
  if (!existsSync(PYTHON)) return t.skip('needs python3');
  const names = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 12 }), { seed: 20261122, numRuns: 500 });
  names.push(
    ...['\x7f', '\u2028\u202e', '\ufeff', '😀', '\ud7ff\ue000\uffff'].map((text) =>
      new TextEncoder().encode(text),
    ),
  );
  const input = names.map(
    (bytes) =>
      `${lineOf('x', {})}\n${changeLine({ kind: 'added', path: at(nameOfBytes(bytes)), what: 'file' })}\n`,
  );
  const script = `import sys, json, base64
for line in sys.stdin.buffer.read().decode('utf-8', 'strict').splitlines():
    value = json.loads(line)
    if value['type'] == 'change':
        raw = base64.b64decode(value['pathBytes']) if 'pathBytes' in value else value['path'].encode('utf-8', 'strict')
        print(raw.hex(), value['path'] == raw.decode('utf-8', 'replace'))`;
  const result = spawnSync(PYTHON, ['-c', script], { input: input.join(''), encoding: 'utf8' });
  assert.equal(result.stderr, '');
  const expected = names.map((bytes) => `${Buffer.from(bytes).toString('hex')} True`);
  assert.deepEqual(result.stdout.trim().split('\n'), expected);
});
