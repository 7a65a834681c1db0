/** Part of the contract suite: whether a plugin's `validate` and `similarity` take whatever they are given. */

import type { EntityView, Finding, TypePlugin } from './api.ts';
import { randomOf } from './suite-random.ts';

const VIEWS = 100;
const IDS = ['', 'a', 'b', 'AQADtEmU', '0'.repeat(64), 'ffff', 'A'.repeat(200)];

/** What is wrong, in sentences. To be called in a thread that can be ended. */
export function* faultsOfValidate(plugin: TypePlugin): Generator<string> {
  for (let seed = 0; seed < VIEWS && plugin.validate !== undefined; seed++) {
    const view = viewOf(plugin, seed);
    try {
      const [first, second] = [[...plugin.validate(view)], [...plugin.validate(view)]];
      if (JSON.stringify(first) !== JSON.stringify(second))
        yield 'validate finds something else the second time';
      for (const finding of first) {
        const fault = findingFault(plugin.name, finding);
        if (fault !== undefined) yield `validate: ${fault}`;
      }
    } catch (error) {
      yield `validate throws ${String(error)}`;
    }
  }
  for (const { name, similarity } of plugin.mediaIds ?? []) {
    if (similarity !== undefined) yield* faultsOfSimilarity(name, similarity);
  }
}

/** What is wrong with how something is said; undefined where nothing is. */
export function findingFault(plugin: string, finding: Finding): string | undefined {
  const { code, severity, reason } = finding;
  if (typeof code !== 'string' || !code.startsWith(`${plugin}/`))
    return `the code '${code}' is not '${plugin}/…'`;
  if (!['error', 'warning', 'note'].includes(severity)) return `'${code}' has no severity`;
  const isSaid =
    typeof reason === 'string' && /^[^\p{Cc}\p{Cs}]{1,1000}$/u.test(reason) && !reason.endsWith('.');
  return isSaid ? undefined : `'${code}' has no reason of one line without a full stop`;
}

function* faultsOfSimilarity(name: string, similarity: (a: string, b: string) => number): Generator<string> {
  for (const a of IDS) {
    for (const b of IDS) {
      const [there, back] = [attempt(similarity, a, b), attempt(similarity, b, a)];
      if (!(there >= 0 && there <= 1)) yield `similarity of '${name}' is not from 0 to 1`;
      if (there !== back) yield `similarity of '${name}' is not symmetric`;
    }
    if (a !== '' && attempt(similarity, a, a) !== 1)
      yield `similarity of '${name}' of an id with itself is not 1`;
  }
}

/** NaN where it throws. */
function attempt(similarity: (a: string, b: string) => number, a: string, b: string): number {
  try {
    return similarity(a, b);
  } catch {
    return Number.NaN;
  }
}

/** An entity with some fields, right and wrong, as people leave them: nothing that they write is sure. */
function viewOf(plugin: TypePlugin, seed: number): EntityView {
  const next = randomOf(seed);
  const fields = (of: 'file' | 'entity'): Record<string, unknown> => {
    const names = Object.keys(plugin.fields).filter(
      (name) => plugin.fields[name]!.of === of && next(2) === 0,
    );
    return Object.fromEntries(names.map((name) => [name, valueOf(plugin, name, next)]));
  };
  const files = Array.from(
    { length: next(4) },
    (_, i) => [`${i}.${'abc'[next(3)]}`, fields('file')] as const,
  );
  return { path: 'a', files: new Map(files), fields: fields('entity') } as EntityView;
}

function valueOf(plugin: TypePlugin, name: string, next: (bound: number) => number): unknown {
  const { type, merge } = plugin.fields[name]!;
  const words = typeof type === 'object' ? type.oneOf : ['', 'a', 'Ünï', '1999', '1999-02-28'];
  const one = (): unknown =>
    type === 'integer' || type === 'number'
      ? next(5000) - 100
      : type === 'boolean'
        ? next(2) === 0
        : words[next(words.length)];
  return merge === 'set' || merge === 'list' ? Array.from({ length: next(3) }, one) : one();
}
