/**
 * Repositories beside each other in which people work, which meet in any order, and whose programs die now and then.
 *
 * Long because each command that can be run is a deed of its own.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { digest } from '../../src/disk/blake3.ts';
import type { Disk } from '../../src/disk/disk.ts';
import { clone } from '../../src/flow/clone.ts';
import type { Context } from '../../src/flow/context.ts';
import { drop } from '../../src/flow/drop.ts';
import { get } from '../../src/flow/get.ts';
import { init } from '../../src/flow/init.ts';
import { openFolder } from '../../src/flow/merge-source.ts';
import { merge } from '../../src/flow/merge.ts';
import { push } from '../../src/flow/push.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { listOperations, undo } from '../../src/flow/undo.ts';
import { setWant, wantOf } from '../../src/flow/want.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import type { Transport } from '../../src/sync/transport.ts';
import type { WantRule } from '../../src/text/want.ts';
import { faultyDisk, Killed } from '../disk/faulty.ts';
import { commitAll, contextOf, quick, statusOf, treeAt } from '../flow/fixture.ts';
import { UNWATCHED } from '../flow/two-repositories.ts';
import { randomFrom, type Random } from '../text/random-trees.ts';
import { Hands } from './hands.ts';
import { Ledger, standingIn } from './ledger.ts';

const NAMES = ['laptop', 'nas', 'disk', 'stick'];
const RULES: readonly (readonly WantRule[])[] = [
  [],
  [{ not: 'a/' }],
  [{ not: 'b/' }],
  [{ path: 'a/**' }],
  [{ not: 'a/c/' }],
];
/** Of a process that is no more. */
const DEAD = spawnSync('true').pid;
/** A program makes about so many changing calls. */
const CALLS = 150;
/** So often all meet all before they have to be equal. */
const ROUNDS = 8;

export class World {
  readonly log: string[] = [];
  private readonly folder: string;
  private readonly random: Random;
  private readonly ledger = new Ledger();
  private readonly hands: Hands;
  private readonly contexts = new Map<string, Context>();
  private readonly rules = new Map<string, readonly WantRule[]>();

  constructor(folder: string, seed: number) {
    this.folder = folder;
    this.random = randomFrom(seed);
    this.hands = new Hands(this.random, this.ledger);
  }

  async begin(): Promise<void> {
    const name = NAMES[0]!;
    await init(this.contextOf(name), { folder: this.at(name), name });
    for (let i = 0; i < 6; i++) this.say(name, this.hands.do(this.at(name)));
    await this.whole(name, 'commit', commitAll);
    for (let i = 0; i <= this.random(2); i++) await this.clone();
  }

  async step(): Promise<void> {
    const name = this.any();
    const kind = this.random(20);
    if (kind < 10) this.say(name, this.hands.do(this.at(name)));
    else if (kind < 12) await this.commit(name);
    else if (kind < 14) await this.pull(name, this.other(name));
    else if (kind < 16) await this.push(name, this.other(name));
    else if (kind === 16) await this.want(name);
    else if (kind === 17) await this.drop(name);
    else if (kind === 18) await this.get(name);
    else if (this.names.length < NAMES.length && this.random(3) === 0) await this.clone();
    else await this.undo(name);
    this.check(this.log.at(-1)!);
  }

  /** All meet all until nothing changes, and then each has what it wants of the same. */
  async end(): Promise<void> {
    for (const name of this.names) await this.whole(name, 'commit', commitAll);
    for (let round = 1; ; round++) {
      const before = this.state();
      for (const one of this.names)
        for (const other of this.names)
          if (one !== other)
            await this.whole(one, `pull from ${other}`, (repository) => this.merged(repository, other));
      this.check(`round ${round}`);
      if (before === this.state()) break;
      assert.ok(round < ROUNDS, 'they come to no end');
    }
    const heads = this.names.map((name) => this.open(name).commits.readHead());
    assert.equal(new Set(heads).size, 1, 'all are at one commit');
    for (const name of this.names) await this.checkWhole(name);
  }

