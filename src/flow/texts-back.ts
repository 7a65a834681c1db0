/** What was written about files and folders comes back with them, as edits that the next commit records. */

import { dirname, join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { CommitId } from '../model/id.ts';
import type { Name } from '../model/name.ts';
import { childOf, isName, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import { makeDirectories, namesIn } from '../store/directories.ts';
import { replaceFile } from '../store/files.ts';
import { idsAt, recordedIds, textsAt } from '../store/texts.ts';
import type { Action } from '../sync/plan.ts';
import { mirrorNames, sidecarOf } from '../text/mirror.ts';
import { manifestsIn, MirrorReader } from './changes-of-texts.ts';
import { indexOnDisk, type IndexOnDisk } from './index-on-disk.ts';
import { absolute, statsAt, type Repository } from './repository.ts';
import { sidecarPlace } from './sidecar-of.ts';
import { aboutText } from './told-text.ts';

/** Where what came is recorded, and in which commit. */
export interface Origin {
  readonly path: RepositoryPath;
  readonly commit: CommitId;
}

export interface TextsBack {
  /** The paths about which something is written again. */
  readonly paths: readonly RepositoryPath[];
  readonly problems: readonly Problem[];
}

/**
 * To be called with the lock held, when the files stand there again; of a dry run, nothing is written.
 *
 * Only of what came where nothing stood, and where neither `index/` nor head has a text already: what is missing
 * only has kept its own.
 */
export function bringTextsBack(
  repository: Repository,
  actions: readonly Action[],
  originOf: (path: RepositoryPath) => Origin | undefined,
  dryRun: boolean,
): TextsBack {
  const byCommit = new Map<CommitId, Map<RepositoryPath, Action[]>>();
  for (const action of actions) {
    const origin = action.before.kind === 'absent' ? originOf(action.path) : undefined;
    if (origin === undefined || action.after.kind === 'nothing') continue;
    const asked = byCommit.get(origin.commit) ?? new Map<RepositoryPath, Action[]>();
    asked.set(origin.path, [...(asked.get(origin.path) ?? []), action]);
    byCommit.set(origin.commit, asked);
  }
  const places = new Places(repository);
  const problems: Problem[] = [];
  const wanted: { readonly path: RepositoryPath; readonly place: string; readonly text: string }[] = [];
  for (const [commit, asked] of byCommit) {
    for (const { text, of } of textsAbout(repository, commit, asked)) {
      for (const { path, after } of of) {
        try {
          wanted.push({ path, text, place: places.of(path, after.kind === 'directory' ? 'folder' : 'file') });
        } catch (error) {
          if (!(error instanceof Refusal) || error.kind !== 'failed') throw error;
          problems.push(error.problem);
        }
      }
    }
  }
  const { commits, context, layout } = repository;
  const recorded = idsAt(
    commits,
    commits.readHead(),
    wanted.map(({ place }) => place),
  );
  const paths: RepositoryPath[] = [];
  for (const { path, place, text } of wanted) {
    const file = join(layout.index, place);
    if (recorded.get(place) !== undefined || context.disk.lstat(file) !== undefined) continue;
    if (!dryRun) {
      makeDirectories(context.disk, dirname(file));
      replaceFile(context.disk, file, text);
    }
    paths.push(path);
  }
  return { paths, problems };
}

/** The sidecars of some paths in a commit, each with what they are asked for. */
function* textsAbout(
  { commits }: Repository,
  commit: CommitId,
  asked: ReadonlyMap<RepositoryPath, readonly Action[]>,
): Generator<{ readonly text: string; readonly of: readonly Action[] }> {
  const reader = new MirrorReader(manifestsIn(commits, [commit]));
  const found = new Map<string, readonly Action[]>();
  for (const text of recordedIds(commits, commit).keys()) {
    const about = text.endsWith('.metadata') ? aboutText(text, reader) : undefined;
    const of = about && asked.get(about.path)?.filter(({ after }) => isOf(after.kind, about.kind));
    if (of !== undefined && of.length > 0) found.set(text, of);
  }
  if (found.size === 0) return;
  for (const [path, text] of textsAt(commits, commit, new Set(found.keys())))
    if (text !== undefined) yield { text, of: found.get(path)! };
}

function isOf(kind: Action['after']['kind'], about: 'file' | 'directory'): boolean {
  return (kind === 'directory') === (about === 'directory');
}

/** Where sidecars are to stand; each directory is looked at once. */
class Places {
  private readonly repository: Repository;
  private readonly index: IndexOnDisk;
  private readonly folders = new Map<RepositoryPath, string>();
  private readonly names = new Map<RepositoryPath, ReadonlyMap<Name, string>>();

  constructor(repository: Repository) {
    this.repository = repository;
    this.index = indexOnDisk(repository);
  }

  of(path: RepositoryPath, kind: 'file' | 'folder'): string {
    if (kind === 'folder') return this.ofFolder(path);
    const directory = parentOf(path);
    const mirror = this.namesIn(directory).get(nameOf(path));
    // Beside names that fold alike it has to be looked at closely.
    if (mirror === undefined || mirror.includes('%~')) return sidecarPlace(this.index, path, 'file')!.text;
    return `${dirname(this.ofFolder(directory))}/${sidecarOf(mirror)}`;
  }

  private ofFolder(path: RepositoryPath): string {
    let place = this.folders.get(path);
    if (place === undefined) this.folders.set(path, (place = sidecarPlace(this.index, path, 'folder')!.text));
    return place;
  }

  private namesIn(directory: RepositoryPath): ReadonlyMap<Name, string> {
    let names = this.names.get(directory);
    if (names === undefined) {
      const recorded = this.index.recordedManifest(directory)?.files.keys() ?? [];
      const here = this.here(directory).filter((name) => this.isFile(childOf(directory, name)));
      this.names.set(directory, (names = mirrorNames(new Set([...recorded, ...here]), digest)));
    }
    return names;
  }

  private here(directory: RepositoryPath): Name[] {
    const place = absolute(this.repository, directory);
    const isThere = statsAt(this.repository, directory)?.isDirectory() === true;
    return isThere ? namesIn(this.repository.context.disk, place).filter(isName) : [];
  }

  private isFile(path: RepositoryPath): boolean {
    return statsAt(this.repository, path)?.isDirectory() === false;
  }
}
