/** Whether a plugin keeps the contract: the suite of `dbk/plugin-test`, run for a person who writes one. */

import { basename } from 'node:path/posix';
import { Interrupted, Refusal } from '../model/problem.ts';
import { contractOfModule, type Sample } from '../plugin/suite.ts';
import type { Context } from './context.ts';
import { moduleOf } from './import-module.ts';
import { readPlugin } from './plugin-content.ts';
import * as problems from './plugin-problems.ts';

/** A promise of the contract, and how it is broken: lines; none where it is kept. */
export interface PluginCheck {
  readonly name: string;
  readonly faults: readonly string[];
}

export interface CheckRequest {
  /** Absolute. */
  readonly path: string;
  /** Files and folders, each an entity that the readers understand; absolute. */
  readonly samples: readonly string[];
}

const LONGEST_SAMPLE = 64 * 1024 * 1024;
const MOST_SAMPLE_FILES = 1000;

/** The promises, each as soon as it was looked at. The plugin's code runs, whether or not it is trusted. */
export async function* checkPlugin(
  { disk, interrupted }: Pick<Context, 'disk' | 'interrupted'>,
  { path, samples }: CheckRequest,
): AsyncGenerator<PluginCheck> {
  const content = await readPlugin(disk, path);
  const read = samples.map((sample) => sampleAt(disk, sample));
  for (const { name, run } of await contractOfModule(moduleOf(content), { samples: read })) {
    if (interrupted()) throw new Interrupted();
    yield { name, faults: await faultsOf(run) };
  }
}

async function faultsOf(run: () => Promise<void>): Promise<readonly string[]> {
  try {
    await run();
    return [];
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    // The first line says that there are some.
    return (lines.length > 1 ? lines.slice(1) : lines).map((line) => line.trim());
  }
}

function sampleAt(disk: Context['disk'], sample: string): Sample {
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  const add = (path: string, whole: string): void => {
    const content = disk.readFile(whole, LONGEST_SAMPLE - bytes);
    bytes += content.length;
    if (files.size === MOST_SAMPLE_FILES) throw new Refusal('usage', problems.sampleMissing(sample));
    files.set(path, content);
  };
  try {
    const real = disk.realpath(sample);
    if (!disk.lstat(real)!.isDirectory()) add(basename(sample), real);
    else for (const path of filesBelow(disk, real)) add(path, `${real}/${path}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new Refusal('usage', problems.sampleMissing(sample));
  }
  return files;
}

function* filesBelow(disk: Context['disk'], root: string): Generator<string> {
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const name of disk.readdir(`${root}/${folder}`)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const stats = disk.lstat(`${root}/${path}`);
      if (stats?.isDirectory()) waiting.push(path);
      else if (stats?.isFile()) yield path;
    }
  }
}
