/** How what is asked of another repository stands in a frame; what is read is checked, whoever wrote it. */

import { isCommitId, isContentId, type CommitId, type ContentId } from '../model/id.ts';
import { bytesOfName, nameOfBytes } from '../model/name.ts';
import { parsePath, ROOT, type RepositoryPath } from '../model/path.ts';
import { isRepositoryName } from '../model/repository-name.ts';
import type { RemoteFacts } from './transport.ts';

/** A content, and where it is recorded there. */
export interface ContentAsked {
  readonly path: RepositoryPath;
  readonly blake3: ContentId;
  readonly size: number;
}

const ID = /^[0-9a-f]{16}$/;
const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;
const ID_DIGITS = 64;
const BLANK = 0x20;
/** The longest number and the blank behind it. */
const LONGEST_NUMBER = 17;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function bytesOfText(text: string): Uint8Array {
  return encoder.encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function readCommitId(bytes: Uint8Array): CommitId | undefined {
  const text = textOf(bytes);
  return isCommitId(text) ? text : undefined;
}

export function readNumber(bytes: Uint8Array): number | undefined {
  const text = textOf(bytes);
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** The name of a repository. */
export function readName(bytes: Uint8Array): string | undefined {
  const text = textOf(bytes);
  return isRepositoryName(text) ? text : undefined;
}

export function bytesOfFacts({ id, name, head = '' as CommitId }: RemoteFacts): Uint8Array {
  return bytesOfText(`${id}\n${name}\n${head}\n`);
}

export function readFacts(bytes: Uint8Array): RemoteFacts | undefined {
  const [id = '', name = '', head = '', ...rest] = textOf(bytes).split('\n');
  if (!ID.test(id) || !isRepositoryName(name) || rest.length !== 1 || rest[0] !== '') return undefined;
  if (head === '') return { id, name, head: undefined };
  return isCommitId(head) ? { id, name, head } : undefined;
}

/** The path is the last, since it may hold any bytes. */
export function bytesOfAsked({ path, blake3, size }: ContentAsked): Uint8Array {
  const start = bytesOfText(`${blake3} ${size} `);
  const name = bytesOfName(path);
  const whole = new Uint8Array(start.length + name.length);
  whole.set(start);
  whole.set(name, start.length);
  return whole;
}

export function readAsked(bytes: Uint8Array): ContentAsked | undefined {
  const blake3 = textOf(bytes.subarray(0, ID_DIGITS));
  const from = ID_DIGITS + 1;
  const end = bytes.subarray(0, from + LONGEST_NUMBER).indexOf(BLANK, from);
  if (!isContentId(blake3) || bytes[ID_DIGITS] !== BLANK || end === -1) return undefined;
  const size = readNumber(bytes.subarray(from, end));
  const path = parsePath(nameOfBytes(bytes.subarray(end + 1)));
  if (size === undefined || path === undefined || path === ROOT) return undefined;
  return { path, blake3, size };
}
