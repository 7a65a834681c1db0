/** Makes the folder of a new entity where its type has one, with an id and a sidecar to fill in. */

import type { CommitId } from '../model/id.ts';
import { USUAL_FOLDER_MODE, type EntityReference } from '../model/manifest.ts';
import { childOf, componentsOf, isWithin, parsePath, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import { beginnings } from '../plugin/boundaries.ts';
import { buildRules } from '../scan/ignore.ts';
import { applyPlan, type Applied } from '../sync/apply.ts';
import { planChanges, type Wanted } from '../sync/plan.ts';
import { isOwnName, modeOf, placeIn } from '../sync/stand.ts';
import { FOLDER_SIDECAR } from '../text/mirror.ts';
import { escapePath, isComponent } from '../text/names.ts';
import { newEntityId, type Entities } from './entities.ts';
import { commitEntities } from './entity-commit.ts';
import * as say from './entity-problems.ts';
import {
  declare,
  lookForEntities,
  refuseOccupied,
  type EntityOptions,
  type EntityWork,
} from './entity-work.ts';
import { exclusively } from './exclusively.ts';
import { guardOf } from './guard.ts';
import { NOTHING_TO_WRITE, stands } from './mv.ts';
import { operationDate } from './note-operation.ts';
import { recordFolders } from './record-folders.ts';
import type { Repository } from './repository.ts';
import { handsFor } from './restore.ts';
import { freshSidecar } from './sidecar-fresh.ts';
import type { Types } from './types.ts';
import { sourcesFor } from './why.ts';

export interface NewFolderOptions extends EntityOptions {
  readonly type: string;
  /** A path below the folder of the type, or one that begins with that folder. */
  readonly name: string;
}

export interface NewFolder {
  readonly commit: CommitId | undefined;
  readonly path: RepositoryPath;
  readonly entity: EntityReference;
  /** Below `index/`: the sidecar to fill in. */
  readonly sidecar: string;
  readonly problems: readonly Problem[];
}

/** Refuses ('usage') a name that fits no boundary of the type, and ('failed') where something stands already. */
export async function newFolder(repository: Repository, options: NewFolderOptions): Promise<NewFolder> {
  return exclusively(repository, 'new', async (exclusive) => {
    const before = await lookForEntities(repository, exclusive);
    const { path, values } = placeFor(before, options);
    refuseStanding(repository, path, options.type);
    const entity = { id: newEntityId(repository.context), type: options.type };
    // A text that is in the way stays; nothing of it is recorded.
    if (options.dryRun) {
      const sidecar = `${before.edit.after.of(path)}/${FOLDER_SIDECAR}`;
      return { commit: undefined, path, entity, sidecar, problems: before.problems };
    }
    const made = await makeFolders(repository, path);
    const work = await lookForEntities(repository, exclusive);
    const { seen, edit, entities } = work;
    recordFolders(seen, edit, path);
    edit.edit(path, { ...edit.manifest(path)!, entity });
    const sidecar = `${edit.after.of(path)}/${FOLDER_SIDECAR}`;
    const isFree = seen.texts.currentBytes(sidecar) === undefined;
    if (isFree) edit.write(sidecar, sidecarFor(work.types, options.type, path, values));
    const metadata = declare(work, options.type) + (isFree ? 1 : 0);
    const { commit, problems } = await commitEntities(seen, {
      command: 'new',
      message: options.message ?? `New in ${options.type}: '${escapePath(path)}'`,
      edit,
      before: entities,
      summary: { metadata },
      done: { operation: made.operation!, steps: made.steps },
    });
    return { commit, path, entity, sidecar, problems: [...work.problems, ...problems] };
  });
}

function sidecarFor(
  types: Types,
  type: string,
  path: RepositoryPath,
  values: ReadonlyMap<string, string>,
): string {
  const { fields } = types.declared.get(type)!;
  return freshSidecar({ of: 'entity', fields }, { path, kind: 'entity' }, values);
}

interface Place {
  readonly path: RepositoryPath;
  /** Fields that stand in the path. */
  readonly values: ReadonlyMap<string, string>;
}

function placeFor(work: EntityWork, { type, name }: NewFolderOptions): Place {
  const { types, entities } = work;
  declare(work, type);
  const tops = [...types.folders].filter(([, of]) => of === type).map(([folder]) => folder);
  const below = parsePath(name);
  if (below === undefined || below === ROOT || !componentsOf(below).every(isComponent))
    return say.nameOfNone(name);
  const own = tops.find((top) => top !== ROOT && isWithin(below, top) && below !== top);
  const top = own ?? tops[0];
  if (top === undefined) return say.shapeOfNone(below, type, []);
  const path = own === undefined ? within(top, below) : below;
  refuseOccupied(entities, path);
  const declared = types.declared.get(type)!;
  const values =
    valuesOf(types, entities, path) ?? (hasMarkers(declared) ? new Map<string, string>() : undefined);
  if (values === undefined) return say.shapeOfNone(path, type, shapesOf(declared));
  return { path, values };
}

function within(top: RepositoryPath, below: RepositoryPath): RepositoryPath {
  return (top === ROOT ? below : `${top}/${below}`) as RepositoryPath;
}

/** What the boundaries say of a folder at a path; undefined where none is there. */
function valuesOf(
  types: Types,
  entities: Entities,
  path: RepositoryPath,
): ReadonlyMap<string, string> | undefined {
  const [begun] = beginnings({
    types: types.declared,
    folders: types.folders,
    existing: entities.keys(),
    directories: [{ path, files: new Set() }],
  });
  return begun?.fields;
}

/** What is an entity by what it holds can be anywhere. */
function hasMarkers({ boundaries }: TypeDeclaration): boolean {
  return boundaries.some(({ kind }) => kind === 'marker');
}

function shapesOf({ boundaries }: TypeDeclaration): string[] {
  return boundaries.flatMap((boundary) =>
    boundary.kind === 'at' && boundary.at.endsWith('/') ? [`'${boundary.at.slice(0, -1)}'`] : [],
  );
}

function refuseStanding(repository: Repository, path: RepositoryPath, type: string): void {
  if (isOwnName(path)) say.notMade(path, `that name is dbk's own`);
  const standing = stands(repository, path);
  if (standing.kind === 'behind') say.notMade(path, `'${standing.above}' is no folder`);
  if (standing.kind !== 'absent') say.standsAlready(path, standing.kind === 'directory', type);
  if (buildRules(sourcesFor(repository, path)).explain(path, true).ignored) say.isIgnored(path);
}

/** The folder and those above it that are not here, with the permissions of the folder they come into. */
async function makeFolders(repository: Repository, path: RepositoryPath): Promise<Applied> {
  const { disk } = repository.context;
  const wanted = new Map<RepositoryPath, Wanted>();
  let mode = USUAL_FOLDER_MODE;
  let at = ROOT;
  for (const name of ['', ...componentsOf(path)]) {
    at = name === '' ? ROOT : childOf(at, name as never);
    const stats = disk.lstatExact(placeIn(repository.root, at));
    if (stats === undefined) wanted.set(at, { kind: 'directory', mode });
    else mode = (modeOf(stats) & INHERITED) | OWNERS;
  }
  const plan = planChanges(wanted, (folder) => stands(repository, folder));
  const hands = await handsFor(repository, await guardOf(repository), NOTHING_TO_WRITE);
  const made = await applyPlan(hands, plan, { command: 'new', date: operationDate(repository), undoes: '' });
  const isMade = made.done.some((action) => action.path === path);
  const [problem] = [...made.problems, ...plan.problems];
  return isMade ? made : say.notMade(path, problem?.reason ?? 'something else came there');
}

/** Not the sticky bit, and never for everybody to write. */
const INHERITED = 0o2775;
const OWNERS = 0o700;
