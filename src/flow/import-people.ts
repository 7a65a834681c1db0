/** Takes people from vCards: new ones, and what is not written yet of those who are here. */

import { isMap, type Value } from '../model/value.ts';
import type { Problem } from '../model/problem.ts';
import { isConflict, type FieldValue } from '../text/field-conflict.ts';
import { TextError } from '../text/problems.ts';
import { LONGEST_SIDECAR, parseSidecar } from '../text/sidecar.ts';
import { readCard } from '../text/vcard-read.ts';
import type { Contact } from '../text/vcard-fields.ts';
import { cardsIn, type LeftLine } from '../text/vcard.ts';
import { writeFlow } from '../text/yaml-write.ts';
import { freshPerson } from './add-person.ts';
import { CardHolders } from './card-holders.ts';
import { newEntityId } from './entities.ts';
import { foldName } from './people-names.ts';
import * as say from './people-problems.ts';
import { withFields, withPeopleToChange } from './people-work.ts';
import type { PeopleCommit, PeopleOptions, PeopleWork } from './people-work.ts';
import { pathOfPerson, personOf, type Person } from './people.ts';
import type { Repository } from './repository.ts';

export interface CardFile {
  /** As a person named it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ImportPeopleOptions extends PeopleOptions {
  readonly files: readonly CardFile[];
}

export interface ImportedPerson {
  readonly handle: string;
  readonly name: string;
  readonly path: string;
  readonly how: 'added' | 'changed' | 'unchanged';
  /** Fields that were written. */
  readonly fields: readonly string[];
}

export interface ImportedPeople extends PeopleCommit {
  readonly people: readonly ImportedPerson[];
}

/** Bytes of a file of cards: of some ten thousand with pictures. */
export const LONGEST_CARDS = 256 * 1024 * 1024;
const MOST_CARDS = 100_000;
/** Differences shown of one value. */
const SHOWN = 60;

/** What a person wrote is never replaced, and a second import of the same cards changes nothing. */
export async function importPeople(
  repository: Repository,
  options: ImportPeopleOptions,
): Promise<ImportedPeople> {
  return withPeopleToChange(repository, 'people import', options, async (work) => {
    const importing = new Importing(repository, work);
    for (const file of options.files) await importing.take(file);
    const { people, met } = importing.end();
    const count = people.filter(({ how }) => how === 'added').length;
    const changed = people.filter(({ how }) => how === 'changed').length;
    const words = [count > 0 ? `${count} new` : '', changed > 0 ? `${changed} with more` : ''];
    const { commit, problems } = await work.commit(
      `Took people from vCards: ${words.filter((word) => word !== '').join(', ')}`,
    );
    return { commit, people, problems: [...problems, ...met] };
  });
}

class Importing {
  private readonly repository: Repository;
  private readonly work: PeopleWork;
  private readonly holders: CardHolders;
  private readonly met: Problem[] = [];
  private readonly done: ImportedPerson[] = [];
  private count = 0;

  constructor(repository: Repository, work: PeopleWork) {
    this.repository = repository;
    this.work = work;
    this.holders = new CardHolders(work.people.names);
  }

  end(): { readonly people: readonly ImportedPerson[]; readonly met: readonly Problem[] } {
    return { people: this.done, met: this.met };
  }

  async take({ name: file, bytes }: CardFile): Promise<void> {
    if (bytes.length > LONGEST_CARDS) say.fileTooLong(file, LONGEST_CARDS);
    let cards = 0;
    let withPictures = 0;
    for (const card of cardsIn(bytes)) {
      cards++;
      if (++this.count > MOST_CARDS) say.tooManyCards(file, MOST_CARDS);
      if ('wrong' in card) {
        this.met.push(say.cardNotTaken(file, card.line, card.wrong));
        continue;
      }
      const { contact, isGroup, left } = readCard(card);
      const pictures = left.filter(isPicture);
      if (pictures.length > 0) withPictures++;
      for (const each of left)
        if (!isPicture(each)) this.met.push(say.lineLeft(file, each.line, each.name, each.why));
      if (isGroup) this.met.push(say.cardIsGroup(file, card.line));
      else if (contact === undefined) this.met.push(say.cardNotTaken(file, card.line, 'it has no name'));
      else await this.takeContact(contact, file, card.line);
    }
    if (cards === 0) this.met.push(say.noCards(file));
    if (withPictures > 0) this.met.push(say.picturesLeft(file, withPictures));
  }

  private async takeContact(contact: Contact, file: string, line: number): Promise<void> {
    const held = this.holders.of(contact, (person) => saysAll(person, contact));
    if (held.kind === 'several') {
      this.met.push(say.cardOfSeveral(file, line, contact.name, held.handles));
      return;
    }
    try {
      if (held.kind === 'nobody') this.add(contact);
      else await this.fill(held.person, contact);
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      this.met.push(say.cardNotTaken(file, line, error.problem.reason));
    }
  }

