/** What tools that know nothing of dbk say of a history: git, patch, b3sum and find, called as the format page says. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import type { TestContext } from 'node:test';
import type { Repository } from '../../src/flow/repository.ts';
import type { CommitId } from '../../src/model/id.ts';
import { textsIn } from './fixture.ts';

const TOOLS = ['git', 'patch', 'b3sum', 'find', 'sort', 'xargs'];

/** The pipeline of section 8. */
const INDEX = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 -r b3sum";

const APPLY = { git: 'git apply --whitespace=nowarn', patch: 'patch -p1 --no-backup-if-mismatch -i' };

/** Skips a test where a tool is missing. */
export function lacksTools(t: TestContext): boolean {
  const missing = TOOLS.find((tool) => spawnSync(tool, ['--version']).error !== undefined);
  if (missing !== undefined) t.skip(`needs ${missing}`);
  return missing !== undefined;
}

/** What a command prints, standard error included; it has to succeed. */
export function shell(command: string, folder: string): string {
  const env = {
    PATH: process.env['PATH'],
    LC_ALL: 'C.UTF-8',
    GIT_CEILING_DIRECTORIES: dirname(folder),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const { status, stdout } = spawnSync('sh', ['-c', `(${command}) 2>&1`], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${command}: ${stdout}`);
  return stdout;
}

/** The digest of what is in a folder, as `index:` of a commit. */
export function indexDigest(folder: string): string {
  return shell(`(${INDEX}) | b3sum`, folder).slice(0, 64);
}

/** The texts of an index: no empty folders, for no tool cares for those. */
export function textsOf(folder: string): Map<string, string> {
  return new Map([...textsIn(folder)].filter(([path]) => !path.endsWith('/')));
}

/** The directories of the commits along first parents, the oldest first, found without dbk. */
export function chainOf({ layout }: Repository): string[] {
  const all = fs.readdirSync(layout.commits).flatMap((year) => {
    const names = fs.readdirSync(join(layout.commits, year));
    for (const name of names) assert.equal(name.slice(0, 4), year);
    return names.map((name) => join(layout.commits, year, name));
  });
  const places = new Map(
    all.map((directory) => [shell('b3sum commit.yaml', directory).slice(0, 64), directory]),
  );
  const chain: string[] = [];
  let id: string | undefined = fs.readFileSync(layout.head, 'utf8').trimEnd();
  while (id !== undefined) {
    const directory = places.get(id);
    assert.ok(directory !== undefined, `no commit.yaml has the BLAKE3 ${id}`);
    chain.push(directory);
    id = /^parents:\n {2}- ([0-9a-f]{64})\n/m.exec(
      fs.readFileSync(join(directory, 'commit.yaml'), 'utf8'),
    )?.[1];
  }
  assert.equal(chain.length, places.size, 'every commit is on the chain');
  return chain.reverse();
}

/**
 * Judges a whole history, forwards and back, in folders made below `scratch`. `states` are the texts of `index/`
 * after each commit, where they are known.
 */
export function judge(
  repository: Repository,
  scratch: string,
  states: ReadonlyMap<CommitId, ReadonlyMap<string, string>> = new Map(),
): void {
  const chain = chainOf(repository);
  for (const directory of chain) judgeLetter(directory);
  for (const tool of ['git', 'patch'] as const) {
    const folder = join(scratch, `judged by ${tool}`);
    fs.mkdirSync(folder);
    judgePatches(tool, chain, folder, states);
    assert.deepEqual(
      textsOf(folder),
      textsOf(repository.layout.index),
      `${tool}: index/ from an empty folder`,
    );
    assert.equal(indexDigest(folder), indexDigest(repository.layout.index));
    for (const directory of [...chain].reverse()) apply(tool, folder, `${directory}/changes.patch`, '-R');
    assert.deepEqual(textsOf(folder), new Map(), `${tool}: back to nothing`);
    fs.rmSync(folder, { recursive: true });
  }
}

function judgePatches(
  tool: keyof typeof APPLY,
  chain: readonly string[],
  folder: string,
  states: ReadonlyMap<CommitId, ReadonlyMap<string, string>>,
): void {
  for (const directory of chain) {
    apply(tool, folder, `${directory}/changes.patch`, '');
    const id = shell('b3sum commit.yaml', directory).slice(0, 64) as CommitId;
    const expected = states.get(id);
    if (expected !== undefined) assert.deepEqual(textsOf(folder), expected, `${tool}: ${directory}`);
    assert.equal(indexDigest(folder), keyOf(directory, 'index'), `${tool}: index: of ${directory}`);
  }
}

/** Fuzz, offsets and refusals each have a line of their own. */
function apply(tool: keyof typeof APPLY, folder: string, patch: string, options: string): void {
  if (fs.statSync(patch).size === 0) return;
  assert.match(shell(`${APPLY[tool]} '${patch}' ${options}`, folder), /^(patching file .*\n)*$/);
}

/** The directory is called as its commit says, holds two files, and the patch is the one that was meant. */
function judgeLetter(directory: string): void {
  assert.deepEqual(fs.readdirSync(directory).sort(), ['changes.patch', 'commit.yaml']);
  const id = shell('b3sum commit.yaml', directory).slice(0, 64);
  const date = new Date(keyOf(directory, 'date')).toISOString().replace(/[-:]|\.000/g, '');
  assert.equal(basename(directory), `${date}-${keyOf(directory, 'repository')}-${id.slice(0, 16)}`);
  assert.equal(keyOf(directory, 'changes'), shell('b3sum changes.patch', directory).slice(0, 64));
}

export function keyOf(directory: string, key: string): string {
  const text = fs.readFileSync(join(directory, 'commit.yaml'), 'utf8');
  return new RegExp(`^${key}: "?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
}
