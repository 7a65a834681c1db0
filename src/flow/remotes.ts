/** Which other repositories this one talks to, and how each is called. */

import { resolve } from 'node:path/posix';
import { refuse } from '../model/problem.ts';
import { isRepositoryName } from '../model/repository-name.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import { readText, removeFile, replaceFile } from '../store/files.ts';
import type { Transport } from '../sync/transport.ts';
import { parseByPeople } from '../text/people.ts';
import { NO_REMOTES, parseRemotes, writeRemotes, type Remote, type Remotes } from '../text/remotes.ts';
import type { Reach } from '../text/repository.ts';
import { exclusively } from './exclusively.ts';
import { findRemote, idOf, whatItIs } from './find-remote.ts';
import { openAddress } from './merge-source.ts';
import { requireName } from './names.ts';
import type { Repository } from './repository.ts';

export type { Remote } from '../text/remotes.ts';

const LONGEST = 1 << 20;

export async function readRemotes({ context, layout }: Repository): Promise<Remotes> {
  const text = readText(context.disk, layout.remotes, LONGEST);
  return text === undefined ? NO_REMOTES : parseByPeople(parseRemotes, text);
}

/** How a remote is reached, as a person would type it. */
export function addressOf(remote: Remote): string {
  return remote.kind === 'path' ? remote.path : remote.ssh;
}

/** The remote that an address is: a folder, made absolute, or `ssh://…`. */
export function remoteAt(
  name: string,
  address: string,
  directory: string,
  jump: readonly string[] = [],
): Remote {
  if (address.startsWith('ssh://'))
    return { name, kind: 'ssh', ssh: address, ...(jump.length > 0 && { jump }) };
  return { name, kind: 'path', path: resolve(directory, address) };
}

/** Adds one behind the others; refuses ('usage') a name that is none, or is taken, and an address nobody answers at. */
export async function addRemote(repository: Repository, remote: Remote): Promise<void> {
  requireName(remote.name);
  const transport = openRemoteAt(repository, remote);
  const id = await idOf(transport);
  const added = remote.kind === 'path' ? { ...remote, ...whatItIs(repository, remote.path, id) } : remote;
  await exclusively(repository, 'remote add', async () => {
    const known = await readRemotes(repository);
    if (known.remotes.some(({ name }) => name === remote.name)) {
      refuse('usage', 'flow/remote-taken', `there is a remote '${remote.name}' already`, {
        hint: `remove it first with: dbk remote remove ${remote.name}`,
      });
    }
    writeAll(repository, { ...known, remotes: [...known.remotes, added] });
  });
}

function openRemoteAt(repository: Repository, remote: Remote): Transport {
  return openAddress(repository, addressOf(remote), remote.kind === 'ssh' ? remote.jump : undefined);
}

/** Refuses ('usage') a name that no remote has. Nothing there is touched. */
export async function removeRemote(repository: Repository, name: string): Promise<Remote> {
  return exclusively(repository, 'remote remove', async () => {
    const known = await readRemotes(repository);
    const found = known.remotes.find((each) => each.name === name);
    if (found === undefined) noSuch(name);
    writeAll(repository, { ...known, remotes: known.remotes.filter((each) => each !== found) });
    return found;
  });
}

/** Takes an address that another repository says of itself; a person does so, nobody else. */
export async function acceptRemote(repository: Repository, name: string): Promise<Remote> {
  const { context, layout } = repository;
  const record = isRepositoryName(name) ? readRepositoryFile(context.disk, layout, name) : undefined;
  const reach = record?.reach.find((each) => each.kind !== 'rclone');
  if (reach === undefined) {
    refuse('usage', 'flow/unknown-repository', `nobody has said how to reach '${name}'`, {
      hint: `give its address with: dbk remote add ${name} ADDRESS`,
    });
  }
  const remote = remoteOf(name, reach);
  await addRemote(repository, remote);
  return remote;
}

function remoteOf(name: string, reach: Reach): Remote {
  if (reach.kind === 'path') return { name, kind: 'path', path: reach.path };
  if (reach.kind === 'ssh')
    return { name, kind: 'ssh', ssh: reach.ssh, ...(reach.jump && { jump: reach.jump }) };
  throw new RangeError(`no way to ${reach.kind}`);
}

/** A remote that is to be talked to, and a way to it. */
export interface Opened {
  readonly remote: Remote;
  readonly transport: Transport;
}

/**
 * What a person names: a remote, or an address (a folder, `ssh://…`); without a name the first remote. Refuses
 * ('usage') where there is none.
 */
export async function openRemote(
  repository: Repository,
  directory: string,
  named: string | undefined,
): Promise<Opened> {
  const { remotes } = await readRemotes(repository);
  if (named === undefined && remotes[0] === undefined) {
    refuse('usage', 'flow/no-remotes', 'this repository knows no other one', {
      hint: 'name the folder of one, or add one with: dbk remote add NAME ADDRESS',
    });
  }
  const known = named === undefined ? remotes[0] : remotes.find(({ name }) => name === named);
  if (
    known === undefined &&
    named !== undefined &&
    !named.includes('/') &&
    !isFolder(repository, directory, named)
  )
    noSuch(named);
  const remote =
    known?.kind === 'path' ? await findRemote(repository, known) : (known ?? remoteAt('', named!, directory));
  return { remote, transport: openRemoteAt(repository, remote) };
}

function isFolder({ context }: Repository, directory: string, named: string): boolean {
  return context.disk.lstat(resolve(directory, named))?.isDirectory() === true;
}

function noSuch(name: string): never {
  return refuse('usage', 'flow/no-such-remote', `there is no remote '${name}'`, {
    hint: 'see them with: dbk remote list',
  });
}

function writeAll({ context, layout }: Repository, remotes: Remotes): void {
  if (remotes.remotes.length === 0) removeFile(context.disk, layout.remotes, { durable: true });
  else replaceFile(context.disk, layout.remotes, writeRemotes(remotes), { durable: true });
}

/** What this repository knows of one that it has heard of; undefined where it has not. */
export function knownHead({ context, layout }: Repository, name: string): string | undefined {
  return isRepositoryName(name) ? readRepositoryFile(context.disk, layout, name)?.head : undefined;
}
