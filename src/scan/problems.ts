/** The words for what a scan meets. A path is said as it is where it can be printed, else as texts spell it. */

import type { RepositoryPath } from '../model/path.ts';
import type { Place, Problem, Severity } from '../model/problem.ts';
import { escapeText, isPlainUnicode } from '../text/names.ts';

/** What an error of the operating system says, without the call and the path that Node adds. */
export function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z][A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}

export function unreadable(path: RepositoryPath, error: unknown): Problem {
  return problem('scan/unreadable', 'error', { path }, `cannot read ${quoted(path)}: ${wordsOf(error)}`, {
    hint: 'make it readable and run this again; until then it stays recorded as it was',
  });
}

export function unstable(path: RepositoryPath): Problem {
  return problem('scan/unstable', 'warning', { path }, `cannot read ${quoted(path)}: it keeps changing`, {
    hint: 'run this again when the program that writes it is done',
  });
}

export function suspect(path: RepositoryPath): Problem {
  const reason = `cannot trust ${quoted(path)}: its content changed and its size and times did not`;
  return problem('scan/suspect', 'error', { path }, reason, {
    hint: 'compare it with another copy; if the content is right, touch the file',
  });
}

/** `what` is `a fifo`, `a socket`, `a device`. */
export function special(path: RepositoryPath, what: string): Problem {
  return problem('scan/special', 'note', { path }, `cannot record ${quoted(path)}: it is ${what}`);
}

export function vanishedMount(path: RepositoryPath): Problem {
  const reason = `cannot look into ${quoted(path)}: another volume was mounted there and is not now`;
  return problem('scan/vanished-mount', 'error', { path }, reason, {
    hint: 'mount it and run this again; until then everything below stays recorded as it was',
  });
}

/** `path` is the folder that has a `.dbk` of its own. */
export function nestedRepository(path: RepositoryPath): Problem {
  const reason = `cannot record '.dbk' in ${quoted(path)}: that folder is a repository of its own`;
  return problem('scan/nested-repository', 'note', { path }, reason);
}

/** A file of rules that cannot be used; `error` is an error or words. */
export function badIgnoreFile(path: string, error: unknown, line?: number): Problem {
  const place = line === undefined ? { path } : { path, line };
  const reason = `cannot use the ignore rules in ${quoted(path)}: ${wordsOf(error)}`;
  return problem('scan/bad-ignore-file', 'warning', place, reason, {
    hint: 'correct the file; until then it ignores nothing',
  });
}

/** `what` is what was to be read with the tool: `access lists`. */
export function attributesToolMissing(tool: string, inPackage: string, kind: string, what: string): Problem {
  const reason = `cannot read ${what}: '${tool}' is not installed`;
  return problem('scan/attributes-tool-missing', 'warning', undefined, reason, {
    hint: `install the package '${inPackage}', or take '${kind}' out of 'record:' in policy.yaml`,
  });
}

export function attributesToolFailed(tool: string, what: string, said: string): Problem {
  const reason = `cannot read ${what}: '${tool}' failed: ${printable(said)}`;
  return problem('scan/attributes-tool-failed', 'warning', undefined, reason, {
    hint: `see whether '${tool} .' works in this folder`,
  });
}

export function attributesUnreadable(path: RepositoryPath, what: string, error: unknown): Problem {
  const reason = `cannot read the ${what} of ${quoted(path)}: ${wordsOf(error)}`;
  return problem('scan/attributes-unreadable', 'warning', { path }, reason, {
    hint: 'make it readable and run this again; until then they stay recorded as they were',
  });
}

export function attributeName(path: RepositoryPath, name: string): Problem {
  const reason = `cannot record the attribute ${quoted(name)} of ${quoted(path)}: no text can hold its name`;
  return problem('scan/attribute-name', 'warning', { path }, reason);
}

export function nameTooLong(path: RepositoryPath): Problem {
  const reason = `cannot record ${quoted(path)}: its name is longer than 255 bytes`;
  return problem('scan/name-too-long', 'error', { path }, reason, { hint: 'give it a shorter name' });
}

/** Something else stands where a folder or a file was whose deletion nobody confirmed. */
export function blocked(path: RepositoryPath): Problem {
  const reason = `cannot record ${quoted(path)}: what stood there is gone, and nobody confirmed that`;
  return problem('scan/blocked', 'warning', { path }, reason, {
    hint: 'confirm the deletions with --confirm-deletions, or put back what stood there',
  });
}

/** `text` is a path below `.dbk/index` that only dbk writes. */
export function handEdit(text: string): Problem {
  const reason = `cannot take the edit of ${quoted(text)}: dbk writes this text itself`;
  return problem('scan/hand-edit', 'warning', { path: text }, reason, {
    hint: 'find the edited text in .dbk/local/edited after the next commit, which undoes the edit',
  });
}

function problem(
  code: string,
  severity: Severity,
  place: Place | undefined,
  reason: string,
  more: { readonly hint?: string } = {},
): Problem {
  return { code, severity, ...(place && { place }), reason, ...more };
}

function quoted(path: string): string {
  return `'${printable(path)}'`;
}

function printable(text: string): string {
  return isPlainUnicode(text) && !/[\t\n]/.test(text) ? text : escapeText(text);
}
