import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { authorOfPerson, changeSetting, setting, settings } from '../../src/flow/configure.ts';
import { Refusal } from '../../src/model/problem.ts';
import { newRepository, quick } from './fixture.ts';

const reasonOf = (error: unknown): string =>
  error instanceof Refusal ? `${error.kind}: ${error.problem.reason}` : String(error);

test('one line of a config changes, and what a person wrote around it stays', async (t) => {
  const repository = await newRepository(t);
  const { config } = repository.layout;
  const text = `dbk: config 1\n# mine\nname: laptop   # this one\nid: 5e6f7a8b9c0d1e2f\nkeep:\n    age: 1y # long\n    commits: 3\n`;
  fs.writeFileSync(config, text);
  await changeSetting(repository, 'keep.age', '2w');
  await changeSetting(repository, 'author', "Ada: 'the' first");
  assert.equal(
    fs.readFileSync(config, 'utf8'),
    `${text.replace('1y #', '2w #')}author: "Ada: 'the' first"\n`,
  );
  assert.deepEqual(
    (await settings(repository)).map(({ key, value }) => `${key}=${value}`),
    [
      'name=laptop',
      'id=5e6f7a8b9c0d1e2f',
      `author=Ada: 'the' first`,
      'guard=none',
      'index=files',
      'confirm=1000',
      'keep.commits=3',
      'keep.age=2w',
      'keep.free=10%',
    ],
  );
});

test('a setting that cannot be is refused, and nothing is written', async (t) => {
  const repository = await newRepository(t);
  const before = fs.readFileSync(repository.layout.config, 'utf8');
  const rows = [
    ['nothing', 'x', `usage: there is no setting 'nothing'`],
    ['id', '0000000000000000', `usage: 'id' cannot be changed`],
    ['confirm', '-1', `usage: 'confirm' is not a whole number`],
    ['author', '', `usage: 'author' is not a text with something in it`],
  ] as const;
  for (const [key, value, expected] of rows) {
    await assert.rejects(changeSetting(repository, key, value), (error) => {
      assert.equal(reasonOf(error), expected);
      return true;
    });
  }
  assert.equal(fs.readFileSync(repository.layout.config, 'utf8'), before);
  await assert.rejects(setting(repository, 'nothing'), Refusal);
});

test('what a repository said of itself follows its name, and takes nobody else’s', async (t) => {
  const repository = await newRepository(t);
  const { repositories } = repository.layout;
  const record = (name: string): string => join(repositories, `${name}.yaml`);
  const own = fs.readFileSync(record('laptop'), 'utf8');
  fs.writeFileSync(
    record('nas'),
    own.replace('laptop', 'nas').replace(/^id: .*$/m, 'id: "0000000000000001"'),
  );
  await assert.rejects(changeSetting(repository, 'name', 'nas'), (error) => {
    assert.equal(reasonOf(error), `usage: another repository is called 'nas'`);
    return true;
  });
  await changeSetting(repository, 'name', 'disk');
  assert.deepEqual(fs.readdirSync(repositories).sort(), ['disk.yaml', 'nas.yaml']);
  assert.equal(
    fs.readFileSync(record('disk'), 'utf8'),
    own.replace('name: laptop', 'name: disk').replace('serial: 1', 'serial: 2'),
  );
  assert.equal((await setting(repository, 'name')).value, 'disk');
});

test('a person’s own settings name an author, in any YAML, or nobody', async (t) => {
  const { root } = await newRepository(t);
  const path = join(root, 'person.yaml');
  assert.equal(await authorOfPerson(quick, path), undefined);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['', undefined],
    ['\n', undefined],
    ['colour: blue\n', undefined],
    ['author: Ada\n', 'Ada'],
    ['dbk: config 1\nauthor: Ada\n', 'Ada'],
    [`# me\nauthor: 'Ada <ada@example.org>'  # at home\n`, 'Ada <ada@example.org>'],
    ['author: >-\n  Ada\n  Lovelace\n', 'Ada Lovelace'],
  ];
  for (const [text, expected] of rows) {
    fs.writeFileSync(path, text);
    assert.equal(await authorOfPerson(quick, path), expected, text);
  }
  for (const text of ['author: []\n', 'author: *a\n', 'dbk: config 2\nauthor: Ada\n']) {
    fs.writeFileSync(path, text);
    await assert.rejects(authorOfPerson(quick, path), Refusal, text);
  }
});
