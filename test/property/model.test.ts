/** Random edits and commits, against a plain map of what should be recorded. DBK_RUNS=1000 for more runs. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import type { Disk } from '../../src/disk/disk.ts';
import { diff } from '../../src/flow/diff.ts';
import { init } from '../../src/flow/init.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { Change } from '../../src/model/change.ts';
import type { CommitId, ContentId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Entry } from '../../src/model/manifest.ts';
import { compareBytes, type Name } from '../../src/model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../../src/model/path.ts';
import { writeManifest } from '../../src/text/manifest.ts';
import { isCut, mirrorNames } from '../../src/text/mirror.ts';
import * as fixture from '../flow/fixture.ts';
import type { Thing, Tree } from '../flow/fixture.ts';
import { temporary } from '../tools/tree.ts';
import { randomFrom, type Random } from '../text/random-trees.ts';
import { CONTENTS, Editor } from './edits.ts';

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
    assert.deepEqual(seen.changes, differences(this.#recorded, fixture.treeOnDisk(this.#root)));
    this.#letTimePass();
  }

  async #commit(repository: Repository): Promise<void> {
    const confirmed = this.#random(3) > 0;
    this.done.push(confirmed ? 'commit' : 'commit without deletions');
    this.#letTimePass();
    const onDisk = fixture.treeOnDisk(this.#root);
    const expected = confirmed ? onDisk : withUnconfirmed(this.#recorded, onDisk);
    const rules = rulesOf(expected, onDisk, this.#rules, confirmed);
    const isFirst = this.#history.length === 0;
    const { commit } = await fixture.commitAll(repository, { confirmDeletions: confirmed });
    const isNothing = isSame(this.#recorded, expected) && isDeepStrictEqual(this.#rules, rules) && !isFirst;
    assert.equal(commit === undefined, isNothing, 'a commit exactly where something changed');
    if (commit !== undefined) this.#history.push({ id: commit, tree: expected });
    this.#sidecars = new Map(
      [...this.#sidecars].filter(([path]) => isSameThing(path, this.#recorded, expected)),
    );
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
    const { changes, problems } = await fixture.statusOf(fixture.reopened(repository));
    assert.deepEqual(changes, differences(this.#recorded, onDisk), 'status after the commit');
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
    for (let i = 0; i < 3; i++) {
      const from = this.#history[this.#random(this.#history.length)]!;
      const to = this.#history[this.#random(this.#history.length)]!;
      const difference = await diff(repository, { from: from.id, to: to.id, paths: [] });
      assert.deepEqual(
        fixture.lines(applied(from.tree, difference.changes(), to.tree)),
        fixture.lines(to.tree),
      );
    }
  }
}

function isSame(a: Tree, b: Tree): boolean {
  return isDeepStrictEqual(fixture.lines(a), fixture.lines(b));
}

/** What a commit records that may record no deletion: of what is gone everything stays, and nothing in its place. */
function withUnconfirmed(recorded: Tree, onDisk: Tree): Tree {
  const result = new Map(onDisk);
  for (const [path, thing] of recorded) {
    const now = onDisk.get(path);
    if (now !== undefined && isDirectory(now) === isDirectory(thing)) continue;
    if (now !== undefined) for (const other of onDisk.keys()) if (isWithin(other, path)) result.delete(other);
  }
  for (const [path, thing] of recorded) if (!result.has(path)) result.set(path, thing);
  return result;
}

/** What a status tells of two trees, path by path. */
function differences(recorded: Tree, onDisk: Tree): string[] {
  const told: string[] = [];
  for (const path of new Set([...recorded.keys(), ...onDisk.keys()])) {
    const [before, after] = [recorded.get(path), onDisk.get(path)];
    if (before !== undefined && (after === undefined || isDirectory(before) !== isDirectory(after))) {
      told.push(`missing ${before.kind} ${path}`);
    }
    if (after !== undefined && (before === undefined || isDirectory(before) !== isDirectory(after))) {
      told.push(`added ${after.kind} ${path}`);
    }
    const kind = before && after && kindOf(before, after);
    if (kind !== undefined) told.push(`${kind} ${after!.kind} ${path}`);
  }
  return told.sort();
}

function kindOf(before: Thing, after: Thing): string | undefined {
  if (isDirectory(before) !== isDirectory(after)) return undefined;
  if (before.kind !== after.kind) return 'retyped';
  if (before.kind === 'link')
    return before.target === (after as typeof before).target ? undefined : 'changed';
  if (before.kind === 'directory') return before.mode === (after as typeof before).mode ? undefined : 'mode';
  const now = after as typeof before;
  if (before.id !== now.id) return 'changed';
  if (before.mode !== now.mode) return 'mode';
  return before.mtime === now.mtime ? undefined : 'metadata';
}

