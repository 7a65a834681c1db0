/** Which commit a person means. */

import type { CommitId } from '../model/id.ts';
import { resolveCommit } from '../store/resolve.ts';
import type { Repository } from './repository.ts';

/** `HEAD`, `HEAD^2`, `HEAD~3`, or the beginning of an id; refuses ('usage') what names none or several. */
export function namedCommit({ commits }: Repository, spec: string): CommitId {
  return resolveCommit(commits, spec);
}
