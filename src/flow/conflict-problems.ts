/** The words for what is met when conflicts are read and settled. */

import { wordsOfCode } from '../disk/error-words.ts';
import type { Problem } from '../model/problem.ts';
import type { Finding } from '../plugin/api.ts';

function problem(word: string, path: string, reason: string, hint: string): Problem {
  return { code: `conflict/${word}`, severity: 'error', place: { path }, reason, hint };
}

/** `both` is what leaves all as it is. */
const LEAVE =
  'put it right by hand and commit, or leave all as it is and close the conflict with: dbk resolve --both';

// Reading

export function conflictOfNothing(path: string): Problem {
  const reason = `'.dbk/index/${path}' names no path`;
  return problem('of-nothing', `.dbk/index/${path}`, reason, 'remove it, and commit');
}

export function unreadableConflict(path: string, error: unknown): Problem {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  const reason = `cannot read '.dbk/index/${path}': ${wordsOfCode(code)}`;
  return problem('unreadable', `.dbk/index/${path}`, reason, 'make it readable');
}

// Choosing

export function noConflict(path: string): Problem {
  const what = path === '' ? 'anything here' : `'${path}'`;
  return problem(
    'none',
    path,
    `there is no conflict about ${what}`,
    'see those that are open with: dbk conflicts',
  );
}

export function sideUnknown(path: string, names: readonly string[]): Problem {
  const reason = `cannot tell which side of the conflict about '${path}' was this repository's`;
  const hint =
    names.length === 0 ? LEAVE : `say whose version to take, with --take NAME: ${names.join(', ')}`;
  return problem('side-unknown', path, reason, hint);
}

export function severalSides(path: string, names: readonly string[]): Problem {
  const reason = `more than one other version takes part in the conflict about '${path}'`;
  return problem('several-sides', path, reason, `say whose to take, with --take NAME: ${names.join(', ')}`);
}

export function noSuchSide(path: string, name: string, names: readonly string[]): Problem {
  const reason = `'${name}' has no version of its own in the conflict about '${path}'`;
  const hint = names.length === 0 ? LEAVE : `take that of one of these: ${names.join(', ')}`;
  return problem('no-such-side', path, reason, hint);
}

export function cannotTell(path: string): Problem {
  const reason = `cannot tell what of the conflict about '${path}' came from which side`;
  return problem('cannot-tell', path, reason, LEAVE);
}

export function noText(path: string): Problem {
  const reason = `the conflict about '${path}' is not one of two contents`;
  return problem('no-text', path, reason, 'take a side with --ours, --theirs or --take NAME');
}

// Changing

export function uncommitted(path: string): Problem {
  const reason = `'${path}' was changed since the last commit`;
  return problem('uncommitted', path, reason, 'record that first with: dbk commit');
}

export function uncommittedText(path: string): Problem {
  const reason = `what is written about '${path}' was changed since the last commit`;
  return problem('uncommitted-text', path, reason, 'record that first with: dbk commit');
}

export function notRecorded(path: string): Problem {
  const reason = `'${path}', of which the conflict speaks, is not recorded any more`;
  return problem('not-recorded', path, reason, LEAVE);
}

/** `hint` says where it may be. */
export function notHere(path: string, hint: string): Problem {
  return problem('not-here', path, `the content of '${path}' is not here`, hint);
}

export function notEmpty(path: string): Problem {
  const reason = `cannot delete the folder '${path}': something is in it`;
  return problem(
    'not-empty',
    path,
    reason,
    `look at what is in it; keep it with: dbk resolve --both '${path}'`,
  );
}

export function notRecordedInside(folder: string, path: string): Problem {
  const reason = `cannot delete the folder '${folder}': no commit has '${path}'`;
  return problem('not-recorded-inside', folder, reason, 'move that away or delete it, and try again');
}

export function placeTaken(from: string, to: string): Problem {
  const reason = `cannot move '${from}' to '${to}': something stands there`;
  return problem('place-taken', from, reason, 'move that away first, and commit');
}

export function cannotChange(path: string, why: string): Problem {
  return problem('cannot-change', path, `cannot change '${path}': ${why}`, LEAVE);
}

export function textRefused(path: string, { reason, hint, place }: Problem): Problem {
  const line = place?.line === undefined ? {} : { line: place.line };
  return {
    code: 'conflict/text-refused',
    severity: 'error',
    place: { path, ...line },
    reason: `cannot change what is written about '${path}': ${reason}`,
    hint: hint ?? `write it yourself with: dbk edit '${path}'`,
  };
}

// Merging by the merger of a type

export function mergerFailed(plugin: string, path: string, why: string): Problem {
  return problem(
    'merger-failed',
    path,
    `the plugin '${plugin}' cannot merge '${path}': ${why}`,
    `merge it by its lines with: dbk resolve --edit '${path}'`,
  );
}

export function mergerFinding(path: string, { code, severity, reason, hint }: Finding): Problem {
  // What is odd about a content fails no command.
  const weight = severity === 'error' ? 'warning' : severity;
  return {
    code,
    severity: weight,
    place: { path },
    reason: `'${path}': ${reason}`,
    ...(hint !== undefined && { hint }),
  };
}

// Merging by lines

export function noLines(path: string): Problem {
  return problem(
    'no-lines',
    path,
    `cannot merge '${path}' by lines: it is not text`,
    'take a side with --ours or --theirs, or keep both with --both',
  );
}

export function tooLongToMerge(path: string): Problem {
  return problem(
    'too-long',
    path,
    `cannot merge '${path}': it is longer than 16 MiB`,
    'take a side with --ours or --theirs, or keep both with --both',
  );
}

export function markersLeft(path: string, line: number): Problem {
  const reason = `line ${line} of what you wrote for '${path}' is still a mark of the merge`;
  return {
    code: 'conflict/markers-left',
    severity: 'error',
    place: { path, line },
    reason,
    hint: `go on with: dbk resolve --edit '${path}'`,
  };
}

export function linesConflict(path: string, count: number): Problem {
  const places = count === 1 ? '1 place' : `${count} places`;
  return problem(
    'lines-conflict',
    path,
    `both sides changed ${places} of '${path}' in different ways`,
    `choose line by line in your editor with: dbk resolve --edit '${path}'`,
  );
}

export function baseMissing(path: string): Problem {
  return {
    code: 'conflict/no-base',
    severity: 'note',
    place: { path },
    reason: `what '${path}' held before both changed it is not on this machine: the two are compared line by line`,
  };
}
