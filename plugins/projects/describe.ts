/** What a project says of itself: its name and what it is for, from the files where projects write that. */

import type { EntityFiles, Report } from '../../src/plugin/api.ts';
import { oneLine } from '../reading/text.ts';
import { readText } from './text.ts';
import { tomlStrings } from './toml-strings.ts';

interface Description {
  readonly name?: string;
  readonly description?: string;
}

type Said = Readonly<Record<keyof Description, unknown>>;
type Tell = (reason: string) => void;

/** Who knows it best comes first; each fills what those before left open. */
const SPEAKERS: ReadonlyMap<string, (text: string, tell: Tell) => Said> = new Map([
  ['package.json', fromJson],
  ['composer.json', fromJson],
  ['Cargo.toml', (text) => fromToml(text, ['package', 'workspace.package'])],
  ['pyproject.toml', (text) => fromToml(text, ['project', 'tool.poetry'])],
  ['go.mod', fromGo],
  ['.git/description', fromGit],
  ['README.md', fromReadme],
  ['readme.md', fromReadme],
  ['README', fromReadme],
]);

/** The files that are read, from the folder of the project. */
export const DESCRIBING: readonly string[] = [...SPEAKERS.keys()];

export async function describe(project: EntityFiles, report: Report): Promise<Description> {
  let [name, description]: (string | undefined)[] = [];
  for (const [path, speak] of SPEAKERS) {
    const text = await readText(project, path);
    if (text === undefined) continue;
    const tell: Tell = (reason) => report({ code: 'projects/unreadable', severity: 'note', reason, path });
    const said = speak(text, tell);
    name ??= oneLine(said.name);
    description ??= oneLine(said.description);
  }
  return { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) };
}

function fromJson(text: string, tell: Tell): Said {
  try {
    const value: unknown = JSON.parse(text);
    // What is no object has no own fields, and null would throw.
    const said = new Map(Object.entries(value ?? {}));
    return { name: said.get('name'), description: said.get('description') };
  } catch {
    // Also nested too deep: for JSON.parse that is the same.
    tell('it is not JSON');
    return { name: undefined, description: undefined };
  }
}

function fromToml(text: string, tables: readonly string[]): Said {
  const strings = tomlStrings(text);
  const first = (key: string): string | undefined =>
    tables.map((table) => strings.get(`${table}.${key}`)).find((value) => value !== undefined);
  return { name: first('name'), description: first('description') };
}

function fromGo(text: string): Said {
  const module = /^module\s+"?([^\s"]{1,500})"?\s*(?:\/\/.*)?$/m.exec(text)?.[1];
  // A final '/v2' is the version, not the name.
  return {
    name: module
      ?.replace(/\/v\d+$/, '')
      .split('/')
      .at(-1),
    description: undefined,
  };
}

function fromGit(text: string): Said {
  return { name: undefined, description: text.startsWith('Unnamed repository') ? undefined : text };
}

/** The first heading, and the first lines below it that are text. */
function fromReadme(text: string): Said {
  const lines = text.slice(0, 20_000).split(/\r?\n/);
  const at = lines.findIndex((line) => /^# \s*\S/.test(line));
  const paragraph: string[] = [];
  for (const line of at === -1 ? [] : lines.slice(at + 1)) {
    const isText = /^[^\s#<>[\]!|=*`-]/.test(line);
    if (isText) paragraph.push(line);
    else if (paragraph.length > 0) break;
  }
  return {
    name: at === -1 ? undefined : lines[at]!.slice(2).replace(/\s#+\s*$/, ''),
    description: paragraph.length === 0 ? undefined : paragraph.join(' '),
  };
}
