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
  const isFirst = fenced.size === 0;
  fenced.add(folder);
  if (registerHooks !== undefined) {
    if (isFirst) registerHooks({ resolve: resolveInside });
    return;
  }
  if (isFirst) fenceRequire();
  // A text for each folder: one address would be one module.
  const text = `const root = ${JSON.stringify(`${pathToFileURL(folder).href}/`)};\n${HOOK}`;
  register(`data:text/javascript,${encodeURIComponent(text)}`);
}

interface Found {
  readonly url: string;
}

type ResolveHook = (
  specifier: string,
  context: { readonly parentURL?: string | undefined },
  next: (specifier: string, context: unknown) => Found,
) => Found;

/** What newer versions of Node have in place of `register`: one hook for imports and `require`, in this thread. */
const { registerHooks } = Module as unknown as {
  readonly registerHooks?: (hooks: { readonly resolve: ResolveHook }) => void;
};

const resolveInside: ResolveHook = (specifier, context, next) => {
  const found = next(specifier, context);
  for (const folder of fenced) {
    const root = `${pathToFileURL(folder).href}/`;
    const isFrom = context.parentURL?.startsWith(root) === true;
    if (isFrom && found.url.startsWith('file:') && !found.url.startsWith(root))
      throw new Error(`'${specifier}' is not in the plugin's own folder`);
  }
  return found;
};

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
