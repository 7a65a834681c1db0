/** What is known of further repositories goes from one to the next: the newer wins, and nothing is taken on trust. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { hearOfOthers } from '../../src/flow/hear-of-others.ts';
import { openFolderOf } from '../../src/flow/merge-source.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Transport } from '../../src/sync/transport.ts';
import { writeRepository, type RepositoryRecord } from '../../src/text/repository.ts';
import { faultyDisk, Killed } from '../disk/faulty.ts';
import { newRepository, quick, reopened, textsIn } from './fixture.ts';
import { mergeFrom, otherContext, repositories } from './two-repositories.ts';

before(() => loadBlake3());

const RECORD: RepositoryRecord = {
  id: '00000000000000aa',
  name: 'nas',
  serial: 5,
  reach: [{ kind: 'path', path: '/srv/data' }],
  head: '',
  want: [],
  trust: 'full',
  holds: '',
  absent: [],
  missing: [],
  extra: [],
  older: [],
  as: [],
};

function recordOf(fields: Partial<RepositoryRecord> = {}): string {
  return writeRepository({ ...RECORD, ...fields });
}

/** Another repository that says these of others. */
function saying(said: Readonly<Record<string, string>>): Transport {
  const records = async (): Promise<ReadonlyMap<string, string>> => new Map(Object.entries(said));
  return { place: '/far', records } as Partial<Transport> as Transport;
}

