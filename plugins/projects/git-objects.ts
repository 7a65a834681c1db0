/** The content of a commit, loose or in a pack (gitformat-pack(5)), within bounds. */

import type { EntityFiles } from '../../src/plugin/api.ts';
import { inflate } from '../../src/plugin/inflate.ts';
import { findInPack } from './git-pack-index.ts';
import { LONGEST_OBJECT, readFromPack } from './git-pack.ts';

const MOST_PACKS = 1000;

/** The text of a commit, from `tree` on; undefined where it is not here, or is no commit. */
export async function readCommit(
  project: EntityFiles,
  common: string,
  id: string,
): Promise<Uint8Array | undefined> {
  const loose = await readLoose(project, `${common}/objects/${id.slice(0, 2)}/${id.slice(2)}`);
  if (loose !== undefined) return loose;
  const folder = `${common}/objects/pack/`;
  const indexes = [...project.files.keys()].filter(
    (path) => path.startsWith(folder) && path.endsWith('.idx'),
  );
  for (const path of indexes.slice(0, MOST_PACKS)) {
    const [index, pack] = [project.open(path), project.open(path.replace(/idx$/, 'pack'))];
    if (index === undefined || pack === undefined) continue;
    const find = (wanted: string): Promise<number | undefined> => findInPack(index, wanted);
    const offset = await find(id);
    if (offset !== undefined) return readFromPack(pack, offset, id.length / 2, find);
  }
  return undefined;
}

async function readLoose(project: EntityFiles, path: string): Promise<Uint8Array | undefined> {
  const source = project.open(path);
  const packed = await source?.read(0, Math.min(source.size, LONGEST_OBJECT));
  const bytes = packed === undefined ? undefined : inflate(packed, LONGEST_OBJECT);
  const end = bytes?.indexOf(0) ?? -1;
  const isCommit =
    end !== -1 && /^commit \d+$/.test(new TextDecoder().decode(bytes!.subarray(0, Math.min(end, 32))));
  return isCommit ? bytes!.subarray(end + 1) : undefined;
}
