/** Which chunks go into which file, so that a command opens few files and parses little that it does not need. */

export interface Chunk {
  readonly name: string;
  /** The body of a CommonJS module that gets `module` and `__load`. */
  readonly code: string;
  /** Chunks that are loaded with it. */
  readonly needs: readonly string[];
  /** Chunks that it may load later. */
  readonly mayLoad: readonly string[];
}

/** File name to its chunks. */
export type Packs = ReadonlyMap<string, readonly Chunk[]>;

/**
 * A file for the program and one for each chunk that is loaded on demand, with all that it needs and no earlier
 * file has; those whose names begin with one of the words of `first` choose first.
 */
export function packsOf(chunks: readonly Chunk[], entry: string, first: readonly string[]): Packs {
  const named = new Map(chunks.map((chunk) => [chunk.name, chunk]));
  const rank = (name: string): number => {
    const found = first.findIndex((word) => name.startsWith(`${word}-`));
    return found === -1 ? first.length : found;
  };
  const onDemand = [...new Set(chunks.flatMap((chunk) => chunk.mayLoad))];
  const heads = [entry, ...onDemand.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))];
  const taken = new Set<string>();
  const take = (name: string): Chunk[] => {
    if (taken.has(name)) return [];
    taken.add(name);
    const chunk = named.get(name)!;
    return [...chunk.needs.flatMap(take), chunk];
  };
  return new Map(
    heads.map((head) => [head, take(head)] as const).filter(([, members]) => members.length > 0),
  );
}

/** A file that gives the bodies of its chunks by name. Parentheses: V8 compiles them at once, not twice. */
export function packText(members: readonly Chunk[]): string {
  return `module.exports = ${bodies(members)};\n`;
}

/** The file that begins: where the chunks are, its own among them if `own` names a file for them, and what loads them. */
export function programText(entry: string, packs: Packs, prefix: string, own?: string): string {
  const elsewhere = [...packs].filter(([name]) => name !== entry);
  const places = elsewhere.flatMap(([name, members]) =>
    members.map((member) => [member.name, prefix + name]),
  );
  const first = own === undefined ? bodies(packs.get(entry)!) : `open(${JSON.stringify(prefix + own)})`;
  return `const files = ${JSON.stringify(Object.fromEntries(places), null, 2)};
const loaded = new Map();
// A script has no import() of its own that works from its cache.
const __import = (it) => import(it);
// What V8 made of a file the last time (warm-up.ts); another version of Node refuses it and compiles.
const scripts = (module.exports = new Map());
function open(file) {
  const { readFileSync } = require('node:fs');
  const { Script } = require('node:vm');
  const filename = require('node:path').join(__dirname, file);
  let cachedData;
  try {
    cachedData = readFileSync(filename + '.cache');
  } catch {}
  const source = '(function (module, require, __filename, __dirname, __import) {' + readFileSync(filename, 'utf8') + '\\n})';
  const script = new Script(source, { filename, cachedData });
  scripts.set(filename, script);
  const opened = { exports: {} };
  script.runInThisContext()(opened, require, filename, __dirname, __import);
  return opened.exports;
}
const bodies = ${first};
function __load(name) {
  const before = loaded.get(name);
  if (before !== undefined) return before.exports;
  if (bodies[name] === undefined) Object.assign(bodies, open(files[name]));
  const module = { exports: {} };
  loaded.set(name, module);
  bodies[name](module, __load);
  return module.exports;
}
__load(${JSON.stringify(entry)});
`;
}

function bodies(members: readonly Chunk[]): string {
  const texts = members.map(
    ({ name, code }) => `${JSON.stringify(name)}: (function (module, __load) {\n${code}})`,
  );
  return `{\n${texts.join(',\n')}\n}`;
}
