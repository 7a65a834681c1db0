/** Takes paths out of the index; no file is touched, here or anywhere else. */

import { basename, dirname, join } from 'node:path/posix';
import type { TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import type { Manifest } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import type { Name } from '../model/name.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { refuse } from '../model/problem.ts';
import { digest } from '../disk/blake3.ts';
import { buildRules } from '../scan/ignore.ts';
import { MANIFEST, mirrorNames, sidecarOf } from '../text/mirror.ts';
import { parseManifest, writeManifest } from '../text/manifest.ts';
import { readConfig } from './config.ts';
import { Draft, type ChangedIds } from './draft.ts';
import { displacedSidecars, displacedTexts } from './displaced.ts';
import { sortEdits } from './edits.ts';
import { exclusively } from './exclusively.ts';
import { lookAtTexts, type IndexTexts } from './index-texts.ts';
import { MirrorAfter, MirrorBefore } from './mirror-paths.ts';
import { noteOperation } from './note-operation.ts';
import { statsAt, type Repository } from './repository.ts';
import { sayOfItself } from './say-of-itself.ts';
import { sourcesFor } from './why.ts';

export interface ForgetOptions {
  readonly paths: readonly RepositoryPath[];
  readonly message: string;
  readonly dryRun: boolean;
}

export interface Forgotten {
  /** undefined for a dry run. */
  readonly commit: CommitId | undefined;
  readonly files: number;
  readonly directories: number;
  readonly problems: readonly Problem[];
}

/**
 * One commit that takes these paths out and says so in `forgotten:`.
 *
 * Refuses ('failed') what is not recorded, and ('safety') what no ignore rule keeps out: the next commit would
 * record it again.
 */
export async function forget(
  repository: Repository,
  { paths, message, dryRun }: ForgetOptions,
): Promise<Forgotten> {
  return exclusively(repository, 'forget', async ({ eyes, problems }) => {
    const head = repository.commits.readHead();
    const texts = await lookAtTexts(repository, head, eyes);
    const forgetting = new Forgetting(texts);
    // A folder before what is in it, which goes with it.
    for (const path of [...paths].sort(compareBytes)) {
      refuseUnlessIgnored(repository, path);
      forgetting.take(path);
    }
    const changes = forgetting.changes();
    const result = { files: forgetting.files, directories: forgetting.directories };
    const met = [...problems, ...(await sortEdits(texts)).problems];
    if (dryRun || changes.length === 0) return { ...result, commit: undefined, problems: met };
    const ids: ChangedIds = new Map();
    const draft = new Draft(repository, await readConfig(repository), texts, ids);
    try {
      for (const change of changes) draft.take(change);
      const summary = { added: 0, changed: 0, moved: 0, removed: 0, metadata: 0 };
      const forgotten = forgetting.names();
      const made = draft.finish({ command: 'forget', parent: head, summary, message, forgotten });
      noteOperation(repository, 'forget', head, made.id);
      await sayOfItself(repository, made.id);
      (await texts.after(made.id, ids)).save((action) => action());
      return { ...result, commit: made.id, problems: [...met, ...made.problems] };
    } catch (error) {
      draft.abandon();
      throw error;
    }
  });
}

function refuseUnlessIgnored(repository: Repository, path: RepositoryPath): void {
  const stats = statsAt(repository, path);
  if (stats === undefined) return;
  if (buildRules(sourcesFor(repository, path)).explain(path, stats.isDirectory()).ignored) return;
  refuse('safety', 'flow/not-ignored', `cannot forget '${path}': the next commit would record it again`, {
    hint: 'add a rule for it to .dbk/index/ignore first',
  });
}

/** Gathers what is taken out. */
class Forgetting {
  files = 0;
  directories = 0;
  private readonly texts: IndexTexts;
  private readonly mirror: MirrorBefore;
  private readonly forgotten = new Set<string>();
  private readonly removed = new Set<string>();
  private readonly edited = new Map<string, Manifest>();
  private readonly directoriesGone = new Map<RepositoryPath, Set<Name>>();
  /** Texts that stand elsewhere afterwards. */
  private readonly moved = new Map<string, string>();

  constructor(texts: IndexTexts) {
    this.texts = texts;
    this.mirror = new MirrorBefore({
      ...texts,
      cutNamesIn: (path) => this.manifestOf(path)?.directories ?? new Map(),
    });
  }

  take(path: RepositoryPath): void {
    for (const forgotten of this.forgotten) {
      if (forgotten === path || (forgotten.endsWith('/') && `${path}/`.startsWith(forgotten))) return;
    }
    const directory = this.mirror.of(path);
    if (directory !== undefined) this.takeDirectory(path, directory);
    else this.takeFile(path);
  }

  /** The paths as a commit writes them. */
  names(): RepositoryPath[] {
    return [...this.forgotten].sort(compareBytes) as RepositoryPath[];
  }

  changes(): TextChange[] {
    this.displace();
    const changes: TextChange[] = [];
    for (const path of [...this.removed, ...this.moved.keys()])
      changes.push({ path, before: this.texts.recordedText(path), after: undefined });
    for (const path of new Set([...this.edited.keys(), ...this.moved.keys()])) {
      const manifest = this.edited.get(path);
      const after = manifest === undefined ? this.texts.recordedText(path) : writeManifest(manifest);
      const to = this.moved.get(path) ?? path;
      if (!this.removed.has(path)) changes.push({ path: to, before: this.texts.recordedText(to), after });
    }
    return changes.sort((a, b) => compareBytes(a.path, b.path));
  }

  /** What goes may have kept something of the same fold from its plain name. */
  private displace(): void {
    const move = (from: string, to: string): void => {
      if (!this.removed.has(from) && this.texts.recordedId(from) !== undefined) this.moved.set(from, to);
    };
    for (const [path, manifest] of this.edited) {
      const directory = path.slice(0, -MANIFEST.length);
      const before = parseManifest(this.texts.recordedText(path)!);
      for (const [from, to] of displacedSidecars(before.files.keys(), manifest.files.keys())) {
        move(directory + from, directory + to);
      }
    }
    const after = new MirrorAfter(this.mirror, new Map(), this.directoriesGone);
    for (const [from, to] of displacedTexts(this.texts, this.mirror, after)) {
      const name = basename(this.moved.get(from) ?? to);
      move(from, join(dirname(to), name));
    }
  }

  private takeDirectory(path: RepositoryPath, directory: string): void {
    this.forgotten.add(`${path}/`);
    const siblings = this.directoriesGone.get(parentOf(path)) ?? new Set();
    if (path !== '') this.directoriesGone.set(parentOf(path), siblings.add(nameOf(path)));
    const rules = `ignore.d${directory.slice('tree'.length)}/`;
    for (const { path: text } of this.texts.recorded()) {
      if (!text.startsWith(`${directory}/`) && !text.startsWith(rules)) continue;
      if (this.removed.has(text)) continue;
      this.removed.add(text);
      if (!text.endsWith(`/${MANIFEST}`)) continue;
      this.directories++;
      this.files += parseManifest(this.texts.recordedText(text)!).files.size;
    }
    this.dropCutName(path, directory);
  }

  private dropCutName(path: RepositoryPath, directory: string): void {
    const above = this.manifestOf(parentOf(path));
    const mirror = directory.slice(directory.lastIndexOf('/') + 1);
    if (path === '' || above?.directories?.has(mirror) !== true) return;
    const left = new Map([...above.directories].filter(([name]) => name !== mirror));
    const { directories: _old, ...rest } = above;
    this.edit(parentOf(path), left.size === 0 ? rest : { ...rest, directories: left });
  }

  private takeFile(path: RepositoryPath): void {
    const manifest = this.manifestOf(parentOf(path));
    const at = this.mirror.of(parentOf(path));
    if (manifest?.files.has(nameOf(path)) !== true || at === undefined) {
      refuse('failed', 'flow/not-recorded', `'${path}' is not recorded`, {
        hint: 'see what is with: dbk ls',
      });
    }
    const sidecar = `${at}/${sidecarOf(mirrorNames(manifest.files.keys(), digest).get(nameOf(path))!)}`;
    if (this.texts.recordedId(sidecar) !== undefined) this.removed.add(sidecar);
    const files = new Map(manifest.files);
    files.delete(nameOf(path));
    this.edit(parentOf(path), { ...manifest, files });
    this.forgotten.add(path);
    this.files++;
  }

  private edit(directory: RepositoryPath, manifest: Manifest): void {
    this.edited.set(`${this.mirror.of(directory)!}/${MANIFEST}`, manifest);
  }

  private manifestOf(path: RepositoryPath): Manifest | undefined {
    const at = this.mirror.of(path);
    if (at === undefined) return undefined;
    const text = `${at}/${MANIFEST}`;
    const edited = this.edited.get(text);
    if (edited !== undefined) return edited;
    const recorded = this.texts.recordedText(text);
    return recorded === undefined ? undefined : parseManifest(recorded);
  }
}
