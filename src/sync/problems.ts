/** The words for what is met when a person's files are changed. */

import { wordsOfCode } from '../disk/error-words.ts';
import type { Problem, Severity } from '../model/problem.ts';

const DENIED: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

function problem(word: string, severity: Severity, path: string, reason: string, hint?: string): Problem {
  const more = hint === undefined ? {} : { hint };
  return { code: `sync/${word}`, severity, place: { path }, reason, ...more };
}

// Planning

export function folderInTheWay(path: string): Problem {
  const reason = `cannot write '${path}': a folder stands there`;
  return problem('in-the-way', 'error', path, reason, 'rename the folder, or give --to DIR');
}

export function notAFolder(path: string): Problem {
  const reason = `cannot make the folder '${path}': something else stands there`;
  return problem('in-the-way', 'error', path, reason, 'rename what stands there, or give --to DIR');
}

export function behind(path: string, above: string): Problem {
  const reason = `cannot write '${path}': '${above}' is no folder`;
  return problem('in-the-way', 'error', path, reason, `rename what stands there, or give --to DIR`);
}

export function cannotTouch(path: string, why: string): Problem {
  return problem('cannot-touch', 'error', path, `cannot change '${path}': ${why}`);
}

export function ownName(path: string): Problem {
  const reason = `cannot write '${path}': some file systems take a part of it for '.dbk'`;
  return problem('own-name', 'error', path, reason, 'give --to DIR, with another name');
}

export function taken(from: string, to: string): Problem {
  const reason = `cannot move '${from}' to '${to}': something stands there`;
  return problem('in-the-way', 'error', from, reason, 'move that away first');
}

export function waits(from: string, to: string, cause: string): Problem {
  const reason = `'${from}' is not moved to '${to}': first '${cause}' has to be out of the way`;
  return problem('waits', 'error', from, reason);
}

export function noLinks(paths: readonly string[]): Problem {
  const [first] = paths;
  const more = paths.length === 1 ? '' : ` and ${paths.length - 1} more`;
  const reason = `this volume has no symbolic links: '${first}'${more} cannot be here`;
  return { code: 'sync/no-links', severity: 'note', reason };
}

// Applying

export function movedAside(path: string, now: string): Problem {
  const reason = `'${path}' could not be moved and its place is taken: it is '${now}' now`;
  return problem('moved-aside', 'error', path, reason, 'give it the name that you want');
}

export function folderOfOtherVolume(from: string, to: string): Problem {
  const reason = `cannot move the folder '${from}' to '${to}': that is another volume`;
  return problem('other-volume', 'error', from, reason, 'move it yourself, and run the command again');
}

export function changedMeanwhile(path: string): Problem {
  const reason = `'${path}' was changed meanwhile and is left as it is`;
  return problem('changed-meanwhile', 'error', path, reason, 'run the command again');
}

export function otherVolume(path: string): Problem {
  const reason = `cannot replace '${path}': it is on another volume than '.dbk', so there is no guard for it`;
  return problem('other-volume', 'error', path, reason, 'move it away, and run the command again');
}

export function nowhere(path: string, hint: string): Problem {
  return problem(
    'nowhere',
    'error',
    path,
    `cannot write '${path}': its content is nowhere on this machine`,
    hint,
  );
}

export function notEmpty(path: string): Problem {
  return problem('not-empty', 'warning', path, `the folder '${path}' is not empty and stays`);
}

export function failed(path: string, code: string): Problem {
  const hint = DENIED.has(code)
    ? 'look at the permissions of the folder it is in, and run this again'
    : undefined;
  return problem('failed', 'error', path, `cannot change '${path}': ${wordsOfCode(code)}`, hint);
}

// Recovery

export function resumed(command: string, done: number, all: number): Problem {
  const reason = `'dbk ${command}' had been interrupted: ${done} of its ${all} steps are done and can be undone`;
  const hint = done === all ? undefined : 'run it again for the rest';
  return { code: 'sync/resumed', severity: 'warning', reason, ...(hint === undefined ? {} : { hint }) };
}

// Other machines

export function notAsRecorded(path: string, place: string): Problem {
  const reason = `'${path}' did not come from '${place}' as it is recorded`;
  return problem('not-as-recorded', 'warning', path, reason, 'look there with: dbk status');
}

export function notSent(path: string, place: string, why: string): Problem {
  return problem('not-sent', 'warning', path, `cannot have '${path}' from '${place}': ${why}`);
}

export function remoteFailed(place: string, why: string): Problem {
  return { code: 'sync/remote-failed', severity: 'error', reason: `'${place}' cannot answer: ${why}` };
}

/** `said` are the last words of the program that was to reach it. */
export function unreachable(place: string, why: string, said: string, hint: string): Problem {
  const reason = `cannot reach '${place}': ${why}${said === '' ? '' : ` (${said})`}`;
  return { code: 'sync/unreachable', severity: 'error', reason, hint };
}

/** Another repository whose config says nothing. */
export function configUnreadable(place: string, why: string): Problem {
  const reason = `cannot read the settings of '${place}': ${why}`;
  return problem('config-unreadable', 'error', place, reason, 'correct its .dbk/config.yaml');
}
