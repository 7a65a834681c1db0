/** What is said when the operating system refused something that no flow expected: no bug, and no loss. */

import { Refusal } from '../model/problem.ts';
import * as problems from './commands/problems.ts';
import { isReaderGone } from './exit.ts';

const DOINGS: Readonly<Record<string, string>> = {
  open: 'open',
  read: 'read',
  write: 'write',
  fsync: 'write',
  rename: 'rename',
  mkdir: 'make',
  unlink: 'remove',
  rmdir: 'remove',
  scandir: 'list',
  lstat: 'look at',
  stat: 'look at',
  fstat: 'look at',
  readlink: 'read',
  realpath: 'look at',
};

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space and run this again; nothing is left half done',
  EDQUOT: 'free some space and run this again; nothing is left half done',
  EACCES: 'look at the permissions of this path and of the folders above it',
  EPERM: 'look at the permissions of this path and of the folders above it',
  EROFS: 'make the volume writable, or use a copy of it',
  EIO: 'look at the disk: it does not read or write what it should',
};

/** The refusal that an error of the operating system is; any other error is given back. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Refusal || isReaderGone(error)) return error;
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  const doing = DOINGS[syscall] ?? syscall;
  const what = path === undefined ? doing : `${doing} '${path}'`;
  const why = /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
  return new Refusal('failed', problems.system(what, why, HINTS[code]));
}
