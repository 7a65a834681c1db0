import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import type { Disk } from '../../src/disk/disk.ts';
import type { Commit } from '../../src/model/commit.ts';
import type { CommitId } from '../../src/model/id.ts';
import { Interrupted, Refusal } from '../../src/model/problem.ts';
import { SILENT } from '../../src/model/progress.ts';
import { openCommits, type Commits } from '../../src/store/commits.ts';
import { takeCommits, type CommitSource } from '../../src/store/incoming.ts';
import { recordedIds } from '../../src/store/texts.ts';
import { writeCommit } from '../../src/text/commit.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import { countingDisk } from '../tools/counting-disk.ts';
import {
  dateOf,
  emptyRepository,
  fieldsOf,
  quick,
  readTree,
  temporary,
  texts,
  type Texts,
} from './fixture.ts';
import { Foreign, patchOf } from './foreign.ts';

before(() => loadBlake3());

const NOTHING = texts({});
const FIRST = texts({
  'policy.yaml': 'dbk: policy 1\n',
  'tree/a/$.metadata': '---\nrating: 1\n---\n',
  'tree/a/manifest.yaml': 'dbk: manifest 1\nmode: 755\n',
  'tree/manifest.yaml': 'dbk: manifest 1\nmode: 755\n',
});
const SECOND = texts({
  'ignore.d/a/$rules': '*~\n',
  'tree/b/$.metadata': '---\nrating: 2\n---\n',
  'tree/b/manifest.yaml': 'dbk: manifest 1\nmode: 755\n',
  'tree/manifest.yaml': 'dbk: manifest 1\nmode: 711\n',
});
const RENAMES = new Map([
  ['tree/b/$.metadata', 'tree/a/$.metadata'],
  ['tree/b/manifest.yaml', 'tree/a/manifest.yaml'],
]);
const PATCH = patchOf(FIRST, SECOND, RENAMES);
const TAKING = { interrupted: () => false, progress: SILENT };

function repository(t: TestContext, disk: Disk = quick): Commits {
  const root = join(temporary(t), 'root');
  fs.mkdirSync(root);
  return emptyRepository(root, disk);
}

/** Everything in `commits/` and in scratch; no folder stays behind. */
function stateOf({ layout }: Commits): unknown {
  return { commits: readTree(layout.commits), scratch: [...readTree(layout.scratch).keys()] };
}

/** The sentence of a refusal, with ids as words. */
async function refusalOf(run: Promise<unknown>, names: Readonly<Record<string, string>>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    let { reason } = error.problem;
    for (const [name, id] of Object.entries(names)) reason = reason.replaceAll(id, name);
    return `${error.kind} ${error.problem.code}: ${reason.replace(/[0-9a-f]{64}/g, 'HASH')}`;
  }
  return 'taken';
}

test('what is missing is taken, the oldest first, and stands as its own repository wrote it', async (t) => {
  const commits = repository(t);
  const source = new Foreign();
  const one = source.commit(NOTHING, FIRST);
  const two = source.commit(FIRST, SECOND, { parents: [one], date: dateOf(1), renames: RENAMES });
  assert.deepEqual(await takeCommits(commits, source, one, TAKING), { taken: [one] });
  assert.deepEqual(await takeCommits(commits, source, two, TAKING), { taken: [two] });
  for (const id of [one, two]) {
    const { text, patch } = source.commits.get(id)!;
    const directory = commits.directoryOf(id);
    assert.deepEqual(
      readTree(directory),
      new Map([
        ['changes.patch', patch],
        ['commit.yaml', text],
      ]),
    );
    const judged = spawnSync('b3sum', ['--no-names', 'commit.yaml', 'changes.patch'], { cwd: directory });
    if (judged.error === undefined) assert.equal(`${judged.stdout}`, `${id}\n${digest(patch)}\n`);
  }
  source.asked.length = 0;
  assert.deepEqual(await takeCommits(commits, source, two, TAKING), { taken: [] });
  assert.deepEqual(source.asked, [], 'what is here is not asked for');
});

