/** What is said of plugins; one function a message. */

import type { Problem } from '../model/problem.ts';

export const wrongPlugin = (plugin: string, what: string, reason: string, hint?: string): Problem => ({
  code: 'plugin/wrong',
  severity: 'error',
  reason: `plugin '${plugin}': ${what} ${reason}`,
  ...(hint === undefined ? {} : { hint }),
});

export const sameName = (name: string): Problem => ({
  code: 'plugin/same-name',
  severity: 'error',
  reason: `two plugins are called '${name}'; the first one counts`,
  hint: 'rename or remove one of them',
});

export const olderThanRecorded = (name: string, version: number, recorded: number): Problem => ({
  code: 'plugin/older',
  severity: 'warning',
  reason: `plugin '${name}' is version ${version}; the repository was described by version ${recorded}`,
  hint: 'update the plugin; until then nothing is read with it',
});

export const versionNotRaised = (name: string, version: number): Problem => ({
  code: 'plugin/version-not-raised',
  severity: 'warning',
  reason: `plugin '${name}' declares something else than the version ${version} that is recorded`,
  hint: `raise its version to ${version + 1}`,
});
