/** Changes fields in the sidecars of paths, a line each; the next commit records them. */

import { dirname } from 'node:path/posix';
import type { RepositoryPath } from '../model/path.ts';
import { Interrupted, Refusal, type Problem } from '../model/problem.ts';
import type { FieldDeclaration } from '../model/type-declaration.ts';
import type { Value } from '../model/value.ts';
import { makeDirectories, removeEmptyDirectories } from '../store/directories.ts';
import { removeFile, replaceFile } from '../store/files.ts';
import { checkFields, unknownFields, valueOfText, type Declared } from '../text/field-check.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { addToField, removeField, removeFromField, setField } from '../text/sidecar-edit.ts';
import { effectiveField, type Sidecar } from '../text/sidecar.ts';
import type { Reader } from '../text/yaml-read.ts';
import { isAboutPeople, withReferences, type Referring } from './edit-people.ts';
import { exclusively } from './exclusively.ts';
import * as say from './problems.ts';
import type { Repository } from './repository.ts';
import { Sidecars, type SidecarAt } from './sidecars.ts';
import { hintFor } from './sidecar-checks.ts';

/** Values are texts, as they are typed. */
export type FieldEdit =
  /** Several values make a list; so does one, where the field is declared to have many. */
  | { readonly kind: 'set'; readonly field: string; readonly values: readonly string[] }
  | { readonly kind: 'add'; readonly field: string; readonly value: string }
  /** Without a value the whole field goes. */
  | { readonly kind: 'remove'; readonly field: string; readonly value?: string };

export interface EditFieldsRequest {
  readonly command: string;
  readonly paths: Iterable<RepositoryPath>;
  readonly edits: readonly FieldEdit[];
  readonly dryRun: boolean;
  /** Told of each path in its turn; one that could not be changed has problems only. */
  readonly report: (edited: FieldsEdited) => void;
}

export interface FieldsEdited {
  readonly path: RepositoryPath;
  readonly kind: 'changed' | 'unchanged' | 'refused';
  readonly problems: readonly Problem[];
}

/** So many texts are made durable one by one; more are at the end, together. */
const FEW = 64;

/**
 * A path whose text or values are wrong stays as it is, and the others go on. A sidecar that says nothing any more
 * is removed.
 */
export async function editFields(
  repository: Repository,
  { command, paths, edits, dryRun, report }: EditFieldsRequest,
): Promise<readonly Problem[]> {
  return exclusively(repository, command, async ({ eyes, problems }) => {
    const sidecars = new Sidecars(repository, eyes);
    const { disk } = repository.context;
    let written = 0;
    try {
      for (const path of paths) {
        if (repository.context.interrupted()) throw new Interrupted();
        const { at, before, after, met } = await editAll(sidecars, path, edits);
        const isRefused = met.some(({ severity }) => severity === 'error');
        const isChanged = !isRefused && at !== undefined && before !== after;
        if (isChanged && !dryRun) put(repository, at, after, ++written <= FEW);
        report({ path, kind: isRefused ? 'refused' : isChanged ? 'changed' : 'unchanged', problems: met });
      }
    } finally {
      if (written > FEW) disk.flushVolume(repository.layout.index);
    }
    return problems;
  });
}

interface Edited {
  readonly at?: SidecarAt;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly met: readonly Problem[];
}

async function editAll(
  sidecars: Sidecars,
  path: RepositoryPath,
  edits: readonly FieldEdit[],
): Promise<Edited> {
  let at: SidecarAt | undefined;
  try {
    at = await sidecars.at(path);
    const { declared } = at.about;
    const met = edits.flatMap((edit) => check(path, edit, declared));
    if (met.some(({ severity }) => severity === 'error')) return { met };
    const read = await sidecars.read(at);
    const before = read?.text;
    let after = before;
    for (const edit of edits) {
      const { edits: meant, problems } = await referring(sidecars, path, edit, declared, read?.sidecar);
      met.push(...problems);
      for (const each of meant) after = await changed(after, each, declared);
    }
    return { at, before, after, met };
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'failed') return { met: [error.problem] };
    if (!(error instanceof TextError)) throw error;
    const { line } = error.problem.place ?? {};
    const place = { path: `.dbk/index/${at?.text ?? path}`, ...(line !== undefined && { line }) };
    return { met: [{ ...error.problem, place }] };
  }
}

