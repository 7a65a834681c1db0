/**
 * Which paths nobody records: gitignore rules from `.dbk/index/ignore` and from `.dbkignore` files.
 *
 * Long because only the patterns are matched by the `ignore` package. What git does around a pattern is here: the
 * package judges whole paths, ancestors included, keeps every answer and does not tell which negation decided.
 */

import { createRequire } from 'node:module';
import { bytesOfName, nameOfBytes } from '../model/name.ts';
import { componentsOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { badIgnoreFile } from './problems.ts';

/** The rules of one text, relative to a folder. */
export interface RuleSource {
  readonly directory: RepositoryPath;
  /** The text's name in messages: `ignore`, `Music/.dbkignore`. */
  readonly origin: string;
  readonly text: string;
}

/** One rule as the person wrote it; the line counts from 1. */
export interface RulePlace {
  readonly origin: string;
  readonly line: number;
  readonly pattern: string;
}

export interface Explanation {
  readonly ignored: boolean;
  /** The rule that decided: the last that matches, negations included; absent where none does. */
  readonly rule?: RulePlace;
  /** The ignored folder above, where it is that and not the path itself. */
  readonly at?: RepositoryPath;
}

interface Rule extends RulePlace {
  readonly negated: boolean;
  /** The pattern less its `!`, one character a byte. */
  readonly body: string;
  /** What it is matched with: the name, the path from the folder of its rules, or that path name by name. */
  readonly by: 'name' | 'path' | 'names';
}

type Library = import('ignore').Ignore;

const LONGEST_TEXT = 1024 * 1024;
/** The package keeps each answer; after this many its memory is given back. */
const KEPT_ANSWERS = 10_000;

const require = createRequire(import.meta.url);

/**
 * The rules that hold below the repository's folder; a value that never changes.
 *
 * Of rules for one folder those given later are stronger; those of a deeper folder are stronger than all above.
 * It agrees with git to the byte (`?` is one byte, and `é` two) but where gitignore's page says otherwise: a
 * `**` with other characters before the next '/' is an ordinary `*`.
 */
export class IgnoreRules {
  /** Whether there is no rule at all, so that nothing is ignored. */
  readonly empty: boolean;
  private readonly folders: ReadonlyMap<RepositoryPath, FolderRules>;
  private lastDirectory: RepositoryPath | undefined;
  private lastFolders: readonly PlacedRules[] = [];

  constructor(folders: ReadonlyMap<RepositoryPath, FolderRules>) {
    this.folders = folders;
    this.empty = folders.size === 0;
  }

  /** All rules as one text, equal for equal rules: a key for what was found with them. */
  digestInput(): string {
    const folders = [...this.folders].sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(folders.map(([path, { rules }]) => [path, ...rules.map(({ pattern }) => pattern)]));
  }

  /** Whether a path is ignored, given that no folder above it is. */
  isIgnored(path: RepositoryPath, isDirectory: boolean): boolean {
    return !this.empty && this.decide(path, isDirectory, decidingRun)?.negated === false;
  }

  /** Which rule decides about a path, from the top down: an ignored folder takes everything below with it. */
  explain(path: RepositoryPath, isDirectory: boolean): Explanation {
    let above = ROOT;
    let explanation: Explanation = { ignored: false };
    for (const name of componentsOf(path)) {
      const at = (above === ROOT ? name : `${above}/${name}`) as RepositoryPath;
      const isLast = at.length === path.length;
      explanation = this.explainOne(at, !isLast || isDirectory);
      if (explanation.ignored) return isLast ? explanation : { ...explanation, at };
      above = at;
    }
    return explanation;
  }

  /** As `withFolder`. */
  with(source: RuleSource): IgnoreRules {
    const rules = rulesOf(source);
    if (rules.length === 0) return this;
    const folder = folderRules([...(this.folders.get(source.directory)?.rules ?? []), ...rules]);
    return new IgnoreRules(new Map([...this.folders, [source.directory, folder]]));
  }

  private explainOne(path: RepositoryPath, isDirectory: boolean): Explanation {
    const rule = this.decide(path, isDirectory, decidingRule);
    if (rule === undefined) return { ignored: false };
    const { origin, line, pattern, negated } = rule;
    return { ignored: !negated, rule: { origin, line, pattern } };
  }

  private decide<T>(
    path: RepositoryPath,
    isDirectory: boolean,
    ask: (rules: FolderRules, text: string, start: number) => T | undefined,
  ): T | undefined {
    if (path === ROOT) return undefined;
    const text = isDirectory ? `${bytesText(path)}/` : bytesText(path);
    for (const { rules, start } of this.foldersFor(parentOf(path))) {
      const answer = ask(rules, text, start);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** The rules of a directory and of all above, strongest first; a walk asks for one directory many times. */
  private foldersFor(directory: RepositoryPath): readonly PlacedRules[] {
    if (directory === this.lastDirectory) return this.lastFolders;
    const found: PlacedRules[] = [];
    for (let folder = directory; ; folder = parentOf(folder)) {
      const rules = this.folders.get(folder);
      if (rules) found.push({ rules, start: folder === ROOT ? 0 : bytesText(folder).length + 1 });
      if (folder === ROOT) break;
    }
    this.lastDirectory = directory;
    return (this.lastFolders = found);
  }
}

/** What is known of all folders at once; of two sources for one folder the later is stronger. */
export function buildRules(sources: Iterable<RuleSource>): IgnoreRules {
  let rules = new IgnoreRules(new Map());
  for (const source of sources) rules = rules.with(source);
  return rules;
}

/** The rules with those of one more folder; made for a walk, which hands the result down to that folder. */
export function withFolder(rules: IgnoreRules, source: RuleSource): IgnoreRules {
  return rules.with(source);
}

/** The text that a file of rules holds, or why it has none; `path` is the file's, for the message. */
export function rulesText(bytes: Uint8Array, path = '.dbkignore'): string | Problem {
  if (bytes.length > LONGEST_TEXT) return badIgnoreFile(path, 'longer than 1 MiB');
  const text = nameOfBytes(bytes);
  const odd = /\0|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text);
  if (odd === null) return text;
  const line = text.slice(0, odd.index).split('\n').length;
  return badIgnoreFile(path, odd[0] === '\0' ? 'it has a NUL byte' : 'not UTF-8', line);
}

/** Lines as git reads them: a BOM, comments, one CR and trailing blanks that are not escaped count for nothing. */
function rulesOf(source: RuleSource): Rule[] {
  const rules: Rule[] = [];
  const lines = source.text.replace(/^\ufeff/, '').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const pattern = withoutTrailingBlanks(line.endsWith('\r') ? line.slice(0, -1) : line);
    const negated = pattern.startsWith('!');
    const body = bytesText(negated ? pattern.slice(1) : pattern);
    if (body === '') continue;
    rules.push({ origin: source.origin, line: index + 1, pattern, negated, body, by: matchedBy(body) });
  }
  return rules;
}

function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end--;
  let backslashes = 0;
  while (line[end - 1 - backslashes] === '\\') backslashes++;
  return line.slice(0, backslashes % 2 === 1 ? end + 1 : end);
}