test('merges of many shapes give each time the ids that the whole history gives', async (t) => {
  const commits = repository(t);
  const source = new Foreign();
  const at = new Map<CommitId, Texts>();
  const commit = (parents: readonly CommitId[], name: string, drop?: string): CommitId => {
    const parentTexts = parents.map((id) => at.get(id)!);
    const after = new Map(parentTexts.flatMap((each) => [...each]));
    if (name !== '') after.set(`tree/${name}/manifest.yaml`, `${name}\n`);
    if (drop !== undefined) after.delete(`tree/${drop}/manifest.yaml`);
    const options = { parents, date: dateOf(at.size), message: `${at.size}` };
    const id = source.commit(parentTexts[0] ?? NOTHING, after, options);
    at.set(id, after);
    return id;
  };
  const root = commit([], 'r');
  let [left, right] = [commit([root], 'l0'), commit([root], 'm0')];
  for (let n = 1; n < 12; n++) {
    // Each has merged the other, by turns as first and second parent.
    const [a, b] = [commit([left, right], `l${n}`, `l${n - 1}`), commit([right, left], `m${n}`)];
    [left, right] = n % 3 === 0 ? [b, a] : [a, commit([b], '', `m${n}`)];
  }
  const apart = commit([commit([], 'other')], 'further');
  const head = commit([left, apart, right, root], 'end');
  const { taken } = await takeCommits(commits, source, head, TAKING);
  assert.deepEqual([...taken].sort(), [...at.keys()].sort());
  for (const [id, after] of at) {
    const expected = new Map([...after].map(([path, text]) => [path, digest(text)]));
    assert.deepEqual(new Map([...recordedIds(commits, id)].sort()), new Map([...expected].sort()));
  }
});

interface Wrong {
  readonly what: string;
  /** Makes a commit on the first one; its id. */
  readonly make: (source: Foreign, first: CommitId) => CommitId;
  readonly said: string;
}

const cannot = (why: string): string =>
  `damage store/foreign-damaged: cannot take commit ID from '/far': ${why}`;

/** A commit on the first one with another patch, which its letter fits. */
function patched(what: string, patch: string, why: string, after: Texts = SECOND): Wrong {
  return {
    what,
    make: (source, first) => source.forge(patch, after, { parents: [first], date: dateOf(1) }),
    said: cannot(why),
  };
}

/** A commit that adds one text, at a path that the patch may name. */
function placed(what: string, path: string, why: string): Wrong {
  const after = new Map([...FIRST, [path, 'x\n']]);
  return patched(what, patchOf(FIRST, after), why, after);
}

/** One whose letter is edited, and fits its id. */
function lettered(what: string, edit: (text: string) => string, why: string): Wrong {
  return {
    what,
    make: (source, first) => {
      const fields = { ...fieldsOf(SECOND), parents: [first], changes: digest(PATCH) };
      const text = edit(writeCommit(fields));
      return source.put(text, PATCH, digest(Buffer.from(text, 'latin1')) as string as CommitId);
    },
    said: cannot(why),
  };
}

function fielded(what: string, fields: (first: CommitId) => Partial<Commit>, said: string): Wrong {
  return {
    what,
    make: (source, first) => source.forge(PATCH, SECOND, { parents: [first], ...fields(first) }),
    said,
  };
}

const OTHER = digest('other');
const NOBODY = 'f'.repeat(64) as CommitId;
const LAST = PATCH.slice(PATCH.lastIndexOf('diff --git'));
const BOMB = `a: &a [${'x, '.repeat(9)}x]\nb: &b [${'*a, '.repeat(9)}*a]\nc: [${'*b, '.repeat(9)}*b]\n`;

