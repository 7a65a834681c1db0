/** What a run costs: wall time, processor time, and the most memory a process of it held. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contest, Side } from './benchmark.ts';

export interface Figures {
  /** Seconds from start to end. */
  readonly wall: number;
  /** Seconds of processors, user and system, children that were waited for included. */
  readonly cpu: number;
  /** The resident set of the biggest process, in bytes. */
  readonly peak: number;
}

export interface Outcome {
  readonly peer: Figures;
  readonly dbk: Figures;
  /** dbk's wall time by the peer's, pair by pair, ascending. */
  readonly ratios: readonly number[];
}

/** GNU time: the kernel's own figures. Node cannot ask for those of a child. */
const TIME = '/usr/bin/time';

export function canMeasure(): boolean {
  return existsSync(TIME);
}

/** Where certificates are named for Node, each of its processes reads all of them first: as much as it takes to start. */
const { NODE_EXTRA_CA_CERTS: _certificates, ...surroundings } = process.env;

/** Runs one side once. Standard output goes nowhere; a run that fails is an error. */
export function runOnce(side: Side): Figures {
  side.before?.();
  const folder = mkdtempSync(join(tmpdir(), 'dbk-time-'));
  try {
    const figures = join(folder, 'figures');
    const start = process.hrtime.bigint();
    const result = spawnSync(TIME, ['-f', '%U %S %M', '-o', figures, ...side.command], {
      cwd: side.folder,
      env: { ...surroundings, ...side.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const wall = Number(process.hrtime.bigint() - start) / 1e9;
    if (result.status !== 0) {
      const how = result.signal ?? `exit ${result.status}`;
      throw new Error(`${side.label} failed (${how}): ${result.stderr.toString().trim()}`);
    }
    const [user, system, kilobytes] = readFileSync(figures, 'utf8').trim().split(' ').map(Number);
    return { wall, cpu: user! + system!, peak: kilobytes! * 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs peer and dbk in turn, so that what the machine does meanwhile hits both; one run of each goes before and
 * is not counted: it fills the caches. `tell` hears of each pair and may end it all by throwing.
 */
export async function compare(
  contest: Contest,
  pairs: number,
  tell: (done: string) => Promise<void>,
): Promise<Outcome> {
  const runs: { peer: Figures; dbk: Figures }[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    const peer = runOnce(contest.peer);
    const dbk = runOnce(contest.dbk);
    await tell(`${pair} of ${pairs}: ${peer.wall.toFixed(3)} s, dbk ${dbk.wall.toFixed(3)} s`);
    if (pair > 0) runs.push({ peer, dbk });
  }
  contest.check?.();
  return {
    peer: middle(runs.map((run) => run.peer)),
    dbk: middle(runs.map((run) => run.dbk)),
    ratios: runs.map(({ peer, dbk }) => dbk.wall / peer.wall).sort((a, b) => a - b),
  };
}

/** The median of each figure but memory, of which the highest counts. */
function middle(figures: readonly Figures[]): Figures {
  return {
    wall: median(figures.map(({ wall }) => wall)),
    cpu: median(figures.map(({ cpu }) => cpu)),
    peak: Math.max(...figures.map(({ peak }) => peak)),
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
