/** Brings what search keeps to what stands in `index/` now: only what changed is read. */

import { createHash } from 'node:crypto';
import { digest } from '../disk/blake3.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { compareBytes, type Name } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { Interrupted, Refusal } from '../model/problem.ts';
import { fileOfSidecar, FOLDER_SIDECAR, MANIFEST, nameAmong, nameOfMirror } from '../text/mirror.ts';
import { parseManifest } from '../text/manifest.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { LONGEST_SIDECAR, parseSidecar } from '../text/sidecar.ts';
import type { Manifest } from '../model/manifest.ts';
import { codeOf } from '../store/errors.ts';
import { readBytes } from '../store/files.ts';
import { MirrorReader } from './changes-of-texts.ts';
import {
  directoryOfLine,
  idsOfLine,
  keyOf,
  lineOf,
  NO_KEY,
  openFindCache,
  pathOfLine,
  type Facts,
  type FindCache,
  type Line,
} from './find-cache.ts';
import { directoryOf, writtenOf, writtenWrongly, type KeptText, type Written } from './find-record.ts';
import type { IndexTexts } from './index-texts.ts';
import { TREE } from './mirror-paths.ts';
import { recordedTexts } from './recorded-texts.ts';
import type { Repository } from './repository.ts';

export interface Gathered extends FindCache {
  /** Whether there is anything to keep. */
  readonly isNews: boolean;
}

/** The texts of one directory: of the manifest the id that is recorded, of the others that of what stands there. */
type TextsOf = Map<string, ContentId>;

export async function gather(
  repository: Repository,
  head: CommitId | undefined,
  texts: IndexTexts,
): Promise<Gathered> {
  const facts: Facts = { head: head ?? '', edited: hashOfEdited(texts) };
  const cache = openFindCache(repository);
  if (cache !== undefined && cache.facts.head === facts.head && cache.facts.edited === facts.edited)
    return { ...cache, isNews: false };
  const wanted = new Map<string, { readonly mirror: string; readonly texts: TextsOf }>();
  for (const [mirror, each] of directoriesNow(texts))
    wanted.set(keyOf(mirror, each), { mirror, texts: each });
  const lines: (readonly [start: string, line: Line])[] = [];
  const left: Line[] = [];
  for (const line of cache?.lines ?? []) {
    if (wanted.delete(line.key)) lines.push([startOf(pathOfLine(line)), line]);
    else left.push(line);
  }
  const reading = new Reading(repository, head, texts, writtenIn(left));
  for await (const made of reading.directories(wanted)) lines.push(made);
  lines.sort(([a], [b]) => compareBytes(a, b));
  const isWhole = lines.every(([, { key }]) => key !== NO_KEY);
  return {
    facts: isWhole ? facts : { ...facts, edited: '' },
    lines: lines.map(([, line]) => line),
    isNews: true,
  };
}

/** What the paths of all that is in a directory begin with. */
export function startOf(path: RepositoryPath): string {
  return path === '' ? '' : `${path}/`;
}

function hashOfEdited({ edited }: IndexTexts): string {
  const hash = createHash('sha256');
  for (const { path, recorded, current } of edited)
    hash.update(`${recorded ?? ''} ${current ?? ''} ${path}\n`);
  return hash.digest('hex');
}

/** The texts of each directory of `tree/`, by its mirror path. */
function directoriesNow(texts: IndexTexts): Map<string, TextsOf> {
  const directories = new Map<string, TextsOf>();
  const put = (path: string, id: ContentId | undefined): void => {
    const slash = path.lastIndexOf('/');
    const mirror = path.slice(0, slash);
    const name = path.slice(slash + 1);
    if (!`${mirror}/`.startsWith(`${TREE}/`) || !isOurs(name)) return;
    let own = directories.get(mirror);
    if (own === undefined) directories.set(mirror, (own = new Map<string, ContentId>()));
    if (id === undefined) own.delete(name);
    else own.set(name, id);
  };
  for (const { path, id } of texts.recorded()) put(path, id);
  // What only dbk writes counts as it is recorded.
  for (const { path, current } of texts.edited) if (!path.endsWith(`/${MANIFEST}`)) put(path, current);
  for (const [mirror, each] of directories) {
    if (each.size === 0) directories.delete(mirror);
    else directories.set(mirror, new Map([...each].sort(([a], [b]) => compareBytes(a, b))));
  }
  return directories;
}

