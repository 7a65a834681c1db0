import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { countOpenConflicts } from '../../src/flow/conflict-names.ts';
import type { Choice } from '../../src/flow/conflict-deeds.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { resolve, type Resolved } from '../../src/flow/resolve.ts';
import { listOperations, undo } from '../../src/flow/undo.ts';
import { ROOT, type RepositoryPath } from '../../src/model/path.ts';
import { temporary } from '../tools/tree.ts';
import { beside, conflicted, type Literal, type Story } from './conflicted.ts';
import { codesOf, commitAll, put, remove, statusOf, textsIn } from './fixture.ts';
import { judge, lacksTools } from './judges.ts';

before(() => loadBlake3());

const [LOW, HIGH] = ['one', 'two'].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)) as [string, string];
const BESIDE = beside('a.jpg', HIGH);
const MINE = '---\nrating: 5\n---\n';
const THEIRS = '---\nrating: 1\n---\n';
const OURS: Choice = { kind: 'ours' };
const OTHERS: Choice = { kind: 'theirs' };
const BOTH: Choice = { kind: 'both' };

/** Both changed `P/a.jpg`; ours has the content that is given. */
function content(ours: string, theirs: string): Story {
  const sidecars = { [LOW]: ours === LOW ? MINE : THEIRS, [HIGH]: ours === HIGH ? MINE : THEIRS };
  return {
    base: { 'P/a.jpg': 'old', 'P/b': 'b' },
    ours: { 'P/a.jpg': ours },
    theirs: { 'P/a.jpg': theirs },
    merged: {
      'P/a.jpg': LOW,
      [`P/${BESIDE}`]: HIGH,
      '.dbk/tree/P/$a.jpg.metadata': sidecars[LOW]!,
      [`.dbk/tree/P/$${BESIDE}.metadata`]: sidecars[HIGH]!,
    },
    conflicts: [{ kind: 'content', paths: ['P/a.jpg', `P/${BESIDE}`], ids: [LOW, HIGH] }],
  };
}

const DELETED: Story = {
  base: { 'P/a.jpg': 'old', 'P/b': 'b', '.dbk/tree/P/$a.jpg.metadata': MINE },
  ours: { 'P/a.jpg': undefined },
  theirs: { 'P/a.jpg': 'new' },
  merged: { 'P/a.jpg': 'new', '.dbk/tree/P/$a.jpg.metadata': MINE },
  conflicts: [{ kind: 'delete', paths: ['P/a.jpg'] }],
};
const EMPTIED: Story = {
  base: { 'P/x': 'x', 'P/Q': null, '.dbk/tree/P/Q/$.metadata': MINE },
  ours: { 'P/Q': undefined },
  theirs: { '.dbk/tree/P/Q/$.metadata': THEIRS },
  merged: { 'P/Q': null, '.dbk/tree/P/Q/$.metadata': THEIRS },
  conflicts: [{ kind: 'delete', paths: ['P/Q'] }],
};
const RENAMED: Story = {
  base: { 'P/a.jpg': 'content', 'P/b': 'b', '.dbk/tree/P/$a.jpg.metadata': MINE },
  ours: { 'P/a.jpg': undefined, 'P/c.jpg': 'content' },
  theirs: { 'P/a.jpg': undefined, 'P/d.jpg': 'content' },
  merged: {},
  conflicts: [{ kind: 'rename', paths: ['P/c.jpg', 'P/d.jpg'] }],
};
const APART: Story = {
  base: { 'P/1': '1', 'P/2': '2', 'P/3/4': '4', '.dbk/tree/P/$1.metadata': MINE },
  ours: { P: undefined, 'Q/1': '1', 'Q/2': '2', 'Q/3/4': '4' },
  theirs: { P: undefined, 'R/S/1': '1', 'R/S/2': '2', 'R/S/3/4': '4' },
  merged: {},
  conflicts: [{ kind: 'directory', paths: ['Q', 'R/S'] }],
};
const FIELD = '# what I know\ntitle: A\nrating:\n  conflict:\n    base: 3\n    laptop: 5\n    nas: 1\n';
const METADATA: Story = {
  base: { 'P/a.jpg': 'a' },
  ours: { '.dbk/tree/P/$a.jpg.metadata': MINE },
  theirs: { '.dbk/tree/P/$a.jpg.metadata': THEIRS },
  merged: { '.dbk/tree/P/$a.jpg.metadata': `---\n${FIELD}---\nprose\n` },
  conflicts: [{ kind: 'metadata', paths: ['P/a.jpg'], field: 'rating', kept: THEIRS }],
};
const REMOVED_FIELD: Story = {
  ...METADATA,
  merged: { '.dbk/tree/P/$a.jpg.metadata': '---\nrating:\n  conflict:\n    laptop: 5\n    nas: ~\n---\n' },
};
const PROSE: Story = {
  base: { 'P/a.jpg': 'a', '.dbk/tree/P/$a.jpg.metadata': '---\nx: 1\n---\nold\n' },
  ours: { '.dbk/tree/P/$a.jpg.metadata': '---\nx: 1\n---\nmine\n' },
  theirs: { '.dbk/tree/P/$a.jpg.metadata': '---\nx: 2\n---\ntheirs\n' },
  merged: { '.dbk/tree/P/$a.jpg.metadata': '---\nx: 2\n---\nmine\n' },
  conflicts: [{ kind: 'metadata', paths: ['P/a.jpg'], kept: '---\nx: 2\n---\ntheirs\n' }],
};
const ENTITY: Story = {
  base: { 'P/1': '1', 'P/Q/2': '2' },
  ours: { 'P/1': '11' },
  theirs: { 'P/Q/2': '22' },
  merged: { 'P/Q/2': '22' },
  conflicts: [{ kind: 'entity', paths: ['P', 'P/Q'] }],
};

