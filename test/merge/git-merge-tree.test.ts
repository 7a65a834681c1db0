import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { directoryRenames } from '../../src/merge/directory-renames.ts';
import { runsOf, seedLine } from '../tools/prove.ts';
import { asGitLooks, canJudge, isBeyondGit, isSameRenames, judgeByGit } from './git-judge.ts';
import { randomMerge } from './random-trees.ts';
import { forgetContents, questionOf, told, type Literal, type ThreeTrees } from './trees.ts';

before(() => loadBlake3());

/** As many as git is asked about at once. */
const AT_ONCE = 2_000;

/** git has no folders but those that hold something. */
function withoutFolders(tree: Literal): Literal {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.endsWith('/')));
}

/** git lost a content that both sides have: src/merge/README.md has when. */
function hasLost({ ours, theirs }: ThreeTrees, merged: Literal): boolean {
  const [mine, left] = [new Set(Object.values(ours)), new Set(Object.values(merged))];
  return Object.values(theirs).some((content) => mine.has(content) && !left.has(content));
}

interface Judged {
  readonly clean: number;
  /** Where dbk took along more than git, and is the same with git's renames. */
  readonly wider: number;
}

function judge(first: number, count: number): Judged {
  const folder = mkdtempSync(join(tmpdir(), 'dbk-judge-'));
  try {
    const merges = Array.from({ length: count }, (_, i) => randomMerge(first + i));
    let [clean, wider] = [0, 0];
    judgeByGit(folder, merges).forEach((expected, i) => {
      const trees = merges[i]!;
      const question = questionOf(trees);
      if (expected === undefined || isBeyondGit(question) || hasLost(trees, expected)) return;
      clean++;
      const isWider = !isSameRenames(directoryRenames(question), asGitLooks(question));
      if (isWider) wider++;
      const { tree, conflicts } = told(question, isWider ? asGitLooks : directoryRenames);
      const found = { tree: withoutFolders(tree), conflicts };
      assert.deepEqual(found, { tree: expected, conflicts: [] }, `seed ${first + i}`);
    });
    return { clean, wider };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const runs = runsOf(2_000, 50_000);

test(`what git merges cleanly, dbk merges to the same tree: ${seedLine(runs)}`, (t) => {
  if (!canJudge()) return t.skip('needs git 2.39');
  let [clean, wider] = [0, 0];
  for (let done = 0; done < runs.count; done += AT_ONCE) {
    forgetContents();
    const judged = judge(runs.first + done, Math.min(AT_ONCE, runs.count - done));
    clean += judged.clean;
    wider += judged.wider;
  }
  t.diagnostic(`${clean} of ${runs.count} were clean, ${wider} of these with fewer renames in git`);
  assert.ok(clean > runs.count / 3);
});
