/** The words for what commands about entities refuse. */

import { refuse } from '../model/problem.ts';
import type { RepositoryPath } from '../model/path.ts';

export function notRecordedYet(path: RepositoryPath): never {
  return refuse('failed', 'flow/not-recorded', `'${path}' is not recorded`, {
    hint: 'record it first with: dbk commit',
  });
}

export function isEntity(path: RepositoryPath, id: string): never {
  return refuse('failed', 'flow/is-entity', `'${path}' is an entity already: ${id}`, {
    hint: `see it with: dbk entity show '${path}'`,
  });
}

export function insideEntity(path: RepositoryPath, entity: RepositoryPath): never {
  return refuse('failed', 'flow/inside-entity', `'${path}' is part of the entity '${entity}'`, {
    hint: `take that apart first with: dbk entity split '${entity}'`,
  });
}

export function aroundEntities(path: RepositoryPath, count: number, first: RepositoryPath): never {
  const others = count === 1 ? '' : ` and ${count - 1} more`;
  return refuse(
    'failed',
    'flow/around-entities',
    `'${path}' holds the entity '${first}'${others}, and none can be in another`,
    { hint: `make one of all that is below it with: dbk entity join '${path}'` },
  );
}

/** `around` is the entity that the path is in, `holds` whether there are some below it. */
export function noEntity(path: RepositoryPath, around: RepositoryPath | undefined, holds: boolean): never {
  if (around !== undefined) {
    return refuse('failed', 'flow/no-entity', `'${path}' is no entity, but part of '${around}'`, {
      hint: `name that one, or take it apart with: dbk entity split '${around}'`,
    });
  }
  return refuse('failed', 'flow/no-entity', `'${path}' is no entity${holds ? ', but holds some' : ''}`, {
    hint: holds
      ? `see them with: dbk entity list '${path}'`
      : `make it one with: dbk entity new TYPE '${path}'`,
  });
}

export function noSuchEntity(typed: string): never {
  return refuse(
    'failed',
    'flow/no-such-entity',
    `'${typed}' is neither a path here nor the id of an entity`,
    {
      hint: 'see them with: dbk entity list',
    },
  );
}

export function manyEntities(typed: string, ids: readonly string[]): never {
  const few = ids.slice(0, 3).join(', ');
  const rest = ids.length > 3 ? ` and ${ids.length - 3} more` : '';
  return refuse(
    'usage',
    'flow/many-entities',
    `'${typed}' begins the ids of several entities: ${few}${rest}`,
    {
      hint: 'write more of the id',
    },
  );
}

/** An id that was an entity's, and is no place any more. */
export function noMoreEntity(typed: string, what: string): never {
  return refuse('failed', 'flow/no-more-entity', `'${typed}' is no entity any more: ${what}`, {
    hint: `see what became of it with: dbk entity show ${typed}`,
  });
}

export function unknownType(type: string, known: readonly string[], near: string | undefined): never {
  const hint =
    known.length === 0
      ? 'see which there are with: dbk plugin list'
      : `${near === undefined ? '' : `did you mean '${near}'? `}known are: ${known.join(', ')}`;
  return refuse('usage', 'flow/unknown-type', `nothing here declares the type '${type}'`, { hint });
}

export function wholeRepository(): never {
  return refuse('failed', 'flow/whole-repository', 'the folder of the repository itself is no entity', {
    hint: 'name a folder or file in it',
  });
}

export function linkIsNone(path: RepositoryPath): never {
  return refuse('failed', 'flow/link-is-none', `'${path}' is a link, and no entity can be one`);
}

export function nothingToSplit(path: RepositoryPath, isFile: boolean): never {
  const why = isFile ? 'it is a single file' : 'it has no folders to become entities';
  return refuse('failed', 'flow/nothing-to-split', `cannot split '${path}': ${why}`);
}

export function nothingToJoin(path: RepositoryPath): never {
  return refuse('failed', 'flow/nothing-to-join', `cannot join '${path}': there is no entity below it`, {
    hint: `make the folder itself one with: dbk entity new TYPE '${path}'`,
  });
}

export function differentTypes(path: RepositoryPath, types: readonly string[]): never {
  const reason = `cannot join '${path}': the entities below it are of several types: ${types.join(', ')}`;
  return refuse('failed', 'flow/different-types', reason, {
    hint: 'move those out that are of another type, with: dbk entity move',
  });
}

export function nameOfNone(name: string): never {
  return refuse('usage', 'flow/bad-name', `'${name}' is no path below the folder of a type`);
}

export function shapeOfNone(path: RepositoryPath, type: string, shapes: readonly string[]): never {
  const hint =
    shapes.length === 0
      ? `make the folder yourself, then run: dbk entity new ${type} '${path}'`
      : `give a name like: ${shapes.join(', or ')}`;
  return refuse('usage', 'flow/no-such-shape', `'${path}' is not where ${type} has an entity`, { hint });
}

export function standsAlready(path: RepositoryPath, isFolder: boolean, type: string): never {
  const hint = isFolder
    ? `make it an entity with: dbk commit, then dbk entity new ${type} '${path}'`
    : 'choose another name';
  return refuse('failed', 'flow/something-there', `cannot make '${path}': something stands there`, { hint });
}

export function isIgnored(path: RepositoryPath): never {
  return refuse('failed', 'flow/ignored', `cannot make '${path}': an ignore rule keeps it out`, {
    hint: `see which with: dbk why '${path}'`,
  });
}

export function notMade(path: RepositoryPath, why: string): never {
  return refuse('failed', 'flow/not-made', `cannot make '${path}': ${why}`);
}

export function cannotMove(path: RepositoryPath, why: string): never {
  return refuse('failed', 'flow/cannot-move', `cannot move '${path}': ${why}`, {
    hint: `bring it back first with: dbk undelete '${path}'`,
  });
}

export function intoEntity(path: RepositoryPath, entity: RepositoryPath): never {
  return refuse(
    'failed',
    'flow/inside-entity',
    `cannot move '${path}' into the entity '${entity}': none can be in another`,
    { hint: 'choose a place outside of it' },
  );
}

export function recordedThere(path: RepositoryPath, to: RepositoryPath): never {
  return refuse(
    'failed',
    'flow/recorded-there',
    `cannot move '${path}': '${to}' is recorded, though it is gone`,
    {
      hint: 'record what became of it first, with: dbk commit',
    },
  );
}
