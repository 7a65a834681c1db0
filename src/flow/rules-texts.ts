/** The copies of ignore rules in the index: `ignore.d/…/$rules` says what a folder's `.dbkignore` does. */

import { contentOf } from '../merge/entries.ts';
import type { TextChange } from '../model/change.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import { rulesText } from '../scan/ignore.ts';
import { IGNORE_FILE } from '../scan/rules-chain.ts';
import { RULES } from '../text/ruler.ts';
import type { DirtyDirectory, Look } from './look.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import { absolute } from './repository.ts';
import type { Decision } from './settle.ts';

/** The copy in `ignore.d/` of the rules in a directory, where they came, changed or went. */
export function* ruleChanges(
  look: Look,
  directory: DirtyDirectory,
  after: MirrorAfter,
  { confirmed, moves }: Decision,
): Generator<TextChange> {
  const { path, part, row } = directory;
  const stands = look.mirror.of(path);
  const from = stands && rulesPath(stands);
  const before = from && look.texts.recordedText(from);
  const isHere = look.isPresentIn(part, row, IGNORE_FILE);
  const text = areOnTheirWay(look, directory) ? before : isHere ? readRules(look, path) : undefined;
  // What cannot be read, or is gone and nobody confirmed it, stays as it is recorded.
  const isMoved = moves.outOf(childOf(path, IGNORE_FILE)) !== undefined;
  if (text === undefined && (isHere || !(confirmed || isMoved))) return;
  const to = rulesPath(after.of(path));
  if (from !== undefined && before !== undefined && (from !== to || text === undefined)) {
    yield { path: from, before, after: undefined };
  }
  const known = from === to ? before : undefined;
  if (text !== undefined && text !== known) yield { path: to, before: known, after: text };
}

/** Head's rules stay recorded, although others stand here, or none: these have not come, or not gone, yet. */
function areOnTheirWay(look: Look, directory: DirtyDirectory): boolean {
  const { path } = directory;
  if (look.held.standing(path, IGNORE_FILE) === undefined) return false;
  const said = look.recordedManifest(path)?.files.get(IGNORE_FILE);
  const judged = look.describe(directory).present.files.get(IGNORE_FILE);
  return (said && contentOf(said)) === (judged && contentOf(judged));
}

const LONGEST_RULES = 1024 * 1024;

/** undefined where they cannot be used; the scan has said so. */
function readRules(look: Look, path: RepositoryPath): string | undefined {
  try {
    const file = absolute(look.repository, childOf(path, IGNORE_FILE));
    const text = rulesText(look.repository.context.disk.readFile(file, LONGEST_RULES));
    return typeof text === 'string' ? text : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** `tree/a/b` to `ignore.d/a/b/$rules`. */
export function rulesPath(mirror: string): string {
  return `ignore.d${mirror.slice('tree'.length)}/${RULES}`;
}
