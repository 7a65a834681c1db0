/** `dbk remote`: the other repositories that this one talks to. */

import {
  acceptRemote,
  addRemote,
  addressOf,
  knownHead,
  readRemotes,
  remoteAt,
  removeRemote,
} from '../../flow/remotes.ts';
import type { Repository } from '../../flow/repository.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const REMOTE_LIST: Entry = {
  name: 'remote list',
  group: 'copies',
  summary: 'List the other repositories that this one talks to',
  description: [`In the order of preference: the first is the one that 'dbk pull', 'push' and 'sync' mean.`],
  options: [],
  examples: [{ line: 'dbk remote list', says: 'Names, addresses, and where each was last known to stand' }],
  also: ['remotes', 'copies', 'where'],
  run: list,
};

export const REMOTE_ADD: Entry = {
  name: 'remote add',
  group: 'copies',
  summary: 'Name another repository that this one is to talk to',
  description: [
    `ADDRESS is the folder of a repository, or ssh://[USER@]HOST[:PORT]/PATH. It is asked whether it is one; nothing is fetched yet. A folder on another disk is found again wherever that disk is mounted, and another repository in its place is not taken for it.`,
  ],
  arguments: [{ name: 'NAME' }, { name: 'ADDRESS' }],
  options: [
    {
      name: 'jump',
      type: 'text',
      value: 'HOST',
      summary: 'go through this machine; several, the nearest first, as with ssh -J',
    },
  ],
  examples: [
    { line: 'dbk remote add disk /media/disk/Data', says: 'A copy on another disk' },
    { line: 'dbk remote add nas ssh://nas/~/Data --jump gate', says: 'A machine behind another one' },
  ],
  also: ['connect', 'register'],
  run: add,
};

export const REMOTE_REMOVE: Entry = {
  name: 'remote remove',
  group: 'copies',
  summary: 'Talk to another repository no more',
  description: [`Only its name and address are removed; neither here nor there is anything else touched.`],
  arguments: [{ name: 'NAME' }],
  options: [],
  examples: [{ line: 'dbk remote remove disk', says: 'The one called so' }],
  also: ['disconnect', 'forget'],
  run: remove,
};

export const REMOTE_ACCEPT: Entry = {
  name: 'remote accept',
  group: 'copies',
  summary: 'Use the address that a repository says of itself',
  description: [
    `Repositories tell each other of the others that they know. Such an address is used only when you have accepted it.`,
  ],
  arguments: [{ name: 'NAME' }],
  options: [],
  examples: [{ line: 'dbk remote accept nas', says: 'One that another repository knows' }],
  also: ['trust', 'allow'],
  run: accept,
};

async function list(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const { remotes } = await readRemotes(repository);
  for (const remote of remotes) {
    const head = knownHead(repository, remote.name);
    if (work.isJson) work.json('remote', { name: remote.name, address: addressOf(remote), head });
    else {
      const stands = head === undefined || head === '' ? '' : `  last known at ${head.slice(0, 16)}`;
      await work.print([`${remote.name.padEnd(12)}  ${shownText(addressOf(remote))}${stands}`]);
    }
  }
  work.summary({ remotes: remotes.length });
  if (remotes.length === 0 && !work.isJson && !work.isQuiet)
    await work.print(['No remotes: add one with dbk remote add NAME ADDRESS']);
  return EXIT.done;
}

async function add(work: Work): Promise<ExitCode> {
  const [name, address] = work.given.operands as readonly [string, string];
  const repository = await work.open();
  const remote = remoteAt(name, address, work.directory, work.given.texts('jump'));
  await work.uncut(() => addRemote(repository, remote));
  return told(work, repository, name, `'${name}' is ${shownText(addressOf(remote))}`);
}

async function remove(work: Work): Promise<ExitCode> {
  const [name] = work.given.operands as readonly [string];
  const repository = await work.open();
  const remote = await work.uncut(() => removeRemote(repository, name));
  return told(work, repository, name, `removed '${name}' (${shownText(addressOf(remote))})`);
}

async function accept(work: Work): Promise<ExitCode> {
  const [name] = work.given.operands as readonly [string];
  const repository = await work.open();
  const remote = await work.uncut(() => acceptRemote(repository, name));
  return told(work, repository, name, `'${name}' is ${shownText(addressOf(remote))}`);
}

async function told(work: Work, repository: Repository, name: string, line: string): Promise<ExitCode> {
  if (!work.isJson && !work.isQuiet) await work.print([line]);
  const { remotes } = await readRemotes(repository);
  work.summary({ name, remotes: remotes.length });
  return EXIT.done;
}
