/** How code that is no part of dbk gets into this process: nothing else imports what it was not built with. */

import { pathToFileURL } from 'node:url';
import { fence } from './plugin-fence.ts';
import type { PluginContent } from './plugin-content.ts';

/** The default export of a plugin's module; rejects with whatever the module throws. */
export async function importPlugin(content: PluginContent): Promise<unknown> {
  if (content.kind === 'folder') fence(content.path);
  const module = (await import(moduleOf(content).href)) as { readonly default?: unknown };
  return module.default;
}

/**
 * What a plugin's module is imported by.
 *
 * Of one file exactly the bytes that were hashed run, and nothing beside it can be imported: what stands there is in
 * no hash. Of a folder the module is named with its hash, so that a changed one is not taken for the one before.
 */
export function moduleOf({ module, blake3, source }: PluginContent): URL {
  if (source !== undefined)
    return new URL(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`);
  const url = pathToFileURL(module);
  url.searchParams.set('blake3', blake3);
  return url;
}
