/**
 * Owner, group, access list and extended attributes of many paths at once, where `policy.yaml` asks for them.
 *
 * Long because Node cannot read the last two: getfacl and getfattr do, many paths a call, and names of any bytes
 * and any length have to go through their command line and come back.
 */

import { spawnSync } from 'node:child_process';
import { nodeDisk, type Disk } from '../disk/disk.ts';
import type { Attributes } from '../model/manifest.ts';
import { compareBytes, isUtf8, nameOfBytes } from '../model/name.ts';
import { ROOT, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { isPlainUnicode } from '../text/names.ts';
import * as words from './problems.ts';

export type AttributeKind = 'owner' | 'group' | 'acl' | 'xattrs';

/** Runs a program in a directory; the descriptors are its own from 3 on. What it says is one character a byte. */
export type RunTool = (
  command: string,
  parameters: readonly string[],
  directory: string,
  descriptors: readonly number[],
) => { readonly status: number | null; readonly stdout: string; readonly stderr: string };

export interface AttributeOptions {
  readonly disk?: Disk;
  readonly run?: RunTool;
  /** To be kept by whoever asks more than once. */
  readonly accounts?: Accounts;
}

export interface AttributesRead {
  /** By path; a path that vanished or could not be read is not here, and stays recorded as it was. */
  readonly attributes: Map<RepositoryPath, Attributes>;
  /** What could be read of no path, so that its absence says nothing. */
  readonly unknown: ReadonlySet<AttributeKind>;
  readonly problems: Problem[];
}

type Draft = { -readonly [Key in keyof Attributes]: Attributes[Key] };

/** One call of a tool: what it is given, one character a byte, and the paths that are meant. */
interface Batch {
  readonly names: ReadonlyMap<string, RepositoryPath>;
  readonly parameters: readonly string[];
  readonly descriptors: readonly number[];
}

interface Tool {
  readonly kind: 'acl' | 'xattrs';
  readonly command: string;
  readonly inPackage: string;
  /** What it reads, in messages. */
  readonly what: string;
  readonly options: readonly string[];
  /** Puts what the tool said of a path into its draft; returns what could not be taken. */
  readonly take: (lines: readonly string[], draft: Draft, path: RepositoryPath) => Problem[];
}

const TOOLS: readonly Tool[] = [
  {
    kind: 'acl',
    command: 'getfacl',
    inPackage: 'acl',
    what: 'access lists',
    options: ['--no-effective', '--skip-base', '--absolute-names'],
    take: takeAccessList,
  },
  {
    kind: 'xattrs',
    command: 'getfattr',
    inPackage: 'attr',
    what: 'extended attributes',
    // Only what belongs to the person: access lists are read above, and nobody takes security.* or trusted.* from
    // elsewhere.
    options: ['--dump', '--match=^user\\.', '--encoding=base64', '--absolute-names'],
    take: takeExtendedAttributes,
  },
];

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
/** One call's bounds, well below what systems take. */
const MOST_PATHS = 1000;
const MOST_BYTES = 64 * 1024;
const MOST_DESCRIPTORS = 50;
const LONGEST_PATH = 4095;
const LONGEST_ANSWER = 512 * 1024 * 1024;
/** env's way to say that there is no such program. */
const NO_PROGRAM = 127;
/** What a call says of a path that went away, or became a symlink. */
const WENT_AWAY: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);
/** What a tool says of it. */
const GONE = /^(?:No such file or directory|Not a directory)$/;
/** The attribute was removed meanwhile, or the file system knows none. */
const NONE = /^(?:No such attribute|No data available|Operation not supported|Not supported)$/;

/**
 * Reads what is wanted of each path, without following symlinks.
 *
 * `statsOf` gives the numbers of owner and group, undefined for what vanished. Access lists are their entries
 * that the mode does not say, in one order; extended attributes are those of `user.`, sorted, in base64; a symlink
 * has neither (the kernel allows it no `user.` attributes). What could not be read is a problem, never absent.
 */
export function readAttributes(
  root: string,
  paths: readonly RepositoryPath[],
  wanted: ReadonlySet<AttributeKind>,
  statsOf: (path: RepositoryPath) => { readonly uid: number; readonly gid: number } | undefined,
  options: AttributeOptions = {},
): AttributesRead {
  const { disk = nodeDisk, run = runTool } = options;
  const reading = new Reading(root, disk, run, paths);
  if (wanted.has('owner') || wanted.has('group')) {
    reading.readOwners(wanted, statsOf, options.accounts ?? new Accounts(disk, run));
  }
  const tools = TOOLS.filter(({ kind }) => wanted.has(kind));
  if (tools.length > 0) reading.readWithTools(tools);
  return { attributes: reading.drafts, unknown: reading.unknown, problems: reading.problems };
}

