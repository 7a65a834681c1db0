/** Many texts of a commit, some at a time: from `index/` where they stand there as they were, else from the commits. */

import { digest } from '../disk/blake3.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { textsAt } from '../store/texts.ts';
import { readIndexText } from '../store/working.ts';
import type { Repository } from './repository.ts';

/** How many texts are held at a time; each batch that `index/` does not have costs a reading of the history. */
const BATCH = 1024;

/** The texts of these paths in their order; `ids` are those of the commit, in which every path is. */
export function* recordedTexts(
  repository: Repository,
  at: CommitId,
  ids: ReadonlyMap<string, ContentId>,
  paths: readonly string[],
): Generator<[path: string, text: string]> {
  for (let from = 0; from < paths.length; from += BATCH) {
    const batch = paths.slice(from, from + BATCH);
    const texts = new Map(batch.map((path) => [path, textInIndex(repository, path, ids.get(path))]));
    const missing = new Set(batch.filter((path) => texts.get(path) === undefined));
    if (missing.size > 0) {
      for (const [path, text] of textsAt(repository.commits, at, missing)) texts.set(path, text);
    }
    for (const path of batch) yield [path, texts.get(path)!];
  }
}

/** What stands in `index/` may be edited, be something else by now, or not be readable: then it is not that text. */
function textInIndex(
  { context, layout }: Repository,
  path: string,
  id: ContentId | undefined,
): string | undefined {
  try {
    const text = readIndexText(context.disk, layout, path);
    return text !== undefined && digest(text) === id ? text : undefined;
  } catch {
    return undefined;
  }
}
