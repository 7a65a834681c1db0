/** Histories of trees as real commits, for merges of two of them: texts are made of manifests here. */

import { digest } from '../../src/disk/blake3.ts';
import { MirrorAfter, MirrorBefore, TREE } from '../../src/flow/mirror-paths.ts';
import type { Move } from '../../src/model/commit.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { compareBytes, type Name } from '../../src/model/name.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../../src/model/path.ts';
import type { Commits } from '../../src/store/commits.ts';
import { recordedIds, textsAt } from '../../src/store/texts.ts';
import { parseManifest, writeManifest } from '../../src/text/manifest.ts';
import { FOLDER_SIDECAR, isCut, MANIFEST, mirrorNames, sidecarOf } from '../../src/text/mirror.ts';
import { writeStanza } from '../../src/text/patch-write.ts';
import { differences, fieldsOf, type Texts } from '../store/fixture.ts';

export interface WholeState {
  readonly manifests: ReadonlyMap<RepositoryPath, Manifest>;
  /** What is written about a thing; a folder's path ends in '/', the root's is '/'. */
  readonly sidecars?: ReadonlyMap<string, string>;
  /** Texts that are not of the tree. */
  readonly others?: ReadonlyMap<string, string>;
}

/** The texts of `index/`. */
export function textsOf({ manifests, sidecars, others }: WholeState): Texts {
  const added = new Map<RepositoryPath, Name[]>();
  for (const path of manifests.keys()) {
    if (path === ROOT) continue;
    added.set(parentOf(path), [...(added.get(parentOf(path)) ?? []), nameOf(path)]);
  }
  const none = { hasDirectory: () => false, directoriesIn: () => [], cutNamesIn: () => new Map() };
  const mirror = new MirrorAfter(new MirrorBefore(none), added, new Map());
  const texts = new Map(others ?? []);
  for (const [path, manifest] of manifests) {
    const cut = [...mirror.namesIn(path)].filter(([name, each]) => isCut(each, name, digest));
    const listed = cut.map(([name, each]) => [each, name] as const).sort(([a], [b]) => compareBytes(a, b));
    const { directories: _old, ...rest } = manifest;
    const whole = cut.length === 0 ? rest : { ...rest, directories: new Map(listed) };
    texts.set(`${mirror.of(path)}/${MANIFEST}`, writeManifest(whole));
    const about = sidecars?.get(`${path}/`);
    if (about !== undefined) texts.set(`${mirror.of(path)}/${FOLDER_SIDECAR}`, about);
    for (const [name, each] of mirrorNames(manifest.files.keys(), digest)) {
      const written = sidecars?.get(path === ROOT ? name : `${path}/${name}`);
      if (written !== undefined) texts.set(`${mirror.of(path)}/${sidecarOf(each)}`, written);
    }
  }
  return texts;
}

export interface CommitLetter {
  readonly parents: readonly CommitId[];
  readonly moved?: readonly Move[];
  readonly repository?: string;
  readonly date?: string;
}

/** A commit of these texts on top of its first parent. */
export function commitTexts(commits: Commits, after: Texts, letter: CommitLetter): CommitId {
  const [parent] = letter.parents;
  const before = parent === undefined ? new Map<string, string>() : allTexts(commits, parent);
  const writer = commits.beginCommit();
  for (const change of differences(before, after)) writer.write(writeStanza(change, digest));
  const moved = [...(letter.moved ?? [])].sort((a, b) => compareBytes(a.to, b.to));
  const fields = fieldsOf(after, { parents: letter.parents, ...(letter.date && { date: letter.date }) });
  return writer.finish({ ...fields, moved, repository: letter.repository ?? 'laptop' });
}

export function allTexts(commits: Commits, id: CommitId): Texts {
  const paths = new Set(recordedIds(commits, id).keys());
  const found = [...textsAt(commits, id, paths)].filter(
    (each): each is [string, string] => each[1] !== undefined,
  );
  return new Map(found.sort(([a], [b]) => compareBytes(a, b)));
}

/** The manifests among texts; names that are cut are not looked for. */
export function manifestsOfTexts(texts: Texts): Map<string, Manifest> {
  const found = new Map<string, Manifest>();
  for (const [path, text] of texts)
    if (path.startsWith(`${TREE}/`) && path.endsWith(`/${MANIFEST}`))
      found.set(path.slice(0, -MANIFEST.length - 1), parseManifest(text));
  return found;
}
