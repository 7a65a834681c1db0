/** What counts here: the policy as it stands, or as it was last recorded where somebody broke it. */

import type { RepositoryPath } from '../model/path.ts';
import { isWithin } from '../model/path.ts';
import { parseByPeople } from '../text/people.ts';
import { DEFAULT_POLICY, DEFAULT_POLICY_TEXT, parsePolicy, type Policy } from '../text/policy.ts';
import type { IndexTexts } from './index-texts.ts';
import { problemOfText } from './text-checks.ts';

const PATH = 'policy.yaml';

export async function readPolicy(texts: IndexTexts): Promise<Policy> {
  const bytes = texts.currentBytes(PATH);
  const text = bytes === undefined ? DEFAULT_POLICY_TEXT : Buffer.from(bytes).toString('utf8');
  // The one that most repositories have is not read every time.
  if (text === DEFAULT_POLICY_TEXT) return DEFAULT_POLICY;
  if ((await problemOfText(PATH, text)) === undefined) return parseByPeople(parsePolicy, text);
  return parseByPeople(parsePolicy, texts.recordedText(PATH) ?? DEFAULT_POLICY_TEXT);
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
