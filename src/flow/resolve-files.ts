/** Does with a person's files what settling conflicts takes: first what comes, then what goes. */

import { join } from 'node:path/posix';
import type { RepositoryPath } from '../model/path.ts';
import { makeDirectories, removeTree } from '../store/directories.ts';
import { createFile, removeFile } from '../store/files.ts';
import { appendOperation } from '../store/operations.ts';
import { applyPlan, type Applied } from '../sync/apply.ts';
import type { Step } from '../text/operation.ts';
import { planChanges, type Action, type Plan, type Wanted } from '../sync/plan.ts';
import type { Source, WantedFile } from '../sync/stage.ts';
import type { Deed } from './conflict-deeds.ts';
import type { Stands, Work } from './conflict-work.ts';
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
export function leftOf({ actions }: Plan, { done }: Pick<Applied, 'done'>): ReadonlySet<RepositoryPath> {
  const paths = new Set(done.map(({ path }) => path));
  return new Set(actions.flatMap(({ path }) => (paths.has(path) ? [] : [path])));
}

/** Durable when it returns; what was done is one operation. */
export async function applyTogether(
  repository: Repository,
  items: readonly FileWork[],
  plan: Plan,
  { known, stands }: { readonly known: KnownContents; readonly stands: Stands },
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
    const stayed = leftOf(plan, { done: [...came.done, ...went.done] });
    const isFree = ({ work }: FileWork): boolean => ![...work.wanted.keys()].some((path) => stayed.has(path));
    const then = items.filter(isFree).flatMap(({ work }) => work.then ?? []);
    const last = planChanges(new Map(), stands, then);
    const moved = await some(last.actions, last.moves);
    const problems = [...moved.problems, ...last.problems];
    return together(repository, [came, went, { ...moved, problems }]);
  } finally {
    texts.remove();
  }
}

/** What came, what went and what moved: one operation, which is noted before those of the parts go. */
function together(repository: Repository, applied: readonly Applied[]): Applied {
  const operations = applied.flatMap(({ operation }) => operation ?? []);
  const steps = applied.flatMap(({ steps }) => steps);
  return {
    done: applied.flatMap(({ done }) => done),
    moved: applied.flatMap(({ moved }) => moved),
    steps,
    problems: applied.flatMap(({ problems }) => problems),
    operation: operations.length < 2 ? operations[0] : joined(repository, operations, steps),
  };
}

function joined(repository: Repository, parts: readonly string[], steps: readonly Step[]): string {
  const { disk } = repository.context;
  const { layout, commits } = repository;
  const head = commits.readHead() ?? '';
  const date = operationDate(repository);
  const operation = { command: 'resolve', date, before: head, after: head, steps, undoes: '' } as const;
  const name = appendOperation(disk, layout, operation);
  for (const part of parts) removeFile(disk, join(layout.operations, `${part}.yaml`));
  return name;
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
