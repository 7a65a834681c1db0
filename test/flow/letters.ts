/** A type for tests of what is read of files: texts with a first line that is their title, and a body with an id. */

import { digest } from '../../src/disk/blake3.ts';
import { defineType, type TypePlugin } from '../../src/plugin/api.ts';

/** `title: WORDS`, a line end, and a body. */
export function letter(title: string, body: string): string {
  return `title: ${title}\n${body}`;
}

export interface Letters {
  readonly plugin: TypePlugin;
  /** The paths that were read, in this order. */
  readonly read: string[];
}

/** A reader that says the title of a letter; `before` is called with what it is asked about. */
export function letters(before: (path: string) => unknown = () => undefined, version = 1): Letters {
  const read: string[] = [];
  const plugin = defineType({
    api: 1,
    name: 'letters',
    version,
    top: 'Letters',
    merge: 'files',
    boundaries: [{ at: '{topic}/' }],
    fields: {
      topic: { of: 'entity', type: 'text', merge: 'one', doc: 'What they are about' },
      title: { of: 'file', type: 'text', merge: 'one', doc: 'What it says first' },
      rating: { of: 'file', type: 'integer', merge: 'one', min: 1, max: 5, doc: 'Your rating, 1 to 5' },
    },
    readers: [
      {
        files: ['*.txt'],
        read: async ({ path, bytes }) => {
          read.push(path);
          await before(path);
          const text = new TextDecoder().decode(await bytes.read(0, Math.min(bytes.size, 4096)));
          const title = /^title: (.*)\n/.exec(text)?.[1];
          return title === undefined ? {} : { title };
        },
      },
    ],
    mediaIds: [
      {
        name: 'letter-body',
        level: 'payload',
        files: ['*.txt'],
        compute: async ({ bytes }) => {
          const text = new TextDecoder().decode(await bytes.read(0, bytes.size));
          return text.startsWith('title: ') ? digest(text.slice(text.indexOf('\n') + 1)) : undefined;
        },
      },
    ],
  });
  return { plugin, read };
}