/** A change does not say the mode of a directory: that is taken from `result` where the change says it is another. */
function applied(base: Tree, changes: Iterable<Change>, result: Tree): Tree {
  const tree = new Map(base);
  const all = [...changes];
  for (const { kind, path } of all) if (kind === 'removed') tree.delete(path);
  for (const { kind, path, what, after } of all) {
    if (kind === 'removed') continue;
    if (what === 'directory') tree.set(path, result.get(path)!);
    else if (after !== undefined) tree.set(path, fixture.thingOf(after));
  }
  return tree;
}

/** Whether what somebody wrote about a path is still about something: a file or link, or a folder, as it was. */
function isSameThing(path: string, before: Tree, after: Tree): boolean {
  const [old, now] = [before.get(path), after.get(path)];
  return old !== undefined && now !== undefined && isDirectory(old) === isDirectory(now);
}

/** The file on the disk counts; where it is gone, or is none, those that were known stay until somebody confirms. */
function rulesOf(
  expected: Tree,
  onDisk: Tree,
  before: ReadonlyMap<string, string>,
  confirmed: boolean,
): Map<string, string> {
  const rules = new Map<string, string>();
  for (const [path, { kind }] of expected) {
    if (kind !== 'directory') continue;
    const file = onDisk.get(childOf(path as RepositoryPath, '.dbkignore' as Name));
    const isGone = file === undefined || file.kind === 'directory';
    const kept = isGone && confirmed ? undefined : before.get(path);
    const text = file?.kind === 'file' ? CONTENTS.find((content) => digest(content) === file.id) : kept;
    if (text !== undefined) rules.set(path, text);
  }
  return rules;
}

function treeTexts(texts: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...texts].filter(([path]) => /^(tree|ignore\.d)\//.test(path)).sort(byPath));
}

function byPath([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return compareBytes(a, b);
}

interface Mirror {
  /** Path of the text to the text. */
  readonly manifests: ReadonlyMap<string, string>;
  /** Path of the person's to where a text about it stands. */
  readonly sidecars: ReadonlyMap<string, string>;
}

/** As if written anew: where each text stands and what it says is a function of the tree alone. */
function mirrorOf(tree: Tree): Mirror {
  const manifests = new Map<string, string>();
  const sidecars = new Map<string, string>();
  const write = (directory: RepositoryPath, mirror: string): void => {
    const things = [...tree].filter(
      ([path]) => path !== '' && parentOf(path as RepositoryPath) === directory,
    );
    const named = things.map(([path, thing]) => [nameOf(path as RepositoryPath), thing] as const);
    const files = named.filter(([, thing]) => !isDirectory(thing)).sort(([a], [b]) => compareBytes(a, b));
    const mirrors = mirrorNames(
      named.filter(([, thing]) => isDirectory(thing)).map(([name]) => name),
      digest,
    );
    manifests.set(`${mirror}/manifest.yaml`, manifestText(tree.get(directory)!, files, mirrors));
    sidecars.set(directory, `${mirror}/$.metadata`);
    for (const [name, its] of mirrorNames(
      files.map(([file]) => file),
      digest,
    )) {
      sidecars.set(childOf(directory, name), `${mirror}/$${its}.metadata`);
    }
    for (const [name, its] of mirrors) write(childOf(directory, name), `${mirror}/${its}`);
  };
  write('' as RepositoryPath, 'tree');
  return { manifests, sidecars };
}

function manifestText(
  directory: Thing,
  files: readonly (readonly [Name, Thing])[],
  mirrors: ReadonlyMap<Name, string>,
): string {
  const { mode } = directory as Extract<Thing, { kind: 'directory' }>;
  const cut = [...mirrors].filter(([name, mirror]) => isCut(mirror, name, digest));
  const manifest = { mode, files: new Map(files.map(([name, thing]) => [name, entryOf(thing)] as const)) };
  if (cut.length === 0) return writeManifest(manifest);
  const byMirror = cut.map(([name, mirror]) => [mirror, name] as const).sort(byPath);
  return writeManifest({ ...manifest, directories: new Map(byMirror) });
}

function entryOf(thing: Thing): Entry {
  if (thing.kind !== 'file')
    return { kind: 'link', target: (thing as Extract<Thing, { kind: 'link' }>).target };
  const { mode, id, size, mtime } = thing;
  return { kind: 'file', mode, blake3: id as ContentId, size, mtime: mtime as Instant };
}

function digestOf(texts: ReadonlyMap<string, string>): string {
  const sorted = [...texts].filter(([path]) => !path.endsWith('/')).sort(([a], [b]) => compareBytes(a, b));
  return digest(sorted.map(([path, text]) => `${digest(text)}  ${path}\n`).join(''));
}

function isDirectory({ kind }: Thing): boolean {
  return kind === 'directory';
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