class Reading {
  readonly drafts: Map<RepositoryPath, Draft>;
  readonly unknown = new Set<AttributeKind>();
  readonly problems: Problem[] = [];
  private readonly root: string;
  private readonly disk: Disk;
  private readonly run: RunTool;

  constructor(root: string, disk: Disk, run: RunTool, paths: readonly RepositoryPath[]) {
    this.root = root;
    this.disk = disk;
    this.run = run;
    this.drafts = new Map(paths.map((path) => [path, {}]));
  }

  readOwners(
    wanted: ReadonlySet<AttributeKind>,
    statsOf: (path: RepositoryPath) => { readonly uid: number; readonly gid: number } | undefined,
    accounts: Accounts,
  ): void {
    const stats = new Map([...this.drafts.keys()].map((path) => [path, this.lookAt(path, statsOf)]));
    const seen = [...stats.values()].filter((found) => found !== undefined);
    const users = wanted.has('owner') ? accounts.users(new Set(seen.map(({ uid }) => uid))) : undefined;
    const groups = wanted.has('group') ? accounts.groups(new Set(seen.map(({ gid }) => gid))) : undefined;
    for (const [path, draft] of this.drafts) {
      const found = stats.get(path)!;
      if (users) draft.owner = users.get(found.uid)!;
      if (groups) draft.group = groups.get(found.gid)!;
    }
  }

  /** What `look` says of a path; undefined, and the path forgotten, where it is not there or cannot be looked at. */
  private lookAt<T>(path: RepositoryPath, look: (path: RepositoryPath) => T | undefined): T | undefined {
    try {
      const seen = look(path);
      if (seen === undefined) this.drafts.delete(path);
      return seen;
    } catch (error) {
      this.fail(path, 'attributes', error);
      return undefined;
    }
  }

  readWithTools(tools: readonly Tool[]): void {
    const { plain, odd } = this.sortPaths();
    const useAll = (batch: Batch): void => {
      for (const tool of tools) if (!this.unknown.has(tool.kind)) this.use(tool, batch);
    };
    for (const batch of plainBatches(plain)) useAll(batch);
    for (let i = 0; i < odd.length; i += MOST_DESCRIPTORS) {
      this.withOpened(odd.slice(i, i + MOST_DESCRIPTORS), useAll);
    }
  }

  /** Files and directories, as they can be given to a program: most by path, the others opened. */
  private sortPaths(): { plain: RepositoryPath[]; odd: [RepositoryPath, isDirectory: boolean][] } {
    const plain: RepositoryPath[] = [];
    const odd: [RepositoryPath, boolean][] = [];
    for (const path of this.drafts.keys()) {
      const seen = this.lookAt(path, () => this.disk.lstat(this.absolute(path)));
      const kind = (seen?.mode ?? 0) & S_IFMT;
      if (kind !== S_IFREG && kind !== S_IFDIR) continue;
      if (isPlainParameter(path)) plain.push(path);
      else odd.push([path, kind === S_IFDIR]);
    }
    return { plain, odd };
  }

  private absolute(path: RepositoryPath): string {
    return path === ROOT ? this.root : `${this.root}/${path}`;
  }

  /** A name that is not UTF-8 cannot be a parameter of a program that Node starts, nor can a long path: it is given open. */
  private withOpened(
    paths: readonly [RepositoryPath, isDirectory: boolean][],
    use: (batch: Batch) => void,
  ): void {
    const names = new Map<string, RepositoryPath>();
    const descriptors: number[] = [];
    try {
      for (const [path, isDirectory] of paths) {
        try {
          const absolute = this.absolute(path);
          descriptors.push(
            isDirectory ? this.disk.openDirectory(absolute) : this.disk.openRead(absolute, true),
          );
          names.set(`/proc/self/fd/${2 + descriptors.length}`, path);
        } catch (error) {
          this.fail(path, 'attributes', error);
        }
      }
      if (names.size > 0) use({ names, parameters: [...names.keys()], descriptors });
    } finally {
      for (const descriptor of descriptors) this.disk.close(descriptor);
    }
  }

  private use(tool: Tool, batch: Batch): void {
    const { status, stdout, stderr } = this.callTool(tool, batch);
    if (status === NO_PROGRAM) {
      return this.giveUp(
        tool,
        words.attributesToolMissing(tool.command, tool.inPackage, tool.kind, tool.what),
      );
    }
    const strange = this.takeComplaints(tool, batch, stderr);
    if (status === null || status > 1 || strange !== undefined) {
      return this.giveUp(tool, words.attributesToolFailed(tool.command, tool.what, strange ?? `${status}`));
    }
    for (const [name, lines] of answersIn(stdout)) {
      const path = batch.names.get(name);
      const draft = path === undefined ? undefined : this.drafts.get(path);
      if (draft) this.problems.push(...tool.take(lines, draft, path!));
    }
  }