/** An edit of who is in something says it by the handles of those who are known. */
async function referring(
  sidecars: Sidecars,
  path: RepositoryPath,
  edit: FieldEdit,
  declared: Declared | undefined,
  sidecar: Sidecar | undefined,
): Promise<Referring> {
  if (!isAboutPeople(edit, declared)) return { edits: [edit], problems: [] };
  const said = sidecar && effectiveField(sidecar, edit.field);
  return withReferences(path, edit, said, await sidecars.people());
}

function changed(
  before: string | undefined,
  edit: FieldEdit,
  declared: Declared | undefined,
): Promise<string | undefined> {
  const field = declared === undefined ? undefined : fieldOf(declared, edit.field);
  const change = (text: string, people?: Reader): string => {
    const from = before === undefined ? undefined : text;
    switch (edit.kind) {
      case 'set':
        return setField(from, edit.field, valueToSet(edit.values, field), people);
      case 'add':
        return addToField(from, edit.field, valueOfText(edit.value, field), people);
      case 'remove':
        return edit.value === undefined
          ? (removeField(from, edit.field, people) ?? '')
          : (removeFromField(from, edit.field, valueOfText(edit.value, field), people) ?? '');
    }
  };
  return parseByPeople(change, before ?? '').then((after) => (after === '' ? undefined : after));
}

function valueToSet(values: readonly string[], field: FieldDeclaration | undefined): Value {
  if (values.length === 1 && !isMany(field)) return valueOfText(values[0]!, field);
  // 'FIELD=' empties a list.
  const members = values.length === 1 && values[0] === '' ? [] : values;
  const distinct = field?.merge === 'set' ? Array.from(new Set(members)) : members;
  return distinct.map((value) => valueOfText(value, field));
}

function isMany(field: FieldDeclaration | undefined): boolean {
  return field?.merge === 'set' || field?.merge === 'list';
}

function fieldOf({ of, fields }: Declared, key: string): FieldDeclaration | undefined {
  const field = fields.get(key);
  return field?.of === of ? field : undefined;
}

/** What a person asked for, against what is declared; nothing of what stands in the text. */
function check(path: RepositoryPath, edit: FieldEdit, declared: Declared | undefined): Problem[] {
  if (declared === undefined || (edit.kind === 'remove' && edit.value === undefined)) return [];
  const field = fieldOf(declared, edit.field);
  const values = edit.kind === 'set' ? edit.values : [edit.value!];
  const at = (problem: Problem): Problem => ({ ...problem, place: { path } });
  if (field !== undefined && !isMany(field) && (edit.kind === 'add' || values.length > 1))
    return [say.oneValueOnly(path, edit.field)];
  const asked = sidecarOf(
    edit.field,
    edit.kind === 'set' ? valueToSet(values, field) : valueOfText(values[0]!, field),
  );
  if (field === undefined) {
    const near = hintFor(edit.field, declared);
    const hint = near === undefined ? {} : { hint: `did you mean '${near}'?` };
    return edit.kind === 'remove' ? [] : unknownFields(asked, declared).map((one) => at({ ...one, ...hint }));
  }
  return checkFields(asked, declared).map((one) => at({ ...one, severity: 'error' }));
}

/** A sidecar with the one field. */
function sidecarOf(key: string, value: Value): Sidecar {
  return { fields: new Map([[key, value]]), prose: '', proseLine: 1, lines: new Map(), places: new Map() };
}

function put(
  { context, layout }: Repository,
  { file }: SidecarAt,
  text: string | undefined,
  durable: boolean,
): void {
  const { disk } = context;
  if (text === undefined) {
    removeFile(disk, file, { durable });
    removeEmptyDirectories(disk, dirname(file), layout.index);
    return;
  }
  makeDirectories(disk, dirname(file));
  replaceFile(disk, file, text, { durable });
}
