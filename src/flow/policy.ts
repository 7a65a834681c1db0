/** What counts here: the policy as it stands, or as it was last recorded where somebody broke it. */

import { parseByPeople } from '../text/people.ts';
import { DEFAULT_POLICY, DEFAULT_POLICY_TEXT, parsePolicy, type Policy } from '../text/policy.ts';
import type { IndexTexts } from './index-texts.ts';
import { problemOfText } from './text-checks.ts';

export const POLICY = 'policy.yaml';

export async function readPolicy(texts: Pick<IndexTexts, 'currentBytes' | 'recordedText'>): Promise<Policy> {
  const bytes = texts.currentBytes(POLICY);
  const text = bytes === undefined ? DEFAULT_POLICY_TEXT : Buffer.from(bytes).toString('utf8');
  // The one that most repositories have is not read every time.
  if (text === DEFAULT_POLICY_TEXT) return DEFAULT_POLICY;
  if ((await problemOfText(POLICY, text)) === undefined) return parseByPeople(parsePolicy, text);
  return parseByPeople(parsePolicy, texts.recordedText(POLICY) ?? DEFAULT_POLICY_TEXT);
}
