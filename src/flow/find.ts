/** What is recorded and is what a query asks for. */

import { compareBytes, type Name } from '../model/name.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import { Interrupted, type Problem } from '../model/problem.ts';
import { nearest } from '../model/nearest.ts';
import type { Scalar } from '../model/value.ts';
import { fieldsInPath } from '../plugin/boundaries.ts';
import { besideOthers } from './exclusively.ts';
import { directoryOfLine, keepFindCache, type Line } from './find-cache.ts';
import { gather, startOf } from './find-gather.ts';
import { asksForField, asksForWords, fieldsAsked, testOf, valuesOf } from './find-match.ts';
import type { Thing, Whole, WordsOf } from './find-match.ts';
import { nobodyHas, textNotRead } from './find-problems.ts';
import type { Query } from './find-query.ts';
import { isLinkSize, type EntityOf, type KeptDirectory, type KeptText, type Written } from './find-record.ts';
import { lookAtTexts } from './index-texts.ts';
import { Names, refersToPeople } from './people-names.ts';
import { readPeople, type People } from './people.ts';
import { readPolicy } from './policy.ts';
import { statsAt, type Repository } from './repository.ts';
import { typeOf, typesOfIndex, type Types } from './types.ts';

export { dateOf } from './find-match.ts';
export { parseQuery, type Query } from './find-query.ts';

export interface Found extends Pick<Thing, 'path' | 'kind' | 'size' | 'time' | 'type' | 'isRecorded'> {
  /** The id of the entity that it is or is in. */
  readonly entity?: string;
  /** What the fields say that the query asks for. */
  readonly fields: ReadonlyMap<string, readonly Scalar[]>;
}

export interface FindRequest {
  readonly query: Query;
  /** Told in the order of the paths, folders with a '/' behind them; false: enough. */
  readonly report: (found: Found) => boolean;
}

/**
 * Finds what head records, with names as it has them and with what is written about it as that stands now.
 *
 * What is not recorded is found where it is here and somebody has written about it.
 */
export async function find(
  repository: Repository,
  { query, report }: FindRequest,
): Promise<readonly Problem[]> {
  return besideOthers(repository, 'find', async ({ eyes, problems }, ifAlone) => {
    const head = repository.commits.readHead();
    const texts = await lookAtTexts(repository, head, eyes);
    texts.save(ifAlone);
    const { facts, lines, isNews } = await gather(repository, head, texts);
    repository.context.progress.clear();
    if (isNews && eyes.canWrite) ifAlone(() => keepFindCache(repository, { facts, lines }));
    const types = typesOfIndex(texts, await readPolicy(texts));
    const isAsked = asksForField(query, (field) => isOfPeople(types, field));
    const people = isAsked ? await readPeople(texts) : NOBODY;
    const search = new Search(repository, query, types, people);
    for (const found of search.run(lines)) if (!report(found)) break;
    return [...problems, ...texts.problems, ...people.problems, ...search.problems()];
  });
}

const NOBODY: Pick<People, 'names' | 'problems'> = { names: new Names([]), problems: [] };

/** A directory whose things were looked at, and what was found in it and not told yet, the next one last. */
interface Open {
  readonly start: string;
  readonly waiting: Found[];
}

class Search {
  private readonly repository: Repository;
  private readonly types: Types;
  private readonly asked: ReadonlySet<string>;
  private readonly withWords: boolean;
  private readonly seen = new Set<string>();
  private readonly test: (thing: Thing) => boolean;
  private readonly wrong: Problem[] = [];
  private readonly fields = new Set<string>();

  constructor(repository: Repository, query: Query, types: Types, people: Pick<People, 'names'>) {
    this.repository = repository;
    this.types = types;
    this.asked = fieldsAsked(query);
    this.withWords = asksForWords(query);
    this.test = testOf(query, this.seen, wordsFor(types, people));
  }

  /** What was found so far in the way of mistakes. */
  problems(): readonly Problem[] {
    const known = new Map(Array.from(this.fields, (field) => [field, field]));
    for (const { fields } of this.types.declared.values())
      for (const field of fields.keys()) known.set(field, field);
    const unknown = [...this.asked].filter((field) => !this.seen.has(field) && !known.has(field));
    return [...this.wrong, ...unknown.map((field) => nobodyHas(field, nearest(field, known)))];
  }