  private async checkWhole(name: string): Promise<void> {
    const repository = this.open(name);
    const { changes, problems } = await statusOf(repository);
    assert.deepEqual(changes, [], `${name} has nothing to say`);
    const inTheWay = problems.flatMap(({ code, place }) =>
      code === 'flow/in-place-of-absent' ? [place!.path] : [],
    );
    const isInTheWay = (path: string): boolean => inTheWay.some((each) => `${path}/`.startsWith(`${each}/`));
    const stands = standingIn(this.at(name));
    const everywhere = new Set(this.names.flatMap((each) => [...standingIn(this.at(each)).keys()]));
    const recorded = treeAt(repository, repository.commits.readHead()!);
    for (const [path, thing] of recorded) {
      if (thing.kind !== 'file') continue;
      // A version that somebody gave up may be in a guard alone.
      if (!everywhere.has(path)) continue;
      const isWanted = wants(this.rules.get(name) ?? [], path);
      if (isWanted && !isInTheWay(path))
        assert.ok(stands.has(path), `${name} wants '${path}' and has it not`);
    }
    for (const path of stands.keys())
      assert.ok(recorded.has(path) || isInTheWay(path), `'${path}' stands at ${name}, not recorded`);
  }

  private async commit(name: string): Promise<void> {
    const confirmDeletions = this.random(3) > 0;
    await this.run(name, `commit${confirmDeletions ? '' : ', deletions unconfirmed'}`, (repository) =>
      commitAll(repository, { confirmDeletions }),
    );
  }

  private async pull(name: string, other: string): Promise<void> {
    const confirmDeletions = this.random(2) > 0;
    await this.run(name, `pull from ${other}`, (repository) =>
      this.merged(repository, other, confirmDeletions),
    );
  }

  private merged(repository: Repository, other: string, confirmDeletions = true): Promise<unknown> {
    const transport = openFolder(repository, this.at(other), this.at(other));
    return merge(repository, {
      ...UNWATCHED,
      confirmDeletions,
      source: { kind: 'repository', transport },
    });
  }

  private async push(name: string, other: string): Promise<void> {
    const remote = { name: other, kind: 'path', path: this.at(other) } as const;
    await this.run(name, `push to ${other}`, (repository) =>
      push(repository, { ...UNWATCHED, confirmDeletions: true, remote }),
    );
  }

  private async want(name: string): Promise<void> {
    const rules = RULES[this.random(RULES.length)]!;
    const words = rules.map((rule) => rule.path ?? `not ${rule.not}`).join(', ');
    await this.run(name, `want ${words || 'all'}`, async (repository) => {
      await setWant(repository, rules, false);
    });
    // Killed, it is the one or the other.
    this.rules.set(name, await wantOf(this.open(name)));
  }

  private async drop(name: string): Promise<void> {
    const [path, unwant, free] = [this.anyRecorded(name), this.random(2) === 0, this.random(3) === 0];
    const others = this.names.filter((each) => each !== name);
    await this.run(name, `drop ${path}${unwant ? ', unwanted' : ''}${free ? ', free' : ''}`, (repository) =>
      drop(repository, {
        ...UNWATCHED,
        confirmDeletions: false,
        paths: [path as RepositoryPath],
        from: others.map((other) => onOtherVolume(openFolder(repository, other, this.at(other)))),
        unwant,
        free,
      }),
    );
    this.rules.set(name, await wantOf(this.open(name)));
  }

  private async get(name: string): Promise<void> {
    const path = this.anyRecorded(name);
    const others = this.names.filter((each) => each !== name);
    await this.run(name, `get ${path}`, (repository) =>
      get(repository, {
        ...UNWATCHED,
        confirmDeletions: false,
        paths: [path as RepositoryPath],
        from: others.map((other) => openFolder(repository, other, this.at(other))),
      }),
    );
  }

  private async undo(name: string): Promise<void> {
    // Without a first commit there is no history in common.
    const last = [...listOperations(this.open(name), () => undefined)][0];
    if (last?.operation.before === '') return this.say(name, 'nothing: this was the beginning');
    const before = [...standingIn(this.at(name)).values()];
    await this.run(name, 'undo', (repository) => undo(repository, { dryRun: false }));
    const after = new Set(standingIn(this.at(name)).values());
    this.ledger.giveUp(before.filter((content) => !after.has(content)));
  }

