/** Broken plugins as modules, and which promises of the contract they break. */

import type { TypePlugin } from '../../src/plugin/api.ts';
import { contractOf, type ContractCheck } from '../../src/plugin/suite.ts';
import { utf8 } from '../../fixtures/sample/bytes.ts';

/** A plugin as the text of a module: what a row says, over one that keeps the contract. */
export function moduleOf(parts: string, before = ''): URL {
  const text = `${before}
    export default { ...{
      api: 1, name: 'books', version: 1, top: 'Books', merge: 'files',
      boundaries: [{ at: '{author}/{title}/' }, { at: '{title}.epub' }],
      fields: {
        title: { of: 'entity', type: 'text', merge: 'one', doc: 'What it is called' },
        pages: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'How many' },
        words: { of: 'file', type: 'text', merge: 'set', doc: 'What stands in it' },
      },
    }, ...{ ${parts} } };`;
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}

export const reader = (body: string, files = "['*.epub']"): string =>
  `readers: [{ files: ${files}, read: async (file, report) => { ${body} } }]`;

export const entityReader = (body: string): string =>
  `entityReaders: [{ files: ['*.epub'], read: async (entity, report) => { ${body} } }]`;

export const mediaId = (body: string, more = ''): string =>
  `mediaIds: [{ name: 'epub-text', level: 'payload', files: ['*.epub'], compute: async (file, report) => { ${body} }, ${more} }]`;

export const merger = (body: string): string =>
  `mergers: [{ files: ['*.epub'], merge: async ({ base, ours, theirs }, report) => { ${body} } }]`;

/** Reads all, and gives way to who changed something. */
export const MERGING = `
  if (Math.max(ours.size, theirs.size) > 1e6) return undefined;
  const [b, o, t] = await Promise.all([base, ours, theirs].map((each) => each && each.read(0, each.size)));
  const isSame = (x, y) => x !== undefined && x.length === y.length && x.every((byte, i) => byte === y[i]);
  if (isSame(o, t) || isSame(b, t)) return o;
  return isSame(b, o) ? t : undefined;`;

export const SAMPLES = [new Map([['a.epub', utf8('title: A\n\npages: 12\n')]])];

export async function checksOf(module: URL, milliseconds = 5000): Promise<readonly ContractCheck[]> {
  const { default: plugin } = (await import(module.href)) as { readonly default: TypePlugin };
  return contractOf(plugin, module, { samples: SAMPLES, milliseconds, megabytes: 32 });
}

/** The promises that are broken, and the first thing that is said of each. */
export async function brokenBy(module: URL, milliseconds?: number): Promise<readonly string[]> {
  return brokenAmong(await checksOf(module, milliseconds));
}

export async function brokenAmong(checks: readonly ContractCheck[]): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const { name, run } of checks) {
    await run().catch((error: Error) => broken.push(`${name}: ${error.message.split('\n')[1]!.trim()}`));
  }
  return broken;
}

export const DATA = 'its data is what a plugin is';
export const BEGIN = 'an entity begins at each of its boundaries';
export const BYTES = 'its code survives any bytes within time and memory';
export const ANSWERS = 'its code answers what it declares';
export const TWICE = 'its code gives the same answer twice';
export const FINDINGS = 'what it finds odd is well said';
export const VALIDATE = 'it validates any entity';
