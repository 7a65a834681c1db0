/** Random edits and commits, against a plain map of what should be recorded. DBK_RUNS=1000 for more runs. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Disk } from '../../src/disk/disk.ts';
import { diff } from '../../src/flow/diff.ts';
import { init } from '../../src/flow/init.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { show } from '../../src/flow/show.ts';
import type { Change } from '../../src/model/change.ts';
import type { CommitId } from '../../src/model/id.ts';
import * as fixture from '../flow/fixture.ts';
import type { Tree } from '../flow/fixture.ts';
import { temporary } from '../tools/tree.ts';
import { randomFrom, type Random } from '../text/random-trees.ts';
import { Editor } from './edits.ts';
import { byPath, digestOf, isSameThing, mirrorOf, rulesOf, treeTexts } from './expected.ts';
import { withCopied } from './copied.ts';
import { applied, assertTold, factsOf, sidecarsAfter, unconfirmedWith } from './moved.ts';

const RUNS = Number(process.env['DBK_RUNS'] ?? 200);
const FIRST_SEED = Number(process.env['DBK_SEED'] ?? 1);
const COMMITS = 4;

before(() => loadBlake3());

test('whatever people do to a folder, every commit records what is there and every earlier one stays', async (t) => {
  const scratch = temporary(t);
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
    const run = new Run(join(scratch, String(seed)), seed);
    try {
      await run.go();
    } catch (error) {
      const what = run.done.map((line) => `  ${JSON.stringify(line)}`).join('\n');
      const { stack } = error as Error;
      throw new Error(`with DBK_SEED=${seed} DBK_RUNS=1, after:\n${what}\n${stack}`, { cause: error });
    }
    fs.rmSync(join(scratch, String(seed)), { recursive: true });
  }
});

/** A disk whose clock is a little ahead of its files': of what was read before this moment nothing is too young to trust. */
function settledDisk(root: string): Disk {
  const { quick } = fixture;
  const stamp = `${root}/.dbk/local/stamp-`;
  return {
    ...quick,
    lstat: (path) => {
      const stats = quick.lstat(path);
      return stats !== undefined && path.startsWith(stamp)
        ? Object.assign(stats, { mtimeMs: stats.mtimeMs + 20 })
        : stats;
    },
  };
}

class Run {
  readonly done: string[] = [];
  readonly #root: string;
  readonly #random: Random;
  readonly #history: { readonly id: CommitId; readonly tree: Tree }[] = [];
  readonly #isSettled: boolean;
  #recorded: Tree = new Map();
  /** What somebody wrote about what stands at a path. */
  #sidecars: ReadonlyMap<string, string> = new Map();
  /** The rules of a directory. */
  #rules: ReadonlyMap<string, string> = new Map();

  constructor(root: string, seed: number) {
    this.#root = root;
    this.#random = randomFrom(seed);
    this.#isSettled = seed % 2 === 0;
  }

