/** The words for what the flows meet. */

import type { Problem, Severity } from '../model/problem.ts';

export function indexRestored(texts: number): Problem {
  const reason = `'.dbk/index' was gone; its ${texts} texts were written again from the commits`;
  return { code: 'flow/index-restored', severity: 'warning', place: { path: '.dbk/index' }, reason };
}

/** Of edits that only dbk makes, those beyond the first few. */
export function moreHandEdits(count: number): Problem {
  const reason = `${count} more texts that only dbk writes are not as it wrote them`;
  return { code: 'scan/hand-edit', severity: 'warning', place: { path: '.dbk/index' }, reason };
}

export function unknownText(path: string): Problem {
  return problem(
    'flow/unknown-text',
    'note',
    path,
    `cannot record '.dbk/index/${path}': dbk has no text of that name`,
    {
      hint: 'move it out of .dbk/index',
    },
  );
}

export function unreadableText(path: string, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return problem('flow/unreadable-text', 'error', path, `cannot read '.dbk/index/${path}': ${code}`, {
    hint: 'make it readable; until then the last recorded text stays recorded',
  });
}

export function suspectText(path: string): Problem {
  const reason = `cannot trust '.dbk/index/${path}': its content changed and its size and times did not`;
  return problem('flow/suspect-text', 'error', path, reason, {
    hint: 'compare it with what dbk show prints; if the content is right, touch the file',
  });
}

export function textTooLong(path: string): Problem {
  return problem(
    'flow/text-too-long',
    'error',
    path,
    `cannot record '.dbk/index/${path}': it is longer than 1 MiB`,
    {
      hint: 'shorten it; until then the last recorded text stays recorded',
    },
  );
}

export function textNotText(path: string, why: string): Problem {
  return problem('flow/not-text', 'error', path, `cannot record '.dbk/index/${path}': ${why}`, {
    hint: 'save it as UTF-8 text; until then the last recorded text stays recorded',
  });
}

/** A sidecar whose file or folder is neither here nor recorded. */
export function aboutNothing(path: string): Problem {
  const reason = `'.dbk/index/${path}' is about nothing that is here or recorded`;
  return problem('flow/about-nothing', 'note', path, reason, {
    hint: 'see what its file is called, or write with: dbk edit PATH',
  });
}

/** Of edited texts those beyond what is read at once. */
export function notJudged(count: number): Problem {
  const reason = `${count} more edited texts were not looked into`;
  return {
    code: 'flow/not-judged',
    severity: 'note',
    reason,
    hint: 'see whether all of them can be recorded with: dbk commit -n',
  };
}

/** A field of one value, of which a person asked for more. */
export function oneValueOnly(path: string, field: string): Problem {
  return problem('flow/one-value', 'error', path, `'${field}' has one value`, {
    hint: 'give it one, with: dbk meta set',
  });
}

export function exportNotEmpty(folder: string): Problem {
  return exportRefused('not-empty', `'${folder}' is not empty`, 'name a folder that is not there yet');
}

export function exportToNoFolder(folder: string): Problem {
  return exportRefused('not-a-folder', `'${folder}' is not a folder`, 'name a folder that is not there yet');
}

export function exportIntoOwn(folder: string): Problem {
  const reason = `'${folder}' is in '.dbk', where dbk keeps its own files`;
  return exportRefused('own-folder', reason, 'name a folder outside it');
}

function exportRefused(code: string, reason: string, hint: string): Problem {
  return { code: `flow/${code}`, severity: 'error', reason, hint };
}

function problem(
  code: string,
  severity: Severity,
  path: string,
  reason: string,
  more: { hint?: string },
): Problem {
  return { code, severity, place: { path }, reason, ...more };
}

// The guard

export function writtenInPlace(count: number): Problem {
  const files = count === 1 ? '1 file' : `${count} files`;
  const it = count === 1 ? 'it was' : 'they were';
  return {
    code: 'guard/written-in-place',
    severity: 'warning',
    reason: `the old version of ${files} cannot be had back: ${it} written in place`,
    hint: "save by writing a new file and renaming it, or use the guard 'reflinks' where the file system has them",
  };
}

/** `path` is one of them; `code` is what the file system said of it. */
export function notGuarded(count: number, path: string, code: string): Problem {
  const others = count === 1 ? '' : ` and ${count - 1} more`;
  const why =
    code === 'EXDEV'
      ? 'it is on another volume'
      : code === 'EPERM'
        ? 'it belongs to somebody else, or the file system has no links'
        : code === 'EMLINK'
          ? 'it has too many links'
          : code;
  return {
    code: 'guard/not-guarded',
    severity: 'note',
    place: { path },
    reason: `cannot guard '${path}'${others}: ${why}`,
  };
}

export function guardNotTended(error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return {
    code: 'guard/not-tended',
    severity: 'warning',
    place: { path: '.dbk/guard' },
    reason: `cannot look after '.dbk/guard': ${code}`,
    hint: 'see whether dbk may write there; the commit itself is made',
  };
}

/** A path that is asked for of a commit that does not have it. */
export function notInCommit(path: string, commit: string): Problem {
  const reason = `commit ${commit.slice(0, 16)} does not have '${path}'`;
  return problem('flow/not-in-commit', 'error', path, reason, {
    hint: `see which commits changed it with: dbk log '${path}'`,
  });
}

export function nothingWritten(path: string, commit: string): Problem {
  const reason = `commit ${commit.slice(0, 16)} has nothing written about '${path}'`;
  return problem('flow/nothing-written', 'error', path, reason, {
    hint: `see which commits have with: dbk log --metadata '${path}'`,
  });
}

/** What an operation did and something else has changed since. */
export function changedSince(path: string): Problem {
  const reason = `'${path}' is not as the command left it, and stays as it is`;
  return problem('flow/changed-since', 'error', path, reason, { hint: 'look at it and decide by hand' });
}

export function nothingMissing(paths: readonly string[]): Problem {
  const what = paths.length === 1 ? `'${paths[0]}'` : 'any of these';
  return {
    code: 'flow/nothing-missing',
    severity: 'error',
    reason: `nothing of ${what} is missing`,
    hint: 'name a commit with --at to have what it recorded, or bring a file back to an earlier content with: dbk restore',
  };
}

export function neverRecorded(path: string): Problem {
  return {
    code: 'flow/never-recorded',
    severity: 'error',
    place: { path },
    reason: `no commit has recorded '${path}'`,
    hint: 'see what can be had back with: dbk deleted',
  };
}

/** `count` is of all that is in the way. */
export function standsThere(path: string, count: number): Problem {
  const more = count > 1 ? ` (and ${count - 1} more are in the way)` : '';
  return {
    code: 'flow/stands-there',
    severity: 'error',
    place: { path },
    reason: `cannot bring back '${path}': something else stands there${more}`,
    hint: 'put it elsewhere with --to DIR, or replace what stands there with: dbk restore',
  };
}

export function unreadableFolder(path: string, code: string): Problem {
  return problem('flow/unreadable-folder', 'error', path, `cannot look into '${path}': ${code}`, {
    hint: 'leave it out with --not, or make it readable',
  });
}

export function otherVolume(path: string): Problem {
  return problem('flow/other-volume', 'note', path, `left out '${path}': another volume is mounted there`, {
    hint: 'add --other-volumes, or look through it by itself',
  });
}
