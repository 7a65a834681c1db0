/** Whose card one is: by its UID, else by its name, and nobody's where that is not certain. */

import type { Contact } from '../text/vcard-fields.ts';
import { foldName, type Names } from './people-names.ts';
import { saidIn, type Person } from './people.ts';

export type Holder =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'several'; readonly handles: readonly string[] };

/** The people there are, with those that an import adds. */
export class CardHolders {
  private readonly byUid = new Map<string, Person>();
  private readonly byName = new Map<string, Set<Person>>();
  /** Those whose card was in this import already. */
  private readonly taken = new Set<string>();
  private readonly added = new Set<string>();

  constructor(names: Names<Person>) {
    for (const person of names.all) this.put(person);
  }

  /** `saysAll`: whether a person says what the card does, and nothing otherwise. */
  of({ uid, name }: Contact, saysAll: (person: Person) => boolean): Holder {
    const own = uid === undefined ? undefined : this.byUid.get(uid);
    if (own !== undefined) return { kind: 'person', person: own };
    const called = [...(this.byName.get(foldName(name)) ?? [])];
    // A card that has a UID is of nobody who has another one.
    const possible =
      uid === undefined
        ? called
        : called.filter((person) => saidIn(person.sidecar.fields, 'uid').length === 0);
    const same = uid === undefined ? possible.find(saysAll) : undefined;
    if (same !== undefined) return { kind: 'person', person: same };
    // Who came with another card of this import is somebody else.
    const before = possible.filter(({ handle }) => !this.added.has(handle));
    const [first] = before;
    if (before.length === 1 && !this.taken.has(first!.handle)) return { kind: 'person', person: first! };
    if (uid !== undefined || before.length < 2) return { kind: 'nobody' };
    return { kind: 'several', handles: before.map(({ handle }) => handle) };
  }

  add(person: Person): void {
    this.added.add(person.handle);
    this.put(person);
    this.took(person);
  }

  took({ handle }: Person): void {
    this.taken.add(handle);
  }

  replace(before: Person, after: Person): void {
    for (const each of [before.name, ...before.also]) this.byName.get(foldName(each))?.delete(before);
    this.put(after);
    this.took(after);
  }

  private put(person: Person): void {
    const { id, was, name, also, sidecar } = person;
    const ids = [...(id === undefined ? [] : [id]), ...was, ...saidIn(sidecar.fields, 'uid')];
    for (const uid of ids) this.byUid.set(uid, person);
    for (const each of new Set([name, ...also].map(foldName))) {
      const known = this.byName.get(each);
      if (known === undefined) this.byName.set(each, new Set([person]));
      else known.add(person);
    }
  }
}