  private callTool(tool: Tool, batch: Batch): ReturnType<RunTool> {
    const parameters = [...tool.options, '--', ...batch.parameters];
    if (isUtf8(this.root) && Buffer.byteLength(this.root) < LONGEST_PATH) {
      return this.run(tool.command, parameters, this.root, batch.descriptors);
    }
    const root = this.disk.openDirectory(this.root);
    try {
      const number = 3 + batch.descriptors.length;
      return this.run(tool.command, parameters, `/proc/self/fd/${number}`, [...batch.descriptors, root]);
    } finally {
      this.disk.close(root);
    }
  }

  /** Forgets the paths that a tool complained of; returns a complaint that is about none of them. */
  private takeComplaints(tool: Tool, batch: Batch, stderr: string): string | undefined {
    for (const line of stderr.split('\n')) {
      if (line === '') continue;
      // getfattr leaves its name out where it complains of one attribute.
      const said = line.startsWith(`${tool.command}: `) ? line.slice(tool.command.length + 2) : line;
      const complaint = complaintOf(unquote(said), batch.names);
      if (complaint === undefined) return line;
      const { path, reason } = complaint;
      if (NONE.test(reason)) continue;
      if (GONE.test(reason) && batch.descriptors.length === 0) this.drafts.delete(path);
      else this.fail(path, tool.what, reason.toLowerCase());
    }
    return undefined;
  }

  /** Nothing is known of the path; that is a problem unless it went away. */
  private fail(path: RepositoryPath, what: string, error: unknown): void {
    if (error instanceof Error && !('code' in error)) throw error;
    const isGone = WENT_AWAY.has((error as NodeJS.ErrnoException).code);
    if (this.drafts.delete(path) && !isGone)
      this.problems.push(words.attributesUnreadable(path, what, error));
  }

  private giveUp(tool: Tool, problem: Problem): void {
    this.unknown.add(tool.kind);
    this.problems.push(problem);
    for (const draft of this.drafts.values()) delete draft[tool.kind];
  }
}

/** The names of users and groups: from the files, then from getent, which asks the network too, else the number. */
export class Accounts {
  private readonly disk: Disk;
  private readonly run: RunTool;
  private readonly known = new Map<'passwd' | 'group', Map<number, string>>();

  constructor(disk: Disk = nodeDisk, run: RunTool = runTool) {
    this.disk = disk;
    this.run = run;
  }

  users(numbers: ReadonlySet<number>): ReadonlyMap<number, string> {
    return this.names('passwd', numbers);
  }

  groups(numbers: ReadonlySet<number>): ReadonlyMap<number, string> {
    return this.names('group', numbers);
  }

  private names(database: 'passwd' | 'group', numbers: ReadonlySet<number>): ReadonlyMap<number, string> {
    let known = this.known.get(database);
    if (known === undefined) this.known.set(database, (known = this.readFile(database)));
    const asked = [...numbers].filter((number) => !known.has(number));
    for (let i = 0; i < asked.length; i += MOST_PATHS) {
      const parameters = [database, ...asked.slice(i, i + MOST_PATHS).map(String)];
      addAccounts(known, this.run('getent', parameters, '/', []).stdout);
    }
    for (const number of asked) if (!known.has(number)) known.set(number, String(number));
    return known;
  }

