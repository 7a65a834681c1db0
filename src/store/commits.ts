/** What is in `commits/` and `head`: reading commits and their patches, each checked against its id. */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import type { Commit } from '../model/commit.ts';
import { isCommitId, type CommitId } from '../model/id.ts';
import { commitDirectory, parseCommit } from '../text/commit.ts';
import { commitDirectories } from './commit-directories.ts';
import { beginCommit, place, type CommitWriter } from './commit-writer.ts';
import { makeDirectories, removeTree } from './directories.ts';
import { decode, moveFile, readBytes, readText, removeFile, replaceFile } from './files.ts';
import { hashers } from './hashers.ts';
import type { Layout } from './layout.ts';
import { readChunks } from './patch-chunks.ts';
import {
  ambiguousCommit,
  commitDamaged,
  commitMissing,
  commitUnreadable,
  headUnreadable,
  noSuchCommit,
} from './problems.ts';

export interface Commits {
  readonly disk: Disk;
  readonly layout: Layout;
  /** The commit that `index/` stands at; undefined before the first. */
  readHead(): CommitId | undefined;
  /** Durable when it returns; undefined: the state before the first commit. */
  writeHead(id: CommitId | undefined): void;
  /** The one commit whose id begins so; refuses ('usage') where there is none or several. */
  findCommit(prefix: string): CommitId;
  /** The absolute path of a commit's directory. */
  directoryOf(id: CommitId): string;
  /** Refuses ('damage') what is not there, not what its id says, or does not fit its directory's name. */
  readCommit(id: CommitId): Commit;
  /**
   * The bytes of a commit's patch; each chunk is overwritten by the next one. When all were taken and they are not
   * what the commit says, it refuses ('damage'); not so with `check` false.
   */
  patchChunks(id: CommitId, check?: boolean): Iterable<Uint8Array>;
  /** Whether a commit is here, whole as far as its letter says. */
  has(id: CommitId): boolean;
  /** The same as far as this process knows: who asks for many that are not here spares reading all names each time. */
  knows(id: CommitId): boolean;
  /** Puts a commit that was written and checked elsewhere in its place; durable when it returns. */
  placeCommit(scratch: string, text: string, commit: Commit): void;
  /** Begins a commit; whoever does so holds the lock. */
  beginCommit(): CommitWriter;
  /** Takes back a commit that nothing refers to: it was finished, and what was to follow failed. */
  withdrawCommit(id: CommitId): void;
}

/** A commit that was read, and where. */
interface Located {
  readonly id: CommitId;
  readonly commit: Commit;
  readonly directory: string;
}

const LONGEST_HEAD = 128;
/** A commit that moves a million files one by one says so in about 200 MB. */
const LONGEST_COMMIT = 1 << 30;

export function openCommits(disk: Disk, layout: Layout): Commits {
  const directories = commitDirectories(disk, layout);
  const idle = hashers();
  let last: Located | undefined;

  const locate = (id: CommitId): Located => {
    if (last?.id === id) return last;
    const candidates = directories.find(id).map((directory) => join(layout.commits, directory));
    // Foreign or forged ones may begin with the same digits.
    const fitting = candidates.length > 1 ? candidates.find((path) => idIn(disk, path) === id) : undefined;
    const directory = fitting ?? candidates[0];
    if (directory === undefined) throw commitMissing(id);
    last = { id, commit: readFrom(disk, directory, id), directory };
    return last;
  };

  return {
    disk,
    layout,
    readHead: () => readHead(disk, layout),
    writeHead: (id) => {
      if (id === undefined) removeFile(disk, layout.head, { durable: true });
      else replaceFile(disk, layout.head, `${id}\n`, { durable: true });
    },
    findCommit: (prefix) => {
      const candidates = directories.startingWith(prefix);
      const ids = new Set(candidates.map((directory) => idIn(disk, join(layout.commits, directory))));
      const fitting = [...ids].filter((id): id is CommitId => id?.startsWith(prefix) === true).sort();
      if (fitting.length > 1) throw ambiguousCommit(prefix, fitting);
      if (fitting[0] === undefined) throw noSuchCommit(prefix);
      return fitting[0];
    },
    directoryOf: (id) => locate(id).directory,
    readCommit: (id) => locate(id).commit,
    patchChunks: (id, check = true) => {
      const { directory, commit } = locate(id);
      const path = join(directory, 'changes.patch');
      if (disk.lstat(path)?.isFile() !== true) throw commitDamaged(id, path, 'it has no patch');
      const refuseOther = (found: string): void => {
        if (found !== commit.changes) throw commitDamaged(id, path, `it is ${found}, not ${commit.changes}`);
      };
      return readChunks(disk, path, idle, check ? refuseOther : undefined);
    },
    has: (id) => directories.find(id).length > 0 && locate(id).id === id,
    knows: (id) => directories.known(id).length > 0 && locate(id).id === id,
    placeCommit: (scratch, text, commit) => {
      const directory = commitDirectory(commit, digest(text) as string as CommitId);
      place(disk, scratch, join(layout.commits, directory), text, commit.changes);
      directories.add(directory);
    },
    beginCommit: () => beginCommit(disk, layout, idle, directories.add),
    withdrawCommit: (id) => {
      const { directory } = locate(id);
      const away = join(layout.scratch, `withdrawn-${id}`);
      makeDirectories(disk, layout.scratch);
      moveFile(disk, directory, away, { durable: true });
      removeTree(disk, away);
      directories.remove(directory.slice(layout.commits.length + 1));
      last = undefined;
    },
  };
}

function readHead(disk: Disk, layout: Layout): CommitId | undefined {
  const id = readText(disk, layout.head, LONGEST_HEAD)?.replace(/\n$/, '');
  if (id !== undefined && !isCommitId(id)) throw headUnreadable(layout.head);
  return id;
}

/** The id of what a directory holds, whatever its name says; undefined where it holds no commit. */
function idIn(disk: Disk, directory: string): CommitId | undefined {
  const bytes = readBytes(disk, join(directory, 'commit.yaml'), LONGEST_COMMIT);
  return bytes && (digest(bytes) as string as CommitId);
}

function readFrom(disk: Disk, directory: string, id: CommitId): Commit {
  const path = join(directory, 'commit.yaml');
  const bytes = readBytes(disk, path, LONGEST_COMMIT);
  if (bytes === undefined) throw commitDamaged(id, path, 'it is gone');
  const found = digest(bytes) as string;
  if (found !== id) throw commitDamaged(id, path, `it is ${found}`);
  const commit = parse(bytes, id, path);
  const expected = commitDirectory(commit, id);
  if (!directory.endsWith(`/${expected}`))
    throw commitDamaged(id, path, `its directory should be '${expected}'`);
  return commit;
}

function parse(bytes: Uint8Array, id: CommitId, path: string): Commit {
  try {
    return parseCommit(decode(bytes, path));
  } catch (error) {
    throw commitUnreadable(id, path, error);
  }
}
