/** What is absent here comes from any folder that has it, under whatever names: an old copy, a disc with other paths. */

import { refuse } from '../model/problem.ts';
import type { Wanting } from './arrival.ts';
import type { Elsewhere } from './arrive.ts';
import { bring, type BringOptions, type Got } from './bring.ts';
import { FolderContents } from './folder-contents.ts';
import type { Look } from './look.ts';
import type { Repository } from './repository.ts';
import { wantedThen } from './wanted-then.ts';

export interface AdoptOptions extends BringOptions {
  /** Absolute, without symlinks; they are read and nothing else. */
  readonly folders: readonly string[];
}

/**
 * Begins as `commit` does. Of what is wanted and absent that comes whose content is found, checked while it is copied,
 * with the times and permissions that are recorded; the rest stays absent. Refuses ('usage') a folder of its own.
 */
export async function adopt(repository: Repository, options: AdoptOptions): Promise<Got> {
  const { folders } = options;
  const { context, root } = repository;
  const own = folders.find((folder) => `${folder}/`.startsWith(`${root}/`));
  if (own !== undefined) {
    refuse('usage', 'flow/adopt-itself', `'${own}' is in this repository already`, {
      hint: 'name a folder outside it; what stands in it is recorded with: dbk commit',
    });
  }
  return bring(repository, 'adopt', options, async (seen) => {
    const contents = new FolderContents(context, folders);
    const elsewhere: Elsewhere = function* (_path, { blake3, size }) {
      for (const path of contents.placesOf(blake3, size)) yield { path, isGuarded: false };
    };
    const wanting = foundIn(seen, contents, await wantedThen(seen, []));
    return { wanting, elsewhere, problems: contents.problems };
  });
}

/** What the rules take, and there is. */
function foundIn(seen: Look, contents: FolderContents, wanted: Wanting | undefined): Wanting {
  return {
    share: (folder) => (wanted?.share(folder) === 'none' ? 'none' : 'some'),
    takes: (directory, name) => {
      if (wanted?.takes(directory, name) === false) return false;
      const entry = seen.recordedManifest(directory)?.files.get(name);
      // Links have no content to be found by: the next `pull` brings them.
      if (entry?.kind !== 'file' || entry.blake3 === undefined) return false;
      return contents.placesOf(entry.blake3, entry.size).length > 0;
    },
  };
}
