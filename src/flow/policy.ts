/** What counts here: the policy as it stands, or as it was last recorded where somebody broke it. */

import type { RepositoryPath } from '../model/path.ts';
import { isWithin } from '../model/path.ts';
import { parseByPeople } from '../text/people.ts';
import { parsePolicy, type Policy } from '../text/policy.ts';
import type { IndexTexts } from './index-texts.ts';
import { problemOfText } from './text-checks.ts';

const PATH = 'policy.yaml';
const EMPTY = 'dbk: policy 1\n';

export async function readPolicy(texts: IndexTexts): Promise<Policy> {
  const bytes = texts.edited.some(({ path }) => path === PATH) ? texts.currentBytes(PATH) : undefined;
  const edited = bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
  if (edited !== undefined && (await problemOfText(PATH, edited)) === undefined)
    return parseByPeople(parsePolicy, edited);
  return parseByPeople(parsePolicy, texts.recordedText(PATH) ?? EMPTY);
}

/** The type of the folder that a path is in; '' where the policy names none. */
export function typeOf({ folders }: Policy, path: RepositoryPath): string {
  let type = '';
  let longest = -1;
  for (const [folder, its] of folders) {
    if (!isWithin(path, folder) || folder.length <= longest) continue;
    type = its;
    longest = folder.length;
  }
  return type;
}
