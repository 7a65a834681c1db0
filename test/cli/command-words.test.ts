import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandWords } from '../../src/cli/command-words.ts';

test('a line is taken apart as a shell does it', () => {
  const rows: [line: string, expected: string[] | undefined][] = [
    ['', []],
    ['  \t\n ', []],
    ['meld', ['meld']],
    ['  vim   -d ', ['vim', '-d']],
    [`'a b' "c d"`, ['a b', 'c d']],
    [`a'b c'd"e f"g`, ['ab cde fg']],
    [`'' ""`, ['', '']],
    [`'a\\b' "a\\b" "a\\\\b" "a\\"b"`, ['a\\b', 'a\\b', 'a\\b', 'a"b']],
    ['a\\ b \\\\ \\"', ['a b', '\\', '"']],
    ['"line\nfeed"', ['line\nfeed']],
    ['$HOME;`ls`|*', ['$HOME;`ls`|*']],
    [`'open`, undefined],
    [`"open`, undefined],
    [`"open\\"`, undefined],
    ['end\\', undefined],
    [`a 'b' "c`, undefined],
  ];
  for (const [line, expected] of rows) assert.deepEqual(commandWords(line), expected, line);
});
