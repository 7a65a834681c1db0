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

  constructor(names: Names<Person>) {
    for (const person of names.all) this.put(person);
  }

  /** `saysAll`: whether a person says already what the card does. */
  of({ uid, name }: Contact, saysAll: (person: Person) => boolean): Holder {
    const own = uid === undefined ? undefined : this.byUid.get(uid);
    if (own !== undefined) return { kind: 'person', person: own };
    const called = [...(this.byName.get(foldName(name)) ?? [])];
    // A card that has a UID is of nobody who has another one.
    const possible =
      uid === undefined
        ? called
        : called.filter((person) => saidIn(person.sidecar.fields, 'uid').length === 0);
    const same = possible.find(saysAll);
    if (uid === undefined && same !== undefined) return { kind: 'person', person: same };
    const free = possible.filter(({ handle }) => !this.taken.has(handle));
    const [first] = free;
    if (first !== undefined && possible.length === 1) return { kind: 'person', person: first };
    const isOpen = uid === undefined && free.length > 1;
    return isOpen ? { kind: 'several', handles: free.map(({ handle }) => handle) } : { kind: 'nobody' };
  }

  add(person: Person): void {
    this.put(person);
    this.took(person);
  }

  took({ handle }: Person): void {
    this.taken.add(handle);
  }

  replace(before: Person, after: Person): void {
    for (const each of [before.name, ...before.also]) this.byName.get(foldName(each))?.delete(before);
    this.add(after);
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
