/** Patches, judged by `git apply`, GNU `patch` and `git diff`. */

import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import type { TextChange } from '../../src/model/change.ts';
import { compareBytes } from '../../src/model/name.ts';
import { applyStanza, revertStanza } from '../../src/text/patch-apply.ts';
import { readPatch, readStanzaHeaders } from '../../src/text/patch-read.ts';
import { writeStanza } from '../../src/text/patch-write.ts';
import {
  changesOf,
  chainOf,
  edited,
  manifestText,
  manyLines,
  randomFrom,
  type Random,
  type State,
  type Texts,
} from './random-trees.ts';

const CHAINS = 100;
const COMMITS = 10;

/** In memory where there is such a place: ten thousand small trees are written. */
const scratch = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'dbk-judges-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

before(() => loadBlake3());

test('1,000 random trees go forwards and back through git apply, patch and dbk', async (t) => {
  if (lacks(t, 'git') || lacks(t, 'patch')) return;
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= CHAINS; seed++) {
    const states = chainOf(seed, COMMITS);
    const patches = states.slice(1).map((state, i) => writePatch(changesOf(states[i]!, state)));
    for (const [i, patch] of patches.entries())
      checkOwn(patch, states[i]!.texts, states[i + 1]!.texts, seed, seen);
    await Promise.all([judge('git', patches, states, seed), judge('patch', patches, states, seed)]);
  }
  // The trees are worth something only if every kind of change is among them.
  for (const kind of ['new', 'deleted', 'changed', 'renamed', 'renamed and changed', 'several hunks'])
    assert.ok((seen.get(kind) ?? 0) > 100, `${kind}: ${seen.get(kind)}`);
});

test('a patch of manifests is the one that git diff prints', (t) => {
  if (lacks(t, 'git')) return;
  const random = randomFrom(77);
  for (let round = 0; round < 40; round++) {
    const old = manyLines(random, random(60));
    const before = withHead(random, manifestText(old));
    const after = withHead(random, manifestText(edited(random, old)));
    const [from, path] = ['tree/a', round % 4 === 0 ? 'tree/b' : 'tree/a'];
    const ours = writeStanza({ path, from, before, after }, digest);
    assert.equal(plain(ours), plain(gitDiff(round, { [from]: before }, { [path]: after })));
  }
});

/** A manifest with some of the other lines that it can have. */
function withHead(random: Random, manifest: string): string {
  const marked = ['A', 'b', 'É', '日本']
    .filter(() => random(2) === 0)
    .map((name) => `  "${name}%~${random(3)}": "${name}"\n`);
  const head = `mode: 7${random(2)}5\n${['', 'owner: ada\n', 'owner: bob\n'][random(3)]!}`;
  return manifest.replace(
    'mode: 755\n',
    `${head}${marked.length > 0 ? 'directories:\n' : ''}${marked.join('')}`,
  );
}