/** What stands there afterwards; a sidecar by the name of its text. */
const ROWS: readonly [what: string, story: Story, choice: Choice, after: Literal][] = [
  ['a content, ours keeps the name', content(LOW, HIGH), OURS, { 'a.jpg': LOW, '$a.jpg.metadata': MINE }],
  [
    'a content, theirs gets the name',
    content(LOW, HIGH),
    OTHERS,
    { 'a.jpg': HIGH, '$a.jpg.metadata': THEIRS },
  ],
  ['a content, ours gets the name', content(HIGH, LOW), OURS, { 'a.jpg': HIGH, '$a.jpg.metadata': MINE }],
  [
    'a content, theirs keeps the name',
    content(HIGH, LOW),
    OTHERS,
    { 'a.jpg': LOW, '$a.jpg.metadata': THEIRS },
  ],
  [
    'a content by name',
    content(LOW, HIGH),
    { kind: 'take', repository: 'nas' },
    { 'a.jpg': HIGH, '$a.jpg.metadata': THEIRS },
  ],
  [
    'a content, both',
    content(LOW, HIGH),
    BOTH,
    { 'a.jpg': LOW, [BESIDE]: HIGH, '$a.jpg.metadata': MINE, [`$${BESIDE}.metadata`]: THEIRS },
  ],
  [
    'a content, merged',
    content(LOW, HIGH),
    { kind: 'text', text: 'both' },
    { 'a.jpg': 'both', '$a.jpg.metadata': MINE },
  ],
  ['a deletion that was ours', DELETED, OURS, {}],
  ['a deletion that was ours and is not to be', DELETED, OTHERS, { 'a.jpg': 'new', '$a.jpg.metadata': MINE }],
  ['a deletion, both', DELETED, BOTH, { 'a.jpg': 'new', '$a.jpg.metadata': MINE }],
  ['a rename, ours', RENAMED, OURS, { 'c.jpg': 'content', '$c.jpg.metadata': MINE }],
  ['a rename, theirs', RENAMED, OTHERS, { 'd.jpg': 'content', '$d.jpg.metadata': MINE }],
  ['a rename, both', RENAMED, BOTH, { 'c.jpg': 'content', '$c.jpg.metadata': MINE }],
  [
    'a field, ours',
    METADATA,
    OURS,
    { 'a.jpg': 'a', '$a.jpg.metadata': '---\n# what I know\ntitle: A\nrating: 5\n---\nprose\n' },
  ],
  [
    'a field, theirs',
    METADATA,
    OTHERS,
    { 'a.jpg': 'a', '$a.jpg.metadata': '---\n# what I know\ntitle: A\nrating: 1\n---\nprose\n' },
  ],
  ['a field that theirs took away', REMOVED_FIELD, OTHERS, { 'a.jpg': 'a' }],
  ['a prose that stands', PROSE, OURS, { 'a.jpg': 'a', '$a.jpg.metadata': '---\nx: 2\n---\nmine\n' }],
  ['a prose that gave way', PROSE, OTHERS, { 'a.jpg': 'a', '$a.jpg.metadata': '---\nx: 2\n---\ntheirs\n' }],
];

