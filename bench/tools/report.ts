/** What a benchmark says in the end: the figures, the ratio, and whether the goals are met. */

import type { Benchmark } from './benchmark.ts';
import { median } from './measure.ts';
import type { Figures, Outcome } from './measure.ts';

export interface Verdict {
  readonly lines: readonly string[];
  readonly missed: readonly string[];
}

export function report(benchmark: Benchmark, outcome: Outcome, labels: readonly [string, string]): Verdict {
  const width = Math.max(...labels.map((label) => label.length));
  const ratio = median(outcome.ratios);
  const goals = [
    {
      found: `ratio ${ratio.toFixed(3)} (${outcome.ratios[0]!.toFixed(3)} to ${outcome.ratios.at(-1)!.toFixed(3)})`,
      goal: `at most ${benchmark.ratio} × ${labels[0]}`,
      isMet: ratio <= benchmark.ratio,
    },
    ...(benchmark.megabytes === undefined
      ? []
      : [
          {
            found: `peak ${megabytes(outcome.dbk.peak)}`,
            goal: `at most ${benchmark.megabytes} MB`,
            isMet: outcome.dbk.peak <= benchmark.megabytes * 1e6,
          },
        ]),
  ];
  return {
    lines: [
      row(labels[0].padEnd(width), outcome.peer),
      row(labels[1].padEnd(width), outcome.dbk),
      ...goals.map(({ found, goal, isMet }) => `${found}; goal ${goal}: ${isMet ? 'met' : 'MISSED'}`),
    ],
    missed: goals
      .filter(({ isMet }) => !isMet)
      .map(({ found, goal }) => `${benchmark.name}: ${found}, ${goal}`),
  };
}

/** What is striven for, in a line. */
export function goalOf(benchmark: Benchmark): string {
  const memory = benchmark.megabytes === undefined ? '' : `, ${benchmark.megabytes} MB`;
  return `at most ${benchmark.ratio} ×${memory}`;
}

function row(label: string, { wall, cpu, peak }: Figures): string {
  return `${label}  wall ${seconds(wall)}  cpu ${seconds(cpu)}  peak ${megabytes(peak)}`;
}

const seconds = (value: number): string => `${value.toFixed(3)} s`.padStart(10);
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
