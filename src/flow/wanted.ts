/** Which files the rules of a `want:` take (section 12 of ../text/README.md), in a tree that is given. Pure. */

import type { EntityReference, Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Scalar } from '../model/value.ts';
import { escapePath } from '../text/names.ts';
import type { WantRule } from '../text/want.ts';
import { fits } from './find-compare.ts';
import { foldWords } from './find-fold.ts';
import { comparisonOf, sizeComparison } from './want-compare.ts';
import { PathGlob, type Share } from './want-glob.ts';

/** One state of the index, as far as rules ask about it. */
export interface WantedTree {
  manifest(path: RepositoryPath): Manifest | undefined;
  folders(path: RepositoryPath): readonly Name[];
  /** What is written about a file or a folder in a field; nothing where nothing is. */
  values(path: RepositoryPath, what: 'file' | 'directory', field: string): readonly Scalar[];
  /** The type of the files in a folder, as `policy.yaml` says it. */
  typeOf(path: RepositoryPath): string | undefined;
}

/** A file as rules see it. */
interface Facts {
  readonly path: RepositoryPath;
  readonly size: number;
  readonly entity?: EntityReference | undefined;
  /** The paths about which something may be written that holds of it. */
  readonly about: readonly (readonly [path: RepositoryPath, what: 'file' | 'directory'])[];
}

interface Condition {
  readonly isWanted: boolean;
  /** Of a folder, by its path alone. */
  share(folder: RepositoryPath): Share;
  takes(facts: Facts, tree: WantedTree): boolean;
}

export class Wanted {
  private readonly conditions: readonly Condition[];
  /** What no rule takes. */
  private readonly isOtherwise: boolean;
  private readonly tree: WantedTree;
  private readonly roots = new Map<RepositoryPath, RepositoryPath | undefined>();
  private readonly wholes = new Map<RepositoryPath, boolean>();

  /** Throws a RangeError with the words for a rule that says nothing; parsed ones do not (want-rule.ts). */
  constructor(rules: readonly WantRule[], tree: WantedTree) {
    // The last that matches decides.
    this.conditions = rules.map(conditionOf).reverse();
    this.isOtherwise = rules[0] === undefined || rules[0].not !== undefined;
    this.tree = tree;
  }

  /** Everything below a folder that is recorded, as far as that can be said without looking below it. */
  share(folder: RepositoryPath): Share {
    const whole = folder === ROOT ? undefined : this.entityAround(parentOf(folder));
    if (whole !== undefined) return this.isWholeWanted(whole) ? 'all' : 'none';
    const byPath = this.shareByPath(folder);
    if (byPath !== 'some' || this.entityAround(folder) === undefined) return byPath;
    return this.isWholeWanted(folder) ? 'all' : 'none';
  }

  /** A file or link that is recorded in a folder. */
  takes(directory: RepositoryPath, name: Name): boolean {
    const whole = this.entityAround(directory);
    return whole === undefined ? this.decides(this.factsOf(directory, name)) : this.isWholeWanted(whole);
  }

  private shareByPath(folder: RepositoryPath): Share {
    const answers = new Set<boolean>();
    for (const { isWanted, share } of this.conditions) {
      const taken = share(folder);
      if (taken === 'none') continue;
      answers.add(isWanted);
      if (taken === 'all') return shareOf(answers);
    }
    return shareOf(answers.add(this.isOtherwise));
  }

  /** The root of the entity that a folder is, or is in. */
  private entityAround(folder: RepositoryPath): RepositoryPath | undefined {
    if (this.roots.has(folder)) return this.roots.get(folder);
    const above = folder === ROOT ? undefined : this.entityAround(parentOf(folder));
    const isRoot = above === undefined && this.tree.manifest(folder)?.entity !== undefined;
    const root = isRoot ? folder : above;
    this.roots.set(folder, root);
    return root;
  }

