/** Does with a person's files what settling conflicts takes: first what comes, then what goes. */

import { join } from 'node:path/posix';
import type { RepositoryPath } from '../model/path.ts';
import { makeDirectories, removeTree } from '../store/directories.ts';
import { createFile, removeFile } from '../store/files.ts';
import { applyPlan, type Applied } from '../sync/apply.ts';
import type { Action, Plan, Wanted } from '../sync/plan.ts';
import type { Source, WantedFile } from '../sync/stage.ts';
import type { Deed } from './conflict-deeds.ts';
import type { Work } from './conflict-plan.ts';
import { guardOf } from './guard.ts';
import type { KnownContents } from './known-contents.ts';
import { operationDate } from './note-operation.ts';
import type { Repository } from './repository.ts';
import { handsFor } from './restore.ts';
import { Sources } from './sources.ts';

/** What has to be done with files for one conflict. */
export interface FileWork {
  readonly deed: Deed;
  readonly work: Work;
  /** The file that a deed of writing makes. */
  readonly text: Extract<Wanted, { kind: 'file' }> | undefined;
}

/** The paths at which what was planned was not done. */
export function leftOf({ actions }: Plan, { done }: Applied): ReadonlySet<RepositoryPath> {
  const paths = new Set(done.map(({ path }) => path));
  return new Set(actions.flatMap(({ path }) => (paths.has(path) ? [] : [path])));
}

/** Durable when it returns; what was done is one operation. */
export async function applyTogether(
  repository: Repository,
  items: readonly FileWork[],
  plan: Plan,
  known: KnownContents,
): Promise<Applied> {
  const guard = await guardOf(repository);
  const texts = new TextsAside(repository);
  try {
    for (const { deed, text } of items) if (deed.kind === 'write') texts.put(text!, deed.text);
    const origins = new Map(items.flatMap(({ deed }) => originsOf(deed)));
    const sources = new Sources(repository, guard, known, plan, origins);
    const of = function* (path: RepositoryPath, file: WantedFile): Generator<Source> {
      yield* texts.of(file);
      yield* sources.of(path, file);
    };
    const some = async (actions: Plan['actions'], moves: Plan['moves']): Promise<Applied> => {
      const hands = await handsFor(repository, guard, { of });
      // Where the commit does not come about, files were changed by hand.
      const name = { command: 'resolve', date: operationDate(repository), undoes: '' };
      return await applyPlan(hands, { ...plan, actions, moves }, name);
    };
    // What comes first: where that fails, nothing has gone for it. Folders for what moves come with that.
    const ofMoves = new Set(plan.moves.flatMap(({ first }) => first));
    const isComing = (action: Action): boolean => action.after.kind !== 'nothing' && !ofMoves.has(action);
    const came = await some(plan.actions.filter(isComing), []);
    const left = leftOf(plan, came);
    const missed = items.filter(({ work }) => [...coming(work)].some((path) => left.has(path)));
    const stays = new Set(missed.flatMap(({ work }) => [...work.wanted.keys()]));
    const isGoing = ({ path, after }: Action): boolean => after.kind === 'nothing' && !stays.has(path);
    const went = await some(plan.actions.filter(isGoing), plan.moves);
    return together(repository, [came, went]);
  } finally {
    texts.remove();
  }
}

/** What came and what went: one operation. */
function together({ context, layout }: Repository, applied: readonly Applied[]): Applied {
  const operations = applied.flatMap(({ operation }) => operation ?? []);
  for (const name of operations.slice(0, -1))
    removeFile(context.disk, join(layout.operations, `${name}.yaml`));
  return {
    done: applied.flatMap(({ done }) => done),
    moved: applied.flatMap(({ moved }) => moved),
    problems: applied.flatMap(({ problems }) => problems),
    operation: operations.at(-1),
  };
}

function coming({ wanted: wishes }: Work): RepositoryPath[] {
  return [...wishes].flatMap(([path, { kind }]) => (kind === 'nothing' ? [] : [path]));
}

function originsOf(deed: Deed): [RepositoryPath, RepositoryPath][] {
  return deed.kind === 'keep' && deed.stays !== deed.name ? [[deed.name, deed.stays]] : [];
}

/** Texts that stand nowhere yet, where they can be read from. */
class TextsAside {
  private readonly repository: Repository;
  private readonly folder: string;

  constructor(repository: Repository) {
    this.repository = repository;
    this.folder = join(repository.layout.scratch, 'merged');
  }

  put({ blake3 }: WantedFile, text: string | Uint8Array): void {
    const { disk } = this.repository.context;
    makeDirectories(disk, this.folder);
    removeFile(disk, join(this.folder, blake3));
    createFile(disk, join(this.folder, blake3), text);
  }

  *of({ blake3 }: WantedFile): Generator<Source> {
    const path = join(this.folder, blake3);
    if (this.repository.context.disk.lstat(path) !== undefined) yield { path, isGuarded: false };
  }

  remove(): void {
    removeTree(this.repository.context.disk, this.folder);
  }
}
