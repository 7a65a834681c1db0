/** `dbk why`: why a path is recorded or not. */

import { why, type Why } from '../../flow/why.ts';
import { Refusal } from '../../model/problem.ts';
import { FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pathLine } from '../json.ts';
import { placeOf } from '../operands.ts';
import { shownPath, shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { typedPaths } from './paths.ts';
import * as problems from './problems.ts';

export const WHY: Entry = {
  name: 'why',
  group: 'daily',
  summary: 'Say why a path is recorded or not',
  description: [
    `Names the rule that keeps something out: its file, its line, and its words. Rules are those of gitignore; they stand in '.dbk/index/ignore' and in '.dbkignore' files, and keep only new things out.`,
  ],
  arguments: [{ name: 'PATH', many: true }],
  options: FILES_FROM,
  examples: [
    { line: 'dbk why build', says: 'The rule that keeps it out, if one does' },
    { line: 'find . -name "*.tmp" | dbk why --files-from -', says: 'The same of what another program finds' },
  ],
  also: ['check-ignore', 'explain'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = await typedPaths(work, work.given.operands);
  if (typed.length === 0) throw new Refusal('usage', problems.noPaths('why'));
  let unknown = 0;
  for (const each of typed) {
    const answer = why(repository, placeOf(repository, work.directory, each));
    if (!answer.recorded && answer.here === 'nothing') unknown += 1;
    work.stdout.write(work.isJson ? jsonOf(answer) : wordsOf(answer));
  }
  work.summary({ paths: typed.length, unknown });
  return unknown > 0 ? EXIT.no : EXIT.done;
}

function wordsOf(answer: Why): string {
  const path = shownPath(answer.path, answer.here === 'directory' ? 'directory' : 'other');
  return `${path}: ${standingWords(answer)}\n`;
}

function standingWords({ recorded, here, ignored }: Why): string {
  const rule = ruleWords(ignored);
  const out = ignored.at === undefined ? 'it' : shownPath(ignored.at, 'directory');
  if (here === 'nothing') {
    if (recorded) return 'recorded, and missing: it is not here';
    return `neither here nor recorded${ignored.ignored ? `; if it were here, ${rule} would keep ${out} out` : ''}`;
  }
  if (here === 'special') return 'not recorded: it is a fifo, a socket or a device';
  if (recorded) {
    return ignored.ignored ? `recorded, and stays so: ${rule} keeps only new things out` : 'recorded';
  }
  if (ignored.ignored) return `not recorded: ${rule} keeps ${out} out`;
  return `not recorded yet: the next commit records it${rule === undefined ? '' : `, for ${rule} lets it in`}`;
}

/** `the rule 'build/' in .dbkignore, line 3,`. */
function ruleWords({ rule }: Why['ignored']): string | undefined {
  if (rule === undefined) return undefined;
  return `the rule '${shownText(rule.pattern)}' in ${shownPath(rule.origin)}, line ${rule.line},`;
}

function jsonOf({ path, recorded, here, ignored: { ignored, rule, at } }: Why): string {
  const place =
    rule === undefined ? undefined : { file: rule.origin, line: rule.line, pattern: rule.pattern };
  return `${pathLine('why', path, { recorded, here, ignored, rule: place, at })}\n`;
}