  private add(contact: Contact): void {
    const { name, uid, handle: wanted, fields, note } = contact;
    const { work } = this;
    const isOwn = uid !== undefined && OWN_ID.test(uid);
    const id = isOwn ? uid : newEntityId(this.repository.context);
    const told: (readonly [string, Value])[] = [['id', id], ['name', name], ...fields];
    if (uid !== undefined && !isOwn) told.push(['uid', uid]);
    // Before a handle is taken: what no text may hold is found here.
    const text = freshPerson(told, note);
    const sidecar = parseSidecar(text);
    const handle = this.handleOf(name, wanted);
    const path = pathOfPerson(handle);
    work.write(path, text);
    this.holders.add(personOf(path, text, sidecar));
    this.done.push({ handle, name, path, how: 'added', fields: told.map(([key]) => key) });
  }

  private handleOf(name: string, wanted: string | undefined): string {
    const { newHandle, isFree } = this.work;
    return wanted !== undefined && isFree(wanted) ? newHandle(name, wanted) : newHandle(name);
  }

  private async fill(person: Person, contact: Contact): Promise<void> {
    const { handle, path, sidecar, name } = person;
    const told = missing(person, contact);
    // What is written here stays.
    for (const [field, here, there] of differences(person, contact))
      this.met.push(say.cardDiffers(handle, field, shortened(here), shortened(there)));
    if (told.size === 0) {
      this.holders.took(person);
      this.done.push({ handle, name, path, how: 'unchanged', fields: [] });
      return;
    }
    const fields = [...told].filter(([key]) => key !== '');
    let text = await withFields(person, fields);
    if (told.has('')) text = withNote(text, contact.note);
    if (text.length > LONGEST_SIDECAR) throw say.personUneditable(path, 'it would be too long', undefined);
    this.work.write(path, text);
    const after = { ...sidecar, fields: new Map([...sidecar.fields, ...fields]), prose: contact.note };
    this.holders.replace(
      person,
      personOf(path, text, told.has('') ? after : { ...after, prose: sidecar.prose }),
    );
    const keys = fields.map(([key]) => key);
    this.done.push({ handle, name, path, how: 'changed', fields: told.has('') ? [...keys, 'note'] : keys });
  }
}

/** An id as dbk makes them. */
const OWN_ID = /^[0-9a-hjkmnp-tv-z]{16}$/;

function isPicture({ name }: LeftLine): boolean {
  return name === 'PHOTO' || name === 'LOGO' || name === 'SOUND';
}

/** The fields of a card that a person has not, '' for the note. */
function missing(person: Person, { uid, fields, note }: Contact): Map<string, Value> {
  const { sidecar, id, was } = person;
  const found = new Map<string, Value>();
  for (const [key, value] of fields) if (isEmpty(sidecar.fields.get(key))) found.set(key, value);
  const isKnown = uid === undefined || uid === id || was.includes(uid);
  if (!isKnown && isEmpty(sidecar.fields.get('uid'))) found.set('uid', uid);
  if (note.trim() !== '' && sidecar.prose.trim() === '') found.set('', note);
  return found;
}

function saysAll(person: Person, contact: Contact): boolean {
  return missing(person, contact).size === 0 && differences(person, contact).next().done === true;
}

/** What a card says otherwise than it is written: the field, that, and what the card says. */
function* differences(
  person: Person,
  { name, fields, note }: Contact,
): Generator<readonly [field: string, here: string, there: string]> {
  const { sidecar } = person;
  const isKnown = [person.name, ...person.also].some((each) => foldName(each) === foldName(name));
  if (!isKnown) yield ['name', person.name, name];
  for (const [key, value] of fields) {
    const said = sidecar.fields.get(key);
    const others = said === undefined ? [] : unsaid(said, value, key === 'also' ? [person.name] : []);
    if (others.length > 0) yield [key, worded(said!), others.join(', ')];
  }
  const [here, there] = [sidecar.prose.trim(), note.trim()];
  if (there !== '' && here !== '' && !here.includes(there)) yield ['note', here, there];
}

function isEmpty(value: FieldValue | undefined): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The members that are not there; a value that stands alone is the only one. */
function unsaid(here: FieldValue, there: Value, besides: readonly string[]): string[] {
  const known = new Set([...(isConflict(here) ? [] : membersOf(here)), ...besides].map(spelled));
  return membersOf(there).flatMap((member) => (known.has(spelled(member)) ? [] : [worded(member)]));
}

function membersOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}

/** Of a member with details the value; a number is its digits. */
function spelled(value: Value): string {
  const own = isMap(value) ? (value.map.get('value') ?? value) : value;
  return typeof own === 'object' ? writeFlow(own) : String(own);
}

function worded(value: FieldValue): string {
  if (typeof value !== 'object') return String(value);
  if (isConflict(value)) return 'something not agreed on';
  return membersOf(value).map(spelled).join(', ');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const points = Array.from(line);
  return points.length <= SHOWN ? line : `${points.slice(0, SHOWN - 1).join('')}…`;
}

function withNote(text: string, note: string): string {
  return `${text.trimEnd()}\n${note}\n`;
}
