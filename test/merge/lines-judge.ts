/** What `git merge-file -p` makes of texts. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ThreeTexts {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

const SCRIPT = `
i=0
while [ $i -lt $1 ]; do
  git merge-file -p ours-$i base-$i theirs-$i > merged-$i
  echo $?
  i=$((i + 1))
done
`;

/** The merged texts, with the number of conflicts that git says; all in one folder, which is there. */
export function mergedByGit(
  folder: string,
  all: readonly ThreeTexts[],
): { readonly text: string; readonly conflicts: number }[] {
  mkdirSync(folder, { recursive: true });
  for (const [i, texts] of all.entries())
    for (const side of ['base', 'ours', 'theirs'] as const)
      writeFileSync(join(folder, `${side}-${i}`), texts[side]);
  const { stdout, stderr } = spawnSync('sh', ['-c', SCRIPT, 'sh', String(all.length)], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' },
    maxBuffer: 1 << 28,
  });
  const counts = stdout.trimEnd().split('\n').map(Number);
  if (counts.length !== all.length || counts.some((count) => !(count < 128)))
    throw new Error(`git merge-file: ${stderr}`);
  return counts.map((conflicts, i) => ({
    text: readFileSync(join(folder, `merged-${i}`), 'utf8'),
    conflicts,
  }));
}
