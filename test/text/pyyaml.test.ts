import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { block, line } from '../../src/model/value.ts';
import { readLines } from '../../src/text/yaml-read.ts';
import { writeText } from '../../src/text/yaml-write.ts';
import { FORMATS } from './all-formats.ts';
import { entriesOf, SEED, someValue } from './arbitrary.ts';
import { everyText, NASTY_BLOCKS, NASTY_TEXTS } from './nasty.ts';
import { plainText, type Plain } from './plainly.ts';

const PYTHON = '/usr/bin/python3';

/** Reads a JSON list of texts, gives the values in the shape of plainly.ts. */
const SCRIPT = `
import json, sys, yaml
def plain(value):
    if type(value) is str: return ['t', value]
    if type(value) is int: return ['n', value]
    if type(value) is list: return ['l', [plain(one) for one in value]]
    if type(value) is dict: return ['m', [[plain(key), plain(one)] for key, one in value.items()]]
    return ['?', type(value).__name__ + ' ' + repr(value)]
def read(text):
    try: return plain(yaml.safe_load(text))
    except Exception as error: return ['?', str(error)]
json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
`;

interface Case {
  readonly kind: string;
  readonly text: string;
}

function casesOfTexts(): Case[] {
  const nasty = [...NASTY_TEXTS, ...NASTY_BLOCKS].map((text) =>
    writeText('test', [
      ['value', text],
      ['list', [text, line([[text, text]]), [text]]],
      ['below', block([[text, text]])],
    ]),
  );
  const short = [
    ...everyText('01eExXoObB._+- :', 3),
    ...everyText('yYnNoOeE~=.01', 2),
    ...everyText('0b1e._+', 4),
  ];
  const blanks = everyText('a \n\t', 4);
  return [
    ...nasty,
    writeText('test', [['all', short]]),
    writeText(
      'test',
      blanks.map((text, i) => [`k${i}`, text]),
    ),
    writeText('test', [['all', blanks]]),
  ].map((text) => ({ kind: 'test', text }));
}

function casesOfValues(): Case[] {
  const values = fc.sample(entriesOf(someValue), { seed: SEED, numRuns: 150 });
  return values.map((entries) => ({ kind: 'test', text: writeText('test', entries) }));
}

function casesOfFormats(): Case[] {
  return FORMATS.flatMap(({ kind, some, write }) =>
    fc.sample(some, { seed: SEED, numRuns: 15 }).map((value) => ({ kind, text: write(value) })),
  );
}

test('PyYAML reads every canonical text as the line reader does, types included', (t) => {
  if (spawnSync(PYTHON, ['-c', 'import yaml'], { timeout: 20_000 }).status !== 0)
    return t.skip('needs PyYAML');
  const cases = [...casesOfTexts(), ...casesOfValues(), ...casesOfFormats()];
  const input = JSON.stringify(cases.map(({ text }) => text));
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-c', SCRIPT], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PYTHONIOENCODING: 'utf-8', PYTHONUTF8: '1' },
  });
  assert.equal(status, 0, stderr);
  const found = JSON.parse(stdout) as Plain[];
  cases.forEach(({ kind, text }, i) => {
    assert.deepEqual(found[i], plainText(kind, readLines(text, kind).root.map), text);
  });
});