const WRONG: readonly Wrong[] = [
  {
    what: 'a letter that is not what the id says',
    make: (source) => source.put(writeCommit({ ...fieldsOf(NOTHING), changes: digest('') }), '', NOBODY),
    said: cannot('it is HASH'),
  },
  {
    what: 'a commit that is not there',
    make: () => NOBODY,
    said: "damage store/foreign-missing: commit ID is not in '/far'",
  },
  {
    what: 'a patch that was changed by a byte',
    make: (source, first) =>
      source.forge(PATCH.replace('+mode: 711', '+mode: 710'), SECOND, {
        parents: [first],
        changes: digest(PATCH),
      }),
    said: cannot('its patch is HASH, not HASH'),
  },
  {
    what: 'no patch where one is said',
    make: (source, first) => source.forge('', SECOND, { parents: [first], changes: digest(PATCH) }),
    said: cannot('its patch is HASH, not HASH'),
  },
  patched('a patch of nothing that is to change something', '', 'its texts are HASH, not HASH'),
  fielded('the texts of another state', () => ({ index: OTHER }), cannot('its texts are HASH, not HASH')),
  fielded(
    'a parent that is nowhere',
    () => ({ parents: [NOBODY] }),
    "damage store/foreign-missing: commit HASH is not in '/far'",
  ),
  fielded(
    'a thousand parents',
    () => ({ parents: Array.from({ length: 1000 }, (_, n) => digest(`${n}`) as string as CommitId) }),
    cannot('it has 1000 parents'),
  ),
  patched(
    'another result than it says',
    PATCH.replace('+mode: 711', '+mode: 710'),
    "changes.patch:31: what the patch makes of 'tree/manifest.yaml' is not the text HASH",
  ),
  patched(
    'lines that are not there',
    PATCH.replace('-mode: 755', '-mode: 700'),
    "changes.patch:35: 'tree/manifest.yaml' does not have the lines that the patch expects",
  ),
  patched(
    'lines at another place',
    PATCH.replaceAll('@@ -1,2 +1,2 @@', '@@ -2,2 +2,2 @@'),
    'changes.patch:35: a hunk has less context than three lines',
  ),
  patched(
    'a left id that is another',
    PATCH.replace(digest(FIRST.get('tree/manifest.yaml')!), OTHER),
    "it changes 'tree/manifest.yaml' from a state it is not in",
  ),
  patched(
    'a change of a text that is not there',
    patchOf(texts({ 'tree/x/manifest.yaml': 'x\n' }), texts({ 'tree/x/manifest.yaml': 'y\n' })),
    "it changes 'tree/x/manifest.yaml' from a state it is not in",
  ),
  patched(
    'a new text that is there',
    patchOf(NOTHING, texts({ 'policy.yaml': 'x\n' })),
    "it changes 'policy.yaml' from a state it is not in",
  ),
  patched(
    'a text that goes and is not there',
    patchOf(texts({ ignore: 'x\n' }), NOTHING),
    "it changes 'ignore' from a state it is not in",
  ),
  patched(
    'a text that goes with other lines',
    patchOf(texts({ 'policy.yaml': 'x\n' }), NOTHING).replace(
      digest('x\n'),
      digest(FIRST.get('policy.yaml')!),
    ),
    "changes.patch:6: 'policy.yaml' does not have the lines that the patch expects",
  ),
  patched(
    'a name that goes over an existing text',
    'diff --git a/tree/a/manifest.yaml b/tree/manifest.yaml\nsimilarity index 100%\n' +
      'rename from tree/a/manifest.yaml\nrename to tree/manifest.yaml\n',
    "it changes 'tree/manifest.yaml' from a state it is not in",
  ),
  patched(
    'a name that comes from nowhere',
    'diff --git a/tree/x/manifest.yaml b/tree/y/manifest.yaml\nsimilarity index 100%\n' +
      'rename from tree/x/manifest.yaml\nrename to tree/y/manifest.yaml\n',
    "it changes 'tree/y/manifest.yaml' from a state it is not in",
  ),
  patched('a stanza twice', PATCH + LAST, "changes.patch:39: 'tree/manifest.yaml' is named twice"),
  patched('half a patch', PATCH.slice(0, -5), 'changes.patch:38: the patch ends too early'),
  patched('another thing than a patch', BOMB, "changes.patch:1: the patch does not begin with 'diff --git'"),
  placed('a path above', '../a', "changes.patch:1: '../a' cannot be the path of a text"),
  placed(
    'a path that goes up and down',
    'tree/../../a/manifest.yaml',
    "changes.patch:1: 'tree/../../a/manifest.yaml' cannot be the path of a text",
  ),
  placed(
    'a path that git takes for its own',
    'tree/.Git/manifest.yaml',
    "changes.patch:1: 'tree/.Git/manifest.yaml' cannot be the path of a text",
  ),
  placed(
    "a path of dbk's own folder",
    'tree/.dbk/manifest.yaml',
    "changes.patch:1: 'tree/.dbk/manifest.yaml' cannot be the path of a text",
  ),
  placed('a place that dbk does not know', 'head', "'head' is no place of a text"),
  placed('a folder that dbk does not know', 'hooks/a.yaml', "'hooks/a.yaml' is no place of a text"),
  placed('a text of no kind', 'tree/a/run.sh', "'tree/a/run.sh' is no place of a text"),
  placed(
    'a folder where a text stands',
    'tree/manifest.yaml/manifest.yaml',
    "'tree/manifest.yaml/manifest.yaml' is no place of a text",
  ),
  placed(
    'a folder called as what is written about it',
    'tree/$x.metadata/manifest.yaml',
    "'tree/$x.metadata/manifest.yaml' is no place of a text",
  ),
  {
    what: 'a move to a place that dbk does not know',
    make: (source, first) =>
      source.forge(
        'diff --git a/policy.yaml b/policy.yml\nsimilarity index 100%\nrename from policy.yaml\nrename to policy.yml\n',
        SECOND,
        { parents: [first] },
      ),
    said: cannot("'policy.yml' is no place of a text"),
  },
  lettered('no letter', () => '', "commit.yaml:1: the first line is not 'dbk: commit 1'"),
  lettered('bytes that are no text', (text) => text.replace('Ada', '\xff'), "'commit.yaml' is not UTF-8"),
  lettered('a bomb in YAML', (text) => `${text.replace('message: ""\n', '')}${BOMB}`, 'commit.yaml:12: LINE'),
  lettered(
    'brackets without an end',
    (text) => text.replace('forgotten: []', `forgotten:\n  - ${'['.repeat(100_000)}`),
    'commit.yaml:11: LINE',
  ),
  lettered(
    'a later version',
    (text) => text.replace('dbk: commit 1', 'dbk: commit 2'),
    'commit.yaml:1: LINE',
  ),
  lettered(
    'a year of five digits in UTC',
    (text) => text.replace(/date: .*/, 'date: "9999-12-31T23:59:59-01:00"'),
    'commit.yaml:8: LINE',
  ),
  lettered(
    'a year before the first one in UTC',
    (text) => text.replace(/date: .*/, 'date: "0000-01-01T00:00:00+01:00"'),
    'commit.yaml:8: LINE',
  ),
  lettered(
    'a repository that is a path',
    (text) => text.replace('repository: laptop', 'repository: ../../x'),
    'commit.yaml:7: LINE',
  ),
  lettered(
    'a move out of the folder',
    (text) => text.replace('moved: []', 'moved:\n  - {from: a, to: ../b, by: hand}'),
    'commit.yaml:10: LINE',
  ),
];

