/** A repository in a temporary folder and a person who works with it, without the command line. */

import { join } from 'node:path/posix';
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { commit, type CommitOptions, type CommitResult } from '../../src/flow/commit.ts';
import type { Context } from '../../src/flow/context.ts';
import { forget } from '../../src/flow/forget.ts';
import { init } from '../../src/flow/init.ts';
import { list } from '../../src/flow/ls.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { status, type Status } from '../../src/flow/status.ts';
import type { Change } from '../../src/model/change.ts';
import { compareBytes } from '../../src/model/name.ts';
import { ROOT, type RepositoryPath } from '../../src/model/path.ts';
import type { Problem } from '../../src/model/problem.ts';
import { SILENT } from '../../src/model/progress.ts';
import type { Entry, Manifest } from '../../src/model/manifest.ts';
import type { GuardKind } from '../../src/text/config.ts';
import { parseManifest } from '../../src/text/manifest.ts';
import { clockAhead } from './clock.ts';
import { countingDisk, type CountingDisk } from './counting-disk.ts';
import { roomy } from './roomy.ts';
import { line, plant, temporary, type Literal } from './tree.ts';

export interface Options {
  /** The folder; by default a new temporary one. */
  readonly root?: string;
  /** Where the temporary folder is made. */
  readonly place?: string;
  readonly threads?: number;
  /** 'none' by default; with DBK_TEST_GUARD=links the suites run with that. */
  readonly guard?: GuardKind;
  /**
   * How old what stands here seems: 'settled', a minute old, so that all of it is trusted (as by default); 'young',
   * so that nothing is; or 'true', as it is outside tests.
   */
  readonly age?: keyof typeof AHEAD;
  /** What stands between the flows and the file system. */
  readonly disk?: (disk: Disk) => Disk;
}

/** What a command said, as a person would read it. */
export interface Said {
  /** `added file Music/a.flac`, in the order it was told. */
  readonly changes: readonly string[];
  /** `scan/unreadable secret`, sorted. */
  readonly problems: readonly string[];
  readonly all: readonly Problem[];
}

export interface Committed extends Said {
  readonly result: CommitResult;
}

export interface Seen extends Said {
  readonly status: Status;
}

/** Flushing costs a hundred times what the rest does, and these tests cannot see it. */
const unflushed: Disk = roomy({ ...nodeDisk, fsync: () => undefined, flushVolume: () => undefined });

const START = Date.UTC(2026, 10, 22, 18, 20, 11);

/** How far the file system's clock is made to be ahead of the files' times, in milliseconds. */
const AHEAD = { settled: 60_000, young: -60_000, true: 0 } as const;

export class Workbench {
  readonly root: string;
  readonly disk: CountingDisk;
  readonly context: Context;
  /** How far the file system's clock is thought to be ahead of the files' times. */
  private ahead: number;
  private moments = 0;
  private numbers = 0;

  constructor(root: string, { threads = 1, age = 'settled', disk = (plain) => plain }: Options) {
    this.root = root;
    this.ahead = AHEAD[age];
    const counting = countingDisk(
      clockAhead(disk(unflushed), () => this.ahead),
      root,
    );
    this.disk = counting;
    this.context = {
      // A second thread is made for the file system itself only.
      disk: threads > 1 ? nodeDisk : counting,
      clock: { now: () => START + 1000 * this.moments++, offset: () => 60 },
      random: (length) => this.random(length),
      identity: { host: 'kestrel', user: 'ada', author: 'Ada <ada@example.org>', pid: process.pid },
      progress: SILENT,
      threads,
      interrupted: () => false,
    };
  }

  get repository(): Repository {
    return openRepository(this.context, this.root);
  }

  /** A minute passes: what stands here is old enough to be trusted. */
  later(): void {
    this.ahead = AHEAD.settled;
  }

  async status(options: { readonly checkEverything?: boolean } = {}): Promise<Seen> {
    const changes: Change[] = [];
    const found = await status(this.repository, {
      checkEverything: options.checkEverything ?? false,
      report: (change) => changes.push(change),
    });
    return { status: found, ...said(changes, found.problems) };
  }

