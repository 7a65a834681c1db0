/** `dbk people add` and `people rename`: somebody new, and somebody who is called otherwise now. */

import { addPerson } from '../../flow/add-person.ts';
import { authorOfPerson } from '../../flow/configure.ts';
import { renamePerson } from '../../flow/rename-person.ts';
import type { ExitCode } from '../exit.ts';
import { shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { askedOf, ENTITY_OPTIONS } from './entity-words.ts';
import { personJson, tellPeople } from './people-words.ts';

export const PEOPLE_ADD: Entry = {
  name: 'people add',
  group: 'knowledge',
  summary: 'Add a person',
  description: [
    `Makes a text in '.dbk/index/people' with an id and the name, for you to write more into. Its own name, the handle, is made of NAME unless you choose it with --as: 'anna-lind' for Anna Lind, 'anna-lind-2' for a second one.`,
    `From then on names that files say, in the people of a picture, lead to the person: NAME, and each that you give with --also. Makes a commit of its own, which 'dbk undo' takes back.`,
  ],
  arguments: [{ name: 'NAME' }],
  options: [
    {
      name: 'also',
      type: 'text',
      value: 'NAME',
      summary: 'another name that the person is known by; give it again for more',
    },
    {
      name: 'as',
      type: 'text',
      value: 'HANDLE',
      summary: 'the handle, by which pictures refer to the person',
    },
    ...ENTITY_OPTIONS,
  ],
  examples: [
    { line: `dbk people add 'Thom Yorke'`, says: `'thom-yorke' from now on` },
    {
      line: `dbk people add 'Colin Greenwood' --also Coz --as colin`,
      says: 'With another name, and a short handle',
    },
  ],
  also: ['person', 'contact', 'create'],
  run: add,
};

export const PEOPLE_RENAME: Entry = {
  name: 'people rename',
  group: 'knowledge',
  summary: 'Call a person otherwise',
  description: [
    `Changes the name in one text. Pictures refer to the handle, which stays; the old name stays as another name of the person, so that files which say it still lead there.`,
    `PERSON is a handle, an id, or a name that nobody else here has. Makes a commit of its own, which 'dbk undo' takes back.`,
  ],
  arguments: [{ name: 'PERSON' }, { name: 'NAME' }],
  options: ENTITY_OPTIONS,
  examples: [{ line: `dbk people rename anna-lind 'Anna Berg'`, says: 'She is found by both names' }],
  also: ['marry', 'call'],
  run: rename,
};

async function add(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const [name = ''] = work.given.operands;
  const asked = askedOf(work);
  const options = { name, also: work.given.texts('also'), handle: work.given.text('as'), ...asked };
  const added = await work.uncut(() => addPerson(repository, options));
  const { handle, id } = added;
  const words = asked.dryRun ? `would add ${shownText(added.name)}` : `added ${shownText(added.name)}`;
  const line = `${words} as ${shownText(handle)}${asked.dryRun ? '' : `: ${id}`}`;
  return tellPeople(work, added, [line], [personJson({ ...added, was: [] })], { people: 1 });
}

async function rename(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const [who = '', name = ''] = work.given.operands;
  const asked = askedOf(work);
  const done = await work.uncut(() => renamePerson(repository, { who, name, ...asked }));
  const { handle, before } = done;
  const isSame = done.commit === undefined && !asked.dryRun;
  const words = isSame ? 'is called so already' : asked.dryRun ? 'would be called' : 'is called';
  const now = isSame ? '' : ` ${shownText(done.name)}, and was ${shownText(before)}`;
  const json = personJson(done, { before });
  return tellPeople(work, done, [`${shownText(handle)} ${words}${now}`], [json], { people: 1 });
}
