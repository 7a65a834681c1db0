/** What vanished and what appeared in, which of it is the same thing at another place out. */

import { inByteOrder } from './byte-order.ts';
import { Majority } from './folder-majority.ts';
import { FolderVotes } from './folder-votes.ts';
import { Folders, landing, type FolderMoves } from './folder-moves.ts';
import { pairAlike } from './move-evidence.ts';
import { movedLines, widestFolders } from './move-lines.ts';
import { pairByName } from './move-names.ts';
import { Pairs } from './move-pairs.ts';
import type { MoveAnswer, MoveQuestion } from './move-question.ts';

export type {
  Folder,
  FolderMove,
  MoveAnswer,
  MoveQuestion,
  Replaced,
  Thing,
  ThingMove,
  Told,
} from './move-question.ts';

/**
 * Pairs what was recorded with what is there now, and finds the folders that moved.
 *
 * Evidence counts in this order: what a person said, inode and birth, content, media id, and the same name at the
 * place to which its folder moved. What is still there is a source only where what stands there now was moved
 * there. The answer does not depend on the order in which anything is given; time and memory grow with the number
 * of changes alone. Nothing is a copy here: what has another thing's content and explains no path that vanished or
 * was taken over is left unpaired.
 */
export function findMoves(question: MoveQuestion): MoveAnswer {
  const told = [...(question.told ?? [])];
  const pairs = new Pairs(question);
  const folders = new Folders(question, told, (folder) => pairs.isSomethingNowBelow(folder));
  const moves = (majority?: Majority): FolderMoves => {
    const votes = new FolderVotes(folders.before);
    for (const { from, to, by } of pairs.voting()) votes.add(from.path, to.path, by);
    return folders.moves(votes, majority);
  };
  pairs.tell(told);
  for (const by of ['inode', 'content', 'media'] as const) {
    pairAlike(pairs, by, () => {
      const soFar = moves();
      return (path) => landing(path, soFar);
    });
  }
  const movedFolders = moves(new Majority(folders.before, pairs.lost(), pairs.come()));
  pairByName(pairs, movedFolders);
  const things = inByteOrder(pairs.kept(), ({ to }) => to.path);
  const widest = widestFolders(movedFolders);
  return { things, folders: widest, moved: movedLines(pairs, things, widest) };
}
