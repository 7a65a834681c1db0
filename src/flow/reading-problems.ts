/** The words for what comes of asking plugins what things say of themselves. */

import type { Problem, Severity } from '../model/problem.ts';
import type { Finding } from '../plugin/api.ts';

export function readerFailed(type: string, path: string, error: unknown): Problem {
  const what = error instanceof Error ? error.message : String(error);
  const reason = `cannot read what '${path}' says of itself: ${what}`;
  const hint = `tell whoever made the type plugin '${type}'`;
  return { code: 'flow/reader-failed', severity: 'warning', place: { path }, reason, hint };
}

/** A program that a plugin reads files with is not here; told once. */
export function toolMissing(type: string, { reason, hint }: { reason: string; hint: string }): Problem {
  // Without the note the next commit looks again at what it does not know yet.
  const then = hint === '' ? '' : `${hint}, then remove '.dbk/local/described' and commit again`;
  const said = `files of type '${type}' are recorded and not read: ${reason}`;
  return { code: 'flow/tool-missing', severity: 'warning', reason: said, ...(then !== '' && { hint: then }) };
}

/** What a reader found odd about something of a person's: nothing is lost by it, so it fails no command. */
export function found({ code, severity, reason, hint }: Finding, path: string): Problem {
  const weight: Severity = severity === 'error' ? 'warning' : severity;
  return { code, severity: weight, place: { path }, reason: `'${path}': ${reason}`, ...(hint && { hint }) };
}

export function wrongFieldRead(type: string, path: string, field: string, wrong: string): Problem {
  const reason = `what '${type}' read of '${path}' cannot be kept: '${field}' ${wrong}`;
  const hint = `tell whoever made the type plugin '${type}'`;
  return { code: 'flow/wrong-field-read', severity: 'warning', place: { path }, reason, hint };
}

/** What was read has no place in a text that is wrong. */
export function sidecarInTheWay(path: string, { reason, place }: Problem): Problem {
  return {
    code: 'flow/sidecar-in-the-way',
    severity: 'warning',
    place: { ...place, path },
    reason: `cannot write what was read into '.dbk/index/${path}': ${reason}`,
    hint: 'edit that text, then commit again',
  };
}
