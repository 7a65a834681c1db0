/** Commits of what entities say of themselves, behind those of the contents. */

import type { TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import type { Config } from '../text/config.ts';
import { describeEntities, type DescribeQuestion } from './describe-entities.ts';
import { Draft, type ChangedIds } from './draft.ts';
import type { IndexTexts } from './index-texts.ts';

export interface Described {
  /** How many there are of which something new is known. */
  readonly entities: number;
  readonly commits: readonly CommitId[];
}

export const NOTHING_DESCRIBED: Described = { entities: 0, commits: [] };

/** What the commits are written with. */
export interface Writing {
  readonly config: Config;
  readonly texts: IndexTexts;
  /** What earlier commits of the command changed; added to. */
  readonly ids: ChangedIds;
  readonly parent: CommitId;
}

/** A commit for each batch, so that whoever stops it keeps what was read. */
export async function writeDescribed(
  question: Omit<DescribeQuestion, 'idOf'>,
  writing: Writing,
): Promise<Described> {
  const { texts, ids } = writing;
  const idOf = (path: string): ReturnType<DescribeQuestion['idOf']> =>
    ids.has(path) ? ids.get(path) : texts.recordedId(path);
  const commits: CommitId[] = [];
  let entities = 0;
  for await (const changes of describeEntities({ ...question, idOf })) {
    if (changes.length === 0) continue;
    commits.push(writeBatch(question, { ...writing, parent: commits.at(-1) ?? writing.parent }, changes));
    entities += changes.length;
  }
  return { entities, commits };
}

function writeBatch(
  { repository, tell }: Pick<DescribeQuestion, 'repository' | 'tell'>,
  { config, texts, ids, parent }: Writing,
  changes: readonly TextChange[],
): CommitId {
  const count = changes.length;
  const message = count === 1 ? 'What one entity says of itself' : `What ${count} entities say of themselves`;
  const summary = { added: 0, changed: 0, moved: 0, removed: 0, metadata: count };
  const draft = new Draft(repository, config, texts, ids);
  try {
    for (const change of changes) draft.take(change);
    const { id, problems } = draft.finish({ command: 'commit', parent, summary, message });
    for (const problem of problems) tell(problem);
    return id;
  } catch (error) {
    draft.abandon();
    throw error;
  }
}
