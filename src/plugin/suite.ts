/**
 * The contract that every plugin keeps, as tests: what `dbk/plugin-test` exports.
 *
 *     import { test } from 'node:test';
 *     import { testPlugin } from 'dbk/plugin-test';
 *     await testPlugin(test, new URL('./plugin.js', import.meta.url), { samples: [new Map([['a.epub', bytes]])] });
 */

import { isDeepStrictEqual } from 'node:util';
import { LONGEST_MERGED, type TypePlugin } from './api.ts';
import { declarationOf } from './declared.ts';
import { wrongAnswer } from './field-values.ts';
import { problemsOfPlugin } from './plugin-check.ts';
import { faultsOfBegin, faultsOfStability } from './suite-boundaries.ts';
import { casesOf, LOAD, VALIDATE, type Sample, type SuiteCase } from './suite-cases.ts';
import { runCases, type Limits } from './suite-run.ts';
import { findingFault } from './suite-validate.ts';
import type { Outcome } from './suite-worker.ts';

export type { Sample } from './suite-cases.ts';

export interface SuiteOptions {
  /** Entities that the readers understand, each path relative to the entity to content; cut off, damaged, renamed. */
  readonly samples?: readonly Sample[];
  /** For one file or entity; 5,000 where absent. */
  readonly milliseconds?: number;
  /** Of memory, for one file or entity; 256 where absent. */
  readonly megabytes?: number;
}

/** One promise of the contract; `run` is rejected with all that breaks it. */
export interface ContractCheck {
  readonly name: string;
  run(): Promise<void>;
}

/** What node:test's `test` is to the suite. */
export type TestFunction = (name: string, run: () => Promise<void>) => unknown;

const MEGABYTE = 1024 * 1024;
const MOST_SHOWN = 10;

/** Registers a test for each promise. The module's default export is the plugin; its code runs in other threads. */
export async function testPlugin(test: TestFunction, module: URL, options: SuiteOptions = {}): Promise<void> {
  for (const { name, run } of await contractOfModule(module, options)) test(name, run);
}

/** The promises of the plugin that a module exports as its default; one alone where the module does not load. */
export async function contractOfModule(module: URL, options: SuiteOptions = {}): Promise<ContractCheck[]> {
  const [loaded] = await runCases(module, [LOAD], limitsOf(options), 0);
  const faults = loaded?.faults ?? [];
  if (faults.length > 0) return [{ name: 'its module loads', run: async () => refuseFaults(faults) }];
  const { default: plugin } = (await import(module.href)) as { readonly default: TypePlugin };
  try {
    return contractOf(plugin, module, options);
  } catch (error) {
    // A property of it, to begin with.
    return [{ name: 'its module loads', run: async () => refuseFaults([`throws ${String(error)}`]) }];
  }
}

/** The promises of a plugin, which `module` exports as its default. */
export function contractOf(plugin: TypePlugin, module: URL, options: SuiteOptions = {}): ContractCheck[] {
  const named = (
    name: string,
    faults: () => Iterable<string> | Promise<Iterable<string>>,
  ): ContractCheck => ({
    name,
    run: async () => refuseFaults([...(await faults())]),
  });
  const data = named('its data is what a plugin is', () =>
    problemsOfPlugin(plugin).map(({ reason }) => reason),
  );
  // With wrong data everything else would say the same in other words.
  if (problemsOfPlugin(plugin).length > 0) return [data];
  const declared = declarationOf(plugin);
  const code = codeOf(plugin, module, options);
  return [
    data,
    named('an entity begins at each of its boundaries', () => faultsOfBegin(plugin.name, declared)),
    named('its boundaries are total and stable', () => faultsOfStability(plugin.name, declared)),
    named('its code survives any bytes within time and memory', async () => faultsOfCases(await code())),
    named('its code answers what it declares', async () => faultsOfAnswers(plugin, await code())),
    named('its code gives the same answer twice', async () => faultsOfRepeating(await code())),
    named('what it finds odd is well said', async () => faultsOfFindings(plugin, await code())),
    named('it validates any entity', () => faultsOfValidating(module, options)),
  ];
}

interface Ran {
  readonly given: SuiteCase;
  readonly first: Outcome | undefined;
  /** In another thread, after other files. */
  readonly second: Outcome | undefined;
}

/** Runs all cases twice, when first asked. */
function codeOf(plugin: TypePlugin, module: URL, options: SuiteOptions): () => Promise<readonly Ran[]> {
  let ran: Promise<readonly Ran[]> | undefined;
  const { samples = [] } = options;
  const limits = limitsOf(options);
  const run = async (): Promise<readonly Ran[]> => {
    const cases = casesOf(plugin, samples);
    const first = await runCases(module, cases, limits, 0);
    // What had to be ended too often is not tried again.
    const isEnded = first.includes(undefined);
    const second = isEnded ? first : (await runCases(module, [...cases].reverse(), limits, 255)).toReversed();
    return cases.map((given, i) => ({ given, first: first[i], second: second[i] }));
  };
  return () => (ran ??= run());
}

