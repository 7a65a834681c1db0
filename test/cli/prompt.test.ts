import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOutput } from '../../src/cli/output.ts';
import { promptOf } from '../../src/cli/prompt.ts';
import { Interrupted } from '../../src/model/problem.ts';
import { FakeSink, FakeSource } from './fakes.ts';

function promptWith(typed: (string | undefined)[], isTTY = true, signal?: AbortSignal) {
  const stderr = new FakeSink({ isTTY: true });
  const stdin = new FakeSource(isTTY, typed);
  return { stderr, stdin, prompt: promptOf(stdin, openOutput(stderr), signal) };
}

test('only a yes is a yes', async () => {
  const rows: [(string | undefined)[], boolean][] = [
    [['y\n'], true],
    [['Yes \r\n'], true],
    [['y', 'e', 's\n'], true],
    [['n\n'], false],
    [['\n'], false],
    [['yeah\n'], false],
    [[undefined], false],
    [['y', undefined], false],
  ];
  for (const [typed, expected] of rows) {
    const { stderr, stdin, prompt } = promptWith(typed);
    assert.equal(await prompt.confirm('Record 3 deletions?'), expected, JSON.stringify(typed));
    assert.ok(stderr.text.startsWith('Record 3 deletions? [y/N] '));
    assert.equal(stdin.listeners, 0);
  }
});

test('where nobody can be asked nothing is asked, and the answer is no', async () => {
  const { stderr, prompt } = promptWith(['y\n'], false);
  assert.equal(await prompt.confirm('Really?'), false);
  assert.equal(await prompt.ask('Name?'), undefined);
  assert.equal(stderr.text, '');
});

test('what was typed ahead answers the next question', async () => {
  const { stderr, prompt } = promptWith(['Ada\nBé', 'a\nCleo\n']);
  assert.deepEqual(
    [await prompt.ask('A:'), await prompt.ask('B:'), await prompt.ask('C:')],
    ['Ada', 'Béa', 'Cleo'],
  );
  assert.equal(stderr.text, 'A: B: C: ');
});

test('the end of input answers nothing and ends the line', async () => {
  const { stderr, prompt } = promptWith(['half', undefined]);
  assert.equal(await prompt.ask('A:'), undefined);
  assert.equal(stderr.text, 'A: \n');
});

test('an interrupt ends the question', async () => {
  const controller = new AbortController();
  const { stdin, prompt } = promptWith([], true, controller.signal);
  const answer = prompt.ask('A:');
  controller.abort();
  await assert.rejects(answer, Interrupted);
  assert.equal(stdin.listeners, 0);
  await assert.rejects(prompt.ask('B:'), Interrupted);
});
