/** Keeps a plugin that is a folder to its folder: what it would import from elsewhere is in no hash. */

import Module, { register } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The folders that have a fence: it lasts as long as the process. */
const fenced = new Set<string>();

/**
 * From now on modules below a folder get nothing from files outside of it, be it imported or required; Node's own
 * modules they do. Code that goes around modules (reads and evaluates) stands in the folder, for the person to see.
 */
export function fence(folder: string): void {
  if (fenced.has(folder)) return;
  if (fenced.size === 0) fenceRequire();
  fenced.add(folder);
  // A text for each folder: one address would be one module.
  const text = `const root = ${JSON.stringify(`${pathToFileURL(folder).href}/`)};\n${HOOK}`;
  register(`data:text/javascript,${encodeURIComponent(text)}`);
}

/** Node runs it in a thread of its own. */
const HOOK = `
const isInside = (url) => url !== undefined && url.startsWith(root);
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (isInside(context.parentURL) && found.url.startsWith('file:') && !isInside(found.url))
    throw new Error("'" + specifier + "' is not in the plugin's own folder");
  return found;
}
`;

type Resolve = (
  this: unknown,
  request: string,
  parent?: { readonly filename?: string },
  ...rest: unknown[]
) => string;

/** The hook above could see what CommonJS requires, but what it throws then ends Node 20 itself. */
function fenceRequire(): void {
  const loader = Module as unknown as { _resolveFilename?: Resolve };
  const resolve = loader._resolveFilename;
  if (resolve === undefined) return;
  loader._resolveFilename = function (request, parent, ...rest) {
    const found = resolve.call(this, request, parent, ...rest);
    const from = parent?.filename;
    if (typeof from !== 'string' || !found.startsWith('/')) return found;
    for (const folder of fenced) {
      if (from.startsWith(`${folder}/`) && !found.startsWith(`${folder}/`))
        throw new Error(`'${request}' is not in the plugin's own folder`);
    }
    return found;
  };
}
