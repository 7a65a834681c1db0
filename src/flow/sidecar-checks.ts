/** Whether what a person wrote into a text of `index/` can be recorded, and what of it they may want to know. */

import { nearest } from '../model/nearest.ts';
import type { Problem } from '../model/problem.ts';
import { checkFields, fieldsOutside, unknownFields, type Declared } from '../text/field-check.ts';
import { writeField, type FieldValue } from '../text/field-conflict.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parseSidecar, type Sidecar } from '../text/sidecar.ts';
import { problemOfText } from './text-checks.ts';

/** What is said of a text. */
export interface Judgement {
  /** Why it cannot be recorded; empty: it can. */
  readonly refused: readonly Problem[];
  /** What a person may want to know besides. */
  readonly notes: readonly Problem[];
}

/** What a text is compared with. */
export interface Grounds {
  readonly declared?: Declared | undefined;
  /** The text that is recorded; asked for only where a field is not what it should be. */
  readonly before?: () => string | undefined;
}

const RIGHT: Judgement = { refused: [], notes: [] };

/** Texts of which nothing is known are right. Places are `.dbk/index/…` for sidecars, as an editor opens them. */
export async function judgeText(path: string, text: string, grounds: Grounds = {}): Promise<Judgement> {
  if (isSidecarText(path)) return judgeSidecar(`.dbk/index/${path}`, text, grounds);
  const problem = await problemOfText(path, text);
  return problem === undefined ? RIGHT : { refused: [problem], notes: [] };
}

/** Whether a text is one of section 6 of the format, by its name. */
export function isSidecarText(path: string): boolean {
  return path.endsWith('.metadata') && (path.startsWith('tree/') || path.startsWith('people/'));
}

/** A field that no type declares; `known` are the names it may have been meant for. */
export function hintFor(key: string, { of, fields }: Declared): string | undefined {
  const names = Array.from(fields).filter(([, field]) => field.of === of);
  return nearest(key, new Map(names.map(([name]) => [name, name])));
}

async function judgeSidecar(path: string, text: string, { declared, before }: Grounds): Promise<Judgement> {
  const found = await parsed(parseSidecar, path, text);
  if ('problem' in found) return { refused: [found.problem], notes: [] };
  if (declared === undefined) return RIGHT;
  const sidecar = found.value;
  const wrong = checkFields(sidecar, declared);
  const asRecorded = wrong.length === 0 ? new Map() : await unchangedFields(sidecar, before?.());
  const isOld = (key: string): boolean => asRecorded.has(key);
  const old = wrong.length === 0 ? [] : checkFields(withFields(sidecar, isOld), declared);
  const news =
    old.length === 0
      ? wrong
      : checkFields(
          withFields(sidecar, (key) => !isOld(key)),
          declared,
        );
  const at = (problem: Problem): Problem => ({ ...problem, place: { ...problem.place, path } });
  return {
    refused: news.map((problem) => at({ hint: CORRECT, ...problem, severity: 'error' })),
    notes: [...old, ...fieldsOutside(sidecar, declared), ...unknown(sidecar, declared)].map(at),
  };
}

const CORRECT = 'correct it; until then the last recorded text stays recorded';

/** A field that was recorded as it is keeps nothing else from being recorded. */
async function unchangedFields(
  sidecar: Sidecar,
  before: string | undefined,
): Promise<ReadonlyMap<string, FieldValue>> {
  const recorded = before === undefined ? undefined : await parsed(parseSidecar, '', before);
  const old = recorded === undefined || 'problem' in recorded ? undefined : recorded.value.fields;
  const isSame = ([key, value]: [string, FieldValue]): boolean => {
    const was = old?.get(key);
    return was !== undefined && writeField(key, was) === writeField(key, value);
  };
  return new Map(Array.from(sidecar.fields).filter(isSame));
}

function unknown(sidecar: Sidecar, declared: Declared): Problem[] {
  return Array.from(sidecar.fields.keys()).flatMap((key) => {
    const problems = unknownFields(
      withFields(sidecar, (other) => other === key),
      declared,
    );
    const near = problems.length === 0 ? undefined : hintFor(key, declared);
    return near === undefined
      ? problems
      : problems.map((one) => ({ ...one, hint: `did you mean '${near}'?` }));
  });
}

function withFields(sidecar: Sidecar, isWanted: (key: string) => boolean): Sidecar {
  return { ...sidecar, fields: new Map(Array.from(sidecar.fields).filter(([key]) => isWanted(key))) };
}

async function parsed<T>(
  parse: Parameters<typeof parseByPeople<T>>[0],
  path: string,
  text: string,
): Promise<{ readonly value: T } | { readonly problem: Problem }> {
  try {
    return { value: await parseByPeople(parse, text) };
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return { problem: { ...error.problem, place: { ...error.problem.place, path } } };
  }
}
