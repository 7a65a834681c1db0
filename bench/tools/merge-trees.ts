/** A program for the benchmark of merging: merges two sides of a large tree, and writes what that took. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { movesBetween } from '../../src/flow/moves-between.ts';
import type { Side, State } from '../../src/merge/state.ts';
import { mergeTrees } from '../../src/merge/tree.ts';
import type { DirectoryChange } from '../../src/model/change.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Entry, Manifest } from '../../src/model/manifest.ts';
import { compareBytes, type Name } from '../../src/model/name.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../../src/model/path.ts';
import { contentOf, fileAt, FILES_A_FOLDER, folderPath, stepsOf, type Step } from './merge-plan.ts';

const TIME = '2026-01-01T00:00:00Z' as Instant;

function entryOf(content: string): Entry {
  return { kind: 'file', blake3: content as ContentId, size: content.length, mtime: TIME, mode: 0o644 };
}

/** Manifests come to be when they are asked for, as they are read from texts. */
function baseOf(files: number): State {
  const folders = Math.ceil(files / FILES_A_FOLDER);
  const numbers = new Map(Array.from({ length: folders }, (_, i) => [folderPath(i), i]));
  const above = new Set([...numbers.keys()].map((path) => parentOf(path as RepositoryPath)));
  const made = new Map<string, Manifest>();
  const manifest = (path: RepositoryPath): Manifest | undefined => {
    const number = numbers.get(path);
    if (number === undefined)
      return path === ROOT || above.has(path) ? { mode: 0o755, files: new Map() } : undefined;
    let known = made.get(path);
    if (known === undefined) {
      const first = number * FILES_A_FOLDER;
      const length = Math.min(FILES_A_FOLDER, files - first);
      const entries = Array.from({ length }, (_, i): [Name, Entry] => [
        nameOf(fileAt(first + i) as RepositoryPath),
        entryOf(contentOf(first + i)),
      ]);
      made.set(path, (known = { mode: 0o755, files: new Map(entries) }));
    }
    return known;
  };
  const folderNames = (path: RepositoryPath): Name[] =>
    [...numbers.keys(), ...above]
      .filter((each) => each !== ROOT && parentOf(each as RepositoryPath) === path)
      .map((each) => nameOf(each as RepositoryPath));
  return { manifest, folders: folderNames };
}

/** A side as its texts tell it: the directories that differ, and the moves that follow from them. */
function sideOf(base: State, steps: readonly Step[]): Side {
  const changed = new Map<RepositoryPath, Map<Name, Entry>>();
  const filesIn = (path: RepositoryPath): Map<Name, Entry> => {
    let files = changed.get(path);
    if (files === undefined) changed.set(path, (files = new Map(base.manifest(path)?.files)));
    return files;
  };
  for (const { path, content } of steps) {
    const [folder, name] = [parentOf(path as RepositoryPath), nameOf(path as RepositoryPath)];
    if (content === undefined) filesIn(folder).delete(name);
    else filesIn(folder).set(name, entryOf(content));
  }
  const manifests = new Map<RepositoryPath, Manifest | undefined>();
  for (const [path, files] of changed)
    manifests.set(path, files.size === 0 ? undefined : { mode: 0o755, files });
  const changes = [...manifests]
    .map(([path, after]): DirectoryChange => ({ path, before: base.manifest(path), after }))
    .sort((a, b) => compareBytes(a.path, b.path));
  return {
    after: { ...base, manifest: (path) => (manifests.has(path) ? manifests.get(path) : base.manifest(path)) },
    changes,
    moves: movesBetween(undefined as never, undefined, undefined, changes),
    isEdited: () => false,
  };
}

const [folder = '', count = ''] = process.argv.slice(2);
const files = Number(count);
await loadBlake3();
const base = baseOf(files);
(globalThis as { gc?: () => void }).gc?.();
const held = process.memoryUsage.rss();
const start = process.hrtime.bigint();
const question = {
  base,
  ours: sideOf(base, stepsOf('ours', files)),
  theirs: sideOf(base, stepsOf('theirs', files)),
  wholeTypes: new Set<string>(),
};
const { landed, conflicts } = mergeTrees(question, digest);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const bytes = process.resourceUsage().maxRSS * 1024 - held;
const found = { landed: landed.length, conflicts: conflicts.length, seconds, bytes };
writeFileSync(join(folder, 'found'), JSON.stringify(found));
