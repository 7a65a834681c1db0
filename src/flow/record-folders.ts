/** Records folders that no commit has, without what is in them: what begins or comes below needs them in the index. */

import { componentsOf, childOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { IndexEdit } from './index-edit.ts';
import type { Look } from './look.ts';

/** A folder that is here and those above it, as far as they are not recorded. */
export function recordFolders(seen: Look, edit: IndexEdit, path: RepositoryPath): void {
  let at = ROOT;
  record(seen, edit, at);
  for (const name of componentsOf(path)) {
    at = childOf(at, name);
    record(seen, edit, at);
  }
}

function record(seen: Look, edit: IndexEdit, path: RepositoryPath): void {
  if (edit.manifest(path) !== undefined) return;
  const directory = seen.dirty.find((each) => each.path === path);
  if (directory === undefined) throw new Error(`'${path}' was not seen`);
  const { files: _files, ...itself } = seen.describe(directory).present;
  edit.edit(path, { ...itself, files: new Map() });
}
