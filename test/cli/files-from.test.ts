import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathsInList } from '../../src/cli/files-from.ts';

test('a list names one path a line, or one before each NUL', () => {
  const rows: [string, boolean, string[]][] = [
    ['', false, []],
    ['a\nb\n', false, ['a', 'b']],
    ['a\n\nb', false, ['a', 'b']],
    ['a\r\n', false, ['a\r']],
    [' a \n-b', false, [' a ', '-b']],
    ['a\nb\0c\0', true, ['a\nb', 'c']],
    ['\0\0a', true, ['a']],
    ['\xff\n\xc3\xa4', false, ['\udcff', 'ä']],
  ];
  for (const [list, nul, expected] of rows) {
    assert.deepEqual(pathsInList(Buffer.from(list, 'latin1'), nul), expected, JSON.stringify(list));
  }
});
