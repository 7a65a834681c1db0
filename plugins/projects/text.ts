/** Texts and bytes of a project, read within a bound. */

import type { ByteSource, EntityFiles } from '../../src/plugin/api.ts';

/** No manifest, readme or ref that people write is longer. */
const LONGEST_TEXT = 1024 * 1024;

/** A whole file as text without a byte order mark, what is not UTF-8 replaced; undefined where there is none, or none of a text's size. */
export async function readText(
  { open }: EntityFiles,
  path: string,
  most = LONGEST_TEXT,
): Promise<string | undefined> {
  const source = open(path);
  if (source === undefined || source.size > most) return undefined;
  return new TextDecoder().decode(await source.read(0, source.size));
}

/** Some bytes of a file; undefined where it ends before. */
export async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
): Promise<Uint8Array | undefined> {
  if (offset < 0 || !Number.isSafeInteger(offset + length) || offset + length > source.size) return undefined;
  const bytes = await source.read(offset, length);
  return bytes.length === length ? bytes : undefined;
}
