/** Commits of what entities and files say of themselves, behind those of the contents. */

import type { CommitId } from '../model/id.ts';
import type { Config } from '../text/config.ts';
import { describeEntities, type Batch } from './describe-entities.ts';
import { describeFiles, type FilesQuestion } from './describe-files.ts';
import { Draft, type ChangedIds } from './draft.ts';
import type { IndexTexts } from './index-texts.ts';

export interface Described {
  /** How many there are of which something new is known. */
  readonly entities: number;
  readonly files: number;
  readonly commits: readonly CommitId[];
}

export const NOTHING_DESCRIBED: Described = { entities: 0, files: 0, commits: [] };

/** What the commits are written with. */
export interface Writing {
  readonly command: string;
  readonly config: Config;
  readonly texts: IndexTexts;
  /** What earlier commits of the command changed; added to. */
  readonly ids: ChangedIds;
  readonly parent: CommitId;
}

/** A commit for each batch, so that whoever stops it keeps what was read. */
export async function writeDescribed(
  question: Omit<FilesQuestion, 'idOf'>,
  writing: Writing,
): Promise<Described> {
  const { texts, ids } = writing;
  const idOf = (path: string): ReturnType<FilesQuestion['idOf']> =>
    ids.has(path) ? ids.get(path) : texts.recordedId(path);
  const commits: CommitId[] = [];
  const write = async (kind: Kind, batches: AsyncIterable<Batch>): Promise<number> => {
    let all = 0;
    for await (const batch of batches) {
      const parent = commits.at(-1) ?? writing.parent;
      commits.push(writeBatch(question, { ...writing, parent }, kind, batch));
      all += batch.count;
    }
    return all;
  };
  const entities = await write(ENTITIES, describeEntities({ ...question, idOf }));
  const files = await write(FILES, describeFiles({ ...question, idOf }));
  return { entities, files, commits };
}

interface Kind {
  readonly one: string;
  readonly many: string;
}

const ENTITIES: Kind = { one: 'entity', many: 'entities' };
const FILES: Kind = { one: 'file', many: 'files' };

function writeBatch(
  { repository, tell }: Pick<FilesQuestion, 'repository' | 'tell'>,
  { command, config, texts, ids, parent }: Writing,
  { one, many }: Kind,
  { changes, count }: Batch,
): CommitId {
  const message = count === 1 ? `What one ${one} says of itself` : `What ${count} ${many} say of themselves`;
  const summary = { added: 0, changed: 0, moved: 0, removed: 0, metadata: count };
  const draft = new Draft(repository, config, texts, ids);
  try {
    for (const change of changes) draft.take(change);
    const { id, problems } = draft.finish({ command, parent, summary, message });
    for (const problem of problems) tell(problem);
    return id;
  } catch (error) {
    draft.abandon();
    throw error;
  }
}
