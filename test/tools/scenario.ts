/**
 * Merges as folders: `fixtures/scenarios/NAME/{base,ours,theirs,expected}` hold the files of each state, and beside
 * them stands, line by line, what files cannot show. fixtures/scenarios/README.md says how.
 */

import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path/posix';

export const SCENARIOS = 'fixtures/scenarios';
export const STATES = ['base', 'ours', 'theirs', 'expected'] as const;
export type StateName = (typeof STATES)[number];

export interface Scenario {
  readonly name: string;
  readonly states: Readonly<Record<StateName, ScenarioState>>;
  /** `KIND PATH | PATH`. */
  readonly conflicts: readonly string[];
  /** Types of which an entity is one whole. */
  readonly wholes: readonly string[];
}

/** Paths of folders end in '/'. */
export interface ScenarioState {
  /** Files with what they hold, links as `-> TARGET`, folders with nothing. */
  readonly tree: ReadonlyMap<string, string>;
  /** What is not 644, or 755 of a folder. */
  readonly modes: ReadonlyMap<string, number>;
  readonly times: ReadonlyMap<string, string>;
  readonly entities: readonly {
    readonly path: string;
    readonly id: string;
    readonly type: string;
    readonly was: readonly string[];
  }[];
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Where a person changed what is written about a thing. */
  readonly edited: readonly string[];
}

export function readScenarios(): readonly Scenario[] {
  const folders = readdirSync(SCENARIOS, { withFileTypes: true }).filter((it) => it.isDirectory());
  return folders.map(({ name }) => readScenario(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readScenario(name: string): Scenario {
  const folder = join(SCENARIOS, name);
  const stateOf = (state: StateName): ScenarioState => readState(folder, state);
  return {
    name,
    states: {
      base: stateOf('base'),
      ours: stateOf('ours'),
      theirs: stateOf('theirs'),
      expected: stateOf('expected'),
    },
    conflicts: linesOf(join(folder, 'conflicts')),
    wholes: linesOf(join(folder, 'wholes')),
  };
}

function readState(folder: string, state: StateName): ScenarioState {
  const lines = (kind: string): readonly string[] => linesOf(join(folder, `${state}.${kind}`));
  const tree = new Map<string, string>();
  readTree(join(folder, state), '', tree);
  return {
    tree,
    modes: new Map(
      lines('modes')
        .map(split)
        .map(([mode, path]) => [path, Number.parseInt(mode, 8)]),
    ),
    times: new Map(
      lines('times')
        .map(split)
        .map(([time, path]) => [path, time]),
    ),
    entities: lines('entities').map((line) => {
      const [id, rest] = split(line);
      const [type, after] = split(rest);
      const [path, ...was] = after.split(' was ');
      return { path: path!, id, type, was };
    }),
    moved: lines('moved').map((line) => {
      const [from = '', to = ''] = line.split(' -> ');
      return { from, to };
    }),
    edited: lines('edited'),
  };
}

/** git keeps no empty folders and none called `.git`. */
function readTree(folder: string, above: string, tree: Map<string, string>): void {
  for (const name of readdirSync(folder)) {
    const from = join(folder, name);
    const path = above + (name === 'dot-git' ? '.git' : name);
    const stats = lstatSync(from);
    if (name === '.empty') continue;
    if (stats.isSymbolicLink()) tree.set(path, `-> ${readlinkSync(from)}`);
    else if (!stats.isDirectory()) tree.set(path, readFileSync(from, 'utf8'));
    else {
      tree.set(`${path}/`, '');
      readTree(from, `${path}/`, tree);
    }
  }
}

function linesOf(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').filter(Boolean);
}

/** The first word, and the rest. */
function split(line: string): readonly [string, string] {
  const space = line.indexOf(' ');
  return [line.slice(0, space), line.slice(space + 1)];
}