  *run(lines: Iterable<Line>): Generator<Found> {
    const open: Open[] = [];
    const wholes: { readonly start: string; readonly whole: TypedWhole }[] = [];
    for (const line of lines) {
      if (this.repository.context.interrupted()) throw new Interrupted();
      const directory = directoryOfLine(line, this.withWords);
      const start = startOf(directory.path);
      while (open.length > 0 && !start.startsWith(open.at(-1)!.start)) yield* open.pop()!.waiting.reverse();
      // Of the directories around this one only what comes before it.
      const above = open.at(-1)?.waiting ?? [];
      while (above.length > 0 && compareBytes(above.at(-1)!.path, start) < 0) yield above.pop()!;
      while (wholes.length > 0 && !start.startsWith(wholes.at(-1)!.start)) wholes.pop();
      if (directory.entity !== undefined) {
        const written = directory.texts.find(({ about }) => about === '')?.written;
        wholes.push({ start, whole: this.wholeOf(directory.path, 'directory', directory.entity, written) });
      }
      const found = this.thingsIn(directory, wholes.at(-1)?.whole).filter((thing) => this.isFound(thing));
      if (found[0]?.kind === 'folder') yield this.told(found.shift()!);
      if (found.length === 0) continue;
      const waiting = found.sort((a, b) => compareBytes(b.path, a.path)).map((each) => this.told(each));
      open.push({ start, waiting });
    }
    while (open.length > 0) yield* open.pop()!.waiting.reverse();
  }

  /** The folder itself first, then what is in it. */
  private thingsIn(directory: KeptDirectory, around: TypedWhole | undefined): Thing[] {
    const { path, isRecorded, names, sizes, times, entities, texts } = directory;
    const written = this.writtenIn(directory);
    const typeHere = typeOf(this.types.folders, path);
    const things: Thing[] = [
      {
        path,
        kind: 'folder',
        type: around?.type ?? typeHere,
        written: written.get(''),
        whole: around,
        isRecorded,
      },
    ];
    const own = new Map(entities.map(([at, ...entity]) => [at, entity]));
    const add = (name: string, at: number): void => {
      const filePath = childOf(path, name as Name);
      const text = written.size === 0 ? undefined : written.get(name);
      const entity = own.get(at);
      const whole = entity === undefined ? around : this.wholeOf(filePath, 'file', entity, text);
      const isFile = at !== -1 && !isLinkSize(sizes[at]!);
      things.push({
        path: filePath,
        kind: at === -1 || isFile ? 'file' : 'link',
        ...(isFile && { size: sizes[at]!, time: times[at]! }),
        type: whole?.type ?? typeHere,
        written: text,
        whole,
        isRecorded: at !== -1,
      });
    };
    const files = names === '' ? [] : names.split('/');
    files.forEach(add);
    if (texts.length > 0) {
      const recorded = new Set(files);
      for (const { about } of texts) if (about !== '' && !recorded.has(about)) add(about, -1);
    }
    return things;
  }

  private writtenIn({ texts, path }: KeptDirectory): ReadonlyMap<string, Written> {
    for (const each of texts) this.note(path, each);
    return new Map(texts.map(({ about, written }) => [about, written]));
  }

  private note(path: RepositoryPath, { about, written: { fields, wrong } }: KeptText): void {
    if (this.asked.size > this.seen.size) for (const field of fields) this.fields.add(field);
    if (wrong !== undefined)
      this.wrong.push(textNotRead(`${startOf(path)}${about}`, wrong.line, wrong.reason));
  }

  private wholeOf(
    path: RepositoryPath,
    kind: 'directory' | 'file',
    [id, type]: EntityOf,
    written: Written | undefined,
  ): TypedWhole {
    const { declared, folders } = this.types;
    let inPath: ReadonlyMap<string, string> | undefined;
    return {
      path,
      id,
      type,
      written,
      inPath: () => (inPath ??= fieldsInPath({ types: declared, folders }, path, { kind, type })),
    };
  }

  /** What is not recorded counts while it stands here. */
  private isFound(thing: Thing): boolean {
    if (!this.test(thing)) return false;
    const { path, isRecorded } = thing;
    if (isRecorded) return true;
    try {
      return statsAt(this.repository, path) !== undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return true;
    }
  }

  private told(thing: Thing): Found {
    const { path, kind, size, time, type, whole, isRecorded } = thing;
    const fields = new Map<string, readonly Scalar[]>();
    for (const field of this.asked) {
      const values = valuesOf(thing, field);
      if (values !== undefined) fields.set(field, values);
    }
    return {
      path,
      kind,
      ...(size !== undefined && { size, time: time! }),
      type,
      ...(whole !== undefined && { entity: whole.id }),
      isRecorded,
      fields,
    };
  }
}

function isOfPeople({ declared }: Types, field: string): boolean {
  const declarations = [...declared.values()].map(({ fields }) => fields.get(field));
  return [undefined, ...declarations].some((each) => refersToPeople(field, each));
}

/** Of somebody in a picture all names, each looked up once. */
function wordsFor({ declared }: Types, { names }: Pick<People, 'names'>): WordsOf {
  const found = new Map<string, readonly Scalar[]>();
  return (type, field, value) => {
    if (names.all.length === 0 || !refersToPeople(field, declared.get(type)?.fields.get(field)))
      return [value];
    const text = String(value);
    let words = found.get(text);
    if (words === undefined) found.set(text, (words = names.wordsFor(text)));
    return words;
  };
}

interface TypedWhole extends Whole {
  readonly type: string;
}
