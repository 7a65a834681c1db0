/** What the rules of a repository take in one state of the index. */

import { digest } from '../disk/blake3.ts';
import type { CommitId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import { refuse } from '../model/problem.ts';
import type { Scalar } from '../model/value.ts';
import { readBytes } from '../store/files.ts';
import { recordedIds, textsAt } from '../store/texts.ts';
import { parseByPeople } from '../text/people.ts';
import { DEFAULT_POLICY_TEXT, parsePolicy } from '../text/policy.ts';
import { TextError } from '../text/problems.ts';
import { parseSidecar } from '../text/sidecar.ts';
import type { WantRule } from '../text/want.ts';
import type { Reader } from '../text/yaml-read.ts';
import { valuesIn, writtenOf, type Written } from './find-record.ts';
import { openState, type OpenState } from './merge-states.ts';
import { POLICY } from './policy.ts';
import type { Repository } from './repository.ts';
import { viewOfIds, type TextsView } from './texts-view.ts';
import { typeOf } from './types.ts';
import { Wanted, type WantedTree } from './wanted.ts';

const LONGEST_TEXT = 512 * 1024 * 1024;

/** A state of the index, and what is wanted of it. */
export interface WantedState {
  readonly tree: WantedTree;
  readonly wanted: Wanted;
}

/** Refuses ('failed') rules that say nothing. */
export async function openWanted(rules: readonly WantRule[], view: TextsView): Promise<WantedState> {
  const state = openState(view);
  const asksFields = rules.some(({ tag, field }) => tag !== undefined || field !== undefined);
  const people = asksFields ? (await import('../text/yaml-people.ts')).readPeople : undefined;
  const { folders } = await parseByPeople(parsePolicy, view.text(POLICY) ?? DEFAULT_POLICY_TEXT);
  const tree: WantedTree = {
    manifest: (path) => state.manifest(path),
    folders: (path) => [...state.folders(path)],
    typeOf: (path) => typeOf(folders, path),
    values: valuesOf(state, people),
  };
  return { tree, wanted: wantedBy(rules, tree) };
}

function wantedBy(rules: readonly WantRule[], tree: WantedTree): Wanted {
  try {
    return new Wanted(rules, tree);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse('failed', 'flow/bad-want', `cannot tell what is wanted here: ${error.message}`, {
      hint: 'see the rules with: dbk want',
    });
  }
}

/** The texts of the commit that `index/` stands at; what somebody edited there is read from the history. */
export function viewOnDisk({ context, layout, commits }: Repository, head: CommitId): TextsView {
  const ids = recordedIds(commits, head);
  return viewOfIds(ids, (path) => {
    const bytes = readBytes(context.disk, `${layout.index}/${path}`, LONGEST_TEXT);
    if (bytes !== undefined && digest(bytes) === ids.get(path)) return Buffer.from(bytes).toString('utf8');
    return textsAt(commits, head, new Set([path])).get(path);
  });
}

/** A text that cannot be read says nothing. */
function valuesOf(state: OpenState, people: Reader | undefined): WantedTree['values'] {
  const known = new Map<string, Written | undefined>();
  const read = (place: string): Written | undefined => {
    const text = state.texts.text(place);
    try {
      return text === undefined ? undefined : writtenOf(parseSidecar(text, people));
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      return undefined;
    }
  };
  return (path: RepositoryPath, what, field): readonly Scalar[] => {
    const place = state.sidecarPath(path, what);
    if (place === undefined) return [];
    if (!known.has(place)) known.set(place, read(place));
    return valuesIn(known.get(place), field) ?? [];
  };
}
