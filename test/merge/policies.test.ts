import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { mergePolicies } from '../../src/merge/policies.ts';
import type { MergedText, Text } from '../../src/merge/texts.ts';
import { DEFAULT_POLICY_TEXT, parsePolicy, writePolicy } from '../../src/text/policy.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { SEED } from '../text/arbitrary.ts';
import { digest, MEANS, swapped, swapSides } from './means.ts';

const PYTHON = '/usr/bin/python3';

function merge(base: Text, ours: Text, theirs: Text): MergedText {
  const merged = mergePolicies({ base, ours, theirs }, MEANS);
  assert.deepEqual(mergePolicies(swapped({ base, ours, theirs }), swapSides(MEANS)), merged);
  return merged;
}

function policy(...lines: readonly string[]): string {
  return ['dbk: policy 1', ...lines, ''].join('\n');
}

/** What a policy says, less what a new one says. */
function said(text: Text): string[] {
  const fresh = new Set(writePolicy(parsePolicy(DEFAULT_POLICY_TEXT)).split('\n'));
  const lines = writePolicy(parsePolicy(text!, readPeople)).split('\n');
  return lines.filter((line) => !fresh.has(line)).map((line) => line.trim());
}

test('each key merges by itself', () => {
  const rows: readonly (readonly [
    base: readonly string[] | undefined,
    ours: readonly string[],
    theirs: readonly string[],
    expected: readonly string[],
    conflicts: readonly string[],
  ])[] = [
    [['folders:', '  M: music'], ['folders:', '  M: music', '  P: pictures'], ['folders:', '  Film: movies', '  M: music'], ['folders:', 'Film: movies', 'M: music', 'P: pictures'], []],
    [['folders:', '  M: music'], ['folders:', '  M: songs'], ['folders: {}'], ['folders:', 'M: songs'], []],
    [['folders:', '  M: music'], ['folders: {}'], ['folders:', '  M/: music', 'copies: 2'], ['copies: 2'], []],
    [['folders:', '  M: music'], ['folders:', '  M: songs'], ['folders:', '  M: sound'], ['folders:', 'M: songs'], ['folders']],
    [['record: [owner]'], ['record: [owner, acl]'], ['record: [group]'], ['record:', '- group', '- acl'], []],
    [['copies: 1'], ['copies: 3'], ['copies: 2'], ['copies: 3'], []],
    [['copies: 4'], ['copies: 3'], ['copies: 4', 'record: [acl]'], ['record:', '- acl', 'copies: 3'], []],
    [undefined, ['copies: 2'], ['record: [acl]'], ['record:', '- acl', 'copies: 2'], []],
    [['groups:', '  home: [a, b]'], ['groups:', '  home: [a, b, c]'], ['groups:', '  home: [b, d]', '  work: [f]'], ['groups:', 'home:', '- b', '- c', '- d', 'work:', '- f'], []],
    [['groups:', '  home: [a]'], ['groups: {}'], ['groups:', '  home: [a]', '  work: [f]'], ['groups:', 'work:', '- f'], []],
    [['groups:', '  home: [a]'], ['groups: {}'], ['groups:', '  home: [a, b]'], ['groups:', 'home:', '- b'], []],
    [['zz: 1'], ['zz: 3'], ['zz: 2'], ['zz: 2'], ['zz']],
    [['zz: 1'], ['yy: 3'], ['zz: 1', 'xx: 1'], ['xx: 1', 'yy: 3'], []],
  ]; // prettier-ignore
  for (const [base, ours, theirs, expected, conflicts] of rows) {
    const [a, b] = [policy(...ours), policy(...theirs)];
    const merged = merge(base && policy(...base), a, b);
    assert.deepEqual(said(merged.text), expected);
    assert.deepEqual(merged.conflicts, conflicts.map((field) => ({ field })));
    assert.equal(merged.kept, conflicts.length === 0 ? undefined : digest(a) < digest(b) ? b : a);
  }
}); // prettier-ignore

test('comments stay where they are', () => {
  const ours = DEFAULT_POLICY_TEXT.replace('folders: {}', 'folders:\n  Music: music # mine');
  const theirs = DEFAULT_POLICY_TEXT.replace('copies: 1', 'copies: 3 # enough');
  const both = ours.replace('copies: 1', 'copies: 3 # enough');
  assert.deepEqual(merge(DEFAULT_POLICY_TEXT, ours, theirs), { text: both, conflicts: [] });
  // Where lines do not do, only the key is written.
  const three = DEFAULT_POLICY_TEXT.replace('copies: 1', 'copies: 3');
  const two = DEFAULT_POLICY_TEXT.replace('copies: 1', 'copies: 2').replace('record: []', 'record: [acl]');
  assert.deepEqual(merge(DEFAULT_POLICY_TEXT, three, two), {
    text: two.replace('copies: 2', 'copies: 3'),
    conflicts: [],
  });
  // However a person laid it out.
  const strange = '# by hand\n"dbk": "policy 1"\ncopies:   5\nrecord:\n   - acl\n';
  assert.deepEqual(said(merge(DEFAULT_POLICY_TEXT, three, strange).text), ['record:', '- acl', 'copies: 5']);
});