  /** An entity is wanted, whole, if any of its files is; one without files as if it were one. */
  private isWholeWanted(root: RepositoryPath): boolean {
    let known = this.wholes.get(root);
    if (known === undefined) {
      const byPath = this.shareByPath(root);
      known = byPath === 'some' ? this.isAnyWanted(root) : byPath === 'all';
      this.wholes.set(root, known);
    }
    return known;
  }

  private isAnyWanted(root: RepositoryPath): boolean {
    let isEmpty = true;
    for (const [directory, name] of filesBelow(this.tree, root)) {
      if (this.decides(this.factsOf(directory, name))) return true;
      isEmpty = false;
    }
    const { entity } = this.tree.manifest(root)!;
    return isEmpty && this.decides({ path: root, size: 0, entity, about: [[root, 'directory']] });
  }

  private factsOf(directory: RepositoryPath, name: Name): Facts {
    const path = childOf(directory, name);
    const entry = this.tree.manifest(directory)?.files.get(name);
    const root = this.entityAround(directory);
    const own = entry?.kind === 'file' ? entry.entity : undefined;
    const size = entry?.kind === 'file' ? entry.size : 0;
    if (root === undefined) return { path, size, entity: own, about: [[path, 'file']] };
    const { entity } = this.tree.manifest(root)!;
    const about = [[path, 'file'] as const, [root, 'directory'] as const];
    return { path, size, entity, about };
  }

  private decides(facts: Facts): boolean {
    return this.conditions.find((each) => each.takes(facts, this.tree))?.isWanted ?? this.isOtherwise;
  }
}

function shareOf(answers: ReadonlySet<boolean>): Share {
  if (answers.size === 2) return 'some';
  return answers.has(true) ? 'all' : 'none';
}

/** Every file and link at or below a folder. */
export function* filesBelow(
  tree: Pick<WantedTree, 'manifest' | 'folders'>,
  folder: RepositoryPath,
): Generator<readonly [directory: RepositoryPath, name: Name]> {
  for (const name of tree.manifest(folder)?.files.keys() ?? []) yield [folder, name];
  for (const name of tree.folders(folder)) yield* filesBelow(tree, childOf(folder, name));
}

function conditionOf(rule: WantRule): Condition {
  const globs = [rule.path, rule.not].flatMap((glob) => (glob === undefined ? [] : [new PathGlob(glob)]));
  const others = [
    ...(rule.type === undefined ? [] : [ofType(rule.type)]),
    ...(rule.entity === undefined ? [] : [ofEntity(rule.entity)]),
    ...(rule.tag === undefined ? [] : [ofField('tags', rule.tag)]),
    ...(rule.field === undefined ? [] : [ofField(rule.field, rule.is)]),
    ...(rule.size === undefined ? [] : [ofSize(rule.size)]),
  ];
  return {
    isWanted: rule.not === undefined,
    share: (folder) => {
      const path = escapePath(folder);
      const shares = globs.map((glob) => glob.share(path));
      if (shares.includes('none')) return 'none';
      return others.length > 0 || shares.includes('some') ? 'some' : 'all';
    },
    takes: (facts, tree) => {
      const path = escapePath(facts.path);
      return globs.every((glob) => glob.share(path) === 'all') && others.every((takes) => takes(facts, tree));
    },
  };
}

function ofType(type: string): Condition['takes'] {
  return ({ path, entity }, tree) => (entity?.type ?? tree.typeOf(parentOf(path))) === type;
}

function ofEntity(id: string): Condition['takes'] {
  return ({ entity }) => entity !== undefined && (entity.id === id || entity.was?.includes(id) === true);
}

function ofField(field: string, is: string | undefined): Condition['takes'] {
  const compare = is === undefined ? undefined : comparisonOf(is);
  const key = foldWords(field);
  return ({ about }, tree) => {
    const values = about.flatMap(([path, what]) => tree.values(path, what, key));
    if (compare === undefined) return values.length > 0;
    return values.some((value) => fits(value, compare.comparison)) !== compare.isNegated;
  };
}

function ofSize(size: string): Condition['takes'] {
  const { comparison, isNegated } = sizeComparison(size);
  return (facts) => fits(facts.size, comparison) !== isNegated;
}
