/** What is known of paths: the fields that people wrote, what plugins read, and prose. */

import { compareBytes } from '../model/name.ts';
import { ROOT, type RepositoryPath } from '../model/path.ts';
import { Interrupted, Refusal, type Problem } from '../model/problem.ts';
import { namesIn } from '../store/directories.ts';
import { isConflict } from '../text/field-conflict.ts';
import { effectiveFields, type Sidecar } from '../text/sidecar.ts';
import { textsOf } from '../text/vcard-values.ts';
import type { DeclaredFor } from './declared-for.ts';
import { besideOthers } from './exclusively.ts';
import { TREE } from './mirror-paths.ts';
import { refersToPeople } from './people-names.ts';
import type { Repository } from './repository.ts';
import { sidecarPlace, subjectOf } from './sidecar-of.ts';
import { Sidecars } from './sidecars.ts';

export { isConflict, type FieldValue } from '../text/field-conflict.ts';

export interface Metadata {
  readonly path: RepositoryPath;
  readonly kind: 'file' | 'folder';
  /** undefined where nothing is written about the path. */
  readonly sidecar: Sidecar | undefined;
  /** By field, who is meant: what stands there, and the name. */
  readonly people: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface ReadFieldsRequest {
  /** undefined: every sidecar at or below `below`. */
  readonly paths: readonly RepositoryPath[] | undefined;
  readonly below: RepositoryPath;
  /** Told in the order of the paths given, else of the texts; false: enough. */
  readonly report: (metadata: Metadata) => boolean;
}

/** A text that cannot be read is a problem, and the others go on. */
export async function readFields(
  repository: Repository,
  { paths, below, report }: ReadFieldsRequest,
): Promise<readonly Problem[]> {
  return besideOthers(repository, 'meta get', async ({ eyes, problems }) => {
    const sidecars = new Sidecars(repository, eyes);
    const met: Problem[] = [...problems];
    const tell = async (make: () => Promise<Metadata | undefined>): Promise<boolean> => {
      if (repository.context.interrupted()) throw new Interrupted();
      try {
        const metadata = await make();
        return metadata === undefined || report(metadata);
      } catch (error) {
        if (!(error instanceof Refusal) || error.kind !== 'failed') throw error;
        met.push(error.problem);
        return true;
      }
    };
    if (paths !== undefined) {
      for (const path of paths) if (!(await tell(() => readOne(sidecars, path)))) break;
    } else {
      for (const text of textsBelow(repository, sidecars, below))
        if (!(await tell(() => readText(sidecars, text)))) break;
    }
    return met;
  });
}

async function readOne(sidecars: Sidecars, path: RepositoryPath): Promise<Metadata> {
  const at = await sidecars.at(path);
  const kind = at.about.kind === 'file' || isFileText(at.text) ? 'file' : 'folder';
  const sidecar = (await sidecars.read(at))?.sidecar;
  return { path, kind, sidecar, people: await meantIn(sidecars, sidecar, () => at.about) };
}

async function readText(sidecars: Sidecars, text: string): Promise<Metadata | undefined> {
  const subject = subjectOf(sidecars.index, text);
  if (subject === undefined || subject.kind === 'person') return undefined;
  const sidecar = (await sidecars.read({ text }))?.sidecar;
  const about = (): Promise<DeclaredFor> => sidecars.declaredFor(subject.path, subject.kind);
  return { ...subject, sidecar, people: await meantIn(sidecars, sidecar, about) };
}

/** Whom the fields of a sidecar mean; what nobody here is, or several are, is left out. */
async function meantIn(
  sidecars: Sidecars,
  sidecar: Sidecar | undefined,
  about: () => DeclaredFor | Promise<DeclaredFor>,
): Promise<Metadata['people']> {
  const meant = new Map<string, ReadonlyMap<string, string>>();
  const { names } = await sidecars.people();
  if (sidecar === undefined || names.all.length === 0) return meant;
  const { declared } = await about();
  for (const [key, value] of effectiveFields(sidecar)) {
    if (isConflict(value) || !refersToPeople(key, declared?.fields.get(key))) continue;
    const found = textsOf(value).map((text) => [text, names.meant(text)?.name] as const);
    const known = found.filter((each): each is readonly [string, string] => each[1] !== undefined);
    if (known.length > 0) meant.set(key, new Map(known));
  }
  return meant;
}

function isFileText(text: string): boolean {
  return !text.endsWith('/$.metadata');
}

/** The sidecars in `index/` at or below a folder, recorded or not, by bytes; the folder's own first. */
function* textsBelow(repository: Repository, { index }: Sidecars, below: RepositoryPath): Generator<string> {
  const place = below === ROOT ? TREE : sidecarPlace(index, below, 'folder')!.text;
  const waiting = [below === ROOT ? TREE : place.slice(0, place.lastIndexOf('/'))];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const names = namesIn(repository.context.disk, `${repository.layout.index}/${at}`).sort(compareBytes);
    const folders: string[] = [];
    for (const name of names) {
      // No mirror name begins with '$'.
      if (/^\$.*\.metadata$/s.test(name)) yield `${at}/${name}`;
      else if (!name.startsWith('$') && name !== 'manifest.yaml') folders.push(`${at}/${name}`);
    }
    waiting.push(...folders.reverse());
  }
}