function settle(
  repository: Repository,
  choice: Choice,
  more: Partial<Parameters<typeof resolve>[1]> = {},
): Promise<Resolved> {
  return resolve(repository, { paths: [ROOT], choice, dryRun: false, ...more });
}

/** What stands in the folder of the pictures, and what is written about it. */
function standing({ root, layout }: Repository): Map<string, string> {
  const files = [...textsIn(join(root, 'P'))].filter(([name]) => name !== 'b');
  const texts = [...textsIn(join(layout.index, 'tree/P'))].filter(([name]) => name !== 'manifest.yaml');
  return new Map([...files, ...texts].sort(byName));
}

function all({ root, layout }: Repository): unknown {
  return [textsIn(root), textsIn(layout.index)].map((texts) =>
    [...texts].filter(([path]) => !path.startsWith('.dbk/')),
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

for (const [what, story, choice, after] of ROWS) {
  test(`settled: ${what}; and taken back and done again`, async (t) => {
    const { repository, merge } = await conflicted(t, story);
    const first = all(repository);
    const dry = await settle(repository, choice, { dryRun: true });
    assert.deepEqual([dry.settled.length, dry.commits, codesOf(dry.problems)], [1, [], []]);
    assert.deepEqual(all(repository), first);

    const made = await settle(repository, choice);
    assert.deepEqual(
      [made.settled.length, made.commits.length, made.left, codesOf(made.problems)],
      [1, 1, 0, []],
    );
    assert.deepEqual([...standing(repository)], Object.entries(after).sort(byName));
    assert.equal(countOpenConflicts(repository), 0);
    assert.deepEqual(await statusOf(repository), { changes: [], problems: [] });
    const [operation, before] = [...listOperations(repository, () => undefined)];
    assert.deepEqual([operation!.operation.command, operation!.operation.before], ['resolve', merge]);
    assert.equal(before!.operation.command, 'merge');
    const second = all(repository);

    const back = await undo(repository, { dryRun: false });
    assert.deepEqual([codesOf(back.problems), repository.commits.readHead()], [[], merge]);
    assert.deepEqual(all(repository), first);
    assert.deepEqual(await statusOf(repository), { changes: [], problems: [] });
    const again = await undo(repository, { dryRun: false });
    assert.deepEqual(codesOf(again.problems), []);
    assert.deepEqual(all(repository), second);
    assert.deepEqual(await statusOf(repository), { changes: [], problems: [] });
  });
}

test('a folder goes where a side had put it, with all that is in it', async (t) => {
  for (const [choice, folder] of [
    [OURS, 'Q'],
    [OTHERS, 'R/S'],
    [BOTH, 'Q'],
  ] as const) {
    const { repository } = await conflicted(t, APART);
    const first = all(repository);
    const made = await settle(repository, choice);
    assert.deepEqual([made.left, codesOf(made.problems)], [0, []]);
    const files = [...textsIn(repository.root).keys()].filter((path) => !/^\.dbk|^always/.test(path));
    assert.deepEqual(
      files,
      ['1', '2', '3/4'].map((name) => `${folder}/${name}`),
    );
    assert.equal(textsIn(repository.layout.index).get(`tree/${folder}/$1.metadata`), MINE);
    assert.deepEqual(await statusOf(repository), { changes: [], problems: [] });
    await undo(repository, { dryRun: false });
    assert.deepEqual(all(repository), first);
  }
});

test('an empty folder that one side deleted goes, and one that something is in does not', async (t) => {
  const { repository } = await conflicted(t, EMPTIED);
  put(repository.root, { 'P/Q/mine': 'mine' });
  const refused = await settle(repository, OURS);
  assert.deepEqual([refused.left, codesOf(refused.problems)], [1, ['conflict/not-empty P/Q']]);
  remove(repository.root, 'P/Q/mine');
  const made = await settle(repository, OURS);
  assert.deepEqual([made.left, codesOf(made.problems)], [0, []]);
  assert.ok(!fs.existsSync(join(repository.root, 'P/Q')));
  assert.ok(!fs.existsSync(join(repository.layout.index, 'tree/P/Q')));
  assert.deepEqual(await statusOf(repository), { changes: [], problems: [] });
});

test('what an entity is, a person only acknowledges', async (t) => {
  const { repository } = await conflicted(t, ENTITY);
  const made = await settle(repository, BOTH);
  assert.deepEqual([made.left, codesOf(made.problems)], [0, []]);
});

test('ours is the side on which this repository was, whoever merged', async (t) => {
  for (const [name, expected] of [
    ['laptop', LOW],
    ['nas', HIGH],
  ] as const) {
    const { repository } = await conflicted(t, content(LOW, HIGH), name);
    await settle(repository, OURS);
    assert.equal(fs.readFileSync(join(repository.root, 'P/a.jpg'), 'utf8'), expected);
  }
  // A clone was on none of the sides.
  const { repository } = await conflicted(t, content(LOW, HIGH), 'usb');
  const refused = await settle(repository, OURS);
  assert.deepEqual([refused.left, codesOf(refused.problems)], [1, ['conflict/side-unknown P/a.jpg']]);
  assert.match(refused.problems[0]!.hint!, /--take NAME: (laptop, nas|nas, laptop)$/);
  const unknown = await settle(repository, { kind: 'take', repository: 'phone' });
  assert.deepEqual(codesOf(unknown.problems), ['conflict/no-such-side P/a.jpg']);
  const made = await settle(repository, { kind: 'take', repository: 'nas' });
  assert.deepEqual([made.left, codesOf(made.problems)], [0, []]);
});

test('what nobody has committed is never taken away', async (t) => {
  const rows: readonly [what: Literal, code: string][] = [
    [{ [`P/${BESIDE}`]: 'edited' }, `conflict/uncommitted P/${BESIDE}`],
    [{ [`P/${BESIDE}`]: '-> a.jpg' }, `conflict/uncommitted P/${BESIDE}`],
    [{ [`P/${BESIDE}`]: null }, `conflict/uncommitted P/${BESIDE}`],
    [
      { [`.dbk/index/tree/P/$${BESIDE}.metadata`]: '---\nmine: 1\n---\n' },
      `conflict/uncommitted-text P/${BESIDE}`,
    ],
  ];
  for (const [what, code] of rows) {
    const { repository } = await conflicted(t, content(LOW, HIGH));
    if (Object.values(what).includes(null)) remove(repository.root, `P/${BESIDE}`);
    put(repository.root, what as Record<string, string | null>);
    const first = all(repository);
    const refused = await settle(repository, OURS);
    assert.deepEqual([refused.left, codesOf(refused.problems)], [1, [code]]);
    assert.deepEqual(all(repository), first);
  }
});

test('what is edited elsewhere stays an edit', async (t) => {
  const { repository } = await conflicted(t, content(LOW, HIGH));
  put(repository.root, {
    'P/b': 'edited',
    'P/new': 'new',
    '.dbk/index/tree/P/$b.metadata': '---\nmine: 1\n---\n',
  });
  const made = await settle(repository, OTHERS);
  assert.deepEqual([made.left, codesOf(made.problems)], [0, []]);
  assert.deepEqual((await statusOf(repository)).changes, [
    'added file P/new',
    'changed file P/b',
    'metadata text P/b',
  ]);
});

test('conflicts that a person settles by hand close with the commit', async (t) => {
  const rows: readonly [what: string, story: Story, hand: (repository: Repository) => void, left: number][] =
    [
      ['the copy is deleted', content(LOW, HIGH), ({ root }) => remove(root, `P/${BESIDE}`), 0],
      ['the first is deleted', content(LOW, HIGH), ({ root }) => remove(root, 'P/a.jpg'), 0],
      [
        'the copy takes the name',
        content(LOW, HIGH),
        ({ root }) => fs.renameSync(join(root, 'P', BESIDE), join(root, 'P/a.jpg')),
        0,
      ],
      [
        'the copy gets another name',
        content(LOW, HIGH),
        ({ root }) => fs.renameSync(join(root, 'P', BESIDE), join(root, 'P/c.jpg')),
        1,
      ],
      [
        'both are edited',
        content(LOW, HIGH),
        ({ root }) => put(root, { 'P/a.jpg': 'x', [`P/${BESIDE}`]: 'y' }),
        1,
      ],
      ['something else changes', content(LOW, HIGH), ({ root }) => put(root, { 'P/b': 'y' }), 1],
      [
        'the folder moves',
        content(LOW, HIGH),
        ({ root }) => fs.renameSync(join(root, 'P'), join(root, 'Q')),
        1,
      ],
      ['what was to be deleted is', DELETED, ({ root }) => remove(root, 'P'), 0],
      ['a place that was never taken is free', RENAMED, ({ root }) => put(root, { 'P/b': 'y' }), 1],
      [
        'the field is edited',
        METADATA,
        ({ layout }) => put(layout.index, { 'tree/P/$a.jpg.metadata': '---\nrating: 2\n---\n' }),
        0,
      ],
      [
        'another field is edited',
        METADATA,
        ({ layout }) => put(layout.index, { 'tree/P/$a.jpg.metadata': `---\nx: 1\n${FIELD}---\n` }),
        1,
      ],
      ['the text goes', METADATA, ({ layout }) => remove(layout.index, 'tree/P/$a.jpg.metadata'), 0],
      ['the conflict goes', METADATA, ({ layout }) => remove(layout.index, 'conflicts'), 0],
    ];
  for (const [what, story, hand, left] of rows) {
    const { repository } = await conflicted(t, story);
    hand(repository);
    const { problems } = await commitAll(repository);
    assert.deepEqual([what, countOpenConflicts(repository), codesOf(problems)], [what, left, []]);
    assert.deepEqual([what, await statusOf(repository)], [what, { changes: [], problems: [] }]);
    if (what === 'the folder moves') {
      const made = await settle(repository, OTHERS);
      assert.deepEqual([made.left, codesOf(made.problems)], [0, []]);
      assert.equal(fs.readFileSync(join(repository.root, 'Q/a.jpg'), 'utf8'), HIGH);
    }
  }
});

test('deletions that nobody confirms close no conflict', async (t) => {
  const { repository } = await conflicted(t, content(LOW, HIGH));
  remove(repository.root, `P/${BESIDE}`);
  put(repository.root, { 'P/b': 'changed' });
  await commitAll(repository, { confirmDeletions: false });
  assert.equal(countOpenConflicts(repository), 1);
  await commitAll(repository);
  assert.equal(countOpenConflicts(repository), 0);
});

test('ordinary tools apply what is recorded', async (t) => {
  if (lacksTools(t)) return;
  for (const [story, choice] of [
    [content(LOW, HIGH), OTHERS],
    [DELETED, OURS],
    [APART, OTHERS],
    [METADATA, OURS],
  ] as const) {
    const { repository, theirs } = await conflicted(t, story);
    await settle(repository, choice);
    // They look at first parents alone.
    fs.rmSync(repository.commits.directoryOf(theirs), { recursive: true });
    judge(repository, temporary(t));
  }
});

test('paths choose, and what cannot be settled is told while the rest is', async (t) => {
  const story = content(LOW, HIGH);
  const two: Story = {
    ...story,
    merged: { ...story.merged, 'P/b': 'bb' },
    conflicts: [...story.conflicts, { kind: 'delete', paths: ['P/b'] }],
  };
  const { repository } = await conflicted(t, two);
  const none = await settle(repository, OURS, { paths: ['nowhere' as RepositoryPath] });
  assert.deepEqual([none.left, codesOf(none.problems)], [2, ['conflict/none nowhere']]);
  const one = await settle(repository, OURS, { paths: ['P/b' as RepositoryPath] });
  assert.deepEqual([one.left, one.settled[0]!.deed.kind], [1, 'close']);
  const rest = await settle(
    repository,
    { kind: 'take', repository: 'laptop' },
    { paths: ['P' as RepositoryPath] },
  );
  assert.deepEqual([rest.left, codesOf(rest.problems)], [0, []]);
});
