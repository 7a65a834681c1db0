/** The strings of a TOML file that stand on one line: all that the name and description of a project are. */

const HEADER = /^\s*\[([\w.\- "]{1,200})\]\s*(?:#.*)?$/;
const STRING = /^\s*([\w-]{1,200})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:#.*)?$/;

/** Table, '.' and key to value; what is no string or takes several lines is left out. */
export function tomlStrings(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let table = '';
  let open = '';
  for (const line of text.split(/\r?\n/)) {
    if (open !== '') {
      if (line.includes(open)) open = '';
      continue;
    }
    open = opened(line);
    const string = STRING.exec(line);
    if (string !== null) found.set(`${table}.${string[1]}`, valueOf(string));
    else table = HEADER.exec(line)?.[1]?.trim() ?? table;
  }
  return found;
}

/** Which marks of a text of several lines begin in a line and do not end in it. */
function opened(line: string): string {
  for (const mark of ['"""', "'''"]) {
    const pieces = line.split(mark).length;
    if (pieces > 1) return pieces % 2 === 0 ? mark : '';
  }
  return '';
}

function valueOf([, , basic, literal]: RegExpExecArray): string {
  if (basic === undefined) return literal!;
  return basic.replace(/\\(?:u([\da-fA-F]{4})|(.))/g, (_, digits: string | undefined, character: string) =>
    digits === undefined ? ({ n: '\n', t: '\t', r: '\r' }[character] ?? character) : fromDigits(digits),
  );
}

function fromDigits(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}
