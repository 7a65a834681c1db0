/** Why a path is recorded or not. */

import type { RepositoryPath } from '../model/path.ts';
import { componentsOf, nameOf, parentOf } from '../model/path.ts';
import { buildRules, rulesText, type Explanation, type RuleSource } from '../scan/ignore.ts';
import { IGNORE_FILE } from '../scan/rules-chain.ts';
import { textsAt } from '../store/texts.ts';
import { MANIFEST } from '../text/mirror.ts';
import { parseManifest } from '../text/manifest.ts';
import { mirrorGuesses } from './mirror-guesses.ts';
import { absolute, statsAt, type Repository } from './repository.ts';
import { readIgnoreText } from './rules.ts';

export type Standing = 'file' | 'link' | 'directory' | 'special' | 'nothing';

export interface Why {
  readonly path: RepositoryPath;
  readonly recorded: boolean;
  /** What stands at the path now. */
  readonly here: Standing;
  readonly ignored: Explanation;
}

export function why(repository: Repository, path: RepositoryPath): Why {
  const here = standingAt(repository, path);
  const rules = buildRules(sourcesFor(repository, path));
  return {
    path,
    recorded: isRecorded(repository, path),
    here,
    ignored: rules.explain(path, here === 'directory'),
  };
}

function standingAt(repository: Repository, path: RepositoryPath): Standing {
  const stats = statsAt(repository, path);
  if (stats === undefined) return 'nothing';
  if (stats.isDirectory()) return 'directory';
  return stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'special';
}

/** The rules of the repository, and of every folder down to the path. */
export function sourcesFor(repository: Repository, path: RepositoryPath): RuleSource[] {
  const top = readIgnoreText(repository);
  const sources: RuleSource[] =
    top === '' ? [] : [{ directory: '' as RepositoryPath, origin: '.dbk/index/ignore', text: top }];
  const components = componentsOf(path);
  for (let depth = 0; depth < components.length; depth++) {
    const directory = components.slice(0, depth).join('/') as RepositoryPath;
    const origin = directory === '' ? IGNORE_FILE : `${directory}/${IGNORE_FILE}`;
    const text = readRules(repository, origin as RepositoryPath);
    if (text !== undefined) sources.push({ directory, origin, text });
  }
  return sources;
}

const LONGEST = 1024 * 1024;

function readRules(repository: Repository, path: RepositoryPath): string | undefined {
  try {
    const text = rulesText(repository.context.disk.readFile(absolute(repository, path), LONGEST));
    return typeof text === 'string' ? text : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

function isRecorded({ commits }: Repository, path: RepositoryPath): boolean {
  const head = commits.readHead();
  if (head === undefined) return false;
  const own = mirrorGuesses(path).map((mirror) => `${mirror}/${MANIFEST}`);
  const above = path === '' ? [] : mirrorGuesses(parentOf(path)).map((mirror) => `${mirror}/${MANIFEST}`);
  const texts = textsAt(commits, head, new Set([...own, ...above]));
  if (own.some((text) => texts.get(text) !== undefined)) return true;
  return above.some((text) => {
    const manifest = texts.get(text);
    return manifest !== undefined && parseManifest(manifest).files.has(nameOf(path));
  });
}
