/**
 * Patches judged by `git apply`, GNU `patch` and `git diff`. Long because the random trees are made here: folders,
 * files and sidecars that are added, edited, moved, swapped, turned into one another and removed, as people do.
 */

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
import { compareBytes, type Name } from '../../src/model/name.ts';
import { FOLDER_SIDECAR, MANIFEST, mirrorNames, sidecarOf } from '../../src/text/mirror.ts';
import { escapeName } from '../../src/text/names.ts';
import { applyStanza, revertStanza } from '../../src/text/patch-apply.ts';
import { readPatch, readStanzaHeaders } from '../../src/text/patch-read.ts';
import { writeStanza } from '../../src/text/patch-write.ts';

const CHAINS = 100;
const COMMITS = 10;

/** In memory where there is such a place: ten thousand small trees are written. */
const scratch = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'dbk-judges-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

before(() => loadBlake3());

type Texts = ReadonlyMap<string, string>;

/** A tree's texts, and whose each one is: what belongs to the same thing before and after has moved. */
interface State {
  readonly texts: Texts;
  readonly owners: ReadonlyMap<string, string>;
}

test('1,000 random trees go forwards and back through git apply, patch and dbk', async (t) => {
  if (lacks(t, 'git') || lacks(t, 'patch')) return;
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= CHAINS; seed++) {
    const states = chainOf(seed);
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
    const now = edited(random, old);
    const [a, b] = [manifestText(old), manifestText(now)];
    const renamed = round % 4 === 0;
    const change = {
      path: renamed ? 'tree/b' : 'tree/a',
      ...(renamed && { from: 'tree/a' }),
      before: a,
      after: b,
    };
    const ours = plain(writeStanza(change, digest));
    const theirs = plain(gitDiff(round, { 'tree/a': a }, { [change.path]: b }));
    assert.equal(ours, theirs);
  }
});

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
  assert.deepEqual(found, new Map([...expected]), where);
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
  const chunk = new Uint8Array(size);
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

// ---- The patch of two states

function changesOf(old: State, now: State): TextChange[] {
  const places = new Map([...old.owners].map(([path, owner]) => [owner, path]));
  const changes: TextChange[] = [];
  const gone = new Set([...old.texts.keys()].filter((path) => !now.texts.has(path)));
  for (const [path, after] of now.texts) {
    const place = places.get(now.owners.get(path)!);
    const from = !old.texts.has(path) && place !== undefined && gone.delete(place) ? place : undefined;
    const before = old.texts.get(from ?? path);
    changes.push({ path, before, after, ...(from !== undefined && { from }) });
  }
  for (const path of gone) changes.push({ path, before: old.texts.get(path), after: undefined });
  return changes.sort((a, b) => compareBytes(a.path, b.path));
}

function writePatch(changes: readonly TextChange[]): string {
  return changes.map((change) => writeStanza(change, digest)).join('');
}

// ---- Random trees

/** Numbers from 0 to below a limit. */
type Random = (limit: number) => number;

interface Thing {
  readonly id: number;
  name: string;
  /** What stands in the folder; undefined for a file. */
  children: Thing[] | undefined;
  sidecar: string | undefined;
  size: number;
}

const NAMES = [
  'a', 'A', 'b', 'B.txt', 'album', 'Album', 'two words', ' leading', 'trailing ', 'dot.', '.git', '.GIT', 'git~1',
  '.hidden', 'é', 'e\u0301', 'É', 'straße', 'STRASSE', '日本語', '🎵', '100%', '%41', 'x%20y', '$money', '$', '-dash',
  '--', "it's", 'say "hi"', 'back\\slash', 'star*', 'what?', 'a:b', 'CON', 'con.txt', 'manifest.yaml', 'tab\there',
  'new\nline', 'bell\x07', '\udcff\udcfe', '__proto__', 'a&b', 'x;y', '#hash', 'a,b', '{x}', '[y]', '~', 'dev', 'null',
  'b~', 'x.orig', 'x.rej', '@@', '\u2028', 'L'.repeat(227), 'l'.repeat(227), 'ü'.repeat(100),
]; // prettier-ignore

const LINES = [
  'title: Airbag', '---', 'rating: 5', '', ' ', '\ttab', 'same', 'same', 'same', '- one', '+ plus', '-- ', '--- a/x',
  '+++ b/x', '@@ -1,2 +1,2 @@', 'diff --git a/x b/x', '\\ No newline at end of file', 'ünïcödé', '🎵 🎶', 'cr\rinside',
  'trailing blanks  ', 'index 000..111', 'deleted file mode 100644', 'rename from x', 'GIT binary patch', '\u2028', 'a',
]; // prettier-ignore

