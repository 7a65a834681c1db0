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

function problem(
  code: string,
  severity: Severity,
  path: string,
  reason: string,
  more: { hint?: string },
): Problem {
  return { code, severity, place: { path }, reason, ...more };
}