  private async clone(): Promise<void> {
    const name = NAMES[this.names.length]!;
    const source = this.any();
    const rules = RULES[this.random(RULES.length)]!;
    const context = this.contextOf(name);
    await clone(context, {
      source: this.at(source),
      directory: '/',
      folder: this.at(name),
      name,
      ...(rules.length > 0 && { want: rules }),
      report: () => undefined,
    });
    this.rules.set(name, rules);
    this.say(name, `clone of ${source}`);
  }

  /** A command that may die at any call. */
  private async run(
    name: string,
    what: string,
    command: (repository: Repository) => Promise<unknown>,
  ): Promise<void> {
    const dies = this.random(4) === 0 ? 1 + this.random(CALLS) : undefined;
    if (dies === undefined) return this.whole(name, what, command);
    const disk = faultyDisk(quick, { kind: 'dies', at: dies, torn: dies % 3 === 0 });
    const context = this.contextOf(name, DEAD, disk);
    this.say(name, `${what}, killed at call ${dies}`);
    try {
      await command(openRepository(context, this.at(name)));
    } catch (error) {
      if (!(error instanceof Killed) && !(error instanceof Refusal)) throw error;
    }
    for (const each of this.names) restart(this.at(each));
  }

  private async whole(
    name: string,
    what: string,
    command: (repository: Repository) => Promise<unknown>,
  ): Promise<void> {
    this.say(name, what);
    try {
      await command(this.open(name));
      this.ledger.commit(this.recordedOf(name));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.say(name, `refused: ${error.message.replaceAll(this.folder, '')}`);
    }
  }

  /** What stands and is recorded as it stands. */
  private *recordedOf(name: string): Generator<string> {
    const repository = this.open(name);
    const head = repository.commits.readHead();
    if (head === undefined) return;
    const recorded = treeAt(repository, head);
    for (const [path, content] of standingIn(this.at(name))) {
      const thing = recorded.get(path);
      if (thing?.kind === 'file' && thing.id === digest(content)) yield content;
    }
  }

  private check(after: string): void {
    const faults = this.ledger.faults(this.names.map((name) => this.at(name)));
    assert.deepEqual(faults, [], `after: ${after}`);
  }

  private state(): string {
    return JSON.stringify(
      this.names.map((name) => [this.open(name).commits.readHead(), ...standingIn(this.at(name))]),
    );
  }

  private anyRecorded(name: string): string {
    const repository = this.open(name);
    const head = repository.commits.readHead();
    const paths =
      head === undefined ? [] : [...treeAt(repository, head).keys()].filter((path) => path !== '');
    return paths.sort()[this.random(Math.max(1, paths.length))] ?? 'a';
  }

  private any(): string {
    return this.names[this.random(this.names.length)]!;
  }

  private other(name: string): string {
    const others = this.names.filter((each) => each !== name);
    return others[this.random(others.length)]!;
  }

  private get names(): readonly string[] {
    return NAMES.filter((name) => fs.existsSync(join(this.at(name), '.dbk/config.yaml')));
  }

  private at(name: string): string {
    return join(this.folder, name);
  }

  private open(name: string): Repository {
    return openRepository(this.contextOf(name), this.at(name));
  }

  /** Ids that are made in one repository are others than those of the rest. */
  private contextOf(name: string, pid = process.pid, disk: Disk = quick): Context {
    let context = this.contexts.get(name);
    if (context === undefined) {
      const made = contextOf();
      const salt = NAMES.indexOf(name) + 1;
      context = { ...made, random: (length) => made.random(length).map((byte) => byte ^ salt) };
      this.contexts.set(name, context);
    }
    return { ...context, disk, identity: { ...context.identity, pid } };
  }

  private say(name: string, what: string): void {
    this.log.push(`${name}: ${what}`);
  }
}

function wants(rules: readonly WantRule[], path: string): boolean {
  let isWanted = !rules.some(({ path: glob }) => glob !== undefined);
  for (const { path: glob, not } of rules) {
    if (glob !== undefined && path.startsWith(glob.replace('**', ''))) isWanted = true;
    if (not !== undefined && `${path}/`.startsWith(not)) isWanted = false;
  }
  return isWanted;
}

function onOtherVolume(transport: Transport): Transport {
  return { ...transport, volume: () => undefined };
}

/** What a process that is no more left of a lock is nobody's. */
function restart(folder: string): void {
  const lock = join(folder, '.dbk/local/lock');
  if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
}
