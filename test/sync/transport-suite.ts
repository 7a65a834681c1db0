/** What every way of getting at another repository has to do, whichever it is: one suite for all of them. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import { nameOfBytes } from '../../src/model/name.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { Breath } from '../../src/sync/breath.ts';
import { stageContent, type WantedFile } from '../../src/sync/stage.ts';
import type { Transport } from '../../src/sync/transport.ts';
import { commitAll, newRepository, put, quick } from '../flow/fixture.ts';
import { temporary } from '../tools/tree.ts';

export type Open = (t: TestContext, repository: Repository) => Promise<Transport>;

const LARGE = Buffer.from(Array.from({ length: 900_000 }, (_, i) => (i * i) % 251));
const LIMIT = 1 << 20;
const NOBODY = 'f'.repeat(64) as CommitId;
/** A name that is no text. */
const ODD = Buffer.from('odd \xff\n name', 'latin1');

export function transportSuite(kind: string, open: Open, skip: string | false = false): void {
  const check = (what: string, run: (given: Given) => Promise<void>): void => {
    test(`${kind}: ${what}`, { skip }, async (t) => run(await given(t, open)));
  };

  check('says which repository it is, and where its head is', async ({ transport, repository }) => {
    const { id, ...facts } = await transport.facts();
    assert.deepEqual(facts, { name: 'laptop', head: repository.commits.readHead() });
    assert.equal(fs.readFileSync(repository.layout.config, 'utf8').includes(id), true);
  });

  check('gives commits and patches byte by byte', async ({ transport, repository }) => {
    const head = repository.commits.readHead()!;
    const folder = repository.commits.directoryOf(head);
    const commit = await transport.readCommit(head, LIMIT);
    assert.deepEqual(Buffer.from(commit!), fs.readFileSync(join(folder, 'commit.yaml')));
    const pieces: Buffer[] = [];
    for await (const piece of transport.readPatch(head)) pieces.push(Buffer.from(piece));
    assert.deepEqual(Buffer.concat(pieces), fs.readFileSync(join(folder, 'changes.patch')));
  });

  check('says that a commit is not there', async ({ transport, repository }) => {
    assert.equal(await transport.readCommit(NOBODY, LIMIT), undefined);
    // And goes on as if nothing had been.
    assert.equal((await transport.facts()).head, repository.commits.readHead());
  });

  check('refuses a commit that is longer than asked for', async ({ transport, repository }) => {
    await assert.rejects(transport.readCommit(repository.commits.readHead()!, 10), Refusal);
  });

  check(
    'gives what is known of repositories, and of what is too long the name',
    async ({ transport, repository }) => {
      const { repositories } = repository.layout;
      fs.mkdirSync(repositories, { recursive: true });
      fs.writeFileSync(join(repositories, 'nas.yaml'), 'name: nas\n');
      fs.writeFileSync(join(repositories, 'long.yaml'), 'x'.repeat(2000));
      fs.writeFileSync(join(repositories, 'no record'), 'x');
      const found = await transport.records(1000);
      const there = fs.readdirSync(repositories).filter((name) => /^[a-z]+\.yaml$/.test(name));
      const expected = there.map((name) => [
        name.slice(0, -5),
        name === 'long.yaml' ? '' : fs.readFileSync(join(repositories, name), 'utf8'),
      ]);
      assert.deepEqual([...found].sort(), expected.sort());
    },
  );

  check('gives contents: empty, small, large, and of any name', async (it) => {
    const odd = nameOfBytes(ODD);
    const wanted = { empty: '', small: 'small', 'folder/large': LARGE, [odd]: 'of an odd name' };
    assert.deepEqual(await contentsFrom(it, wanted), wanted);
  });

  check('gives a content that stands elsewhere by now, and not what stands in its place', async (it) => {
    fs.writeFileSync(join(it.repository.root, 'small'), 'SMALL');
    assert.deepEqual(await contentsFrom(it, { small: 'small' }), { small: 'small' });
  });

  check('gives nothing for what is gone, and the rest all the same', async (it) => {
    fs.rmSync(join(it.repository.root, 'only here'));
    fs.rmSync(it.repository.layout.guard, { recursive: true, force: true });
    const found = await contentsFrom(it, { 'only here': 'only', empty: '', never: 'never' });
    assert.deepEqual(found, { 'only here': undefined, empty: '', never: undefined });
  });

  check('witnesses what stands there now, and nothing else', async ({ transport, repository }) => {
    const { root } = repository;
    const witnessed = async (wanted: Contents): Promise<string[]> => {
      const all = Object.entries(wanted).map(([path, content = '']) => ({
        path: path as RepositoryPath,
        blake3: digest(content),
        size: Buffer.byteLength(content),
      }));
      const seen = await transport.witness(all, () => undefined);
      return all.filter(({ blake3 }) => seen.has(blake3)).map(({ path }) => path);
    };
    const wanted = { empty: '', 'folder/large': LARGE, [nameOfBytes(ODD)]: 'of an odd name', small: 'small' };
    assert.deepEqual(await witnessed(wanted), Object.keys(wanted));
    assert.deepEqual(await witnessed({ small: 'SMALL', never: 'never', 'only here': 'only' }), ['only here']);
    // What moved there, what rotted, and what only the guard has.
    fs.rmSync(join(root, 'small'));
    fs.writeFileSync(
      join(root, 'folder/large'),
      LARGE.map((byte, at) => (at === 7 ? byte + 1 : byte)),
    );
    fs.rmSync(join(root, 'only here'));
    assert.deepEqual(await witnessed({ small: 'small', 'folder/large': LARGE, 'only here': 'only' }), [
      'small',
    ]);
    assert.equal((await transport.facts()).head, repository.commits.readHead());
  });

  check('follows no symlink out of the repository', async (it) => {
    const outside = temporary(it.t);
    fs.writeFileSync(join(outside, 'secret'), 'secret');
    fs.symlinkSync(outside, join(it.repository.root, 'away'));
    fs.symlinkSync(join(outside, 'secret'), join(it.repository.root, 'link'));
    assert.deepEqual(await contentsFrom(it, { 'away/secret': 'secret', link: 'secret' }), {
      'away/secret': undefined,
      link: undefined,
    });
  });
}

