/** Which commit a project stands at: HEAD, through the refs that it names. */

import type { EntityFiles } from '../../src/plugin/api.ts';
import type { GitFolder } from './git-folder.ts';
import { readText } from './text.ts';

const LONGEST_REF = 4096;
const LONGEST_PACKED = 16 * 1024 * 1024;
/** Git itself follows five. */
const MOST_LINKS = 5;

/** 40 or 64 hexadecimal digits; undefined where nothing is committed yet, or where it cannot be read. */
export async function headOf(project: EntityFiles, { own, common }: GitFolder): Promise<string | undefined> {
  let text = await readText(project, `${own}/HEAD`, LONGEST_REF);
  for (let links = 0; links <= MOST_LINKS; links++) {
    const id = text?.trim();
    if (id === undefined || isObjectId(id)) return id;
    const ref = /^ref:\s*(refs\/[^\s]+)$/.exec(id)?.[1];
    if (ref === undefined) return undefined;
    text =
      (await readText(project, `${common}/${ref}`, LONGEST_REF)) ?? (await packedRef(project, common, ref));
  }
  return undefined;
}

export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

async function packedRef(project: EntityFiles, common: string, ref: string): Promise<string | undefined> {
  const text = await readText(project, `${common}/packed-refs`, LONGEST_PACKED);
  const line = text?.split('\n').find((one) => one.endsWith(` ${ref}`));
  return line?.slice(0, -ref.length - 1);
}