  async go(): Promise<void> {
    const context = fixture.contextOf(this.#isSettled ? settledDisk(this.#root) : fixture.quick);
    const repository = await init(context, { folder: this.#root, name: 'laptop' });
    const editor = new Editor(this.#root, this.#random);
    for (let i = 0; i < 5; i++) this.done.push(editor.edit());
    for (let commits = 0; commits < COMMITS; commits++) {
      for (let edits = this.#random(5); edits >= 0; edits--) {
        this.done.push(editor.edit());
        if (this.#random(8) === 0) await this.#look(repository);
      }
      if (this.#random(5) === 0) this.#loseCache(repository);
      await this.#commit(fixture.reopened(repository));
      if (this.#random(2) === 0) await this.#writeSidecars(fixture.reopened(repository));
    }
    const later = fixture.reopened(repository);
    for (const commit of this.#history) this.#checkListing(later, commit);
    await this.#compareCommits(later);
  }

  /** Where nothing is too young to trust, only the clock of the file system may tell edits apart. */
  #letTimePass(): void {
    if (!this.#isSettled) return;
    const probe = `${this.#root}-probe`;
    const time = (): bigint => {
      fs.writeFileSync(probe, '');
      return fs.statSync(probe, { bigint: true }).mtimeNs;
    };
    for (const start = time(); time() === start;);
  }

  #loseCache({ layout }: Repository): void {
    this.done.push('the cache is lost');
    const lost = this.#random(2) === 0 ? [layout.local] : [layout.cache, `${layout.cache}-index`];
    for (const path of lost) fs.rmSync(path, { recursive: true, force: true });
  }

  async #look(repository: Repository): Promise<void> {
    this.done.push('status');
    this.#letTimePass();
    const seen = await fixture.statusOf(fixture.reopened(repository));
    assertTold(seen.all, this.#recorded, fixture.treeOnDisk(this.#root), 'missing');
    this.#letTimePass();
  }

  async #commit(repository: Repository): Promise<void> {
    const confirmed = this.#random(3) > 0;
    this.done.push(confirmed ? 'commit' : 'commit without deletions');
    this.#letTimePass();
    const onDisk = fixture.treeOnDisk(this.#root);
    const isFirst = this.#history.length === 0;
    const patch = confirmed ? await patchOf(repository) : undefined;
    const { commit, changes } = await fixture.commitAll(repository, { confirmDeletions: confirmed });
    const moved = commit === undefined ? [] : repository.commits.readCommit(commit).moved;
    const onlyDisk = factsOf(moved, this.#recorded, onDisk);
    const expected = confirmed ? onDisk : unconfirmedWith(onlyDisk, this.#recorded, onDisk);
    const facts = factsOf(moved, this.#recorded, expected);
    const rules = rulesOf(
      expected,
      onDisk,
      this.#rules,
      (path) => confirmed || facts.forwards(path) !== undefined,
    );
    assertTold(changes, this.#recorded, expected, 'removed');
    if (commit !== undefined && patch !== undefined) assert.equal(patch, storedPatch(repository, commit));
    const isNothing = isSame(this.#recorded, expected) && isDeepStrictEqual(this.#rules, rules) && !isFirst;
    assert.equal(commit === undefined, isNothing, 'a commit exactly where something changed');
    if (commit !== undefined) this.#history.push({ id: commit, tree: expected });
    const before = this.#sidecars;
    const after = sidecarsAfter(before, facts, (path) => isSameThing(path, this.#recorded, expected));
    const texts = fixture.textsIn(repository.layout.index);
    this.#sidecars = withCopied({ recorded: this.#recorded, expected, facts, before, after, texts });
    this.#rules = rules;
    this.#recorded = expected;
    this.#letTimePass();
    await this.#check(fixture.reopened(repository), onDisk);
    this.#letTimePass();
  }

  async #writeSidecars(repository: Repository): Promise<void> {
    const sidecars = new Map(this.#sidecars);
    const places = mirrorOf(this.#recorded).sidecars;
    for (let i = this.#random(3); i >= 0; i--) {
      const path = [...this.#recorded.keys()][this.#random(this.#recorded.size)]!;
      const text = [undefined, '', 'no feed', '---\nrating: 1\n---\n', `crlf ${this.#history.length}\r\n`][
        this.#random(5)
      ];
      const place = join(repository.layout.index, places.get(path)!);
      this.done.push(`sidecar of ${path}: ${text}`);
      if (text === undefined) fs.rmSync(place, { force: true });
      else fs.writeFileSync(place, text);
      if (text === undefined) sidecars.delete(path);
      else sidecars.set(path, text);
    }
    this.#sidecars = sidecars;
    await fixture.commitAll(repository, { confirmDeletions: false });
    const head = repository.commits.readHead()!;
    if (head !== this.#history.at(-1)!.id) this.#history.push({ id: head, tree: this.#recorded });
    await this.#check(fixture.reopened(repository), fixture.treeOnDisk(this.#root));
  }

  async #check(repository: Repository, onDisk: Tree): Promise<void> {
    const head = this.#history.at(-1);
    assert.equal(repository.commits.readHead(), head?.id);
    assert.deepEqual(fixture.treeOnDisk(this.#root), onDisk, 'nothing of the person is touched');
    const { all, problems } = await fixture.statusOf(fixture.reopened(repository));
    assertTold(all, this.#recorded, onDisk, 'missing');
    // Links and directories called `.dbkignore` are no rules.
    assert.deepEqual(
      problems.filter(({ code }) => code !== 'scan/bad-ignore-file'),
      [],
    );
    assert.deepEqual(fixture.leftoversIn(repository), []);
    if (head !== undefined) {
      const texts = fixture.textsIn(repository.layout.index);
      assert.deepEqual(treeTexts(texts), this.#expectedTexts());
      assert.equal(digestOf(texts), repository.commits.readCommit(head.id).index);
    }
    if (head !== undefined) this.#checkListing(repository, head);
  }

  #expectedTexts(): Map<string, string> {
    const { manifests, sidecars } = mirrorOf(this.#recorded);
    const written = [...this.#sidecars].map(([path, text]) => [sidecars.get(path)!, text] as const);
    const rules = [...this.#rules].map(([path, text]) => {
      const mirror = sidecars.get(path)!.slice('tree'.length, -'$.metadata'.length);
      return [`ignore.d${mirror}$rules`, text] as const;
    });
    return new Map([...manifests, ...written, ...rules].sort(byPath));
  }

  #checkListing(repository: Repository, { id, tree }: { readonly id: CommitId; readonly tree: Tree }): void {
    const listed = fixture.lines(fixture.treeAt(repository, id));
    assert.deepEqual(listed, fixture.lines(fixture.withoutRoot(tree)), `listing of ${id}`);
  }

  /** apply(base, diff(base, x)) = x. */
  async #compareCommits(repository: Repository): Promise<void> {
    const check = (from: Tree, changes: Iterable<Change>, to: Tree, what: string): void =>
      assert.deepEqual(fixture.lines(applied(from, changes, to)), fixture.lines(to), what);
    const anyCommit = (): { id: CommitId; tree: Tree } => this.#history[this.#random(this.#history.length)]!;
    for (let i = 0; i < 3; i++) {
      const [from, to] = [anyCommit(), anyCommit()];
      const difference = await diff(repository, { from: from.id, to: to.id, paths: [] });
      check(from.tree, difference.changes(), to.tree, 'diff');
    }
    const from = anyCommit();
    const difference = await diff(repository, { from: from.id, paths: [] });
    check(from.tree, difference.changes(), fixture.treeOnDisk(this.#root), 'diff to the disk');
    for (const [number, { id, tree }] of this.#history.entries()) {
      check(this.#history[number - 1]?.tree ?? new Map(), show(repository, id).changes(), tree, 'show');
    }
  }
}

function isSame(a: Tree, b: Tree): boolean {
  return isDeepStrictEqual(fixture.lines(a), fixture.lines(b));
}

/** What `diff` prints is what the next commit stores. */
async function patchOf(repository: Repository): Promise<string> {
  const { patch } = await diff(fixture.reopened(repository), { paths: [] });
  return [...patch()].join('');
}

function storedPatch({ commits }: Repository, id: CommitId): string {
  return fs.readFileSync(join(commits.directoryOf(id), 'changes.patch'), 'utf8');
}