interface Given {
  readonly t: TestContext;
  readonly repository: Repository;
  readonly transport: Transport;
}

async function given(t: TestContext, open: Open): Promise<Given> {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, { empty: '', small: 'small', 'folder/copy of small': 'small', 'only here': 'only' });
  fs.writeFileSync(join(root, 'folder/large'), LARGE);
  fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/`), ODD]), 'of an odd name');
  await commitAll(repository);
  const transport = await open(t, repository);
  t.after(() => transport.close());
  return { t, repository, transport };
}

type Contents = Readonly<Record<string, string | Buffer | undefined>>;

/** What comes of these, as a file that is staged from where the transport says. */
async function contentsFrom({ t, transport }: Given, wanted: Contents): Promise<Contents> {
  const folder = temporary(t);
  const files = Object.entries(wanted).map(([path, content = '']): [RepositoryPath, WantedFile] => {
    const blake3 = digest(content);
    const size = Buffer.byteLength(content);
    const looks = { mode: 0o644, mtime: '2026-01-01T00:00:00Z' as Instant };
    return [path as RepositoryPath, { kind: 'file', blake3, size, ...looks }];
  });
  const asked = files.map(([path, { blake3, size }]) => ({ path, blake3, size }));
  await transport.prepare(asked, join(folder, 'fetched'), () => undefined);
  const found: Record<string, string | Buffer | undefined> = {};
  for (const [number, [path, file]] of files.entries()) {
    const staged = join(folder, String(number));
    const breath = new Breath(() => false);
    const isThere = await stageContent(quick, staged, file, transport.localSources(path, file), breath);
    const bytes = isThere ? fs.readFileSync(staged) : undefined;
    found[path] = typeof wanted[path] === 'string' ? bytes?.toString() : bytes;
  }
  return found;
}
