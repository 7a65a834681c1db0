/**
 * Runs the bundled program once and keeps what V8 compiled, beside each of its files as `NAME.cache`.
 *
 * A `status` spends more time on compiling than on anything else. V8 checks its own version and flags and the
 * length of the source, so the caches are made by the build that made the files; without them all is only slower.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Each command's own files; those that several load are kept as the last one leaves them. */
const COMMANDS: readonly (readonly string[])[] = [['commit', '-q', '-m', 'x'], ['status']];

const RUN = `
  const [program, ...argv] = process.argv.slice(1);
  process.argv = [process.argv[0], program, ...argv];
  const scripts = require(program);
  process.on('exit', () => {
    for (const [path, script] of scripts) require('fs').writeFileSync(path + '.cache', script.createCachedData());
  });
`;

export function warmUp(program: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'dbk-warm-up-'));
  try {
    writeFileSync(join(folder, 'a.txt'), 'a');
    run([program, '-C', folder, '-q', 'init']);
    for (const command of COMMANDS) run(['-e', RUN, program, '-C', folder, ...command]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(argv: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the program that was built does not run: ${stderr}`);
}
