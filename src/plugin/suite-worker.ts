/** Part of the contract suite: the thread that a plugin's code runs in, so that it can be ended. */

import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type { Finding, Report, TypePlugin } from './api.ts';
import type { SuiteCase } from './suite-cases.ts';
import { placeLocally } from './suite-local.ts';
import { entityOfCase, fileOf, Refused, versionsOf, type Notes } from './suite-source.ts';
import { faultsOfValidate } from './suite-validate.ts';

/** What came of one case. */
export interface Outcome {
  readonly faults: readonly string[];
  readonly findings: readonly Finding[];
  readonly answer?: unknown;
  /** The files refused something, which the plugin let pass: there is no answer to judge. */
  readonly isRefused?: boolean;
}

/** What a thread is started with. */
export interface Work {
  readonly module: string;
  readonly cases: readonly SuiteCase[];
  /** The most memory outside the heap, where the bytes of arrays are, that a case may take. */
  readonly mostBytes: number;
  /** See `Notes`. */
  readonly around: number;
  /** Where files are that are asked for by a path; absolute, and removed by who started this. */
  readonly folder: string;
}

// What this rejects with ends the thread, and whoever started it is told.
if (parentPort !== null) void work(workerData as Work, (outcome) => parentPort!.postMessage(outcome));

async function work(
  { module, cases, mostBytes, around, folder }: Work,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const { default: plugin } = (await import(module)) as { readonly default: TypePlugin };
  for (const given of cases) {
    const before = getHeapStatistics().external_memory;
    const outcome = await outcomeOf(plugin, given, around, folder);
    const taken = getHeapStatistics().external_memory - before;
    const faults = taken > mostBytes ? [`takes ${taken} bytes of memory`] : [];
    send({ ...outcome, faults: [...outcome.faults, ...faults] }, tell);
  }
}

function send(outcome: Outcome, tell: (outcome: Outcome) => void): void {
  try {
    tell(outcome);
  } catch {
    // Functions and the like cannot be sent.
    tell({ faults: ['answers what is no plain value'], findings: [] });
  }
}

async function outcomeOf(
  plugin: TypePlugin,
  given: SuiteCase,
  around: number,
  folder: string,
): Promise<Outcome> {
  const place: Notes['place'] = (path, bytes, behind) => placeLocally(folder, path, bytes, behind);
  const notes: Notes = { faults: [], read: 0, around, place };
  const findings: Finding[] = [];
  const report: Report = (finding) => void findings.push(finding);
  try {
    const answer = await call(plugin, given, notes, report);
    return { faults: notes.faults, findings, answer };
  } catch (error) {
    if (error instanceof Refused) return { faults: notes.faults, findings, isRefused: true };
    return { faults: [...notes.faults, `throws ${String(error).slice(0, 200)}`], findings };
  }
}

function call(plugin: TypePlugin, given: SuiteCase, notes: Notes, report: Report): Promise<unknown> {
  switch (given.of) {
    case 'readers':
      return plugin.readers![given.at]!.read(fileOf(given, notes), report);
    case 'mediaIds':
      return plugin.mediaIds![given.at]!.compute(fileOf(given, notes), report);
    case 'entityReaders': {
      const reader = plugin.entityReaders![given.at]!;
      return reader.read(entityOfCase(given, reader.files, notes), report);
    }
    case 'mergers':
      return plugin.mergers![given.at]!.merge(versionsOf(given, notes), report);
    case 'validate':
      return Promise.resolve([...faultsOfValidate(plugin)]);
    case 'load':
      return Promise.resolve(undefined);
  }
}