for (const { what, make, said } of WRONG) {
  test(`a commit with ${what} is refused, and nothing of it stays`, async (t) => {
    const commits = repository(t);
    const source = new Foreign();
    const first = source.commit(NOTHING, FIRST);
    await takeCommits(commits, source, first, TAKING);
    const state = stateOf(commits);
    const id = make(source, first);
    const found = await refusalOf(takeCommits(commits, source, id, TAKING), { ID: id });
    const isLine = said.endsWith('LINE');
    assert.equal(isLine ? found.replace(/(commit\.yaml:\d+: ).*/s, '$1LINE') : found, said);
    assert.deepEqual(stateOf(commits), state);
    // A good one that follows it is none either, and a good one beside it is.
    const next = source.commit(SECOND, SECOND, { parents: [id], date: dateOf(5) });
    assert.notEqual(await refusalOf(takeCommits(commits, source, next, TAKING), {}), 'taken');
    assert.deepEqual(stateOf(commits), state);
    const beside = source.commit(FIRST, SECOND, { parents: [first], date: dateOf(6), renames: RENAMES });
    assert.deepEqual(await takeCommits(commits, source, beside, TAKING), { taken: [beside] });
  });
}

test('a patch without an end is left at the bound', async (t) => {
  const folder = repository(t).layout;
  const commits = openCommits({ ...quick, write: () => undefined }, folder);
  const foreign = new Foreign();
  const id = foreign.forge('', NOTHING);
  const zeros = new Uint8Array(1 << 26);
  let sent = 0;
  const source: CommitSource = {
    place: '/far',
    readCommit: (each, limit) => foreign.readCommit(each, limit),
    readPatch: async function* () {
      for (; ; sent++) yield zeros;
    },
  };
  const found = await refusalOf(takeCommits(commits, source, id, TAKING), { ID: id });
  assert.equal(found, cannot('its patch is longer than 1 GiB'));
  assert.equal(sent, 16);
  assert.deepEqual(stateOf(commits), { commits: new Map(), scratch: [] });
});

