/** The words for what is wrong with people and their cards. */

import { refuse, Refusal, type Problem } from '../model/problem.ts';

export function personNotRead(path: string, why: string): Problem {
  return {
    code: 'flow/person-not-read',
    severity: 'warning',
    place: { path: `.dbk/index/${path}` },
    reason: `cannot read what is written in '.dbk/index/${path}': ${why}`,
    hint: 'correct it in an editor',
  };
}

export function nobodyIsCalled(typed: string, meant: string | undefined): never {
  return refuse('failed', 'flow/nobody-is-called', `nobody here is called '${typed}'`, {
    hint: meant === undefined ? 'see who there is with: dbk people list' : `did you mean '${meant}'?`,
  });
}

export function severalAreCalled(typed: string, handles: readonly string[]): never {
  return refuse('usage', 'flow/several-are-called', `several people are called '${typed}': ${few(handles)}`, {
    hint: 'name one of these',
  });
}

export function noName(): never {
  return refuse('usage', 'flow/no-name', 'a name is empty, or holds what no text may', {
    hint: 'write the name on one line',
  });
}

export function noHandle(handle: string): never {
  return refuse('usage', 'flow/no-handle', `'${handle}' cannot be the name of a person's file`, {
    hint: `use letters, digits and single '-' between them, as in 'anna-lind'`,
  });
}

export function handleTaken(handle: string): never {
  return refuse('failed', 'flow/handle-taken', `'${handle}' is somebody already`, {
    hint: `choose another one with --as, or see who that is with: dbk people show ${handle}`,
  });
}

export function personEdited(path: string): never {
  return refuse('failed', 'flow/person-edited', `'.dbk/index/${path}' has changes that no commit has`, {
    hint: 'record them first with: dbk commit',
  });
}

export function personUneditable(path: string, why: string, line: number | undefined): Refusal {
  const place = { path: `.dbk/index/${path}`, ...(line !== undefined && { line }) };
  return new Refusal('failed', {
    code: 'flow/person-uneditable',
    severity: 'error',
    place,
    reason: `cannot change '.dbk/index/${path}': ${why}`,
    hint: 'correct it in an editor',
  });
}

/** A name that is somebody's already: two people may have it, and most often it is one. */
export function isCalledSo(name: string, handles: readonly string[]): Problem {
  return note('is-called-so', `'${name}' is what ${few(handles)} is called, too`, {
    hint: 'refer to each by handle; a name that two have stays a name',
  });
}

/** What somebody wrote as a person is a name that several have. */
export function nameOfSeveral(path: string, name: string, handles: readonly string[]): Problem {
  return {
    code: 'flow/name-of-several',
    severity: 'note',
    place: { path },
    reason: `several people are called '${name}', so it stays a name at '${path}'`,
    hint: `write one of: ${few(handles)}`,
  };
}

export function fileTooLong(file: string, most: number): never {
  return refuse('failed', 'flow/cards-too-long', `'${file}' is longer than ${most} bytes`, {
    hint: 'divide it into several files',
  });
}

export function noCards(file: string): Problem {
  return warning('no-cards', file, undefined, `'${file}' has no vCards`, 'name a file of vCards (.vcf)');
}

export function tooManyCards(file: string, most: number): never {
  return refuse('failed', 'flow/too-many-cards', `'${file}' has more than ${most} vCards`, {
    hint: 'divide it into several files',
  });
}

export function cardNotTaken(file: string, line: number, why: string): Problem {
  const reason = `cannot take the card at line ${line} of '${file}': ${why}`;
  return {
    ...warning('card-not-taken', file, line, reason, 'correct it, and import it again'),
    severity: 'error',
  };
}

export function cardIsGroup(file: string, line: number): Problem {
  return note('card-is-group', `the card at line ${line} of '${file}' is a group, and no person`, {
    place: { path: file, line },
  });
}

/** Photos and the like, of all cards at once. */
export function picturesLeft(file: string, cards: number): Problem {
  const words = cards === 1 ? 'a card' : `${cards} cards`;
  return note('pictures-left', `pictures and sounds in ${words} of '${file}' are left there`, {
    hint: 'keep the file, or the pictures as files of their own',
  });
}

export function lineLeft(file: string, line: number, name: string, why: string): Problem {
  const what = name === '' ? 'a line' : name;
  return warning('card-line-left', file, line, `${what} at line ${line} of '${file}' is left there: ${why}`);
}

/** What a card says otherwise than is written; both are shown, and what is written stays. */
export function cardDiffers(handle: string, field: string, here: string, there: string): Problem {
  return note('card-differs', `'${handle}' keeps ${field}: ${here}; the card says ${there}`, {});
}

export function cardOfSeveral(file: string, line: number, name: string, handles: readonly string[]): Problem {
  const reason = `cannot tell whose the card at line ${line} of '${file}' is: ${few(handles)} are called '${name}'`;
  const hint = 'give the card the id of one of them as its UID';
  return { ...warning('card-of-several', file, line, reason, hint), severity: 'error' };
}

export function notExported(handle: string, fields: readonly string[]): Problem {
  return {
    code: 'flow/not-exported',
    severity: 'warning',
    reason: `what is not agreed on about '${handle}' is in no card: ${fields.join(', ')}`,
    hint: 'settle it with: dbk conflicts',
  };
}

function note(code: string, reason: string, more: Pick<Problem, 'hint' | 'place'>): Problem {
  return { code: `flow/${code}`, severity: 'note', reason, ...more };
}

function warning(
  code: string,
  file: string,
  line: number | undefined,
  reason: string,
  hint?: string,
): Problem {
  const place = { path: file, ...(line !== undefined && { line }) };
  return { code: `flow/${code}`, severity: 'warning', place, reason, ...(hint !== undefined && { hint }) };
}

function few(handles: readonly string[]): string {
  const rest = handles.length > 3 ? ` and ${handles.length - 3} more` : '';
  return handles.slice(0, 3).join(', ') + rest;
}
