/** What can be wrong with a patch, in words. */

import type { Problem } from '../model/problem.ts';
import { cleanUnicode } from './names.ts';

/** A patch that cannot be read, or does not fit the texts it is applied to. */
export class PatchError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.reason);
    this.name = 'PatchError';
    this.problem = problem;
  }
}

const DAMAGED = 'fetch the commit again; this patch is damaged or was not written by dbk';
const ELSEWHERE = 'apply it to the texts of the first parent, each in the place it has there';

function fail(code: string, line: number, reason: string, hint: string): never {
  const place = { path: 'changes.patch', line };
  throw new PatchError({ code: `text/${code}`, severity: 'error', place, reason, hint });
}

/** What a person can bear to see of a line nobody has looked at yet. */
function shown(text: string): string {
  const clean = cleanUnicode(text).replace(/[\t\n]/g, '\ufffd');
  return clean.length > 80 ? `${clean.slice(0, 80)}…` : clean;
}

export function notPatch(line: number): never {
  fail('patch-header', line, "the patch does not begin with 'diff --git'", DAMAGED);
}

export function cutPatch(line: number): never {
  fail('patch-cut', line, 'the patch ends too early', DAMAGED);
}

export function notUtf8(line: number): never {
  fail('patch-encoding', line, 'this part of the patch is not UTF-8, or holds a NUL', DAMAGED);
}

export function badPath(line: number, path: string): never {
  fail('patch-path', line, `'${shown(path)}' cannot be the path of a text`, DAMAGED);
}

export function badHeader(line: number, found: string, expected: string): never {
  fail('patch-header', line, `'${shown(found)}' stands where ${expected} is expected`, DAMAGED);
}

export function badIds(line: number, path: string, wrong: string): never {
  fail('patch-id', line, `the ids of '${path}' are wrong: ${wrong}`, DAMAGED);
}

export function badHunk(line: number, wrong: string): never {
  fail('patch-hunk', line, wrong, DAMAGED);
}

export function unsorted(line: number, path: string, previous: string): never {
  fail('patch-order', line, `'${path}' stands after '${previous}', so the patch is not sorted`, DAMAGED);
}

export function namedTwice(line: number, path: string): never {
  fail('patch-twice', line, `'${path}' is named twice`, DAMAGED);
}

export function textThere(line: number, path: string): never {
  fail('patch-misfit', line, `'${path}' is there already`, ELSEWHERE);
}

export function textMissing(line: number, path: string): never {
  fail('patch-misfit', line, `'${path}' is not there`, ELSEWHERE);
}

export function otherText(line: number, path: string, id: string): never {
  fail('patch-misfit', line, `'${path}' is not the text ${id}`, ELSEWHERE);
}

export function misfit(line: number, path: string): never {
  fail('patch-misfit', line, `'${path}' does not have the lines that the patch expects`, ELSEWHERE);
}

export function wrongResult(line: number, path: string, expected: string): never {
  fail('patch-result', line, `what the patch makes of '${path}' is not ${expected}`, DAMAGED);
}
