/** A person in a shell, and what a status tells that person. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { status } from '../../src/flow/status.ts';
import type { Change } from '../../src/model/change.ts';
import type { Workbench } from '../tools/repository.ts';

/** Does it in the folder; whatever fails is a mistake in the test. */
export function shell(root: string, act: string): void {
  const { status: code, stderr } = spawnSync('sh', ['-ec', act], { cwd: root, encoding: 'utf8' });
  assert.equal(code, 0, `${act}: ${stderr}`);
}

/** `moved file a → b inode`, `moved directory x → y inode (3)`, `changed file x/a → y/a inode in y`. */
export function wordsOf({ kind, what, from, path, by, files, within }: Change): string {
  const how = by === undefined ? '' : ` ${by}`;
  const held = kind === 'moved' && what === 'directory' ? ` (${files})` : '';
  const inside = within === undefined ? '' : ` in ${within}`;
  return `${kind} ${what} ${from === undefined ? '' : `${from} → `}${path}${how}${held}${inside}`;
}

export async function statusOf(bench: Workbench): Promise<string[]> {
  const changes: Change[] = [];
  await status(bench.repository, { checkEverything: false, report: (change) => changes.push(change) });
  return changes.map(wordsOf);
}
