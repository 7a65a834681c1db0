/**
 * A process that contends for a lock, for lock.test.ts: told `take`, it tries once and answers; told `release`, it
 * lets go. While it holds the lock a file `critical` of its own making is there, which nobody else may have made.
 */

import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { nodeDisk } from '../../src/disk/disk.ts';
import { Refusal } from '../../src/model/problem.ts';
import { layoutOf } from '../../src/store/layout.ts';
import { acquireLock, type Lock } from '../../src/store/lock.ts';
import { identifyProcess, isRunning } from '../../src/store/process-identity.ts';

const layout = layoutOf(process.argv[2]!);
const critical = join(layout.home, 'critical');
const me = identifyProcess(nodeDisk, 'here', process.pid);
const holder = { ...me, command: 'commit', since: '2026-11-22T18:20:11Z' };
let lock: Lock | undefined;

function take(): string {
  try {
    lock = acquireLock(nodeDisk, layout, holder, (other) => isRunning(nodeDisk, other));
    fs.closeSync(fs.openSync(critical, 'wx'));
    return 'taken';
  } catch (error) {
    return error instanceof Refusal ? error.problem.code : String(error);
  }
}

process.on('message', (message) => {
  if (message === 'release') {
    fs.rmSync(critical);
    lock?.release();
    lock = undefined;
  }
  process.send!(message === 'take' ? take() : 'released');
});
process.send!('ready');
