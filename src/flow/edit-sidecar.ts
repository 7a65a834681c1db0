/** Hands the sidecar of a path to the person, and looks at it when it comes back; meanwhile nothing is held. */

import { dirname } from 'node:path/posix';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { makeDirectories, removeEmptyDirectories } from '../store/directories.ts';
import { createFile, removeFile, replaceFile } from '../store/files.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { replaceExtracted } from '../text/sidecar-edit.ts';
import { parseSidecar, type Extracted } from '../text/sidecar.ts';
import type { Declared } from '../text/field-check.ts';
import type { DeclaredFor } from './declared-for.ts';
import { textOf } from './edits.ts';
import { exclusively } from './exclusively.ts';
import { indexOnDisk } from './index-on-disk.ts';
import type { Repository } from './repository.ts';
import { freshSidecar } from './sidecar-fresh.ts';
import { Sidecars, type SidecarAt } from './sidecars.ts';
import { judgeText } from './sidecar-checks.ts';

export interface EditBegun {
  readonly at: SidecarAt;
  /** What stood there; undefined for nothing. */
  readonly before: string | undefined;
  /** What was put there to be filled in; undefined where the person's own text is opened as it is. */
  readonly offered: string | undefined;
  readonly problems: readonly Problem[];
}

export interface EditEnded {
  /** `unchanged`: also where what was offered is taken away again. `wrong`: it stays, and is not recorded. */
  readonly kind: 'changed' | 'unchanged' | 'removed' | 'wrong';
  readonly problems: readonly Problem[];
}

/** A fresh text has every field that is declared as a comment; what was read from the content stays in it. */
export async function beginEdit(repository: Repository, path: RepositoryPath): Promise<EditBegun> {
  return exclusively(repository, 'edit', async ({ eyes, problems }) => {
    const sidecars = new Sidecars(repository, eyes);
    const at = await sidecars.at(path);
    const before = standing(repository, at);
    const extracted = before === undefined ? undefined : await onlyExtracted(before);
    if (before !== undefined && extracted === undefined) return { at, before, offered: undefined, problems };
    const offered = offer(at.path, at.about, extracted);
    const { disk } = repository.context;
    if (before === undefined) {
      makeDirectories(disk, dirname(at.file));
      createFile(disk, at.file, offered);
    } else replaceFile(disk, at.file, offered);
    return { at, before, offered, problems };
  });
}

/** Takes away what was offered and left as it was, and judges everything else; only what nobody changed is touched. */
export async function endEdit(
  repository: Repository,
  { at, before, offered }: EditBegun,
): Promise<EditEnded> {
  return exclusively(repository, 'edit', async ({ problems }) => {
    const now = indexOnDisk(repository).texts.currentBytes(at.text);
    const text = now && textOf(at.text, now);
    if (text === undefined) {
      putBack(repository, at, undefined);
      return { kind: before === undefined ? 'unchanged' : 'removed', problems };
    }
    if (typeof text === 'object') return { kind: 'wrong', problems: [...problems, text] };
    if (text === offered) {
      putBack(repository, at, before);
      return { kind: 'unchanged', problems };
    }
    if (text.trim() === '' || /^\ufeff?---\r?\n\s*---\s*$/.test(text)) {
      putBack(repository, at, undefined);
      return { kind: before === undefined ? 'unchanged' : 'removed', problems };
    }
    const { declared } = at.about;
    const recorded = (): string | undefined => indexOnDisk(repository).texts.recordedText(at.text);
    const { refused, notes } = await judgeText(at.text, text, { declared, before: recorded });
    const kind = refused.length > 0 ? 'wrong' : text === before ? 'unchanged' : 'changed';
    return { kind, problems: [...problems, ...refused, ...notes] };
  });
}

/** What stands there as text; what is none is nothing to be offered something for. */
function standing(repository: Repository, at: SidecarAt): string | undefined {
  const bytes = indexOnDisk(repository).texts.currentBytes(at.text);
  if (bytes === undefined) return undefined;
  const text = textOf(at.text, bytes);
  return typeof text === 'object' ? '' : text;
}

/** What was read from the content, where nobody has written anything besides. */
async function onlyExtracted(text: string): Promise<Extracted | undefined> {
  try {
    const { extracted } = await parseByPeople(parseSidecar, text);
    if (extracted === undefined) return undefined;
    // '' stands for no text left, since a sidecar of nothing but its fences is none.
    const rest = await parseByPeople(
      (whole, people) => replaceExtracted(whole, undefined, people) ?? '',
      text,
    );
    return rest === '' ? extracted : undefined;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return undefined;
  }
}

const NOTHING_DECLARED: Declared = { of: 'file', fields: new Map() };

function offer(path: RepositoryPath, about: DeclaredFor, extracted: Extracted | undefined): string {
  const { kind, declared = NOTHING_DECLARED } = about;
  const known = Array.from(about.values).filter(([key]) => extracted?.fields.has(key) !== true);
  const fresh = freshSidecar(declared, { path, kind }, new Map(known));
  return extracted === undefined ? fresh : (replaceExtracted(fresh, extracted) ?? fresh);
}

function putBack({ context, layout }: Repository, { file }: SidecarAt, text: string | undefined): void {
  const { disk } = context;
  if (text !== undefined) return replaceFile(disk, file, text);
  removeFile(disk, file);
  removeEmptyDirectories(disk, dirname(file), layout.index);
}