  /** A file that cannot be read leaves everything to getent. */
  private readFile(database: 'passwd' | 'group'): Map<number, string> {
    const known = new Map<number, string>();
    try {
      addAccounts(known, this.disk.readFile(`/etc/${database}`).toString('latin1'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
    return known;
  }
}

/** Takes lines of `name:password:number:…`; the first name of a number counts, and one that no text can hold does not. */
function addAccounts(known: Map<number, string>, text: string): void {
  for (const line of text.split('\n')) {
    const [bytes = '', , number = ''] = line.split(':');
    const name = textOf(bytes);
    if (!/^\d+$/.test(number) || name === '' || !isPlainUnicode(name)) continue;
    if (!known.has(Number(number))) known.set(Number(number), name);
  }
}

/** The entries that the mode does not say: where there is a mask, it says that in place of the owning group's. */
function takeAccessList(lines: readonly string[], draft: Draft, path: RepositoryPath): Problem[] {
  const hasMask = lines.some((line) => line.startsWith('mask::'));
  const isBase = (line: string): boolean =>
    line.startsWith('user::') || line.startsWith('other::') || (line.startsWith('group::') && !hasMask);
  const entries = lines.filter((line) => !isBase(line)).map(textOf);
  const odd = entries.find((entry) => !isPlainUnicode(entry));
  if (odd !== undefined) return [words.attributeName(path, odd)];
  if (entries.length > 0) draft.acl = entries.sort(compareEntries).join(',');
  return [];
}

const TAGS = [
  'user',
  'group',
  'mask',
  'other',
  'default:user',
  'default:group',
  'default:mask',
  'default:other',
];

/** By tag, the owner's first, as tools write them; then by name: theirs is by number, on which systems differ. */
function compareEntries(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || compareBytes(a, b);
}

function rankOf(entry: string): number {
  const tag = TAGS.findIndex((each) => entry.startsWith(`${each}:`));
  return 2 * tag + (entry.startsWith(`${TAGS[tag]}::`) ? 0 : 1);
}

function takeExtendedAttributes(lines: readonly string[], draft: Draft, path: RepositoryPath): Problem[] {
  const problems: Problem[] = [];
  const found: [string, string][] = [];
  for (const line of lines) {
    const [, quoted = line, value = ''] = /^([^=]*)(?:=0s(.*)|="")?$/.exec(line) ?? [];
    const name = textOf(unquote(quoted));
    if (isPlainUnicode(name) && !/[\t\n]/.test(name)) found.push([name, value]);
    else problems.push(words.attributeName(path, name));
  }
  if (found.length > 0) draft.xattrs = new Map(found.sort(([a], [b]) => compareBytes(a, b)));
  return problems;
}

/** Whether a path below the root can be a program's parameter, with './' before it. */
function isPlainParameter(path: RepositoryPath): boolean {
  return isUtf8(path) && Buffer.byteLength(path) + 2 <= LONGEST_PATH;
}

function* plainBatches(paths: readonly RepositoryPath[]): Generator<Batch> {
  let names = new Map<string, RepositoryPath>();
  let parameters: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    // './' keeps '-' from being the standard input to getfacl.
    const parameter = `./${path}`;
    const name = Buffer.from(parameter).toString('latin1');
    if (parameters.length === MOST_PATHS || (parameters.length > 0 && bytes + name.length > MOST_BYTES)) {
      yield { names, parameters, descriptors: [] };
      [names, parameters, bytes] = [new Map(), [], 0];
    }
    names.set(name, path);
    parameters.push(parameter);
    bytes += name.length + 1;
  }
  if (parameters.length > 0) yield { names, parameters, descriptors: [] };
}

/** What both tools say: `# file: NAME`, then its lines; other comments and blank lines are for people. */
function answersIn(stdout: string): Map<string, string[]> {
  const answers = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of stdout.split('\n')) {
    if (line.startsWith('# file: ')) answers.set(unquote(line.slice(8)), (lines = []));
    else if (line !== '' && !line.startsWith('#')) lines.push(line);
  }
  return answers;
}

/** `NAME: reason` or `NAME: ATTRIBUTE: reason`, of the longest name that was asked for. */
function complaintOf(
  text: string,
  names: ReadonlyMap<string, RepositoryPath>,
): { readonly path: RepositoryPath; readonly reason: string } | undefined {
  for (let end = text.lastIndexOf(': '); end > 0; end = text.lastIndexOf(': ', end - 1)) {
    const path = names.get(text.slice(0, end));
    if (path !== undefined) return { path, reason: text.slice(text.lastIndexOf(': ') + 2) };
  }
  return undefined;
}

/** Undoes the escapes of both tools: a backslash, and three octal digits or another one. */
function unquote(text: string): string {
  return text.replace(/\\(?:([0-7]{3})|\\)/g, (_, octal?: string) =>
    octal === undefined ? '\\' : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

function textOf(bytes: string): string {
  return nameOfBytes(Buffer.from(bytes, 'latin1'));
}

/** Without a shell, and in no language. */
function runTool(
  command: string,
  parameters: readonly string[],
  directory: string,
  descriptors: readonly number[],
): ReturnType<RunTool> {
  const result = spawnSync('env', ['LC_ALL=C', command, ...parameters], {
    cwd: directory,
    encoding: 'latin1',
    maxBuffer: LONGEST_ANSWER,
    stdio: ['ignore', 'pipe', 'pipe', ...descriptors],
  });
  if (result.error === undefined) return result;
  const isMissing = (result.error as NodeJS.ErrnoException).code === 'ENOENT';
  return { status: isMissing ? NO_PROGRAM : null, stdout: '', stderr: result.error.message };
}
