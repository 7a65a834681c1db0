import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../src/model/problem.ts';
import { parseSshAddress, wordsFor } from '../../src/sync/address.ts';

const GOOD: readonly (readonly [text: string, words: readonly string[]])[] = [
  ['ssh://nas/srv/data', ['ssh', '-T', '--', 'nas', 'dbk serve --stdio /srv/data']],
  ['ssh://ada@nas:2222/srv', ['ssh', '-T', '-p', '2222', '--', 'ada@nas', 'dbk serve --stdio /srv']],
  ['ssh://nas/~/Data', ['ssh', '-T', '--', 'nas', 'dbk serve --stdio Data']],
  ['ssh://nas/~/', ['ssh', '-T', '--', 'nas', 'dbk serve --stdio .']],
  ['ssh://nas/', ['ssh', '-T', '--', 'nas', 'dbk serve --stdio /']],
  ['ssh://[fe80::1%eth0]:22/a', ['ssh', '-T', '-p', '22', '--', 'fe80::1%eth0', 'dbk serve --stdio /a']],
  ['ssh://a@b@nas/a', ['ssh', '-T', '--', 'a@b@nas', 'dbk serve --stdio /a']],
  ["ssh://nas/a b'c!", ['ssh', '-T', '--', 'nas', String.raw`dbk serve --stdio '/a b'\''c'\!''`]],
  ['ssh://nas/a%20b%25', ['ssh', '-T', '--', 'nas', "dbk serve --stdio '/a b%'"]],
  ['ssh://nas/$(id);`x`', ['ssh', '-T', '--', 'nas', "dbk serve --stdio '/$(id);`x`'"]],
];

const BAD: readonly string[] = [
  'nas:/data',
  'ssh://',
  'ssh://nas',
  'ssh:///data',
  'ssh://-oProxyCommand=x/data',
  'ssh://-l@nas/data',
  'ssh://@nas/data',
  'ssh://ada:secret@nas/data',
  'ssh://nas:0/data',
  'ssh://nas:65536/data',
  'ssh://nas:/data',
  'ssh://nas:22x/data',
  'ssh://na$(id)s/data',
  'ssh://na s/data',
  'ssh://a;b@nas/data',
  'ssh://[::1/data',
  'ssh://[-x]/data',
  'ssh://nas/~/-x',
  'ssh://nas/~bob/data',
  'ssh://nas/a\nb',
  'ssh://nas/a%0Ab',
  'ssh://nas/a%00',
  'ssh://nas/a%FF',
  'ssh://nas/a%2',
  'ssh://nas/a\udc80',
  `ssh://nas/${'a'.repeat(5000)}`,
];

for (const [text, words] of GOOD) {
  test(`'${text}' is started as ${words.join(' ')}`, () => {
    assert.deepEqual(wordsFor(parseSshAddress(text)), words);
  });
}

for (const text of BAD) {
  test(`${JSON.stringify(text.slice(0, 40))} is no address`, () => {
    assert.throws(
      () => parseSshAddress(text),
      (error) =>
        error instanceof Refusal && error.kind === 'usage' && error.problem.code === 'sync/bad-address',
    );
  });
}

test('machines on the way are checked as the last one is', () => {
  const address = parseSshAddress('ssh://nas/data');
  assert.deepEqual(wordsFor(address, undefined, ['ada@gate:22', 'inner']).slice(0, 4), [
    'ssh',
    '-T',
    '-J',
    'ada@gate:22,inner',
  ]);
  for (const jump of ['-oX', 'a,b', '', 'a b', '-x@gate']) {
    assert.throws(() => wordsFor(address, undefined, [jump]), Refusal, jump);
  }
});

test('programs are words, and never options', () => {
  const address = parseSshAddress('ssh://nas/data');
  assert.equal(
    wordsFor(address, { ssh: '/opt/my ssh', remote: '/opt/my dbk' }).join('|'),
    "/opt/my ssh|-T|--|nas|'/opt/my dbk' serve --stdio /data",
  );
  assert.equal(
    wordsFor(address, { ssh: 'ssh', remote: '~/bin/dbk' }).at(-1),
    '~/bin/dbk serve --stdio /data',
  );
  for (const program of ['', '-x', 'a\nb']) {
    assert.throws(() => wordsFor(address, { ssh: program, remote: 'dbk' }), Refusal);
    assert.throws(() => wordsFor(address, { ssh: 'ssh', remote: program }), Refusal);
  }
});

test('a shell hears of the path exactly what was meant', () => {
  const path = fc.string({ unit: fc.constantFrom(...`ab '"!$\`\\*?~;&|<>(){}[]#%^=-/ä€😀`) });
  fc.assert(
    fc.property(path, (rest) => {
      const { path: meant, ...machine } = parseSshAddress(`ssh://nas/${encodeURIComponent(`x${rest}`)}`);
      const command = wordsFor({ ...machine, path: meant }, { ssh: 'ssh', remote: 'printf' }).at(-1)!;
      const line = command.replace('printf serve --stdio', "printf '%s'");
      assert.equal(spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout, `/x${rest}`);
    }),
    { numRuns: 50 },
  );
});
