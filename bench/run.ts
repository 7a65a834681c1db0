/**
 * Measures dbk against its peers: `npm run bench -- NAME…`, or `all`; without a name it lists them.
 *
 * `--files N` makes a smaller tree than the goal speaks of, `--pairs N` measures more or less often, `--image GB`
 * works on a fresh file system (root), `--keep` leaves the tree where it is.
 */

import { statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { clone20k, clone20kRsync } from './clone-20k.ts';
import { commitAfterRename } from './commit-after-rename.ts';
import { commitFirst20k } from './commit-first-20k.ts';
import { commitFirstHuge } from './commit-first-huge.ts';
import { commitFirstMillion } from './commit-first-million.ts';
import { commitOneChangeMillion } from './commit-one-change-million.ts';
import { mergeCommitsMillion, mergeCommitsSpread } from './merge-commits-million.ts';
import { mergeMillion } from './merge-million.ts';
import { movesShuffled } from './moves-shuffled.ts';
import { status100k } from './status-100k.ts';
import { guard100k } from './guard-100k.ts';
import { syncNothingMillion } from './sync-nothing-million.ts';
import { statusMillion, statusMillionSmallFolders } from './status-million.ts';
import { statusSidecars } from './status-sidecars.ts';
import { statusSmall } from './status-small.ts';
import type { Benchmark } from './tools/benchmark.ts';
import { isBuilt } from './tools/dbk.ts';
import { canMeasure, compare } from './tools/measure.ts';
import { isInstalled } from './tools/peers.ts';
import { makePlace } from './tools/place.ts';
import { goalOf, report } from './tools/report.ts';

const benchmarks: readonly Benchmark[] = [
  statusSmall,
  status100k,
  statusMillion,
  statusMillionSmallFolders,
  statusSidecars,
  commitFirst20k,
  commitFirstHuge,
  commitFirstMillion,
  commitOneChangeMillion,
  commitAfterRename,
  movesShuffled,
  mergeMillion,
  mergeCommitsMillion,
  mergeCommitsSpread,
  guard100k,
  clone20k,
  clone20kRsync,
  syncNothingMillion,
];

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: 'string' },
    pairs: { type: 'string' },
    image: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

let interrupted = false;

/** Runs block; between them a signal gets its turn. */
async function stopIfAsked(): Promise<void> {
  await setImmediate();
  if (interrupted) throw new Error('interrupted');
}

function given(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`'${text}' is no count`);
  return Number(text);
}

function whatIsMissing(benchmark: Benchmark): string | undefined {
  if (!canMeasure()) return "needs GNU time (Debian's package time)";
  if (!isBuilt()) return "needs the built program; run 'npm run build'";
  for (const [program, name] of Object.entries(benchmark.needs)) {
    if (!isInstalled(program)) return `needs ${program} (Debian's package ${name})`;
  }
  return undefined;
}

/** A disk that fills up in the middle hurts everybody who uses it. */
function expectSpace(folder: string, gigabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < gigabytes * 1e9)
    throw new Error(`'${folder}' has less than the ${gigabytes.toFixed(2)} GB that this needs`);
}

/** Runs one benchmark and gives the goals it missed. */
async function measure(benchmark: Benchmark): Promise<readonly string[]> {
  console.log(`\n${benchmark.name}: ${benchmark.work}`);
  const missing = whatIsMissing(benchmark);
  if (missing !== undefined) {
    console.log(`  skipped: ${missing}`);
    return [];
  }
  const place = makePlace(benchmark.name, given(options.image));
  try {
    const files = benchmark.isFixed
      ? benchmark.files
      : Math.min(given(options.files) ?? Infinity, benchmark.files);
    expectSpace(place.folder, (benchmark.gigabytes * files) / benchmark.files);
    const pairs = given(options.pairs) ?? benchmark.pairs ?? 5;
    const note =
      files === benchmark.files ? '' : `, ${files} of ${benchmark.files} files: NOT what the goal speaks of`;
    console.log(`  ${place.fileSystem}, ${availableParallelism()} cores, Node ${process.version}${note}`);
    const contest = benchmark.prepare(place.folder, files);
    await stopIfAsked();
    const outcome = await compare(contest, pairs, async (done) => {
      console.error(`  run ${done}`);
      await stopIfAsked();
    });
    const { lines, missed } = report(benchmark, outcome, [contest.peer.label, contest.dbk.label]);
    for (const line of lines) console.log(`  ${line}`);
    return missed;
  } finally {
    if (options.keep) console.log(`  kept in ${place.folder}`);
    else place.remove();
  }
}

async function main(): Promise<void> {
  const unknown = names.filter((name) => name !== 'all' && !benchmarks.some((it) => it.name === name));
  if (unknown.length > 0) throw new Error(`there is no benchmark '${unknown[0]}'`);
  if (names.length === 0) {
    for (const benchmark of benchmarks) {
      console.log(`${benchmark.name.padEnd(27)}${goalOf(benchmark).padEnd(24)}${benchmark.work}`);
    }
    return;
  }
  const chosen = benchmarks.filter(({ name }) => names.includes('all') || names.includes(name));
  const missed: string[] = [];
  for (const benchmark of chosen) missed.push(...(await measure(benchmark)));
  console.log(
    missed.length === 0 ? '\nno goal missed' : `\nmissed:\n${missed.map((it) => `  ${it}`).join('\n')}`,
  );
}

process.on('SIGINT', () => (interrupted = true));
try {
  await main();
} catch (error) {
  console.error(`bench: ${(error as Error).message}`);
  process.exitCode = 1;
}
