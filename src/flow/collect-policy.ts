/** What a person writes into `policy.yaml` so that folders have their types. */

import { block } from '../model/value.ts';
import { escapePath } from '../text/names.ts';
import { writeEntry } from '../text/yaml-write.ts';
import type { Mapping } from './collect.ts';

/** Lines without their ends. */
export function policyLines(mappings: readonly Mapping[]): string[] {
  const folders = mappings.map(({ path, type }) => [escapePath(path), type] as const);
  return writeEntry('folders', block(folders)).trimEnd().split('\n');
}