test('a directory here that ends in the same digits is told from the commit', async (t) => {
  const commits = repository(t);
  const source = new Foreign();
  const first = source.commit(NOTHING, FIRST);
  const id = source.commit(FIRST, SECOND, { parents: [first], date: dateOf(1), renames: RENAMES });
  const forged = join(commits.layout.commits, `2020/20200101T000000Z-other-${id.slice(0, 16)}`);
  fs.mkdirSync(forged, { recursive: true });
  fs.writeFileSync(join(forged, 'commit.yaml'), 'none');
  fs.writeFileSync(join(forged, 'changes.patch'), '');
  const found = await refusalOf(takeCommits(commits, source, id, TAKING), { ID: id });
  assert.equal(found, 'damage store/commit-damaged: commit ID is damaged: it is HASH');
});

const DAMAGES: readonly (readonly [what: string, damage: (directory: string) => void, why: string])[] = [
  [
    'a letter that was changed',
    (directory) => fs.appendFileSync(join(directory, 'commit.yaml'), 'x: y\n'),
    'it is HASH',
  ],
  ['no letter', (directory) => fs.rmSync(join(directory, 'commit.yaml')), 'it is gone'],
  [
    'a patch that was changed',
    (directory) => fs.appendFileSync(join(directory, 'changes.patch'), ' x\n'),
    'it is HASH, not HASH',
  ],
  ['no patch', (directory) => fs.rmSync(join(directory, 'changes.patch')), 'it has no patch'],
];

for (const [what, damage, why] of DAMAGES) {
  test(`a parent here with ${what} is said, and nothing is taken on top of it`, async (t) => {
    const commits = repository(t);
    const source = new Foreign();
    const first = source.commit(NOTHING, FIRST);
    const second = source.commit(FIRST, SECOND, { parents: [first], date: dateOf(1), renames: RENAMES });
    await takeCommits(commits, source, first, TAKING);
    damage(commits.directoryOf(first));
    const state = stateOf(commits);
    const again = openCommits(quick, commits.layout);
    const found = await refusalOf(takeCommits(again, source, second, TAKING), { FIRST: first });
    assert.equal(found, `damage store/commit-damaged: commit FIRST is damaged: ${why}`);
    assert.deepEqual(stateOf(commits), state);
  });
}

/** A line of commits on the first one, each with a new text and another one in the place of an old one. */
function line(source: Foreign, length: number): CommitId[] {
  let state = FIRST;
  const ids = [source.commit(NOTHING, FIRST)];
  for (let n = 1; n < length; n++) {
    const after = new Map([
      ...state,
      [`tree/${n}/manifest.yaml`, `${n}\n`],
      ['tree/manifest.yaml', `${n}\n`],
    ]);
    ids.push(source.commit(state, after, { parents: [ids.at(-1)!], date: dateOf(n) }));
    state = after;
  }
  return ids;
}

test('texts in index/ are taken for what they are, whoever edited them', async (t) => {
  const wholes = ['tree/a/manifest.yaml', 'policy.yaml'];
  for (const edit of ['', 'edited\n', 'link']) {
    const commits = repository(t);
    const source = new Foreign();
    const first = source.commit(NOTHING, FIRST);
    const changed = new Map([...FIRST].map(([path, text]): [string, string] => [path, `${text}x\n`]));
    const second = source.commit(FIRST, changed, { parents: [first], date: dateOf(1) });
    await takeCommits(commits, source, first, TAKING);
    for (const [path, text] of FIRST) {
      const place = join(commits.layout.index, path);
      fs.mkdirSync(join(place, '..'), { recursive: true });
      if (edit === '' || wholes.includes(path)) fs.writeFileSync(place, text);
      else if (edit === 'link') fs.symlinkSync('/etc/passwd', place);
      else fs.writeFileSync(place, edit);
    }
    const again = openCommits(quick, commits.layout);
    assert.deepEqual(await takeCommits(again, source, second, TAKING), { taken: [second] });
  }
});

