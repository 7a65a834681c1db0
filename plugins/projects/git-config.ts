/** Reads the text of a git configuration (git-config(1), "Syntax"); what it includes is not followed. */

/** One variable in the order of the file; the section and the key in lower case, the subsection as it is. */
export interface Variable {
  readonly section: string;
  readonly subsection: string;
  readonly key: string;
  readonly value: string;
}

const HEADER = /^\s*\[([A-Za-z0-9.-]{1,1000})(?:[ \t]+"((?:[^"\\]|\\.)*)")?[ \t]*\]/;
const KEY = /^\s*([A-Za-z][A-Za-z0-9-]*)[ \t]*(=?)/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['b', '\b'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** The variables up to the first line that git would refuse. */
export function parseGitConfig(text: string): readonly Variable[] {
  const variables: Variable[] = [];
  const lines = text.split(/\r?\n/);
  let [section, subsection] = ['', ''];
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i]!;
    const header = HEADER.exec(line);
    if (header !== null) {
      [section, subsection] = sectionOf(header);
      line = line.slice(header[0].length);
    }
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const key = KEY.exec(line);
    if (key === null || section === '') break;
    // Without '=' it is true.
    let value: string | undefined = 'true';
    if (key[2] === '=') [value, i] = readValue(lines, i, line.slice(key[0].length));
    if (value === undefined) break;
    variables.push({ section, subsection, key: key[1]!.toLowerCase(), value });
  }
  return variables;
}

/** `[remote "origin"]`, and the old `[remote.origin]`, of which the case does not count. */
function sectionOf([, name = '', quoted]: RegExpExecArray): [string, string] {
  const lower = name.toLowerCase();
  if (quoted !== undefined) return [lower, quoted.replace(/\\(.)/g, '$1')];
  const dot = lower.indexOf('.');
  return dot === -1 ? [lower, ''] : [lower.slice(0, dot), lower.slice(dot + 1)];
}

/** A value with its quotes, escapes, comments and further lines, and the line it ends in; undefined where it is none. */
function readValue(
  lines: readonly string[],
  first: number,
  rest: string,
): [value: string | undefined, last: number] {
  let value = '';
  let kept = 0;
  let isQuoted = false;
  let line = first;
  let text = rest;
  for (let at = 0; ; at++) {
    const character = text[at];
    if (character === undefined) return [isQuoted ? undefined : value.slice(0, kept), line];
    if (character === '\\' && at === text.length - 1) {
      kept = value.length;
      text = lines[++line] ?? '';
      at = -1;
    } else if (character === '\\') {
      const escaped = ESCAPES.get(text[++at]!);
      if (escaped === undefined) return [undefined, line];
      value += escaped;
      kept = value.length;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      kept = Math.max(kept, value.length);
    } else if (!isQuoted && (character === '#' || character === ';')) {
      return [value.slice(0, kept), line];
    } else if (isQuoted || !/\s/.test(character)) {
      value += character;
      kept = value.length;
    } else if (value !== '') value += character;
  }
}