interface Heard {
  readonly known: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

const wordsOf = ({ code, reason }: Problem): string => `${code}: ${reason}`;

/** What a repository that knows these makes of what another one says; its own record is left out. */
async function heard(
  t: TestContext,
  known: Readonly<Record<string, string>>,
  said: Readonly<Record<string, string>>,
): Promise<Heard> {
  const repository = await newRepository(t);
  const own = await ownOf(repository);
  for (const [name, text] of Object.entries(known)) put(repository, name, text);
  const problems = await hearOfOthers(repository, saying(said));
  const after = textsIn(repository.layout.repositories);
  assert.deepEqual(after.get('laptop.yaml'), own.get('laptop.yaml'));
  after.delete('laptop.yaml');
  return { known: Object.fromEntries(after), problems: problems.map(wordsOf) };
}

async function ownOf({ layout }: Repository): Promise<Map<string, string>> {
  return textsIn(layout.repositories);
}

function put({ layout }: Repository, name: string, text: string): void {
  fs.mkdirSync(layout.repositories, { recursive: true });
  fs.writeFileSync(join(layout.repositories, `${name}.yaml`), text);
}

const commented = (text: string): string => text.replace('name: nas', 'name:   nas   # in the cellar');
const unreadable = (name: string): string =>
  `flow/record-unreadable: cannot read what '/far' says of the repository '${name}'`;
const same = (name: string): string =>
  `flow/same-name: two repositories are called '${name}': one known here, and one known in '/far'`;
const BOMB = `a: &a [${'x, '.repeat(9)}x]\nb: [${'*a, '.repeat(9)}*a]\n`;

const ROWS: readonly (readonly [
  what: string,
  known: string | undefined,
  said: string,
  now: string | undefined,
  problems: readonly string[],
])[] = [
  ['is new here', undefined, recordOf(), recordOf(), []],
  ['has a higher serial', recordOf({ serial: 4 }), recordOf(), recordOf(), []],
  ['has the same serial', recordOf({ free: 1 }), recordOf({ free: 2 }), recordOf({ free: 1 }), []],
  ['has a lower serial', recordOf({ serial: 6 }), recordOf(), recordOf({ serial: 6 }), []],
  [
    'has a serial of many digits',
    recordOf({ serial: 9 }),
    recordOf({ serial: Number.MAX_SAFE_INTEGER }),
    recordOf({ serial: Number.MAX_SAFE_INTEGER }),
    [],
  ],
  ['says its name otherwise', undefined, recordOf({ name: 'disk' }), undefined, [unreadable('nas')]],
  ['was written by a person', recordOf({ serial: 4 }), commented(recordOf()), commented(recordOf()), []],
  [
    'has what a later dbk says',
    undefined,
    `${recordOf()}zebra: stripes\n`,
    `${recordOf()}zebra: stripes\n`,
    [],
  ],
  [
    'is of another repository than the one of that name here',
    recordOf(),
    recordOf({ id: '00000000000000bb', serial: 9 }),
    recordOf(),
    [same('nas')],
  ],
  ['cannot be read here', 'not: a record\n', recordOf(), recordOf(), []],
  ['is empty', recordOf(), '', recordOf(), [unreadable('nas')]],
  ['is a bomb in YAML', recordOf(), `${recordOf({ serial: 9 })}${BOMB}`, recordOf(), [unreadable('nas')]],
  [
    'is nested a hundred thousand times',
    recordOf(),
    recordOf({ serial: 9 }).replace('want: []', `want: ${'['.repeat(100_000)}`),
    recordOf(),
    [unreadable('nas')],
  ],
  [
    'is a megabyte of what only people write',
    recordOf(),
    `${recordOf({ serial: 9 })}more: {${'"a": "b", '.repeat(120_000)}}\n`,
    recordOf(),
    [unreadable('nas')],
  ],
  [
    'is of a later version',
    recordOf(),
    recordOf({ serial: 9 }).replace('dbk: repository 1', 'dbk: repository 2'),
    recordOf(),
    [unreadable('nas')],
  ],
  ['lacks its serial', recordOf(), recordOf().replace(/serial: .*\n/, ''), recordOf(), [unreadable('nas')]],
  [
    'has a serial below zero',
    recordOf(),
    recordOf().replace(/serial: .*\n/, 'serial: -1\n'),
    recordOf(),
    [unreadable('nas')],
  ],
  [
    'says that something is missing outside of the folder',
    recordOf(),
    recordOf({ serial: 9, missing: ['x'] }).replace('  - x', '  - ../x'),
    recordOf(),
    [unreadable('nas')],
  ],
];

for (const [what, known, said, now, problems] of ROWS) {
  test(`a record that ${what}`, async (t) => {
    const before = known === undefined ? {} : { nas: known };
    const after = now === undefined ? {} : { 'nas.yaml': now };
    // What is wrong with one keeps no other from being heard.
    const desk = recordOf({ name: 'desk', id: '00000000000000dd' });
    assert.deepEqual(await heard(t, before, { nas: said, desk }), {
      known: { 'desk.yaml': desk, ...after },
      problems,
    });
  });
}

test('a name that is a path is written nowhere', async (t) => {
  for (const name of ['../config', '../index/policy', '..', '', '/etc/x', 'a/b', 'NAS', 'x'.repeat(42)]) {
    const said = { [name]: recordOf().replace('name: nas', `name: "${name}"`) };
    assert.deepEqual(await heard(t, {}, said), { known: {}, problems: [unreadable(name)] });
  }
});

test('what others say of this repository is never taken, whatever its serial', async (t) => {
  const repository = await newRepository(t);
  const own = await ownOf(repository);
  const id = /^id: ([0-9a-f]{16})$/m.exec(fs.readFileSync(repository.layout.config, 'utf8'))![1]!;
  const serial = 1_000_000;
  const rows: readonly (readonly [name: string, text: string, problems: readonly string[]])[] = [
    ['laptop', recordOf({ name: 'laptop', id, serial }), []],
    ['old-name', recordOf({ name: 'old-name', id, serial }), []],
    ['laptop', recordOf({ name: 'laptop', serial }), [same('laptop')]],
  ];
  for (const [name, text, problems] of rows) {
    const found = await hearOfOthers(repository, saying({ [name]: text }));
    assert.deepEqual(found.map(wordsOf), problems);
    assert.deepEqual(await ownOf(repository), own);
  }
});

test('what one has heard the next one hears of it', async (t) => {
  const [one, two, three] = (await repositories(t, ['one', 'two', 'three'])) as [
    Repository,
    Repository,
    Repository,
  ];
  await mergeFrom(two, one);
  await mergeFrom(three, two);
  const said = (repository: Repository, name: string): string =>
    fs.readFileSync(join(repository.layout.repositories, `${name}.yaml`), 'utf8');
  assert.equal(said(three, 'one'), said(two, 'one'));
  assert.equal(said(three, 'two'), said(two, 'two'));
});

test('records there that are no texts are told, and the rest is heard', async (t) => {
  const far = await newRepository(t);
  const near = await newRepository(t, otherContext('near'));
  fs.rmSync(far.layout.repositories, { recursive: true, force: true });
  put(far, 'nas', recordOf());
  put(far, 'odd', '');
  fs.writeFileSync(join(far.layout.repositories, 'odd.yaml'), Buffer.from([0xff]));
  fs.symlinkSync(far.layout.config, join(far.layout.repositories, 'link.yaml'));
  put(far, 'long', '');
  fs.truncateSync(join(far.layout.repositories, 'long.yaml'), 100_000_000);
  const problems = await hearOfOthers(near, openFolderOf(far, { place: '/far' }));
  assert.deepEqual(problems.map(wordsOf).sort(), [unreadable('link'), unreadable('long'), unreadable('odd')]);
  assert.equal(fs.readFileSync(join(near.layout.repositories, 'nas.yaml'), 'utf8'), recordOf());
  assert.equal(fs.existsSync(join(near.layout.repositories, 'long.yaml')), false);
});

test('wherever it is broken off, each record is the old or the new one, and the next run hears the rest', async (t) => {
  const [old, now] = [recordOf({ serial: 4 }), recordOf()];
  const desk = recordOf({ name: 'desk', id: '00000000000000dd' });
  const seen = new Set<string>();
  let calls = 0;
  for (let happened = true; happened; calls++) {
    const repository = await newRepository(t);
    put(repository, 'nas', old);
    const disk = faultyDisk(quick, { kind: 'dies', at: calls + 1, powerLoss: true });
    try {
      await hearOfOthers(reopened(repository, disk), saying({ nas: now, desk }));
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    happened = disk.happened;
    const found = textsIn(repository.layout.repositories);
    const texts = ['nas.yaml', 'desk.yaml'].map((name) => found.get(name));
    assert.ok(texts[0] === old || texts[0] === now);
    assert.ok(texts[1] === undefined || texts[1] === desk);
    seen.add(`${texts[0] === now} ${texts[1] === desk}`);
    assert.deepEqual(await hearOfOthers(repository, saying({ nas: now, desk })), []);
    const after = textsIn(repository.layout.repositories);
    assert.deepEqual([after.get('nas.yaml'), after.get('desk.yaml')], [now, desk]);
  }
  assert.deepEqual([...seen], ['false false', 'true false', 'true true']);
});