test('whoever interrupts keeps what was taken, and goes on from there', async (t) => {
  const source = new Foreign();
  const ids = line(source, 3);
  const counts = new Set<number>();
  for (let asked = 0; counts.size < 4; asked++) {
    const commits = repository(t);
    let left = asked;
    const interrupted = (): boolean => left-- === 0;
    const run = takeCommits(commits, source, ids[2]!, { ...TAKING, interrupted });
    if (asked < 10) await assert.rejects(run, Interrupted);
    else await run.catch((error: unknown) => assert.ok(error instanceof Interrupted));
    const there = ids.filter((id) => commits.has(id));
    counts.add(there.length);
    assert.deepEqual((stateOf(commits) as { scratch: unknown }).scratch, []);
    const { taken } = await takeCommits(commits, source, ids[2]!, TAKING);
    assert.deepEqual([...there, ...taken], ids);
  }
});

test('the work of a commit does not grow with how many are taken', async (t) => {
  const most = async (length: number): Promise<Record<string, number>> => {
    const { layout } = repository(t);
    const source = new Foreign();
    const ids = line(source, length);
    const disk = countingDisk(quick, layout.home);
    const commits = openCommits(disk, layout);
    await takeCommits(commits, source, ids[0]!, TAKING);
    disk.forgetCounts();
    await takeCommits(commits, source, ids.at(-1)!, TAKING);
    const each = (name: string): number => Math.ceil((disk.counts.get(name) ?? 0) / length);
    const listed = disk.counts.get('readdir') ?? 0;
    return { read: each('openRead') + each('readFile'), made: each('mkdir'), listed };
  };
  assert.deepEqual(await most(40), await most(10));
});

const FAULTS: readonly [string, (at: number) => Fault][] = [
  ['dies', (at) => ({ kind: 'dies', at })],
  ['dies in the middle of a write', (at) => ({ kind: 'dies', at, torn: true })],
  ['loses power', (at) => ({ kind: 'dies', at, powerLoss: true })],
  ['fails once', (at) => ({ kind: 'fails', at, code: 'EIO' })],
  ['finds the disk full from there on', (at) => ({ kind: 'fails', at, code: 'ENOSPC', onwards: true })],
];

for (const [what, fault] of FAULTS) {
  test(`wherever it ${what}, only whole commits stand there, and the next run takes the rest`, async (t) => {
    const source = new Foreign();
    const one = source.commit(NOTHING, FIRST);
    const two = source.commit(FIRST, SECOND, { parents: [one], date: dateOf(1), renames: RENAMES });
    const whole = new Map<string, string>();
    let calls = 0;
    for (let happened = true; happened; calls++) {
      const { layout } = repository(t);
      const disk = faultyDisk(quick, fault(calls + 1));
      try {
        await takeCommits(openCommits(disk, layout), source, two, TAKING);
      } catch (error) {
        if (!(error instanceof Killed) && !['EIO', 'ENOSPC'].includes((error as { code: string }).code))
          throw error;
      }
      happened = disk.happened;
      const place = `at call ${calls + 1}`;
      if (what === 'fails once') assert.deepEqual([...readTree(layout.scratch).keys()], [], place);
      const commits = openCommits(quick, layout);
      const there = [one, two].filter((id) => commits.has(id));
      for (const id of there) {
        const { text, patch } = source.commits.get(id)!;
        const files = new Map([
          ['changes.patch', patch],
          ['commit.yaml', text],
        ]);
        assert.deepEqual(readTree(commits.directoryOf(id)), files, place);
      }
      assert.deepEqual(
        [...readTree(layout.commits).keys()].filter((path) => !path.endsWith('/')).length,
        2 * there.length,
        place,
      );
      const { taken } = await takeCommits(commits, source, two, TAKING);
      assert.deepEqual([...there, ...taken], [one, two], place);
      for (const [path, text] of readTree(layout.commits)) {
        if (calls === 0) whole.set(path, text);
        assert.equal(text, whole.get(path), place);
      }
    }
    assert.ok(calls > 25, `${calls} calls`);
  });
}
