/** Repositories with the types that come with dbk, and what their manifests say of entities. */

import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import type { TestContext } from 'node:test';
import { PLUGINS } from '../../plugins/index.ts';
import type { Entities } from '../../src/flow/entities.ts';
import { allEntities } from '../../src/flow/entities-listed.ts';
import { joinEntities } from '../../src/flow/join-entities.ts';
import { moveEntity } from '../../src/flow/move-entity.ts';
import { newEntity } from '../../src/flow/new-entity.ts';
import { newFolder } from '../../src/flow/new-folder.ts';
import { statsAt, type Repository } from '../../src/flow/repository.ts';
import { splitEntity } from '../../src/flow/split-entity.ts';
import { undo, type Undone } from '../../src/flow/undo.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { contextOf, newRepository, put } from './fixture.ts';

export function typed(t: TestContext): Promise<Repository> {
  return newRepository(t, { ...contextOf(), plugins: async () => PLUGINS });
}

/** Files of a person's; folders above them are made. */
export function write({ root }: Repository, files: Readonly<Record<string, string | null>>): void {
  put(root, files);
}

/** What the lines of manifests say with a key that names an entity: `path` to `id type`, read with nothing of dbk's. */
export function saidBy({ layout }: Repository, key: 'entity' | 'split' | 'joined'): Map<string, string> {
  const found = new Map<string, string>();
  const tree = join(layout.index, 'tree');
  const own = new RegExp(`^${key}: \\{id: (\\w+), type: ([\\w-]+)`);
  const file = new RegExp(`^ {2}"?([^":]+)"?: \\{.*${key}: \\{id: (\\w+), type: ([\\w-]+)`);
  for (const name of fs.readdirSync(tree, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('manifest.yaml')) continue;
    const directory = name === 'manifest.yaml' ? '' : name.slice(0, -'/manifest.yaml'.length);
    for (const line of fs.readFileSync(join(tree, name), 'utf8').split('\n')) {
      const itself = own.exec(line);
      if (itself !== null) found.set(directory, `${itself[1]} ${itself[2]}`);
      const inside = file.exec(line);
      if (inside !== null) found.set(`${directory}/${inside[1]}`, `${inside[2]} ${inside[3]}`);
    }
  }
  return found;
}

/** The same of the list that dbk keeps. */
export function listed(entities: Entities): Map<string, string> {
  return new Map([...entities].map(([path, { id, type }]) => [path, `${id} ${type}`]));
}

export async function idsOf(repository: Repository): Promise<Map<string, string>> {
  return new Map([...(await allEntities(repository))].map(([path, { id }]) => [path, id]));
}

/** The commands as a test says them. */
export function commandsOf(repository: Repository) {
  const target = (typed: string) => {
    const path = typed as RepositoryPath;
    return { typed, path, isThere: statsAt(repository, path) !== undefined };
  };
  return {
    make: (type: string, path: string, dryRun = false) =>
      newEntity(repository, { type, path: path as RepositoryPath, dryRun }),
    split: (what: string, dryRun = false) => splitEntity(repository, { target: target(what), dryRun }),
    join: (path: string, dryRun = false) =>
      joinEntities(repository, { path: path as RepositoryPath, dryRun }),
    move: (what: string, to: string, dryRun = false) =>
      moveEntity(repository, { target: target(what), to: to as RepositoryPath, dryRun }),
    begin: (type: string, name: string, dryRun = false) => newFolder(repository, { type, name, dryRun }),
    undo: (): Promise<Undone> => undo(repository, { dryRun: false }),
  };
}
