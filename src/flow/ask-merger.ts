/** What the merger of a file's type makes of two contents of it. */

import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import { LONGEST_MERGED, LONGEST_READ, type ByteSource, type Merger } from '../plugin/api.ts';
import { takes } from '../plugin/file-patterns.ts';
import * as say from './conflict-problems.ts';
import { inTime } from './in-time.ts';
import { indexOnDisk, type IndexView } from './index-on-disk.ts';
import { readPolicy } from './policy.ts';
import type { Repository } from './repository.ts';
import { topOf, typesHere, type Types } from './types.ts';

/** The bytes of three versions, each at most LONGEST_MERGED. */
export interface Contents {
  readonly base: Uint8Array | undefined;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

export interface MergerAnswer {
  /** undefined: nobody takes such files, or a person has to decide. */
  readonly bytes: Uint8Array | undefined;
  readonly problems: readonly Problem[];
}

/** Refuses ('failed') where the merger does not do what it promises. */
export async function askMerger(
  repository: Repository,
  path: RepositoryPath,
  { base, ours, theirs }: Contents,
): Promise<MergerAnswer> {
  const problems: Problem[] = [];
  const found = await mergerFor(repository, path);
  if (found === undefined) return { bytes: undefined, problems };
  const versions = {
    ours: sourceOf(ours),
    theirs: sourceOf(theirs),
    ...(base !== undefined && { base: sourceOf(base) }),
  };
  let bytes: unknown;
  try {
    bytes = await inTime(
      found.merger.merge(versions, (finding) => problems.push(say.mergerFinding(path, finding))),
    );
  } catch (error) {
    throw new Refusal('failed', say.mergerFailed(found.plugin, path, String(error)));
  }
  if (bytes === undefined) return { bytes, problems };
  const wrong = wrongAnswer(bytes);
  if (wrong !== undefined) throw new Refusal('failed', say.mergerFailed(found.plugin, path, wrong));
  return { bytes: bytes as Uint8Array, problems };
}

function wrongAnswer(answer: unknown): string | undefined {
  if (!(answer instanceof Uint8Array)) return 'it answers what is no content';
  return answer.length > LONGEST_MERGED ? `it answers more than ${LONGEST_MERGED} bytes` : undefined;
}

async function mergerFor(
  repository: Repository,
  path: RepositoryPath,
): Promise<{ readonly plugin: string; readonly merger: Merger } | undefined> {
  const index = indexOnDisk(repository);
  const types = await typesHere(repository.context, index.texts, await readPolicy(index.texts));
  const place = placeIn(index, types, path);
  const plugin = place && types.plugins.get(place.type);
  const merger = plugin?.mergers?.find(({ files }) => takes(files, place!.path));
  return merger && { plugin: plugin!.name, merger };
}

/** The type of a file, and its path relative to the entity or, of a loose one, to the top folder. */
function placeIn(
  index: IndexView,
  types: Types,
  path: RepositoryPath,
): { readonly type: string; readonly path: string } | undefined {
  const own = index.recordedManifest(parentOf(path))?.files.get(nameOf(path));
  if (own?.kind === 'file' && own.entity !== undefined) return { type: own.entity.type, path: nameOf(path) };
  for (let folder = parentOf(path); folder !== ROOT; folder = parentOf(folder)) {
    const type = index.recordedManifest(folder)?.entity?.type;
    if (type !== undefined) return { type, path: path.slice(folder.length + 1) };
  }
  const top = topOf(types.folders, path);
  return top && { type: types.folders.get(top)!, path: path.slice(top.length + 1) };
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => {
      const isCount = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;
      if (!isCount(offset) || !isCount(length)) throw new RangeError('offset and length are whole numbers');
      if (length > LONGEST_READ) throw new RangeError(`more than ${LONGEST_READ} bytes at once`);
      // The plugin's to keep, and to write into.
      return bytes.slice(offset, offset + length);
    },
  };
}
