/** `dbk fetch`, `dbk pull`, `dbk push`, `dbk sync`: what goes between this repository and another one. */

import { authorOfPerson } from '../../flow/configure.ts';
import { fetch, type Fetched } from '../../flow/fetch.ts';
import { merge } from '../../flow/merge.ts';
import { pullAfterPush } from '../../flow/pull-after-push.ts';
import { push, type Pushed } from '../../flow/push.ts';
import { addressOf, openRemote, type Opened } from '../../flow/remotes.ts';
import { toldOf } from '../../flow/told-merge.ts';
import type { Repository } from '../../flow/repository.ts';
import { shortId } from '../../model/id.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { counted } from '../quantities.ts';
import { shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { ownLines, Taking, TAKING_OPTIONS } from './taken.ts';

const UNRELATED = {
  name: 'unrelated',
  type: 'flag',
  summary: 'also where the two have no commit in common',
} as const;
const ARGUMENTS = [{ name: 'REPOSITORY', optional: true }] as const;
const WHICH = `REPOSITORY is a remote, the folder of another repository, or its address on another machine (ssh://[USER@]HOST[:PORT]/PATH); without it, the first remote.`;

export const FETCH: Entry = {
  name: 'fetch',
  group: 'copies',
  summary: 'Bring the history of another repository here, and merge nothing',
  description: [
    `Takes the commits that are missing and checks them, and what is known there of further repositories. Head, index and files stay as they are: look at what came with 'dbk log' and 'dbk diff', and bring the two together with 'dbk merge' or 'dbk pull'. ${WHICH}`,
  ],
  arguments: ARGUMENTS,
  options: [],
  examples: [
    { line: 'dbk fetch', says: 'From the first remote' },
    { line: 'dbk fetch nas', says: 'From the one called so' },
  ],
  also: ['download', 'history'],
  run: (work) => withRemote(work, fetchFrom),
};

export const PULL: Entry = {
  name: 'pull',
  group: 'copies',
  summary: 'Bring what another repository has here',
  description: [
    `Does what 'dbk merge' does, with a remote: records what changed here, takes the commits that are missing, merges, and brings files to where they belong. ${WHICH}`,
  ],
  arguments: ARGUMENTS,
  options: [...TAKING_OPTIONS, UNRELATED, DRY_RUN],
  examples: [
    { line: 'dbk pull', says: 'From the first remote' },
    { line: 'dbk pull nas', says: 'From the one called so' },
    { line: 'dbk pull -n /media/disk/Data', says: 'What would come from that folder' },
  ],
  also: ['update', 'receive'],
  run: (work) => withRemote(work, pullFrom),
};

export const PUSH: Entry = {
  name: 'push',
  group: 'copies',
  summary: 'Bring what is here to another repository',
  description: [
    `Records what changed here, and then does there what 'dbk pull' does: records what changed there, merges, and brings files to where they belong. No deletion is confirmed there. ${WHICH}`,
  ],
  arguments: ARGUMENTS,
  options: [...TAKING_OPTIONS, UNRELATED, DRY_RUN],
  examples: [
    { line: 'dbk push', says: 'To the first remote' },
    { line: 'dbk push /media/disk/Data', says: 'To the repository in that folder' },
    { line: 'dbk push ssh://nas/~/Data', says: 'To one on another machine' },
  ],
  also: ['upload', 'send'],
  run: (work) => withRemote(work, pushTo),
};

export const SYNC: Entry = {
  name: 'sync',
  group: 'copies',
  summary: 'Bring this repository and another one to the same state',
  description: [
    `First 'dbk push', which also records what changed there, and then 'dbk pull': after both, each has all of the other. ${WHICH}`,
  ],
  arguments: ARGUMENTS,
  options: [...TAKING_OPTIONS, UNRELATED, DRY_RUN],
  examples: [
    { line: 'dbk sync', says: 'With the first remote' },
    { line: 'dbk sync disk', says: 'With the one called so' },
  ],
  also: ['both', 'replicate', 'mirror'],
  run: (work) => withRemote(work, syncWith),
};

type Between = (work: Work, repository: Repository, opened: Opened) => Promise<ExitCode>;

async function withRemote(work: Work, between: Between): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const opened = await openRemote(repository, work.directory, work.given.operands[0]);
  try {
    return await between(work, repository, opened);
  } finally {
    await opened.transport.close();
  }
}

async function fetchFrom(work: Work, repository: Repository, opened: Opened): Promise<ExitCode> {
  const { remote, transport } = opened;
  const place = remote.name === '' ? addressOf(remote) : remote.name;
  const found = await work.uncut(() => fetch(repository, transport));
  if (!work.isJson && !work.isQuiet) await work.print(fetchedLines(found, place));
  work.report(found.problems);
  work.summary({
    taken: found.taken,
    theirs: found.theirs,
    ours: found.ours,
    head: repository.commits.readHead(),
  });
  return exitAfter(found.problems);
}

const STANDS: Readonly<Record<Fetched['ours'], string>> = {
  same: 'everything from there is here',
  behind: 'this repository can go on to it',
  apart: 'both have gone on',
};

function* fetchedLines({ taken, theirs, ours }: Fetched, place: string): Generator<string> {
  if (taken > 0) yield `took ${counted(taken, 'commit')} from '${shownText(place)}'`;
  yield `'${shownText(place)}' is at commit ${shortId(theirs)}: ${STANDS[ours]}`;
  if (ours !== 'same') yield `hint: see it with: dbk diff HEAD ${shortId(theirs)}`;
}

async function pullFrom(
  work: Work,
  repository: Repository,
  { remote, transport }: Opened,
  pushed?: Pushed,
): Promise<ExitCode> {
  const taking = new Taking(work, work.given.flag('dry-run'));
  const options = { ...taking.options, unrelated: work.given.flag('unrelated') };
  const source = { kind: 'repository', transport } as const;
  const made = toldOf(
    await work.uncut(() =>
      pushed === undefined
        ? merge(repository, { ...options, source, command: 'pull' })
        : pullAfterPush(repository, pushed, transport, options),
    ),
  );
  // What is missing here was told before.
  const own = pushed === undefined ? made.own : { ...made.own, unconfirmed: 0 };
  const code = await taking.tell({ ...made, own }, addressOf(remote));
  taking.summarise(made);
  return code;
}

async function pushTo(work: Work, repository: Repository, opened: Opened): Promise<ExitCode> {
  return (await pushAndTell(work, repository, opened)).code;
}

async function pushAndTell(
  work: Work,
  repository: Repository,
  { remote }: Opened,
): Promise<{ readonly code: ExitCode; readonly pushed: Pushed }> {
  const taking = new Taking(work, work.given.flag('dry-run'));
  const options = { ...taking.options, remote, unrelated: work.given.flag('unrelated') };
  const pushed = await work.uncut(() => push(repository, options));
  const { there } = pushed;
  if (!work.isJson && !work.isQuiet) {
    if (!taking.dryRun) await work.print(ownLines(work, pushed.own));
    await work.print([`in ${addressOf(remote)}:`]);
  }
  const code = await taking.tell(there, repository.root);
  taking.summarise(there);
  return { code, pushed };
}

async function syncWith(work: Work, repository: Repository, opened: Opened): Promise<ExitCode> {
  const { code, pushed } = await pushAndTell(work, repository, opened);
  // What came there may leave something to be settled; this side is to have it all the same.
  const pulled = await pullFrom(work, repository, opened, pushed);
  return code === EXIT.done ? pulled : code;
}
