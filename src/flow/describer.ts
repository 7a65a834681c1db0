/** What describing directories needs: the groups of hard links, and attributes where the policy asks for them. */

import type { Manifest } from '../model/manifest.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Cache } from '../scan/cache.ts';
import type { Describer } from '../scan/describe.ts';
import { linkGroups } from '../scan/hard-links.ts';
import type { Scanned } from '../scan/scan.ts';
import { randomDigits } from './context.ts';
import type { AttributesSeen } from './attributes.ts';
import type { Repository } from './repository.ts';

export function makeDescriber(
  repository: Repository,
  scanned: Scanned,
  cache: Cache,
  attributes: AttributesSeen,
  recordedManifest: (path: RepositoryPath) => Manifest | undefined,
): Describer {
  const { context, root, rendering } = repository;
  const groups = linkGroups(
    scanned,
    cache.table,
    (path) => {
      const entry = recordedManifest(parentOf(path))?.files.get(nameOf(path));
      return entry?.kind === 'file' ? entry.same : undefined;
    },
    () => randomDigits(context),
  );
  return {
    disk: context.disk,
    root,
    rendering,
    groupOf: groups.groupOf,
    attributesOf: attributes.of,
  };
}
