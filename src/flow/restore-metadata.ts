/** Brings back what a commit has written about paths, as an edit that the next commit records; no file is touched. */

import { dirname, join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { CommitId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import { makeDirectories } from '../store/directories.ts';
import { undoEdit } from '../store/edited.ts';
import { replaceFile } from '../store/files.ts';
import { exclusively } from './exclusively.ts';
import { Follower } from './follow.ts';
import * as say from './problems.ts';
import type { Repository } from './repository.ts';
import { nameAt, sidecarAt } from './sidecar-guesses.ts';
import { Sidecars } from './sidecars.ts';

export interface RestoreMetadataRequest {
  readonly paths: readonly RepositoryPath[];
  readonly from: CommitId;
  readonly dryRun: boolean;
}

export interface MetadataRestored {
  readonly path: RepositoryPath;
  /** Below `index/`. */
  readonly text: string;
  readonly before: string | undefined;
  readonly after: string;
  /** Where an edit that no commit has was put, relative to `local/edited/`; of a dry run '' for that there is one. */
  readonly kept?: string;
}

export interface MetadataRestoring {
  /** Those that are another text now. */
  readonly restored: readonly MetadataRestored[];
  /** Those that stand there as the commit has them. */
  readonly same: number;
  readonly problems: readonly Problem[];
}

/** A path that has nothing written about it in the commit stays as it is, and is a problem. */
export async function restoreMetadata(
  repository: Repository,
  { paths, from, dryRun }: RestoreMetadataRequest,
): Promise<MetadataRestoring> {
  return exclusively(repository, 'restore', async ({ eyes, problems: met }) => {
    const { commits } = repository;
    const head = commits.readHead();
    const follower = new Follower(commits);
    const sidecars = new Sidecars(repository, eyes);
    const problems: Problem[] = [...met];
    const restored: MetadataRestored[] = [];
    let same = 0;
    for (const path of paths) {
      try {
        const { text } = await sidecars.at(path);
        const recordedAs = await sidecars.recordedAs(path);
        const wanted = sidecarAt(commits, from, nameAt(commits, follower, { head, at: from }, recordedAs));
        if (wanted === undefined) {
          problems.push(say.nothingWritten(path, from));
          continue;
        }
        const standing = sidecars.index.texts.currentBytes(text);
        if (standing !== undefined && digest(standing) === digest(wanted)) same++;
        else restored.push(put(repository, sidecars, { path, text, standing, wanted, dryRun }));
      } catch (error) {
        if (!(error instanceof Refusal) || error.kind !== 'failed') throw error;
        problems.push(error.problem);
      }
    }
    return { restored, same, problems };
  });
}

interface Putting {
  readonly path: RepositoryPath;
  readonly text: string;
  readonly standing: Uint8Array | undefined;
  readonly wanted: string;
  readonly dryRun: boolean;
}

function put(
  { context, layout }: Repository,
  { index }: Sidecars,
  { path, text, standing, wanted, dryRun }: Putting,
): MetadataRestored {
  const recorded = standing && index.texts.recordedText(text);
  const isEdit = standing !== undefined && (recorded === undefined || digest(recorded) !== digest(standing));
  const before = standing && Buffer.from(standing).toString('utf8');
  const done = { path, text, before, after: wanted };
  if (dryRun) return { ...done, ...(isEdit && { kept: '' }) };
  if (isEdit) {
    const kept = undoEdit(context.disk, layout, text, wanted);
    return { ...done, ...(kept !== undefined && { kept }) };
  }
  const place = join(layout.index, text);
  makeDirectories(context.disk, dirname(place));
  replaceFile(context.disk, place, wanted);
  return done;
}
