/** Where a repository on another disk is now: wherever that disk is mounted, and no other one in its place. */

import { join, relative } from 'node:path/posix';
import { OWN_FOLDER } from '../model/path.ts';
import { refuse } from '../model/problem.ts';
import { isRepository } from '../store/layout.ts';
import { mountOf, mountsOf } from '../store/mounts.ts';
import type { Transport } from '../sync/transport.ts';
import type { Remote } from '../text/remotes.ts';
import { openFolder } from './merge-source.ts';
import type { Repository } from './repository.ts';

type Folder = Extract<Remote, { readonly kind: 'path' }>;

/** Mounts of other machines: one that does not answer would hold up everything. */
const FAR: ReadonlySet<string> = new Set(['nfs', 'nfs4', 'cifs', 'smb3', '9p', 'fuse.sshfs', 'autofs']);

/** What it is known by, besides where it is. */
export function whatItIs(
  { context }: Pick<Repository, 'context'>,
  path: string,
  id: string,
): Pick<Folder, 'id' | 'volume' | 'label' | 'below'> {
  const { disk } = context;
  const real = disk.realpath(path);
  const mount = mountOf(mountsOf(disk), real);
  if (mount === undefined || mount.point === '/') return { id };
  const below = relative(mount.point, real);
  return { id, below, ...(mount.volume && { volume: mount.volume.id, label: mount.volume.label }) };
}

/**
 * The same remote with the path that it has now. Refuses ('remote') where it is nowhere, and where another repository
 * stands in its place; of one of which no id is known the path counts.
 */
export async function findRemote(repository: Repository, remote: Folder): Promise<Folder> {
  if (remote.id === undefined) return remote;
  const there = await idAt(repository, remote.path);
  if (there === remote.id) return remote;
  for (const path of otherPlaces(repository, remote))
    if ((await idAt(repository, path)) === remote.id) return { ...remote, path };
  const { name, path, label = '' } = remote;
  if (there !== undefined) {
    refuse(
      'remote',
      'flow/another-repository',
      `the repository in '${path}' is not the one that '${name}' was`,
      {
        hint: `connect the disk of '${name}'; if this one is meant: dbk remote remove ${name}, dbk remote add ${name} ADDRESS`,
      },
    );
  }
  const disk = label === '' ? 'the disk' : `the disk '${label}'`;
  return refuse('remote', 'flow/remote-away', `'${name}' is not here: there is no repository in '${path}'`, {
    hint: `connect ${disk}; it is found wherever it is mounted`,
  });
}

/** The same folder on each volume that may be the one. */
function* otherPlaces({ context }: Repository, { path, below, volume }: Folder): Generator<string> {
  if (below === undefined) return;
  for (const mount of mountsOf(context.disk)) {
    const isIt = volume === undefined || mount.volume === undefined || mount.volume.id === volume;
    const place = join(mount.point, below);
    if (isIt && !FAR.has(mount.type) && place !== path) yield place;
  }
}

/** The id of the repository whose folder that is; undefined where it is none. */
async function idAt(repository: Repository, path: string): Promise<string | undefined> {
  if (!isRepository(repository.context.disk, join(path, OWN_FOLDER))) return undefined;
  return idOf(openFolder(repository, path, path));
}

/** Asks, and closes it. */
export async function idOf(transport: Transport): Promise<string> {
  try {
    return (await transport.facts()).id;
  } finally {
    await transport.close();
  }
}