function randomFrom(seed: number): Random {
  let state = seed * 2654435761;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

function chainOf(seed: number): State[] {
  const random = randomFrom(seed);
  const maker = new TreeMaker(random);
  const states: State[] = [{ texts: new Map(), owners: new Map() }];
  while (states.length <= COMMITS) {
    maker.edit();
    const state = maker.state();
    if (changesOf(states.at(-1)!, state).some((change) => writeStanza(change, digest) !== ''))
      states.push(state);
  }
  return states;
}

class TreeMaker {
  readonly #random: Random;
  readonly #root: Thing;
  readonly #others = new Map<string, string>();
  #next = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#root = this.#make('', true);
    for (let i = 0; i < 6; i++) this.#add();
  }

  state(): State {
    const texts = new Map(this.#others);
    const owners = new Map([...texts.keys()].map((path) => [path, path]));
    this.#collect(this.#root, 'tree/', (path, text, owner) => {
      texts.set(path, text);
      owners.set(path, owner);
    });
    return { texts, owners };
  }

  edit(): void {
    const edits = [
      () => this.#add(),
      () => this.#add(),
      () => this.#remove(),
      () => this.#move(),
      () => this.#rotate(2),
      () => this.#rotate(3),
      () => this.#changeCase(),
      () => this.#turn(),
      () => this.#takeAgain(),
      () => this.#editSidecar(),
      () => this.#editSidecar(),
      () => this.#moveAndEdit(),
      () => void (this.#one().size = this.#random(1e6)),
      () => this.#editOther(),
    ];
    for (let i = this.#random(6); i >= 0; i--) edits[this.#random(edits.length)]!();
  }

  #make(name: string, folder: boolean): Thing {
    const sidecar = this.#random(2) === 0 ? randomText(this.#random) : undefined;
    return { id: this.#next++, name, children: folder ? [] : undefined, sidecar, size: this.#random(1e6) };
  }

  #all(from = this.#root): Thing[] {
    return [from, ...(from.children ?? []).flatMap((child) => this.#all(child))];
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random(list.length)]!;
  }

  /** Any thing but the root; the root while it is alone. */
  #one(): Thing {
    return this.#pick(this.#all().slice(1)) ?? this.#root;
  }

  #parentOf(thing: Thing): Thing | undefined {
    return this.#all().find((parent) => parent.children?.includes(thing));
  }

  #freeName(folder: Thing): string {
    return this.#pick(NAMES.filter((name) => !folder.children!.some((child) => child.name === name)));
  }

  #add(folder = this.#pick(this.#all().filter((thing) => thing.children !== undefined))): void {
    if (this.#all().length > 30) return this.#remove();
    const thing = this.#make(this.#freeName(folder), this.#random(2) === 0);
    folder.children!.push(thing);
    if (thing.children !== undefined && this.#random(2) === 0) this.#add(thing);
  }

  #remove(thing = this.#one()): void {
    const parent = this.#parentOf(thing);
    if (parent !== undefined) parent.children = parent.children!.filter((child) => child !== thing);
  }

  #move(thing = this.#one()): void {
    const within = this.#all(thing);
    const targets = this.#all().filter((target) => target.children !== undefined && !within.includes(target));
    if (targets.length === 0) return;
    this.#remove(thing);
    const target = this.#pick(targets);
    if (this.#random(2) === 0 || target.children!.some((child) => child.name === thing.name))
      thing.name = this.#freeName(target);
    target.children!.push(thing);
  }

  /** Things take one another's names: a swap, or a cycle of three. */
  #rotate(length: number): void {
    const siblings = this.#pick(
      this.#all().filter((thing) => (thing.children?.length ?? 0) >= length),
    )?.children;
    if (siblings === undefined) return;
    const first = siblings[0]!.name;
    for (let i = 0; i < length; i++) siblings[i]!.name = i + 1 < length ? siblings[i + 1]!.name : first;
  }

  #changeCase(): void {
    const thing = this.#one();
    const name =
      thing.name === thing.name.toLowerCase() ? thing.name.toUpperCase() : thing.name.toLowerCase();
    const siblings = this.#parentOf(thing)?.children ?? [];
    if (name.length === thing.name.length && !siblings.some((sibling) => sibling.name === name))
      thing.name = name;
  }

  /** A file becomes a folder, or a folder a file. */
  #turn(): void {
    const thing = this.#one();
    if (thing === this.#root) return;
    thing.children = thing.children === undefined ? [] : undefined;
    if (thing.children !== undefined && this.#random(2) === 0) this.#add(thing);
  }

  #takeAgain(): void {
    const thing = this.#one();
    const { name } = thing;
    const parent = this.#parentOf(thing);
    if (parent === undefined) return;
    this.#move(thing);
    if (!parent.children!.some((child) => child.name === name))
      parent.children!.push(this.#make(name, this.#random(2) === 0));
  }

  #moveAndEdit(): void {
    const thing = this.#one();
    this.#move(thing);
    this.#editSidecar(thing);
  }

  #editSidecar(thing = this.#one()): void {
    const { sidecar } = thing;
    if (sidecar === undefined || this.#random(6) === 0) thing.sidecar = randomText(this.#random);
    else thing.sidecar = this.#random(8) === 0 ? undefined : editedText(this.#random, sidecar);
  }

  #editOther(): void {
    const path = this.#pick([
      'policy.yaml',
      'ignore',
      'ignore.d/rules',
      'types/music.yaml',
      'people/Ada L.metadata',
    ]);
    if (this.#random(3) === 0) this.#others.delete(path);
    else this.#others.set(path, editedText(this.#random, this.#others.get(path) ?? randomText(this.#random)));
  }

  #collect(folder: Thing, path: string, tell: (path: string, text: string, owner: string) => void): void {
    const children = folder.children!;
    const files = children.filter((child) => child.children === undefined);
    const folders = children.filter((child) => child.children !== undefined);
    tell(path + MANIFEST, manifestText(files.map(({ name, size }) => [name, size])), `${folder.id} manifest`);
    if (folder.sidecar !== undefined) tell(path + FOLDER_SIDECAR, folder.sidecar, `${folder.id} sidecar`);
    const fileMirrors = mirrorNames(
      files.map(({ name }) => name as Name),
      digest,
    );
    for (const { id, name, sidecar } of files)
      if (sidecar !== undefined)
        tell(path + sidecarOf(fileMirrors.get(name as Name)!), sidecar, `${id} sidecar`);
    const folderMirrors = mirrorNames(
      folders.map(({ name }) => name as Name),
      digest,
    );
    for (const child of folders)
      this.#collect(child, `${path}${folderMirrors.get(child.name as Name)!}/`, tell);
  }
}

