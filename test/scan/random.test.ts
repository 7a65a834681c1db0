/** Random edits, ignore rules and looks: whatever is asked in whatever order, the cache changes no answer. DBK_RUNS=500 for more. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { init } from '../../src/flow/init.ts';
import { why } from '../../src/flow/why.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { randomFrom } from '../text/random-trees.ts';
import { Workbench, type Seen } from '../tools/repository.ts';
import { linesIn, temporary } from '../tools/tree.ts';

const RUNS = Number(process.env['DBK_RUNS'] ?? 10);
const FIRST_SEED = Number(process.env['DBK_SEED'] ?? 1);
const STEPS = 50;
const NAMES = ['a', 'b', 'A', 'x.o', 'y.o', 'z.c', 'build', 'tmp'];
const RULES = [
  '*.o',
  'build',
  'build/',
  '/a',
  'tmp/',
  '!x.o',
  '*',
  'a/b',
  '.dbkignore',
  '# c',
  '!build/',
  'b/*',
];
const CONTENTS = ['', '1', '22', '333', '4'];
const DEEPEST = 4;

test('rules, edits and looks in any order: what is recorded is what is there and was not ignored when it came', async (t) => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
    const run = new Run(temporary(t), seed);
    try {
      await run.go();
    } catch (error) {
      const done = run.done.map((step) => `  ${step}`).join('\n');
      throw new Error(`with DBK_SEED=${seed} DBK_RUNS=1, after:\n${done}\n${(error as Error).stack}`, {
        cause: error,
      });
    }
  }
});

class Run {
  readonly done: string[] = [];
  private readonly root: string;
  private readonly bench: Workbench;
  private readonly random: (below: number) => number;

  constructor(root: string, seed: number) {
    this.root = root;
    this.random = randomFrom(seed);
    this.bench = new Workbench(root, { age: this.pick(['settled', 'young', 'true'] as const) });
  }

  async go(): Promise<void> {
    await init(this.bench.context, { folder: this.root, name: 'kestrel' });
    const edits = [
      this.write,
      this.write,
      this.make,
      this.edit,
      this.edit,
      this.remove,
      this.move,
      this.link,
      this.point,
      this.mode,
      this.rule,
      this.ignore,
      this.loseCache,
    ];
    const looks = [this.look, this.look, this.commit, this.commit, this.forget];
    for (let step = 0; step < STEPS; step++) {
      if (this.random(4) > 0) this.done.push(this.pick(edits).call(this));
      else this.done.push(await this.pick(looks).call(this));
    }
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.random(list.length)]!;
  }

  private at(path: string): string {
    return join(this.root, path);
  }

  /** Everything of the person's but rules. */
  private all(isWanted: (stats: fs.Stats) => boolean): string[] {
    const names = fs.readdirSync(this.root, { recursive: true, encoding: 'utf8' }).sort();
    const own = names.filter((path) => !/(^|\/)\.dbk(ignore)?(\/|$)/.test(path));
    return own.filter((path) => isWanted(fs.lstatSync(this.at(path))));
  }

  private folder(): string {
    return this.pick(['', ...this.all((stats) => stats.isDirectory())]);
  }

  /** Does something with a place where nothing stands. */
  private into(action: (path: string) => void): string {
    const path = join(this.folder(), this.pick(NAMES));
    const isTaken = fs.lstatSync(this.at(path), { throwIfNoEntry: false }) !== undefined;
    if (isTaken || path.split('/').length > DEEPEST) return '';
    action(this.at(path));
    return `${action.name || 'make'} ${path}`;
  }

  private write(): string {
    return this.into((path) => fs.writeFileSync(path, this.pick(CONTENTS)));
  }

  private make(): string {
    return this.into((path) => fs.mkdirSync(path));
  }

  private point(): string {
    return this.into((path) => fs.symlinkSync(this.pick(NAMES), path));
  }

  private link(): string {
    const from = this.pick(this.all((stats) => stats.isFile()));
    return from === undefined ? '' : `${this.into((path) => fs.linkSync(this.at(from), path))} as ${from}`;
  }

  private move(): string {
    const from = this.pick(this.all(() => true));
    if (from === undefined) return '';
    return `${this.into((path) => path.startsWith(`${this.at(from)}/`) || fs.renameSync(this.at(from), path))} from ${from}`;
  }

  private edit(): string {
    const path = this.pick(this.all((stats) => stats.isFile()));
    if (path === undefined) return '';
    fs.writeFileSync(this.at(path), this.pick(CONTENTS));
    if (this.random(3) === 0) fs.utimesSync(this.at(path), 1e9, 1e9);
    return `edit ${path}`;
  }

  private remove(): string {
    const path = this.pick(this.all(() => true));
    if (path !== undefined) fs.rmSync(this.at(path), { recursive: true });
    return `remove ${path}`;
  }

  private mode(): string {
    const path = this.pick(this.all((stats) => !stats.isSymbolicLink()));
    if (path !== undefined) fs.chmodSync(this.at(path), this.pick([0o750, 0o755, 0o700]));
    return `mode ${path}`;
  }

  private rule(): string {
    const path = join(this.folder(), '.dbkignore');
    if (this.random(4) === 0) fs.rmSync(this.at(path), { force: true });
    else fs.writeFileSync(this.at(path), `${this.pick(RULES)}\n${this.pick(RULES)}\n`);
    return `rules ${path}`;
  }

  private ignore(): string {
    const text = this.random(3) === 0 ? '' : `${this.pick(RULES)}\n${this.pick(RULES)}\n`;
    fs.writeFileSync(this.at('.dbk/index/ignore'), text);
    return `ignore ${JSON.stringify(text)}`;
  }

  private loseCache(): string {
    const name = this.pick(['cache', 'cache-index', 'cache-tail']);
    fs.rmSync(this.at(`.dbk/local/${name}`), { force: true });
    return `lose the ${name}`;
  }

  private async forget(): Promise<string> {
    const path = this.pick(this.bench.entries().map(([recorded]) => recorded));
    try {
      if (path !== undefined) await this.bench.forget(path);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    return `forget ${path}`;
  }

  private async look(): Promise<string> {
    const answer = ({ changes, problems }: Seen): unknown => [changes.slice().sort(), problems];
    const first = await this.bench.status();
    assert.deepEqual(answer(await this.bench.status()), answer(first), 'a second look');
    // Without the cache an edit that sets an old time passes for rot.
    if (first.changes.some((change) => change.startsWith('changed'))) return 'look';
    fs.rmSync(this.at('.dbk/local/cache'), { force: true });
    assert.deepEqual(answer(await this.bench.status()), answer(first), 'without the cache');
    return 'look';
  }

  private async commit(): Promise<string> {
    const confirmDeletions = this.random(3) > 0;
    const before = new Map(this.bench.recorded());
    const { problems } = await this.bench.commit({ confirmDeletions });
    const stands = new Map(linesIn(this.root));
    const recorded = new Map(this.bench.recorded());
    const said = problems.map((problem) => problem.replace(/^\S+ ?/, ''));
    const isSaid = (path: string): boolean =>
      said.some((place) => path === place || path.startsWith(`${place}/`));
    for (const [path, line] of recorded) {
      if (stands.get(path) === line) continue;
      const isAsItWas = before.get(path) === line;
      assert.ok(isAsItWas && (isSaid(path) || !confirmDeletions), `recorded: ${path} ${line}`);
    }
    for (const [path, line] of stands) {
      if (recorded.has(path) || isSaid(path)) continue;
      const { ignored } = why(this.bench.repository, path as RepositoryPath);
      const kindOf = (one: string | undefined): string | undefined => one?.split(' ')[0];
      assert.ok(
        ignored.ignored && kindOf(before.get(path)) !== kindOf(line),
        `not recorded: ${path} ${line}`,
      );
    }
    if (confirmDeletions) {
      const { changes } = await this.bench.status();
      assert.deepEqual(
        changes.filter((change) => !change.startsWith('suspect')),
        [],
      );
    }
    return `commit${confirmDeletions ? ', deletions confirmed' : ''}`;
  }
}
