/** Merges the texts of `index/` that are neither manifests nor sidecars of the tree, each in its own way. */

import { parseType } from '../text/types.ts';
import { mergeLines, resolvePieces, uniteLines } from './lines.ts';
import type { ThreeValues } from './means.ts';
import { mergeOpenConflicts } from './open-conflicts.ts';
import { mergePolicies } from './policies.ts';
import { mergePerson } from './person.ts';
import { mergeTexts, readable, type MergedText, type Rivals, type Text, type TextMeans } from './texts.ts';

/**
 * The merged text at a path of `index/`, which is not below `tree/`; swapped sides, with their labels, give the
 * same. `types/` and `policy.yaml` are to be merged first: they rule the rest.
 */
export function mergeOtherText(path: string, three: ThreeValues<Text>, means: TextMeans): MergedText {
  const [top] = path.split('/');
  switch (top) {
    case 'policy.yaml':
      return mergePolicies(three, means);
    case 'types':
      return mergeTexts(three, means.digest, higherVersion);
    case 'ignore':
    case 'ignore.d':
      return mergeTexts(three, means.digest, bothRules);
    case 'people':
      return mergePerson(three, means);
    case 'conflicts':
      return mergeOpenConflicts(three, means);
    default:
      throw new RangeError(`no text of its own: ${path}`);
  }
}

/** The declaration of the higher version, which a plugin wrote; of one version the lower text. None is half and half. */
function higherVersion({ lower, higher }: Rivals): MergedText {
  const versionOf = (text: string): number => readable(() => parseType(text))?.version ?? -1;
  return { text: versionOf(higher) > versionOf(lower) ? higher : lower, conflicts: [] };
}

/** By lines; where both changed the same, the lines of both, so that nothing is recorded that a side ignored. */
function bothRules({ base, lower, higher }: Rivals): MergedText {
  const merged = mergeLines(base ?? '', lower, higher);
  if (merged.kind === 'merged') return { text: merged.text, conflicts: [] };
  return {
    text: resolvePieces(merged.pieces, ({ ours, theirs }) => uniteLines(ours, theirs)),
    conflicts: [],
  };
}