/** Ids, similarity and the headings of sections are told in other words, or not at all. */
function plain(patch: string): string {
  return patch
    .replace(/^index [0-9a-f]+\.\.[0-9a-f]+/gm, 'index')
    .replace(/^similarity index \d\d%/gm, 'similarity')
    .replace(/^(rename (?:from|to) )[ab]\//gm, '$1')
    .replace(/^(@@ .*? @@).*$/gm, '$1');
}

function gitDiff(round: number, old: Record<string, string>, now: Record<string, string>): string {
  const folder = join(scratch, `diff-${round}`);
  for (const [side, texts] of Object.entries({ a: old, b: now }))
    for (const [path, text] of Object.entries(texts)) write(join(folder, side, path), text);
  const options = ['--no-index', '--full-index', '--minimal', '-M01%', '--src-prefix=', '--dst-prefix='];
  return spawnSync('git', ['diff', ...options, 'a', 'b'], {
    cwd: folder,
    env: environment(folder),
  }).stdout.toString();
}

// ---- The judges

/** The tools, as the format says they are called. */
const COMMANDS = { git: 'git apply --whitespace=nowarn', patch: 'patch -p1 --no-backup-if-mismatch -i' };

async function judge(
  tool: keyof typeof COMMANDS,
  patches: readonly string[],
  states: readonly State[],
  seed: number,
): Promise<void> {
  const folder = join(scratch, `${tool}-${seed}`);
  const index = join(folder, 'index');
  mkdirSync(index, { recursive: true });
  const shell = new Shell(index);
  const run = async (options: string): Promise<void> => {
    const output = await shell.run(`${COMMANDS[tool]} ${options}`);
    // Fuzz, offsets and refusals each have a line of their own.
    assert.match(output, /^(patching file .*\n)*0$/, `${tool} ${options}, chain ${seed}`);
  };
  try {
    for (const [i, patch] of patches.entries()) {
      writeFileSync(join(folder, `${i}.patch`), patch);
      await run(`../${i}.patch`);
      assertTexts(index, states[i + 1]!.texts, `${tool}, chain ${seed}, commit ${i}, forwards`);
    }
    for (let i = patches.length - 1; i >= 0; i--) {
      await run(`../${i}.patch -R`);
      assertTexts(index, states[i]!.texts, `${tool}, chain ${seed}, commit ${i}, back`);
    }
  } finally {
    shell.end();
  }
}

/** One shell for thousands of commands: to start each from here takes three times as long. */
class Shell {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';
  #done: ((output: string) => void) | undefined;

  constructor(folder: string) {
    this.#child = spawn('sh', [], { cwd: folder, env: environment(folder) });
    this.#child.stdout.setEncoding('utf8').on('data', (data: string) => {
      this.#output += data;
      if (this.#output.endsWith('\0')) this.#done?.(this.#output.slice(0, -1));
    });
  }

  /** What a command prints, and its exit code at the end. */
  run(command: string): Promise<string> {
    this.#output = '';
    this.#child.stdin.write(`${command} 2>&1 </dev/null; printf '%s\\0' $?\n`);
    return new Promise((resolve) => (this.#done = resolve));
  }

  end(): void {
    this.#child.stdin.end();
  }
}

/** Below a work tree `git apply` does nothing and exits 0, unless it is told where to stop looking for one. */
function environment(folder: string): NodeJS.ProcessEnv {
  const git = {
    GIT_CEILING_DIRECTORIES: dirname(folder),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  return { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', ...git };
}

/** Every file, so that `.orig` and `.rej` are found too; empty folders that a tool leaves are nobody's matter. */
function assertTexts(folder: string, expected: Texts, where: string): void {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory()) found.set(path.slice(folder.length + 1), readFileSync(path, 'utf8'));
  }
  assert.deepEqual(found, new Map(expected), where);
}

function checkOwn(patch: string, old: Texts, now: Texts, seed: number, seen: Map<string, number>): void {
  const stanzas = [...readPatch(chunksOf(patch, 1 + ((seed * 37) % 4000)))];
  assert.deepEqual(
    [...readStanzaHeaders(chunksOf(patch, 1 + seed))],
    stanzas.map(({ hunks: _hunks, line: _line, ...header }) => header),
  );
  const [forwards, back] = [new Map(old), new Map(now)];
  for (const { path, from = path } of stanzas) {
    forwards.delete(from);
    back.delete(path);
  }
  for (const stanza of stanzas) {
    const { kind, path, from = path, hunks } = stanza;
    const before = applied(forwards, path, applyStanza(stanza, old.get(from), digest));
    const after = applied(back, from, revertStanza(stanza, now.get(path), digest));
    assert.deepEqual([before, after], [now.get(path), old.get(from)]);
    count(seen, kind === 'renamed' && hunks.length > 0 ? 'renamed and changed' : kind);
    if (hunks.length > 1) count(seen, 'several hunks');
  }
  assert.deepEqual([forwards, back].map(sorted), [now, old].map(sorted));
}

function applied(texts: Map<string, string>, path: string, text: string | undefined): string | undefined {
  if (text !== undefined) texts.set(path, text);
  return text;
}

function sorted(texts: Texts): [string, string][] {
  return [...texts].sort(([a], [b]) => compareBytes(a, b));
}

function count(seen: Map<string, number>, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

function* chunksOf(patch: string, size: number): Generator<Uint8Array> {
  const bytes = new TextEncoder().encode(patch);
  // One buffer for all chunks, as one who reads a file has it.
  const chunk = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    chunk.set(part);
    yield chunk.subarray(0, part.length);
    chunk.fill(0);
  }
}

function lacks(t: TestContext, tool: string): boolean {
  const missing = spawnSync(tool, ['--version']).status !== 0;
  if (missing) t.skip(`needs ${tool}`);
  return missing;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function writePatch(changes: readonly TextChange[]): string {
  return changes.map((change) => writeStanza(change, digest)).join('');
}