function limitsOf({ milliseconds = 5000, megabytes = 256 }: SuiteOptions): Limits {
  return { milliseconds, bytes: megabytes * MEGABYTE };
}

async function faultsOfValidating(module: URL, options: SuiteOptions): Promise<readonly string[]> {
  const [outcome] = await runCases(module, [VALIDATE], limitsOf(options), 0);
  if (outcome === undefined || outcome.faults.length > 0) return outcome?.faults ?? ['was not run'];
  return outcome.answer as readonly string[];
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const shown = faults.slice(0, MOST_SHOWN).map((fault) => `\n  ${fault}`);
  const rest = faults.length > MOST_SHOWN ? `\n  and ${faults.length - MOST_SHOWN} more` : '';
  throw new Error(`the plugin breaks the contract:${shown.join('')}${rest}`);
}

function titleOf({ of, at, what }: SuiteCase): string {
  return `${of} ${at + 1}, ${what}`;
}

function faultsOfCases(code: readonly Ran[]): string[] {
  return code.flatMap(({ given, first, second }) => {
    const faults = new Set([...(first?.faults ?? ['was not run']), ...(second?.faults ?? ['was not run'])]);
    return [...faults].map((fault) => `${titleOf(given)}: ${fault}`);
  });
}

function faultsOfAnswers(plugin: TypePlugin, code: readonly Ran[]): string[] {
  return code.flatMap(({ given, first }) => {
    if (first === undefined || first.faults.length > 0 || first.isRefused) return [];
    const faults = wrongIn(plugin, given, first.answer);
    return faults.map((fault) => `${titleOf(given)}: ${fault}`);
  });
}

function wrongIn(plugin: TypePlugin, given: SuiteCase, answer: unknown): string[] {
  if (given.of === 'mediaIds') return wrongId(answer);
  return given.of === 'mergers' ? wrongMerge(given, answer) : wrongFields(plugin, given, answer);
}

function wrongMerge({ merged }: SuiteCase, answer: unknown): string[] {
  if (answer === undefined) return merged?.isSure === true ? ['does not take what one side changed'] : [];
  if (!(answer instanceof Uint8Array)) return ['answers what is no content'];
  if (answer.length > LONGEST_MERGED) return [`answers more than ${LONGEST_MERGED} bytes`];
  const isRight = merged === undefined || isDeepStrictEqual(bytesOf(answer), bytesOf(merged.bytes));
  return isRight ? [] : ['answers something else than what one side changed'];
}

/** Whatever class of arrays of bytes it is. */
function bytesOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function wrongId(answer: unknown): string[] {
  const isId = answer === undefined || (typeof answer === 'string' && /^[!-~]{1,200}$/.test(answer));
  return isId ? [] : ['answers what is no id'];
}

function wrongFields(plugin: TypePlugin, given: SuiteCase, answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null) return ['answers no fields'];
  const of = given.of === 'readers' ? 'file' : 'entity';
  const { fields } = declarationOf(plugin);
  return Object.entries(answer).flatMap(([name, value]) => {
    const field = fields.get(name);
    if (field?.of !== of) return [`'${name}' is no field of ${of === 'file' ? 'files' : 'entities'}`];
    const wrong = wrongAnswer(field, value);
    return wrong === undefined ? [] : [`'${name}' ${wrong}`];
  });
}

function faultsOfRepeating(code: readonly Ran[]): string[] {
  const isBroken = (outcome: Outcome | undefined): boolean =>
    outcome === undefined || outcome.faults.length > 0;
  const answers = new Map<string, unknown>();
  return code.flatMap(({ given, first, second }) => {
    if (isBroken(first) || isBroken(second)) return [];
    if (!isDeepStrictEqual(first, second)) return [`${titleOf(given)}: another answer the second time`];
    if (given.same === undefined) return [];
    const key = `${given.of} ${given.at} ${given.same}`;
    const isOther = answers.has(key) && !isDeepStrictEqual(answers.get(key), first?.answer);
    answers.set(key, first?.answer);
    return isOther ? [`${titleOf(given)}: another answer under another name`] : [];
  });
}

function faultsOfFindings(plugin: TypePlugin, code: readonly Ran[]): string[] {
  return code.flatMap(({ given, first }) =>
    (first?.findings ?? []).flatMap((finding) => {
      const fault = findingFault(plugin.name, finding);
      return fault === undefined ? [] : [`${titleOf(given)}: ${fault}`];
    }),
  );
}
