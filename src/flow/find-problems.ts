/** The words for what is wrong with a query, and with folders of links. */

import { Refusal, type Problem } from '../model/problem.ts';

/** `at` counts characters from 0. */
export function badQuery(query: string, at: number, reason: string, hint: string): Refusal {
  const place =
    at >= query.length ? 'at its end' : `at character ${Array.from(query.slice(0, at)).length + 1}`;
  return new Refusal('usage', {
    code: 'flow/bad-query',
    severity: 'error',
    reason: `cannot read the query '${query}', ${place}: ${reason}`,
    hint,
  });
}

/** Fields of a query that nothing has; `meant` is one that there is. */
export function nobodyHas(field: string, meant: string | undefined): Problem {
  return {
    code: 'flow/nobody-has',
    severity: 'note',
    reason: `nothing has a field '${field}'`,
    ...(meant !== undefined && { hint: `did you mean '${meant}'?` }),
  };
}

/** A text that is wrong: its words are searched, and it has no fields. */
export function textNotRead(path: string, line: number | undefined, why: string): Problem {
  return {
    code: 'flow/text-not-read',
    severity: 'warning',
    place: { path, ...(line !== undefined && { line }) },
    reason: `cannot read the fields of what is written about '${path}': ${why}`,
    hint: 'correct it with: dbk edit',
  };
}

export function viewInOwnFolder(folder: string): Refusal {
  return refused('own-folder', `'${folder}' is in '.dbk', where dbk keeps its own files`, OUTSIDE);
}

export function viewIsRepository(folder: string): Refusal {
  return refused('view-is-repository', `'${folder}' is the folder of the repository, or around it`, OUTSIDE);
}

/** Links in the repository would be recorded, and go to every copy of it; `path` is of what is not there yet. */
export function viewInRepository(folder: string, path: string | undefined): Refusal {
  const reason = `'${folder}' is in the repository, where commits would record the links`;
  const ignore = path === undefined ? '' : `, or write '/${path}/' into .dbk/index/ignore first`;
  return refused('view-in-repository', reason, `${OUTSIDE}${ignore}`);
}

export function viewNotOurs(folder: string): Refusal {
  const reason = `'${folder}' is there and was not made by 'dbk view'`;
  return refused('view-not-ours', reason, 'name a folder that is not there yet');
}

export function viewUnreadable(marker: string): Refusal {
  const reason = `cannot read '${marker}', which says which links are dbk's`;
  return refused('view-unreadable', reason, 'name another folder, or remove this one yourself');
}

/** Something of somebody else's now has the name of a link that was made here. */
export function viewKeeps(path: string): Problem {
  return {
    code: 'flow/view-keeps',
    severity: 'note',
    place: { path },
    reason: `'${path}' is not the link that was made here any more, and stays`,
  };
}

const OUTSIDE = 'name a folder outside the repository';

function refused(code: string, reason: string, hint: string): Refusal {
  return new Refusal('failed', { code: `flow/${code}`, severity: 'error', reason, hint });
}