function isOurs(name: string): boolean {
  return name === MANIFEST || name === FOLDER_SIDECAR || fileOfSidecar(name) !== undefined;
}

/** By the id of their texts: one that only moved is not read again. */
function writtenIn(lines: readonly Line[]): Map<string, Written> {
  const written = new Map<string, Written>();
  for (const line of lines) {
    const { texts } = directoryOfLine(line, true);
    idsOfLine(line).forEach((id, i) => written.set(id, texts[i]!.written));
  }
  return written;
}

class Reading {
  private readonly repository: Repository;
  private readonly head: CommitId | undefined;
  private readonly known: ReadonlyMap<string, Written>;
  private readonly reader: MirrorReader;

  constructor(
    repository: Repository,
    head: CommitId | undefined,
    texts: IndexTexts,
    known: ReadonlyMap<string, Written>,
  ) {
    this.repository = repository;
    this.head = head;
    this.known = known;
    this.reader = new MirrorReader((path) => [texts.recordedText(path)]);
  }

  async *directories(
    wanted: ReadonlyMap<string, { readonly mirror: string; readonly texts: TextsOf }>,
  ): AsyncGenerator<readonly [start: string, line: Line]> {
    const { progress, interrupted } = this.repository.context;
    const keys = new Map(Array.from(wanted, ([key, { mirror }]) => [mirror, key]));
    let files = 0;
    for (const [mirror, manifest] of this.manifests(wanted)) {
      const key = keys.get(mirror)!;
      const path = this.reader.directoryOf(mirror);
      const texts: KeptText[] = [];
      const ids: ContentId[] = [];
      let isWhole = true;
      for (const [text, id] of wanted.get(key)!.texts) {
        if (interrupted()) throw new Interrupted();
        if (text === MANIFEST) continue;
        progress.tell({ phase: 'Indexing', path, files: ++files, bytes: 0 });
        const about = aboutOf(text, manifest);
        if (about === undefined) continue;
        const written = this.known.get(id) ?? (await this.read(`${mirror}/${text}`, id));
        isWhole &&= written !== undefined;
        if (written === undefined) continue;
        texts.push({ about, written });
        ids.push(id);
      }
      yield [startOf(path), lineOf(isWhole ? key : NO_KEY, directoryOf(path, manifest, texts), ids)];
    }
  }

  /** The directories with their manifests, as recorded; those without one last. */
  private *manifests(
    wanted: ReadonlyMap<string, { readonly mirror: string; readonly texts: TextsOf }>,
  ): Generator<[mirror: string, manifest: Manifest | undefined]> {
    const ids = new Map<string, ContentId>();
    for (const { mirror, texts } of wanted.values()) {
      const id = texts.get(MANIFEST);
      if (id !== undefined) ids.set(`${mirror}/${MANIFEST}`, id);
    }
    if (this.head !== undefined)
      for (const [path, text] of recordedTexts(this.repository, this.head, ids, [...ids.keys()]))
        yield [path.slice(0, -MANIFEST.length - 1), parseManifest(text)];
    for (const { mirror, texts } of wanted.values()) if (!texts.has(MANIFEST)) yield [mirror, undefined];
  }

  /** undefined where it is not what was seen any more, or the disk refuses it. */
  private async read(path: string, id: ContentId): Promise<Written | undefined> {
    const { context, layout } = this.repository;
    const bytes = bytesOf(() => readBytes(context.disk, `${layout.index}/${path}`, LONGEST_SIDECAR));
    if (bytes === undefined || digest(bytes) !== id) return undefined;
    const text = Buffer.from(bytes).toString('utf8');
    try {
      return writtenOf(await parseByPeople(parseSidecar, text));
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      return writtenWrongly(text, error.problem.reason, error.problem.place?.line);
    }
  }
}

/** undefined where there is no file, or it cannot be read: whoever looks at edits says so. */
function bytesOf(read: () => Uint8Array | undefined): Uint8Array | undefined {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === undefined && !(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/** The file that a sidecar is about; '' for the folder, undefined where no name is mirrored so. */
function aboutOf(text: string, manifest: Manifest | undefined): Name | '' | undefined {
  if (text === FOLDER_SIDECAR) return '';
  const mirror = fileOfSidecar(text)!;
  return nameOfMirror(mirror, digest) ?? nameAmong(mirror, manifest?.files.keys() ?? [], digest);
}
