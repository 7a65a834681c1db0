/** Judges the texts that people edit by what they are about: which fields there are is known by type. */

import { Refusal, type Problem } from '../model/problem.ts';
import { Declarations } from './declared-for.ts';
import { keptManifests } from './index-on-disk.ts';
import type { Judge, Seen } from './judge-later.ts';
import { readPolicy } from './policy.ts';
import * as say from './problems.ts';
import { isAnything, subjectOf } from './sidecar-of.ts';
import { isSidecarText, judgeText, type Judgement } from './sidecar-checks.ts';
import { typesHere, typesOfIndex, type Types } from './types.ts';

/**
 * One judge for one command. Without `types` they are loaded with the first sidecar; a plugin that cannot be used
 * refuses no judgement, since what is recorded of its type is there.
 */
export function judgeFor(seen: Seen, types?: Types): Judge {
  const index = { ...seen, recordedManifest: keptManifests((path) => seen.recordedManifest(path)) };
  let made: Declarations | undefined;
  const declarations = async (): Promise<Declarations> =>
    (made ??= new Declarations(index, types ?? (await typesForReading(seen))));
  return async (path, text, before) => {
    if (!path.startsWith('tree/') || !isSidecarText(path)) return judgeText(path, text);
    const subject = subjectOf(index, path);
    if (subject === undefined || subject.kind === 'person' || !isAnything(index, subject))
      return withNote(await judgeText(path, text), say.aboutNothing(path));
    const { declared } = (await declarations()).for(subject.path, subject.kind);
    return judgeText(path, text, { declared, before });
  };
}

/** The types for a command that changes nothing of theirs. */
export async function typesForReading({ repository, texts }: Seen): Promise<Types> {
  const policy = await readPolicy(texts);
  try {
    return await typesHere(repository.context, texts, policy);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return typesOfIndex(texts, policy);
  }
}

function withNote({ refused, notes }: Judgement, note: Problem): Judgement {
  return { refused, notes: [...notes, note] };
}
