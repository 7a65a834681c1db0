/** Which languages a project is written in, by the names and sizes of its files. */

/** Less of the whole is a script beside it. */
const LEAST_PART = 0.02;
const MOST = 12;

/** What others wrote or a program made. */
const FOREIGN = new Set([
  ...[
    '.git',
    '.hg',
    '.svn',
    '.bare',
    'node_modules',
    'bower_components',
    'vendor',
    'third_party',
    'external',
  ],
  ...['dist', 'build', 'target', 'out', '.venv', 'venv', '__pycache__', '.tox', '.gradle', '.next'],
]);

const LANGUAGES: Readonly<Record<string, string>> = {
  Ada: 'adb ads',
  Assembly: 'asm s',
  C: 'c h',
  'C#': 'cs',
  'C++': 'cc cpp cxx hh hpp hxx',
  Clojure: 'clj cljs cljc',
  CSS: 'css scss sass less',
  Dart: 'dart',
  Elixir: 'ex exs',
  Elm: 'elm',
  Erlang: 'erl hrl',
  'F#': 'fs fsx',
  Fortran: 'f f90 f95',
  Go: 'go',
  Groovy: 'groovy',
  Haskell: 'hs lhs',
  HTML: 'html htm',
  Java: 'java',
  JavaScript: 'js mjs cjs jsx',
  Julia: 'jl',
  Kotlin: 'kt kts',
  Lisp: 'lisp el',
  Lua: 'lua',
  Nix: 'nix',
  'Objective-C': 'm mm',
  OCaml: 'ml mli',
  Pascal: 'pas pp',
  Perl: 'pl pm',
  PHP: 'php',
  Prolog: 'pro',
  Python: 'py pyw',
  R: 'r',
  Ruby: 'rb',
  Rust: 'rs',
  Scala: 'scala',
  Scheme: 'scm rkt',
  Shell: 'sh bash zsh fish',
  SQL: 'sql',
  Svelte: 'svelte',
  Swift: 'swift',
  TeX: 'tex',
  TypeScript: 'ts mts cts tsx',
  VHDL: 'vhd vhdl',
  Vue: 'vue',
  Zig: 'zig',
};

const BY_SUFFIX: ReadonlyMap<string, string> = new Map(
  Object.entries(LANGUAGES).flatMap(([name, suffixes]) =>
    suffixes.split(' ').map((suffix) => [suffix, name]),
  ),
);

/** Those that make up a part of the project, in the order of their names; nothing where there are none. */
export function languagesOf(files: ReadonlyMap<string, number>): { readonly languages?: readonly string[] } {
  const sizes = new Map<string, number>();
  let whole = 0;
  for (const [path, size] of files) {
    const language = languageOf(path);
    if (language === undefined || isForeign(path)) continue;
    sizes.set(language, (sizes.get(language) ?? 0) + size);
    whole += size;
  }
  const large = [...sizes].filter(([, size]) => size > 0 && size >= whole * LEAST_PART);
  const most = large.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST);
  return most.length === 0 ? {} : { languages: most.map(([name]) => name).sort() };
}

function languageOf(path: string): string | undefined {
  const dot = path.lastIndexOf('.');
  // A file called '.r' has no suffix.
  const isSuffix = dot > path.lastIndexOf('/') + 1;
  return isSuffix ? BY_SUFFIX.get(path.slice(dot + 1).toLowerCase()) : undefined;
}

function isForeign(path: string): boolean {
  return path.split('/').some((name) => FOREIGN.has(name));
}
