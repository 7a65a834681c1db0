/** The small plugin that `plugin new` writes, as texts of its files; plugins/README.md shows it. */

/** File name to text. It is a plugin as it stands, and passes the contract suite. */
export function pluginTemplate(name: string): ReadonlyMap<string, string> {
  const top = `${name[0]!.toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
  const fill = (text: string): string => text.replaceAll('NAME', name).replaceAll('TOP', top);
  return new Map([
    ['README.md', fill(README)],
    ['package.json', fill(PACKAGE)],
    ['plugin.js', fill(PLUGIN)],
    ['plugin.test.js', fill(TEST)],
  ]);
}

const PLUGIN = `// @ts-check

/** @type {import('dbk/plugin').TypePlugin} */
export default {
  api: 1,
  name: 'NAME',
  version: 1,
  top: 'TOP',
  merge: 'files',

  // The first that matches wins, from the top folder down; an entity never holds another.
  boundaries: [{ at: '{author}/{title}/' }, { at: '{title}.txt' }],

  // A field is of each file, or of the entity. Names in braces above are filled from the path.
  fields: {
    author: { of: 'entity', type: 'text', merge: 'one', doc: 'Who made it' },
    title: { of: 'entity', type: 'text', merge: 'one', doc: 'What it is called' },
    finished: { of: 'entity', type: 'date', merge: 'max', doc: 'When you were last done with it' },
    rating: { of: 'entity', type: 'integer', merge: 'one', min: 1, max: 5, doc: 'Your rating, 1 to 5' },
    pages: { of: 'file', type: 'integer', merge: 'one', min: 1, doc: 'How many pages it has' },
  },

  // What such files usually are called: 'dbk collect' finds folders by them.
  usual: ['*.txt'],

  readers: [
    {
      files: ['*.txt'],
      // Bytes are hostile: they may be empty, cut off or another format. Answer what is known, throw nothing.
      async read(file, report) {
        // Never the whole file: it may be larger than the memory.
        const bytes = await file.bytes.read(0, 1024 * 1024);
        if (bytes.length < file.bytes.size) {
          report({ code: 'NAME/long', severity: 'note', reason: 'too long to count its pages' });
          return {};
        }
        // A form feed ends a page.
        const pages = new TextDecoder().decode(bytes).split('\\f').length;
        return bytes.length === 0 ? {} : { pages };
      },
    },
  ],
};
`;

const TEST = `import { test } from 'node:test';
import { testPlugin } from 'dbk/plugin-test';

// Samples make it hard: give it a real file of each kind that you read.
const text = new TextEncoder().encode('One page.\\fAnother.\\n');
await testPlugin(test, new URL('./plugin.js', import.meta.url), {
  samples: [new Map([['Emma.txt', text]])],
});
`;

const PACKAGE = `{
  "name": "dbk-type-NAME",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test" }
}
`;

const README = `# NAME

A type plugin for dbk: what a folder called TOP is made of.

- \`plugin.js\` is the plugin: where something begins, which fields there are, and a reader for texts.
- \`dbk plugin test .\` holds it to the contract; \`node --test\` does too, with the samples of \`plugin.test.js\`, where dbk is installed (\`npm install dbk\`).
- \`dbk plugin trust .\` lets dbk use it. Any change of these files, this one too, ends that: trust it again.

Raise \`version\` when a field, a boundary or an answer of the reader changes.
`;
