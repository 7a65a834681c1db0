/** What can be told from the text of a TypeScript file without a compiler: its imports, and its code without texts. */

export interface Import {
  readonly specifier: string;
  /** `type` is gone after compiling; `dynamic` is loaded when it is reached. */
  readonly kind: 'static' | 'type' | 'dynamic';
}

export interface SourceText {
  /** The file with every comment, string, template text and regular expression blanked out; same line ends. */
  readonly code: string;
  /** The comment that the file begins with, '' where there is none. */
  readonly head: string;
  readonly imports: readonly Import[];
}

interface Literal {
  readonly at: number;
  readonly text: string;
}

export function readSource(text: string): SourceText {
  const { code, strings } = blank(text);
  return { code, head: headOf(text, code), imports: importsOf(code, strings) };
}

/** All before the first code, but for a line for the shell. */
function headOf(text: string, code: string): string {
  const shell = /^#!.*\n/.exec(text)?.[0].length ?? 0;
  const start = code.slice(shell).search(/\S/);
  return text.slice(shell, start === -1 ? undefined : shell + start).trim();
}

/** What may stand before a `/` that begins a regular expression: an operator, an opening bracket, or one of these. */
const BEFORE_EXPRESSION =
  /(?:^|[([{,;:=!&|?+\-*%<>~^}]|=>|\b(?:return|typeof|case|in|of|void|delete|await|yield))$/;

/** One pass over the characters; `depths` are the open braces of each template's `${`. */
function blank(text: string): { code: string; strings: readonly Literal[] } {
  const strings: Literal[] = [];
  const depths: number[] = [];
  let code = '';
  const hide = (length: number): void => {
    code += text.slice(code.length, code.length + length).replaceAll(/[^\n]/g, ' ');
  };
  const hideMatch = (pattern: RegExp): void => {
    pattern.lastIndex = code.length;
    hide(pattern.exec(text)?.[0].length ?? 1);
  };
  const hideTemplate = (pattern: RegExp): void => {
    hideMatch(pattern);
    if (text.endsWith('${', code.length)) depths.push(0);
  };
  if (text.startsWith('#!')) hideMatch(/.*/y);
  while (code.length < text.length) {
    const at = code.length;
    const character = text[at]!;
    if (text.startsWith('//', at)) hideMatch(/.*/y);
    else if (text.startsWith('/*', at)) hideMatch(/\/\*[^]*?(?:\*\/|$)/y);
    else if (character === "'" || character === '"') {
      hideMatch(character === "'" ? /'(?:[^'\\\n]|\\[^])*'?/y : /"(?:[^"\\\n]|\\[^])*"?/y);
      strings.push({ at, text: text.slice(at + 1, code.length - 1) });
    } else if (character === '`') hideTemplate(/`(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{|$)/y);
    else if (character === '}' && depths.at(-1) === 0) {
      depths.pop();
      hideTemplate(/\}(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{|$)/y);
    } else if (character === '/' && BEFORE_EXPRESSION.test(code.trimEnd())) {
      hideMatch(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y);
    } else {
      if (depths.length > 0 && character === '{') depths[depths.length - 1]!++;
      if (depths.length > 0 && character === '}') depths[depths.length - 1]!--;
      code += character;
    }
  }
  return { code, strings };
}

/** In blanked code a string is blanks, so an import is known by what stands right before it and after it. */
function importsOf(code: string, strings: readonly Literal[]): readonly Import[] {
  return strings.flatMap(({ at, text }): Import[] => {
    const before = code.slice(0, at).trimEnd();
    const after = code.slice(at + text.length + 2).trimStart();
    const kind = kindOf(before, after);
    return kind ? [{ specifier: text, kind }] : [];
  });
}

function kindOf(before: string, after: string): Import['kind'] | undefined {
  if (/\btypeof\s+import\s*\($/.test(before)) return 'type';
  if (/(?<!\bawait\s+)\bimport\s*\($/.test(before) && /^\)\s*\.\s*[A-Z]/.test(after)) return 'type';
  if (/(?:\bimport|\brequire)\s*\($/.test(before)) return 'dynamic';
  if (/(?:^|[;}\n])\s*import$/.test(before)) return 'static';
  const clause = /(?:^|[;\n])[ \t]*(?:import|export)\b(\s+type\b)?[^;()=]*\bfrom$/.exec(before);
  return clause ? (clause[1] ? 'type' : 'static') : undefined;
}