test('what was removed gives way to an edit, and what cannot be read is kept', () => {
  const [a, b] = [policy('copies: 2'), policy('copies: 3')];
  assert.deepEqual(merge(a, undefined, b), { text: b, conflicts: [] });
  assert.deepEqual(merge(a, undefined, a), { text: undefined, conflicts: [] });
  const wrong = policy('copies: many');
  const [lower, higher] = digest(wrong) < digest(b) ? [wrong, b] : [b, wrong];
  assert.deepEqual(merge(a, wrong, b), { text: lower, conflicts: [{ field: '' }], kept: higher });
});

const somePolicy = fc
  .record({
    folders: fc.dictionary(fc.constantFrom('M', 'P', 'A/B'), fc.constantFrom('music', 'pictures')),
    record: fc.subarray(['owner', 'group', 'acl', 'xattrs'] as const),
    copies: fc.nat(3),
    groups: fc.dictionary(fc.constantFrom('home', 'work'), fc.subarray(['a', 'b', 'c'])),
    comments: fc.subarray([0, 1, 2, 3]),
  })
  .map(({ folders, record, copies, groups, comments }) => {
    const entries = (map: Readonly<Record<string, unknown>>): string =>
      Object.keys(map).length === 0
        ? ' {}'
        : Object.entries(map)
            .map(
              ([key, value]) =>
                `\n  ${key}: ${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`,
            )
            .join('');
    const lines = [
      `folders:${entries(folders)}`,
      `record: [${record.join(', ')}]`,
      `copies: ${copies}`,
      `groups:${entries(groups)}`,
    ];
    return policy(...lines.map((line, i) => (comments.includes(i) ? `# comment ${i}\n${line}` : line)));
  });

test('swapped sides agree, an unchanged side gives way, and what is merged says what keys say', () => {
  fc.assert(
    fc.property(fc.option(somePolicy, { nil: undefined }), somePolicy, somePolicy, (base, ours, theirs) => {
      const merged = merge(base, ours, theirs).text!;
      assert.deepEqual(merge(ours, merged, ours).text, merged);
      assert.deepEqual(merge(ours, ours, merged).text, merged);
      assert.deepEqual(merge(base, ours, ours).text, ours);
      const [was, a, b, is] = [base ?? policy(), ours, theirs, merged].map((text) => parsePolicy(text));
      const changed = [a!.copies, b!.copies].filter((copies) => copies !== was!.copies);
      assert.equal(is!.copies, changed.length === 0 ? was!.copies : Math.max(...changed));
      for (const attribute of ['owner', 'group', 'acl', 'xattrs'] as const) {
        const [x, y, z] = [was, a, b].map((one) => one!.record.has(attribute));
        assert.equal(is!.record.has(attribute), (y && z) || ((y || z) && !x));
      }
    }),
    { seed: SEED, numRuns: 300 },
  );
});

test('PyYAML reads what is merged as the values that the policy has', (t) => {
  if (spawnSync(PYTHON, ['-c', 'import yaml'], { timeout: 20_000 }).status !== 0)
    return t.skip('needs PyYAML');
  const texts = fc
    .sample(fc.tuple(fc.option(somePolicy, { nil: undefined }), somePolicy, somePolicy), {
      seed: SEED,
      numRuns: 200,
    })
    .map(([base, ours, theirs]) => merge(base, ours, theirs).text!);
  const script =
    'import json, sys, yaml; json.dump([yaml.safe_load(text) for text in json.load(sys.stdin)], sys.stdout)';
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-c', script], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    env: { PYTHONIOENCODING: 'utf-8', PYTHONUTF8: '1' },
  });
  assert.equal(status, 0, stderr);
  const expected = texts.map((text) => {
    const { folders, record, copies, groups } = parsePolicy(text);
    return {
      dbk: 'policy 1',
      folders: Object.fromEntries(folders),
      record: [...record],
      copies,
      groups: Object.fromEntries(groups),
    };
  });
  assert.deepEqual(JSON.parse(stdout), expected);
});
