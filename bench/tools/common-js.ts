/** How a bundled ES module becomes CommonJS that costs nothing to read through and loads what it uses, when it does. */

import { transform } from 'esbuild';

/** Of Node's modules these are there when a program begins; asking for another takes up to 3 ms. */
const LOADED_ANYWAY = /^node:(?:fs|path|path\/posix|buffer|url|module|events|timers)$/;

/** A namespace of a CommonJS module, as Node makes one for an ES module that imports it. */
const NAMESPACE =
  'const __namespace = (it) =>\n' +
  "  it[Symbol.toStringTag] === 'Module' ? it : Object.create(it, { default: { value: it, enumerable: true } });\n";
const MODULE_URL = "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;\n";

/** What every body may use: a getter for each name that it exports. */
export const PRELUDE =
  'const __export = (target, all) => {\n' +
  '  for (const name in all) Object.defineProperty(target, name, { get: all[name], enumerable: true });\n' +
  '};\n';

/**
 * The body of a CommonJS module: uses `module`, `require`, the PRELUDE, `__load` for other chunks of the bundle, and
 * `__import` for what is in none.
 *
 * esbuild reads what another file exports through two getters, one of them shared by all names: 11 ns for each
 * use of an imported function where a direct getter is inlined (0.3 ns). So the module's own getters become its
 * exports, and chunks are loaded as they are.
 */
export async function commonJs(text: string): Promise<string> {
  const { code } = await transform(withRealImports(text), {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__moduleUrl' },
  });
  const direct = withoutHelpers(code)
    .replace(/\b__toESM\d*\(require\("\.\/([^"]+)"\)(?:, 1)?\)/g, '__load("$1")')
    .replace(/\brequire\("\.\/([^"]+)"\)/g, '__load("$1")')
    .replace(/\b__toESM\d*\((require\("[^"]+"\))(?:, 1)?\)/g, '__namespace($1)');
  const lazy = direct.replace(
    /^var (import_\w+) = require\("(node:[\w/]+)"\);$/gm,
    (whole, variable: string, id: string) => (LOADED_ANYWAY.test(id) ? whole : lazily(variable, id, direct)),
  );
  // A package in CommonJS that is loaded lazily: esbuild leaves only its default, Node gives the names as well.
  const body = /^export default require_\w+\(\);$/m.test(text)
    ? `${lazy}module.exports = __namespace(module.exports.default);\n`
    : lazy;
  return (
    (body.includes('__namespace(') ? NAMESPACE : '') + (body.includes('__moduleUrl') ? MODULE_URL : '') + body
  );
}

/**
 * What is imported lazily by an address that only the run knows, or from a package that stays one, is no part of the
 * bundle: it may be an ES module, whose names are others than those of its CommonJS twin.
 */
function withRealImports(text: string): string {
  return text.replace(/\bimport\((?=\w+[).(]|"(?!\.|node:))/g, '__import(');
}

/** Takes away esbuild's own helpers, which it writes into every file, and lets the getters be the exports. */
function withoutHelpers(code: string): string {
  const head =
    /^(?:"use strict";\n)?var __[^]*?\nvar __toCommonJS\d* = .*\nvar (\w+) = \{\};\n(?:__export\d*\(\1, \{([^]*?)\n\}\);\n)?module\.exports = __toCommonJS\d*\(\1\);\n/.exec(
      code,
    );
  if (head === null && !/^var __toCommonJS\d* = /m.test(code)) return code; // exports nothing
  if (head === null) throw new Error(`esbuild wrote what this does not know: ${code.slice(0, 500)}`);
  const exported = head[2] === undefined ? '' : `__export(module.exports, {${head[2]}\n});\n`;
  const body = code.slice(head[0].length);
  const annotation = head[2] === undefined ? -1 : body.lastIndexOf('\n// Annotate the CommonJS export names');
  return exported + (annotation === -1 ? body : body.slice(0, annotation + 1));
}

/** A module of Node's that is required when a name of it is used for the first time. */
function lazily(variable: string, id: string, code: string): string {
  const uses = code.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, 'g'));
  const names = [...new Set([...uses].map((use) => use[1]!))].sort();
  const getters = names.map((name) => `get ${name}() { return (it ??= require("${id}")).${name}; }`);
  return `var ${variable} = ((it) => ({ ${getters.join(', ')} }))();`;
}
