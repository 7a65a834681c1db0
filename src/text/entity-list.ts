/** A list of entities as text: `local/entities` (README.md, section 15), read in microseconds a line. */

import type { Digest } from '../model/id.ts';
import type { EntityReference } from '../model/manifest.ts';
import type { RepositoryPath } from '../model/path.ts';
import { entity, entityValue } from './manifest-line.ts';
import { escapePath, undoEscapes } from './names.ts';
import { LineReader } from './yaml-read.ts';
import { writeFlow } from './yaml-write.ts';

/** One entity in a list; its path is the key. */
export interface ListedEntity extends EntityReference {
  readonly kind: 'directory' | 'file';
}

export type EntityList = ReadonlyMap<RepositoryPath, ListedEntity>;

const FIRST = 'dbk: entities 1';
const ORDINARY_TYPE = /^[a-z][a-z0-9-]*$/;
/** Id, `d` or `f`, type, path: what has more to say stands as in a manifest, behind the letter. */
const ID_LENGTH = 16;
const TYPE_AT = 19;

/** The text of a list that is in order. */
export function writeEntityList(head: string, entities: EntityList, digest: Digest): string {
  const lines = Array.from(entities, ([path, listed]) => writeLine(path, listed));
  const body = lines.join('');
  return `${FIRST}\nhead: ${head}\nof: ${digest(body)}\n${body}`;
}

/** The list that a text is for a head; undefined where it is another text, or not whole. */
export function parseEntityList(text: string, head: string, digest: Digest): EntityList | undefined {
  const start = `${FIRST}\nhead: ${head}\nof: `;
  const at = start.length + 64;
  if (!text.startsWith(start) || text[at] !== '\n') return undefined;
  const body = text.slice(at + 1);
  if (digest(body) !== text.slice(start.length, at)) return undefined;
  const entities = new Map<RepositoryPath, ListedEntity>();
  for (let from = 0; from < body.length;) {
    const end = body.indexOf('\n', from);
    addLine(body.slice(from, end), entities);
    from = end + 1;
  }
  return entities;
}

function writeLine(path: RepositoryPath, { kind, ...reference }: ListedEntity): string {
  const { id, type, from, was, more } = reference;
  const isOrdinary = from === undefined && was === undefined && more === undefined;
  const letter = kind === 'directory' ? 'd' : 'f';
  if (isOrdinary && ORDINARY_TYPE.test(type)) return `${id} ${letter} ${type} ${escapePath(path)}\n`;
  return `${letter} ${writeFlow(entityValue(reference))} ${escapePath(path)}\n`;
}

/** What the digest vouches for is as it was written: nothing is checked again. */
function addLine(line: string, entities: Map<RepositoryPath, ListedEntity>): void {
  if (line.charCodeAt(ID_LENGTH) === BLANK && line.charCodeAt(1) !== BLANK) {
    const blank = line.indexOf(' ', TYPE_AT);
    const kind = line.charCodeAt(ID_LENGTH + 1) === DIRECTORY ? 'directory' : 'file';
    const id = line.slice(0, ID_LENGTH);
    entities.set(pathOf(line.slice(blank + 1)), { kind, id, type: line.slice(TYPE_AT, blank) });
    return;
  }
  const reader = new LineReader(line);
  reader.at = 2;
  const map = reader.lineMap(1);
  const reference = entity(map, { key: 'entity', line: 1, places: reader.places });
  const kind = line.charCodeAt(0) === DIRECTORY ? 'directory' : 'file';
  entities.set(pathOf(line.slice(reader.at + 1)), { ...reference, kind });
}

const BLANK = 32;
const DIRECTORY = 'd'.charCodeAt(0);

function pathOf(escaped: string): RepositoryPath {
  return undoEscapes(escaped) as string as RepositoryPath;
}