  /** Commits, and checks what has to hold after every commit. */
  async commit(options: Partial<CommitOptions> = {}): Promise<Committed> {
    const changes: Change[] = [];
    const result = await commit(this.repository, {
      message: '',
      confirmDeletions: false,
      checkEverything: false,
      dryRun: false,
      report: (change) => changes.push(change),
      ...options,
    });
    if (options.dryRun !== true) this.check();
    return { result, ...said(changes, result.problems) };
  }

  async forget(...paths: readonly string[]): Promise<void> {
    await forget(this.repository, { paths: paths as readonly RepositoryPath[], message: '', dryRun: false });
  }

  /** Each recorded path with its line, sorted by bytes; the folder is ''. */
  recorded(): [string, string][] {
    const found = this.entries().map(([path, entry]): [string, string] => [path, line(entry)]);
    const root = this.manifest('');
    return root === undefined ? found : [['', line({ kind: 'directory', mode: root.mode })], ...found];
  }

  /** Each recorded path with all that is recorded of it, sorted by bytes. */
  entries(): [string, Entry | { kind: 'directory'; mode: number }][] {
    const { repository } = this;
    const listed = [...list(repository, { path: ROOT, at: repository.commits.readHead(), recursive: true })];
    return listed
      .map(({ path, entry }): [string, typeof entry] => [path, entry])
      .sort(([a], [b]) => compareBytes(a, b));
  }

  entry(path: string): Entry | { kind: 'directory'; mode: number } | undefined {
    return this.entries().find(([at]) => at === path)?.[1];
  }

  /** The ids of hard links by path. */
  same(): Record<string, string> {
    const found = this.entries().map(([path, entry]) => [path, 'same' in entry ? entry.same : undefined]);
    return Object.fromEntries(found.filter(([, same]) => same !== undefined)) as Record<string, string>;
  }

  /** A manifest as it stands in the index, by its mirror path (`tree` is left out). */
  manifest(mirror: string): Manifest | undefined {
    const path = join(this.root, '.dbk/index/tree', mirror, 'manifest.yaml');
    return nodeDisk.lstat(path) === undefined
      ? undefined
      : parseManifest(nodeDisk.readFile(path).toString('utf8'));
  }

  /** The texts of the index with their ids, sorted by bytes. */
  texts(): [string, string][] {
    const index = join(this.root, '.dbk/index');
    const found: [string, string][] = [];
    const waiting = [''];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      for (const name of nodeDisk.readdir(`${index}/${path}`)) {
        const below = path === '' ? name : `${path}/${name}`;
        if (nodeDisk.lstat(`${index}/${below}`)!.isDirectory()) waiting.push(below);
        else found.push([below, digest(nodeDisk.readFile(`${index}/${below}`))]);
      }
    }
    return found.sort(([a], [b]) => compareBytes(a, b));
  }

  /** The index is what the last commit says it is. */
  check(): void {
    const { commits } = this.repository;
    const head = commits.readHead();
    if (head === undefined) return;
    const lines = this.texts().map(([path, id]) => `${id}  ${path}\n`);
    assert.equal(
      digest(lines.join('')),
      commits.readCommit(head).index,
      'the index is not what the commit says',
    );
  }

  /** Bytes that are different each time. */
  private random(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setUint32(length - 4, ++this.numbers);
    return bytes;
  }
}

/** A repository with this tree, not yet committed. */
export async function repository(
  t: TestContext,
  literal: Literal,
  options: Options = {},
): Promise<Workbench> {
  const root = options.root ?? temporary(t, options.place);
  plant(root, literal);
  const bench = new Workbench(root, options);
  const wish = process.env['DBK_TEST_GUARD'] ?? 'none';
  // As far as the volume can; what else could be probed for has tests of its own.
  const guard = options.guard ?? (wish === 'links' ? undefined : 'none');
  await init(bench.context, { folder: root, name: 'kestrel', ...(guard && { guard }) });
  return bench;
}

/** With a guard where a test speaks of none: what is said of the guard is not its matter. */
const isGuardUnasked = process.env['DBK_TEST_GUARD'] !== undefined;

function said(changes: readonly Change[], problems: readonly Problem[]): Said {
  return {
    changes: changes.map(({ kind, what, path }) => `${kind} ${what} ${path}`),
    problems: problems
      .filter(({ code }) => !(isGuardUnasked && code.startsWith('guard/')))
      .map(({ code, place }) => `${code} ${place?.path ?? ''}`.trim())
      .sort(compareBytes),
    all: problems,
  };
}