/**
 * A pattern with one `**` at most is left to the package. With more, its regular expression would try every way
 * to lay a deep path between them, which a rule from elsewhere could use to stop the scan.
 */
function matchedBy(body: string): Rule['by'] {
  const segments = segmentsOf(body);
  if (segments.length === 1 && !body.startsWith('/')) return 'name';
  return segments.filter(isGlobstar).length > 1 ? 'names' : 'path';
}

function segmentsOf(body: string): string[] {
  return body.replace(/^\//, '').replace(/\/$/, '').split('/');
}

function isGlobstar(segment: string): boolean {
  return /^\*\*+$/.test(segment);
}

/** The rules of one folder, weakest first. */
interface FolderRules {
  readonly rules: readonly Rule[];
  /** Whether any of them matches; true also where that is not known. */
  readonly mayMatch: Matcher;
  readonly runs: readonly Run[];
}

/** Rules in a row that are all negated or all not, so that it is the same which of them matches. */
interface Run {
  readonly negated: boolean;
  readonly matches: Matcher;
}

interface PlacedRules {
  readonly rules: FolderRules;
  /** Where in a path the part begins that these rules are about. */
  readonly start: number;
}

/** Judges a path (one character a byte; a directory ends in '/') of which the part from `start` on counts. */
type Matcher = (text: string, start: number) => boolean;

/** Most paths match no rule, and are asked about once; the others run by run. */
function folderRules(rules: readonly Rule[]): FolderRules {
  const runs: Rule[][] = [];
  for (const rule of rules) {
    const last = runs.at(-1);
    const joins = last?.[0]?.negated === rule.negated && last[0].by === rule.by && rule.by !== 'names';
    if (joins) last.push(rule);
    else runs.push([rule]);
  }
  return {
    rules,
    mayMatch: runs.length === 1 || rules.some(({ by }) => by === 'names') ? () => true : matcherOf(rules),
    runs: runs.map((run) => ({ negated: run[0]!.negated, matches: matcherOf(run) })),
  };
}

function decidingRun({ mayMatch, runs }: FolderRules, text: string, start: number): Run | undefined {
  return mayMatch(text, start) ? runs.findLast(({ matches }) => matches(text, start)) : undefined;
}

function decidingRule({ rules }: FolderRules, text: string, start: number): Rule | undefined {
  return rules.findLast((rule) => matcherOf([rule])(text, start));
}

function matcherOf(rules: readonly Rule[]): Matcher {
  if (rules[0]!.by === 'names') return matcherByNames(rules[0]!.body);
  const patterns = new Patterns(rules.map((rule) => rule.body));
  if (rules.some(({ by }) => by === 'path')) return (text, start) => patterns.match(text.slice(start));
  return (text) => patterns.match(text.slice(text.lastIndexOf('/', text.length - 2) + 1));
}

/**
 * Matches name by name, and after a mismatch goes back to the last `**` only: at most names times segments steps.
 * A '/' that is escaped or in brackets separates here all the same.
 */
function matcherByNames(body: string): Matcher {
  const segments = segmentsOf(body);
  if (segments.includes('')) return () => false;
  const steps = segments.map((segment) => (isGlobstar(segment) ? '**' : new Patterns([`${segment}/`])));
  const onlyDirectories = body.endsWith('/');
  return (text, start) => {
    const isDirectory = text.endsWith('/');
    if (onlyDirectories && !isDirectory) return false;
    return matchSteps(steps, text.slice(start, isDirectory ? -1 : undefined).split('/'));
  };
}

function matchSteps(steps: readonly ('**' | Patterns)[], names: readonly string[]): boolean {
  let step = 0;
  let afterStar = -1;
  let resume = 0;
  for (let at = 0; at < names.length;) {
    const current = steps[step];
    if (current === '**') {
      afterStar = ++step;
      resume = at;
    } else if (current?.match(`${names[at]}/`) === true) {
      step++;
      at++;
    } else if (afterStar !== -1) {
      step = afterStar;
      at = ++resume;
    } else {
      return false;
    }
  }
  return step === steps.length;
}

/**
 * Whether one of some patterns matches a text itself.
 *
 * They are given to the package as negations: its answer `unignored` is then about the text alone, while that for
 * a plain pattern is about the folders above too.
 */
class Patterns {
  private readonly bodies: readonly string[];
  private library: Library | undefined;
  private answers = 0;

  constructor(bodies: readonly string[]) {
    this.bodies = bodies;
  }

  match(text: string): boolean {
    this.library ??= newLibrary().add(this.bodies.map((body) => `!${body}\r\n`).join(''));
    if (++this.answers > KEPT_ANSWERS) {
      this.library = newLibrary().add(this.library);
      this.answers = 0;
    }
    return this.library.test(text).unignored;
  }
}

/** Loaded here, so that a repository without rules does not pay for it. */
function newLibrary(): Library {
  const ignore = require('ignore') as typeof import('ignore');
  return ignore({ ignorecase: false, allowRelativePaths: true });
}

/** A text as one character for each of its bytes, which is how git compares. */
function bytesText(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(bytesOfName(text)).toString('latin1');
}
