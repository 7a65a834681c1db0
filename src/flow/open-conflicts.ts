/** Which conflicts are open: the texts in `index/conflicts` as they stand there now. */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { Interrupted, Refusal, type Problem } from '../model/problem.ts';
import { readText } from '../store/files.ts';
import { conflictId, parseConflict, type Conflict } from '../text/conflict.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { conflictText, idsOfConflicts } from './conflict-names.ts';
import * as say from './conflict-problems.ts';
import type { Repository } from './repository.ts';

export interface OpenConflict {
  /** 16 digits: what its text is called. */
  readonly id: string;
  readonly conflict: Conflict;
}

export interface OpenConflicts {
  /** By the bytes of their first paths, then by id. */
  readonly open: readonly OpenConflict[];
  /** Texts that cannot be read; each may be a conflict too. */
  readonly problems: readonly Problem[];
}

/** What may be recorded is a quarter of it; a merge may keep a text as long as that in one. */
const LONGEST = 4 * 1024 * 1024;
/** How many are read between two looks at whether the person wants to stop. */
const STRIDE = 256;

export async function openConflicts(repository: Repository): Promise<OpenConflicts> {
  const open: OpenConflict[] = [];
  const problems: Problem[] = [];
  for (const [i, id] of idsOfConflicts(repository).entries()) {
    if (i % STRIDE === 0 && repository.context.interrupted()) throw new Interrupted();
    const read = await readConflict(repository, id);
    if (read === undefined) continue;
    if ('code' in read) problems.push(read);
    else open.push({ id, conflict: read });
  }
  return { open: open.sort(byPath), problems };
}

/** What a conflict is about: its first path or, where it has none, the text of the index that its field names. */
export function subjectOf({ paths, field }: Conflict): RepositoryPath | undefined {
  const colon = field.indexOf(': ');
  const text = colon === -1 ? undefined : (`.dbk/index/${field.slice(0, colon)}` as RepositoryPath);
  return paths[0] ?? text;
}

/** A conflict that a merge opens, and what it is about. */
export function openedBy(conflict: Conflict): OpenConflict & { readonly path: RepositoryPath } {
  return { id: conflictId(conflict, digest), conflict, path: subjectOf(conflict)! };
}

/** The conflict that a text says, or why it says none. */
export async function conflictOfText(text: string, path: string): Promise<Conflict | Problem> {
  try {
    const conflict = await parseByPeople(parseConflict, text);
    return subjectOf(conflict) === undefined ? say.conflictOfNothing(path) : conflict;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const place = { ...error.problem.place, path: `.dbk/index/${path}` };
    return { ...error.problem, place };
  }
}

/** undefined where it went meanwhile. */
async function readConflict(
  { context, layout }: Repository,
  id: string,
): Promise<Conflict | Problem | undefined> {
  const path = conflictText(id);
  try {
    const text = readText(context.disk, join(layout.index, path), LONGEST);
    return text === undefined ? undefined : await conflictOfText(text, path);
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return say.unreadableConflict(path, error);
  }
}

function byPath(a: OpenConflict, b: OpenConflict): number {
  return compareBytes(subjectOf(a.conflict)!, subjectOf(b.conflict)!) || compareBytes(a.id, b.id);
}