/** As dbk writes them, but for what a line says. */
function manifestText(files: readonly (readonly [name: string, size: number])[]): string {
  const lines = [...files]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, size]) => `  ${keyOf(name)}: {size: ${size}}\n`);
  return `dbk: manifest 1\nmode: 755\n${lines.length > 0 ? 'files:\n' : ''}${lines.join('')}`;
}

function keyOf(name: string): string {
  const text = escapeName(name);
  return /^[A-Za-z_][\w.]*$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function manyLines(random: Random, length: number): [string, number][] {
  const names = new Set(Array.from({ length }, () => NAMES[random(NAMES.length)]! + random(9)));
  return [...names].map((name) => [name, random(1e6)]);
}

function edited(random: Random, files: readonly [string, number][]): [string, number][] {
  const names = new Set(files.map(([name]) => name));
  const kept = files
    .filter(() => random(8) > 0)
    .map(([name, size]): [string, number] => [name, size + (random(8) ? 0 : 1)]);
  return [...kept, ...manyLines(random, random(12) + 1).filter(([name]) => !names.has(name))];
}

function randomText(random: Random): string {
  const length = random(3) === 0 ? 20 + random(60) : random(6);
  const lines = Array.from({ length }, () => LINES[random(LINES.length)]!);
  return joinedLines(random, lines, random(4) === 0 ? '\r\n' : '\n');
}

function editedText(random: Random, text: string): string {
  const feed = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(feed);
  for (let i = random(3) + (lines.length > 20 ? 2 : 0); i >= 0; i--)
    lines.splice(random(lines.length + 1), random(3), ...(random(3) ? [LINES[random(LINES.length)]!] : []));
  return joinedLines(random, lines, random(12) === 0 ? '\n' : feed);
}

function joinedLines(random: Random, lines: readonly string[], feed: string): string {
  const text = lines.join(feed) + (random(3) === 0 || lines.length === 0 ? '' : feed);
  return random(20) === 0 ? `\ufeff${text}` : text;
}
